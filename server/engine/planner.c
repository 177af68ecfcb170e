/* engine/planner.c - from what is and what is to be: steps and plan. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/adopt_view.h"
#include "engine/host_apply.h"
#include "engine/host_diff.h"
#include "engine/host_touch.h"
#include "engine/observe.h"
#include "engine/planner.h"
#include "engine/rearm.h"
#include "engine/target.h"
#include "engine/transition.h"
#include "frr/diff.h"
#include "frr/mask.h"
#include "frr/tree.h"
#include "model/plan.h"

enum {
	NAME_MAX_LEN = 128
};

/* One neighbor before and after. */
struct look {
	const struct frr_steps *steps;
	struct adopt_view *after;
	const struct frr_node *old_bgp;
	const struct frr_node *bgp;
};

/* Does one of the steps touch a line at the top that starts so? */
static bool
touches_list(const struct frr_steps *steps, const char *words, const char *name)
{
	char prefix[NAME_MAX_LEN + 32];
	size_t i, n;

	(void)snprintf(prefix, sizeof(prefix), "%s %s ", words, name);
	n = strlen(prefix);
	for (i = 0; i < steps->n; i++) {
		const struct frr_step *s = &steps->v[i];

		if (s->n_path == 0 &&
		    ((s->old != NULL && strncmp(s->old, prefix, n) == 0) ||
			(s->new != NULL &&strncmp(s->new, prefix, n) == 0)))
			return true;
	}
	return false;
}

/* A line in an entry of this map, or an entry as a whole. */
static bool
touches_map(const struct frr_steps *steps, const char *map)
{
	char name[NAME_MAX_LEN], word[16];
	size_t i;

	for (i = 0; i < steps->n; i++) {
		const struct frr_step *s = &steps->v[i];
		const char *head = s->n_path > 0 ? s->path[0] :
		    s->old != NULL               ? s->old :
						   s->new;

		if (frr_tree_word(head, 0, word, sizeof(word)) &&
		    strcmp(word, "route-map") == 0 &&
		    frr_tree_word(head, 1, name, sizeof(name)) &&
		    strcmp(name, map) == 0)
			return true;
	}
	return false;
}

/* A list that an entry of the map matches. */
static bool
touches_lists_of(const struct frr_steps *steps, const struct frr_node *tree,
    const char *map)
{
	static const char *const matches[] = { "match ip address prefix-list",
		"match ipv6 address prefix-list", "match as-path",
		"match community", "match large-community" };
	static const char *const lists[] = { "ip prefix-list",
		"ipv6 prefix-list", "bgp as-path access-list",
		"bgp community-list standard",
		"bgp large-community-list standard" };
	const struct frr_node *entry = NULL, *line;
	char head[NAME_MAX_LEN + 16], name[NAME_MAX_LEN];
	const char *rest;
	size_t i;

	(void)snprintf(head, sizeof(head), "route-map %s", map);
	while ((entry = frr_tree_child_prefix(tree, head, entry)) != NULL)
		for (i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
			line = frr_tree_child_prefix(entry, matches[i], NULL);
			rest = line == NULL ? NULL :
					      frr_tree_rest(line, matches[i]);
			if (rest != NULL &&
			    frr_tree_word(rest, 0, name, sizeof(name)) &&
			    touches_list(steps, lists[i], name))
				return true;
		}
	return false;
}

/* An attached map that stays attached, and changes what it says. A map that is
 * attached anew takes effect at once by itself. */
static bool
policy_changes(const struct look *l, unsigned family, const char *neighbor,
    const char *direction)
{
	char map[NAME_MAX_LEN], old[NAME_MAX_LEN];

	adopt_route_map(l->old_bgp, family, neighbor, direction, old,
	    sizeof(old));
	adopt_route_map(l->bgp, family, neighbor, direction, map, sizeof(map));
	if (map[0] == '\0' || strcmp(map, old) != 0)
		return false;
	return touches_map(l->steps, map) ||
	    touches_lists_of(l->steps, adopt_view_map(l->after, map), map);
}

