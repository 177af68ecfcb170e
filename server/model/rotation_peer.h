/* model/rotation_peer.h - what two routers of ours say about a rotation. */
#ifndef MODEL_ROTATION_PEER_H
#define MODEL_ROTATION_PEER_H

#include <stdint.h>

#include "model/rotation.h"

struct buf;
struct err;

/* From GET /v1/upstreams: the name of the one whose neighbor is address.
 * ERR_CONFLICT "peer_unknown". */
int rotation_peer_find(const char *json, const char *address, char *name,
    size_t size, struct err *);
/* The order to the other end; holds the key. */
void rotation_peer_order(const struct rotation *, const char *router,
    struct buf *);
/* The operation there, as it tells of itself. */
enum rotation_peer_state {
	ROTATION_PEER_NONE, /* there is no such operation */
	ROTATION_PEER_GOES, /* ready for its time, or at it */
	ROTATION_PEER_OFF,  /* that key does not come, or goes again */
	ROTATION_PEER_DONE  /* changed and verified */
};
struct rotation_peer {
	enum rotation_peer_state state;
	int64_t created_ms; /* by the other clock */
};
/* ERR_PROTOCOL. */
int rotation_peer_read(const char *json, struct rotation_peer *, struct err *);

#endif
