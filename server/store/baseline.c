/* store/baseline.c - how the router was when we last looked, for drift. */
#include "base/err.h"
#include "store/baseline.h"
#include "store/sql.h"

int
baseline_get(struct db *db, const char *part, char **text, struct err *err)
{
	struct sql s;
	int rc;

	*text = NULL;
	if (sql_open(&s, db, "SELECT value FROM baseline WHERE part = ?",
		err) == -1)
		return -1;
	sql_add_text(&s, part);
	rc = sql_step(&s, err);
	if (rc == 1)
		*text = sql_strdup(&s, 0);
	sql_close(&s);
	return rc == -1 ? -1 : 0;
}

int
baseline_set(struct db *db, const char *part, const char *text, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"INSERT INTO baseline (part, value) VALUES (?1, ?2)"
		" ON CONFLICT (part) DO UPDATE SET value = ?2",
		err) == -1)
		return -1;
	sql_add_text(&s, part);
	sql_add_text(&s, text);
	return sql_run(&s, err);
}
