/* api/dispatch.h - from a request's frame to its answer's. */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include <stdint.h>

struct buf;
struct db;
struct parts;

/*
 * Handles one request payload of http on the main thread. The answer's frame
 * is appended to out, unless a worker will post it to the outbox later. A
 * payload that breaks the protocol returns -1: http is not to be trusted then.
 */
int dispatch_request(struct parts *, struct db *, unsigned generation,
    uint64_t id, const void *payload, size_t size, struct buf *out);

#endif
