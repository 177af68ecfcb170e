/* engine/prefix_list.c - a prefix list in the configuration tree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/number.h"
#include "engine/prefix_list.h"
#include "frr/tree.h"

enum {
	LIST_LINE_MAX = 320,
	LIST_SEQ_STEP = 5
};

static const char *
space(unsigned family)
{
	return family == 4 ? "ip" : "ipv6";
}

static void
head(char *out, unsigned family, const char *name)
{
	(void)snprintf(out, LIST_LINE_MAX, "%s prefix-list %.127s",
	    space(family), name);
}

static int
by_seq(const void *a, const void *b)
{
	const struct prefix_list_entry *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* "seq 5 permit ..." behind the head. */
static bool
read_entry(struct prefix_list_entry *e, const char *rest, unsigned family)
{
	char word[16];
	uint32_t seq;

	if (!frr_tree_word(rest, 1, word, sizeof(word)) ||
	    number_parse_u32(&seq, word, 1, UINT32_MAX, NULL) == -1)
		return false;
	e->seq = seq;
	rest += strcspn(rest, " ") + 1;
	rest += strcspn(rest, " ");
	return *rest == ' ' &&
	    prefix_rule_parse(&e->rule, rest + 1, family, NULL) == 0;
}

void
prefix_list_read(const struct frr_node *tree, unsigned family, const char *name,
    struct prefix_list *list)
{
	struct prefix_list_entry entry;
	char words[LIST_LINE_MAX];
	const char *rest;

	memset(list, 0, sizeof(*list));
	head(words, family, name);
	entry.node = NULL;
	while ((entry.node = frr_tree_child_prefix(tree, words, entry.node)) !=
	    NULL) {
		list->exists = true;
		rest = frr_tree_rest(entry.node, words);
		if (rest != NULL && strncmp(rest, "description ", 12) == 0) {
			list->described = true;
			continue;
		}
		if (rest == NULL || strncmp(rest, "seq ", 4) != 0 ||
		    !read_entry(&entry, rest, family)) {
			list->strange = true;
			continue;
		}
		list->v = mem_realloc(list->v, list->n + 1, sizeof(*list->v));
		list->v[list->n++] = entry;
	}
	if (list->n > 1)
		qsort(list->v, list->n, sizeof(*list->v), by_seq);
}

void
prefix_list_clear(struct prefix_list *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}

static const struct prefix_list_entry *
find(const struct prefix_list *list, const struct prefix_rule *rule)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (prefix_rule_equal(&list->v[i].rule, rule))
			return &list->v[i];
	return NULL;
}

/*
 * A sequence between two others for the first of n new rules in a row: the one
 * that was asked for, a round one at the end, else spread evenly. 0: no room.
 */
static unsigned
choose(unsigned low, unsigned high, unsigned wish, size_t n)
{
	unsigned step;

	if (wish > low && wish < high)
		return wish;
	if (high == UINT32_MAX)
		return (low / LIST_SEQ_STEP + 1) * LIST_SEQ_STEP;
	step = (high - low) / (unsigned)(n + 1);
	if (step == 0)
		step = 1;
	if (step > LIST_SEQ_STEP)
		step = LIST_SEQ_STEP;
	return low + step < high ? low + step : 0;
}

static int
out_of_order(const char *name, const struct prefix_rule *rule, bool moved,
    struct err *err)
{
	char text[PREFIX_RULE_TEXT_MAX];

	(void)prefix_rule_print(rule, text);
	if (moved)
		(void)err_set(err, ERR_CONFLICT,
		    "\"%s\" stands elsewhere in %s, and FRR cannot move a "
		    "rule: leave it out first, then add it in its new place",
		    text, name);
	else
		(void)err_set(err, ERR_CONFLICT,
		    "%s has no sequence number free for \"%s\": add it at the "
		    "end, or renumber the list by hand",
		    name, text);
	return err_reason(err, "prefix_list_order");
}

/* Fills seqs: where each wanted rule stands. */
static int
place(const struct prefix_list *list, const char *name,
    const struct prefix_list_item *want, size_t n, unsigned *seqs, size_t *bad,
    struct err *err)
{
	const struct prefix_list_entry *e;
	unsigned low = 0, high;
	size_t i, j;

