/* engine/route_map.h - what a route map means for an upstream, and edits. */
#ifndef ENGINE_ROUTE_MAP_H
#define ENGINE_ROUTE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct frr_node;
struct upstream;

/*
 * Fill import_prefix_list, local_preference / export_prefix_list,
 * as_path_prepend from up->route_map_in / _out; where the permit entries
 * differ among themselves a warning says so. family chooses "match ip" or
 * "match ipv6".
 */
void route_map_read_import(const struct frr_node *tree, unsigned family,
    struct upstream *up);
void route_map_read_export(const struct frr_node *tree, unsigned family,
    struct upstream *up);

/*
 * Edit a copy of the tree: on every permit entry of the neighbor's inbound
 * (outbound) map of every active family, set local-preference (null: no set
 * clause, FRR's default of 100) or prepend the local AS n times (0: none). A
 * neighbor without a map gets one of its own ("RM-NAME-IN", a single permit
 * entry), which changes nothing else.
 * -1: ERR_CONFLICT, reason "route_map_shared" when something else refers to
 * the map too and shared is false (all referrers are named),
 * "route_map_missing" when the attached map does not exist,
 * "no_import_policy" / "no_export_policy" when the neighbor is external and a
 * new map would permit what nothing filters,
 * "route_map_no_permit" when it has no permit entry, "prepend_foreign" when
 * it prepends other AS numbers than ours.
 */
int route_map_set_local_preference(struct frr_node *tree,
    const struct upstream *, bool null, uint32_t value, bool shared,
    struct err *);
int route_map_set_prepend(struct frr_node *tree, const struct upstream *,
    unsigned n, bool shared, struct err *);

/* The next permit entry of a map; after is NULL or the previous one. */
struct frr_node *route_map_next_permit(const struct frr_node *tree,
    const char *map, const struct frr_node *after);
bool route_map_exists(const struct frr_node *tree, const char *map);
/* "RM-NAME-IN", or with a number behind when that is taken. direction: "in",
 * "out". */
void route_map_new_name(const struct frr_node *tree, const char *upstream,
    const char *direction, char *out, size_t size);
/* Adds the line that attaches it. */
void route_map_attach(struct frr_node *tree, unsigned family,
    const char *neighbor, const char *map, const char *direction);

#endif
