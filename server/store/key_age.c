/* store/key_age.c - since when a TCP-MD5 key is in use; never the key. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/key_age.h"
#include "store/sql.h"

static int
load(struct sql *s, void *row, struct err *err)
{
	struct key_age *age = row;
	const char *neighbor = sql_text(s, 0);

	memset(age, 0, sizeof(*age));
	if (neighbor == NULL ||
	    addr_parse(&age->neighbor, neighbor, NULL) == -1 ||
	    !sql_copy(s, 1, age->key_id, sizeof(age->key_id)))
		return sql_damaged(err, "table key_ages");
	age->since_ms = sql_int(s, 2);
	return 0;
}

int
key_age_list(struct db *db, struct key_age_list *list, struct err *err)
{
	struct sql s;
	void *rows;
	int rc;

	memset(list, 0, sizeof(*list));
	if (former_key_list(db, &list->former, err) == -1)
		return -1;
	if (sql_open(&s, db, "SELECT neighbor, key_id, since_ms FROM key_ages",
		err) == -1)
		return -1;
	rc = sql_rows(&s, load, sizeof(*list->v), &rows, &list->n, err);
	list->v = rows;
	if (rc == -1)
		key_age_list_clear(list);
	return rc;
}

void
key_age_list_clear(struct key_age_list *list)
{
	free(list->v);
	list->v = NULL;
	list->n = 0;
	former_key_list_clear(&list->former);
}

static int64_t
find(const struct key_age_list *list, const struct addr *neighbor,
    const char *key_id)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (addr_equal(&list->v[i].neighbor, neighbor) &&
		    strcmp(list->v[i].key_id, key_id) == 0)
			return list->v[i].since_ms;
	return 0;
}

int64_t
key_age_since(const struct key_age_list *list, const struct addr *neighbor,
    const char *key_id, const char *key)
{
	int64_t since = find(list, neighbor, key_id);
	char id[SEAL_FINGERPRINT_MAX];
	size_t i;

	for (i = 0; i < list->former.n && since == 0; i++)
		since = find(list, neighbor,
		    seal_fingerprint_with(&list->former.v[i], key, id));
	return since;
}

static int
prune(struct db *db, const char *neighbor, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"DELETE FROM key_ages WHERE neighbor = ?1 AND key_id NOT IN"
		" (SELECT key_id FROM key_ages WHERE neighbor = ?1"
		" ORDER BY since_ms DESC LIMIT 4)",
		err) == -1)
		return -1;
	sql_add_text(&s, neighbor);
	return sql_run(&s, err);
}

static int
put(struct db *db, const struct addr *neighbor, const char *key_id,
    int64_t since_ms, struct err *err)
{
	char text[ADDR_TEXT_MAX];
	struct sql s;

	(void)addr_print(neighbor, text);
	if (sql_open(&s, db,
		"INSERT INTO key_ages (neighbor, key_id, since_ms)"
		" VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		err) == -1)
		return -1;
	sql_add_text(&s, text);
	sql_add_text(&s, key_id);
	sql_add_int(&s, since_ms);
	if (sql_run(&s, err) == -1)
		return -1;
	return prune(db, text, err);
}

int
key_age_set(struct db *db, const struct addr *neighbor, const char *key,
    int64_t now_ms, struct err *err)
{
	char id[SEAL_FINGERPRINT_MAX];
	struct key_age_list list;
	int64_t since;

	if (key_age_list(db, &list, err) == -1)
		return -1;
	(void)key_age_fingerprint(db, key, id);
	since = key_age_since(&list, neighbor, id, key);
	key_age_list_clear(&list);
	return put(db, neighbor, id, since == 0 ? now_ms : since, err);
}

const char *
key_age_fingerprint(const struct db *db, const char *key,
    char out[SEAL_FINGERPRINT_MAX])
{
	out[0] = '\0';
	if (db->keyring != NULL)
		(void)seal_fingerprint(db->keyring, key, out);
	return out;
}
