/* api/order.h - what every write has in common, from headers to answer. */
#ifndef API_ORDER_H
#define API_ORDER_H

#include <sys/queue.h>

#include "api/patience.h"
#include "api/reply.h"
#include "engine/change.h"
#include "model/drain_order.h"

struct err;
struct request;
struct worker_tools;

/* One write on its way through the writer; freed when it is answered. */
struct order {
	TAILQ_ENTRY(order) link; /* of whoever keeps it for later */
	struct ticket ticket;
	struct change_order change;
	uint8_t fingerprint[32]; /* of method, target and body */
	struct patience patience;
	struct reply reply;
	/* What to do instead of a change, on the writer's thread: fills the
	 * reply. 1: kept, to be answered later with order_answer_when_seen().
	 */
	int (*run)(struct worker_tools *, struct order *, struct err *);
	char subject[DRAIN_SUBJECT_MAX]; /* of a drain, as are these */
	struct drain_order drain;
	char owner[DRAIN_OWNER_MAX];
	char operation[OPERATION_ID_MAX]; /* it waits for the end of */
};

/*
 * Checks the headers that every write may carry (Content-Type, If-Match,
 * If-None-Match, Idempotency-Key, Prefer) and fills in the caller and the
 * connection. The body is not read; DELETE has none.
 */
struct order *order_new(const struct request *, struct err *);
/* The same for what has no ETag, so that no token can be asked for one. */
struct order *order_new_untagged(const struct request *, struct err *);
void order_free(struct order **);
/* Content-Type of PUT, PATCH and POST; no body with DELETE. */
int order_check_type(const struct request *, struct err *);
/* Who sends this, for the audit. */
void order_caller(const struct request *, struct caller *);
/* Hands it to the writer. 0: it will be answered (order is gone); -1: ERR_BUSY
 * and the order stays the caller's. */
int order_submit(struct order *, struct err *);
/* Sends its reply, unless the client did not want to wait for it, and frees
 * it; whoever reads after the answer sees what it tells. */
void order_answer_when_seen(struct worker_tools *, struct order *);

#endif