static void
clear_neighbor(struct plan *plan, const struct look *l,
    const struct upstream *up, const char *neighbor)
{
	unsigned family;

	for (family = 0; family < UPSTREAM_FAMILIES; family++) {
		struct plan_clear c = { up->neighbor, family, false, false };

		if (!up->family[family])
			continue;
		c.in = policy_changes(l, family, neighbor, "in");
		c.out = policy_changes(l, family, neighbor, "out");
		if (c.in || c.out)
			plan_add_clear(plan, &c);
	}
}

static void
plan_clears(struct plan *plan, const struct observation *o,
    const struct frr_node *after, const struct frr_steps *steps)
{
	struct adopt_view *before = adopt_view_new(observe_raw(o));
	struct look l = { steps, adopt_view_new(after), NULL, NULL };
	char neighbor[ADDR_TEXT_MAX];
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *up = &o->upstreams.v[i];

		(void)addr_print(&up->neighbor, neighbor);
		l.old_bgp = adopt_view_bgp(before, neighbor);
		l.bgp = adopt_view_bgp(l.after, neighbor);
		if (l.bgp != NULL && l.old_bgp != NULL)
			clear_neighbor(plan, &l, up, neighbor);
	}
	adopt_view_free(&before);
	adopt_view_free(&l.after);
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
planner_steps(const struct observation *o, const struct target *target,
    struct transition *t, struct plan *plan, struct err *err)
{
	struct frr_node *raw = target_raw(target);
	int rc = -1;

	memset(t, 0, sizeof(*t));
	t->plan = plan;
	host_copy(&t->before, &o->host);
	host_copy(&t->after, &target->host);
	host_touch_reduce(&t->before, &t->after);
	if (frr_diff(observe_raw(o), raw, &t->steps, err) == -1 ||
	    check_restorable(&t->steps, err) == -1) {
		transition_clear(t);
		goto out;
	}
	if (t->steps.n > 0) {
		plan_clears(plan, o, raw, &t->steps);
		rearm_plan(o, target, plan);
	}
	rc = 0;
out:
	frr_tree_free(&raw);
	return rc;
}

static void
clear_commands(const struct plan *plan, struct buf *b)
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

/* As they are sent, without the passwords. */
static int
print_masked(const struct plan *plan, const struct frr_steps *steps, bool back,
    struct buf *shown, struct err *err)
{
	struct buf text = BUF_SECRET;
	struct rearm_steps s;

	if (rearm_split(plan, steps, back, NULL, &s, err) == -1)
		return -1;
	frr_steps_print(&s.aside, &text);
	frr_steps_print(&s.main, &text);
	frr_steps_print(&s.last, &text);
	frr_mask_text(buf_text(&text), text.len, shown);
	buf_clear(&text);
	rearm_steps_clear(&s);
	return 0;
}

static int
frr_commands(const struct transition *t, struct plan *plan, struct err *err)
{
	struct buf shown = BUF_INIT, undo = BUF_INIT;
	struct frr_steps reverse = { 0 };
	int rc = -1;

	if (t->steps.n == 0)
		return 0;
	if (frr_steps_reverse(&t->steps, &reverse, err) == -1 ||
	    print_masked(plan, &t->steps, false, &shown, err) == -1 ||
	    print_masked(plan, &reverse, true, &undo, err) == -1)
		goto out;
	plan_add_step(plan, "frr", buf_text(&shown), buf_text(&undo));
	buf_reset(&shown);
	clear_commands(plan, &shown);
	if (shown.len > 0)
		plan_add_step(plan, "bgp", buf_text(&shown), "");
	rc = 0;
out:
	buf_clear(&shown);
	buf_clear(&undo);
	frr_steps_clear(&reverse);
	return rc;
}

int
planner_commands(struct supervisor *s, const struct transition *t,
    struct plan *plan, struct err *err)
{
	if (host_apply_explain(s, &t->before, &t->after, HOST_BUILD, plan,
		err) == -1 ||
	    frr_commands(t, plan, err) == -1 ||
	    host_apply_explain(s, &t->before, &t->after, HOST_CLEAN, plan,
		err) == -1 ||
	    host_apply_explain(s, &t->before, &t->after, HOST_BOOT, plan,
		err) == -1)
		return -1;
	if (t->steps.n > 0)
		plan_add_step(plan, "boot", "write memory\n", "");
	return 0;
}
