/* store/audit.c - who changed what, why, and how it ended; hash-chained. */
#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/audit.h"
#include "store/sql.h"

/*
 * The hashed bytes, for whoever checks the chain with another program: the
 * previous row's hash as text (64 hexadecimal digits; nothing before row 1),
 * then the columns in the order of COLUMNS below, without hash. Each of these
 * values is preceded by its length as 8 bytes, little-endian; an integer is 8
 * bytes, little-endian; NULL is the length 2^64 - 1 and no bytes.
 */
/* clang-format off */
#define COLUMNS \
	"seq, time_ms, about, hash, kind, actor, token_id, peer, request_id," \
	" method, path, resource, operation, reason, ticket, outcome, detail," \
	" \"before\", \"after\", commands"

enum { SEQ, TIME_MS, ABOUT, HASH, FIRST_TEXT };

static const size_t text_members[] = {
	offsetof(struct audit_row, kind), offsetof(struct audit_row, actor),
	offsetof(struct audit_row, token_id), offsetof(struct audit_row, peer),
	offsetof(struct audit_row, request_id),
	offsetof(struct audit_row, method), offsetof(struct audit_row, path),
	offsetof(struct audit_row, resource),
	offsetof(struct audit_row, operation),
	offsetof(struct audit_row, reason), offsetof(struct audit_row, ticket),
	offsetof(struct audit_row, outcome),
	offsetof(struct audit_row, detail), offsetof(struct audit_row, before),
	offsetof(struct audit_row, after), offsetof(struct audit_row, commands),
};
/* clang-format on */

static const char *
get_member(const struct audit_row *row, size_t i)
{
	const char *text;

	memcpy(&text, (const char *)row + text_members[i], sizeof(text));
	return text;
}

static void
set_member(struct audit_row *row, size_t i, const char *text)
{
	memcpy((char *)row + text_members[i], &text, sizeof(text));
}

static void
hash_text(struct buf *b, const char *text, size_t len)
{
	if (text == NULL) {
		buf_u64(b, UINT64_MAX);
		return;
	}
	buf_u64(b, len);
	buf_add(b, text, len);
}

static void
hash_int(struct buf *b, int64_t value)
{
	buf_u64(b, sizeof(uint64_t));
	buf_u64(b, (uint64_t)value);
}

static void
hash_end(struct buf *b, char out[CRYPTO_HASH_HEX_MAX])
{
	if (b->failed)
		log_fatal("out of memory (audit row)");
	(void)crypto_blake2b_hex(out, b->data, b->len);
}

static void
hash_row(const struct audit_row *row, const char *previous, char *out)
{
	struct buf b = BUF_INIT;
	const char *text;
	size_t i;

	hash_text(&b, previous, strlen(previous));
	hash_int(&b, row->seq);
	hash_int(&b, row->time_ms);
	if (row->about == 0)
		hash_text(&b, NULL, 0);
	else
		hash_int(&b, row->about);
	for (i = 0; i < NITEMS(text_members); i++) {
		text = get_member(row, i);
		hash_text(&b, text, text == NULL ? 0 : strlen(text));
	}
	hash_end(&b, out);
	buf_clear(&b);
}

/* As hash_row, straight from the columns: what a C string would hide (bytes
 * behind a NUL, 0 for NULL) counts too. */
static void
hash_columns(struct sql *s, const char *previous, struct buf *b, char *out)
{
	const char *text;
	int i;

	buf_reset(b);
	hash_text(b, previous, strlen(previous));
	hash_int(b, sql_int(s, SEQ));
	hash_int(b, sql_int(s, TIME_MS));
	if (sql_is_null(s, ABOUT))
		hash_text(b, NULL, 0);
	else
		hash_int(b, sql_int(s, ABOUT));
	for (i = 0; i < (int)NITEMS(text_members); i++) {
		text = sql_text(s, FIRST_TEXT + i);
		hash_text(b, text, sql_len(s, FIRST_TEXT + i));
	}
	hash_end(b, out);
}

struct head {
	bool found;
	int64_t seq;
	char hash[CRYPTO_HASH_HEX_MAX];
};

static int
read_head(struct db *db, struct head *head, struct err *err)
{
	struct sql s;
	int rc;

	memset(head, 0, sizeof(*head));
	if (sql_open(&s, db, "SELECT seq, hash FROM audit_head WHERE id = 1",
		err) == -1)
		return -1;
	rc = sql_step(&s, err);
	if (rc == 1) {
		head->seq = sql_int(&s, 0);
		head->found = sql_copy(&s, 1, head->hash, sizeof(head->hash));
	}
	sql_close(&s);
	return rc == -1 ? -1 : 0;
}

