/* engine/edit_neighbor.h - the lines of one neighbor in "router bgp". */
#ifndef ENGINE_EDIT_NEIGHBOR_H
#define ENGINE_EDIT_NEIGHBOR_H

struct addr;
struct err;
struct frr_node;
struct upstream;

/*
 * Writes what differs between have (NULL: a new neighbor) and want, but for
 * route maps; lines that the model does not know stay, also when the neighbor
 * gets another address. As FRR's own running configuration prints it. -1 and
 * ERR_CONFLICT "peer_group": what is to go comes from the neighbor's group.
 */
int edit_neighbor(struct frr_node *tree, const struct upstream *have,
    const struct upstream *want, struct err *);
/* Every line of it in the default VRF. */
void edit_neighbor_remove(struct frr_node *tree, const struct addr *);

/*
 * Its password in FRR: key, or none with NULL. ERR_CONFLICT "peer_group" when
 * it is the group's.
 */
int edit_neighbor_password(struct frr_node *tree, const struct addr *neighbor,
    const char *key, struct err *);

#endif
