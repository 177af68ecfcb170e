/* engine/drain_worn.h - drains that somebody has taken apart by hand. */
#ifndef ENGINE_DRAIN_WORN_H
#define ENGINE_DRAIN_WORN_H

struct drain_marks;
struct frr_node;

/*
 * Notes in each mark whether raw, FRR's configuration, has less or other than
 * drain_map_lay() makes of it: a map was detached or changed, or what it is a
 * copy of was. tree is raw after drain_map_strip(), which gave the marks.
 */
void drain_worn_judge(const struct frr_node *raw, const struct frr_node *tree,
    struct drain_marks *);

#endif
