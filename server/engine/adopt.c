/* engine/adopt.c - upstreams as the running configuration has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "engine/adopt.h"
#include "engine/adopt_view.h"
#include "engine/naming.h"
#include "engine/route_map.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "store/friendly.h"

enum {
	LINE_MAX_LEN = 512
};

void
adopt_clear(struct upstream_list *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}

const struct frr_node *
adopt_bgp(const struct frr_node *tree)
{
	const struct frr_node *node = NULL;
	char word[16];

	while ((node = frr_tree_child_prefix(tree, "router bgp", node)) != NULL)
		if (!frr_tree_word(node->line, 3, word, sizeof(word)) ||
		    strcmp(word, "as-notation") == 0)
			return node; /* "router bgp AS", no vrf or view */
	return NULL;
}

const struct frr_node *
adopt_family(const struct frr_node *bgp, unsigned family)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "address-family %s",
	    family_frr_words(family));
	return frr_tree_child(bgp, line);
}

/* The rest of "neighbor WHO WORDS" in a section, "" for a bare flag. */
static const char *
own_value(const struct frr_node *section, const char *who, const char *words)
{
	const struct frr_node *node;
	char prefix[LINE_MAX_LEN];
	const char *rest;

	(void)snprintf(prefix, sizeof(prefix), "neighbor %s %s", who, words);
	node = frr_tree_child_prefix(section, prefix, NULL);
	if (node == NULL)
		return NULL;
	rest = frr_tree_rest(node, prefix);
	return rest == NULL ? "" : rest;
}

const char *
adopt_value(const struct frr_node *bgp, const struct frr_node *section,
    const char *neighbor, const char *words, bool *via_group)
{
	const char *group, *value;

	if (via_group != NULL)
		*via_group = false;
	value = own_value(section, neighbor, words);
	if (value != NULL)
		return value;
	group = own_value(bgp, neighbor, "peer-group");
	if (group == NULL || group[0] == '\0')
		return NULL;
	value = own_value(section, group, words);
	if (value != NULL && via_group != NULL)
		*via_group = true;
	return value;
}

/* "NAME in" and "NAME out" share their first words, so each line is read. */
static bool
find_route_map(const struct frr_node *section, const char *who,
    const char *direction, char *out, size_t size)
{
	const struct frr_node *node = NULL;
	char prefix[LINE_MAX_LEN], name[128], word[8];
	const char *rest;

	(void)snprintf(prefix, sizeof(prefix), "neighbor %s route-map", who);
	while ((node = frr_tree_child_prefix(section, prefix, node)) != NULL) {
		rest = frr_tree_rest(node, prefix);
		if (rest == NULL ||
		    !frr_tree_word(rest, 0, name, sizeof(name)) ||
		    !frr_tree_word(rest, 1, word, sizeof(word)) ||
		    strcmp(word, direction) != 0)
			continue;
		(void)snprintf(out, size, "%s", name);
		return true;
	}
	return false;
}

void
adopt_route_map(const struct frr_node *bgp, unsigned family,
    const char *neighbor, const char *direction, char *out, size_t size)
{
	const struct frr_node *section = adopt_family(bgp, family);
	const char *group;

	out[0] = '\0';
	if (section == NULL ||
	    find_route_map(section, neighbor, direction, out, size))
		return;
	group = own_value(bgp, neighbor, "peer-group");
	if (group != NULL && group[0] != '\0')
		(void)find_route_map(section, group, direction, out, size);
}

/* What a section says of somebody's activation: 1 on, -1 off, 0 nothing. */
static int
activation(const struct frr_node *section, const char *who)
{
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "no neighbor %s activate", who);
	if (frr_tree_child(section, line) != NULL)
		return -1;
	return frr_tree_child(section, line + 3) != NULL;
}

bool
adopt_is_active(const struct frr_node *bgp, unsigned family,
    const char *neighbor)
{
	const struct frr_node *section = adopt_family(bgp, family);
	const char *group = own_value(bgp, neighbor, "peer-group");
	int active = 0;

	if (section != NULL)
		active = activation(section, neighbor);
	if (section != NULL && active == 0 && group != NULL && group[0] != '\0')
		active = activation(section, group);
	if (active != 0)
		return active > 0;
	if (family == FAMILY_IPV4_UNICAST)
		return frr_tree_child(bgp, "no bgp default ipv4-unicast") ==
		    NULL;
	return frr_tree_child(bgp, "bgp default ipv6-unicast") != NULL;
}

bool
adopt_requires_policy(const struct frr_node *bgp)
{
	const struct frr_node *top = bgp->parent;

	if (frr_tree_child(bgp, "no bgp ebgp-requires-policy") != NULL)
		return false;
	return top == NULL ||
	    frr_tree_child(top, "frr defaults datacenter") == NULL ||
	    frr_tree_child(bgp, "bgp ebgp-requires-policy") != NULL;
}

