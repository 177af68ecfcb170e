/* engine/host_forget.h - what vanished by itself is no longer ours. */
#ifndef ENGINE_HOST_FORGET_H
#define ENGINE_HOST_FORGET_H

struct buf;
struct host;
struct worker_tools;

/*
 * Links, routes and keys that a change had made (reduced value), and that are
 * neither there now nor in goal: gone with a boot, say. Strikes them off the
 * parent's list; whoever makes one anew by hand would else find it managed.
 * Cannot fail: a record of what is not there does no harm. log as of
 * host_apply().
 */
void host_forget(struct worker_tools *, const struct host *now,
    const struct host *goal, const struct host *made, struct buf *log);

#endif
