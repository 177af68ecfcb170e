/* system/linux/route_cover.h - addresses of a prefix that nothing covers. */
#ifndef SYSTEM_LINUX_ROUTE_COVER_H
#define SYSTEM_LINUX_ROUTE_COVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Parts of a prefix that are still to be looked at; the largest comes first. */
struct route_cover {
	struct prefix parts[256];
	size_t n;
};

void route_cover_init(struct route_cover *, const struct prefix *);
/* The first address of the next part; false: all is covered. */
bool route_cover_next(struct route_cover *, struct addr *);
/* At that address a more specific prefix of this length was found: what else
 * there is of the part remains to be looked at. */
void route_cover_take(struct route_cover *, const struct addr *, uint8_t len);

#endif
