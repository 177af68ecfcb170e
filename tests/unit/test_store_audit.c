/* links: store/audit store/db store/sql store/migrations base/buf base/clock
 * base/crypto base/err base/log base/mem */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_audit.c - the chain, and every way to break it. */
#include <sys/wait.h>

#include <signal.h>

#include "base/compat.h"
#include "store/audit.h"
#include "store/sql.h"
#include "temp_db.h"

static struct audit_row
intent(void)
{
	struct audit_row row = { .kind = "intent",
		.actor = "ops",
		.token_id = "t0123456789",
		.peer = "192.0.2.7",
		.request_id = "r-1",
		.method = "PATCH",
		.path = "/v1/upstreams/ifog",
		.resource = "upstreams/ifog",
		.operation = "op-x",
		.reason = "maintenance",
		.ticket = "CHG-1",
		.before = "{\"a\":1}",
		.after = "{\"a\":2}" };

	return row;
}

static void
append(struct temp_db *t, struct audit_row *row)
{
	if (audit_append(t->db, row, &t->err) == -1)
		fail_msg("%s", t->err.text);
}

/* Five rows: intent, outcome, intent, outcome, and one mostly NULL. */
static void
append_some(struct temp_db *t)
{
	struct audit_row row;
	int i;

	for (i = 0; i < 2; i++) {
		row = intent();
		append(t, &row);
		assert_int_equal(row.seq, 2 * i + 1);
		row.kind = "outcome";
		row.about = row.seq;
		row.time_ms = 0;
		row.commands = "[{\"command\":\"x\",\"answer\":\"\"}]";
		row.outcome = i == 0 ? "applied" : "failed";
		row.detail = i == 0 ? NULL : "vtysh: no";
		append(t, &row);
	}
	memset(&row, 0, sizeof(row));
	row.kind = "intent";
	row.actor = "";
	append(t, &row);
	assert_int_equal(row.seq, 5);
}

static struct audit_verdict
verdict(struct temp_db *t)
{
	struct audit_verdict v;

	if (audit_verify(t->db, &v, &t->err) == -1)
		fail_msg("%s", t->err.text);
	return v;
}

static void
drop_triggers(struct temp_db *t)
{
	assert_int_equal(temp_db_raw(t,
			     "DROP TRIGGER audit_in_order;"
			     "DROP TRIGGER audit_advance;"
			     "DROP TRIGGER audit_no_update;"
			     "DROP TRIGGER audit_no_delete;"
			     "DROP TRIGGER audit_head_in_step;"
			     "DROP TRIGGER audit_head_no_insert;"
			     "DROP TRIGGER audit_head_no_delete;"),
	    SQLITE_OK);
}

static void
test_chain(void **state)
{
	struct temp_db *t = *state;
	struct audit_verdict v = verdict(t);
	struct audit_list list;

	assert_true(v.intact);
	assert_int_equal(v.rows, 0);
	assert_string_equal(v.head, "");
	append_some(t);
	v = verdict(t);
	assert_true(v.intact);
	assert_int_equal(v.rows, 5);
	assert_int_equal(v.first_bad_seq, 0);
	assert_int_equal(audit_get(t->db, 5, &list, &t->err), 0);
	assert_string_equal(v.head, list.rows[0].hash);
	audit_list_clear(&list);
	temp_db_reopen(t);
	assert_true(verdict(t).intact);
}

