/* store/drain.c - reasons why something is out of service: one row each. */
#include <string.h>

#include "base/err.h"
#include "store/drain.h"
#include "store/sql.h"

#define COLUMNS                                                          \
	"subject, owner, neighbor, actor, reason, ticket, mode,"         \
	" on_timeout, max_wait_s, force, prepend, stay, return_after_s," \
	" created_ms, operation, phase, \"end\", why, boot_id,"          \
	" automatic, \"before\", \"after\", state"

/* Names as enum values; false when one is not known. */
static bool
load_names(struct sql *s, struct drain *d)
{
	int mode = drain_mode_find(sql_text(s, 6));
	int on_timeout = drain_timeout_find(sql_text(s, 7));
	int phase = drain_phase_find(sql_text(s, 15));
	int end = drain_end_find(sql_text(s, 16));

	if (mode == -1 || on_timeout == -1 || phase == -1 || end == -1)
		return false;
	d->mode = (enum drain_mode)mode;
	d->on_timeout = (enum drain_timeout)on_timeout;
	d->phase = (enum drain_phase)phase;
	d->end = (enum drain_end)end;
	return true;
}

static bool
load_texts(struct sql *s, struct drain *d)
{
	const char *neighbor = sql_text(s, 2);

	return sql_copy(s, 0, d->subject, sizeof(d->subject)) &&
	    sql_copy(s, 1, d->owner, sizeof(d->owner)) &&
	    sql_copy(s, 3, d->actor, sizeof(d->actor)) &&
	    sql_copy(s, 4, d->reason, sizeof(d->reason)) &&
	    sql_copy(s, 5, d->ticket, sizeof(d->ticket)) &&
	    sql_copy(s, 14, d->operation, sizeof(d->operation)) &&
	    sql_copy(s, 17, d->why, sizeof(d->why)) &&
	    sql_copy(s, 18, d->boot_id, sizeof(d->boot_id)) &&
	    neighbor != NULL &&
	    (neighbor[0] == '\0' ||
		addr_parse(&d->neighbor, neighbor, NULL) == 0);
}

static int
load(struct sql *s, void *row, struct err *err)
{
	struct drain *d = row;

	memset(d, 0, sizeof(*d));
	if (!load_texts(s, d) || !load_names(s, d))
		return sql_damaged(err, "table drains");
	d->max_wait_s = (uint32_t)sql_int(s, 8);
	d->force = sql_int(s, 9) != 0;
	d->prepend = (uint32_t)sql_int(s, 10);
	d->stay = sql_int(s, 11) != 0;
	d->return_after_s = (uint32_t)sql_int(s, 12);
	d->created_ms = sql_int(s, 13);
	d->automatic = sql_int(s, 19) != 0;
	d->before = sql_strdup(s, 20);
	d->after = sql_strdup(s, 21);
	d->state = sql_strdup(s, 22);
	return 0;
}

int
drain_list(struct db *db, struct drain_list *list, struct err *err)
{
	struct sql s;
	void *rows;
	int rc;

	memset(list, 0, sizeof(*list));
	if (sql_open(&s, db,
		"SELECT " COLUMNS " FROM drains ORDER BY subject, owner",
		err) == -1)
		return -1;
	rc = sql_rows(&s, load, sizeof(*list->v), &rows, &list->n, err);
	list->v = rows;
	if (rc == -1)
		drain_list_clear(list);
	return rc;
}

/* The one row of an opened statement, which is closed. */
static int
get_one(struct sql *s, struct drain *d, struct err *err)
{
	int rc = sql_step(s, err);

	if (rc == 1)
		rc = load(s, d, err);
	else if (rc == 0)
		rc = err_set(err, ERR_NOT_FOUND, "there is no such drain");
	sql_close(s);
	return rc;
}

int
drain_get(struct db *db, const char *subject, const char *owner,
    struct drain *d, struct err *err)
{
	struct sql s;

	memset(d, 0, sizeof(*d));
	if (sql_open(&s, db,
		"SELECT " COLUMNS " FROM drains"
		" WHERE subject = ? AND owner = ?",
		err) == -1)
		return -1;
	sql_add_text(&s, subject);
	sql_add_text(&s, owner);
	return get_one(&s, d, err);
}

int
drain_get_of(struct db *db, const char *operation, struct drain *d,
    struct err *err)
{
	struct sql s;

	memset(d, 0, sizeof(*d));
	if (sql_open(&s, db,
		"SELECT " COLUMNS " FROM drains WHERE operation = ?",
		err) == -1)
		return -1;
	sql_add_text(&s, operation);
	return get_one(&s, d, err);
}

int
drain_put(struct db *db, const struct drain *d, struct err *err)
{
	char neighbor[ADDR_TEXT_MAX] = "";
	struct sql s;

	if (!drain_is_router(d))
		(void)addr_print(&d->neighbor, neighbor);
	if (sql_open(&s, db,
		"INSERT OR REPLACE INTO drains (" COLUMNS ") VALUES"
		" (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?)",
		err) == -1)
		return -1;
	sql_add_text(&s, d->subject);
	sql_add_text(&s, d->owner);
	sql_add_text(&s, neighbor);
	sql_add_text(&s, d->actor);
	sql_add_text(&s, d->reason);
	sql_add_text(&s, d->ticket);
	sql_add_text(&s, drain_mode_name(d->mode));
	sql_add_text(&s, drain_timeout_name(d->on_timeout));
	sql_add_int(&s, d->max_wait_s);
	sql_add_int(&s, d->force);
	sql_add_int(&s, d->prepend);
	sql_add_int(&s, d->stay);
	sql_add_int(&s, d->return_after_s);
	sql_add_int(&s, d->created_ms);
	sql_add_text(&s, d->operation);
	sql_add_text(&s, drain_phase_name(d->phase));
	sql_add_text(&s, drain_end_name(d->end));
	sql_add_text(&s, d->why);
	sql_add_text(&s, d->boot_id);
	sql_add_int(&s, d->automatic);
	sql_add_text(&s, d->before);
	sql_add_text(&s, d->after);
	sql_add_text(&s, d->state);
	return sql_run(&s, err);
}

int
drain_remove(struct db *db, const char *subject, const char *owner,
    struct err *err)
{
	struct sql s;

	if (sql_open(&s, db,
		"DELETE FROM drains WHERE subject = ? AND owner = ?",
		err) == -1)
		return -1;
	sql_add_text(&s, subject);
	sql_add_text(&s, owner);
	return sql_run(&s, err);
}
