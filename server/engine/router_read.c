/* engine/router_read.c - the router's own configuration, as it is found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "engine/adopt.h"
#include "engine/host.h"
#include "engine/prefix_list.h"
#include "engine/router_read.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/bogons.h"

enum {
	READ_LINE_MAX = 512
};

static const unsigned families[2] = { 4, 6 };

int
router_read_compare(const struct prefix *a, const struct prefix *b)
{
	int order = addr_compare(&a->addr, &b->addr);

	return order != 0 ? order : (int)a->len - (int)b->len;
}

static int
compare(const void *a, const void *b)
{
	return router_read_compare(&((const struct router_prefix *)a)->prefix,
	    &((const struct router_prefix *)b)->prefix);
}

/* The one there is, or a new one; NULL when there is no room. */
static struct router_prefix *
prefix_of(struct router_config *c, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < c->n_prefixes; i++)
		if (prefix_equal(&c->prefixes[i].prefix, p))
			return &c->prefixes[i];
	if (c->n_prefixes == ROUTER_PREFIXES_MAX)
		return NULL;
	c->prefixes[c->n_prefixes].prefix = *p;
	return &c->prefixes[c->n_prefixes++];
}

static void
read_networks(const struct frr_node *tree, struct router_config *c)
{
	const struct frr_node *bgp = adopt_bgp(tree), *section, *node;
	char word[PREFIX_TEXT_MAX];
	struct router_prefix *to;
	struct prefix p;
	unsigned i;

	for (i = 0; bgp != NULL && i < UPSTREAM_FAMILIES; i++) {
		section = adopt_family(bgp, i);
		node = NULL;
		while (section != NULL &&
		    (node = frr_tree_child_prefix(section, "network", node)) !=
			NULL) {
			if (!frr_tree_word(node->line, 1, word, sizeof(word)) ||
			    prefix_parse(&p, word, false, NULL) == -1)
				continue;
			to = prefix_of(c, &p);
			if (to != NULL)
				to->originate = true;
		}
	}
}

static void
read_my_net(const struct frr_node *tree, struct router_config *c)
{
	struct prefix_list list;
	size_t i, j;

	for (i = 0; i < 2; i++) {
		prefix_list_read(tree, families[i], ROUTER_READ_MY_NET, &list);
		for (j = 0; j < list.n; j++)
			if (list.v[j].rule.permit &&
			    list.v[j].rule.prefix.len > 0)
				(void)prefix_of(c, &list.v[j].rule.prefix);
		prefix_list_clear(&list);
	}
}

const struct frr_node *
router_read_static(const struct frr_node *tree, const struct prefix *p)
{
	const struct frr_node *node = NULL;
	char text[PREFIX_TEXT_MAX], words[READ_LINE_MAX], word[32];
	const char *rest;

	(void)snprintf(words, sizeof(words), "%s route %s",
	    p->addr.family == 4 ? "ip" : "ipv6", prefix_print(p, text));
	while ((node = frr_tree_child_prefix(tree, words, node)) != NULL) {
		rest = frr_tree_rest(node, words);
		if (rest != NULL &&
		    frr_tree_word(rest, 0, word, sizeof(word)) &&
		    (strcmp(word, "blackhole") == 0 ||
			strcmp(word, "Null0") == 0 ||
			strcmp(word, "reject") == 0))
			return node;
	}
	return NULL;
}

static void
read_route(const struct frr_node *tree, const struct host *host,
    struct router_prefix *p)
{
	const struct op_route *route;

	if (router_read_static(tree, &p->prefix) != NULL) {
		p->route = ROUTER_ROUTE_BLACKHOLE;
		return;
	}
	route = host_route(host, OP_RUNNING, &p->prefix);
	if (route == NULL)
		return;
	switch (route->kind) {
	case OP_ROUTE_BLACKHOLE:
	case OP_ROUTE_REJECT:
		p->route = ROUTER_ROUTE_REJECT;
		break;
	case OP_ROUTE_INTERFACE:
		p->route = ROUTER_ROUTE_INTERFACE;
		memcpy(p->interface, route->interface, sizeof(p->interface));
		break;
	default:
		break;
	}
}

/* Does the entry with the lowest sequence deny without a condition? */
static bool
first_denies(const struct frr_node *tree, const char *head)
{
	const struct frr_node *node = NULL, *first = NULL;
	char word[16];
	uint32_t seq, lowest = 0;
	const char *rest;

	while ((node = frr_tree_child_prefix(tree, head, node)) != NULL) {
		rest = frr_tree_rest(node, head);
		if (rest == NULL ||
		    !frr_tree_word(rest, 1, word, sizeof(word)) ||
		    number_parse_u32(&seq, word, 1, 65535, NULL) == -1)
			continue;
		if (first == NULL || seq < lowest) {
			first = node;
			lowest = seq;
		}
	}
	if (first == NULL)
		return false;
	rest = frr_tree_rest(first, head);
	return strncmp(rest, "deny ", 5) == 0 &&
	    frr_tree_child_prefix(first, "match", NULL) == NULL &&
	    frr_tree_child_prefix(first, "on-match", NULL) == NULL &&
	    frr_tree_child_prefix(first, "call", NULL) == NULL;
}

