/* engine/edit.h - from what is asked to the plan that does it. */
#ifndef ENGINE_EDIT_H
#define ENGINE_EDIT_H

struct err;
struct frr_node;
struct frr_steps;
struct observation;
struct plan;
struct policy_order;
struct upstream;

/*
 * The steps from the observed configuration to the one the order asks for, and
 * the plan for people and the journal. No steps: nothing would change.
 * ERR_UNPROCESSABLE, ERR_CONFLICT with the reasons of engine/route_map.h.
 */
int edit_policy(const struct observation *, const struct upstream *,
    const struct policy_order *, struct frr_steps *, struct plan *,
    struct err *);
/* The journal's lines as steps again. */
int edit_steps_from_plan(const struct plan *, struct frr_steps *, struct err *);

#endif
