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
/* From the answer to that: the operation, and the time by the other clock. */
int rotation_peer_taken(const char *json, char *operation, size_t size,
    struct err *);
/* "created_at" of an operation; ERR_PROTOCOL. */
int rotation_peer_created(const char *json, int64_t *wall_ms, struct err *);

#endif
