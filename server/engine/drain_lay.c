/* engine/drain_lay.c - what a drain adds to FRR's configuration, put in. */
/* names: map */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
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

/* One direction of one family of one neighbor. */
struct laying {
	struct frr_node *tree;
	struct frr_node *bgp;
	const struct drain_mark *mark;
	uint32_t local_as;
	bool internal;
	/* Ours, not what was there before: */
	bool native;
	bool shutdown;
	unsigned family;
	const char *direction; /* "in", "out" */
};

static bool
is_out(const struct laying *l)
{
	return strcmp(l->direction, "out") == 0;
}

static struct frr_node *
first_line(const struct frr_node *entry, const char *words)
{
	return frr_tree_child_prefix(entry, words, NULL);
}

static void
put_line(struct frr_node *entry, const char *words, const char *line)
{
	struct frr_node *node = first_line(entry, words);

	if (node != NULL)
		frr_tree_set_line(node, line);
	else
		(void)frr_tree_add(entry, line);
}

/* FRR sorts by number and calls this one by name: before the other well-known
 * ones, which come last. */
static bool
is_above(const char *word)
{
	return strncmp(word, "65535:", 6) == 0 ||
	    (strchr(word, ':') == NULL && strcmp(word, "internet") != 0);
}

static void
add_community(struct frr_node *entry)
{
	static const char words[] = "set community",
			  ours[] = "graceful-shutdown";
	const struct frr_node *node = first_line(entry, words);
	const char *rest = node == NULL ? NULL : frr_tree_rest(node, words);
	struct buf line = BUF_INIT;
	char word[64];
	bool put = false;
	unsigned i;

	if (rest == NULL)
		rest = "additive";
	else if (strcmp(rest, "none") == 0)
		rest = "";
	buf_puts(&line, words);
	for (i = 0; frr_tree_word(rest, i, word, sizeof(word)); i++) {
		if (strcmp(word, ours) == 0)
			put = true;
		if (!put && is_above(word)) {
			buf_printf(&line, " %s", ours);
			put = true;
		}
		buf_printf(&line, " %s", word);
	}
	if (!put)
		buf_printf(&line, " %s", ours);
	put_line(entry, words, buf_text(&line));
	buf_clear(&line);
}

static void
add_prepend(const struct laying *l, struct frr_node *entry)
{
	static const char words[] = "set as-path prepend";
	const struct frr_node *node = first_line(entry, words);
	struct buf line = BUF_INIT;
	unsigned i;

	/* "last-as N" cannot be joined with numbers. */
	if (l->mark->prepend == 0 ||
	    (node != NULL && strstr(node->line, "last-as") != NULL))
		return;
	buf_puts(&line, node == NULL ? words : node->line);
	for (i = 0; i < l->mark->prepend; i++)
		buf_printf(&line, " %u", l->local_as);
	put_line(entry, words, buf_text(&line));
	buf_clear(&line);
}

static void
add_all(const struct laying *l, struct frr_node *entry)
{
	if (is_out(l) && !l->internal) {
		if (!l->native)
			add_community(entry);
		add_prepend(l, entry);
	} else {
		put_line(entry, "set local-preference",
		    "set local-preference 0");
	}
	/* A weight, of this map or the neighbor's, comes before preference. */
	if (!is_out(l))
		put_line(entry, "set weight", "set weight 0");
}

/* Of what it is a copy, for whoever reads it and for ourselves. */
static void
describe(const struct laying *l, struct frr_node *entry, const char *own)
{
	char line[LINE_MAX_LEN], prepend[24] = "";
	char told[ADDR_TEXT_MAX + 24] = "";

	if ((is_out(l) || l->native) && l->mark->prepend > 0)
		(void)snprintf(prepend, sizeof(prepend), " prepend %u",
		    l->mark->prepend);
	if (l->native)
		(void)snprintf(told, sizeof(told), " graceful-shutdown %s",
		    l->mark->neighbor);
	(void)snprintf(line, sizeof(line), "description of %s%s%s%s",
	    own[0] == '\0' ? "-" : own, prepend, told,
	    l->shutdown ? " shutdown" : "");
	put_line(entry, "description", line);
}

/* Nothing passes today where no policy means no routes (RFC 8212): a map that
 * permits would open it. */
static bool
is_closed(const struct laying *l)
{
	static const char *const filters[] = { "prefix-list", "filter-list",
		"distribute-list" };
	const struct frr_node *section = adopt_family(l->bgp, l->family);
	const struct frr_node *node;
	const char *group =
	    adopt_value(l->bgp, l->bgp, l->mark->neighbor, "peer-group", NULL);
	const char *const who[] = { l->mark->neighbor, group };
	char words[LINE_MAX_LEN], word[8];
	size_t i, j;

	if (l->internal || !adopt_requires_policy(l->bgp))
		return false;
	for (i = 0; i < 2; i++)
		for (j = 0; who[i] != NULL && j < 3; j++) {
			(void)snprintf(words, sizeof(words), "neighbor %s %s",
			    who[i], filters[j]);
			node = NULL;
			while ((node = frr_tree_child_prefix(section, words,
				    node)) != NULL)
				if (frr_tree_word(node->line, 4, word,
					sizeof(word)) &&
				    strcmp(word, l->direction) == 0)
					return false;
		}
	return true;
}

