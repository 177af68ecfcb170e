/* store/reseal.c - everything sealed, under another master key. */
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/log.h"
#include "store/db.h"
#include "store/former_key.h"
#include "store/reseal.h"
#include "store/seal.h"
#include "store/sql.h"

/* Every column that holds sealed texts. */
struct column {
	const char *name;   /* for seal_what */
	const char *select; /* its row's key and the text, for all rows */
	const char *update; /* ?1: the key, ?2: the text */
};
static const struct column columns[] = {
	{ "operations.plan",
	    "SELECT id, plan FROM operations WHERE plan IS NOT NULL",
	    "UPDATE operations SET plan = ?2 WHERE id = ?1" },
};

/* Not counted: nobody knows of it. */
static const struct column fingerprint_keys = { "fingerprint_keys.key",
	"SELECT id, key FROM fingerprint_keys",
	"UPDATE fingerprint_keys SET key = ?2 WHERE id = ?1" };

static int
put(struct db *db, const struct column *c, const char *row, const char *text,
    struct err *err)
{
	struct sql s;

	if (sql_open(&s, db, c->update, err) == -1)
		return -1;
	sql_add_text(&s, row);
	sql_add_text(&s, text);
	return sql_run(&s, err);
}

static int
reseal_one(struct db *db, const struct column *c, const char *row,
    const char *text, struct reseal_count *count, struct err *err)
{
	struct buf plain = BUF_SECRET, sealed = BUF_INIT;
	char what[SEAL_WHAT_MAX];
	struct err why;
	int rc = 0;

	err_clear(&why);
	(void)seal_what(what, c->name, row);
	if (seal_is_current(db->keyring, text)) {
		count->kept++;
	} else if (seal_is_sealed(text) &&
	    seal_open(db->keyring, what, text, &plain, &why) == -1) {
		/* It was lost before: the new key makes it no worse. */
		log_warning("%s", why.text);
		count->lost++;
	} else {
		/* What an older version stored was in clear. */
		seal_text(db->keyring, what,
		    seal_is_sealed(text) ? buf_text(&plain) : text, &sealed);
		rc = put(db, c, row, buf_text(&sealed), err);
		count->sealed++;
	}
	buf_clear(&plain);
	buf_clear(&sealed);
	return rc;
}

static int
reseal_column(struct db *db, const struct column *c, struct reseal_count *count,
    struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db, c->select, err) == -1)
		return -1;
	while ((rc = sql_step(&s, err)) == 1)
		if (reseal_one(db, c, sql_text(&s, 0), sql_text(&s, 1), count,
			err) == -1) {
			rc = -1;
			break;
		}
	sql_close(&s);
	return rc;
}

/* What was freed in the file is overwritten (db.c); in the log it is not. */
static int
end_log(struct db *db, struct err *err)
{
	int64_t busy;

	if (sql_get_int(db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy, err) ==
	    -1)
		return -1;
	return busy == 0 ? 0 :
			   err_set(err, ERR_BUSY,
			       "database: somebody else is at work with it: "
			       "try again");
}

int
reseal_all(struct db *db, struct reseal_count *count, struct err *err)
{
	struct reseal_count uncounted = { 0 };
	size_t i;
	int rc = 0;

	memset(count, 0, sizeof(*count));
	if (db_begin(db, err) == -1)
		return -1;
	for (i = 0; i < NITEMS(columns) && rc == 0; i++)
		rc = reseal_column(db, &columns[i], count, err);
	if (rc == -1 ||
	    reseal_column(db, &fingerprint_keys, &uncounted, err) == -1 ||
	    former_key_keep(db, err) == -1) {
		db_abort(db);
		return -1;
	}
	if (db_commit(db, err) == -1)
		return -1;
	return end_log(db, err);
}
