/* frr/tree_inside.h - what the files of the tree share among themselves. */
#ifndef FRR_TREE_INSIDE_H
#define FRR_TREE_INSIDE_H

#include <stddef.h>

#include "frr/section.h"

struct frr_node;

/* A new last child with a copy of the line, which is normal already (single
 * blanks) and not yet there: the caller has looked. */
struct frr_node *frr_tree_append(struct frr_node *parent, const char *line);
/* What the node is, from its own words and those of its parents. */
enum frr_section frr_tree_kind(const struct frr_node *);
/* A copy with single blanks, none at the ends; free() it. */
char *frr_tree_normal(const char *line, size_t len);

#endif
