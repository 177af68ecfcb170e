/* engine/edit_tunnel_overlap.h - whose addresses a tunnel's subnet holds. */
#ifndef ENGINE_EDIT_TUNNEL_OVERLAP_H
#define ENGINE_EDIT_TUNNEL_OVERLAP_H

#include <stdbool.h>

#include "base/addr.h"

struct edit_tunnel;
struct err;
struct observation;
struct op_link;
struct tunnel;

/* The subnet of an address, host bits cleared. */
struct prefix edit_tunnel_overlap_subnet(const struct addr *, unsigned len);
/* Has the link an address, link-local ones apart, in the wanted tunnel's
 * subnet, or the other way about? */
bool edit_tunnel_overlap_link(const struct edit_tunnel *,
    const struct tunnel *want, const struct op_link *);
/* The wanted tunnel would draw another upstream's neighbor to itself:
 * ERR_UNPROCESSABLE at its address, with the neighbor's name. */
int edit_tunnel_overlap_neighbors(const struct observation *,
    const struct edit_tunnel *, const struct tunnel *want, struct err *);

#endif