static void
test_get_returns_what_was_put(void **state)
{
	struct temp_db *t = *state;
	struct audit_row row = intent();
	struct audit_list list;

	row.time_ms = 1772330400000;
	append(t, &row);
	assert_int_equal(audit_get(t->db, 1, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_true(list.rows[0].time_ms == row.time_ms);
	assert_int_equal(list.rows[0].about, 0);
	assert_string_equal(list.rows[0].kind, "intent");
	assert_string_equal(list.rows[0].actor, "ops");
	assert_string_equal(list.rows[0].token_id, row.token_id);
	assert_string_equal(list.rows[0].peer, row.peer);
	assert_string_equal(list.rows[0].request_id, "r-1");
	assert_string_equal(list.rows[0].method, "PATCH");
	assert_string_equal(list.rows[0].path, row.path);
	assert_string_equal(list.rows[0].resource, row.resource);
	assert_string_equal(list.rows[0].operation, "op-x");
	assert_string_equal(list.rows[0].reason, "maintenance");
	assert_string_equal(list.rows[0].ticket, "CHG-1");
	assert_string_equal(list.rows[0].before, row.before);
	assert_string_equal(list.rows[0].after, row.after);
	assert_null(list.rows[0].commands);
	assert_null(list.rows[0].outcome);
	assert_null(list.rows[0].detail);
	assert_string_equal(list.rows[0].hash, row.hash);
	audit_list_clear(&list);
	assert_int_equal(audit_get(t->db, 2, &list, &t->err), -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
}

/* The exact bytes, once, so that a change of them does not go unseen: an
 * outside program must be able to check the chain for years. */
static void
test_known_hash(void **state)
{
	static const uint8_t before_texts[] = {
		0, 0, 0, 0, 0, 0, 0, 0, /* no previous hash */
		8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* seq */
		8, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, /* time_ms */
		255, 255, 255, 255, 255, 255, 255, 255, /* about: NULL */
		6, 0, 0, 0, 0, 0, 0, 0, 'i', 'n', 't', 'e', 'n', 't', 0, 0, 0,
		0, 0, 0, 0, 0, /* actor: "" */
	};
	struct audit_row row = { .kind = "intent",
		.actor = "",
		.time_ms = 258 };
	uint8_t bytes[sizeof(before_texts) + 14 * 8];
	char hash[CRYPTO_HASH_HEX_MAX];
	struct temp_db *t = *state;

	memset(bytes, 0xff, sizeof(bytes)); /* fourteen times NULL */
	memcpy(bytes, before_texts, sizeof(before_texts));
	append(t, &row);
	assert_string_equal(row.hash,
	    crypto_blake2b_hex(hash, bytes, sizeof(bytes)));
}

static void
test_null_is_not_empty(void **state)
{
	struct temp_db *t = *state;
	struct audit_row row = { .kind = "intent", .time_ms = 1 };
	char hash[CRYPTO_HASH_HEX_MAX];
	struct audit_list list;

	append(t, &row);
	memcpy(hash, row.hash, sizeof(hash));
	assert_int_equal(audit_get(t->db, 1, &list, &t->err), 0);
	assert_null(list.rows[0].actor);
	audit_list_clear(&list);
	drop_triggers(t);
	assert_int_equal(temp_db_raw(t, "UPDATE audit SET actor = ''"),
	    SQLITE_OK);
	assert_int_equal(verdict(t).first_bad_seq, 1);
	/* The same text in the neighbouring column differs too. */
	assert_int_equal(temp_db_raw(t, "UPDATE audit SET actor = NULL"),
	    SQLITE_OK);
	assert_true(verdict(t).intact);
}

static void
test_tampering_is_seen(void **state)
{
	static const char *const changes[] = { "time_ms = time_ms + 1",
		"kind = 'outcome'", "about = 1", "actor = 'eve'",
		"token_id = 't9'", "peer = NULL", "request_id = ''",
		"method = 'GET'", "path = path || 'x'",
		"path = path || char(0)", "resource = 'upstreams/x'",
		"operation = NULL", "reason = 'other'", "ticket = ''",
		"\"before\" = '{}'", "\"after\" = NULL", "commands = '[]'",
		"outcome = 'applied'", "detail = ''", "hash = upper(hash)",
		"hash = ''", "hash = lower(hex(randomblob(32)))",
		"actor = 'op', token_id = 's' || token_id" };
	struct temp_db *t = *state;
	struct audit_verdict v;
	char sql[160];
	size_t i;

	append_some(t);
	drop_triggers(t);
	assert_int_equal(temp_db_raw(t,
			     "CREATE TABLE kept AS SELECT * FROM"
			     " audit WHERE seq = 3"),
	    SQLITE_OK);
	for (i = 0; i < NITEMS(changes); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "UPDATE audit SET %s WHERE seq = 3", changes[i]);
		assert_int_equal(temp_db_raw(t, sql), SQLITE_OK);
		v = verdict(t);
		if (v.intact)
			fail_msg("not seen: %s", changes[i]);
		assert_int_equal(v.first_bad_seq, 3);
		assert_int_equal(v.rows, 5);
		assert_true(v.detail[0] != '\0');
		assert_int_equal(temp_db_raw(t,
				     "DELETE FROM audit WHERE seq = 3;"
				     "INSERT INTO audit SELECT * FROM kept"),
		    SQLITE_OK);
		assert_true(verdict(t).intact);
	}
}

static void
test_gap_and_cut_tail(void **state)
{
	struct temp_db *t = *state;
	struct audit_row row = intent();
	struct audit_verdict v;

	append_some(t);
	drop_triggers(t);
	assert_int_equal(temp_db_raw(t, "DELETE FROM audit WHERE seq = 5"),
	    SQLITE_OK);
	v = verdict(t);
	assert_false(v.intact);
	assert_int_equal(v.first_bad_seq, 5);
	assert_int_equal(v.rows, 4);
	/* What is added later does not hide it. */
	temp_db_reopen(t);
	append(t, &row);
	assert_int_equal(row.seq, 6);
	assert_int_equal(verdict(t).first_bad_seq, 5);
	assert_int_equal(temp_db_raw(t, "DELETE FROM audit WHERE seq = 2"),
	    SQLITE_OK);
	assert_int_equal(verdict(t).first_bad_seq, 2);
	assert_int_equal(temp_db_raw(t, "DELETE FROM audit"), SQLITE_OK);
	v = verdict(t);
	assert_false(v.intact);
	assert_int_equal(v.first_bad_seq, 1);
	assert_int_equal(v.rows, 0);
}

static void
test_renumbered(void **state)
{
	struct temp_db *t = *state;

	append_some(t);
	drop_triggers(t);
	assert_int_equal(temp_db_raw(t,
			     "UPDATE audit SET seq = 0"
			     " WHERE seq = 1"),
	    SQLITE_OK);
	assert_false(verdict(t).intact);
	assert_int_equal(temp_db_raw(t,
			     "UPDATE audit SET seq = 1 WHERE seq = 0;"
			     "UPDATE audit SET seq = 77 WHERE seq = 5"),
	    SQLITE_OK);
	assert_int_equal(verdict(t).first_bad_seq, 5);
}

static void
test_damaged_head(void **state)
{
	struct temp_db *t = *state;
	struct audit_row row = intent();

	append_some(t);
	drop_triggers(t);
	/* The last row was exchanged, its own hash being right. */
	assert_int_equal(temp_db_raw(t,
			     "UPDATE audit_head SET hash ="
			     " lower(hex(randomblob(32)))"),
	    SQLITE_OK);
	assert_int_equal(verdict(t).first_bad_seq, 5);
	/* The head was put back: no row can be added over one that exists. */
	assert_int_equal(temp_db_raw(t, "UPDATE audit_head SET seq = 3"),
	    SQLITE_OK);
	assert_int_equal(verdict(t).first_bad_seq, 4);
	assert_int_equal(audit_append(t->db, &row, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "audit_damaged");
	assert_int_equal(row.seq, 0);
	assert_int_equal(temp_db_raw(t, "DELETE FROM audit_head"), SQLITE_OK);
	assert_int_equal(verdict(t).first_bad_seq, 6);
	assert_int_equal(audit_append(t->db, &row, &t->err), -1);
	assert_string_equal(t->err.reason, "audit_damaged");
}

static void
test_triggers_refuse(void **state)
{
	static const char *const attempts[] = {
		"UPDATE audit SET actor = 'eve' WHERE seq = 1",
		"DELETE FROM audit WHERE seq = 5", "DELETE FROM audit",
		"INSERT INTO audit (seq, time_ms, kind, hash)"
		" VALUES (9, 1, 'intent', '')",
		"INSERT INTO audit (time_ms, kind, hash)"
		" VALUES (1, 'intent', '')",
		"INSERT OR REPLACE INTO audit (seq, time_ms, kind, hash)"
		" VALUES (1, 1, 'intent', '')",
		"REPLACE INTO audit_head VALUES (1, 0, '')",
		"UPDATE audit_head SET seq = 0",
		"UPDATE audit_head SET seq = 6", "DELETE FROM audit_head"
	};
	struct temp_db *t = *state;
	size_t i;

	append_some(t);
	for (i = 0; i < NITEMS(attempts); i++) {
		if (temp_db_raw(t, attempts[i]) != SQLITE_CONSTRAINT)
			fail_msg("allowed: %s", attempts[i]);
	}
	assert_true(verdict(t).intact);
}

static void
test_filters(void **state)
{
	struct audit_filter f = { .limit = 1000 };
	struct temp_db *t = *state;
	struct audit_list list;
	struct audit_row row;
	int i;

	for (i = 1; i <= 40; i++) {
		row = intent();
		row.time_ms = i * 1000;
		row.actor = i % 2 == 0 ? "even" : "odd";
		row.resource = i % 4 == 0 ? "upstreams/a" : "upstreams/b";
		row.outcome = i % 5 == 0 ? "failed" : NULL;
		append(t, &row);
	}
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), 0);
	assert_int_equal(list.n, 40);
	assert_int_equal(list.rows[0].seq, 40);
	audit_list_clear(&list);

	f.limit = 3;
	f.before_seq = 38;
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), 0);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.rows[0].seq, 37);
	audit_list_clear(&list);

	f.before_seq = 0;
	f.after_seq = 38;
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.rows[0].seq, 39);
	audit_list_clear(&list);

	f = (struct audit_filter) { .limit = 1000,
		.actor = "even",
		.resource = "upstreams/a",
		.outcome = "failed" };
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), 0);
	assert_int_equal(list.n, 2); /* 20 and 40 */
	assert_int_equal(list.rows[1].seq, 20);
	audit_list_clear(&list);

	f = (struct audit_filter) { .limit = 1000,
		.since_ms = 10000,
		.until_ms = 12000 };
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.rows[1].seq, 10);
	audit_list_clear(&list);

	f.limit = 0;
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), -1);
	assert_int_equal(t->err.code, ERR_INVALID);
	f.limit = 1002;
	assert_int_equal(audit_list(t->db, &f, &list, &t->err), -1);
}

