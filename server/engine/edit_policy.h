/* engine/edit_policy.h - the route maps of a neighbor: lists and values. */
#ifndef ENGINE_EDIT_POLICY_H
#define ENGINE_EDIT_POLICY_H

struct err;
struct frr_node;
struct upstream;
struct upstream_order;

/*
 * After edit_neighbor(): prefix lists, local preference and prepends become
 * those of want where they differ from have (NULL: new), or where a PATCH
 * names them. A new external neighbor gets maps of its own
 * (RM-NAME-IN and -OUT: entry 10 for IPv6, 20 for IPv4 beside it), an internal
 * one where there is something to say. A family that becomes active gets the
 * map of the other. -1 as engine/route_map.h says, and ERR_CONFLICT
 * "route_map_complex" when the entries of a map that was made by hand match
 * different lists.
 */
int edit_policy(struct frr_node *tree, const struct upstream *have,
    const struct upstream *want, const struct upstream_order *, struct err *);
/* The neighbor's maps, named in up, go unless something refers to them. */
void edit_policy_remove(struct frr_node *tree, const char *map);

#endif
