/* engine/record.c - the journal and the audit of one change. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/record.h"
#include "model/plan.h"
#include "store/audit.h"
#include "store/db.h"

static const char *
none_if_empty(const char *text)
{
	return text == NULL || text[0] == '\0' ? NULL : text;
}

static void
fill_row(struct audit_row *row, const struct record *r, const char *operation)
{
	memset(row, 0, sizeof(*row));
	row->actor = r->caller->actor;
	row->token_id = none_if_empty(r->caller->token_id);
	row->peer = none_if_empty(r->caller->peer);
	row->request_id = none_if_empty(r->caller->request_id);
	row->method = none_if_empty(r->caller->method);
	row->path = none_if_empty(r->caller->path);
	row->resource = r->resource;
	row->operation = operation;
	row->reason = none_if_empty(r->reason);
	row->ticket = none_if_empty(r->ticket);
	row->before = r->before;
	row->after = r->after;
}

static void
fill_operation(struct operation *op, const struct record *r)
{
	memset(op, 0, sizeof(*op));
	op->state = r->state;
	op->due_ms = r->due_ms;
	(void)snprintf(op->phase, sizeof(op->phase), "%s",
	    r->phase == NULL ? "" : r->phase);
	(void)snprintf(op->kind, sizeof(op->kind), "%s", r->kind);
	(void)snprintf(op->resource, sizeof(op->resource), "%s", r->resource);
	(void)snprintf(op->actor, sizeof(op->actor), "%s", r->caller->actor);
	(void)snprintf(op->token_id, sizeof(op->token_id), "%s",
	    r->caller->token_id);
	(void)snprintf(op->request_id, sizeof(op->request_id), "%s",
	    r->caller->request_id);
	(void)snprintf(op->idempotency_key, sizeof(op->idempotency_key), "%s",
	    r->caller->idempotency_key);
	op->plan = r->stored_plan == NULL ? NULL : mem_strdup(r->stored_plan);
}

/* The client's own, so that it can confirm without having seen the answer. */
static int
choose_id(struct db *db, const struct record *r, struct operation *op,
    struct err *err)
{
	struct operation other;

	if (r->operation == NULL || r->operation[0] == '\0') {
		operation_id_new(op->id);
		return 0;
	}
	if (operation_get(db, r->operation, &other, NULL) == 0) {
		operation_clear(&other);
		(void)err_set(err, ERR_CONFLICT,
		    "there has been an operation %s: choose another id",
		    r->operation);
		return err_reason(err, "id_taken");
	}
	(void)snprintf(op->id, sizeof(op->id), "%s", r->operation);
	return 0;
}

static int
begin(struct db *db, const struct record *r, struct operation *op,
    struct err *err)
{
	struct audit_row row;

	if (choose_id(db, r, op, err) == -1)
		return -1;
	fill_row(&row, r, op->id);
	row.kind = "intent";
	if (audit_append(db, &row, err) == -1)
		return -1;
	op->audit_seq = row.seq;
	return operation_begin(db, op, err);
}

int
record_begin(struct db *db, const struct record *r, struct operation *op,
    struct err *err)
{
	bool own;

	fill_operation(op, r);
	if (db_join(db, &own, err) == -1)
		return -1;
	return db_leave(db, own, begin(db, r, op, err), err);
}

int
record_of_intent(struct db *db, const struct operation *op,
    const struct caller *caller, struct record *r, struct audit_list *intent,
    struct err *err)
{
	if (audit_get(db, op->audit_seq, intent, err) == -1)
		return -1;
	memset(r, 0, sizeof(*r));
	r->caller = caller;
	r->kind = op->kind;
	r->resource = op->resource;
	r->reason = intent->rows[0].reason;
	r->ticket = intent->rows[0].ticket;
	r->before = intent->rows[0].before;
	r->after = intent->rows[0].after;
	return 0;
}

static int
end_with(struct db *db, struct audit_row *row, const struct operation *op,
    const struct record_end *end, record_settle_fn *settle, void *arg,
    struct err *err)
{
	const char *reply = NULL;

	if (audit_append(db, row, err) == -1 ||
	    (settle != NULL && settle(arg, db, &reply, err) == -1))
		return -1;
	return operation_set(db, op->id, end->state, reply,
	    end->state == OPERATION_DONE ? NULL : end->detail, err);
}

int
record_end(struct db *db, const struct record *r, const struct operation *op,
    const struct record_end *end, record_settle_fn *settle, void *arg,
    struct err *err)
{
	struct buf commands = BUF_INIT;
	struct audit_row row;
	bool own;
	int rc;

	if (db_join(db, &own, err) == -1)
		return -1;
	fill_row(&row, r, op->id);
	row.kind = "outcome";
	row.about = op->audit_seq;
	row.after = end->after;
	row.outcome = end->outcome;
	row.detail = none_if_empty(end->detail);
	plan_render_commands(end->log, &commands);
	row.commands = buf_text(&commands);
	rc = db_leave(db, own, end_with(db, &row, op, end, settle, arg, err),
	    err);
	buf_clear(&commands);
	return rc;
}

int
record_deed(struct db *db, const struct operation *op,
    const struct caller *caller, const char *kind, const char *detail,
    struct err *err)
{
	const struct record record = { .caller = caller,
		.resource = op->resource };
	struct audit_row row;

	fill_row(&row, &record, op->id);
	row.kind = kind;
	row.detail = detail;
	return audit_append(db, &row, err);
}
