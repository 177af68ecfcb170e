/* engine/route_map_users.c - who refers to a route map. */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/buf.h"
#include "base/err.h"
#include "engine/route_map_users.h"
#include "frr/tree.h"

enum {
	WORD_MAX = 256
};

/* Who uses a map, besides one neighbor's own attachments. */
struct referrers {
	const char *map;
	const char *neighbor;
	const char *direction;
	struct buf others; /* ", " between */
	unsigned n;
};

/* The words of FRR behind which a route map is named. */
static const char *const map_words[] = { "route-map", "call", "table-map",
	"unsuppress-map", "advertise-map", "exist-map", "non-exist-map",
	"import-map", "suppress-map", "attribute-map", "inject-map" };

static bool
is_map_word(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(map_words) / sizeof(map_words[0]); i++)
		if (strcmp(word, map_words[i]) == 0)
			return true;
	return false;
}

/* Does this line mention the map behind one of those words? */
static bool
mentions(const char *line, const char *map, unsigned *at)
{
	char word[WORD_MAX], next[WORD_MAX];
	unsigned i;

	for (i = 0; frr_tree_word(line, i, word, sizeof(word)); i++) {
		if (!is_map_word(word))
			continue;
		if (frr_tree_word(line, i + 1, next, sizeof(next)) &&
		    strcmp(next, map) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
}

static void
add_referrer(struct referrers *r, const char *line)
{
	char kind[32] = "", who[ADDR_TEXT_MAX] = "";

	(void)frr_tree_word(line, 0, kind, sizeof(kind));
	(void)frr_tree_word(line, 1, who, sizeof(who));
	buf_printf(&r->others, "%s%s", r->n++ > 0 ? ", " : "",
	    strcmp(kind, "neighbor") == 0 ? who : line);
}

static void
collect(struct referrers *r, const struct frr_node *node)
{
	char kind[16], who[ADDR_TEXT_MAX], direction[8];
	unsigned at;
	size_t i;

	for (i = 0; i < node->n_children; i++) {
		const char *line = node->children[i]->line;

		/* "route-map NAME permit 10" defines it; all else uses it. */
		if (mentions(line, r->map, &at) &&
		    (at > 0 || strncmp(line, "table-map ", 10) == 0)) {
			bool own = frr_tree_word(line, 0, kind, sizeof(kind)) &&
			    strcmp(kind, "neighbor") == 0 &&
			    frr_tree_word(line, 1, who, sizeof(who)) &&
			    strcmp(who, r->neighbor) == 0 &&
			    frr_tree_word(line, at + 2, direction,
				sizeof(direction)) &&
			    strcmp(direction, r->direction) == 0;

			if (!own)
				add_referrer(r, line);
		}
		if (strncmp(line, "call ", 5) == 0 &&
		    strcmp(line + 5, r->map) == 0)
			add_referrer(r, node->line);
		collect(r, node->children[i]);
	}
}

int
route_map_users_check(const struct frr_node *tree, const char *map,
    const char *neighbor, const char *direction, bool shared, struct err *err)
{
	struct referrers r = { map, neighbor, direction, BUF_INIT, 0 };

	if (shared)
		return 0;
	collect(&r, tree);
	if (r.n > 0) {
		(void)err_set(err, ERR_CONFLICT,
		    "route map %s is shared: %s uses it and so does %s; the "
		    "change would reach all of them (send \"shared\": true to "
		    "do that)",
		    map, neighbor, buf_text(&r.others));
		(void)err_reason(err, "route_map_shared");
	}
	buf_clear(&r.others);
	return r.n > 0 ? -1 : 0;
}

bool
route_map_users_exist(const struct frr_node *tree, const char *map)
{
	struct referrers r = { map, "", "", BUF_INIT, 0 };

	collect(&r, tree);
	buf_clear(&r.others);
	return r.n > 0;
}
