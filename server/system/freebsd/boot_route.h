/* system/freebsd/boot_route.h - a route as a variable of rc.conf. */
#ifndef SYSTEM_FREEBSD_BOOT_ROUTE_H
#define SYSTEM_FREEBSD_BOOT_ROUTE_H

#include <stdbool.h>

#include "wire/op.h"

enum {
	BOOT_ROUTE_VALUE = 192
};

/* Words for route add: "2a06:9801:1c::/48 -reject". False when there is no
 * prefix in them; kind OTHER when the rest is not known. */
bool boot_route_parse(const char *value, uint8_t family, struct op_route *);
void boot_route_print(const struct op_route *, char value[BOOT_ROUTE_VALUE]);

#endif
