/* engine/edit_tunnel.h - the tunnel of an upstream or downstream, edited. */
#ifndef ENGINE_EDIT_TUNNEL_H
#define ENGINE_EDIT_TUNNEL_H

#include <stdbool.h>

#include "base/addr.h"
#include "model/tunnel.h"

struct err;
struct observation;
struct op_link;
struct target;
struct tunnel_order;

/* What the tunnel belongs to, and what is there now. */
struct edit_tunnel {
	const struct tunnel *have; /* NULL or not present: none yet */
	struct addr have_address;  /* its inner addresses now (ours, theirs) */
	struct addr have_peer;
	struct addr address; /* as they are to be; family 0: not given */
	struct addr peer;
	const char *address_member; /* "/local_address", "/address" */
	const char *peer_member;    /* "/neighbor", "/peer" */
	const char *description;    /* of the interface, "": none */
	bool description_changes;
	bool whole; /* PUT: what the order does not tell gets its default */
	bool adopt;
};

/*
 * Lays the order over what is, checks it against this router (endpoints,
 * inner addresses, who else has the interface, the subnet or the endpoints)
 * and changes target->host. *result is the tunnel as it will be; nothing is
 * changed, and nothing checked, when it is as it was (adopt takes it over all
 * the same). An order whose tunnel is null, or absent when whole, takes the
 * present one away.
 * Kind, interface and outer family of a tunnel that is there do not change.
 * -1: ERR_UNPROCESSABLE with pointers below "/tunnel" or the members above;
 * ERR_CONFLICT "interface_not_ours", "interface_taken", "endpoints_taken".
 */
int edit_tunnel(const struct observation *, const struct edit_tunnel *,
    const struct tunnel_order *, struct target *, struct tunnel *result,
    struct err *);
/* Takes it away: running and boot. ERR_CONFLICT "interface_not_ours" when it
 * was made by hand and adopt is false. */
int edit_tunnel_remove(const struct tunnel *, bool adopt, struct target *,
    struct err *);
/* ERR_CONFLICT "interface_not_ours" unless it is ours or adopt is true. */
int edit_tunnel_check_owned(const struct tunnel *, bool adopt, struct err *);

#endif
