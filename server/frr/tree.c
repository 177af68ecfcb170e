/* frr/tree.c - FRR's running configuration as a tree that keeps everything. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "frr/tree_index.h"
#include "frr/tree_inside.h"

struct frr_node *
frr_tree_new(void)
{
	struct frr_node *root = mem_calloc(1, sizeof(*root));

	root->line = mem_strdup("");
	root->is_section = true;
	return root;
}

void
frr_tree_free(struct frr_node **treep)
{
	struct frr_node *node = *treep;
	size_t i;

	if (node == NULL)
		return;
	for (i = 0; i < node->n_children; i++)
		frr_tree_free(&node->children[i]);
	free(node->children);
	/* Lines of a configuration may be passwords. */
	mem_wipe(node->line);
	free(node);
	*treep = NULL;
}

static void
adopt(struct frr_node *parent, struct frr_node *child)
{
	if (parent->n_children == parent->cap_children) {
		parent->cap_children =
		    parent->cap_children == 0 ? 8 : parent->cap_children * 2;
		parent->children = mem_realloc(parent->children,
		    parent->cap_children, sizeof(*parent->children));
	}
	parent->children[parent->n_children++] = child;
	child->parent = parent;
}

struct frr_node *
frr_tree_append(struct frr_node *parent, const char *line)
{
	struct frr_node *node = mem_calloc(1, sizeof(*node));

	node->line = mem_strdup(line);
	adopt(parent, node);
	return node;
}

struct frr_node *
frr_tree_copy(const struct frr_node *node)
{
	struct frr_node *copy = mem_calloc(1, sizeof(*copy));
	size_t i;

	copy->line = mem_strdup(node->line);
	copy->is_section = node->is_section;
	for (i = 0; i < node->n_children; i++)
		adopt(copy, frr_tree_copy(node->children[i]));
	return copy;
}

enum frr_section
frr_tree_kind(const struct frr_node *node)
{
	enum frr_section kind;

	if (node->parent == NULL)
		return SECTION_ROOT;
	kind = frr_section_kind(frr_tree_kind(node->parent), node->line);
	return kind == SECTION_NONE && node->is_section ? SECTION_OTHER : kind;
}

char *
frr_tree_normal(const char *line, size_t len)
{
	char *out = mem_alloc(len + 1);
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
			out[n++] = line[i];
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return out;
}

void
frr_tree_merge(struct frr_node *tree, const struct frr_node *other)
{
	struct frr_tree_index index = FRR_TREE_INDEX_INIT;
	struct frr_node *mine;
	size_t i;

	frr_tree_index_children(&index, tree);
	for (i = 0; i < other->n_children; i++) {
		const struct frr_node *child = other->children[i];

		mine = frr_tree_index_find(&index, tree, child->line);
		if (mine == NULL) {
			mine = frr_tree_copy(child);
			adopt(tree, mine);
			frr_tree_index_put(&index, mine);
			continue;
		}
		mine->is_section |= child->is_section;
		frr_tree_merge(mine, child);
	}
	frr_tree_index_clear(&index);
}

static void
indent(struct buf *b, unsigned depth)
{
	while (depth-- > 0)
		buf_putc(b, ' ');
}

static void
print_children(const struct frr_node *node, unsigned depth, struct buf *b)
{
	bool after_leaf = false;
	size_t i;

	for (i = 0; i < node->n_children; i++) {
		const struct frr_node *child = node->children[i];
		bool known = frr_section_kind(frr_tree_kind(node),
				 child->line) != SECTION_NONE;
		/* Without children an unknown head would read back as a line
		 * followed by an "exit" of its parent's. */
		bool section =
		    child->is_section && (known || child->n_children > 0);

		if (section && after_leaf) {
			indent(b, depth);
			buf_puts(b, "!\n");
		}
		indent(b, depth);
		buf_puts(b, child->line);
		buf_putc(b, '\n');
		after_leaf = !section;
		if (!section)
			continue;
		print_children(child, depth + 1, b);
		indent(b, depth);
		buf_puts(b, frr_section_exit(child->line));
		buf_puts(b, depth == 0 ? "\n!\n" : "\n");
	}
}

void
frr_tree_print(const struct frr_node *tree, struct buf *b)
{
	print_children(tree, 0, b);
}

struct frr_node *
frr_tree_child(const struct frr_node *node, const char *line)
{
	size_t i;

	for (i = 0; i < node->n_children; i++)
		if (strcmp(node->children[i]->line, line) == 0)
			return node->children[i];
	return NULL;
}

struct frr_node *
frr_tree_child_prefix(const struct frr_node *node, const char *prefix,
    const struct frr_node *after)
{
	size_t i = 0;

	if (after != NULL) {
		while (i < node->n_children && node->children[i] != after)
			i++;
		i++;
	}
	for (; i < node->n_children; i++)
		if (frr_section_starts(node->children[i]->line, prefix))
			return node->children[i];
	return NULL;
}

const char *
frr_tree_rest(const struct frr_node *node, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!frr_section_starts(node->line, prefix))
		return NULL;
	return node->line[n] == ' ' ? node->line + n + 1 : node->line + n;
}

struct frr_node *
frr_tree_add(struct frr_node *parent, const char *line)
{
	char *normal = frr_tree_normal(line, strlen(line));
	struct frr_node *child;

	/* Our own bugs: lines to add come from parsed types. */
	assert(normal[0] != '\0' && strchr(normal, '\n') == NULL);
	child = frr_tree_child(parent, normal);
	if (child == NULL) {
		child = frr_tree_append(parent, normal);
		child->is_section = frr_tree_kind(child) != SECTION_NONE;
		parent->is_section = true;
	}
	mem_wipe(normal);
	return child;
}

void
frr_tree_remove(struct frr_node *child)
{
	struct frr_node *parent = child->parent;
	size_t i = 0;

	assert(parent != NULL);
	while (parent->children[i] != child)
		i++;
	parent->n_children--;
	memmove(&parent->children[i], &parent->children[i + 1],
	    (parent->n_children - i) * sizeof(*parent->children));
	frr_tree_free(&child);
}

void
frr_tree_set_line(struct frr_node *node, const char *line)
{
	char *normal = frr_tree_normal(line, strlen(line));

	assert(node->n_children == 0 && normal[0] != '\0' &&
	    strchr(normal, '\n') == NULL);
	mem_wipe(node->line);
	node->line = normal;
}

bool
frr_tree_equal(const struct frr_node *a, const struct frr_node *b)
{
	struct frr_tree_index index = FRR_TREE_INDEX_INIT;
	bool equal =
	    a->n_children == b->n_children && strcmp(a->line, b->line) == 0;
	size_t i;

	if (!equal || a->n_children == 0)
		return equal;
	frr_tree_index_children(&index, b);
	for (i = 0; equal && i < a->n_children; i++) {
		const struct frr_node *other =
		    frr_tree_index_find(&index, b, a->children[i]->line);

		equal = other != NULL && frr_tree_equal(a->children[i], other);
	}
	frr_tree_index_clear(&index);
	return equal;
}

bool
frr_tree_word(const char *line, unsigned n, char *out, size_t size)
{
	size_t len;

	for (;; n--) {
		line += strspn(line, " ");
		len = strcspn(line, " ");
		if (len == 0)
			return false;
		if (n == 0)
			break;
		line += len;
	}
	if (len >= size)
		return false;
	memcpy(out, line, len);
	out[len] = '\0';
	return true;
}
