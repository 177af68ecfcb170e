/* engine/drain_map.c - what a drain adds to FRR's configuration, taken out. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "engine/adopt.h"
#include "engine/drain_map.h"
#include "frr/state.h"
#include "frr/tree.h"

enum {
	NAME_MAX_LEN = 128,
	LINE_MAX_LEN = 512
};

static const char map_words[] = "route-map MH-DRAIN-";

bool
drain_map_is_in(const struct frr_node *tree)
{
	size_t i;

	for (i = 0; i < tree->n_children; i++)
		if (strncmp(tree->children[i]->line, map_words,
			sizeof(map_words) - 1) == 0)
			return true;
	return false;
}

/* What the description of a map of ours says. */
struct origin {
	char map[NAME_MAX_LEN]; /* "": none */
	unsigned prepend;
	char told[ADDR_TEXT_MAX]; /* the neighbor, by FRR itself; "": none */
	bool shutdown;
};

static bool
read_origin(const struct frr_node *tree, const char *map, struct origin *origin)
{
	static const char words[] = "description of";
	const struct frr_node *entry, *node;
	char head[NAME_MAX_LEN + 16], word[NAME_MAX_LEN];
	const char *rest;
	uint32_t n;
	unsigned i;

	memset(origin, 0, sizeof(*origin));
	(void)snprintf(head, sizeof(head), "route-map %s", map);
	entry = frr_tree_child_prefix(tree, head, NULL);
	node = entry == NULL ? NULL : frr_tree_child_prefix(entry, words, NULL);
	rest = node == NULL ? NULL : frr_tree_rest(node, words);
	if (rest == NULL || !frr_tree_word(rest, 0, word, sizeof(word)))
		return false;
	if (strcmp(word, "-") != 0)
		memcpy(origin->map, word, sizeof(word));
	for (i = 1; frr_tree_word(rest, i, word, sizeof(word)); i++) {
		if (strcmp(word, "shutdown") == 0)
			origin->shutdown = true;
		if (strcmp(word, "graceful-shutdown") == 0)
			(void)frr_tree_word(rest, i + 1, origin->told,
			    sizeof(origin->told));
		if (strcmp(word, "prepend") == 0 &&
		    frr_tree_word(rest, i + 1, word, sizeof(word)) &&
		    number_parse_u32(&n, word, 0, 64, NULL) == 0)
			origin->prepend = n;
	}
	return true;
}

/* "MH-DRAIN-IFOG-OUT4" without its last part. */
static void
read_stem(const char *map, char *out, size_t size)
{
	const char *end = strrchr(map, '-');

	(void)snprintf(out, size, "%.*s", end == NULL ? 0 : (int)(end - map),
	    map);
}

/* One line "neighbor X route-map MH-DRAIN-... in": back to what it was. false:
 * it goes. */
static bool
strip_line(const struct frr_node *tree, struct frr_node *node,
    struct drain_marks *marks)
{
	char neighbor[ADDR_TEXT_MAX], map[NAME_MAX_LEN], direction[8];
	char line[LINE_MAX_LEN];
	struct origin origin;
	struct drain_mark *m;

	if (!frr_tree_word(node->line, 1, neighbor, sizeof(neighbor)) ||
	    !frr_tree_word(node->line, 3, map, sizeof(map)) ||
	    !frr_tree_word(node->line, 4, direction, sizeof(direction)) ||
	    strncmp(map, map_words + 10, sizeof(map_words) - 11) != 0 ||
	    !read_origin(tree, map, &origin))
		return true;
	m = drain_map_mark(marks, neighbor);
	read_stem(map, m->stem, sizeof(m->stem));
	m->native |= strcmp(origin.told, neighbor) == 0;
	m->shutdown |= origin.shutdown;
	if (origin.prepend > m->prepend)
		m->prepend = origin.prepend;
	if (origin.map[0] == '\0')
		return false;
	(void)snprintf(line, sizeof(line), "neighbor %s route-map %s %s",
	    neighbor, origin.map, direction);
	frr_tree_set_line(node, line);
	return true;
}

static void
strip_family(const struct frr_node *tree, struct frr_node *section,
    struct drain_marks *marks)
{
	char word[16];
	size_t i;

	for (i = section->n_children; i-- > 0;) {
		struct frr_node *node = section->children[i];

		if (frr_tree_word(node->line, 0, word, sizeof(word)) &&
		    strcmp(word, "neighbor") == 0 &&
		    frr_tree_word(node->line, 2, word, sizeof(word)) &&
		    strcmp(word, "route-map") == 0 &&
		    !strip_line(tree, node, marks))
			frr_tree_remove(node);
	}
}

struct frr_node *
drain_map_line(const struct frr_node *section, const char *neighbor,
    const char *direction)
{
	struct frr_node *node = NULL;
	char words[LINE_MAX_LEN], word[8];

	(void)snprintf(words, sizeof(words), "neighbor %s route-map", neighbor);
	while ((node = frr_tree_child_prefix(section, words, node)) != NULL)
		if (frr_tree_word(node->line, 4, word, sizeof(word)) &&
		    strcmp(word, direction) == 0)
			return node;
	return NULL;
}

void
drain_map_name(const struct drain_mark *m, unsigned family,
    const char *direction, char *out, size_t size)
{
	(void)snprintf(out, size, "%s-%s%s", m->stem,
	    strcmp(direction, "out") == 0 ? "OUT" : "IN",
	    family == FAMILY_IPV4_UNICAST ? "4" : "");
}

/* Our copy was detached by hand, and nothing came in its place: the map that it
 * is a copy of is still the operator's. A session without one is a leak. */
