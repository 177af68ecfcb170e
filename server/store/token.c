/* store/token.c - API tokens on disk: only a hash of each is kept. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "store/sql.h"
#include "store/token.h"

enum {
	ID_BYTES = 5,
	SECRET_BYTES = 32, /* 256 bits: a plain hash cannot be searched */
	CREATE_TRIES = 3   /* two tokens with one id: once in 2^40 */
};

/* The words of a list are stored in one column, a blank between them. */
static const char *
print_globs(const struct token *t, struct buf *b)
{
	unsigned i;

	for (i = 0; i < t->n_globs; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : " ", t->globs[i]);
	return buf_text(b);
}

static const char *
print_networks(const struct token *t, struct buf *b)
{
	char text[PREFIX_TEXT_MAX];
	unsigned i;

	for (i = 0; i < t->n_networks; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : " ",
		    prefix_print(&t->networks[i], text));
	return buf_text(b);
}

/* The next word of *text into out, "" at the end; -1 when it is too long. */
static int
next_word(const char **text, char *out, size_t size)
{
	size_t len = strcspn(*text, " ");

	if (len >= size)
		return -1;
	memcpy(out, *text, len);
	out[len] = '\0';
	*text += len;
	if (**text == ' ')
		(*text)++;
	return 0;
}

static int
parse_globs(struct token *t, const char *text)
{
	while (*text != '\0') {
		if (t->n_globs == TOKEN_GLOBS_MAX ||
		    next_word(&text, t->globs[t->n_globs],
			sizeof(t->globs[0])) == -1)
			return -1;
		t->n_globs++;
	}
	return 0;
}

static int
parse_networks(struct token *t, const char *text)
{
	char word[PREFIX_TEXT_MAX];

	while (*text != '\0') {
		if (t->n_networks == TOKEN_NETWORKS_MAX ||
		    next_word(&text, word, sizeof(word)) == -1 ||
		    prefix_parse(&t->networks[t->n_networks], word, true,
			NULL) == -1)
			return -1;
		t->n_networks++;
	}
	return 0;
}

static int
check_name_free(struct db *db, const struct token *t, struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db,
		"SELECT id FROM tokens WHERE name = ? AND revoked_ms IS NULL"
		" AND (expires_ms IS NULL OR expires_ms > ?)",
		err) == -1)
		return -1;
	sql_add_text(&s, t->name.s);
	sql_add_int(&s, t->created_ms);
	rc = sql_step(&s, err);
	if (rc == 1)
		rc = err_set(err, ERR_CONFLICT,
		    "a token named %s exists already: %s", t->name.s,
		    sql_text(&s, 0));
	sql_close(&s);
	return rc;
}

static int
insert(struct db *db, const struct token *t, int *code, struct err *err)
{
	struct buf globs = BUF_INIT, networks = BUF_INIT;
	char scopes[TOKEN_SCOPES_TEXT_MAX];
	struct sql s;
	int rc = -1;

	if (sql_open(&s, db,
		"INSERT INTO tokens (id, name, hash, scopes, globs, networks,"
		" strict, created_ms, expires_ms) VALUES"
		" (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err) == -1)
		return -1;
	sql_add_text(&s, t->id);
	sql_add_text(&s, t->name.s);
	sql_add_blob(&s, t->hash, sizeof(t->hash));
	sql_add_text(&s, token_scopes_print(t->scopes, scopes));
	sql_add_text(&s, print_globs(t, &globs));
	sql_add_text(&s, print_networks(t, &networks));
	sql_add_int(&s, t->strict ? 1 : 0);
	sql_add_int(&s, t->created_ms);
	sql_add_int_or_null(&s, t->expires_ms);
	/* A list that lost a word to memory would allow more than was asked. */
	if (globs.failed || networks.failed)
		log_fatal("out of memory (token)");
	rc = sql_run(&s, err);
	*code = s.code;
	buf_clear(&globs);
	buf_clear(&networks);
	return rc;
}

static void
new_secret(struct token *t, char *secret)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t id[ID_BYTES];
	size_t i;

	crypto_random(id, sizeof(id));
	t->id[0] = 't';
	for (i = 0; i < sizeof(id); i++) {
		t->id[1 + 2 * i] = digits[id[i] >> 4];
		t->id[2 + 2 * i] = digits[id[i] & 15];
	}
	t->id[1 + 2 * sizeof(id)] = '\0';
	memcpy(secret, "mh_", 3);
	crypto_random_text(secret + 3, TOKEN_SECRET_MAX - 3, SECRET_BYTES);
	crypto_blake2b(t->hash, secret, strlen(secret));
}

static int
create(struct db *db, struct token *t, char *secret, struct err *err)
{
	int code = 0, rc, tries;

	if (check_name_free(db, t, err) == -1)
		return -1;
	for (tries = 0; tries < CREATE_TRIES; tries++) {
		new_secret(t, secret);
		rc = insert(db, t, &code, err);
		if (rc == 0 || code != SQLITE_CONSTRAINT_PRIMARYKEY)
			return rc;
	}
	return -1;
}

int
token_create(struct db *db, struct token *t, char *secret, struct err *err)
{
	bool own;
	int rc;

	memset(secret, 0, TOKEN_SECRET_MAX);
	t->created_ms = clock_wall_ms();
	t->revoked_ms = t->last_used_ms = 0;
	if (token_check(t, t->created_ms, err) == -1 ||
	    db_join(db, &own, err) == -1)
		return -1;
	rc = db_leave(db, own, create(db, t, secret, err), err);
	if (rc == -1)
		crypto_wipe(secret, TOKEN_SECRET_MAX);
	return rc;
}

/* Why nothing was revoked. */
static int
explain_revoke(struct db *db, const char *id_or_name, struct err *err)
{
	struct sql s;
	int rc;

	if (sql_open(&s, db, "SELECT 1 FROM tokens WHERE id = ?1 OR name = ?1",
		err) == -1)
		return -1;
	sql_add_text(&s, id_or_name);
	rc = sql_step(&s, err);
	sql_close(&s);
	if (rc == 1)
		return err_set(err, ERR_CONFLICT, "token %s is revoked already",
		    id_or_name);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND,
		    "no token has the id or name %s", id_or_name);
	return -1;
}

