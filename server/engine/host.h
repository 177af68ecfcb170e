/* engine/host.h - what lies under FRR: tunnels, routes, firewall, keys. */
#ifndef ENGINE_HOST_H
#define ENGINE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/op.h"

struct buf;
struct err;
struct supervisor;

/*
 * Observed, copied, edited and compared like the configuration tree. Running
 * and boot side by side: a change edits both, confirm persists the second
 * later. Zeroed: nothing known.
 */
struct host {
	struct op_link *links; /* running ones first, each part by name */
	size_t n_links;
	struct op_route *routes; /* running ones first, each part by prefix */
	size_t n_routes;
	bool firewall_known;
	struct op_firewall running; /* of the firewall */
	struct op_firewall boot;
	bool firewall_as_set; /* nobody changed our rules by hand */
	/* The platform's kernel keeps TCP-MD5 keys by address. False: FRR's
	 * sockets hold them, and there are none here. */
	bool kernel_keys;
	struct op_key *keys; /* running ones first, each part by address */
	size_t n_keys;
};

/* Wipes the keys. */
void host_clear(struct host *);
void host_copy(struct host *to, const struct host *from);
/* In the order that the members promise. */
void host_sort(struct host *);
/* All of it. wait false: ERR_BUSY at once while the parent is at work for
 * another thread. */
int host_observe(struct supervisor *, bool wait, struct host *, struct err *);
/*
 * Routes are told when they are ours or in the boot files; one that somebody
 * made by hand must be asked for: added for this prefix, not ours.
 */
int host_observe_route(struct supervisor *, struct host *,
    const struct prefix *, struct err *);
/* *list is the caller's. */
int host_observe_interfaces(struct supervisor *, bool wait,
    struct op_interface **list, size_t *n, struct err *);

/* NULL when there is none. */
struct op_link *host_link(const struct host *, enum op_where, const char *name);
struct op_route *host_route(const struct host *, enum op_where,
    const struct prefix *);
/* The running tunnel with this inner address (its own or its peer's side). */
struct op_link *host_link_by_address(const struct host *, const struct addr *);
/* "gre1" where gre0 is reserved or taken; skips names in use. ERR_CONFLICT
 * when none of 0 to 4095 is free. */
int host_free_name(const struct host *, enum op_link_kind, char out[16],
    struct err *);

/*
 * Edits of a copy: both running and boot. A set replaces by name (prefix) and
 * marks it ours; where is ignored.
 */
void host_set_link(struct host *, const struct op_link *);
void host_remove_link(struct host *, const char *name);
void host_set_route(struct host *, const struct op_route *);
void host_remove_route(struct host *, const struct prefix *);
/* By interface, or by peer for a native one (interface ""). */
struct op_firewall_entry *host_firewall_entry(const struct host *,
    const char *interface, const struct addr *peer);
/* In order, in both; ERR_CONFLICT when full. */
int host_set_firewall_entry(struct host *, const struct op_firewall_entry *,
    struct err *);
void host_remove_firewall_entry(struct host *, const char *interface,
    const struct addr *peer);
/*
 * TCP-MD5 keys, by the two addresses of the session, whichever of them is
 * called local. A set makes it ours, with that order of the addresses, both
 * directions and no flaw; of k only local, remote, key_len and key count. Does
 * nothing without kernel_keys.
 */
struct op_key *host_key(const struct host *, enum op_where,
    const struct addr *local, const struct addr *remote);
void host_set_key(struct host *, const struct op_key *);
void host_remove_key(struct host *, const struct addr *local,
    const struct addr *remote);
/* Room for this many more keys behind n_keys; the old memory is wiped. */
struct op_key *host_key_room(struct host *, size_t n);
/* In the order of the member. */
void host_sort_keys(struct host *);
/*
 * Two bytes in the place of each key, that tell whether it is another one and
 * no more: of 65536 keys one has the same. For what is kept or stored to be
 * compared with. Once for each value.
 */
void host_mask_keys(struct host *);
enum {
	HOST_KEY_MARK = 2
};
void host_key_mark(const struct op_key *, uint8_t mark[HOST_KEY_MARK]);

/* router and prefixes of both become these. */
void host_set_firewall_router(struct host *, const struct addr router[2],
    const struct prefix *prefixes, size_t n);

#endif
