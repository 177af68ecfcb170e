/* frr/tree_index.h - finds a line in a section of thousands without a walk. */
#ifndef FRR_TREE_INDEX_H
#define FRR_TREE_INDEX_H

#include <stddef.h>

struct frr_node;

/* Borrows the nodes; they must not change while they are indexed. */
struct frr_tree_index {
	struct frr_node **slots;
	size_t cap; /* a power of two, 0 at first */
	size_t n;
};

#define FRR_TREE_INDEX_INIT \
	{                   \
		NULL, 0, 0  \
	}

void frr_tree_index_clear(struct frr_tree_index *);
/* Does not look for an equal one. */
void frr_tree_index_put(struct frr_tree_index *, struct frr_node *);
/* All children of a node. */
void frr_tree_index_children(struct frr_tree_index *, const struct frr_node *);
/* The child of parent with exactly this line, NULL when there is none. */
struct frr_node *frr_tree_index_find(const struct frr_tree_index *,
    const struct frr_node *parent, const char *line);

#endif
