/* engine/apply.h - do the steps of a plan, see that they hold, or go back. */
#ifndef ENGINE_APPLY_H
#define ENGINE_APPLY_H

struct buf;
struct err;
struct frr_node;
struct frr_steps;
struct plan;
struct upstream;
struct worker_tools;

/*
 * Applies steps planned on before, clears softly what the plan says, and
 * observes again: *observed is the whole configuration then (the caller frees
 * it), and every step was seen in it. On -1 *observed is NULL.
 */
int apply_steps(struct worker_tools *, const struct frr_steps *,
    const struct frr_node *before, const struct plan *, struct buf *log,
    struct frr_node **observed, struct err *);

/*
 * From whatever there is now back to the state before the steps, verified.
 * May be called again and again. *observed (may be NULL) as above.
 */
int apply_undo(struct worker_tools *, const struct frr_steps *,
    const struct plan *, struct buf *log, struct frr_node **observed,
    struct err *);

#endif
