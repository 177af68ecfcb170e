/* engine/names.c - the names that a change gives, kept with its journal. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/number.h"
#include "engine/names.h"
#include "engine/target.h"
#include "model/plan.h"
#include "store/friendly.h"

/*
 * The extra "names" has lines of words: "set ADDRESS NAME ROLE CAPACITY", "was"
 * with the same for what a set takes the place of, "forget ADDRESS". A role of
 * "-" is none.
 */
static const char extra[] = "names";

bool
names_change(const struct target *t)
{
	return t->n_set > 0 || t->n_forget > 0;
}

static void
put_line(struct buf *b, const char *word, const struct friendly *f)
{
	char text[ADDR_TEXT_MAX];

	buf_printf(b, "%s %s %s %s %u\n", word, addr_print(&f->neighbor, text),
	    f->name.s, f->role[0] == '\0' ? "-" : f->role, f->capacity_mbps);
}

int
names_store(struct db *db, const struct target *t, struct plan *plan,
    struct err *err)
{
	struct friendly_list known = { 0 };
	struct buf b = BUF_INIT;
	char text[ADDR_TEXT_MAX];
	size_t i, j;

	if (!names_change(t))
		return 0;
	if (friendly_list(db, &known, err) == -1)
		return -1;
	for (i = 0; i < t->n_set; i++) {
		put_line(&b, "set", &t->set[i]);
		for (j = 0; j < known.n; j++)
			if (addr_equal(&known.v[j].neighbor,
				&t->set[i].neighbor) ||
			    strcmp(known.v[j].name.s, t->set[i].name.s) == 0)
				put_line(&b, "was", &known.v[j]);
	}
	for (i = 0; i < t->n_forget; i++)
		buf_printf(&b, "forget %s\n", addr_print(&t->forget[i], text));
	plan_set_extra(plan, extra, buf_text(&b));
	buf_clear(&b);
	friendly_list_clear(&known);
	return 0;
}

/* One line into its word and value; -1 for what names_store never wrote. */
static int
parse_line(const char *line, size_t len, char word[8], struct friendly *f)
{
	char text[256], address[ADDR_TEXT_MAX], name[32], role[12], number[12];
	int n;

	memset(f, 0, sizeof(*f));
	if (len >= sizeof(text))
		return -1;
	memcpy(text, line, len);
	text[len] = '\0';
	n = sscanf(text, "%7s %63s %31s %11s %11s", word, address, name, role,
	    number);
	if (n < 2 || addr_parse(&f->neighbor, address, NULL) == -1)
		return -1;
	if (strcmp(word, "forget") == 0)
		return n == 2 ? 0 : -1;
	if (n != 5 || name_parse(&f->name, name, NULL) == -1 ||
	    number_parse_u32(&f->capacity_mbps, number, 0, UINT32_MAX, NULL) ==
		-1)
		return -1;
	if (strcmp(role, "-") != 0)
		(void)snprintf(f->role, sizeof(f->role), "%s", role);
	return 0;
}

typedef int line_fn(struct db *, const struct friendly *, struct err *);

/* Calls fn for each line that starts with word. */
static int
each(struct db *db, const struct plan *plan, const char *word, line_fn *fn,
    struct err *err)
{
	const char *p = plan_extra(plan, extra);
	struct friendly f;
	char first[8];
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == '\n')) {
		len = strcspn(p, "\n");
		if (parse_line(p, len, first, &f) == -1)
			return err_set(err, ERR_INTERNAL,
			    "the journal holds names that cannot be read");
		if (strcmp(first, word) == 0 && fn(db, &f, err) == -1)
			return -1;
	}
	return 0;
}

static int
put(struct db *db, const struct friendly *f, struct err *err)
{
	return friendly_put(db, f, err);
}

static int
forget(struct db *db, const struct friendly *f, struct err *err)
{
	struct err why;

	err_clear(&why);
	if (friendly_remove(db, &f->neighbor, &why) == 0 ||
	    why.code == ERR_NOT_FOUND)
		return 0;
	if (err != NULL)
		*err = why;
	return -1;
}

int
names_give(struct db *db, const struct plan *plan, struct err *err)
{
	return each(db, plan, "set", put, err);
}

int
names_forget(struct db *db, const struct plan *plan, struct err *err)
{
	return each(db, plan, "forget", forget, err);
}

int
names_take_back(struct db *db, const struct plan *plan, struct err *err)
{
	if (each(db, plan, "set", forget, err) == -1)
		return -1;
	return each(db, plan, "was", put, err);
}
