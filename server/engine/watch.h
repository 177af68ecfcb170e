/* engine/watch.h - looks at the router every second and publishes it. */
#ifndef ENGINE_WATCH_H
#define ENGINE_WATCH_H

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
/* Frees what the watcher keeps between ticks, after its thread has ended. */
void watch_clear(void);

#endif
