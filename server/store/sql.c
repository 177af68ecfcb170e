/* store/sql.c - prepared, bound statements; for the store room alone. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/sql.h"

static int
unavailable(struct db *db, int code, const char *reason, struct err *err)
{
	int os = sqlite3_system_errno(db->handle);
	int kind = code & 0xff;

	if ((kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) && os != 0)
		(void)err_set(err, ERR_UNAVAILABLE, "database: %s: %s",
		    sqlite3_errmsg(db->handle), strerror(os));
	else
		(void)err_set(err, ERR_UNAVAILABLE, "database: %s",
		    sqlite3_errmsg(db->handle));
	return err_reason(err, reason);
}

int
sql_error(struct db *db, int code, struct err *err)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		log_fatal("out of memory (database)");
	case SQLITE_FULL:
		return unavailable(db, code, "database_full", err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		(void)unavailable(db, code, "database_busy", err);
		if (err != NULL)
			err->retry_after_s = 1;
		return -1;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return unavailable(db, code, "database_damaged", err);
	case SQLITE_IOERR:
		if (code == SQLITE_IOERR_NOMEM)
			log_fatal("out of memory (database)");
		return unavailable(db, code, "database_unavailable", err);
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_NOLFS:
		return unavailable(db, code, "database_unavailable", err);
	case SQLITE_TOOBIG:
		return err_set(err, ERR_TOO_LARGE, "database: %s",
		    sqlite3_errmsg(db->handle));
	default:
		return err_set(err, ERR_INTERNAL, "database: %s",
		    sqlite3_errmsg(db->handle));
	}
}

int
sql_damaged(struct err *err, const char *what)
{
	(void)err_set(err, ERR_UNAVAILABLE,
	    "database: %s holds a value that was not written by this program",
	    what);
	return err_reason(err, "database_damaged");
}

static struct sql_cached *
cached(struct db *db, const char *text)
{
	size_t i;

	for (i = 0; i < db->n_cached; i++) {
		if (db->cache[i].text == text && !db->cache[i].busy)
			return &db->cache[i];
	}
	return NULL;
}

int
sql_open(struct sql *s, struct db *db, const char *text, struct err *err)
{
	int rc;

	memset(s, 0, sizeof(*s));
	s->db = db;
	if (db->begun && sqlite3_get_autocommit(db->handle) != 0) {
		(void)err_set(err, ERR_UNAVAILABLE,
		    "database: the transaction was rolled back");
		return err_reason(err, "database_unavailable");
	}
	s->slot = cached(db, text);
	if (s->slot == NULL) {
		rc = sqlite3_prepare_v3(db->handle, text, -1,
		    SQLITE_PREPARE_PERSISTENT, &s->stmt, NULL);
		if (rc != SQLITE_OK)
			return sql_error(db, rc, err);
		if (db->n_cached == SQL_CACHE_MAX)
			return 0;
		s->slot = &db->cache[db->n_cached++];
		s->slot->text = text;
		s->slot->stmt = s->stmt;
	}
	s->slot->busy = true;
	s->stmt = s->slot->stmt;
	return 0;
}

static void
added(struct sql *s, int rc)
{
	if (rc != SQLITE_OK && s->code == SQLITE_OK)
		s->code = rc;
}

void
sql_add_text(struct sql *s, const char *text)
{
	int i = ++s->n_added;

	added(s,
	    text == NULL ? sqlite3_bind_null(s->stmt, i) :
			   sqlite3_bind_text64(s->stmt, i, text, strlen(text),
			       SQLITE_STATIC, SQLITE_UTF8));
}

void
sql_add_blob(struct sql *s, const void *data, size_t len)
{
	added(s,
	    sqlite3_bind_blob64(s->stmt, ++s->n_added, data, len,
		SQLITE_STATIC));
}

void
sql_add_int(struct sql *s, int64_t value)
{
	added(s, sqlite3_bind_int64(s->stmt, ++s->n_added, value));
}

void
sql_add_int_or_null(struct sql *s, int64_t value)
{
	if (value == 0)
		sql_add_text(s, NULL);
	else
		sql_add_int(s, value);
}

int
sql_step(struct sql *s, struct err *err)
{
	int rc = s->code != SQLITE_OK ? s->code : sqlite3_step(s->stmt);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	s->code = rc;
	return sql_error(s->db, rc, err);
}

void
sql_close(struct sql *s)
{
	if (s->stmt == NULL)
		return;
	if (s->slot == NULL)
		(void)sqlite3_finalize(s->stmt);
	else {
		(void)sqlite3_reset(s->stmt);
		(void)sqlite3_clear_bindings(s->stmt);
		s->slot->busy = false;
	}
	s->stmt = NULL;
	s->slot = NULL;
}

int
sql_run(struct sql *s, struct err *err)
{
	int rc;

	while ((rc = sql_step(s, err)) == 1)
		continue;
	sql_close(s);
	return rc;
}

int
sql_rows(struct sql *s, sql_load_fn *load, size_t size, void **rows, size_t *n,
    struct err *err)
{
	size_t room = 0;
	int rc;

	*rows = NULL;
	*n = 0;
	while ((rc = sql_step(s, err)) == 1) {
		if (*n == room) {
			room = room == 0 ? 16 : room * 2;
			*rows = mem_realloc(*rows, room, size);
		}
		if (load(s, (char *)*rows + *n * size, err) == -1) {
			rc = -1;
			break;
		}
		(*n)++;
	}
	sql_close(s);
	return rc;
}

int
sql_changes(struct db *db)
{
	return sqlite3_changes(db->handle);
}

bool
sql_is_null(struct sql *s, int column)
{
	return sqlite3_column_type(s->stmt, column) == SQLITE_NULL;
}

const char *
sql_text(struct sql *s, int column)
{
	const unsigned char *text;

	if (sql_is_null(s, column))
		return NULL;
	text = sqlite3_column_text(s->stmt, column);
	if (text == NULL)
		log_fatal("out of memory (database)");
	return (const char *)text;
}

size_t
sql_len(struct sql *s, int column)
{
	return (size_t)sqlite3_column_bytes(s->stmt, column);
}

const void *
sql_blob(struct sql *s, int column)
{
	return sqlite3_column_blob(s->stmt, column);
}

int64_t
sql_int(struct sql *s, int column)
{
	return sqlite3_column_int64(s->stmt, column);
}

char *
sql_strdup(struct sql *s, int column)
{
	const char *text = sql_text(s, column);

	return text == NULL ? NULL : mem_strdup(text);
}

bool
sql_copy(struct sql *s, int column, char *out, size_t size)
{
	const char *text = sql_text(s, column);
	size_t len = text == NULL ? 0 : strlen(text);

	out[0] = '\0';
	if (len >= size)
		return false;
	if (text != NULL)
		memcpy(out, text, len + 1);
	return true;
}

int
sql_get_int(struct db *db, const char *text, int64_t *value, struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db, text, err) == -1)
		return -1;
	rc = sql_step(&s, err);
	if (rc == 1)
		*value = sql_int(&s, 0);
	else if (rc == 0)
		rc = err_set(err, ERR_INTERNAL, "database: no answer to %s",
		    text);
	sql_close(&s);
	return rc == 1 ? 0 : -1;
}

int
sql_script(struct db *db, const char *text, struct err *err)
{
	sqlite3_stmt *stmt;
	int rc;

	while (*text != '\0') {
		rc = sqlite3_prepare_v2(db->handle, text, -1, &stmt, &text);
		if (rc != SQLITE_OK)
			return sql_error(db, rc, err);
		if (stmt == NULL) /* blanks after the last statement */
			continue;
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			continue;
		(void)sqlite3_finalize(stmt);
		if (rc != SQLITE_DONE)
			return sql_error(db, rc, err);
	}
	return 0;
}

void
sql_forget(struct db *db)
{
	size_t i;

	for (i = 0; i < db->n_cached; i++) {
		assert(!db->cache[i].busy);
		(void)sqlite3_finalize(db->cache[i].stmt);
	}
	db->n_cached = 0;
}
