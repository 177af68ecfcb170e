/* engine/drain_walk.h - one look at a drain under way, and what follows. */
#ifndef ENGINE_DRAIN_WALK_H
#define ENGINE_DRAIN_WALK_H

#include "engine/observe.h"
#include "model/drain_progress.h"
#include "model/drain_state.h"

struct err;
struct operation;
struct worker_tools;

/* All that a step works with. */
struct drain_walk {
	struct worker_tools *tools;
	struct operation *op;
	struct drain d;
	struct drain_state state;
	struct drain_facts before;
	struct drain_facts now;
	struct observation o;
	struct drain_progress progress;
};

/* Every one of these: 1 when the next step can be taken at once, 0 when it is
 * to wait for the next second, -1. */

/* Fills all of it. 0: its upstream is gone, and the drain has ended, or waits
 * until that removal is confirmed. */
int drain_walk_look(struct drain_walk *, struct err *);
void drain_walk_clear(struct drain_walk *);

/*
 * Makes what is missing of what all reasons want, as a change of this kind.
 * 0: nothing was missing; 1: made, so look again at once; 2: not now, later.
 */
int drain_walk_settle(struct drain_walk *, const char *kind, struct err *);
/* One sample; after enough of them, or when the time is over, on. */
int drain_walk_prove(struct drain_walk *, struct err *);
/* Drained: the operation ends. */
int drain_walk_end(struct drain_walk *, struct err *);

/* The text of the progress. */
void drain_walk_say(struct drain_walk *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Stores row, phase and progress: 1. */
int drain_walk_go_on(struct drain_walk *, struct err *);

#endif
