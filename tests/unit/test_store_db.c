/* links: store/db store/sql store/migrations base/buf base/clock base/crypto
 * base/err base/log base/mem */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_db.c - opening, damage, full disks, kills. */
#include <sys/resource.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <signal.h>

#include "store/migrations.h"
#include "store/sql.h"
#include "temp_db.h"

static int
add_friendly(struct db *db, int n, struct err *err)
{
	char text[32];
	struct sql s;

	(void)snprintf(text, sizeof(text), "n%d", n);
	if (sql_open(&s, db,
		"INSERT INTO friendly (neighbor, name)"
		" VALUES (?1, ?1)",
		err) == -1)
		return -1;
	sql_add_text(&s, text);
	return sql_run(&s, err);
}

static int64_t
count(struct db *db)
{
	struct err err;
	int64_t n = -1;

	if (sql_get_int(db, "SELECT count(*) FROM friendly", &n, &err) == -1)
		fail_msg("%s", err.text);
	return n;
}

static void
test_created_private(void **state)
{
	struct temp_db *t = *state;
	struct stat st;
	int64_t n;
	struct sql s;

	assert_int_equal(stat(t->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(sql_get_int(t->db, "PRAGMA synchronous", &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(sql_get_int(t->db, "PRAGMA foreign_keys", &n, NULL),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(sql_get_int(t->db, "PRAGMA user_version", &n, NULL),
	    0);
	assert_int_equal(n, migrations[migrations_n - 1].number);
	assert_int_equal(sql_open(&s, t->db, "PRAGMA journal_mode", NULL), 0);
	assert_int_equal(sql_step(&s, NULL), 1);
	assert_string_equal(sql_text(&s, 0), "wal");
	sql_close(&s);
}

static void
test_migrations_are_numbered(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < migrations_n; i++)
		assert_int_equal(migrations[i].number, (int)i + 1);
}

static void
test_transactions(void **state)
{
	struct temp_db *t = *state;
	bool own;

	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(add_friendly(t->db, 1, &t->err), 0);
	db_abort(t->db);
	db_abort(t->db);
	assert_int_equal(count(t->db), 0);

	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(db_join(t->db, &own, &t->err), 0);
	assert_false(own);
	assert_int_equal(add_friendly(t->db, 1, &t->err), 0);
	assert_int_equal(db_leave(t->db, own, 0, &t->err), 0);
	assert_int_equal(db_commit(t->db, &t->err), 0);
	assert_int_equal(count(t->db), 1);

	/* Closing in the middle rolls back. */
	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(add_friendly(t->db, 2, &t->err), 0);
	temp_db_reopen(t);
	assert_int_equal(count(t->db), 1);
}

static void
test_lost_transaction(void **state)
{
	struct temp_db *t = *state;

	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(add_friendly(t->db, 1, &t->err), 0);
	/* As SQLite does by itself after some I/O errors. */
	assert_int_equal(sqlite3_exec(t->db->handle, "ROLLBACK", NULL, NULL,
			     NULL),
	    SQLITE_OK);
	assert_int_equal(add_friendly(t->db, 2, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_int_equal(db_commit(t->db, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_int_equal(count(t->db), 0);
	assert_int_equal(db_begin(t->db, &t->err), 0);
	db_abort(t->db);
}

static void
test_data_version(void **state)
{
	struct temp_db *t = *state;
	int64_t before, same, after;

	assert_int_equal(db_data_version(t->db, &before, &t->err), 0);
	assert_int_equal(db_data_version(t->db, &same, &t->err), 0);
	assert_int_equal(before, same);
	assert_int_equal(temp_db_raw(t,
			     "INSERT INTO friendly (neighbor, name)"
			     " VALUES ('a', 'b')"),
	    SQLITE_OK);
	assert_int_equal(db_data_version(t->db, &after, &t->err), 0);
	assert_int_not_equal(before, after);
}

static void
test_busy(void **state)
{
	struct temp_db *t = *state;
	struct db *other;

	assert_int_equal(db_open(&other, t->path, false, &t->err), 0);
	(void)sqlite3_busy_timeout(other->handle, 50);
	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(db_begin(other, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "database_busy");
	assert_int_equal(t->err.retry_after_s, 1);
	db_abort(t->db);
	assert_int_equal(db_begin(other, &t->err), 0);
	db_close(&other);
}

static void
test_open_refused(void **state)
{
	struct temp_db *t = *state;
	char path[96];
	struct db *db;
	int fd;

	/* Without migrate nothing is created. */
	(void)snprintf(path, sizeof(path), "%s.2", t->path);
	assert_int_equal(db_open(&db, path, false, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_null(db);
	assert_int_equal(access(path, F_OK), -1);

	/* Not a database at all. */
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd,
			     "this is no database, but long enough to "
			     "look like one to a careless reader\n"
			     "................................\n",
			     108),
	    108);
	(void)close(fd);
	assert_int_equal(db_open(&db, path, true, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "database_damaged");

	/* A directory that is not there. */
	assert_int_equal(db_open(&db, "/nonexistent/x.db", true, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(t->err.text, "No such file"));
}

static void
test_foreign_database(void **state)
{
	struct temp_db *t = *state;
	char path[96];
	sqlite3 *raw;
	struct db *db;

	(void)snprintf(path, sizeof(path), "%s.2", t->path);
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, "CREATE TABLE mail (x)", NULL, NULL,
			     NULL),
	    SQLITE_OK);
	(void)sqlite3_close(raw);
	assert_int_equal(db_open(&db, path, true, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(t->err.text, "not a database of multihomed"));
}

static void
test_newer_schema(void **state)
{
	struct temp_db *t = *state;

	assert_int_equal(temp_db_raw(t, "PRAGMA user_version = 1000"),
	    SQLITE_OK);
	db_close(&t->db);
	assert_int_equal(db_open(&t->db, t->path, true, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_non_null(strstr(t->err.text, "newer"));
	assert_int_equal(db_open(&t->db, t->path, false, &t->err), -1);
}

static void
test_damaged_page(void **state)
{
	struct temp_db *t = *state;
	struct stat st;
	char junk[4096];
	off_t at;
	int fd, i;

	assert_int_equal(db_begin(t->db, &t->err), 0);
	for (i = 0; i < 2000; i++)
		assert_int_equal(add_friendly(t->db, i, &t->err), 0);
	assert_int_equal(db_commit(t->db, &t->err), 0);
	db_close(&t->db); /* the WAL is folded in and gone */

	memset(junk, 0x5a, sizeof(junk));
	assert_int_equal(stat(t->path, &st), 0);
	fd = open(t->path, O_WRONLY);
	for (at = 8 * 4096; at + 4096 <= st.st_size; at += 3 * 4096)
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at), 4096);
	(void)close(fd);
	assert_int_equal(db_open(&t->db, t->path, true, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "database_damaged");
}

static void
test_full(void **state)
{
	struct temp_db *t = *state;
	int64_t kept;
	int i, rc = 0;

	assert_int_equal(sqlite3_exec(t->db->handle,
			     "PRAGMA max_page_count = 30", NULL, NULL, NULL),
	    SQLITE_OK);
	for (i = 0; i < 5000 && rc == 0; i++)
		rc = add_friendly(t->db, i, &t->err);
	assert_int_equal(rc, -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_string_equal(t->err.reason, "database_full");
	assert_non_null(strstr(t->err.text, "full"));
	kept = count(t->db);
	assert_int_equal(kept, i - 1);

	/* Once there is room again, so is everything else. */
	assert_int_equal(sqlite3_exec(t->db->handle,
			     "PRAGMA max_page_count = 100000", NULL, NULL,
			     NULL),
	    SQLITE_OK);
	assert_int_equal(add_friendly(t->db, i, &t->err), 0);
	assert_int_equal(count(t->db), kept + 1);
}

/* The file system itself refuses to let the WAL grow. */
static void
fill_file(const struct temp_db *t)
{
	static const struct rlimit small = { 96 * 1024, 96 * 1024 };
	struct err err;
	struct db *db;
	int i, rc = 0;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (db_open(&db, t->path, false, &err) == -1 ||
	    setrlimit(RLIMIT_FSIZE, &small) == -1)
		_exit(10);
	for (i = 0; i < 5000 && rc == 0; i++)
		rc = add_friendly(db, i, &err);
	if (rc == 0)
		_exit(11);
	if (err.code != ERR_UNAVAILABLE)
		_exit(12);
	/* Reading goes on; a transaction fails as a whole. */
	if (count(db) != i - 1)
		_exit(13);
	if (db_begin(db, &err) == 0) {
		(void)add_friendly(db, 9001, &err);
		if (db_commit(db, &err) == 0)
			_exit(14);
	}
	_exit(count(db) == i - 1 ? 0 : 15);
}

static void
test_full_file_system(void **state)
{
	struct temp_db *t = *state;
	int64_t n;
	int status;
	pid_t pid;

	db_close(&t->db);
	pid = fork();
	if (pid == 0)
		fill_file(t);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	temp_db_reopen(t);
	n = count(t->db);
	assert_true(n > 0);
	assert_int_equal(add_friendly(t->db, 9002, &t->err), 0);
	assert_int_equal(count(t->db), n + 1);
}

/* Pairs of rows, each pair in one transaction, until killed. */
static void
write_pairs(const struct temp_db *t, int ready)
{
	struct err err;
	struct db *db;
	int i;

	if (db_open(&db, t->path, false, &err) == -1)
		_exit(10);
	for (i = (int)count(db);; i += 2) {
		if (db_begin(db, &err) == -1 ||
		    add_friendly(db, i, &err) == -1 ||
		    add_friendly(db, i + 1, &err) == -1 ||
		    db_commit(db, &err) == -1)
			_exit(11);
		if (write(ready, "", 1) != 1)
			_exit(14);
	}
}

static void
test_killed(void **state)
{
	struct temp_db *t = *state;
	int round, status, fds[2];
	int64_t n = 0, now;
	char byte;
	pid_t pid;

	for (round = 0; round < 12; round++) {
		db_close(&t->db);
		assert_int_equal(pipe(fds), 0);
		pid = fork();
		if (pid == 0)
			write_pairs(t, fds[1]);
		(void)close(fds[1]);
		assert_int_equal(read(fds[0], &byte, 1), 1);
		(void)usleep((useconds_t)(round * 700));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		/* What was told to be on disk is. */
		now = 2;
		while (read(fds[0], &byte, 1) == 1)
			now += 2;
		(void)close(fds[0]);
		temp_db_reopen(t); /* quick_check included */
		assert_true(count(t->db) >= n + now);
		n = count(t->db);
		assert_int_equal(n % 2, 0);
	}
}

/* Several processes create the same new file at once. */
static void
test_opened_at_once(void **state)
{
	struct temp_db *t = *state;
	struct db *db;
	pid_t pid[4];
	size_t i;
	int status;

	(void)strncat(t->path, ".2", 3);
	for (i = 0; i < 4; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			if (db_open(&db, t->path, true, &t->err) == -1) {
				print_error("%s\n", t->err.text);
				_exit(1);
			}
			_exit(add_friendly(db, (int)i, &t->err) == 0 ? 0 : 2);
		}
	}
	for (i = 0; i < 4; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	temp_db_reopen(t);
	assert_int_equal(count(t->db), 4);
	/* Both files go. */
	db_close(&t->db);
	(void)unlink(t->path);
	t->path[strlen(t->path) - 2] = '\0';
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_created_private),
		TEST(test_migrations_are_numbered),
		TEST(test_transactions),
		TEST(test_lost_transaction),
		TEST(test_data_version),
		TEST(test_busy),
		TEST(test_open_refused),
		TEST(test_foreign_database),
		TEST(test_newer_schema),
		TEST(test_damaged_page),
		TEST(test_full),
		TEST(test_full_file_system),
		TEST(test_killed),
		TEST(test_opened_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
