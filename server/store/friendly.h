/* store/friendly.h - the name under which a neighbor is known to the API. */
#ifndef STORE_FRIENDLY_H
#define STORE_FRIENDLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/name.h"

struct db;
struct err;

enum {
	FRIENDLY_ROLE_MAX = 12
};

/* role and capacity are what the router itself cannot tell: "transit", "peer",
 * "internal", or "downstream" for the peer of a tunnel without BGP; "" and 0
 * when nobody said. */
struct friendly {
	struct addr neighbor;
	struct name name;
	char role[FRIENDLY_ROLE_MAX];
	uint32_t capacity_mbps;
};
struct friendly_list {
	struct friendly *v;
	size_t n;
};
/* In the order of the names. */
int friendly_list(struct db *, struct friendly_list *, struct err *);
void friendly_list_clear(struct friendly_list *);
/* Sets or replaces the name alone. ERR_CONFLICT when another neighbor has
 * it. */
int friendly_set(struct db *, const struct addr *, const struct name *,
    struct err *);
/* Sets or replaces all of it; a neighbor that had the name loses it: whoever
 * calls has seen that it is not there any more. */
int friendly_put(struct db *, const struct friendly *, struct err *);
/* ERR_NOT_FOUND when it has none. */
int friendly_remove(struct db *, const struct addr *, struct err *);

#endif
