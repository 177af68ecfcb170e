/* engine/prefix_list.h - a prefix list in the configuration tree. */
#ifndef ENGINE_PREFIX_LIST_H
#define ENGINE_PREFIX_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/prefix_rule.h"

struct err;
struct frr_node;

struct prefix_list_entry {
	unsigned seq;
	struct prefix_rule rule;
	struct frr_node *node; /* of the tree that was read */
};

struct prefix_list {
	struct prefix_list_entry *v; /* by seq */
	size_t n;
	bool exists;    /* has an entry or a description */
	bool described; /* FRR then keeps it, empty: it permits everything */
	bool strange;   /* has entries that were not understood, left out */
};

/* family: 4 "ip", 6 "ipv6". Clear it after. */
void prefix_list_read(const struct frr_node *tree, unsigned family,
    const char *name, struct prefix_list *);
void prefix_list_clear(struct prefix_list *);

/* What is wanted, in this order. seq: where it should stand if it is new and
 * there is room; 0: anywhere in its place. */
struct prefix_list_item {
	struct prefix_rule rule;
	unsigned seq;
};
/* Zeroed: none. free() v after. */
struct prefix_list_wants {
	struct prefix_list_item *v;
	size_t n;
};
void prefix_list_want(struct prefix_list_wants *, const struct prefix_rule *,
    unsigned seq);

/*
 * Changes the tree so that the list has exactly these rules in this order;
 * n 0: it goes. Entries that are there stay at their sequence: FRR silently
 * drops a rule that the list has at another sequence, so nothing is moved.
 * -1: ERR_CONFLICT, reason "prefix_list_order": the wanted order would move an
 * entry (*bad, may be NULL, is its index), or there is no room between two.
 */
int prefix_list_set(struct frr_node *tree, unsigned family, const char *name,
    const struct prefix_list_item *, size_t n, size_t *bad, struct err *);

/* The first line outside the list itself that names it, or NULL; both name
 * spaces may hold a list of this name, and a match line says which. */
const struct frr_node *prefix_list_user(const struct frr_node *tree,
    unsigned family, const char *name);

#endif
