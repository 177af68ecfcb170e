/* engine/route_map_users.h - who refers to a route map. */
#ifndef ENGINE_ROUTE_MAP_USERS_H
#define ENGINE_ROUTE_MAP_USERS_H

#include <stdbool.h>

struct err;
struct frr_node;

/*
 * Does anything but "neighbor NEIGHBOR route-map MAP DIRECTION" refer to the
 * map? 0 when not, or when shared is true; else -1 and ERR_CONFLICT, reason
 * "route_map_shared", with all referrers named.
 */
int route_map_users_check(const struct frr_node *tree, const char *map,
    const char *neighbor, const char *direction, bool shared, struct err *);
/* Does any line refer to it? */
bool route_map_users_exist(const struct frr_node *tree, const char *map);

#endif
