/* engine/adopt_host.h - what lies below each upstream, out of the host. */
#ifndef ENGINE_ADOPT_HOST_H
#define ENGINE_ADOPT_HOST_H

#include "base/addr.h"

struct host;
struct op_link;
struct tunnel;
struct upstream;
struct upstream_list;

/*
 * Fills tunnel, host route and nat of each upstream. Its tunnel is the running
 * one (or one that is only in the boot files) whose own address is the
 * upstream's local address, or whose subnet or peer holds the neighbor. Its
 * host route is the /128 or /32 by a gateway to the neighbor, running or else
 * in the boot files; nat is what our firewall says.
 */
void adopt_host(const struct host *, struct upstream_list *);

/* The tunnel with these inner addresses, NULL when there is none. address may
 * have family 0. */
const struct op_link *adopt_host_link(const struct host *,
    const struct addr *address, const struct addr *peer);
/* link as the tunnel to peer: prefix_length is that of the address that
 * reaches it. */
void adopt_host_tunnel(const struct op_link *, const struct addr *peer,
    struct tunnel *);
/* The link's own address that reaches peer; family 0: none does. */
struct addr adopt_host_address(const struct op_link *, const struct addr *peer);
/* The /128 or /32 of one address. */
struct prefix adopt_host_prefix(const struct addr *);

#endif
