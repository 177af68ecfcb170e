/* engine/host_apply.h - has the parent carry out, or only tell, operations. */
#ifndef ENGINE_HOST_APPLY_H
#define ENGINE_HOST_APPLY_H

struct buf;
struct err;
struct host;
struct host_ops;
struct plan;
struct supervisor;
struct worker_tools;

/*
 * Asks for each in turn; log gets what the parent ran ("command<TAB>answer").
 * The first that fails ends it, with the tool's own words in err.
 */
int host_apply(struct worker_tools *, const struct host_ops *, struct buf *log,
    struct err *);
/*
 * Adds to the plan the steps of one phase (enum host_phase) of the way from
 * before to after, and for each subsystem what would lead back. Nothing is
 * done; the commands are the parent's own.
 */
int host_apply_explain(struct supervisor *, const struct host *before,
    const struct host *after, int phase, struct plan *, struct err *);

#endif
