/* engine/drift.h - what somebody else changes on the router. */
#ifndef ENGINE_DRIFT_H
#define ENGINE_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

struct frr_node;
struct host;
struct parts;
struct router;
struct worker_tools;

/*
 * The configuration of FRR, the tunnels, our routes, our firewall rules and
 * TCP-MD5 keys in the kernel are compared with how they were when we last
 * looked; what differs and is not our own doing is written to the audit log as
 * a row "external" with its difference, once. The last state is kept in the
 * database, so that what happened while we were not there is seen as well.
 */

/* Another one after each change of ours has begun, or ended. */
unsigned drift_mark(struct parts *);
/*
 * Compares FRR's whole configuration and what lies under it, both observed
 * after mark was taken: by the watcher every second, and by the writer before
 * it begins a change. Nothing is done while a change of ours is under way, nor
 * with what was observed before the last one ended.
 */
void drift_check(struct worker_tools *, const struct frr_node *,
    const struct host *, unsigned mark);
/* Around every change of ours: what is next observed is the new truth. */
void drift_pause(struct parts *);
void drift_resume(struct parts *);

/* The newest ones since the last change of ours, newest first. */
void drift_fill_router(struct parts *, struct router *);

/* Before the first thread, after the last. */
void drift_init(struct parts *);
void drift_clear(struct parts *);

#endif
