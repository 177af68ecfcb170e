/* system/freebsd/route_get.h - what route -n get prints. */
#ifndef SYSTEM_FREEBSD_ROUTE_GET_H
#define SYSTEM_FREEBSD_ROUTE_GET_H

#include <stdbool.h>

#include "wire/op.h"

struct route_get {
	struct op_route route; /* its prefix is what the kernel matched */
	bool by_hand;          /* static, as route(8) adds it; FRR's are not */
	bool connected;        /* an interface's own */
	bool multipath;        /* one of several to this prefix */
};

/* False when the output is not that of a route. Cuts text to pieces. */
bool route_get_parse(char *text, uint8_t family, struct route_get *);

#endif
