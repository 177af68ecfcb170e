/* engine/apply.c - do the steps of a plan, see that they hold, or go back. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/apply.h"
#include "engine/fault.h"
#include "engine/parts.h"
#include "engine/worker.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/plan.h"

static int
clear_sessions(struct frr *frr, const struct plan *plan, struct buf *log,
    struct err *err)
{
	size_t i;

	for (i = 0; i < plan->n_clears; i++) {
		const struct plan_clear *c = &plan->clears[i];

		if (c->in &&
		    frr_clear(frr, c->family, &c->neighbor, FRR_CLEAR_SOFT_IN,
			log, err) == -1)
			return -1;
		if (c->out &&
		    frr_clear(frr, c->family, &c->neighbor, FRR_CLEAR_SOFT_OUT,
			log, err) == -1)
			return -1;
	}
	return 0;
}

static int
see(struct worker_tools *tools, const struct frr_steps *steps,
    struct frr_node **observed, struct err *err)
{
	if (frr_observe_config(tools->frr, true, observed, err) == -1) {
		*observed = NULL;
		return -1;
	}
	if (frr_steps_verify(steps, *observed, err) == 0)
		return 0;
	frr_tree_free(observed);
	return -1;
}

int
apply_steps(struct worker_tools *tools, const struct frr_steps *steps,
    const struct frr_node *before, const struct plan *plan, struct buf *log,
    struct frr_node **observed, struct err *err)
{
	*observed = NULL;
	if (frr_apply(tools->frr, steps, before, log, err) == -1 ||
	    fault_point(tools->parts, "after_apply", err) == -1 ||
	    clear_sessions(tools->frr, plan, log, err) == -1 ||
	    fault_point(tools->parts, "before_verify", err) == -1)
		return -1;
	return see(tools, steps, observed, err);
}

int
apply_undo(struct worker_tools *tools, const struct frr_steps *steps,
    const struct plan *plan, struct buf *log, struct frr_node **observed,
    struct err *err)
{
	struct frr_steps back = { 0 }, todo = { 0 };
	struct frr_node *now = NULL, *after = NULL;
	int rc = -1;

	if (frr_steps_reverse(steps, &back, err) == -1 ||
	    frr_observe_config(tools->frr, true, &now, err) == -1 ||
	    frr_steps_remaining(&back, now, &todo, err) == -1)
		goto out;
	if (todo.n > 0 &&
	    (frr_apply(tools->frr, &todo, now, log, err) == -1 ||
		clear_sessions(tools->frr, plan, log, err) == -1))
		goto out;
	if (fault_point(tools->parts, "in_undo", err) == -1 ||
	    see(tools, &back, &after, err) == -1)
		goto out;
	if (observed != NULL) {
		*observed = after;
		after = NULL;
	}
	rc = 0;
out:
	frr_tree_free(&now);
	frr_tree_free(&after);
	frr_steps_clear(&back);
	frr_steps_clear(&todo);
	return rc;
}