int
token_revoke(struct db *db, const char *id_or_name, struct err *err)
{
	struct sql s;

	/* A name that looks like an id is refused by token_check. */
	if (sql_open(&s, db,
		"UPDATE tokens SET revoked_ms = ?2"
		" WHERE (id = ?1 OR name = ?1) AND revoked_ms IS NULL",
		err) == -1)
		return -1;
	sql_add_text(&s, id_or_name);
	sql_add_int(&s, clock_wall_ms());
	if (sql_run(&s, err) == -1)
		return -1;
	return sql_changes(db) == 0 ? explain_revoke(db, id_or_name, err) : 0;
}

int
token_touch(struct db *db, const char *id, int64_t now_ms, struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"UPDATE tokens SET last_used_ms = ?2 WHERE id = ?1"
		" AND (last_used_ms IS NULL OR last_used_ms < ?2)",
		err) == -1)
		return -1;
	sql_add_text(&s, id);
	sql_add_int(&s, now_ms);
	return sql_run(&s, err);
}

/* A row that cannot be read whole is refused: half a token might allow more
 * than was given. */
static int
load(struct sql *s, void *row, struct err *err)
{
	struct token *t = row;
	int i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < 6; i++) {
		if (sql_is_null(s, i))
			return sql_damaged(err, "table tokens");
	}
	if (!sql_copy(s, 0, t->id, sizeof(t->id)) ||
	    name_parse(&t->name, sql_text(s, 1), NULL) == -1 ||
	    (t->scopes = token_scopes_parse(sql_text(s, 3))) == 0 ||
	    parse_globs(t, sql_text(s, 4)) == -1 ||
	    parse_networks(t, sql_text(s, 5)) == -1 ||
	    sql_len(s, 2) != sizeof(t->hash))
		return sql_damaged(err, "table tokens");
	memcpy(t->hash, sql_blob(s, 2), sizeof(t->hash));
	t->strict = sql_int(s, 6) != 0;
	t->created_ms = sql_int(s, 7);
	t->expires_ms = sql_int(s, 8);
	t->revoked_ms = sql_int(s, 9);
	t->last_used_ms = sql_int(s, 10);
	return 0;
}

int
token_list(struct db *db, struct token_list *list, struct err *err)
{
	struct sql s;
	void *rows;
	int rc;

	memset(list, 0, sizeof(*list));
	if (sql_open(&s, db,
		"SELECT id, name, hash, scopes, globs, networks, strict,"
		" created_ms, expires_ms, revoked_ms, last_used_ms"
		" FROM tokens ORDER BY created_ms, id",
		err) == -1)
		return -1;
	rc = sql_rows(&s, load, sizeof(*list->v), &rows, &list->n, err);
	list->v = rows;
	if (rc == -1)
		token_list_clear(list);
	return rc;
}
