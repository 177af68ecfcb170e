/* system/freebsd/unit.h - gre0, gif7: names of cloned tunnels. */
#ifndef SYSTEM_FREEBSD_UNIT_H
#define SYSTEM_FREEBSD_UNIT_H

#include <stdint.h>

struct err;

/* OP_LINK_GRE, OP_LINK_GIF; 0 when it is not a name that ifconfig creates. */
uint8_t unit_kind(const char *name);
/* May a tunnel of this kind be called so? -1 and ERR_UNPROCESSABLE. */
int unit_check(const char *name, uint8_t kind, struct err *);
/* What the kernel gives a new one. */
uint32_t unit_default_mtu(uint8_t kind);
/* Is this an MTU that the kernel takes? -1 and ERR_UNPROCESSABLE. */
int unit_mtu_check(uint8_t kind, uint32_t mtu, struct err *);
const char *unit_module(uint8_t kind);

#endif
