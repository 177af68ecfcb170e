/* engine/rearm.c - a password that goes takes no signing from the others. */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "engine/adopt.h"
#include "engine/observe.h"
#include "engine/rearm.h"
#include "engine/target.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/plan.h"

/* "neighbor A password SECRET" of its own; NULL: none. */
static const struct frr_node *
own_password(const struct frr_node *bgp, const struct addr *neighbor)
{
	char prefix[ADDR_TEXT_MAX + 32], text[ADDR_TEXT_MAX];

	if (bgp == NULL)
		return NULL;
	(void)snprintf(prefix, sizeof(prefix), "neighbor %s password",
	    addr_print(neighbor, text));
	return frr_tree_child_prefix(bgp, prefix, NULL);
}

/* One direction: from what is to what is to be. */
struct way {
	const struct upstream_list *from;
	const struct upstream_list *to;
	const struct upstream_list *live; /* those that know of sessions */
	const struct frr_node *from_bgp;
	const struct frr_node *to_bgp;
};

/* Does a password of this family go? */
static bool
loses(const struct way *w, uint8_t family)
{
	const struct upstream *then;
	size_t i;

	for (i = 0; i < w->from->n; i++) {
		const struct upstream *up = &w->from->v[i];

		if (!up->tcp_md5 || up->neighbor.family != family)
			continue;
		then = adopt_find_neighbor(w->to, &up->neighbor);
		if (then == NULL || !then->tcp_md5)
			return true;
	}
	return false;
}

/* Is nobody hurt when it is set again? */
static bool
is_free(const struct way *w, const struct upstream *up,
    const struct frr_node *line)
{
	const struct upstream *live =
	    adopt_find_neighbor(w->live, &up->neighbor);

	return live == NULL || !live->session.established ||
	    w->from_bgp == NULL ||
	    frr_tree_child(w->from_bgp, line->line) == NULL;
}

static void
plan_way(const struct way *w, uint8_t family, bool back, struct plan *plan)
{
	const struct frr_node *line, *found = NULL;
	size_t i;

	if (w->to_bgp == NULL || !loses(w, family))
		return;
	for (i = 0; i < w->to->n; i++) {
		const struct upstream *up = &w->to->v[i];

		line = own_password(w->to_bgp, &up->neighbor);
		if (line == NULL || up->neighbor.family != family)
			continue;
		if (found == NULL || is_free(w, up, line))
			found = line;
		if (is_free(w, up, line))
			break;
	}
	if (found != NULL)
		plan_add_rearm(plan, w->to_bgp->line, found->line, back);
}

void
rearm_plan(const struct observation *o, const struct target *target,
    struct plan *plan)
{
	struct friendly_list no_names = { 0 };
	struct upstream_list after = { 0 };
	struct way go = { &o->upstreams, &after, &o->upstreams,
		adopt_bgp(o->tree), adopt_bgp(target->tree) };
	struct way back = { &after, &o->upstreams, &o->upstreams, go.to_bgp,
		go.from_bgp };
	uint8_t family;

	if (!o->host.kernel_keys)
		return;
	adopt_upstreams(target->tree, &no_names, &after);
	for (family = 4; family <= 6; family += 2) {
		plan_way(&go, family, false, plan);
		plan_way(&back, family, true, plan);
	}
	adopt_clear(&after);
}

static bool
is_of(const struct plan_rearm *r, const struct addr *neighbor)
{
	char word[ADDR_TEXT_MAX];
	struct addr addr;

	return frr_tree_word(r->line, 1, word, sizeof(word)) &&
	    addr_parse(&addr, word, NULL) == 0 && addr_equal(&addr, neighbor);
}

bool
rearm_resets(const struct plan *plan, const struct addr *neighbor)
{
	size_t i;

	for (i = 0; i < plan->n_rearms; i++)
		if (!plan->rearms[i].back && is_of(&plan->rearms[i], neighbor))
			return true;
	return false;
}

/* Is it a step to this very line? */
static bool
sets(const struct frr_step *s, const struct plan_rearm *r)
{
	return s->n_path == 1 &&
	    s->new != NULL &&strcmp(s->path[0], r->section) == 0 &&
	    strcmp(s->new, r->line) == 0;
}

/* The plan's lines are the change's steps; back: what it had set is to go. */
static bool
is_set_by_change(const struct plan *plan, const struct plan_rearm *r)
{
	size_t i;

	for (i = 0; i < plan->n_lines; i++) {
		const struct plan_line *l = &plan->lines[i];

		if (l->new != NULL && l->n_path == 1 &&
		    strcmp(l->path[0], r->section) == 0 &&
		    strcmp(l->new, r->line) == 0)
			return true;
	}
	return false;
}

