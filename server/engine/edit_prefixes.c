/* engine/edit_prefixes.c - the router's prefixes: lists, networks, routes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "engine/adopt.h"
#include "engine/edit_prefixes.h"
#include "engine/prefix_list.h"
#include "engine/router_read.h"
#include "engine/target.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/router.h"

static const unsigned families[2] = { 4, 6 };

bool
edit_prefixes_has(const struct router_config *c, unsigned family)
{
	size_t i;

	for (i = 0; i < c->n_prefixes; i++)
		if (c->prefixes[i].prefix.addr.family == family)
			return true;
	return false;
}

/* --- PL-MY-NET --------------------------------------------------------------
 */

static bool
denies_all(const struct prefix_rule *rule)
{
	return !rule->permit && rule->prefix.len == 0 && rule->le != 0;
}

static bool
permits(const struct prefix_list *list, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].rule.permit &&
		    prefix_equal(&list->v[i].rule.prefix, p))
			return true;
	return false;
}

static void
want_new(struct prefix_list_wants *w, const struct prefix_list *list,
    unsigned family, const struct router_config *want)
{
	struct prefix_rule rule = { .permit = true };
	size_t i;

	for (i = 0; i < want->n_prefixes; i++) {
		rule.prefix = want->prefixes[i].prefix;
		if (rule.prefix.addr.family == family &&
		    !permits(list, &rule.prefix))
			prefix_list_want(w, &rule, 0);
	}
}

/* The list's rules afterwards: what stays in its place, the new ones behind it
 * but before what refuses all the rest. */
static void
want_my_net(struct prefix_list_wants *w, const struct prefix_list *list,
    unsigned family, const struct router_config *now,
    const struct router_config *want)
{
	bool any = edit_prefixes_has(want, family), added = false;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct prefix_rule *rule = &list->v[i].rule;

		if (rule->permit &&
		    router_find_prefix(now, &rule->prefix) != NULL &&
		    router_find_prefix(want, &rule->prefix) == NULL)
			continue;
		if (denies_all(rule) && any && i == 0)
			continue; /* stood in for an empty list */
		if (denies_all(rule) && !added) {
			want_new(w, list, family, want);
			added = true;
		}
		prefix_list_want(w, rule, 0);
	}
	if (!added)
		want_new(w, list, family, want);
}

static bool
permits_some(const struct prefix_list_wants *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->v[i].rule.permit)
			return true;
	return false;
}

static int
set_my_net(struct frr_node *tree, unsigned family,
    const struct router_config *now, const struct router_config *want,
    struct err *err)
{
	struct prefix_rule nothing = { .prefix = { .len = 0 } };
	struct prefix_list list;
	struct prefix_list_wants w = { NULL, 0 };
	int rc = 0;

	prefix_list_read(tree, family, ROUTER_READ_MY_NET, &list);
	want_my_net(&w, &list, family, now, want);
	if (!permits_some(&w)) {
		w.n = 0;
		/* An empty list that is there permits everything. */
		nothing.prefix.addr.family = (uint8_t)family;
		nothing.le = family == 4 ? 32 : 128;
		if (list.exists &&
		    (list.described ||
			prefix_list_user(tree, family, ROUTER_READ_MY_NET) !=
			    NULL))
			prefix_list_want(&w, &nothing, 5);
	}
	if (list.exists || w.n > 0)
		rc = prefix_list_set(tree, family, ROUTER_READ_MY_NET, w.v, w.n,
		    NULL, err);
	prefix_list_clear(&list);
	free(w.v);
	return rc;
}

static bool
differs(const struct router_config *a, const struct router_config *b,
    unsigned family)
{
	size_t i;

	for (i = 0; i < a->n_prefixes; i++)
		if (a->prefixes[i].prefix.addr.family == family &&
		    router_find_prefix(b, &a->prefixes[i].prefix) == NULL)
			return true;
	return false;
}

/* --- network statements -----------------------------------------------------
 */

static struct frr_node *
section_of(struct frr_node *tree, const struct prefix *p)
{
	struct frr_node *bgp =
	    (struct frr_node *)(uintptr_t)adopt_bgp(tree); /* ours to edit */
	char line[64];

	(void)snprintf(line, sizeof(line), "address-family %s",
	    family_frr_words(family_of(&p->addr)));
	return frr_tree_add(bgp, line);
}

