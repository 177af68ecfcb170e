/* engine/edit_bogons.c - PL-BOGONS as it shall be. */
#include <stdlib.h>

#include "base/err.h"
#include "engine/edit_bogons.h"
#include "engine/edit_prefixes.h"
#include "engine/prefix_list.h"
#include "engine/router_read.h"
#include "engine/target.h"
#include "frr/tree.h"
#include "model/bogons.h"
#include "model/router.h"

static const unsigned families[2] = { 4, 6 };

static int
in_use(const struct frr_node *user, struct err *err)
{
	const struct frr_node *in = user->parent;

	(void)err_set(err, ERR_CONFLICT,
	    "%s is in use (%s%s%.200s): without the list it would refuse "
	    "everything; take the reference away first",
	    ROUTER_READ_BOGONS, in == NULL ? "" : in->line,
	    in == NULL || in->line[0] == '\0' ? "" : ": ", user->line);
	return err_reason(err, "prefix_list_in_use");
}

/* One family; n 0: the list goes. */
static int
set_bogons(struct frr_node *tree, unsigned family,
    const struct prefix_list_wants *w, struct err *err)
{
	const struct frr_node *user;
	struct prefix_list list;
	bool exists;

	prefix_list_read(tree, family, ROUTER_READ_BOGONS, &list);
	exists = list.exists;
	prefix_list_clear(&list);
	if (!exists && w->n == 0)
		return 0;
	user = prefix_list_user(tree, family, ROUTER_READ_BOGONS);
	if (w->n == 0 && user != NULL)
		return in_use(user, err);
	return prefix_list_set(tree, family, ROUTER_READ_BOGONS, w->v, w->n,
	    NULL, err);
}

static int
by_seq(const void *a, const void *b)
{
	const struct bogons_rule *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static bool
is_taken(const struct bogons_rule *rules, size_t n, size_t i)
{
	size_t j;

	for (j = 0; j < n; j++)
		if (j != i && rules[j].seq == rules[i].seq)
			return true;
	return false;
}

/* A rule that is there keeps its place; a new one takes a free one near the
 * place it would have in a list of its own. */
static void
place(struct bogons_rule *rules, size_t n, const struct prefix_list *list)
{
	bool kept[BOGONS_MAX] = { false };
	size_t i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < list->n; j++)
			if (prefix_rule_equal(&rules[i].rule,
				&list->v[j].rule)) {
				rules[i].seq = list->v[j].seq;
				kept[i] = true;
			}
	for (i = 0; i < n; i++)
		while (!kept[i] && is_taken(rules, n, i))
			rules[i].seq++;
}

/* Ours, but denies that are there already keep their order. */
static void
want_builtin(struct prefix_list_wants *w, const struct frr_node *tree,
    unsigned family, const struct router_config *want)
{
	struct bogons_rule rules[BOGONS_MAX];
	struct prefix own[ROUTER_PREFIXES_MAX];
	struct prefix_list list;
	size_t i, n;

	for (i = 0; i < want->n_prefixes; i++)
		own[i] = want->prefixes[i].prefix;
	n = bogons_builtin(family, own, want->n_prefixes, rules);
	prefix_list_read(tree, family, ROUTER_READ_BOGONS, &list);
	place(rules, n, &list);
	prefix_list_clear(&list);
	qsort(rules, n - 1, sizeof(rules[0]), by_seq); /* the permit is last */
	for (i = 0; i < n; i++)
		prefix_list_want(w, &rules[i].rule, rules[i].seq);
}

static bool
list_exists(const struct frr_node *tree, unsigned family)
{
	struct prefix_list list;
	bool exists;

	prefix_list_read(tree, family, ROUTER_READ_BOGONS, &list);
	exists = list.exists;
	prefix_list_clear(&list);
	return exists;
}

/*
 * The builtin list is there for the families that we have prefixes of, and for
 * both where we have none at all yet. One that came with the first prefix of
 * its family goes with the last one, unless somebody refers to it.
 */
static bool
is_builtin_for(const struct frr_node *tree, unsigned family,
    const struct router_config *now, const struct router_config *want)
{
	if (edit_prefixes_has(want, family))
		return true;
	if (!list_exists(tree, family))
		return want->n_prefixes == 0 &&
		    now->bogons != ROUTER_BOGONS_BUILTIN;
	return !edit_prefixes_has(now, family) || want->n_prefixes == 0 ||
	    prefix_list_user(tree, family, ROUTER_READ_BOGONS) != NULL;
}

static void
want_bogons(struct prefix_list_wants *w, const struct frr_node *tree,
    unsigned family, const struct router_config *now,
    const struct router_config *want)
{
	size_t i;

	if (want->bogons == ROUTER_BOGONS_BUILTIN &&
	    is_builtin_for(tree, family, now, want))
		want_builtin(w, tree, family, want);
	if (want->bogons == ROUTER_BOGONS_LIST)
		for (i = 0; i < want->n_rules; i++)
			if (want->rules[i].prefix.addr.family == family)
				prefix_list_want(w, &want->rules[i], 0);
}

int
edit_bogons(struct target *t, const struct router_config *now,
    const struct router_config *want, bool changed, struct err *err)
{
	size_t i;
	int rc = 0;

	/* A list of the operator's own is left to the operator. */
	if (now->bogons == want->bogons &&
	    (want->bogons == ROUTER_BOGONS_NONE ||
		(want->bogons == ROUTER_BOGONS_BUILTIN && !changed)))
		return 0;
	for (i = 0; i < 2 && rc == 0; i++) {
		struct prefix_list_wants w = { NULL, 0 };

		want_bogons(&w, t->tree, families[i], now, want);
		rc = set_bogons(t->tree, families[i], &w, err);
		free(w.v);
	}
	return rc;
}
