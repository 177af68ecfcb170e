/* api/reply.h - an answer, and who it goes to. */
#ifndef API_REPLY_H
#define API_REPLY_H

#include <stdint.h>

#include "api/request.h"
#include "base/buf.h"

struct err;
struct outbox;
struct parts;
struct snapshot;

/* Where an answer goes; enough to answer from any thread, later. */
struct ticket {
	struct parts *parts;
	uint64_t id;
	unsigned generation;
	char request_id[REQUEST_ID_MAX];
	bool known; /* who asks has a token: may hear of a pending confirm */
};
void reply_ticket(const struct request *, struct ticket *);

struct reply {
	unsigned status;
	const char *content_type; /* NULL: application/json */
	char etag[48];            /* "": none */
	char location[64];        /* "": none */
	char allow[64];
	unsigned retry_after_s;
	const char *preference_applied; /* NULL: none */
	char link[320];
	bool authenticate; /* WWW-Authenticate: Bearer */
	bool stream;       /* the body is only its begin */
	bool replayed;     /* Idempotent-Replayed: true */
	/* One of the two: our own text, or one that is borrowed until sent. */
	struct buf body;
	const char *borrowed;
	size_t borrowed_len;
	const struct snapshot *snapshot; /* given back when sent */
};
void reply_clear(struct reply *, struct parts *);

/* Appends the whole frame to out; a body of our own gets a final newline, for
 * people with curl. */
void reply_frame(struct reply *, const struct ticket *, struct buf *out);
/* From a worker's thread: frames it, posts it to the outbox, clears it. */
void reply_post(struct reply *, const struct ticket *);

/* What went wrong as a problem document (RFC 9457), as openapi.yaml has it. */
struct reply_problem_extra {
	const char *operation; /* NULL: none was begun */
	int64_t audit_seq;
	bool touched;
	bool undone;
};
void reply_problem(struct reply *, const struct ticket *, const struct err *,
    const struct reply_problem_extra *);

#endif
