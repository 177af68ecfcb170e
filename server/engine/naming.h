/* engine/naming.h - short names for neighbors that were made by hand. */
#ifndef ENGINE_NAMING_H
#define ENGINE_NAMING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/name.h"

/*
 * The n-th suggestion (0, 1, 2 ...) for a neighbor with this description and
 * address: the first word that tells something ("Upstream-iFog-Frankfurt":
 * "ifog"), then more words ("ifog-frankfurt"), then with a number behind.
 * Words that many have (upstream, transit, peer, edge, core, uplink, provider,
 * ibgp, ebgp, bgp, to, via, tunnel, downstream, customer) are skipped unless
 * nothing else is there.
 * Without a usable description: "n-" and the address with dashes.
 */
void naming_suggest(struct name *, const char *description, const char *address,
    unsigned n);

#endif
