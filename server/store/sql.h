/* store/sql.h - prepared, bound statements; for the store room alone. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "store/db.h"

struct err;
struct keyring;

enum {
	SQL_CACHE_MAX = 48,
	SQL_CHANGED_MAX = 8, /* operations in one transaction; we have one */
	SQL_ID_MAX = 24
};

/* A statement kept for the next time; text is the literal's own address. */
struct sql_cached {
	const char *text;
	sqlite3_stmt *stmt;
	bool busy;
};

struct db {
	sqlite3 *handle;
	const struct keyring *keyring; /* borrowed, or NULL */
	bool begun; /* db_begin has been called, commit or abort not yet */
	size_t n_cached;
	struct sql_cached cache[SQL_CACHE_MAX];
	/* Of db_on_operation(), and what waits for the commit. */
	db_operation_fn *on_operation;
	void *on_operation_arg;
	char changed[SQL_CHANGED_MAX][SQL_ID_MAX];
	size_t n_changed;
};

/*
 * A statement in use: open, add values in the order of the question marks,
 * step until 0, close. Bad bindings show at the first step. After -1 from
 * sql_step, code is SQLite's extended result code.
 */
struct sql {
	struct db *db;
	sqlite3_stmt *stmt;
	struct sql_cached *slot; /* NULL: finalised by sql_close */
	int n_added;
	int code;
};

/*
 * text must be a literal (it is remembered by address). Refused when SQLite
 * has rolled the caller's transaction back behind its back: what follows
 * would otherwise be stored without what came before.
 */
int sql_open(struct sql *, struct db *, const char *text, struct err *);
/* Text and blobs are borrowed until sql_close; NULL is stored as NULL. */
void sql_add_text(struct sql *, const char *);
void sql_add_blob(struct sql *, const void *, size_t);
void sql_add_int(struct sql *, int64_t);
/* 0 is stored as NULL. */
void sql_add_int_or_null(struct sql *, int64_t);
/* 1: a row, 0: done, -1. */
int sql_step(struct sql *, struct err *);
/* Accepts a statement that failed to open. */
void sql_close(struct sql *);
/* All steps, then close. */
int sql_run(struct sql *, struct err *);
/*
 * All steps, each row loaded into the next of *rows (new memory, size bytes
 * each), then close. n of them are whole, also after -1.
 */
typedef int sql_load_fn(struct sql *, void *row, struct err *);
int sql_rows(struct sql *s, sql_load_fn *load, size_t size, void **rows,
    size_t *n, struct err *err);
/* Rows changed by the last statement that ran. */
int sql_changes(struct db *);

/* Columns of the present row; NULL stays NULL (0 for integers), valid until
 * the next step. */
const char *sql_text(struct sql *, int column);
size_t sql_len(struct sql *, int column);
const void *sql_blob(struct sql *, int column);
int64_t sql_int(struct sql *, int column);
bool sql_is_null(struct sql *, int column);
/* New memory, NULL for NULL. */
char *sql_strdup(struct sql *, int column);
/* Copies into a fixed array ("" for NULL); false when it does not fit. */
bool sql_copy(struct sql *, int column, char *out, size_t size);

/* The only value of a statement without question marks. */
int sql_get_int(struct db *, const char *text, int64_t *, struct err *);
/* Every statement in the text, for migrations and pragmas. */
int sql_script(struct db *, const char *text, struct err *);

/* Turns SQLite's present error into ours. Returns -1. */
int sql_error(struct db *, int code, struct err *);
/* A stored value that our own code cannot have written. Returns -1. */
int sql_damaged(struct err *, const char *what);
/* Finalises the cache. */
void sql_forget(struct db *);

#endif