/* A copy of every entry under another name; the first is returned. */
static struct frr_node *
copy_map(const struct laying *l, const char *from, const char *to)
{
	struct frr_node *first = NULL, *copy;
	char words[NAME_MAX_LEN + 16], line[LINE_MAX_LEN];
	size_t i, j, n = l->tree->n_children;

	(void)snprintf(words, sizeof(words), "route-map %s ", from);
	for (i = 0; i < n; i++) {
		const struct frr_node *entry = l->tree->children[i];

		if (!entry->is_section ||
		    strncmp(entry->line, words, strlen(words)) != 0)
			continue;
		(void)snprintf(line, sizeof(line), "route-map %s %s", to,
		    entry->line + strlen(words));
		copy = frr_tree_add(l->tree, line);
		entry = l->tree->children[i];
		for (j = 0; j < entry->n_children; j++)
			(void)frr_tree_add(copy, entry->children[j]->line);
		if (strncmp(entry->line + strlen(words), "permit ", 7) == 0)
			add_all(l, copy);
		if (first == NULL)
			first = copy;
	}
	return first;
}

static struct frr_node *
make_map(const struct laying *l, const char *from, const char *to)
{
	struct frr_node *entry;
	char line[LINE_MAX_LEN];
	bool closed = from[0] != '\0' || is_closed(l);

	entry = from[0] == '\0' ? NULL : copy_map(l, from, to);
	if (entry != NULL)
		return entry;
	(void)snprintf(line, sizeof(line), "route-map %s %s 10", to,
	    closed ? "deny" : "permit");
	entry = frr_tree_add(l->tree, line);
	if (!closed)
		add_all(l, entry);
	return entry;
}

static void
lay_side(const struct laying *l)
{
	struct frr_node *section, *node;
	char from[NAME_MAX_LEN], own[NAME_MAX_LEN] = "", to[NAME_MAX_LEN];
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "address-family %s",
	    family_frr_words(l->family));
	section = frr_tree_add(l->bgp, line);
	node = drain_map_line(section, l->mark->neighbor, l->direction);
	if (node != NULL)
		(void)frr_tree_word(node->line, 3, own, sizeof(own));
	adopt_route_map(l->bgp, l->family, l->mark->neighbor, l->direction,
	    from, sizeof(from));
	drain_map_name(l->mark, l->family, l->direction, to, sizeof(to));
	describe(l, make_map(l, from, to), own);
	(void)snprintf(line, sizeof(line), "neighbor %s route-map %s %s",
	    l->mark->neighbor, to, l->direction);
	if (node != NULL)
		frr_tree_set_line(node, line);
	else
		(void)frr_tree_add(section, line);
}

/* FRR says outbound what is to be said, but for a longer path. */
static bool
needs_out(const struct laying *l)
{
	return !l->native || (l->mark->prepend > 0 && !l->internal);
}

static void
lay_native(const struct laying *l)
{
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "neighbor %s graceful-shutdown",
	    l->mark->neighbor);
	(void)frr_tree_add(l->bgp, line);
}

static void
lay_shutdown(const struct laying *l)
{
	char line[LINE_MAX_LEN];

	(void)snprintf(line, sizeof(line), "neighbor %s shutdown%s%s",
	    l->mark->neighbor, l->mark->message[0] == '\0' ? "" : " message ",
	    l->mark->message);
	(void)frr_tree_add(l->bgp, line);
}

static void
lay_mark(struct laying *l)
{
	const char *neighbor = l->mark->neighbor;
	const char *as =
	    adopt_value(l->bgp, l->bgp, neighbor, "remote-as", NULL);
	char words[LINE_MAX_LEN];
	uint32_t remote = 0;
	bool laid = false;

	if (as == NULL)
		return; /* removed meanwhile */
	(void)number_parse_u32(&remote, as, 1, UINT32_MAX, NULL);
	l->internal = strcmp(as, "internal") == 0 || remote == l->local_as;
	(void)snprintf(words, sizeof(words), "neighbor %s shutdown", neighbor);
	l->shutdown = l->mark->shutdown && first_line(l->bgp, words) == NULL;
	l->native = l->mark->native &&
	    adopt_value(l->bgp, l->bgp, neighbor, "graceful-shutdown", NULL) ==
		NULL;
	for (l->family = 0; l->family < FAMILIES; l->family++) {
		if (!adopt_is_active(l->bgp, l->family, neighbor))
			continue;
		laid = true;
		l->direction = "in";
		lay_side(l);
		l->direction = "out";
		if (needs_out(l))
			lay_side(l);
	}
	/* Without a map of ours nothing would tell that these are. */
	if (!laid)
		return;
	if (l->native)
		lay_native(l);
	if (l->shutdown)
		lay_shutdown(l);
}

void
drain_map_lay(struct frr_node *tree, const struct drain_marks *marks)
{
	struct laying l = { .tree = tree };
	struct adopt_router router;
	size_t i;

	l.bgp = (struct frr_node *)(uintptr_t)adopt_bgp(tree);
	if (l.bgp == NULL)
		return;
	adopt_router(tree, &router);
	l.local_as = router.local_as;
	for (i = 0; i < marks->n; i++) {
		l.mark = &marks->v[i];
		lay_mark(&l);
	}
}
