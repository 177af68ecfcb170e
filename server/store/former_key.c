/* store/former_key.c - what fingerprints were made with, before a rekey. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/former_key.h"
#include "store/keyring.h"
#include "store/seal.h"
#include "store/sql.h"

enum {
	KEPT = FORMER_KEYS_MAX - 1
};

static const char column[] = "fingerprint_keys.key";

static int
keep(struct db *db, size_t i, struct err *err)
{
	const struct crypto_key *key = keyring_fingerprint_key(db->keyring, i);
	struct buf hex = BUF_SECRET, sealed = BUF_INIT;
	char what[SEAL_WHAT_MAX], id[SEAL_FINGERPRINT_MAX];
	struct sql s;
	int rc = -1;

	/* Twice the same, as after a rekey that was cut off, is one row. */
	(void)seal_fingerprint_with(key, column, id);
	buf_hex(&hex, key->bytes, sizeof(key->bytes));
	seal_text(db->keyring, seal_what(what, column, id), buf_text(&hex),
	    &sealed);
	if (sql_open(&s, db,
		"INSERT INTO fingerprint_keys (id, key) VALUES (?, ?)"
		" ON CONFLICT DO NOTHING",
		err) == 0) {
		sql_add_text(&s, id);
		sql_add_text(&s, buf_text(&sealed));
		rc = sql_run(&s, err);
	}
	buf_clear(&hex);
	buf_clear(&sealed);
	return rc;
}

int
former_key_keep(struct db *db, struct err *err)
{
	struct sql s;
	size_t i;

	for (i = 1; i < keyring_count(db->keyring); i++)
		if (keep(db, i, err) == -1)
			return -1;
	if (sql_open(&s, db,
		"DELETE FROM fingerprint_keys WHERE rowid NOT IN"
		" (SELECT rowid FROM fingerprint_keys"
		" ORDER BY rowid DESC LIMIT ?)",
		err) == -1)
		return -1;
	sql_add_int(&s, KEPT);
	return sql_run(&s, err);
}

static void
load(const struct db *db, const char *id, const char *sealed,
    struct former_key_list *list)
{
	struct buf hex = BUF_SECRET, bytes = BUF_SECRET;
	char what[SEAL_WHAT_MAX];
	struct crypto_key *key = &list->v[list->n];

	if (seal_open(db->keyring, seal_what(what, column, id), sealed, &hex,
		NULL) == 0 &&
	    buf_unhex(&bytes, buf_text(&hex)) == 0 &&
	    bytes.len == sizeof(key->bytes)) {
		memcpy(key->bytes, bytes.data, bytes.len);
		list->n++;
	}
	buf_clear(&hex);
	buf_clear(&bytes);
}

int
former_key_list(struct db *db, struct former_key_list *list, struct err *err)
{
	struct sql s;
	size_t i;
	int rc = 0;

	list->n = 0;
	if (db->keyring == NULL)
		return 0;
	/* A rekey that was cut off has not kept it yet. */
	for (i = 1; i < keyring_count(db->keyring); i++)
		list->v[list->n++] = *keyring_fingerprint_key(db->keyring, i);
	if (sql_open(&s, db,
		"SELECT id, key FROM fingerprint_keys ORDER BY rowid DESC",
		err) == -1)
		return -1;
	while (list->n < FORMER_KEYS_MAX && (rc = sql_step(&s, err)) == 1)
		load(db, sql_text(&s, 0), sql_text(&s, 1), list);
	sql_close(&s);
	if (rc == -1)
		former_key_list_clear(list);
	return rc == -1 ? -1 : 0;
}

void
former_key_list_clear(struct former_key_list *list)
{
	crypto_wipe(list, sizeof(*list));
}
