/* store/audit.h - who changed what, why, and how it ended; hash-chained. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/crypto.h"

struct db;
struct err;

/*
 * Rows are only ever added. A change has two: kind "intent" before anything is
 * touched and kind "outcome" (with the intent's seq in about) before the reply.
 * What somebody does to an operation under way is a row of its own: kind
 * "cancel" or "extend", with the operation, and about nothing.
 * hash = BLAKE2b-256 over the previous row's hash and every column of this
 * row, each preceded by its length, so that no two rows read alike (audit.c
 * has the exact bytes). Text members are borrowed by audit_append and owned by
 * what audit_get and audit_list return. NULL is stored as NULL, distinct from
 * "".
 */
struct audit_row {
	int64_t seq;       /* set by audit_append; 1, 2, 3 ... without gaps */
	int64_t time_ms;   /* wall clock; 0: now */
	const char *kind;  /* "intent", "outcome", "cancel", "extend" ... */
	int64_t about;     /* outcome: seq of its intent; else 0 */
	const char *actor; /* the token's name, "engine" for recovery */
	const char *token_id;
	const char *peer; /* address the request came from */
	const char *request_id;
	const char *method;
	const char *path;
	const char *resource;  /* "upstreams/ifog" */
	const char *operation; /* operation id */
	const char *reason;
	const char *ticket;
	const char *before;   /* JSON */
	const char *after;    /* JSON */
	const char *commands; /* JSON: [{"command": ..., "answer": ...}] */
	const char *outcome;  /* applied unchanged undone failed refused */
	const char *detail;   /* the error in words, NULL when none */
	char hash[CRYPTO_HASH_HEX_MAX];
	char *memory; /* what a listed row's members point into; else NULL */
};

/*
 * In its own transaction, or inside the caller's when one is open; on disk when
 * that is committed (synchronous FULL). Two connections cannot append at once.
 * -1: ERR_UNAVAILABLE, and nothing was added; reason "audit_damaged" when the
 * stored head does not fit the rows (audit_verify tells more).
 */
int audit_append(struct db *, struct audit_row *, struct err *);

struct audit_filter {
	int64_t before_seq;   /* rows with seq < this; 0: from the newest */
	int64_t after_seq;    /* rows with seq > this, ascending; 0: off */
	unsigned limit;       /* 1-1001 */
	const char *actor;    /* NULL: any */
	const char *resource; /* NULL: any */
	const char *outcome;  /* NULL: any */
	int64_t since_ms;     /* from this time on; 0: off */
	int64_t until_ms;     /* before this time; 0: off */
};

struct audit_list {
	struct audit_row *rows; /* newest first unless after_seq is set */
	size_t n;
};
/* ERR_INVALID for a limit outside its range. */
int audit_list(struct db *, const struct audit_filter *, struct audit_list *,
    struct err *);
void audit_list_clear(struct audit_list *);
/* Exactly one row in the list, or ERR_NOT_FOUND. */
int audit_get(struct db *, int64_t seq, struct audit_list *one, struct err *);

struct audit_verdict {
	bool intact;
	int64_t rows;
	int64_t first_bad_seq;          /* 0 when intact */
	char head[CRYPTO_HASH_HEX_MAX]; /* hash of the newest row, "" empty */
	char detail[160];
};
/*
 * Walks the whole chain as of one moment: hashes, sequence without gaps, and
 * the stored head (so that a cut tail is seen). -1 only when the database
 * cannot be read. Who can write the file can also put back an older copy of it
 * whole: only a head that was noted elsewhere shows that.
 */
int audit_verify(struct db *, struct audit_verdict *, struct err *);

#endif
