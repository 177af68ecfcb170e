/* engine/leak.c - the route-leak guard: what may an external neighbor get? */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "engine/adopt.h"
#include "engine/leak.h"
#include "engine/prefix_list.h"
#include "engine/route_map.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/upstream.h"

/* Nobody owns more than this: a PL-MY-NET that permits the world does not
 * make the world ours. */
enum {
	OWN_MIN_IPV4 = 8,
	OWN_MIN_IPV6 = 16
};

static const char pointer[] = "/export/prefix_list";

struct own {
	struct prefix *v;
	size_t n;
};

static void
add_own(struct own *own, const struct prefix *p)
{
	if (p->len < (p->addr.family == 4 ? OWN_MIN_IPV4 : OWN_MIN_IPV6))
		return;
	own->v = mem_realloc(own->v, own->n + 1, sizeof(*own->v));
	own->v[own->n++] = *p;
}

static unsigned
ip_version(unsigned family)
{
	return family == FAMILY_IPV4_UNICAST ? 4 : 6;
}

static void
read_own(const struct frr_node *tree, unsigned family, struct own *own)
{
	const struct frr_node *section = adopt_family(adopt_bgp(tree), family);
	const struct frr_node *node = NULL;
	char word[PREFIX_TEXT_MAX];
	struct prefix_list list;
	struct prefix p;
	size_t i;

	memset(own, 0, sizeof(*own));
	while (section != NULL &&
	    (node = frr_tree_child_prefix(section, "network", node)) != NULL)
		if (frr_tree_word(node->line, 1, word, sizeof(word)) &&
		    prefix_parse(&p, word, false, NULL) == 0)
			add_own(own, &p);
	prefix_list_read(tree, ip_version(family), "PL-MY-NET", &list);
	for (i = 0; i < list.n; i++)
		if (list.v[i].rule.permit)
			add_own(own, &list.v[i].rule.prefix);
	prefix_list_clear(&list);
}

static bool
is_own(const struct own *own, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < own->n; i++)
		if (own->v[i].len <= p->len &&
		    prefix_contains(&own->v[i], &p->addr))
			return true;
	return false;
}

/* Whatever a rule's ge and le say, it permits nothing outside its prefix. */
static int
check_list(const struct frr_node *tree, unsigned family, const char *name,
    struct err *err)
{
	struct prefix_list list;
	char text[PREFIX_TEXT_MAX];
	struct own own;
	size_t i;
	int rc = 0;

	read_own(tree, family, &own);
	prefix_list_read(tree, ip_version(family), name, &list);
	if (!list.exists || list.strange || (list.n == 0 && list.described))
		rc = err_field(err, pointer,
		    list.strange ?
			"the %s prefix list %s holds lines that are not "
			"understood" :
			"the %s prefix list %s does not exist or is empty",
		    family == FAMILY_IPV4_UNICAST ? "ip" : "ipv6", name);
	for (i = 0; rc == 0 && i < list.n; i++)
		if (list.v[i].rule.permit &&
		    !is_own(&own, &list.v[i].rule.prefix))
			rc = err_field(err, pointer,
			    "%s permits %s, which is more than this router's "
			    "prefixes",
			    name, prefix_print(&list.v[i].rule.prefix, text));
	prefix_list_clear(&list);
	free(own.v);
	return rc;
}

/* The lists that a permit entry demands: one of the family's own is checked,
 * one of the other family alone lets nothing of this one pass. */
static int
check_entry(const struct frr_node *tree, const struct frr_node *entry,
    unsigned family, const char *map, struct err *err)
{
	static const char *const words[] = { "match ip address prefix-list",
		"match ipv6 address prefix-list" };
	const struct frr_node *node =
	    frr_tree_child_prefix(entry, words[family], NULL);
	const char *rest;

	if (node != NULL && (rest = frr_tree_rest(node, words[family])) != NULL)
		return check_list(tree, family, rest, err);
	if (frr_tree_child_prefix(entry, words[1 - family], NULL) != NULL)
		return 0;
	return err_field(err, pointer,
	    "an entry of %s permits without a prefix list: an external "
	    "neighbor needs one that permits only this router's prefixes",
	    map);
}

static int
check_map(const struct frr_node *tree, const char *map, unsigned family,
    struct err *err)
{
	const struct frr_node *entry = NULL;

	if (!route_map_exists(tree, map))
		return err_field(err, pointer,
		    "the attached route map %s does not exist", map);
	while ((entry = route_map_next_permit(tree, map, entry)) != NULL)
		if (check_entry(tree, entry, family, map, err) == -1)
			return -1;
	return 0;
}

/* "neighbor WHO prefix-list NAME out", the group's when it has none itself. */
static bool
find_list_out(const struct frr_node *section, const char *who, char *out,
    size_t size)
{
	const struct frr_node *node = NULL;
	char prefix[128], direction[8];

	(void)snprintf(prefix, sizeof(prefix), "neighbor %s prefix-list", who);
	while ((node = frr_tree_child_prefix(section, prefix, node)) != NULL)
		if (frr_tree_word(node->line, 4, direction,
			sizeof(direction)) &&
		    strcmp(direction, "out") == 0 &&
		    frr_tree_word(node->line, 3, out, size))
			return true;
	return false;
}

static int
check_family(const struct frr_node *tree, const char *neighbor, unsigned family,
    struct err *err)
{
	const struct frr_node *bgp = adopt_bgp(tree);
	const struct frr_node *section = adopt_family(bgp, family);
	const char *group = adopt_value(bgp, bgp, neighbor, "peer-group", NULL);
	char map[128], list[128];
	bool listed;

	if (section != NULL &&
	    adopt_value(bgp, section, neighbor, "default-originate", NULL) !=
		NULL)
		return err_field(err, pointer,
		    "default-originate sends %s a default route past every "
		    "filter: remove it by hand first",
		    neighbor);
	/* Both filter; one that is narrow enough will do. */
	listed = section != NULL &&
	    (find_list_out(section, neighbor, list, sizeof(list)) ||
		(group != NULL &&
		    find_list_out(section, group, list, sizeof(list))));
	if (listed && check_list(tree, family, list, NULL) == 0)
		return 0;
	adopt_route_map(bgp, family, neighbor, "out", map, sizeof(map));
	if (listed && map[0] == '\0')
		return check_list(tree, family, list, err);
	if (map[0] != '\0')
		return check_map(tree, map, family, err);
	return err_field(err, pointer,
	    "an external neighbor needs a prefix list that permits only this "
	    "router's prefixes (PL-MY-NET is made by PUT /v1/router)");
}

int
leak_check(const struct frr_node *tree, const struct upstream *up,
    struct err *err)
{
	char neighbor[ADDR_TEXT_MAX];
	unsigned i;

	if (up->internal)
		return 0;
	(void)addr_print(&up->neighbor, neighbor);
	for (i = 0; i < UPSTREAM_FAMILIES; i++)
		if (up->family[i] && check_family(tree, neighbor, i, err) == -1)
			return -1;
	return 0;
}
