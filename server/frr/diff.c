/* frr/diff.c - two trees into ordered configuration steps. */
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/diff.h"
#include "frr/line.h"
#include "frr/section.h"
#include "frr/tree.h"
#include "frr/tree_index.h"
#include "frr/tree_inside.h"

enum {
	RANK_LISTS,
	RANK_ROUTE_MAPS,
	RANK_OTHER,
	RANK_BGP,
	RANKS
};

struct key_entry {
	char *key;
	const struct frr_node *node;
};

/* The lines that one side has and the other has not, by their keys. */
struct keys {
	struct key_entry *v; /* sorted */
	size_t n;
};

/* One section on both sides; a side is NULL when the section is not there. */
struct side_by_side {
	const struct frr_node *before;
	const struct frr_node *after;
	enum frr_section kind;
	struct frr_tree_index before_index;
	struct frr_tree_index after_index;
	struct keys gone;
	struct keys come;
	const char *path[FRR_DIFF_DEPTH + 1];
	size_t n_path;
	struct frr_steps *steps;
};

static int diff_added(struct side_by_side *, struct err *);
static int diff_removed(struct side_by_side *, struct err *);

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct key_entry *)a)->key,
	    ((const struct key_entry *)b)->key);
}

static const struct frr_node *
find_in(const struct frr_tree_index *index, const struct frr_node *node,
    const char *line)
{
	return node == NULL ? NULL : frr_tree_index_find(index, node, line);
}

static void
keys_init(struct keys *keys, enum frr_section kind, const struct frr_node *node,
    const struct frr_node *other, const struct frr_tree_index *other_index)
{
	size_t i;

	keys->v = mem_calloc(node->n_children, sizeof(*keys->v));
	for (i = 0; i < node->n_children; i++) {
		const struct frr_node *child = node->children[i];
		char *key;

		if (find_in(other_index, other, child->line) != NULL)
			continue;
		key = frr_line_key(kind, child->line);
		if (key != NULL)
			keys->v[keys->n++] = (struct key_entry) { key, child };
	}
	qsort(keys->v, keys->n, sizeof(*keys->v), compare_keys);
}

static void
keys_clear(struct keys *keys)
{
	size_t i;

	for (i = 0; i < keys->n; i++)
		free(keys->v[i].key);
	free(keys->v);
}

static void
side_by_side_init(struct side_by_side *s, const struct frr_node *before,
    const struct frr_node *after, struct frr_steps *steps)
{
	memset(s, 0, sizeof(*s));
	s->before = before;
	s->after = after;
	s->steps = steps;
	s->kind = frr_tree_kind(after != NULL ? after : before);
	if (before != NULL)
		frr_tree_index_children(&s->before_index, before);
	if (after != NULL)
		frr_tree_index_children(&s->after_index, after);
	if (before == NULL || after == NULL)
		return;
	keys_init(&s->gone, s->kind, before, after, &s->after_index);
	keys_init(&s->come, s->kind, after, before, &s->before_index);
}

static void
side_by_side_clear(struct side_by_side *s)
{
	keys_clear(&s->gone);
	keys_clear(&s->come);
	frr_tree_index_clear(&s->before_index);
	frr_tree_index_clear(&s->after_index);
}

/* The entry with the key that this line has, if any. */
static struct key_entry *
find_key(const struct side_by_side *s, const struct keys *keys,
    const char *line)
{
	struct key_entry *found, want = { NULL, NULL };

	if (keys->n == 0 || (want.key = frr_line_key(s->kind, line)) == NULL)
		return NULL;
	found =
	    bsearch(&want, keys->v, keys->n, sizeof(*keys->v), compare_keys);
	free(want.key);
	return found;
}

static int
add(struct side_by_side *s, const char *old, const char *new, struct err *err)
{
	return frr_steps_add(s->steps, s->path, s->n_path, old, new, err);
}

/* The same for one child section; before and after not both NULL. */
static int
descend(struct side_by_side *s, const struct frr_node *before,
    const struct frr_node *after,
    int (*what)(struct side_by_side *, struct err *), struct err *err)
{
	struct side_by_side child;
	int rc;

	if ((before == NULL || before->n_children == 0) &&
	    (after == NULL || after->n_children == 0))
		return 0;
	if (s->n_path == FRR_DIFF_DEPTH && before != NULL && after != NULL &&
	    frr_tree_equal(before, after))
		return 0;
	if (s->n_path == FRR_DIFF_DEPTH)
		return err_set(err, ERR_UNSUPPORTED,
		    "configuration sections nested deeper than %d",
		    FRR_DIFF_DEPTH);
	side_by_side_init(&child, before, after, s->steps);
	memcpy(child.path, s->path, sizeof(s->path));
	child.path[s->n_path] = (after != NULL ? after : before)->line;
	child.n_path = s->n_path + 1;
	rc = what(&child, err);
	side_by_side_clear(&child);
	return rc;
}

