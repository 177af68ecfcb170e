/* frr/tree_index.c - finds a line in a section of thousands without a walk. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "frr/tree.h"
#include "frr/tree_index.h"

/* FNV-1a over the line, seeded with the section. */
static size_t
hash(const struct frr_node *parent, const char *line)
{
	uint64_t h = 14695981039346656037ULL ^ (uint64_t)(uintptr_t)parent;

	for (; *line != '\0'; line++)
		h = (h ^ (unsigned char)*line) * 1099511628211ULL;
	return (size_t)(h ^ h >> 29);
}

void
frr_tree_index_clear(struct frr_tree_index *index)
{
	free(index->slots);
	memset(index, 0, sizeof(*index));
}

static void
place(struct frr_node **slots, size_t cap, struct frr_node *node)
{
	size_t i = hash(node->parent, node->line) & (cap - 1);

	while (slots[i] != NULL)
		i = (i + 1) & (cap - 1);
	slots[i] = node;
}

static void
grow(struct frr_tree_index *index)
{
	size_t i, cap = index->cap == 0 ? 64 : index->cap * 2;
	struct frr_node **slots = mem_calloc(cap, sizeof(*slots));

	for (i = 0; i < index->cap; i++)
		if (index->slots[i] != NULL)
			place(slots, cap, index->slots[i]);
	free(index->slots);
	index->slots = slots;
	index->cap = cap;
}

void
frr_tree_index_put(struct frr_tree_index *index, struct frr_node *node)
{
	if ((index->n + 1) * 2 > index->cap)
		grow(index);
	place(index->slots, index->cap, node);
	index->n++;
}

void
frr_tree_index_children(struct frr_tree_index *index,
    const struct frr_node *parent)
{
	size_t i;

	for (i = 0; i < parent->n_children; i++)
		frr_tree_index_put(index, parent->children[i]);
}

struct frr_node *
frr_tree_index_find(const struct frr_tree_index *index,
    const struct frr_node *parent, const char *line)
{
	size_t i;

	if (index->cap == 0)
		return NULL;
	for (i = hash(parent, line) & (index->cap - 1); index->slots[i] != NULL;
	     i = (i + 1) & (index->cap - 1))
		if (index->slots[i]->parent == parent &&
		    strcmp(index->slots[i]->line, line) == 0)
			return index->slots[i];
	return NULL;
}
