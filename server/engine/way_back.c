/* engine/way_back.c - what of a change may be taken back. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/adopt.h"
#include "engine/parts.h"
#include "engine/supervisor.h"
#include "engine/transition.h"
#include "engine/way_back.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "frr/mask.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "model/plan.h"

static const char mark[] = "frr_saved"; /* the hash of the boot file */

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

/* No file is an empty one. */
static int
read_saved(struct parts *parts, struct buf *file,
    char hash[CRYPTO_HASH_HEX_MAX], struct err *err)
{
	static const struct op_none nothing;

	if (supervisor_ask(parts->supervisor, OP_FRR_SAVED, 0, &nothing, file,
		err) == -1) {
		if (err->code != ERR_NOT_FOUND)
			return -1;
		buf_reset(file);
	}
	(void)crypto_blake2b_hex(hash, buf_text(file), file->len);
	return 0;
}

void
way_back_mark(struct parts *parts, struct plan *plan)
{
	char hash[CRYPTO_HASH_HEX_MAX];
	struct buf file = BUF_SECRET;
	struct err err;

	err_clear(&err);
	if (read_saved(parts, &file, hash, &err) == 0)
		plan_set_extra(plan, mark, hash);
	buf_clear(&file);
}

static int
shows_before(const struct transition *t, const struct buf *file, bool *yes,
    struct err *err)
{
	struct frr_node *saved = frr_tree_parse(buf_text(file), file->len, err);
	struct frr_steps back = { 0 };
	int rc = -1;

	if (saved != NULL && frr_steps_reverse(&t->steps, &back, err) == 0) {
		*yes = frr_steps_verify(&back, saved, NULL) == 0;
		rc = 0;
	}
	frr_steps_clear(&back);
	frr_tree_free(&saved);
	return rc;
}

bool
way_back_is_saved(struct worker_tools *tools, const struct transition *t)
{
	const char *was = plan_extra(t->plan, mark);
	char hash[CRYPTO_HASH_HEX_MAX];
	struct buf file = BUF_SECRET;
	bool before = true;
	struct err err;

	if (t->steps.n == 0 || was[0] == '\0')
		return false;
	err_clear(&err);
	if (read_saved(tools->parts, &file, hash, &err) == -1 ||
	    (strcmp(hash, was) != 0 &&
		shows_before(t, &file, &before, &err) == -1))
		log_warning("FRR's boot file may hold a change that was taken "
			    "back: %s. Say \"write memory\" in vtysh",
		    err.text);
	buf_clear(&file);
	return !before;
}
