/* system/linux/firewall_set.h - the elements of nftables' sets; pure. */
#ifndef SYSTEM_LINUX_FIREWALL_SET_H
#define SYSTEM_LINUX_FIREWALL_SET_H

#include <stdbool.h>

#include "wire/op.h"

struct buf;

/* The router's address of this family, or NULL. */
const struct addr *firewall_set_router(const struct op_firewall *, int family);

/* Each prints "one, two, three", nothing twice: nft refuses some that are. */
bool firewall_set_has_peers(const struct op_firewall *, int family);
void firewall_set_peers(const struct op_firewall *, int family, struct buf *);
/* Without those inside another: intervals must not overlap. */
bool firewall_set_has_prefixes(const struct op_firewall *, int family);
void firewall_set_prefixes(const struct op_firewall *, int family,
    struct buf *);
/* "source . destination . protocol" of the outer packets, out: of those that
 * we send. */
bool firewall_set_has_tunnels(const struct op_firewall *, int family);
void firewall_set_tunnels(const struct op_firewall *, int family, bool out,
    struct buf *);
/* Names of the interfaces with NAT. */
bool firewall_set_has_translated(const struct op_firewall *);
void firewall_set_translated(const struct op_firewall *, struct buf *);

#endif
