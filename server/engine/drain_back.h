/* engine/drain_back.h - the way back into service. */
#ifndef ENGINE_DRAIN_BACK_H
#define ENGINE_DRAIN_BACK_H

#include <stdbool.h>

struct caller;
struct drain;
struct drain_walk;
struct err;
struct operation;
struct worker_tools;

/*
 * No shutdown; then each upstream gets its own maps again as soon as it may:
 * established, with its routes, and after a reboot for long enough. Without a
 * reboot, it comes back at the latest when the time is over: a session that is
 * down has nothing to lose. 1, 0, -1 as for engine/drain_walk.h.
 */
int drain_back_step(struct drain_walk *, struct err *);
/* From wherever it is, by an operation of its own that takes the place of the
 * drain's; automatic: by the gates that hold after a boot. op is the caller's
 * to clear. */
int drain_back_order(struct worker_tools *, struct drain *,
    const struct caller *, bool automatic, struct operation *op, struct err *);
/* From a drain that goes on no more. */
int drain_back_turn(struct drain_walk *, struct err *);
/* The same from outside of a step: the caller cancels it. */
int drain_back_begin(struct worker_tools *, struct drain *, struct operation *,
    const struct caller *, struct err *);
/* The router could not be changed: who wants it back when the time is over gets
 * that; the others see it tried again. */
int drain_back_if_over(struct drain_walk *, struct err *);

#endif
