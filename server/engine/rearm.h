/* engine/rearm.h - a password that goes takes no signing from the others. */
#ifndef ENGINE_REARM_H
#define ENGINE_REARM_H

#include <stdbool.h>

#include "frr/diff.h"

struct addr;
struct buf;
struct err;
struct frr_node;
struct observation;
struct plan;
struct target;
struct worker_tools;

/*
 * Where the kernel keeps the keys, FRR only switches signing on, on the socket
 * of a session and on the one that it listens on, which all neighbors of an
 * address family share; and any password that goes switches it off there. So
 * the last that such a change does is to set another neighbor's password: that
 * one is taken away before, since the same password again does nothing in FRR,
 * which resets its session. One that is not established is preferred, or one
 * whose password the change sets anyway.
 *
 * While that line is not there the switch may be off: whoever finds it so after
 * a crash knows that it has to be set.
 */

/* The plan's rearms, for the change and for its undo (back). */
void rearm_plan(const struct observation *, const struct target *,
    struct plan *);
/* Does the change set this neighbor's password again? */
bool rearm_resets(const struct plan *, const struct addr *neighbor);

/* The steps of the change (or, back, of its undo) in the order in which they
 * have to be made; all are to be cleared. */
struct rearm_steps {
	struct frr_steps aside;
	struct frr_steps main;
	struct frr_steps last;
};
/*
 * todo: what is still to be done of the change's steps, or of their reverse.
 * now: what FRR runs; NULL: as it was when the change was planned. Lines of
 * neighbors that are gone meanwhile are not looked after.
 */
int rearm_split(const struct plan *, const struct frr_steps *todo, bool back,
    const struct frr_node *now, struct rearm_steps *, struct err *);
void rearm_steps_clear(struct rearm_steps *);

/* frr_apply() of all that, in order. */
int rearm_apply(struct worker_tools *, const struct plan *,
    const struct frr_steps *todo, bool back, const struct frr_node *now,
    struct buf *log, struct err *);
/* Is every password there that was set again? ERR_NOT_APPLIED. */
int rearm_verify(const struct plan *, bool back,
    const struct frr_node *observed, struct err *);

#endif
