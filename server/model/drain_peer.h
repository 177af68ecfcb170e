/* model/drain_peer.h - can the other router carry it all? By its own words. */
#ifndef MODEL_DRAIN_PEER_H
#define MODEL_DRAIN_PEER_H

#include <stddef.h>

/*
 * Answers of the router that is known here as name. why: "" when it can, else
 * a sentence. An answer that cannot be read speaks against it.
 */

/* GET /v1/router or /v1/router/drain: it is in service, and knows how it is. */
void drain_peer_router(const char *answer, const char *name, char *why,
    size_t size);
/* GET /v1/upstreams: at least one transit is established and in service, of
 * this family ("ipv6-unicast"); NULL: of any. */
void drain_peer_transit(const char *answer, const char *name,
    const char *family, char *why, size_t size);

#endif