static void
read_maximum_prefix(struct maximum_prefix *max, const char *rest)
{
	char word[16];
	unsigned i;

	memset(max, 0, sizeof(*max));
	if (rest == NULL || !frr_tree_word(rest, 0, word, sizeof(word)) ||
	    number_parse_u32(&max->limit, word, 1, UINT32_MAX, NULL) == -1)
		return;
	for (i = 1; frr_tree_word(rest, i, word, sizeof(word)); i++) {
		if (i == 1 &&
		    number_parse_u32(&max->warning_percent, word, 1, 100,
			NULL) == 0)
			continue;
		if (strcmp(word, "restart") == 0 &&
		    frr_tree_word(rest, i + 1, word, sizeof(word)))
			(void)number_parse_u32(&max->restart_minutes, word, 1,
			    65535, NULL);
	}
}

/* The family whose policy the upstream shows: IPv6 where it is active. */
static const struct frr_node *
main_section(const struct frr_node *bgp, const struct upstream *up,
    unsigned *family)
{
	*family = up->family[FAMILY_IPV6_UNICAST] ? FAMILY_IPV6_UNICAST :
						    FAMILY_IPV4_UNICAST;
	return adopt_family(bgp, *family);
}

static void
read_policy(struct adopt_view *view, const struct frr_node *bgp,
    struct upstream *up, const char *neighbor)
{
	const struct frr_node *section;
	unsigned family;

	section = main_section(bgp, up, &family);
	if (section == NULL)
		return;
	up->next_hop_self =
	    adopt_value(bgp, section, neighbor, "next-hop-self", NULL) != NULL;
	up->soft_reconfiguration =
	    adopt_value(bgp, section, neighbor, "soft-reconfiguration inbound",
		NULL) != NULL;
	read_maximum_prefix(&up->maximum_prefix,
	    adopt_value(bgp, section, neighbor, "maximum-prefix", NULL));
	adopt_route_map(bgp, family, neighbor, "in", up->route_map_in,
	    sizeof(up->route_map_in));
	adopt_route_map(bgp, family, neighbor, "out", up->route_map_out,
	    sizeof(up->route_map_out));
	route_map_read_import(adopt_view_map(view, up->route_map_in), family,
	    up);
	route_map_read_export(adopt_view_map(view, up->route_map_out), family,
	    up);
}

static void
read_neighbor(struct adopt_view *view, uint32_t local_as, struct upstream *up,
    const char *neighbor)
{
	const struct frr_node *bgp = adopt_view_bgp(view, neighbor);
	const char *value;
	unsigned i;

	value = adopt_value(bgp, bgp, neighbor, "remote-as", NULL);
	if (value != NULL && strcmp(value, "internal") == 0)
		up->remote_as = local_as;
	else if (value != NULL)
		(void)number_parse_u32(&up->remote_as, value, 1, UINT32_MAX,
		    NULL);
	up->internal = up->remote_as == local_as;
	up->role = up->internal ? UPSTREAM_INTERNAL : UPSTREAM_TRANSIT;
	value = adopt_value(bgp, bgp, neighbor, "description", NULL);
	if (value != NULL)
		(void)snprintf(up->description, sizeof(up->description), "%s",
		    value);
	value = adopt_value(bgp, bgp, neighbor, "update-source", NULL);
	if (value != NULL)
		(void)snprintf(up->local_address, sizeof(up->local_address),
		    "%s", value);
	value = adopt_value(bgp, bgp, neighbor, "ebgp-multihop", NULL);
	if (value != NULL &&
	    number_parse_u32(&up->ebgp_multihop, value, 1, 255, NULL) == -1)
		up->ebgp_multihop = 255; /* FRR's meaning of none given */
	up->tcp_md5 = adopt_value(bgp, bgp, neighbor, "password", NULL) != NULL;
	for (i = 0; i < UPSTREAM_FAMILIES; i++)
		up->family[i] = adopt_is_active(bgp, i, neighbor);
	read_policy(view, bgp, up, neighbor);
}

static bool
name_is_taken(const struct upstream_list *list,
    const struct friendly_list *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (strcmp(names->v[i].name.s, name) == 0)
			return true;
	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i].name.s, name) == 0)
			return true;
	return false;
}

/* What is kept of a neighbor. The AS numbers have the last word on whether it
 * is internal. */
static void
know(struct upstream *up, const struct friendly *f)
{
	up->name = f->name;
	up->capacity_mbps = f->capacity_mbps;
	if (!up->internal && strcmp(f->role, "peer") == 0)
		up->role = UPSTREAM_PEER;
}

