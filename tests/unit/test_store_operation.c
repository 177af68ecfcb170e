/* links: store/operation store/seal store/keyring store/audit store/db
 * store/sql store/migrations base/buf base/clock base/crypto base/err base/log
 * base/mem base/io */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_operation.c - the journal of what is under way. */
#include <sys/wait.h>

#include <signal.h>

#include "store/audit.h"
#include "store/operation.h"
#include "temp_db.h"
#include "temp_key.h"

static struct keyring *keyring;

static struct operation
wanted(char *plan)
{
	struct operation op = { .kind = "upstream_policy",
		.resource = "upstreams/ifog",
		.actor = "ops",
		.token_id = "t0123456789",
		.request_id = "r-1",
		.idempotency_key = "t0123456789 key",
		.audit_seq = 1 };

	op.plan = plan;
	return op;
}

static void
reopen(struct temp_db *t)
{
	temp_db_reopen(t);
	db_set_keyring(t->db, keyring);
}

static void
begin(struct temp_db *t, struct operation *op)
{
	static char plan[] = "{\"steps\":[]}";

	*op = wanted(plan);
	if (operation_begin(t->db, op, &t->err) == -1)
		fail_msg("%s", t->err.text);
}

static void
test_begin_get(void **state)
{
	struct temp_db *t = *state;
	struct operation op, back;

	begin(t, &op);
	assert_int_equal(strlen(op.id), 19);
	assert_memory_equal(op.id, "op-", 3);
	reopen(t);
	assert_int_equal(operation_get(t->db, op.id, &back, &t->err), 0);
	assert_string_equal(back.id, op.id);
	assert_int_equal(back.state, OPERATION_APPLYING);
	assert_string_equal(back.kind, op.kind);
	assert_string_equal(back.resource, op.resource);
	assert_string_equal(back.plan, op.plan);
	assert_null(back.result);
	assert_null(back.error);
	assert_string_equal(back.actor, "ops");
	assert_string_equal(back.token_id, op.token_id);
	assert_string_equal(back.request_id, "r-1");
	assert_string_equal(back.idempotency_key, op.idempotency_key);
	assert_int_equal(back.audit_seq, 1);
	assert_true(back.created_ms == op.created_ms);
	operation_clear(&back);
	assert_int_equal(operation_get(t->db, "op-none", &back, &t->err), -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
	operation_clear(&back);
}

/* One that lasts: not for recovery, with a phase until it ends. */
static void
test_lasting(void **state)
{
	struct temp_db *t = *state;
	struct operation op = wanted(NULL), back;
	struct operation_list list = { 0 };

	op.state = OPERATION_SCHEDULED;
	op.due_ms = 1700000000000;
	assert_int_equal(operation_begin(t->db, &op, &t->err), 0);
	assert_int_equal(operation_list_pending(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 0);
	assert_int_equal(operation_set_plan(t->db, op.id, "{}", &t->err), 0);
	assert_int_equal(operation_progress(t->db, op.id, OPERATION_RUNNING,
			     "verify", "{\"text\":\"waits\"}", 5, &t->err),
	    0);
	reopen(t);
	assert_int_equal(operation_list_lasting(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].state, OPERATION_RUNNING);
	assert_string_equal(list.v[0].phase, "verify");
	assert_string_equal(list.v[0].progress, "{\"text\":\"waits\"}");
	assert_string_equal(list.v[0].plan, "{}");
	assert_true(list.v[0].due_ms == 5);
	operation_list_clear(&list);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_DONE, NULL, NULL,
			     &t->err),
	    0);
	assert_int_equal(operation_progress(t->db, op.id, OPERATION_RUNNING,
			     "verify", NULL, 0, &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_int_equal(operation_list_lasting(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 0);
	assert_int_equal(operation_get(t->db, op.id, &back, &t->err), 0);
	assert_null(back.plan);
	operation_clear(&back);
}

static void
test_given_id(void **state)
{
	struct temp_db *t = *state;
	struct operation op = wanted(NULL);
	char id[OPERATION_ID_MAX];

	operation_id_new(id);
	memcpy(op.id, id, sizeof(id));
	assert_int_equal(operation_begin(t->db, &op, &t->err), 0);
	assert_string_equal(op.id, id);
	assert_int_equal(operation_begin(t->db, &op, &t->err), -1);
}

static void
test_set(void **state)
{
	struct temp_db *t = *state;
	struct operation op, back;

	begin(t, &op);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_PERSISTING, NULL,
			     NULL, &t->err),
	    0);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_DONE, "{}", NULL,
			     &t->err),
	    0);
	/* An ended operation stays ended ... */
	assert_int_equal(operation_set(t->db, op.id, OPERATION_UNDOING, NULL,
			     "x", &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	/* ... but may get what it said. */
	assert_int_equal(operation_set(t->db, op.id, OPERATION_DONE,
			     "{\"a\":1}", NULL, &t->err),
	    0);
	assert_int_equal(operation_get(t->db, op.id, &back, &t->err), 0);
	assert_int_equal(back.state, OPERATION_DONE);
	assert_string_equal(back.result, "{\"a\":1}");
	assert_null(back.error);
	assert_true(back.updated_ms >= back.created_ms);
	operation_clear(&back);
	assert_int_equal(operation_set(t->db, "op-none", OPERATION_DONE, NULL,
			     NULL, &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
}

/* In effect, but to go back unless confirmed: the time may be put off, what was
 * answered stays, and an end is an end. */
static void
test_await(void **state)
{
	struct operation_list list;
	struct temp_db *t = *state;
	struct operation op, back;

	begin(t, &op);
	assert_int_equal(operation_await(t->db, op.id, 1000, "{}", &t->err), 0);
	assert_int_equal(operation_await(t->db, op.id, 2000, NULL, &t->err), 0);
	reopen(t);
	assert_int_equal(operation_list_pending(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].state, OPERATION_AWAITING_CONFIRM);
	assert_true(list.v[0].reverts_at_ms == 2000);
	assert_string_equal(list.v[0].result, "{}");
	assert_non_null(list.v[0].plan);
	operation_list_clear(&list);
	/* A confirmation that could not be saved: it waits on, and says so. */
	assert_int_equal(operation_set(t->db, op.id, OPERATION_PERSISTING, NULL,
			     "disk full", &t->err),
	    0);
	assert_int_equal(operation_await(t->db, op.id, 2000, NULL, &t->err), 0);
	assert_int_equal(operation_get(t->db, op.id, &back, &t->err), 0);
	assert_string_equal(back.error, "disk full");
	operation_clear(&back);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_DONE, NULL, NULL,
			     &t->err),
	    0);
	assert_int_equal(operation_get(t->db, op.id, &back, &t->err), 0);
	assert_true(back.reverts_at_ms == 0);
	assert_null(back.error);
	assert_null(back.plan);
	operation_clear(&back);
	assert_int_equal(operation_await(t->db, op.id, 3000, NULL, &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_int_equal(operation_await(t->db, "op-none", 1, NULL, &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
}

static void
test_lists(void **state)
{
	struct operation_list list;
	struct temp_db *t = *state;
	struct operation op[7];
	int i;

	for (i = 0; i < 7; i++)
		begin(t, &op[i]);
	assert_int_equal(operation_list(t->db, "", 3, &list, &t->err), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.v[0].id, op[6].id);
	operation_list_clear(&list);
	assert_int_equal(operation_list(t->db, op[4].id, 1000, &list, &t->err),
	    0);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.v[0].id, op[3].id);
	assert_string_equal(list.v[3].id, op[0].id);
	operation_list_clear(&list);
	assert_int_equal(operation_list(t->db, "junk", 3, &list, &t->err), -1);
	assert_int_equal(t->err.code, ERR_INVALID);
	assert_int_equal(operation_list(t->db, "", 0, &list, &t->err), -1);
	assert_int_equal(operation_list(t->db, "", 1002, &list, &t->err), -1);

	for (i = 0; i < 6; i++)
		assert_int_equal(operation_set(t->db, op[i].id,
				     (enum operation_state)i, NULL, NULL,
				     &t->err),
		    0);
	assert_int_equal(operation_list_pending(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.v[0].id, op[0].id);
	assert_string_equal(list.v[1].id, op[1].id);
	assert_string_equal(list.v[2].id, op[2].id);
	assert_string_equal(list.v[3].id, op[6].id);
	operation_list_clear(&list);
}

static void
test_damaged_row(void **state)
{
	struct operation_list list;
	struct temp_db *t = *state;
	struct operation op;

	begin(t, &op);
	assert_int_equal(temp_db_raw(t, "UPDATE operations SET state = 'odd'"),
	    SQLITE_OK);
	assert_int_equal(operation_list(t->db, "", 10, &list, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "database_damaged");
}

/* As a change does it: intent and journal together, then the outcome and the
 * end together. */
static void
change_for_ever(const struct temp_db *t, int ready)
{
	struct audit_row row;
	struct operation op;
	struct err err;
	struct db *db;

	if (db_open(&db, t->path, false, &err) == -1)
		_exit(10);
	for (;;) {
		op = wanted(NULL);
		operation_id_new(op.id);
		row =
		    (struct audit_row) { .kind = "intent", .operation = op.id };
		if (db_begin(db, &err) == -1 ||
		    audit_append(db, &row, &err) == -1)
			_exit(11);
		op.audit_seq = row.seq;
		if (operation_begin(db, &op, &err) == -1 ||
		    db_commit(db, &err) == -1)
			_exit(12);
		if (write(ready, "", 1) != 1)
			_exit(14);
		row.kind = "outcome";
		row.about = op.audit_seq;
		if (db_begin(db, &err) == -1 ||
		    audit_append(db, &row, &err) == -1 ||
		    operation_set(db, op.id, OPERATION_DONE, "{}", NULL,
			&err) == -1 ||
		    db_commit(db, &err) == -1)
			_exit(13);
	}
}

/* After a kill at any moment journal and audit tell the same story: as many
 * intents without an outcome as pending operations. */
static void
test_killed(void **state)
{
	struct temp_db *t = *state;
	struct operation_list list;
	struct audit_list rows;
	struct audit_filter f = { .limit = 1 };
	struct audit_verdict v;
	int round, fds[2];
	bool open_intent;
	char byte;
	pid_t pid;

	for (round = 0; round < 12; round++) {
		db_close(&t->db);
		assert_int_equal(pipe(fds), 0);
		pid = fork();
		if (pid == 0)
			change_for_ever(t, fds[1]);
		(void)close(fds[1]);
		assert_int_equal(read(fds[0], &byte, 1), 1);
		(void)usleep((useconds_t)(round * 500));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		(void)close(fds[0]);
		reopen(t);
		assert_int_equal(audit_verify(t->db, &v, &t->err), 0);
		assert_true(v.intact);
		assert_int_equal(audit_list(t->db, &f, &rows, &t->err), 0);
		assert_int_equal(operation_list_pending(t->db, &list, &t->err),
		    0);
		open_intent = strcmp(rows.rows[0].kind, "intent") == 0;
		assert_int_equal(list.n, open_intent ? 1 : 0);
		if (open_intent) {
			assert_int_equal(list.v[0].audit_seq, rows.rows[0].seq);
			assert_string_equal(list.v[0].id,
			    rows.rows[0].operation);
			assert_int_equal(operation_set(t->db, list.v[0].id,
					     OPERATION_UNDONE, NULL, "died",
					     &t->err),
			    0);
		}
		operation_list_clear(&list);
		audit_list_clear(&rows);
	}
}

/* As it lies in the table. */
static void
stored_plan(const struct temp_db *t, char *out, size_t size)
{
	sqlite3_stmt *stmt;
	sqlite3 *raw;

	assert_int_equal(sqlite3_open(t->path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(raw, "SELECT plan FROM operations",
			     -1, &stmt, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	(void)snprintf(out, size, "%s", sqlite3_column_text(stmt, 0));
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(raw);
}

static void
opens(struct temp_db *t, const char *id, const char *plan)
{
	struct operation back;

	assert_int_equal(operation_get(t->db, id, &back, &t->err), 0);
	assert_string_equal(operation_plan(&back, &t->err), plan);
	operation_clear(&back);
}

/* What recovery needs may hold passwords: it lies there sealed. */
static void
test_sealed(void **state)
{
	struct temp_db *t = *state;
	char text[512];
	struct operation op;

	begin(t, &op);
	stored_plan(t, text, sizeof(text));
	assert_memory_equal(text, "s1:", 3);
	assert_null(strstr(text, "steps"));
	opens(t, op.id, "{\"steps\":[]}");
	assert_int_equal(operation_set_plan(t->db, op.id, "{\"steps\":[1]}",
			     &t->err),
	    0);
	stored_plan(t, text, sizeof(text));
	assert_memory_equal(text, "s1:", 3);
	opens(t, op.id, "{\"steps\":[1]}");
	/* As an older version left it. */
	assert_int_equal(temp_db_raw(t, "UPDATE operations SET plan = '{}'"),
	    SQLITE_OK);
	opens(t, op.id, "{}");
}

/* With another key the operation is still there, and says what is wrong. */
static void
test_lost_key(void **state)
{
	struct keyring *other = temp_key(7, 0);
	struct temp_db *t = *state;
	struct operation_list list;
	struct operation op;

	begin(t, &op);
	db_set_keyring(t->db, other);
	assert_int_equal(operation_list_pending(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_null(list.v[0].plan);
	assert_null(operation_plan(&list.v[0], &t->err));
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(t->err.text, "master key"));
	operation_list_clear(&list);
	/* In the clear it is never stored. */
	db_set_keyring(t->db, NULL);
	assert_int_equal(operation_set_plan(t->db, op.id, "{}", &t->err), -1);
	op.id[0] = '\0';
	assert_int_equal(operation_begin(t->db, &op, &t->err), -1);
	assert_int_equal(operation_list(t->db, "", 10, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_non_null(list.v[0].plan_lost);
	operation_list_clear(&list);
	keyring_free(&other);
}

static int
set_up(void **state)
{
	int rc = temp_db_set_up(state);
	struct temp_db *t = *state;

	keyring = temp_key(1, 0);
	db_set_keyring(t->db, keyring);
	return rc;
}

static int
tear_down(void **state)
{
	int rc = temp_db_tear_down(state);

	keyring_free(&keyring);
	return rc;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_begin_get),
		TEST(test_given_id),
		TEST(test_lasting),
		TEST(test_set),
		TEST(test_await),
		TEST(test_lists),
		TEST(test_damaged_row),
		TEST(test_sealed),
		TEST(test_lost_key),
		TEST(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
