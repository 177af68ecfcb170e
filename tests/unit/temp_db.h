/* tests/unit/temp_db.h - a database in a directory of its own, for one test. */
#ifndef TEMP_DB_H
#define TEMP_DB_H

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/crypto.h"
#include "base/err.h"
#include "store/db.h"

struct temp_db {
	char dir[64];
	char path[80];
	struct db *db;
	struct err err;
};

/* Does not open it. */
static inline void
temp_db_place(struct temp_db *t)
{
	crypto_init();
	memset(t, 0, sizeof(*t));
	(void)snprintf(t->dir, sizeof(t->dir), "/tmp/mh-store-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	(void)snprintf(t->path, sizeof(t->path), "%s/test.db", t->dir);
}

static inline void
temp_db_reopen(struct temp_db *t)
{
	db_close(&t->db);
	if (db_open(&t->db, t->path, true, &t->err) == -1)
		fail_msg("%s", t->err.text);
}

static inline int
temp_db_set_up(void **state)
{
	struct temp_db *t = malloc(sizeof(*t));

	assert_non_null(t);
	temp_db_place(t);
	temp_db_reopen(t);
	*state = t;
	return 0;
}

static inline int
temp_db_tear_down(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
		".2" };
	struct temp_db *t = *state;
	char path[96];
	size_t i;

	db_close(&t->db);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", t->path, ends[i]);
		(void)unlink(path);
	}
	(void)rmdir(t->dir);
	free(t);
	return 0;
}

/* What somebody with the sqlite3 shell could do. Returns SQLite's code. */
static inline int
temp_db_raw(const struct temp_db *t, const char *sql)
{
	sqlite3 *raw;
	int rc;

	assert_int_equal(sqlite3_open(t->path, &raw), SQLITE_OK);
	(void)sqlite3_busy_timeout(raw, 5000);
	rc = sqlite3_exec(raw, sql, NULL, NULL, NULL);
	(void)sqlite3_close(raw);
	return rc;
}

#endif
