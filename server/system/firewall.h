/* system/firewall.h - our one anchor (pf) or table (nft), as a whole. */
#ifndef SYSTEM_FIREWALL_H
#define SYSTEM_FIREWALL_H

#include "wire/op.h"

struct buf;
struct err;
struct tool;

/* The rules as the platform's tool reads them; pure. Nothing for no entry and
 * no prefix. */
void firewall_render(const struct op_firewall *, struct buf *);
/* Checked by the tool without loading, then loaded atomically, then read back
 * and remembered in the state directory. */
int firewall_replace(const struct tool *, const struct op_firewall *,
    struct err *);
/* listing: a fixed buffer for the tool's words about our rules. */
int firewall_state(const struct tool *, struct op_firewall_state *,
    struct buf *listing, struct err *);
/* Writes what the machine loads at boot, whole or not at all. */
int firewall_boot(const struct tool *, const struct op_firewall *,
    struct err *);

#endif
