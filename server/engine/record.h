/* engine/record.h - the journal and the audit of one change. */
#ifndef ENGINE_RECORD_H
#define ENGINE_RECORD_H

#include <stdint.h>

#include "engine/change.h"
#include "store/operation.h"

struct audit_list;
struct db;
struct err;

/* What a change is called in the journal and in the audit. Texts borrowed. */
struct record {
	const struct caller *caller;
	const char *kind;     /* "upstream_policy", "session_clear" */
	const char *resource; /* "upstreams/ifog" */
	const char *reason;   /* "": none */
	const char *ticket;
	const char *before;      /* JSON, NULL: none */
	const char *after;       /* JSON of what is wanted, then of what is */
	const char *operation;   /* an id that the client chose, "" or NULL */
	const char *stored_plan; /* JSON for recovery */
	enum operation_state state; /* to begin in; zero: applying */
	const char *phase;          /* of one that lasts; NULL: none */
	int64_t due_ms;
};

/*
 * One transaction: the operation in its state and its intent row. On disk
 * when it returns 0; op has its id and audit_seq. ERR_CONFLICT "id_taken" when
 * the chosen id is one that was used before.
 */
int record_begin(struct db *, const struct record *, struct operation *op,
    struct err *);

/*
 * One transaction: the outcome row, the operation's last state, and whatever
 * settle (may be NULL) stores. outcome: applied, undone, failed. detail is the
 * error in words or NULL.
 */
struct record_end {
	const char *outcome;
	const char *detail;
	const char *after;          /* JSON or NULL */
	const char *log;            /* lines "command<TAB>answer" */
	enum operation_state state; /* a pending one: recovery goes on */
};
/* Stores the answer to the client; *reply (JSON, borrowed from arg) is kept as
 * the operation's result. */
typedef int record_settle_fn(void *arg, struct db *, const char **reply,
    struct err *);
int record_end(struct db *, const struct record *, const struct operation *,
    const struct record_end *, record_settle_fn *settle, void *arg,
    struct err *);

/*
 * The record of an operation whose intent row is there already, for its
 * record_end(). Texts are borrowed from intent, which is the caller's to clear
 * (audit_list_clear) after that, and from op.
 */
int record_of_intent(struct db *, const struct operation *op,
    const struct caller *, struct record *, struct audit_list *intent,
    struct err *);

/*
 * What the caller does to an operation under way: a row of kind "cancel" or
 * "extend", in the transaction of what it does. detail may be NULL.
 */
int record_deed(struct db *, const struct operation *, const struct caller *,
    const char *kind, const char *detail, struct err *);

#endif
