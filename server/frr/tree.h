/* frr/tree.h - FRR's running configuration as a tree that keeps everything. */
#ifndef FRR_TREE_H
#define FRR_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

/*
 * A node is one configuration line, words separated by single blanks, without
 * indentation. A section ("route-map X permit 10", "router bgp 65000",
 * "address-family ipv6 unicast", "interface X", "vrf X") holds children. Lines
 * that the parser does not understand are kept as they are, in order, in the
 * section where they stand. Comments ('!'), "exit", "end",
 * "exit-address-family" and headers of show running-config are structure, not
 * nodes.
 */
struct frr_node {
	char *line;
	struct frr_node *parent; /* NULL for the root */
	struct frr_node **children;
	size_t n_children;
	size_t cap_children;
	bool is_section;
};

/* The root: line is "", is_section true. */
struct frr_node *frr_tree_new(void);
/* Takes NULL too; *treep is NULL afterwards. */
void frr_tree_free(struct frr_node **treep);
/* A deep copy. */
struct frr_node *frr_tree_copy(const struct frr_node *);

/*
 * The output of "show running-config" of one daemon or of vtysh, or a
 * frr.conf. Returns a new tree, or NULL and ERR_TOOL when it is not one:
 * NUL bytes, a line over 4,000 bytes, over 1,000,000 lines. Indentation is not
 * trusted alone: sections are known by their first words, as FRR does.
 */
struct frr_node *frr_tree_parse(const char *text, size_t len, struct err *);

/* Adds what other has and tree has not (the parts of several daemons merged
 * into one configuration, duplicates dropped). */
void frr_tree_merge(struct frr_node *tree, const struct frr_node *other);

/* Prints in frr.conf form: one blank of indentation per level, "exit" and
 * "exit-address-family" where FRR prints them, "!" after top sections.
 * parse(print(t)) equals t. */
void frr_tree_print(const struct frr_node *, struct buf *);

/* The child whose line is exactly this; NULL when there is none. */
struct frr_node *frr_tree_child(const struct frr_node *, const char *line);
/* The first child whose line starts with these words (on a word boundary);
 * after is NULL or the previous hit: the next one. */
struct frr_node *frr_tree_child_prefix(const struct frr_node *,
    const char *prefix, const struct frr_node *after);
/* What follows the prefix and its blank: "150" for "set local-preference".
 * NULL when the line does not start with it. */
const char *frr_tree_rest(const struct frr_node *, const char *prefix);

/* Appends a child (kept at the end; sections are recognised by their words as
 * parse does). Returns the child; an equal child is returned, not doubled. */
struct frr_node *frr_tree_add(struct frr_node *, const char *line);
void frr_tree_remove(struct frr_node *child);
/* Replaces a leaf's line. */
void frr_tree_set_line(struct frr_node *, const char *line);
/* Equal in meaning: same lines in the same sections, order of leaves and of
 * top sections ignored. */
bool frr_tree_equal(const struct frr_node *, const struct frr_node *);

/*
 * n-th word (0 is the first) of a line into out; false when there is no such
 * word or it does not fit.
 */
bool frr_tree_word(const char *line, unsigned n, char *out, size_t size);

#endif
