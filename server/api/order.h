/* api/order.h - what every write has in common, from headers to answer. */
#ifndef API_ORDER_H
#define API_ORDER_H

#include "api/reply.h"
#include "engine/change.h"

struct err;
struct request;

/* One write on its way through the writer; freed when it is answered. */
struct order {
	struct ticket ticket;
	struct change_order change;
	uint8_t fingerprint[32]; /* of method, target and body */
	bool async;              /* Prefer: respond-async: answered at begun */
	bool answered;
	struct reply reply;
};

/*
 * Checks the headers that every write may carry (Content-Type, If-Match,
 * Idempotency-Key, Prefer) and fills in the caller. The body is not read.
 */
struct order *order_new(const struct request *, struct err *);
void order_free(struct order **);
/* Hands it to the writer. 0: it will be answered (order is gone); -1: ERR_BUSY
 * and the order stays the caller's. */
int order_submit(struct order *, struct err *);

#endif
