/* engine/edit.c - from what is asked to the plan that does it. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/edit.h"
#include "engine/observe.h"
#include "engine/route_map.h"
#include "frr/diff.h"
#include "frr/tree.h"
#include "model/plan.h"
#include "model/policy.h"

static void
edit_description(struct frr_node *tree, const struct upstream *up,
    const struct field_value *description)
{
	struct frr_node *bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	struct frr_node *node;
	char neighbor[ADDR_TEXT_MAX], words[128], line[512];

	(void)addr_print(&up->neighbor, neighbor);
	(void)snprintf(words, sizeof(words), "neighbor %s description",
	    neighbor);
	node = frr_tree_child_prefix(bgp, words, NULL);
	if (description->null) {
		if (node != NULL)
			frr_tree_remove(node);
		return;
	}
	(void)snprintf(line, sizeof(line), "%s %s", words, description->text);
	if (node != NULL)
		frr_tree_set_line(node, line);
	else
		(void)frr_tree_add(bgp, line);
}

static int
edit_tree(struct frr_node *tree, const struct upstream *up,
    const struct policy_order *order, struct err *err)
{
	const struct field_value *lp = &order->local_preference;
	const struct field_value *prepend = &order->as_path_prepend;

	if (prepend->present && prepend->number > 0 && up->internal)
		return err_field(err, "/export/as_path_prepend",
		    "%s is internal: prepending is for other AS", up->name.s);
	if (lp->present &&
	    route_map_set_local_preference(tree, up, lp->null,
		(uint32_t)lp->number, order->shared.flag, err) == -1)
		return -1;
	if (prepend->present &&
	    route_map_set_prepend(tree, up,
		prepend->null ? 0 : (unsigned)prepend->number,
		order->shared.flag, err) == -1)
		return -1;
	if (order->description.present)
		edit_description(tree, up, &order->description);
	return 0;
}

/* Does one of the steps change a clause that starts so, in an entry of map? */
static bool
touches(const struct frr_steps *steps, const char *map, const char *words)
{
	size_t i, n = strlen(words);
	char name[128];

	for (i = 0; map[0] != '\0' && i < steps->n; i++) {
		const struct frr_step *s = &steps->v[i];
		const char *line = s->old != NULL ? s->old : s->new;

		if (s->n_path == 1 && strncmp(line, words, n) == 0 &&
		    frr_tree_word(s->path[0], 1, name, sizeof(name)) &&
		    strcmp(name, map) == 0)
			return true;
	}
	return false;
}

/*
 * New policy takes effect at once only when the routes are looked at again;
 * bgpd's own timer would wait 5 s after the last edit. That goes for each
 * neighbor of a shared map.
 */
static void
plan_clears(struct plan *plan, const struct observation *o,
    const struct frr_node *after, const struct frr_steps *steps)
{
	const struct frr_node *bgp = adopt_bgp(after);
	char neighbor[ADDR_TEXT_MAX], in[128], out[128];
	unsigned family;
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *up = &o->upstreams.v[i];

		(void)addr_print(&up->neighbor, neighbor);
		for (family = 0; family < UPSTREAM_FAMILIES; family++) {
			struct plan_clear c = { up->neighbor, family, false,
				false };

			if (!up->family[family])
				continue;
			adopt_route_map(bgp, family, neighbor, "in", in,
			    sizeof(in));
			adopt_route_map(bgp, family, neighbor, "out", out,
			    sizeof(out));
			c.in = touches(steps, in, "set local-preference");
			c.out = touches(steps, out, "set as-path prepend");
			if (c.in || c.out)
				plan_add_clear(plan, &c);
		}
	}
}

static void
plan_clear_commands(const struct plan *plan, struct buf *b)
{
	char neighbor[ADDR_TEXT_MAX];
	size_t i;

	for (i = 0; i < plan->n_clears; i++) {
		const struct plan_clear *c = &plan->clears[i];
		const char *family = family_frr_words(c->family);

		(void)addr_print(&c->neighbor, neighbor);
		if (c->in)
			buf_printf(b, "clear bgp %s %s soft in\n", family,
			    neighbor);
		if (c->out)
			buf_printf(b, "clear bgp %s %s soft out\n", family,
			    neighbor);
	}
}

static int
fill_plan(struct plan *plan, const struct observation *o,
    const struct frr_node *after, const struct frr_steps *steps,
    struct err *err)
{
	struct buf commands = BUF_INIT, undo = BUF_INIT, clears = BUF_INIT;
	struct frr_steps reverse = { 0 };
	size_t i;

	if (frr_steps_reverse(steps, &reverse, err) == -1)
		return -1;
	for (i = 0; i < steps->n; i++) {
		const struct frr_step *s = &steps->v[i];

		plan_add_line(plan, (const char *const *)s->path, s->n_path,
		    s->old, s->new);
	}
	plan_clears(plan, o, after, steps);
	frr_steps_print(steps, &commands);
	frr_steps_print(&reverse, &undo);
	plan_clear_commands(plan, &clears);
	plan_add_step(plan, "frr", buf_text(&commands), buf_text(&undo));
	if (clears.len > 0)
		plan_add_step(plan, "bgp", buf_text(&clears), "");
	plan_add_step(plan, "boot", "write memory\n", "");
	buf_clear(&commands);
	buf_clear(&undo);
	buf_clear(&clears);
	frr_steps_clear(&reverse);
	return 0;
}

/* A change that could not be taken back is not begun: FRR reads "|" as a pipe
 * and has no way to write control characters again. */
static int
check_restorable(const struct frr_steps *steps, struct err *err)
{
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const unsigned char *p = (const unsigned char *)steps->v[i].old;

		for (; p != NULL && *p != '\0'; p++) {
			if (*p >= 0x20 && *p != 0x7f && *p != '|')
				continue;
			(void)err_set(err, ERR_CONFLICT,
			    "the present text holds a character that could "
			    "not be restored if the change failed: change it "
			    "by hand");
			return err_reason(err, "not_restorable");
		}
	}
	return 0;
}

int
edit_policy(const struct observation *o, const struct upstream *up,
    const struct policy_order *order, struct frr_steps *steps,
    struct plan *plan, struct err *err)
{
	struct frr_node *after = frr_tree_copy(o->tree);
	int rc = -1;

	err_clear(err);
	if (edit_tree(after, up, order, err) == -1 ||
	    frr_diff(o->tree, after, steps, err) == -1 ||
	    check_restorable(steps, err) == -1 ||
	    (steps->n > 0 && fill_plan(plan, o, after, steps, err) == -1))
		goto out;
	rc = 0;
out:
	frr_tree_free(&after);
	return rc;
}

int
edit_steps_from_plan(const struct plan *plan, struct frr_steps *steps,
    struct err *err)
{
	size_t i;

	memset(steps, 0, sizeof(*steps));
	for (i = 0; i < plan->n_lines; i++) {
		const struct plan_line *line = &plan->lines[i];

		if (frr_steps_add(steps, (const char *const *)line->path,
			line->n_path, line->old, line->new, err) == -1) {
			frr_steps_clear(steps);
			return -1;
		}
	}
	return 0;
}
