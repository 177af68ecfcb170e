/* store/friendly.c - the name under which a neighbor is known to the API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/friendly.h"
#include "store/sql.h"

static int
load(struct sql *s, void *row, struct err *err)
{
	struct friendly *f = row;
	const char *neighbor = sql_text(s, 0), *name = sql_text(s, 1);
	const char *role = sql_text(s, 2);
	int64_t capacity = sql_int(s, 3);

	memset(f, 0, sizeof(*f));
	if (neighbor == NULL || name == NULL || role == NULL ||
	    strlen(role) >= sizeof(f->role) || capacity < 0 ||
	    capacity > UINT32_MAX ||
	    addr_parse(&f->neighbor, neighbor, NULL) == -1 ||
	    name_parse(&f->name, name, NULL) == -1)
		return sql_damaged(err, "table friendly");
	(void)snprintf(f->role, sizeof(f->role), "%s", role);
	f->capacity_mbps = (uint32_t)capacity;
	return 0;
}

int
friendly_list(struct db *db, struct friendly_list *list, struct err *err)
{
	struct sql s;
	void *rows;
	int rc;

	memset(list, 0, sizeof(*list));
	if (sql_open(&s, db,
		"SELECT neighbor, name, role, capacity_mbps FROM friendly"
		" ORDER BY name",
		err) == -1)
		return -1;
	rc = sql_rows(&s, load, sizeof(*list->v), &rows, &list->n, err);
	list->v = rows;
	if (rc == -1)
		friendly_list_clear(list);
	return rc;
}

void
friendly_list_clear(struct friendly_list *list)
{
	free(list->v);
	list->v = NULL;
	list->n = 0;
}

int
friendly_set(struct db *db, const struct addr *neighbor,
    const struct name *name, struct err *err)
{
	char text[ADDR_TEXT_MAX];
	struct sql s;
	int rc;

	if (sql_open(&s, db,
		"INSERT INTO friendly (neighbor, name) VALUES (?, ?)"
		" ON CONFLICT (neighbor) DO UPDATE SET name = excluded.name",
		err) == -1)
		return -1;
	sql_add_text(&s, addr_print(neighbor, text));
	sql_add_text(&s, name->s);
	rc = sql_run(&s, err);
	if (rc == -1 && s.code == SQLITE_CONSTRAINT_UNIQUE)
		return err_set(err, ERR_CONFLICT,
		    "%s is the name of another neighbor", name->s);
	return rc;
}

static int
take_name(struct db *db, const struct friendly *f, struct err *err)
{
	char text[ADDR_TEXT_MAX];
	struct sql s;

	if (sql_open(&s, db,
		"DELETE FROM friendly WHERE name = ? AND neighbor <> ?",
		err) == -1)
		return -1;
	sql_add_text(&s, f->name.s);
	sql_add_text(&s, addr_print(&f->neighbor, text));
	return sql_run(&s, err);
}

static int
put(struct db *db, const struct friendly *f, struct err *err)
{
	char text[ADDR_TEXT_MAX];
	struct sql s;

	if (sql_open(&s, db,
		"INSERT INTO friendly (neighbor, name, role, capacity_mbps)"
		" VALUES (?, ?, ?, ?)"
		" ON CONFLICT (neighbor) DO UPDATE SET name = excluded.name,"
		" role = excluded.role,"
		" capacity_mbps = excluded.capacity_mbps",
		err) == -1)
		return -1;
	sql_add_text(&s, addr_print(&f->neighbor, text));
	sql_add_text(&s, f->name.s);
	sql_add_text(&s, f->role);
	sql_add_int(&s, f->capacity_mbps);
	return sql_run(&s, err);
}

int
friendly_put(struct db *db, const struct friendly *f, struct err *err)
{
	bool own;
	int rc;

	if (db_join(db, &own, err) == -1)
		return -1;
	rc = take_name(db, f, err) == -1 || put(db, f, err) == -1 ? -1 : 0;
	return db_leave(db, own, rc, err);
}

int
friendly_remove(struct db *db, const struct addr *neighbor, struct err *err)
{
	char text[ADDR_TEXT_MAX];
	struct sql s;

	if (sql_open(&s, db, "DELETE FROM friendly WHERE neighbor = ?", err) ==
	    -1)
		return -1;
	sql_add_text(&s, addr_print(neighbor, text));
	if (sql_run(&s, err) == -1)
		return -1;
	if (sql_changes(db) == 0)
		return err_set(err, ERR_NOT_FOUND, "%s has no name of its own",
		    text);
	return 0;
}
