/* system/linux/route_read.h - the kernel's routes for one prefix. */
#ifndef SYSTEM_LINUX_ROUTE_READ_H
#define SYSTEM_LINUX_ROUTE_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/op.h"

struct err;
struct netlink_message;

enum {
	/* Who made a route (rtm_protocol): this is us. No number of FRR's,
	 * which removes those when it starts. */
	ROUTE_READ_PROTOCOL = 77
};

struct route_seen {
	uint8_t protocol;
	uint32_t table;
	uint32_t metric;
	uint8_t type; /* RTN_UNICAST ... */
	struct op_route route;
};

/* Did FRR put it there (by BGP, as a static route of its own ...)? */
bool route_read_is_frr(uint8_t protocol);
/* false when it is no route. */
bool route_read_message(const struct netlink_message *, struct route_seen *);
/*
 * The route of the main table for exactly this prefix that FRR did not make;
 * *found says whether there is one. Costs some look-ups; where those cannot
 * tell (a blackhole has no look-up, and neither has what lies under a route of
 * FRR's), the kernel goes through its table, and what it says is believed for
 * a minute as long as the look-up's answer stays, unless fresh.
 */
int route_read_exact(const struct prefix *, bool fresh, struct route_seen *,
    bool *found, struct err *);

#endif