static void
test_in_the_callers_transaction(void **state)
{
	struct temp_db *t = *state;
	struct audit_row row = intent();

	assert_int_equal(db_begin(t->db, &t->err), 0);
	append(t, &row);
	append(t, &row);
	assert_int_equal(row.seq, 2);
	db_abort(t->db);
	assert_int_equal(verdict(t).rows, 0);
	append(t, &row);
	assert_int_equal(row.seq, 1);
	assert_true(verdict(t).intact);
}

static void
test_full_disk(void **state)
{
	struct temp_db *t = *state;
	struct audit_row row;
	int64_t rows = 0;
	char *large;

	large = malloc(20001);
	assert_non_null(large);
	memset(large, 'x', 20000);
	large[20000] = '\0';
	assert_int_equal(sqlite3_exec(t->db->handle,
			     "PRAGMA max_page_count = 60", NULL, NULL, NULL),
	    SQLITE_OK);
	for (;;) {
		row = intent();
		row.after = large;
		if (audit_append(t->db, &row, &t->err) == -1)
			break;
		rows++;
	}
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "database_full");
	assert_int_equal(row.seq, 0);
	assert_int_equal(verdict(t).rows, rows);
	assert_true(verdict(t).intact);
	assert_int_equal(sqlite3_exec(t->db->handle,
			     "PRAGMA max_page_count = 100000", NULL, NULL,
			     NULL),
	    SQLITE_OK);
	append(t, &row);
	assert_int_equal(row.seq, rows + 1);
	assert_true(verdict(t).intact);
	free(large);
}

