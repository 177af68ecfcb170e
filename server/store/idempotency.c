/* store/idempotency.c - a repeated request gets its first answer again. */
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/idempotency.h"
#include "store/sql.h"

static const int64_t keep_ms = (int64_t)24 * 60 * 60 * 1000;

/* Its operation is under way: what becomes of the request is still open. */
#define OPERATION_PENDING                          \
	"EXISTS (SELECT 1 FROM operations"         \
	" WHERE idempotency_key = idempotency.key" \
	" AND state IN ('applying', 'persisting', 'undoing'))"

void
idempotency_clear(struct idempotency *idem)
{
	MEM_FREE(idem->body);
	memset(idem, 0, sizeof(*idem));
}

static int
forget_old(struct db *db, int64_t now_ms, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"DELETE FROM idempotency WHERE created_ms <= ?"
		" AND (status IS NOT NULL OR NOT " OPERATION_PENDING ")",
		err) == -1)
		return -1;
	sql_add_int(&s, now_ms - keep_ms);
	return sql_run(&s, err);
}

static int
reserve(struct db *db, const char *key, const uint8_t *fingerprint,
    int64_t now_ms, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"INSERT INTO idempotency (key, fingerprint, created_ms)"
		" VALUES (?, ?, ?)",
		err) == -1)
		return -1;
	sql_add_text(&s, key);
	sql_add_blob(&s, fingerprint, CRYPTO_HASH_LEN);
	sql_add_int(&s, now_ms);
	return sql_run(&s, err);
}

static int
load(struct sql *s, const uint8_t *fingerprint, struct idempotency *idem,
    struct err *err)
{
	const void *stored = sql_blob(s, 0);

	if (sql_len(s, 0) != CRYPTO_HASH_LEN ||
	    memcmp(stored, fingerprint, CRYPTO_HASH_LEN) != 0) {
		idem->state = IDEMPOTENCY_MISMATCH;
		return 0;
	}
	if (sql_is_null(s, 1)) {
		idem->state = IDEMPOTENCY_RUNNING;
		return 0;
	}
	idem->state = IDEMPOTENCY_REPLAY;
	idem->status = (int)sql_int(s, 1);
	if (!sql_copy(s, 2, idem->content_type, sizeof(idem->content_type)) ||
	    !sql_copy(s, 3, idem->etag, sizeof(idem->etag)))
		return sql_damaged(err, "table idempotency");
	idem->body = sql_strdup(s, 4);
	return 0;
}

/* 1: found, 0: not known, -1. */
static int
find(struct db *db, const char *key, const uint8_t *fingerprint,
    struct idempotency *idem, struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db,
		"SELECT fingerprint, status, content_type, etag, body"
		" FROM idempotency WHERE key = ?",
		err) == -1)
		return -1;
	sql_add_text(&s, key);
	rc = sql_step(&s, err);
	if (rc == 1 && load(&s, fingerprint, idem, err) == -1)
		rc = -1;
	sql_close(&s);
	return rc;
}

static int
find_or_reserve(struct db *db, const char *key, const uint8_t *fingerprint,
    int64_t now_ms, struct idempotency *idem, struct err *err)
{
	int rc;

	if (forget_old(db, now_ms, err) == -1)
		return -1;
	rc = find(db, key, fingerprint, idem, err);
	if (rc != 0)
		return rc == 1 ? 0 : -1;
	idem->state = IDEMPOTENCY_NEW;
	return reserve(db, key, fingerprint, now_ms, err);
}

int
idempotency_begin(struct db *db, const char *key,
    const uint8_t fingerprint[CRYPTO_HASH_LEN], int64_t now_ms,
    struct idempotency *idem, struct err *err)
{
	bool own;
	int rc;

	memset(idem, 0, sizeof(*idem));
	if (db_join(db, &own, err) == -1)
		return -1;
	rc = find_or_reserve(db, key, fingerprint, now_ms, idem, err);
	rc = db_leave(db, own, rc, err);
	if (rc == -1)
		idempotency_clear(idem);
	return rc;
}

/* Why no reservation was found. */
static int
explain_finish(struct db *db, const char *key, struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db, "SELECT 1 FROM idempotency WHERE key = ?", err) ==
	    -1)
		return -1;
	sql_add_text(&s, key);
	rc = sql_step(&s, err);
	sql_close(&s);
	if (rc == 1)
		return err_set(err, ERR_CONFLICT,
		    "this idempotency key has its answer already");
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND,
		    "this idempotency key is not reserved");
	return -1;
}

int
idempotency_finish(struct db *db, const char *key, int status,
    const char *content_type, const char *etag, const char *body,
    struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"UPDATE idempotency SET status = ?2, content_type = ?3,"
		" etag = ?4, body = ?5 WHERE key = ?1 AND status IS NULL",
		err) == -1)
		return -1;
	sql_add_text(&s, key);
	sql_add_int(&s, status);
	sql_add_text(&s, content_type);
	sql_add_text(&s, etag);
	sql_add_text(&s, body);
	if (sql_run(&s, err) == -1)
		return -1;
	return sql_changes(db) == 0 ? explain_finish(db, key, err) : 0;
}

int
idempotency_forget(struct db *db, const char *key, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"DELETE FROM idempotency WHERE key = ? AND status IS NULL",
		err) == -1)
		return -1;
	sql_add_text(&s, key);
	return sql_run(&s, err);
}

int
idempotency_recover(struct db *db, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"DELETE FROM idempotency WHERE status IS NULL"
		" AND NOT " OPERATION_PENDING,
		err) == -1)
		return -1;
	return sql_run(&s, err);
}
