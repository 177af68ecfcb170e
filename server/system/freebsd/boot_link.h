/* system/freebsd/boot_link.h - a tunnel as variables of rc.conf. */
#ifndef SYSTEM_FREEBSD_BOOT_LINK_H
#define SYSTEM_FREEBSD_BOOT_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

enum {
	BOOT_LINK_VALUE = 256
};

/*
 * The tunnel that the variables in rcconf describe. False when one of them has
 * words that we would lose by writing it anew: unknown (its size) names the
 * first. What is known is told all the same.
 */
bool boot_link_parse(const char *name, struct op_link *, char *unknown,
    size_t size);
/* "tunnel 198.51.100.10 198.51.100.44 mtu 1480" */
void boot_link_print(const struct op_link *, char value[BOOT_LINK_VALUE]);

#endif
