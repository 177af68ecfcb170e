/* engine/edit_bogons.h - PL-BOGONS as it shall be. */
#ifndef ENGINE_EDIT_BOGONS_H
#define ENGINE_EDIT_BOGONS_H

#include <stdbool.h>

struct err;
struct router_config;
struct target;

/*
 * Changes the list from now to want; changed: the prefixes differ, which the
 * builtin list refuses to hear of. A list of the operator's own is left alone
 * unless want has another. ERR_CONFLICT, reason "prefix_list_in_use", when it
 * is to go and somebody refers to it, or "prefix_list_order".
 */
int edit_bogons(struct target *, const struct router_config *now,
    const struct router_config *want, bool changed, struct err *);

#endif
