/* store/idempotency.h - a repeated request gets its first answer again. */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"

struct db;
struct err;

enum idempotency_state {
	IDEMPOTENCY_NEW,     /* now reserved for the caller */
	IDEMPOTENCY_REPLAY,  /* status and body are the stored answer */
	IDEMPOTENCY_RUNNING, /* the first request is not finished yet */
	IDEMPOTENCY_MISMATCH /* same key, another request */
};

struct idempotency {
	enum idempotency_state state;
	int status;
	char *body; /* owned; free with idempotency_clear */
	char etag[160];
	char content_type[64];
};
void idempotency_clear(struct idempotency *);

/*
 * key: token id, blank, the client's key. fingerprint: hash over method,
 * target and body. Keys older than 24 h are forgotten, except while their
 * operation is pending. Fills the struct (idempotency_clear it, whatever the
 * state).
 */
int idempotency_begin(struct db *, const char *key,
    const uint8_t fingerprint[CRYPTO_HASH_LEN], int64_t now_ms,
    struct idempotency *, struct err *);
/* Stores the answer; inside the caller's transaction when one is open.
 * content_type, etag and body may be NULL. ERR_NOT_FOUND without a
 * reservation, ERR_CONFLICT when there is an answer already. */
int idempotency_finish(struct db *, const char *key, int status,
    const char *content_type, const char *etag, const char *body, struct err *);
/* The request did nothing (refused, or undone by recovery): may be retried.
 * An answer that is stored stays; an unknown key is no error. */
int idempotency_forget(struct db *, const char *key, struct err *);
/* At start: forget reservations without an answer whose operation is not
 * pending (nothing was begun when we died). */
int idempotency_recover(struct db *, struct err *);

#endif
