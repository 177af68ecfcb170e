/* engine/watch.h - looks at the router every second and publishes it. */
#ifndef ENGINE_WATCH_H
#define ENGINE_WATCH_H

struct err;
struct parts;
struct worker_tools;

/*
 * The watcher's tick (a worker_fn): observes, renders, publishes. When FRR does
 * not answer, what was seen last is published again with its age and a
 * warning; reads go on. When a change of a former life is pending and FRR
 * answers again, the writer is asked to finish it.
 */
void watch_tick(struct worker_tools *, void *unused);
/* Observe and publish at once (a worker_fn): after a change, so that the next
 * read shows it. */
void watch_now(struct worker_tools *, void *unused);
/*
 * FRR answers, and not only since a moment ago: a daemon that has just been
 * started answers before its configuration is loaded, and a part of one must
 * not be taken for the whole. ERR_UNAVAILABLE, reason "frr_just_started".
 */
int watch_is_settled(const struct parts *, struct err *);
/* Frees what the watcher keeps between ticks, after its thread has ended. */
void watch_clear(void);

#endif