static int
damaged(struct err *err, const char *words)
{
	(void)err_set(err, ERR_UNAVAILABLE, "the audit log is damaged: %s",
	    words);
	return err_reason(err, "audit_damaged");
}

static int
insert(struct db *db, const struct audit_row *row, struct err *err)
{
	struct err why = { 0 };
	struct sql s;
	size_t i;

	if (sql_open(&s, db,
		"INSERT INTO audit (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err) == -1)
		return -1;
	sql_add_int(&s, row->seq);
	sql_add_int(&s, row->time_ms);
	sql_add_int_or_null(&s, row->about);
	sql_add_text(&s, row->hash);
	for (i = 0; i < NITEMS(text_members); i++)
		sql_add_text(&s, get_member(row, i));
	if (sql_run(&s, &why) == 0)
		return 0;
	if ((s.code & 0xff) == SQLITE_CONSTRAINT)
		return damaged(err, why.text);
	if (err != NULL)
		*err = why;
	return -1;
}

static int
append(struct db *db, struct audit_row *row, struct err *err)
{
	struct head head;

	if (read_head(db, &head, err) == -1)
		return -1;
	if (!head.found || head.seq < 0 || head.seq == INT64_MAX)
		return damaged(err, "no head");
	row->seq = head.seq + 1;
	hash_row(row, head.hash, row->hash);
	return insert(db, row, err);
}

int
audit_append(struct db *db, struct audit_row *row, struct err *err)
{
	bool own;
	int rc;

	assert(row->kind != NULL);
	row->seq = 0;
	row->hash[0] = '\0';
	if (row->time_ms == 0)
		row->time_ms = clock_wall_ms();
	if (db_join(db, &own, err) == -1)
		return -1;
	rc = db_leave(db, own, append(db, row, err), err);
	if (rc == -1)
		row->seq = 0;
	return rc;
}

static void
load_row(struct sql *s, struct audit_row *row)
{
	const int n = (int)NITEMS(text_members);
	size_t len, size = 0;
	const char *text;
	char *to;
	int i;

	memset(row, 0, sizeof(*row));
	row->seq = sql_int(s, SEQ);
	row->time_ms = sql_int(s, TIME_MS);
	row->about = sql_int(s, ABOUT);
	(void)sql_copy(s, HASH, row->hash, sizeof(row->hash));
	for (i = 0; i < n; i++) {
		if (sql_text(s, FIRST_TEXT + i) != NULL)
			size += sql_len(s, FIRST_TEXT + i) + 1;
	}
	to = row->memory = mem_alloc(size);
	for (i = 0; i < n; i++) {
		text = sql_text(s, FIRST_TEXT + i);
		if (text == NULL)
			continue;
		len = sql_len(s, FIRST_TEXT + i);
		memcpy(to, text, len + 1);
		set_member(row, (size_t)i, to);
		to += len + 1;
	}
}

static int
load_rows(struct sql *s, struct audit_list *list, struct err *err)
{
	size_t room = 0;
	int rc;

	while ((rc = sql_step(s, err)) == 1) {
		if (list->n == room) {
			room = room == 0 ? 16 : room * 2;
			list->rows =
			    mem_realloc(list->rows, room, sizeof(*list->rows));
		}
		load_row(s, &list->rows[list->n++]);
	}
	sql_close(s);
	if (rc == -1)
		audit_list_clear(list);
	return rc;
}

#define MATCHING                                                    \
	"SELECT " COLUMNS " FROM audit WHERE seq > ?1 AND seq < ?2" \
	" AND (?3 IS NULL OR actor = ?3)"                           \
	" AND (?4 IS NULL OR resource = ?4)"                        \
	" AND (?5 IS NULL OR outcome = ?5)"                         \
	" AND time_ms >= ?6 AND time_ms < ?7"

int
audit_list(struct db *db, const struct audit_filter *f, struct audit_list *list,
    struct err *err)
{
	const char *text = f->after_seq == 0 ?
	    MATCHING " ORDER BY seq DESC LIMIT ?8" :
	    MATCHING " ORDER BY seq LIMIT ?8";
	struct sql s;

	memset(list, 0, sizeof(*list));
	if (f->limit < 1 || f->limit > 1001)
		return err_set(err, ERR_INVALID, "limit: 1 to 1001");
	if (sql_open(&s, db, text, err) == -1)
		return -1;
	sql_add_int(&s, f->after_seq);
	sql_add_int(&s, f->before_seq == 0 ? INT64_MAX : f->before_seq);
	sql_add_text(&s, f->actor);
	sql_add_text(&s, f->resource);
	sql_add_text(&s, f->outcome);
	sql_add_int(&s, f->since_ms == 0 ? INT64_MIN : f->since_ms);
	sql_add_int(&s, f->until_ms == 0 ? INT64_MAX : f->until_ms);
	sql_add_int(&s, f->limit);
	return load_rows(&s, list, err);
}

int
audit_get(struct db *db, int64_t seq, struct audit_list *one, struct err *err)
{
	struct sql s;

	memset(one, 0, sizeof(*one));
	if (sql_open(&s, db, "SELECT " COLUMNS " FROM audit WHERE seq = ?",
		err) == -1)
		return -1;
	sql_add_int(&s, seq);
	if (load_rows(&s, one, err) == -1)
		return -1;
	if (one->n == 0)
		return err_set(err, ERR_NOT_FOUND, "no audit row %" PRId64,
		    seq);
	return 0;
}

void
audit_list_clear(struct audit_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->rows[i].memory);
	free(list->rows);
	list->rows = NULL;
	list->n = 0;
}

static void bad(struct audit_verdict *v, int64_t seq, const char *fmt, ...)
    PRINTFLIKE(3, 4);

/* Keeps the first finding. */
static void
bad(struct audit_verdict *v, int64_t seq, const char *fmt, ...)
{
	va_list ap;

	if (!v->intact)
		return;
	v->intact = false;
	v->first_bad_seq = seq;
	va_start(ap, fmt);
	(void)vsnprintf(v->detail, sizeof(v->detail), fmt, ap);
	va_end(ap);
}

static void
verify_row(struct sql *s, struct audit_verdict *v, struct buf *b)
{
	char hash[CRYPTO_HASH_HEX_MAX];
	int64_t seq = sql_int(s, SEQ);
	const char *stored = sql_text(s, HASH);

	v->rows++;
	if (!v->intact)
		return;
	if (seq < v->rows)
		bad(v, seq, "row %" PRId64 " was never written by us", seq);
	else if (seq > v->rows)
		bad(v, v->rows, "row %" PRId64 " is missing", v->rows);
	hash_columns(s, v->head, b, hash);
	if (stored == NULL || strcmp(stored, hash) != 0)
		bad(v, seq,
		    "row %" PRId64 " does not fit its hash or the row "
		    "before it",
		    seq);
	(void)snprintf(v->head, sizeof(v->head), "%s", hash);
}

static void
verify_head(const struct head *head, struct audit_verdict *v)
{
	if (!head->found)
		bad(v, v->rows + 1, "the stored head is missing");
	else if (head->seq > v->rows)
		bad(v, v->rows + 1,
		    "rows %" PRId64 " to %" PRId64 " are missing", v->rows + 1,
		    head->seq);
	else if (head->seq < v->rows)
		bad(v, head->seq + 1, "the stored head ends at row %" PRId64,
		    head->seq);
	else if (strcmp(head->hash, v->head) != 0)
		bad(v, v->rows == 0 ? 1 : v->rows,
		    "row %" PRId64 " is not the one that was written", v->rows);
}

static int
verify(struct db *db, struct audit_verdict *v, struct err *err)
{
	struct buf b = BUF_INIT;
	struct head head;
	struct sql s;
	int rc;

	if (read_head(db, &head, err) == -1 ||
	    sql_open(&s, db, "SELECT " COLUMNS " FROM audit ORDER BY seq",
		err) == -1)
		return -1;
	while ((rc = sql_step(&s, err)) == 1)
		verify_row(&s, v, &b);
	sql_close(&s);
	buf_clear(&b);
	if (rc == 0)
		verify_head(&head, v);
	return rc;
}

int
audit_verify(struct db *db, struct audit_verdict *v, struct err *err)
{
	bool own = sqlite3_get_autocommit(db->handle) != 0;
	int rc;

	memset(v, 0, sizeof(*v));
	v->intact = true;
	/* Readers only, but both tables as of the same moment. */
	if (own && sql_script(db, "BEGIN", err) == -1)
		return -1;
	rc = verify(db, v, err);
	if (own)
		(void)sql_script(db, "ROLLBACK", NULL);
	return rc;
}