static void
give_names(struct upstream_list *list, const struct friendly_list *names)
{
	char address[ADDR_TEXT_MAX];
	struct name name;
	unsigned n;
	size_t i, j;

	for (i = 0; i < list->n; i++)
		for (j = 0; j < names->n; j++)
			if (addr_equal(&names->v[j].neighbor,
				&list->v[i].neighbor))
				know(&list->v[i], &names->v[j]);
	for (i = 0; i < list->n; i++) {
		if (list->v[i].name.s[0] != '\0')
			continue;
		(void)addr_print(&list->v[i].neighbor, address);
		for (n = 0;; n++) {
			naming_suggest(&name, list->v[i].description, address,
			    n);
			if (!name_is_taken(list, names, name.s))
				break;
		}
		list->v[i].name = name;
	}
}

static int
compare(const void *a, const void *b)
{
	const struct upstream *x = a, *y = b;

	return addr_compare(&x->neighbor, &y->neighbor);
}

void
adopt_upstreams(const struct frr_node *tree, const struct friendly_list *names,
    struct upstream_list *list)
{
	const struct frr_node *bgp = adopt_bgp(tree);
	struct adopt_router router;
	struct adopt_view *view;
	char neighbor[ADDR_TEXT_MAX], word[24];
	struct addr addr;
	size_t i;

	memset(list, 0, sizeof(*list));
	if (bgp == NULL)
		return;
	adopt_router(tree, &router);
	view = adopt_view_new(tree);
	for (i = 0; i < bgp->n_children; i++) {
		const char *line = bgp->children[i]->line;
		struct upstream *up;

		/* FRR prints one of these two first for each neighbor. */
		if (!frr_tree_word(line, 0, word, sizeof(word)) ||
		    strcmp(word, "neighbor") != 0 ||
		    !frr_tree_word(line, 1, neighbor, sizeof(neighbor)) ||
		    !frr_tree_word(line, 2, word, sizeof(word)) ||
		    (strcmp(word, "remote-as") != 0 &&
			strcmp(word, "peer-group") != 0) ||
		    addr_parse(&addr, neighbor, NULL) == -1 ||
		    adopt_find_neighbor(list, &addr) != NULL)
			continue;
		list->v = mem_realloc(list->v, list->n + 1, sizeof(*list->v));
		up = &list->v[list->n++];
		memset(up, 0, sizeof(*up));
		up->neighbor = addr;
		up->session.uptime_s = -1;
		read_neighbor(view, router.local_as, up, neighbor);
	}
	adopt_view_free(&view);
	if (list->n > 0)
		qsort(list->v, list->n, sizeof(*list->v), compare);
	give_names(list, names);
}

void
adopt_router(const struct frr_node *tree, struct adopt_router *router)
{
	const struct frr_node *bgp = adopt_bgp(tree);
	const struct frr_node *section, *node;
	const char *rest;
	char word[PREFIX_TEXT_MAX];
	unsigned i;

	memset(router, 0, sizeof(*router));
	if (bgp == NULL)
		return;
	if (frr_tree_word(bgp->line, 2, word, sizeof(word)))
		(void)number_parse_u32(&router->local_as, word, 1, UINT32_MAX,
		    NULL);
	node = frr_tree_child_prefix(bgp, "bgp router-id", NULL);
	rest = node == NULL ? NULL : frr_tree_rest(node, "bgp router-id");
	if (rest != NULL)
		(void)snprintf(router->router_id, sizeof(router->router_id),
		    "%s", rest);
	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		section = adopt_family(bgp, i);
		node = NULL;
		while (section != NULL &&
		    router->n_prefixes < ADOPT_PREFIXES_MAX &&
		    (node = frr_tree_child_prefix(section, "network", node)) !=
			NULL)
			if (frr_tree_word(node->line, 1, word, sizeof(word)))
				(void)snprintf(router->prefixes
						   [router->n_prefixes++],
				    PREFIX_TEXT_MAX, "%s", word);
	}
}

bool
adopt_has_neighbor(const struct frr_node *tree, const struct addr *addr)
{
	const struct frr_node *bgp = adopt_bgp(tree);
	char neighbor[ADDR_TEXT_MAX];

	(void)addr_print(addr, neighbor);
	return bgp != NULL &&
	    (own_value(bgp, neighbor, "remote-as") != NULL ||
		own_value(bgp, neighbor, "peer-group") != NULL);
}

struct upstream *
adopt_find(const struct upstream_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcmp(list->v[i].name.s, name) == 0)
			return &list->v[i];
	return NULL;
}

struct upstream *
adopt_find_neighbor(const struct upstream_list *list, const struct addr *addr)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (addr_equal(&list->v[i].neighbor, addr))
			return &list->v[i];
	return NULL;
}
