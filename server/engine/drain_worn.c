/* engine/drain_worn.c - is all that a drain adds still there? */
#include <stdio.h>
#include <string.h>

#include "engine/adopt.h"
#include "engine/drain_map.h"
#include "engine/drain_worn.h"
#include "frr/state.h"
#include "frr/tree.h"

enum {
	HEAD_MAX_LEN = 64
};

/* The map that it should have there is attached. */
static bool
is_attached_alike(const struct frr_node *raw, const struct frr_node *laid,
    const char *neighbor, const char *direction)
{
	const struct frr_node *node = drain_map_line(laid, neighbor, direction);

	return node == NULL ||
	    (raw != NULL && frr_tree_child(raw, node->line) != NULL);
}

static bool
are_attached_alike(const struct frr_node *raw, const struct frr_node *laid,
    const char *neighbor)
{
	const struct frr_node *had, *wanted;
	unsigned family;

	for (family = 0; family < FAMILIES; family++) {
		had = adopt_family(raw, family);
		wanted = adopt_family(laid, family);
		if (wanted != NULL &&
		    (!is_attached_alike(had, wanted, neighbor, "in") ||
			!is_attached_alike(had, wanted, neighbor, "out")))
			return false;
	}
	return true;
}

/* "route-map MH-DRAIN-IFOG-OUT4 permit 10" begins with "route-map
 * MH-DRAIN-IFOG-", and no further part follows. */
static bool
is_of(const char *line, const char *head)
{
	size_t len = strlen(head);

	return strncmp(line, head, len) == 0 &&
	    line[len + strcspn(line + len, "- ")] == ' ';
}

static size_t
count_entries(const struct frr_node *tree, const char *head)
{
	size_t i, n = 0;

	for (i = 0; i < tree->n_children; i++)
		n += is_of(tree->children[i]->line, head) ? 1 : 0;
	return n;
}

static bool
are_maps_alike(const struct frr_node *raw, const struct frr_node *laid,
    const char *stem)
{
	const struct frr_node *entry, *had;
	char head[HEAD_MAX_LEN];
	size_t i;

	(void)snprintf(head, sizeof(head), "route-map %s-", stem);
	for (i = 0; i < laid->n_children; i++) {
		entry = laid->children[i];
		if (!is_of(entry->line, head))
			continue;
		had = frr_tree_child(raw, entry->line);
		if (had == NULL || !frr_tree_equal(had, entry))
			return false;
	}
	return count_entries(raw, head) == count_entries(laid, head);
}

void
drain_worn_judge(const struct frr_node *raw, const struct frr_node *tree,
    struct drain_marks *marks)
{
	struct frr_node *laid = frr_tree_copy(tree);
	size_t i;

	drain_map_lay(laid, marks);
	for (i = 0; i < marks->n; i++) {
		struct drain_mark *m = &marks->v[i];

		m->worn = !are_maps_alike(raw, laid, m->stem) ||
		    !are_attached_alike(adopt_bgp(raw), adopt_bgp(laid),
			m->neighbor);
	}
	frr_tree_free(&laid);
}