bool
router_read_denies(const struct frr_node *tree, const char *map)
{
	char head[READ_LINE_MAX], permit[READ_LINE_MAX];

	(void)snprintf(head, sizeof(head), "route-map %.300s", map);
	(void)snprintf(permit, sizeof(permit), "route-map %.300s permit", map);
	return frr_tree_child_prefix(tree, permit, NULL) == NULL ||
	    first_denies(tree, head);
}

const struct frr_node *
router_read_kernel_map(const struct frr_node *tree, unsigned family,
    bool *deny_all)
{
	const char *words = family == 4 ? "ip protocol bgp route-map" :
					  "ipv6 protocol bgp route-map";
	const struct frr_node *node = frr_tree_child_prefix(tree, words, NULL);
	const char *name;

	*deny_all = false;
	name = node == NULL ? NULL : frr_tree_rest(node, words);
	if (name == NULL)
		return NULL;
	*deny_all = router_read_denies(tree, name);
	return node;
}

/* The rules of PL-BOGONS in one family against ours, whose order among the
 * denies says nothing. */
static bool
is_builtin(const struct prefix_list *list, unsigned family,
    const struct router_config *c)
{
	struct bogons_rule want[BOGONS_MAX];
	struct prefix own[ROUTER_PREFIXES_MAX];
	size_t i, j, n;

	for (i = 0; i < c->n_prefixes; i++)
		own[i] = c->prefixes[i].prefix;
	n = bogons_builtin(family, own, c->n_prefixes, want);
	if (list->strange || list->n != n ||
	    !prefix_rule_equal(&list->v[n - 1].rule, &want[n - 1].rule))
		return false;
	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++)
			if (prefix_rule_equal(&list->v[i].rule, &want[j].rule))
				break;
		if (j == n)
			return false;
	}
	return true;
}

static bool
has_prefix(const struct router_config *c, unsigned family)
{
	size_t i;

	for (i = 0; i < c->n_prefixes; i++)
		if (c->prefixes[i].prefix.addr.family == family)
			return true;
	return false;
}

/* PL-BOGONS alone, judged by these prefixes. */
static void
read_bogons(const struct frr_node *tree, struct router_config *c)
{
	struct prefix_list list[2]; /* IPv6 is told first */
	bool builtin = true;
	size_t i, j;

	c->bogons = ROUTER_BOGONS_NONE;
	c->n_rules = 0;
	for (i = 0; i < 2; i++) {
		unsigned family = families[1 - i];

		prefix_list_read(tree, family, ROUTER_READ_BOGONS, &list[i]);
		if (list[i].exists ? !is_builtin(&list[i], family, c) :
				     has_prefix(c, family))
			builtin = false;
		if (list[i].exists)
			c->bogons = ROUTER_BOGONS_LIST;
		for (j = 0; j < list[i].n && c->n_rules < ROUTER_RULES_MAX; j++)
			c->rules[c->n_rules++] = list[i].v[j].rule;
		prefix_list_clear(&list[i]);
	}
	if (c->bogons == ROUTER_BOGONS_LIST && builtin) {
		c->bogons = ROUTER_BOGONS_BUILTIN;
		c->n_rules = 0;
	}
}

void
router_read(const struct frr_node *tree, const struct host *host,
    struct router_config *c)
{
	struct adopt_router router;
	bool deny_all;
	size_t i;

	memset(c, 0, sizeof(*c));
	adopt_router(tree, &router);
	c->local_as = router.local_as;
	memcpy(c->router_id, router.router_id, sizeof(c->router_id));
	for (i = 0; i < 2; i++) {
		const struct addr *a = &host->running.router[i];

		if (host->firewall_known && a->family != 0)
			c->address[a->family == 4 ? 0 : 1] = *a;
	}
	read_my_net(tree, c);
	read_networks(tree, c);
	qsort(c->prefixes, c->n_prefixes, sizeof(c->prefixes[0]), compare);
	for (i = 0; i < c->n_prefixes; i++)
		read_route(tree, host, &c->prefixes[i]);
	read_bogons(tree, c);
	for (i = 0; i < 2; i++)
		if (router_read_kernel_map(tree, families[i], &deny_all) !=
			NULL &&
		    deny_all)
			c->announce_only = true;
}