static void
restore_detached(const struct frr_node *tree, struct frr_node *section,
    const struct drain_mark *m, unsigned family, const char *direction)
{
	char map[NAME_MAX_LEN], line[LINE_MAX_LEN];
	struct origin origin;

	drain_map_name(m, family, direction, map, sizeof(map));
	if (drain_map_line(section, m->neighbor, direction) != NULL ||
	    !read_origin(tree, map, &origin) || origin.map[0] == '\0')
		return;
	(void)snprintf(line, sizeof(line), "neighbor %s route-map %s %s",
	    m->neighbor, origin.map, direction);
	(void)frr_tree_add(section, line);
}

static void
restore_all_detached(const struct frr_node *tree, const struct frr_node *bgp,
    const struct drain_mark *m)
{
	struct frr_node *section;
	unsigned family;

	for (family = 0; family < FAMILIES; family++) {
		section =
		    (struct frr_node *)(uintptr_t)adopt_family(bgp, family);
		if (section == NULL ||
		    !adopt_is_active(bgp, family, m->neighbor))
			continue;
		restore_detached(tree, section, m, family, "in");
		restore_detached(tree, section, m, family, "out");
	}
}

/* As FRR, which shows no family that holds nothing. */
static void
drop_empty(struct frr_node *bgp)
{
	size_t i;

	for (i = bgp->n_children; i-- > 0;)
		if (bgp->children[i]->n_children == 0 &&
		    strncmp(bgp->children[i]->line, "address-family ", 15) == 0)
			frr_tree_remove(bgp->children[i]);
}

static void
strip_shutdown(struct frr_node *bgp, struct drain_mark *m)
{
	char words[LINE_MAX_LEN];
	struct frr_node *node;
	const char *rest;

	(void)snprintf(words, sizeof(words), "neighbor %s shutdown",
	    m->neighbor);
	node = frr_tree_child_prefix(bgp, words, NULL);
	if (node == NULL) {
		m->shutdown = false; /* taken away by hand */
		return;
	}
	rest = frr_tree_rest(node, words);
	if (rest != NULL && strncmp(rest, "message ", 8) == 0)
		(void)snprintf(m->message, sizeof(m->message), "%s", rest + 8);
	frr_tree_remove(node);
}

static struct frr_node *
native_line(const struct frr_node *bgp, const char *neighbor)
{
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "neighbor %s graceful-shutdown",
	    neighbor);
	return frr_tree_child(bgp, line);
}

/* Whose inbound map somebody else has put another in place of: the map alone
 * tells that the neighbor's line is ours. */
static void
find_told(const struct frr_node *tree, const struct frr_node *bgp,
    struct drain_marks *marks)
{
	char map[NAME_MAX_LEN];
	struct origin origin;
	struct drain_mark *m;
	size_t i;

	for (i = 0; i < tree->n_children; i++) {
		const char *line = tree->children[i]->line;

		if (strncmp(line, map_words, sizeof(map_words) - 1) != 0 ||
		    !frr_tree_word(line, 1, map, sizeof(map)) ||
		    !read_origin(tree, map, &origin) ||
		    origin.told[0] == '\0' ||
		    drain_map_find(marks, origin.told) != NULL ||
		    native_line(bgp, origin.told) == NULL)
			continue;
		m = drain_map_mark(marks, origin.told);
		read_stem(map, m->stem, sizeof(m->stem));
		m->prepend = origin.prepend;
		m->native = true;
		m->shutdown = origin.shutdown;
	}
}

static void
strip_native(const struct frr_node *bgp, struct drain_mark *m)
{
	struct frr_node *node = native_line(bgp, m->neighbor);

	if (node != NULL)
		frr_tree_remove(node);
	else
		m->native = false; /* by hand, or by an FRR without it */
}

/* Whose description nobody can read stays, if something is attached to it. */
static bool
is_attached(const struct frr_node *bgp, const char *map)
{
	const struct frr_node *section, *node;
	char word[NAME_MAX_LEN];
	unsigned family;

	for (family = 0; family < FAMILIES; family++) {
		section = adopt_family(bgp, family);
		node = NULL;
		while (section != NULL &&
		    (node = frr_tree_child_prefix(section, "neighbor", node)) !=
			NULL)
			if (frr_tree_word(node->line, 3, word, sizeof(word)) &&
			    strcmp(word, map) == 0)
				return true;
	}
	return false;
}

static void
strip_maps(struct frr_node *tree, const struct frr_node *bgp)
{
	char map[NAME_MAX_LEN];
	size_t i;

	for (i = tree->n_children; i-- > 0;) {
		struct frr_node *node = tree->children[i];

		if (strncmp(node->line, map_words, sizeof(map_words) - 1) ==
			0 &&
		    frr_tree_word(node->line, 1, map, sizeof(map)) &&
		    !is_attached(bgp, map))
			frr_tree_remove(node);
	}
}

void
drain_map_strip(struct frr_node *tree, struct drain_marks *marks)
{
	struct frr_node *bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	struct frr_node *section;
	unsigned family;
	size_t i;

	memset(marks, 0, sizeof(*marks));
	if (bgp == NULL)
		return;
	for (family = 0; family < FAMILIES; family++) {
		section =
		    (struct frr_node *)(uintptr_t)adopt_family(bgp, family);
		if (section != NULL)
			strip_family(tree, section, marks);
	}
	find_told(tree, bgp, marks);
	for (i = 0; i < marks->n; i++) {
		restore_all_detached(tree, bgp, &marks->v[i]);
		if (marks->v[i].native)
			strip_native(bgp, &marks->v[i]);
		if (marks->v[i].shutdown)
			strip_shutdown(bgp, &marks->v[i]);
	}
	strip_maps(tree, bgp);
	drop_empty(bgp);
}
