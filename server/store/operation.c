/* store/operation.c - the journal: what is under way, and what was. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/operation.h"
#include "store/seal.h"
#include "store/sql.h"

/* The words stand in the partial index of migrations.c and below too. */
#define PENDING \
	"state IN ('applying', 'persisting', 'undoing', 'awaiting_confirm')"

#define LASTING "state IN ('scheduled', 'running')"

#define COLUMNS                                                             \
	"id, state, kind, resource, actor, token_id, request_id,"           \
	" idempotency_key, audit_seq, created_ms, updated_ms, error, plan," \
	" result, reverts_at_ms, phase, progress, due_ms"

static const char *const state_names[] = {
	[OPERATION_APPLYING] = "applying",
	[OPERATION_PERSISTING] = "persisting",
	[OPERATION_UNDOING] = "undoing",
	[OPERATION_DONE] = "done",
	[OPERATION_UNDONE] = "undone",
	[OPERATION_REFUSED] = "refused",
	[OPERATION_AWAITING_CONFIRM] = "awaiting_confirm",
	[OPERATION_SCHEDULED] = "scheduled",
	[OPERATION_RUNNING] = "running",
};

const char *
operation_state_name(enum operation_state state)
{
	return state_names[state];
}

static int
parse_state(const char *name, enum operation_state *state)
{
	size_t i;

	for (i = 0; name != NULL && i < NITEMS(state_names); i++) {
		if (strcmp(state_names[i], name) == 0) {
			*state = (enum operation_state)i;
			return 0;
		}
	}
	return -1;
}

void
operation_clear(struct operation *op)
{
	mem_wipe(op->plan);
	op->plan = NULL;
	MEM_FREE(op->plan_lost);
	MEM_FREE(op->result);
	MEM_FREE(op->error);
	MEM_FREE(op->progress);
}

void
operation_id_new(char *out)
{
	memcpy(out, "op-", 3);
	crypto_random_text(out + 3, OPERATION_ID_MAX - 3, 12);
}

const char *
operation_plan(const struct operation *op, struct err *err)
{
	if (op->plan_lost != NULL)
		(void)err_set(err, ERR_UNAVAILABLE, "%s", op->plan_lost);
	else if (op->plan == NULL)
		(void)err_set(err, ERR_INTERNAL,
		    "operation %s: there is no plan in the journal", op->id);
	return op->plan;
}

/* A plan as it is stored: it may hold passwords. */
static int
seal_plan(const struct db *db, const char *id, const char *plan,
    struct buf *sealed, struct err *err)
{
	char what[SEAL_WHAT_MAX];

	if (db->keyring == NULL)
		return err_set(err, ERR_INTERNAL,
		    "the journal is written without a master key");
	seal_text(db->keyring, seal_what(what, "operations.plan", id), plan,
	    sealed);
	return 0;
}

/* One that cannot be opened is told in words: the others can be read. */
static void
open_plan(const struct db *db, struct operation *op, const char *stored)
{
	struct buf plain = BUF_SECRET;
	char what[SEAL_WHAT_MAX];
	struct err err;

	if (stored == NULL)
		return;
	err_clear(&err);
	/* As a version before the master key stored it. */
	if (stored[0] == '{')
		op->plan = mem_strdup(stored);
	else if (db->keyring == NULL)
		op->plan_lost = mem_strdup("the plan is sealed, and there is "
					   "no master key");
	else if (seal_open(db->keyring,
		     seal_what(what, "operations.plan", op->id), stored, &plain,
		     &err) == -1)
		op->plan_lost = mem_strdup(err.text);
	else
		op->plan = mem_strdup(buf_text(&plain));
	buf_clear(&plain);
}