/* Nobody has taken the neighbor away or given it another password. */
static bool
may_be_set(const struct frr_node *now, const struct plan_rearm *r)
{
	const struct frr_node *bgp = frr_tree_child(now, r->section);
	char word[ADDR_TEXT_MAX];
	struct addr neighbor;

	return bgp != NULL && frr_tree_word(r->line, 1, word, sizeof(word)) &&
	    addr_parse(&neighbor, word, NULL) == 0 &&
	    adopt_has_neighbor(now, &neighbor) &&
	    own_password(bgp, &neighbor) == NULL;
}

static bool
is_there(const struct frr_node *now, const struct plan_rearm *r)
{
	const struct frr_node *bgp = frr_tree_child(now, r->section);

	return bgp != NULL && frr_tree_child(bgp, r->line) != NULL;
}

static int
add_one(struct frr_steps *steps, const struct plan_rearm *r, const char *old,
    const char *new, struct err *err)
{
	const char *section = r->section;

	return frr_steps_add(steps, &section, 1, old, new, err);
}

/* What one rearm asks beside the steps, of which held is one or NULL. */
static int
split_one(const struct plan *plan, const struct plan_rearm *r, bool any,
    bool back, const struct frr_step *held, const struct frr_node *now,
    struct rearm_steps *out, struct err *err)
{
	bool there = now == NULL ? held == NULL : is_there(now, r);

	if (held != NULL)
		return add_one(&out->last, r, held->old, held->new, err);
	if (r->back == back && any && there)
		return add_one(&out->aside, r, r->line, NULL, err) == -1 ||
			add_one(&out->last, r, NULL, r->line, err) == -1 ?
		    -1 :
		    0;
	/* Interrupted while it was away. */
	if (back && !there && !is_set_by_change(plan, r) && may_be_set(now, r))
		return add_one(&out->last, r, NULL, r->line, err);
	return 0;
}

static const struct plan_rearm *
find_held(const struct plan *plan, const struct frr_step *s, bool back)
{
	size_t i;

	for (i = 0; i < plan->n_rearms; i++)
		if (plan->rearms[i].back == back && sets(s, &plan->rearms[i]))
			return &plan->rearms[i];
	return NULL;
}

int
rearm_split(const struct plan *plan, const struct frr_steps *todo, bool back,
    const struct frr_node *now, struct rearm_steps *out, struct err *err)
{
	const struct frr_step *held;
	size_t i, j;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < todo->n; i++) {
		const struct frr_step *s = &todo->v[i];

		if (find_held(plan, s, back) == NULL &&
		    frr_steps_add(&out->main, (const char *const *)s->path,
			s->n_path, s->old, s->new, err) == -1)
			goto fail;
	}
	for (i = 0; i < plan->n_rearms; i++) {
		const struct plan_rearm *r = &plan->rearms[i];

		held = NULL;
		for (j = 0; j < todo->n && r->back == back; j++)
			if (sets(&todo->v[j], r))
				held = &todo->v[j];
		if (split_one(plan, r, todo->n > 0, back, held, now, out,
			err) == -1)
			goto fail;
	}
	return 0;
fail:
	rearm_steps_clear(out);
	return -1;
}

void
rearm_steps_clear(struct rearm_steps *s)
{
	frr_steps_clear(&s->aside);
	frr_steps_clear(&s->main);
	frr_steps_clear(&s->last);
}

int
rearm_apply(struct worker_tools *tools, const struct plan *plan,
    const struct frr_steps *todo, bool back, const struct frr_node *now,
    struct buf *log, struct err *err)
{
	struct rearm_steps s;
	const struct frr_steps *const parts[] = { &s.aside, &s.main, &s.last };
	size_t i;
	int rc = 0;

	if (rearm_split(plan, todo, back, now, &s, err) == -1)
		return -1;
	for (i = 0; rc == 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i]->n > 0)
			rc = frr_apply(tools->frr, parts[i], now, log, err);
	rearm_steps_clear(&s);
	return rc;
}

int
rearm_verify(const struct plan *plan, bool back,
    const struct frr_node *observed, struct err *err)
{
	struct frr_steps steps = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < plan->n_rearms; i++) {
		const struct plan_rearm *r = &plan->rearms[i];

		/* Gone or changed by hand: not for us to say. */
		if (is_there(observed, r) || !may_be_set(observed, r) ||
		    (back ? is_set_by_change(plan, r) : r->back))
			continue;
		rc = add_one(&steps, r, NULL, r->line, err);
	}
	if (rc == 0)
		rc = frr_steps_verify(&steps, observed, err);
	frr_steps_clear(&steps);
	return rc;
}
