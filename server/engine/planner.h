/* engine/planner.h - from what is and what is to be: steps, plan, resets. */
#ifndef ENGINE_PLANNER_H
#define ENGINE_PLANNER_H

#include <stddef.h>

#include "base/addr.h"

struct err;
struct observation;
struct plan;
struct supervisor;
struct target;
struct transition;

/*
 * Fills the transition (steps, reduced host values) from the difference and the
 * plan with soft clears for every neighbor whose present policy changes in
 * content: new policy takes effect at once only when routes are looked at
 * again; bgpd's own timer would wait 5 s after the last edit. ERR_CONFLICT
 * "not_restorable" when a line that goes could not be written again.
 */
int planner_steps(const struct observation *, const struct target *,
    struct transition *, struct plan *, struct err *);
/*
 * What people see: the commands of each subsystem in the order in which they
 * would be run, and those that lead back. Asks the parent what it would run.
 */
int planner_commands(struct supervisor *, const struct transition *,
    struct plan *, struct err *);

/*
 * The neighbors whose established session the change resets: those that go or
 * whose AS, source, hop limit, password or families change, that get it again
 * (engine/rearm.h), and those over a tunnel that is made anew, re-addressed,
 * taken down or destroyed. *list is the
 * caller's (free it).
 */
void planner_resets(const struct observation *, const struct target *,
    const struct transition *, struct addr **list, size_t *n);

#endif
