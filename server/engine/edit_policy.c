/* engine/edit_policy.c - the route maps of a neighbor: lists and values. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "engine/adopt.h"
#include "engine/edit_policy.h"
#include "engine/route_map.h"
#include "engine/route_map_users.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/upstream.h"
#include "model/upstream_order.h"

enum {
	LINE_MAX_LEN = 512,
	ENTRY_STEP = 10
};

static const char *const match_words[UPSTREAM_FAMILIES] = {
	"match ip address prefix-list",
	"match ipv6 address prefix-list",
};

/* One direction of one neighbor. */
struct side {
	struct frr_node *tree;
	const struct upstream *have; /* NULL: new */
	const struct upstream *want;
	const char *direction; /* "in", "out" */
	const char *was;       /* list */
	const char *is;
	char neighbor[ADDR_TEXT_MAX];
	bool shared;
	struct err *err;
};

static void
map_of(const struct side *s, unsigned family, char *out, size_t size)
{
	adopt_route_map(adopt_bgp(s->tree), family, s->neighbor, s->direction,
	    out, size);
}

static const char *
list_of(const struct frr_node *entry, unsigned family)
{
	const struct frr_node *node =
	    frr_tree_child_prefix(entry, match_words[family], NULL);

	return node == NULL ? NULL : frr_tree_rest(node, match_words[family]);
}

/* In front, where FRR prints the matches. */
static void
set_match(struct frr_node *entry, unsigned family, const char *list)
{
	struct frr_node *node =
	    frr_tree_child_prefix(entry, match_words[family], NULL);
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "%s %s", match_words[family], list);
	if (list[0] == '\0' && node != NULL)
		frr_tree_remove(node);
	else if (list[0] != '\0' && node != NULL)
		frr_tree_set_line(node, line);
	else if (list[0] != '\0')
		(void)frr_tree_add(entry, line);
}

/* One more permit entry behind all that the map has. */
static void
add_entry(const struct side *s, unsigned family, const char *map)
{
	const struct frr_node *node = NULL;
	char words[128], seq[16], line[LINE_MAX_LEN];
	uint32_t n, last = 0;

	(void)snprintf(words, sizeof(words), "route-map %s", map);
	while ((node = frr_tree_child_prefix(s->tree, words, node)) != NULL)
		if (frr_tree_word(node->line, 3, seq, sizeof(seq)) &&
		    number_parse_u32(&n, seq, 1, 65535, NULL) == 0 && n > last)
			last = n;
	(void)snprintf(line, sizeof(line), "%s permit %u", words,
	    last - last % ENTRY_STEP + ENTRY_STEP);
	set_match(frr_tree_add(s->tree, line), family, s->is);
}

/* The list of every permit entry of this family becomes another. */
static int
set_list(const struct side *s, unsigned family, const char *map)
{
	struct frr_node *entry = NULL;
	bool any = false;
	const char *list;

	while ((entry = route_map_next_permit(s->tree, map, entry)) != NULL) {
		list = list_of(entry, family);
		if (list == NULL && list_of(entry, 1 - family) != NULL)
			continue; /* an entry of the other family */
		any = true;
		if (list != NULL && strcmp(list, s->is) == 0)
			continue;
		if (strcmp(list == NULL ? "" : list, s->was) != 0) {
			(void)err_set(s->err, ERR_CONFLICT,
			    "the entries of route map %s match different "
			    "prefix lists: change it by hand",
			    map);
			return err_reason(s->err, "route_map_complex");
		}
		set_match(entry, family, s->is);
	}
	if (!any && s->is[0] != '\0')
		add_entry(s, family, map);
	return 0;
}

/* IPv6 first; without a list one entry is enough for both. */
static void
make_map(const struct side *s, const char *map)
{
	char line[LINE_MAX_LEN];
	unsigned i;

	if (s->is[0] == '\0') {
		(void)snprintf(line, sizeof(line), "route-map %s permit 10",
		    map);
		(void)frr_tree_add(s->tree, line);
		return;
	}
	for (i = UPSTREAM_FAMILIES; i-- > 0;)
		if (s->want->family[i])
			add_entry(s, i, map);
}

/* Does the neighbor need a map in this direction, having none? */
static bool
needs_map(const struct side *s)
{
	if (s->is[0] != '\0')
		return true;
	return s->have == NULL &&
	    (!s->want->internal ||
		(strcmp(s->direction, "in") == 0 &&
		    s->want->has_local_preference));
}

static bool
was_active(const struct side *s, unsigned family)
{
	return s->have != NULL && s->have->family[family];
}

