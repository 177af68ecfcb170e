/* engine/drain_view.h - what of the router is out of service, in words. */
#ifndef ENGINE_DRAIN_VIEW_H
#define ENGINE_DRAIN_VIEW_H

#include <stdint.h>

struct addr;
struct drain_list;
struct observation;
struct router;

/* "in_service", "draining", "drained", "returning": over all reasons that
 * reach the neighbor; NULL: the router's own. */
const char *drain_view_state(const struct drain_list *, const struct addr *);
/* Into every upstream of it: state and reason. */
void drain_view_fill(struct observation *);
/* Warnings about reasons that are older than that; 0: none. */
void drain_view_remind(struct observation *, uint32_t reminder_s);
/* A warning for each that is said to be drained and is not, or not whole:
 * somebody has changed FRR's configuration by hand. */
void drain_view_compare(struct observation *);
/* State, reason, and a warning likewise. */
void drain_view_router(const struct observation *, uint32_t reminder_s,
    struct router *);

#endif