int
operation_begin(struct db *db, struct operation *op, struct err *err)
{
	struct buf plan = BUF_INIT;
	struct sql s;
	int rc;

	if (op->id[0] == '\0')
		operation_id_new(op->id);
	assert(op->state == OPERATION_APPLYING ||
	    op->state == OPERATION_SCHEDULED || op->state == OPERATION_RUNNING);
	op->created_ms = op->updated_ms = clock_wall_ms();
	if (op->plan != NULL &&
	    seal_plan(db, op->id, op->plan, &plan, err) == -1)
		return -1;
	if (sql_open(&s, db,
		"INSERT INTO operations (" COLUMNS ") VALUES"
		" (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err) == -1) {
		buf_clear(&plan);
		return -1;
	}
	sql_add_text(&s, op->id);
	sql_add_text(&s, operation_state_name(op->state));
	sql_add_text(&s, op->kind);
	sql_add_text(&s, op->resource);
	sql_add_text(&s, op->actor);
	sql_add_text(&s, op->token_id);
	sql_add_text(&s, op->request_id);
	sql_add_text(&s, op->idempotency_key);
	sql_add_int(&s, op->audit_seq);
	sql_add_int(&s, op->created_ms);
	sql_add_int(&s, op->updated_ms);
	sql_add_text(&s, op->error);
	sql_add_text(&s, op->plan == NULL ? NULL : buf_text(&plan));
	sql_add_text(&s, op->result);
	sql_add_int(&s, op->reverts_at_ms);
	sql_add_text(&s, op->phase);
	sql_add_text(&s, op->progress);
	sql_add_int(&s, op->due_ms);
	rc = sql_run(&s, err);
	buf_clear(&plan);
	if (rc == 0)
		db_operation_changed(db, op->id);
	return rc;
}

/* Why nothing was updated. */
static int
explain_set(struct db *db, const char *id, struct err *err)
{
	struct operation op;

	if (operation_get(db, id, &op, err) == -1)
		return -1;
	(void)err_set(err, ERR_CONFLICT, "operation %s has ended: %s", id,
	    operation_state_name(op.state));
	operation_clear(&op);
	return -1;
}

int
operation_set(struct db *db, const char *id, enum operation_state state,
    const char *result, const char *error, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"UPDATE operations SET state = ?2, updated_ms = ?3,"
		" result = coalesce(?4, result),"
		/* What a first attempt had said is over when it is done. */
		" error = coalesce(?5, CASE ?2 WHEN 'done' THEN NULL"
		" ELSE error END),"
		" reverts_at_ms = 0,"
		/* What only recovery needs; it may hold a password. */
		" plan = CASE WHEN ?2 IN ('done', 'undone', 'refused')"
		" THEN NULL ELSE plan END"
		" WHERE id = ?1 AND (state = ?2 OR " PENDING " OR " LASTING ")",
		err) == -1)
		return -1;
	sql_add_text(&s, id);
	sql_add_text(&s, operation_state_name(state));
	sql_add_int(&s, clock_wall_ms());
	sql_add_text(&s, result);
	sql_add_text(&s, error);
	if (sql_run(&s, err) == -1)
		return -1;
	if (sql_changes(db) == 0)
		return explain_set(db, id, err);
	db_operation_changed(db, id);
	return 0;
}

int
operation_await(struct db *db, const char *id, int64_t reverts_at_ms,
    const char *result, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"UPDATE operations SET state = 'awaiting_confirm',"
		" updated_ms = ?2, reverts_at_ms = ?3,"
		" result = coalesce(?4, result) WHERE id = ?1 AND " PENDING,
		err) == -1)
		return -1;
	sql_add_text(&s, id);
	sql_add_int(&s, clock_wall_ms());
	sql_add_int(&s, reverts_at_ms);
	sql_add_text(&s, result);
	if (sql_run(&s, err) == -1)
		return -1;
	if (sql_changes(db) == 0)
		return explain_set(db, id, err);
	db_operation_changed(db, id);
	return 0;
}

int
operation_progress(struct db *db, const char *id, enum operation_state state,
    const char *phase, const char *progress, int64_t due_ms, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"UPDATE operations SET state = ?2, phase = ?3,"
		" progress = coalesce(?4, progress), due_ms = ?5,"
		" updated_ms = ?6 WHERE id = ?1 AND " LASTING,
		err) == -1)
		return -1;
	sql_add_text(&s, id);
	sql_add_text(&s, operation_state_name(state));
	sql_add_text(&s, phase);
	sql_add_text(&s, progress);
	sql_add_int(&s, due_ms);
	sql_add_int(&s, clock_wall_ms());
	if (sql_run(&s, err) == -1)
		return -1;
	if (sql_changes(db) == 0)
		return explain_set(db, id, err);
	db_operation_changed(db, id);
	return 0;
}

int
operation_set_plan(struct db *db, const char *id, const char *plan,
    struct err *err)
{
	struct buf sealed = BUF_INIT;
	struct sql s;
	int rc = -1;

	if (seal_plan(db, id, plan, &sealed, err) == -1)
		return -1;
	if (sql_open(&s, db,
		"UPDATE operations SET plan = ?2 WHERE id = ?1 AND (" PENDING
		" OR " LASTING ")",
		err) == 0) {
		sql_add_text(&s, id);
		sql_add_text(&s, buf_text(&sealed));
		rc = sql_run(&s, err);
	}
	buf_clear(&sealed);
	if (rc == 0 && sql_changes(db) == 0)
		rc = explain_set(db, id, err);
	return rc;
}