/* Pairs, as a change writes them, until told to stop or killed. */
static void
write_rows(const struct temp_db *t, int n, int ready)
{
	struct audit_row row;
	struct err err;
	struct db *db;

	if (db_open(&db, t->path, false, &err) == -1)
		_exit(10);
	while (n-- != 0) {
		row = intent();
		if (audit_append(db, &row, &err) == -1)
			_exit(11);
		row.kind = "outcome";
		row.about = row.seq;
		if (audit_append(db, &row, &err) == -1)
			_exit(12);
		if (ready != -1 &&
		    write(ready, &row.seq, sizeof(row.seq)) == -1)
			_exit(13);
	}
	db_close(&db);
	_exit(0);
}

static void
test_two_writers(void **state)
{
	struct temp_db *t = *state;
	int i, status;
	pid_t pid[3];

	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (pid[i] == 0)
			write_rows(t, 25, -1);
	}
	for (i = 0; i < 3; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(verdict(t).rows, 150);
	assert_true(verdict(t).intact);
}

static void
test_killed(void **state)
{
	struct temp_db *t = *state;
	struct audit_verdict v;
	struct audit_row row;
	int round, fds[2];
	int64_t seq, last;
	pid_t pid;

	for (round = 0; round < 12; round++) {
		db_close(&t->db);
		assert_int_equal(pipe(fds), 0);
		pid = fork();
		if (pid == 0)
			write_rows(t, -1, fds[1]);
		(void)close(fds[1]);
		assert_int_equal(read(fds[0], &last, sizeof(last)),
		    sizeof(last));
		(void)usleep((useconds_t)(round * 900));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		while (read(fds[0], &seq, sizeof(seq)) == sizeof(seq))
			last = seq;
		(void)close(fds[0]);
		temp_db_reopen(t);
		v = verdict(t);
		if (!v.intact)
			fail_msg("%s", v.detail);
		assert_true(v.rows >= last && v.rows <= last + 2);
		row = intent();
		append(t, &row);
		assert_int_equal(row.seq, v.rows + 1);
	}
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_chain),
		TEST(test_get_returns_what_was_put),
		TEST(test_known_hash),
		TEST(test_null_is_not_empty),
		TEST(test_tampering_is_seen),
		TEST(test_gap_and_cut_tail),
		TEST(test_renumbered),
		TEST(test_damaged_head),
		TEST(test_triggers_refuse),
		TEST(test_filters),
		TEST(test_in_the_callers_transaction),
		TEST(test_full_disk),
		TEST(test_two_writers),
		TEST(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
