/* engine/drain_worn.c - is all that a drain adds still there? */
#include <stddef.h>
#include <string.h>

#include "engine/adopt.h"
#include "engine/drain_map.h"
#include "engine/drain_worn.h"
#include "frr/state.h"
#include "frr/tree.h"

enum {
	WORD_MAX_LEN = 128
};

static bool
is_word(const char *line, unsigned n, const char *wanted)
{
	char word[WORD_MAX_LEN];

	return frr_tree_word(line, n, word, sizeof(word)) &&
	    strcmp(word, wanted) == 0;
}

/* Every map that this neighbor should have is attached to it. */
static bool
has_all_maps(const struct frr_node *raw, const struct frr_node *laid,
    const char *neighbor)
{
	size_t i;

	for (i = 0; laid != NULL && i < laid->n_children; i++) {
		const char *line = laid->children[i]->line;

		if (is_word(line, 1, neighbor) &&
		    is_word(line, 2, "route-map") &&
		    (raw == NULL || frr_tree_child(raw, line) == NULL))
			return false;
	}
	return true;
}

/* "route-map MH-DRAIN-IFOG-OUT4 permit 10" is of the stem "MH-DRAIN-IFOG". */
static bool
is_of(const char *line, const char *stem)
{
	char map[WORD_MAX_LEN];
	size_t len = strlen(stem);

	return is_word(line, 0, "route-map") &&
	    frr_tree_word(line, 1, map, sizeof(map)) &&
	    strncmp(map, stem, len) == 0 && map[len] == '-' &&
	    strchr(map + len + 1, '-') == NULL;
}

static size_t
count_entries(const struct frr_node *tree, const char *stem)
{
	size_t i, n = 0;

	for (i = 0; i < tree->n_children; i++)
		n += is_of(tree->children[i]->line, stem) ? 1 : 0;
	return n;
}

static bool
are_maps_alike(const struct frr_node *raw, const struct frr_node *laid,
    const char *stem)
{
	const struct frr_node *entry, *had;
	size_t i;

	for (i = 0; i < laid->n_children; i++) {
		entry = laid->children[i];
		if (!is_of(entry->line, stem))
			continue;
		had = frr_tree_child(raw, entry->line);
		if (had == NULL || !frr_tree_equal(had, entry))
			return false;
	}
	return count_entries(raw, stem) == count_entries(laid, stem);
}

void
drain_worn_judge(const struct frr_node *raw, const struct frr_node *tree,
    struct drain_marks *marks)
{
	struct frr_node *laid = frr_tree_copy(tree);
	const struct frr_node *had = adopt_bgp(raw), *bgp;
	unsigned family;
	size_t i;

	drain_map_lay(laid, marks);
	bgp = adopt_bgp(laid);
	for (i = 0; i < marks->n; i++) {
		struct drain_mark *m = &marks->v[i];

		m->worn = !are_maps_alike(raw, laid, m->stem);
		for (family = 0; family < FAMILIES && bgp != NULL; family++)
			if (!has_all_maps(adopt_family(had, family),
				adopt_family(bgp, family), m->neighbor))
				m->worn = true;
	}
	frr_tree_free(&laid);
}