static int
load(struct sql *s, void *row, struct err *err)
{
	struct operation *op = row;

	memset(op, 0, sizeof(*op));
	if (!sql_copy(s, 0, op->id, sizeof(op->id)) ||
	    parse_state(sql_text(s, 1), &op->state) == -1 ||
	    !sql_copy(s, 2, op->kind, sizeof(op->kind)) ||
	    !sql_copy(s, 3, op->resource, sizeof(op->resource)) ||
	    !sql_copy(s, 4, op->actor, sizeof(op->actor)) ||
	    !sql_copy(s, 5, op->token_id, sizeof(op->token_id)) ||
	    !sql_copy(s, 6, op->request_id, sizeof(op->request_id)) ||
	    !sql_copy(s, 7, op->idempotency_key, sizeof(op->idempotency_key)))
		return sql_damaged(err, "table operations");
	op->audit_seq = sql_int(s, 8);
	op->created_ms = sql_int(s, 9);
	op->updated_ms = sql_int(s, 10);
	op->error = sql_strdup(s, 11);
	open_plan(s->db, op, sql_text(s, 12));
	op->result = sql_strdup(s, 13);
	op->reverts_at_ms = sql_int(s, 14);
	if (!sql_copy(s, 15, op->phase, sizeof(op->phase))) {
		operation_clear(op);
		return sql_damaged(err, "table operations");
	}
	op->progress = sql_strdup(s, 16);
	op->due_ms = sql_int(s, 17);
	return 0;
}

/* Steps and closes. */
static int
load_all(struct sql *s, struct operation_list *list, struct err *err)
{
	void *rows;
	int rc;

	rc = sql_rows(s, load, sizeof(*list->v), &rows, &list->n, err);
	list->v = rows;
	if (rc == -1)
		operation_list_clear(list);
	return rc;
}

/* The place of a cursor in the order; above all others without one. */
static int
find_place(struct db *db, const char *id, int64_t *place, struct err *err)
{
	struct sql s;
	int rc;

	*place = INT64_MAX;
	if (id[0] == '\0')
		return 0;
	if (sql_open(&s, db, "SELECT n FROM operations WHERE id = ?", err) ==
	    -1)
		return -1;
	sql_add_text(&s, id);
	rc = sql_step(&s, err);
	if (rc == 1)
		*place = sql_int(&s, 0);
	else if (rc == 0)
		(void)err_set(err, ERR_INVALID, "cursor: no such operation");
	sql_close(&s);
	return rc == 1 ? 0 : -1;
}

int
operation_list(struct db *db, const char *before_id, unsigned limit,
    struct operation_list *list, struct err *err)
{
	int64_t place;
	struct sql s;

	memset(list, 0, sizeof(*list));
	if (limit < 1 || limit > 1001)
		return err_set(err, ERR_INVALID, "limit: 1 to 1001");
	if (find_place(db, before_id, &place, err) == -1 ||
	    sql_open(&s, db,
		"SELECT " COLUMNS " FROM operations WHERE n < ?"
		" ORDER BY n DESC LIMIT ?",
		err) == -1)
		return -1;
	sql_add_int(&s, place);
	sql_add_int(&s, limit);
	return load_all(&s, list, err);
}

/* text is a literal: SELECT COLUMNS ... ORDER BY n. */
static int
list_all(struct db *db, const char *text, struct operation_list *list,
    struct err *err)
{
	struct sql s;

	memset(list, 0, sizeof(*list));
	if (sql_open(&s, db, text, err) == -1)
		return -1;
	return load_all(&s, list, err);
}

int
operation_list_pending(struct db *db, struct operation_list *list,
    struct err *err)
{
	return list_all(db,
	    "SELECT " COLUMNS " FROM operations WHERE " PENDING " ORDER BY n",
	    list, err);
}

int
operation_list_lasting(struct db *db, struct operation_list *list,
    struct err *err)
{
	return list_all(db,
	    "SELECT " COLUMNS " FROM operations WHERE " LASTING " ORDER BY n",
	    list, err);
}

int
operation_get(struct db *db, const char *id, struct operation *op,
    struct err *err)
{
	struct sql s;
	int rc;

	memset(op, 0, sizeof(*op));
	if (sql_open(&s, db, "SELECT " COLUMNS " FROM operations WHERE id = ?",
		err) == -1)
		return -1;
	sql_add_text(&s, id);
	rc = sql_step(&s, err);
	if (rc == 1)
		rc = load(&s, op, err);
	else if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND, "no operation of this id");
	sql_close(&s);
	return rc;
}

void
operation_list_clear(struct operation_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		operation_clear(&list->v[i]);
	free(list->v);
	list->v = NULL;
	list->n = 0;
}