	for (i = 0; i < n; i++) {
		e = find(list, &want[i].rule);
		if (bad != NULL)
			*bad = i;
		if (e != NULL && e->seq <= low)
			return out_of_order(name, &want[i].rule, true, err);
		if (e == NULL) {
			high = UINT32_MAX;
			for (j = i + 1; j < n && high == UINT32_MAX; j++)
				if ((e = find(list, &want[j].rule)) != NULL)
					high = e->seq;
			if (high == UINT32_MAX)
				j = n + 1;
			seqs[i] = choose(low, high, want[i].seq, j - 1 - i);
			if (seqs[i] == 0)
				return out_of_order(name, &want[i].rule,
				    high <= low, err);
		} else {
			seqs[i] = e->seq;
		}
		low = seqs[i];
	}
	return 0;
}

static bool
is_wanted(const struct prefix_rule *rule, const struct prefix_list_item *want,
    size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (prefix_rule_equal(rule, &want[i].rule))
			return true;
	return false;
}

static void
write_entry(struct frr_node *tree, unsigned family, const char *name,
    unsigned seq, const struct prefix_rule *rule)
{
	char words[LIST_LINE_MAX], text[PREFIX_RULE_TEXT_MAX];
	char line[LIST_LINE_MAX + PREFIX_RULE_TEXT_MAX + 24];

	head(words, family, name);
	(void)snprintf(line, sizeof(line), "%s seq %u %s", words, seq,
	    prefix_rule_print(rule, text));
	(void)frr_tree_add(tree, line);
}

void
prefix_list_want(struct prefix_list_wants *w, const struct prefix_rule *rule,
    unsigned seq)
{
	w->v = mem_realloc(w->v, w->n + 1, sizeof(*w->v));
	w->v[w->n++] = (struct prefix_list_item) { *rule, seq };
}

int
prefix_list_set(struct frr_node *tree, unsigned family, const char *name,
    const struct prefix_list_item *want, size_t n, size_t *bad, struct err *err)
{
	unsigned *seqs = mem_calloc(n + 1, sizeof(*seqs));
	struct prefix_list list;
	char words[LIST_LINE_MAX];
	struct frr_node *node;
	size_t i;
	int rc;

	prefix_list_read(tree, family, name, &list);
	if (list.strange && n > 0)
		rc = err_set(err, ERR_CONFLICT,
		    "%s has lines that multihomed does not understand: change "
		    "it by hand",
		    name);
	else
		rc = place(&list, name, want, n, seqs, bad, err);
	for (i = 0; rc == 0 && i < list.n; i++)
		if (!is_wanted(&list.v[i].rule, want, n))
			frr_tree_remove(list.v[i].node);
	for (i = 0; rc == 0 && i < n; i++)
		if (find(&list, &want[i].rule) == NULL)
			write_entry(tree, family, name, seqs[i], &want[i].rule);
	head(words, family, name);
	while (rc == 0 && n == 0 &&
	    (node = frr_tree_child_prefix(tree, words, NULL)) != NULL)
		frr_tree_remove(node);
	prefix_list_clear(&list);
	free(seqs);
	return rc;
}

/* Does the line name the list in this name space? A neighbor's filter does so
 * by the section it stands in; we take it for both. */
static bool
names(const struct frr_node *node, unsigned family, const char *name)
{
	char before[32] = "", word[128], space_word[8] = "";
	unsigned i;

	for (i = 0; frr_tree_word(node->line, i, word, sizeof(word)); i++) {
		if (i == 1)
			(void)snprintf(space_word, sizeof(space_word), "%.7s",
			    word);
		if (strcmp(before, "prefix-list") == 0 &&
		    strcmp(word, name) == 0)
			return strncmp(node->line, "match ", 6) != 0 ||
			    strcmp(space_word, space(family)) == 0;
		(void)snprintf(before, sizeof(before), "%.31s", word);
	}
	return false;
}

const struct frr_node *
prefix_list_user(const struct frr_node *tree, unsigned family, const char *name)
{
	const struct frr_node *hit;
	size_t i;

	for (i = 0; i < tree->n_children; i++) {
		const struct frr_node *node = tree->children[i];

		if (tree->parent == NULL &&
		    (strncmp(node->line, "ip prefix-list ", 15) == 0 ||
			strncmp(node->line, "ipv6 prefix-list ", 17) == 0))
			continue;
		if (names(node, family, name))
			return node;
		hit = prefix_list_user(node, family, name);
		if (hit != NULL)
			return hit;
	}
	return NULL;
}
