/* store/operation.h - the journal: what is under way, and what was. */
#ifndef STORE_OPERATION_H
#define STORE_OPERATION_H

#include <stddef.h>
#include <stdint.h>

struct db;
struct err;

enum {
	OPERATION_ID_MAX = 24
};

/*
 * State goes applying -> persisting -> done, or applying -> undoing -> undone;
 * an undo that could not be verified stays undoing and is tried again. refused:
 * nothing was touched. awaiting_confirm: in effect, not saved, and taken back
 * (undoing) unless confirmed (persisting) in time.
 */
enum operation_state {
	OPERATION_APPLYING,
	OPERATION_PERSISTING,
	OPERATION_UNDOING,
	OPERATION_DONE,
	OPERATION_UNDONE,
	OPERATION_REFUSED,
	OPERATION_AWAITING_CONFIRM
};
const char *operation_state_name(enum operation_state);

struct operation {
	char id[OPERATION_ID_MAX]; /* "op-" and 16 base64url */
	enum operation_state state;
	char kind[32];     /* "upstream_policy", "session_clear" */
	char resource[64]; /* "upstreams/ifog" */
	char *plan;        /* JSON: everything recovery needs, NULL once it
			      has ended; owned, wiped */
	char *plan_lost;   /* why it could not be opened, in words; else
			      NULL; owned */
	char *result; /* JSON: what the reply said, NULL until ended; owned */
	char *error;  /* in words, NULL; owned */
	char actor[32];
	char token_id[16];
	char request_id[72];
	char idempotency_key[300]; /* token id, blank, key; "" none */
	int64_t audit_seq;         /* of its intent row */
	int64_t created_ms;
	int64_t updated_ms;
	int64_t reverts_at_ms; /* awaiting_confirm: wall clock; else 0 */
};
void operation_clear(struct operation *);
/* The plan; NULL when it has ended or, with err, when it cannot be opened. */
const char *operation_plan(const struct operation *, struct err *);

/* A fresh id into out, which holds OPERATION_ID_MAX. */
void operation_id_new(char *out);
/*
 * Stores a new operation in state applying, its plan sealed (db_set_keyring);
 * the times are set here, and the id unless the caller has one from
 * operation_id_new() already. In one transaction with its audit intent row:
 * db_begin, operation_id_new, audit_append (with the id in operation),
 * operation_begin (with the row's seq in audit_seq), db_commit.
 */
int operation_begin(struct db *, struct operation *, struct err *);
/*
 * result and error may be NULL (unchanged). ERR_NOT_FOUND; ERR_CONFLICT when
 * the operation has ended in another state.
 */
int operation_set(struct db *, const char *id, enum operation_state,
    const char *result, const char *error, struct err *);

/* Into awaiting_confirm, or another time while in it. ERR_CONFLICT as above. */
int operation_await(struct db *, const char *id, int64_t reverts_at_ms,
    const char *result, struct err *);

/* Another plan for one that has not ended. ERR_CONFLICT as above. */
int operation_set_plan(struct db *, const char *id, const char *plan,
    struct err *);

struct operation_list {
	struct operation *v;
	size_t n;
};
/* Newest first; before_id "" or the cursor (the last id of the page before);
 * limit 1-1001. ERR_INVALID for an unknown cursor or limit. */
int operation_list(struct db *, const char *before_id, unsigned limit,
    struct operation_list *, struct err *);
/* Those in applying, persisting, undoing or awaiting_confirm: oldest first. */
int operation_list_pending(struct db *, struct operation_list *, struct err *);
/* ERR_NOT_FOUND. */
int operation_get(struct db *, const char *id, struct operation *,
    struct err *);
void operation_list_clear(struct operation_list *);

#endif