/* What must be there before other lines can refer to it comes first. */
static unsigned
rank_of(enum frr_section kind, const struct frr_node *child)
{
	const char *line = child->line;
	char word[32] = "";
	bool more;

	if (kind == SECTION_ROOT) {
		if (frr_section_starts(line, "router bgp"))
			return RANK_BGP;
		if (frr_section_kind(kind, line) == SECTION_ROUTE_MAP)
			return RANK_ROUTE_MAPS;
		return strstr(line, "prefix-list ") != NULL ||
			strstr(line, "access-list ") != NULL ||
			strstr(line, "community-list ") != NULL ?
		    RANK_LISTS :
		    RANK_OTHER;
	}
	if (kind != SECTION_BGP && kind != SECTION_BGP_FAMILY)
		return 0;
	if (child->is_section)
		return RANKS - 1;
	if (!frr_section_starts(line, "neighbor") ||
	    !frr_tree_word(line, 2, word, sizeof(word)))
		return 0;
	more = frr_tree_word(line, 3, word, sizeof(word));
	(void)frr_tree_word(line, 2, word, sizeof(word));
	if (strcmp(word, "peer-group") == 0)
		return more ? 2 : 0; /* member : definition */
	/* A family is on only while its filters hold. */
	if (strcmp(word, "activate") == 0)
		return RANKS - 1;
	return strcmp(word, "remote-as") == 0 ||
		strcmp(word, "interface") == 0 ?
	    1 :
	    2;
}

static int
add_new_child(struct side_by_side *s, const struct frr_node *child,
    struct err *err)
{
	struct key_entry *over = find_key(s, &s->gone, child->line);
	const struct frr_node *old = over == NULL ? NULL : over->node;

	if (over != NULL)
		over->node = NULL; /* taken over once */
	/* "route-map X deny 10" in place of "permit 10": a removal goes by the
	 * sequence alone, so it must come before the new one. */
	if (old != NULL &&
	    frr_section_kind(s->kind, old->line) != SECTION_NONE) {
		if (descend(s, old, NULL, diff_removed, err) == -1 ||
		    add(s, old->line, NULL, err) == -1)
			return -1;
		old = NULL;
	}
	return add(s, old == NULL ? NULL : old->line, child->line, err);
}

static int
add_child(struct side_by_side *s, const struct frr_node *child, struct err *err)
{
	const struct frr_node *same =
	    find_in(&s->before_index, s->before, child->line);

	/* Its lines open it by themselves. */
	if (same == NULL && !frr_section_is_implied(s->kind, child->line) &&
	    add_new_child(s, child, err) == -1)
		return -1;
	return descend(s, same, child, diff_added, err);
}

static int
diff_added(struct side_by_side *s, struct err *err)
{
	unsigned rank;
	size_t i;
	int pass;

	if (s->after == NULL)
		return 0;
	for (rank = 0; rank < RANKS; rank++)
		for (pass = 0; pass < 2; pass++) /* lines, then sections */
			for (i = 0; i < s->after->n_children; i++) {
				const struct frr_node *child =
				    s->after->children[i];

				if (rank_of(s->kind, child) == rank &&
				    (child->n_children > 0) == (pass == 1) &&
				    add_child(s, child, err) == -1)
					return -1;
			}
	return 0;
}

static int
remove_child(struct side_by_side *s, const struct frr_node *child,
    struct err *err)
{
	const struct frr_node *same =
	    find_in(&s->after_index, s->after, child->line);

	/* Overwritten or replaced already, while adding. */
	if (same == NULL && find_key(s, &s->come, child->line) != NULL)
		return 0;
	if (descend(s, child, same, diff_removed, err) == -1)
		return -1;
	if (same != NULL || frr_section_is_implied(s->kind, child->line))
		return 0;
	return add(s, child->line, NULL, err);
}

static int
diff_removed(struct side_by_side *s, struct err *err)
{
	unsigned rank;
	size_t i;
	int pass;

	if (s->before == NULL)
		return 0;
	for (rank = RANKS; rank-- > 0;)
		for (pass = 1; pass >= 0; pass--)
			for (i = s->before->n_children; i-- > 0;) {
				const struct frr_node *child =
				    s->before->children[i];

				if (rank_of(s->kind, child) == rank &&
				    (child->n_children > 0) == (pass == 1) &&
				    remove_child(s, child, err) == -1)
					return -1;
			}
	return 0;
}

int
frr_diff(const struct frr_node *before, const struct frr_node *after,
    struct frr_steps *steps, struct err *err)
{
	struct side_by_side s;
	int rc = 0;

	side_by_side_init(&s, before, after, steps);
	if (diff_added(&s, err) == -1 || diff_removed(&s, err) == -1)
		rc = -1;
	side_by_side_clear(&s);
	return rc;
}
