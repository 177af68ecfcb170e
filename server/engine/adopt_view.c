/* engine/adopt_view.c - a big configuration as one neighbor sees it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/adopt.h"
#include "engine/adopt_view.h"
#include "frr/tree.h"

enum {
	WHO_MAX = 128,
	SECTIONS_MAX = 32 /* address families; FRR has about 20 */
};

/* A line and whom it is about; order keeps lines as they stand. */
struct line {
	char who[WHO_MAX];
	struct frr_node *node;
	size_t order;
};

/* The lines of one section, sorted by whom; "" for nobody comes first. */
struct index {
	struct line *v;
	size_t n;
	size_t n_shared;
};

struct section {
	const struct frr_node *node;
	struct index lines;
	struct frr_node view;
};

struct adopt_view {
	struct section section[SECTIONS_MAX]; /* 0: router bgp itself */
	size_t n_sections;
	struct index maps; /* of the top of the tree */
	struct frr_node top;
};

static int
compare(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = strcmp(x->who, y->who);

	if (order != 0)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* "neighbor X ..." and "no neighbor X ..." are about X, "route-map X" too. */
static void
read_who(const char *line, const char *word, char *who)
{
	char first[WHO_MAX];
	unsigned at = 0;

	who[0] = '\0';
	if (frr_tree_word(line, 0, first, sizeof(first)) &&
	    strcmp(first, "no") == 0)
		at = 1;
	if (frr_tree_word(line, at, first, sizeof(first)) &&
	    strcmp(first, word) == 0 &&
	    !frr_tree_word(line, at + 1, who, WHO_MAX))
		who[0] = '\0';
}

static void
fill(struct index *index, const struct frr_node *node, const char *word)
{
	size_t i;

	index->v = mem_calloc(node->n_children + 1, sizeof(*index->v));
	index->n = node->n_children;
	for (i = 0; i < index->n; i++) {
		struct line *line = &index->v[i];

		line->node = node->children[i];
		line->order = i;
		read_who(line->node->line, word, line->who);
		if (line->who[0] == '\0')
			index->n_shared++;
	}
	if (index->n > 1)
		qsort(index->v, index->n, sizeof(*index->v), compare);
}

static void
add_section(struct adopt_view *v, const struct frr_node *node)
{
	struct section *s;

	if (v->n_sections == SECTIONS_MAX)
		return;
	s = &v->section[v->n_sections++];
	s->node = node;
	fill(&s->lines, node, "neighbor");
	s->view = *node;
	s->view.children =
	    mem_calloc(node->n_children + 1, sizeof(*s->view.children));
}

struct adopt_view *
adopt_view_new(const struct frr_node *tree)
{
	struct adopt_view *v = mem_calloc(1, sizeof(*v));
	const struct frr_node *bgp = adopt_bgp(tree);
	size_t i;

	if (bgp != NULL) {
		add_section(v, bgp);
		for (i = 0; i < bgp->n_children; i++)
			if (bgp->children[i]->is_section)
				add_section(v, bgp->children[i]);
	}
	fill(&v->maps, tree, "route-map");
	v->top = *tree;
	v->top.children =
	    mem_calloc(tree->n_children + 1, sizeof(*v->top.children));
	return v;
}

void
adopt_view_free(struct adopt_view **vp)
{
	struct adopt_view *v = *vp;
	size_t i;

	if (v == NULL)
		return;
	for (i = 0; i < v->n_sections; i++) {
		free(v->section[i].lines.v);
		free(v->section[i].view.children);
	}
	free(v->maps.v);
	free(v->top.children);
	MEM_FREE(*vp);
}

/* The first line about who, or where it would stand. */
static size_t
find(const struct index *index, const char *who)
{
	size_t low = index->n_shared, high = index->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->v[middle].who, who) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
add_lines(struct frr_node *view, const struct index *index, const char *who)
{
	size_t i;

	for (i = find(index, who);
	     i < index->n && strcmp(index->v[i].who, who) == 0; i++)
		view->children[view->n_children++] = index->v[i].node;
}

/* The word behind "neighbor WHO peer-group", "" when it has none. */
static void
find_group(const struct index *index, const char *who, char group[WHO_MAX])
{
	char word[WHO_MAX];
	size_t i;

	group[0] = '\0';
	for (i = find(index, who);
	     i < index->n && strcmp(index->v[i].who, who) == 0; i++) {
		const char *line = index->v[i].node->line;

		if (frr_tree_word(line, 2, word, sizeof(word)) &&
		    strcmp(word, "peer-group") == 0 &&
		    frr_tree_word(line, 3, group, WHO_MAX))
			return;
		group[0] = '\0';
	}
}

/* The view of a section that stands in the router block. */
static struct frr_node *
view_of(struct adopt_view *v, struct frr_node *node)
{
	size_t i;

	for (i = 1; i < v->n_sections; i++)
		if (v->section[i].node == node)
			return &v->section[i].view;
	return node;
}

const struct frr_node *
adopt_view_bgp(struct adopt_view *v, const char *neighbor)
{
	char group[WHO_MAX];
	size_t i, j;

	if (v->n_sections == 0)
		return NULL;
	find_group(&v->section[0].lines, neighbor, group);
	for (i = 0; i < v->n_sections; i++) {
		struct section *s = &v->section[i];

		s->view.n_children = 0;
		for (j = 0; j < s->lines.n_shared; j++)
			s->view.children[s->view.n_children++] = i == 0 ?
			    view_of(v, s->lines.v[j].node) :
			    s->lines.v[j].node;
		add_lines(&s->view, &s->lines, neighbor);
		if (group[0] != '\0' && strcmp(group, neighbor) != 0)
			add_lines(&s->view, &s->lines, group);
	}
	return &v->section[0].view;
}

const struct frr_node *
adopt_view_map(struct adopt_view *v, const char *map)
{
	v->top.n_children = 0;
	if (map[0] != '\0')
		add_lines(&v->top, &v->maps, map);
	if (v->n_sections > 0)
		v->top.children[v->top.n_children++] =
		    (struct frr_node *)(uintptr_t)v->section[0].node;
	return &v->top;
}