static void
set_network(struct frr_node *tree, const struct prefix *p, bool originate)
{
	struct frr_node *section = section_of(tree, p), *node = NULL, *next;
	char text[PREFIX_TEXT_MAX], line[PREFIX_TEXT_MAX + 16];
	struct prefix q;

	if (originate) {
		(void)snprintf(line, sizeof(line), "network %s",
		    prefix_print(p, text));
		(void)frr_tree_add(section, line);
		return;
	}
	node = frr_tree_child_prefix(section, "network", NULL);
	while (node != NULL) {
		next = frr_tree_child_prefix(section, "network", node);
		if (frr_tree_word(node->line, 1, text, sizeof(text)) &&
		    prefix_parse(&q, text, false, NULL) == 0 &&
		    prefix_equal(&q, p))
			frr_tree_remove(node);
		node = next;
	}
}

/* --- routes -----------------------------------------------------------------
 */

static bool
is_of_host(enum router_route route)
{
	return route == ROUTER_ROUTE_REJECT || route == ROUTER_ROUTE_INTERFACE;
}

static int
not_ours(const struct prefix *p, struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	(void)err_set(err, ERR_CONFLICT,
	    "the system's route to %s was made by hand; say \"adopt\": true to "
	    "let multihomed manage it",
	    prefix_print(p, text));
	return err_reason(err, "route_not_ours");
}

/* What is there in the way of the new route, or no longer wanted. */
static int
drop_route(struct target *t, const struct prefix *p, enum router_route now,
    enum router_route want, bool adopt, struct err *err)
{
	struct op_route *route = host_route(&t->host, OP_RUNNING, p);
	const struct frr_node *node;

	if (want != ROUTER_ROUTE_BLACKHOLE)
		while ((node = router_read_static(t->tree, p)) != NULL)
			frr_tree_remove((struct frr_node *)(uintptr_t)node);
	if (route == NULL) /* not in effect, but maybe in the boot files */
		route = host_route(&t->host, OP_BOOT, p);
	if (route == NULL)
		return 0;
	if (!route->owned && !adopt && (is_of_host(now) || is_of_host(want)))
		return not_ours(p, err);
	if (!is_of_host(want) && (route->owned || is_of_host(now)))
		host_remove_route(&t->host, p);
	return 0;
}

static int
set_route(struct target *t, const struct router_prefix *now,
    const struct router_prefix *want, bool adopt, struct err *err)
{
	const struct prefix *p = want != NULL ? &want->prefix : &now->prefix;
	enum router_route from = now != NULL ? now->route : ROUTER_ROUTE_NONE;
	enum router_route to = want != NULL ? want->route : ROUTER_ROUTE_NONE;
	char text[PREFIX_TEXT_MAX], line[PREFIX_TEXT_MAX + 32];
	struct op_route route = { .prefix = *p };

	if (from == to &&
	    (to != ROUTER_ROUTE_INTERFACE ||
		strcmp(now->interface, want->interface) == 0))
		return 0;
	if (drop_route(t, p, from, to, adopt, err) == -1)
		return -1;
	if (to == ROUTER_ROUTE_BLACKHOLE) {
		(void)snprintf(line, sizeof(line), "%s route %s blackhole",
		    p->addr.family == 4 ? "ip" : "ipv6", prefix_print(p, text));
		(void)frr_tree_add(t->tree, line);
	} else if (is_of_host(to)) {
		route.kind = to == ROUTER_ROUTE_REJECT ? OP_ROUTE_REJECT :
							 OP_ROUTE_INTERFACE;
		memcpy(route.interface, want->interface,
		    sizeof(route.interface));
		host_set_route(&t->host, &route);
	}
	return 0;
}

int
edit_prefixes(struct target *t, const struct router_config *now,
    const struct router_config *want, bool adopt, struct err *err)
{
	size_t i;

	for (i = 0; i < want->n_prefixes; i++) {
		const struct router_prefix *p = &want->prefixes[i];
		const struct router_prefix *was =
		    router_find_prefix(now, &p->prefix);

		if (p->originate != (was != NULL && was->originate))
			set_network(t->tree, &p->prefix, p->originate);
		if (set_route(t, was, p, adopt, err) == -1)
			return -1;
	}
	for (i = 0; i < now->n_prefixes; i++) {
		const struct router_prefix *p = &now->prefixes[i];

		if (router_find_prefix(want, &p->prefix) != NULL)
			continue;
		if (p->originate)
			set_network(t->tree, &p->prefix, false);
		if (set_route(t, p, NULL, adopt, err) == -1)
			return -1;
	}
	for (i = 0; i < 2; i++)
		if ((differs(now, want, families[i]) ||
			differs(want, now, families[i])) &&
		    set_my_net(t->tree, families[i], now, want, err) == -1)
			return -1;
	return 0;
}
