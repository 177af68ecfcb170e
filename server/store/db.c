/* store/db.c - the SQLite file: opening, migrations, transactions. */
#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/migrations.h"
#include "store/sql.h"

enum {
	BUSY_TIMEOUT_MS = 5000,
	SQLITE_OLDEST = 3037000 /* STRICT tables */
};

/*
 * Creates an empty file that only we can read. An existing one is left alone
 * and, on purpose, not opened here: closing any descriptor of it would drop
 * the POSIX locks of this process's other connections.
 */
static int
create_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd == -1)
		return errno == EEXIST ?
		    0 :
		    err_set_errno(err, ERR_UNAVAILABLE,
			"database: cannot create %s", path);
	(void)close(fd);
	return 0;
}

/*
 * The switch of a new file to WAL needs the file alone for a moment, and
 * SQLite does not wait for that by itself.
 */
static int
set_wal(struct db *db, struct err *err)
{
	static const struct timespec pause = { 0, 20 * 1000000L };
	int64_t deadline = clock_ms() + BUSY_TIMEOUT_MS;
	struct sql s;
	bool wal;
	int rc;

	for (;;) {
		if (sql_open(&s, db, "PRAGMA journal_mode = WAL", err) == -1)
			return -1;
		rc = sql_step(&s, err);
		wal = rc == 1 && strcmp(sql_text(&s, 0), "wal") == 0;
		sql_close(&s);
		if (wal)
			return 0;
		if ((s.code & 0xff) != SQLITE_BUSY ||
		    clock_left_ms(deadline) == 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	if (rc == -1)
		return -1;
	return err_set(err, ERR_UNAVAILABLE,
	    "database: this file system cannot do write-ahead logging");
}

static int
set_up(struct db *db, struct err *err)
{
	(void)sqlite3_extended_result_codes(db->handle, 1);
	(void)sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* No sort of ours is large; a chroot may have no /tmp. */
	return sql_script(db,
	    "PRAGMA synchronous = FULL;"
	    "PRAGMA foreign_keys = ON;"
	    /* A plan that is gone leaves no bytes in a free page. */
	    "PRAGMA secure_delete = ON;"
	    "PRAGMA trusted_schema = OFF;"
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA temp_store = MEMORY;"
	    "PRAGMA cache_size = -1024;"
	    "PRAGMA journal_size_limit = 16777216;",
	    err);
}

static int
read_version(struct db *db, int64_t *version, struct err *err)
{
	return sql_get_int(db, "PRAGMA user_version", version, err);
}

/*
 * Ours, or nothing at all in it yet. One statement, hence one moment: another
 * process may be creating the schema just now.
 */
static int
check_owner(struct db *db, const char *path, struct err *err)
{
	struct sql s;
	bool ours = false;
	int rc;

	if (sql_open(&s, db,
		"SELECT application_id, user_version,"
		" (SELECT count(*) FROM sqlite_schema)"
		" FROM pragma_application_id, pragma_user_version",
		err) == -1)
		return -1;
	rc = sql_step(&s, err);
	if (rc == 1)
		ours = (sql_int(&s, 0) == MIGRATIONS_APPLICATION_ID &&
			   sql_int(&s, 1) > 0) ||
		    (sql_int(&s, 0) == 0 && sql_int(&s, 1) == 0 &&
			sql_int(&s, 2) == 0);
	sql_close(&s);
	if (rc == -1)
		return err_prefix(err, "%s", path);
	if (!ours)
		return err_set(err, ERR_UNAVAILABLE,
		    "database: %s is not a database of multihomed", path);
	return 0;
}

static int
check_integrity(struct db *db, struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db, "PRAGMA quick_check(1)", err) == -1)
		return -1;
	rc = sql_step(&s, err);
	if (rc == 1 && strcmp(sql_text(&s, 0), "ok") != 0) {
		(void)err_set(err, ERR_UNAVAILABLE, "database: damaged: %s",
		    sql_text(&s, 0));
		rc = err_reason(err, "database_damaged");
	}
	sql_close(&s);
	return rc == -1 ? -1 : 0;
}

static int
check_newest(int64_t version, bool exactly, struct err *err)
{
	int newest = migrations[migrations_n - 1].number;

	if (version > newest)
		return err_set(err, ERR_UNAVAILABLE,
		    "database: schema %lld is newer than this program's %d",
		    (long long)version, newest);
	if (exactly && version < newest)
		return err_set(err, ERR_UNAVAILABLE,
		    "database: schema %lld is older than this program's %d",
		    (long long)version, newest);
	return 0;
}

/* Another process may be migrating too: the version counts once we hold the
 * write lock. */
