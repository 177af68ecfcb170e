/* engine/way_back.c - what of a change may be taken back. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt.h"
#include "engine/transition.h"
#include "engine/way_back.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "frr/mask.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "model/plan.h"

/* The change takes the section away too: undone, it is there again. */
static bool
is_in_removed_section(const struct frr_steps *steps, size_t which)
{
	const struct frr_step *s = &steps->v[which];
	size_t i, j;

	for (i = 0; s->n_path > 0 && i < steps->n; i++) {
		const struct frr_step *head = &steps->v[i];

		if (head->new != NULL || head->old == NULL ||
		    head->n_path != s->n_path - 1 ||
		    strcmp(head->old, s->path[head->n_path]) != 0)
			continue;
		for (j = 0; j < head->n_path; j++)
			if (strcmp(head->path[j], s->path[j]) != 0)
				break;
		if (j == head->n_path)
			return true;
	}
	return false;
}

/* One that is dropped had a line before the change: what it adds fits. */
static void
name_line(const struct frr_step *step, char out[WAY_BACK_LEFT_MAX])
{
	char line[256];

	(void)snprintf(out, WAY_BACK_LEFT_MAX, "\"%.150s\"%s%.100s",
	    frr_mask_line(step->old, line, sizeof(line)),
	    step->n_path == 0 ? "" : " in ",
	    step->n_path == 0 ? "" : step->path[step->n_path - 1]);
}

static void
drop_steps(struct frr_steps *steps, const struct frr_node *now,
    char left[WAY_BACK_LEFT_MAX])
{
	size_t i, kept = 0;

	for (i = 0; i < steps->n; i++) {
		if (frr_steps_fits(&steps->v[i], now) ||
		    is_in_removed_section(steps, i)) {
			struct frr_step step = steps->v[kept];

			steps->v[kept++] = steps->v[i];
			steps->v[i] = step;
		} else if (left[0] == '\0') {
			name_line(&steps->v[i], left);
		}
	}
	frr_steps_truncate(steps, kept);
}

/* What FRR runs after the undo then may be nothing at all. */
static bool
makes_bgp(const struct frr_steps *steps)
{
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *s = &steps->v[i];

		if (s->n_path == 0 && s->old == NULL &&
		    frr_section_starts(s->new, "router bgp"))
			return true;
	}
	return false;
}

int
way_back_open(struct worker_tools *tools, struct transition *t,
    struct plan *plan, char left[WAY_BACK_LEFT_MAX], struct err *err)
{
	struct frr_node *now = NULL;
	size_t i, kept = 0;

	left[0] = '\0';
	if (makes_bgp(&t->steps))
		t->expect_bgp = false;
	if (frr_observe_config(tools->frr, t->expect_bgp, &now, err) == -1)
		return -1;
	drop_steps(&t->steps, now, left);
	/* Clears for neighbors that are gone go too. */
	for (i = 0; i < plan->n_clears; i++)
		if (adopt_has_neighbor(now, &plan->clears[i].neighbor))
			plan->clears[kept++] = plan->clears[i];
	plan->n_clears = kept;
	frr_tree_free(&now);
	return 0;
}
