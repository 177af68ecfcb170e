/* api/patience.h - Prefer: how long a client wants to wait for a change. */
#ifndef API_PATIENCE_H
#define API_PATIENCE_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct operation;
struct ticket;

/*
 * Who does not want to wait longer is answered 202 with the operation, as soon
 * as there is one on disk: at once with respond-async, after N seconds with
 * wait=N (RFC 7240). Filled in by patience_init; part of an order.
 */
struct patience {
	TAILQ_ENTRY(patience) link;
	const struct ticket *ticket; /* borrowed */
	bool limited;                /* false: waits for the end */
	int64_t until_ms;            /* clock_ms() */
	bool listed;                 /* time is left, and it has not ended */
	bool answered;               /* with 202 */
	char applied[24];            /* Preference-Applied */
	char location[64];           /* "": no operation yet */
	struct buf body;
};

/* On the main thread. prefer: the header, "" when absent. What cannot be
 * understood in it is ignored, as the RFC wants. */
void patience_init(struct patience *, const struct ticket *,
    const char *prefer);
/* The operation is on disk. From the writer's thread. */
void patience_begun(struct patience *, const struct operation *);
/* The change has ended, or never began. true: answered already. Nothing else
 * touches it afterwards; may be called again. */
bool patience_end(struct patience *);

/* For the main thread's loop: milliseconds to the next answer that is due, -1
 * for none; and answers those. */
int patience_left_ms(void);
void patience_answer_due(void);

#endif