static int
migrate_one(struct db *db, const struct migration *m, struct err *err)
{
	int64_t version;

	if (db_begin(db, err) == -1)
		return -1;
	if (read_version(db, &version, err) == -1)
		goto fail;
	if (version >= m->number) {
		db_abort(db);
		return 0;
	}
	if (sql_script(db, m->sql, err) == -1 ||
	    read_version(db, &version, err) == -1)
		goto fail;
	assert(version == m->number);
	return db_commit(db, err);
fail:
	db_abort(db);
	return err_prefix(err, "migration %d (%s)", m->number, m->name);
}

static int
bring_up_to_date(struct db *db, struct err *err)
{
	int64_t version;
	size_t i;

	if (check_integrity(db, err) == -1 ||
	    read_version(db, &version, err) == -1 ||
	    check_newest(version, false, err) == -1)
		return -1;
	for (i = 0; i < migrations_n; i++) {
		if (migrations[i].number > version &&
		    migrate_one(db, &migrations[i], err) == -1)
			return -1;
	}
	return 0;
}

int
db_open(struct db **dbp, const char *path, bool migrate, struct err *err)
{
	struct db *db;
	int64_t version;
	int rc;

	*dbp = NULL;
	if (sqlite3_libversion_number() < SQLITE_OLDEST)
		return err_set(err, ERR_UNSUPPORTED,
		    "SQLite %s is too old: 3.37 or newer is needed",
		    sqlite3_libversion());
	if (migrate && create_file(path, err) == -1)
		return -1;
	db = mem_calloc(1, sizeof(*db));
	rc = sqlite3_open_v2(path, &db->handle,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		(void)sql_error(db, rc, err);
		(void)err_prefix(err, "%s", path);
		goto fail;
	}
	if (set_up(db, err) == -1 || check_owner(db, path, err) == -1 ||
	    set_wal(db, err) == -1)
		goto fail;
	if (migrate && bring_up_to_date(db, err) == -1)
		goto fail;
	if (read_version(db, &version, err) == -1 ||
	    check_newest(version, true, err) == -1)
		goto fail;
	*dbp = db;
	return 0;
fail:
	db_close(&db);
	return -1;
}

void
db_close(struct db **dbp)
{
	struct db *db = *dbp;

	if (db == NULL)
		return;
	if (db->begun)
		db_abort(db);
	sql_forget(db);
	(void)sqlite3_close(db->handle);
	free(db);
	*dbp = NULL;
}

void
db_set_keyring(struct db *db, const struct keyring *keyring)
{
	db->keyring = keyring;
}

int
db_begin(struct db *db, struct err *err)
{
	struct sql s;

	assert(!db->begun);
	if (sql_open(&s, db, "BEGIN IMMEDIATE", err) == -1 ||
	    sql_run(&s, err) == -1)
		return -1;
	db->begun = true;
	db->n_changed = 0;
	return 0;
}

void
db_on_operation(struct db *db, db_operation_fn *fn, void *arg)
{
	db->on_operation = fn;
	db->on_operation_arg = arg;
}

static void
tell_changed(struct db *db)
{
	size_t i;

	for (i = 0; db->on_operation != NULL && i < db->n_changed; i++)
		db->on_operation(db->on_operation_arg, db, db->changed[i]);
	db->n_changed = 0;
}

void
db_operation_changed(struct db *db, const char *id)
{
	size_t i;

	for (i = 0; i < db->n_changed; i++)
		if (strcmp(db->changed[i], id) == 0)
			return;
	if (db->n_changed < SQL_CHANGED_MAX)
		(void)snprintf(db->changed[db->n_changed++], SQL_ID_MAX, "%s",
		    id);
	if (!db->begun)
		tell_changed(db);
}

/*
 * A commit that failed on the disk may still be found whole after a crash;
 * recovery copes, since an intent without its outcome is undone.
 */
int
db_commit(struct db *db, struct err *err)
{
	struct sql s;

	assert(db->begun);
	if (sql_open(&s, db, "COMMIT", err) == -1 || sql_run(&s, err) == -1) {
		db_abort(db);
		return -1;
	}
	db->begun = false;
	tell_changed(db);
	return 0;
}

/* After some errors (disk full, I/O) SQLite has rolled back already. */
void
db_abort(struct db *db)
{
	struct err err = { 0 };
	struct sql s;

	if (!db->begun)
		return;
	db->begun = false;
	db->n_changed = 0;
	if (sqlite3_get_autocommit(db->handle) != 0)
		return;
	if (sql_open(&s, db, "ROLLBACK", &err) == -1 || sql_run(&s, &err) == -1)
		log_error("rollback: %s", err.text);
}

int
db_join(struct db *db, bool *own, struct err *err)
{
	*own = !db->begun;
	return *own ? db_begin(db, err) : 0;
}

int
db_leave(struct db *db, bool own, int rc, struct err *err)
{
	if (!own)
		return rc;
	if (rc == 0)
		return db_commit(db, err);
	db_abort(db);
	return rc;
}

int
db_data_version(struct db *db, int64_t *version, struct err *err)
{
	return sql_get_int(db, "PRAGMA data_version", version, err);
}