/* The map that some family has already, "" when none has. */
static void
any_map(const struct side *s, char *out, size_t size)
{
	unsigned i;

	out[0] = '\0';
	for (i = UPSTREAM_FAMILIES; out[0] == '\0' && i > 0; i--)
		if (s->want->family[i - 1])
			map_of(s, i - 1, out, size);
}

static int
edit_family(const struct side *s, unsigned family, char *map, size_t size)
{
	char own[128];
	bool fresh = map[0] == '\0';

	map_of(s, family, own, sizeof(own));
	if (own[0] == '\0') {
		if (fresh && !needs_map(s))
			return 0;
		if (fresh) {
			route_map_new_name(s->tree, s->want->name.s,
			    s->direction, map, size);
			make_map(s, map);
		}
		route_map_attach(s->tree, family, s->neighbor, map,
		    s->direction);
		if (fresh)
			return 0;
		(void)snprintf(own, sizeof(own), "%s", map);
	} else if (was_active(s, family) && strcmp(s->was, s->is) == 0) {
		return 0;
	}
	if (!route_map_exists(s->tree, own)) {
		(void)err_set(s->err, ERR_CONFLICT,
		    "the attached route map %s does not exist", own);
		return err_reason(s->err, "route_map_missing");
	}
	if (route_map_users_check(s->tree, own, s->neighbor, s->direction,
		s->shared, s->err) == -1)
		return -1;
	return set_list(s, family, own);
}

static int
edit_side(const struct side *s)
{
	bool same = s->have != NULL && strcmp(s->was, s->is) == 0;
	char map[128];
	unsigned i;

	any_map(s, map, sizeof(map));
	for (i = UPSTREAM_FAMILIES; i-- > 0;) {
		if (!s->want->family[i] || (same && was_active(s, i)))
			continue;
		if (edit_family(s, i, map, sizeof(map)) == -1)
			return -1;
	}
	return 0;
}

/* A PATCH that names a value wants it in every entry, also when the first one
 * has it already. */
static bool
wants_local_preference(const struct upstream *have, const struct upstream *want,
    const struct upstream_order *order)
{
	if (have == NULL)
		return want->has_local_preference;
	return (!order->whole && order->local_preference.present) ||
	    have->has_local_preference != want->has_local_preference ||
	    have->local_preference != want->local_preference;
}

static bool
wants_prepend(const struct upstream *have, const struct upstream *want,
    const struct upstream_order *order)
{
	if (have == NULL)
		return want->as_path_prepend > 0;
	return (!order->whole && order->as_path_prepend.present) ||
	    have->as_path_prepend != want->as_path_prepend;
}

/* A family that has just got a map of its own, or an entry in one, needs the
 * values too. */
static bool
families_grow(const struct upstream *have, const struct upstream *want)
{
	unsigned i;

	for (i = 0; have != NULL && i < UPSTREAM_FAMILIES; i++)
		if (want->family[i] && !have->family[i])
			return true;
	return false;
}

int
edit_policy(struct frr_node *tree, const struct upstream *have,
    const struct upstream *want, const struct upstream_order *order,
    struct err *err)
{
	bool shared = order->options.shared.flag;
	struct side in = { tree, have, want, "in",
		have == NULL ? "" : have->import_prefix_list,
		want->import_prefix_list, "", shared, err };
	struct side out = { tree, have, want, "out",
		have == NULL ? "" : have->export_prefix_list,
		want->export_prefix_list, "", shared, err };
	bool grow = families_grow(have, want);

	(void)addr_print(&want->neighbor, in.neighbor);
	(void)addr_print(&want->neighbor, out.neighbor);
	if (edit_side(&in) == -1 || edit_side(&out) == -1)
		return -1;
	if ((wants_local_preference(have, want, order) ||
		(grow && want->has_local_preference)) &&
	    route_map_set_local_preference(tree, want,
		!want->has_local_preference, want->local_preference, shared,
		err) == -1)
		return -1;
	if ((wants_prepend(have, want, order) ||
		(grow && want->as_path_prepend > 0)) &&
	    route_map_set_prepend(tree, want, want->as_path_prepend, shared,
		err) == -1)
		return -1;
	return 0;
}

void
edit_policy_remove(struct frr_node *tree, const char *map)
{
	struct frr_node *node;
	char words[160];

	if (map[0] == '\0' || route_map_users_exist(tree, map))
		return;
	(void)snprintf(words, sizeof(words), "route-map %s", map);
	while ((node = frr_tree_child_prefix(tree, words, NULL)) != NULL)
		frr_tree_remove(node);
}
