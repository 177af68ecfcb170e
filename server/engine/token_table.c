/* engine/token_table.c - tokens as a table that a person can read. */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compat.h"
#include "engine/token_table.h"
#include "model/token.h"

enum {
	COLUMNS = 9,
	GAP = 2
};

static const char *const headings[COLUMNS] = { "ID", "NAME", "STATE", "SCOPES",
	"UPSTREAMS", "FROM", "STRICT", "EXPIRES", "LAST-USED" };

static void
add_time(struct buf *b, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms == 0) {
		buf_puts(b, "never");
		return;
	}
	(void)clock_print(wall_ms, text);
	buf_add(b, text, strlen("2026-03-01T02:00"));
	buf_putc(b, 'Z');
}

static void
add_globs(struct buf *b, const struct token *t, const char *between)
{
	unsigned i;

	if (t->n_globs == 0)
		buf_puts(b, "all");
	for (i = 0; i < t->n_globs; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : between, t->globs[i]);
}

static void
add_networks(struct buf *b, const struct token *t, const char *between)
{
	char text[PREFIX_TEXT_MAX];
	unsigned i;

	if (t->n_networks == 0)
		buf_puts(b, "anywhere");
	for (i = 0; i < t->n_networks; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : between,
		    prefix_print(&t->networks[i], text));
}

static const char *
state_name(const struct token *t, int64_t now_ms)
{
	if (t->revoked_ms != 0)
		return "revoked";
	return token_is_living(t, now_ms) ? "valid" : "expired";
}

static void
add_scopes(struct buf *b, unsigned scopes)
{
	char text[TOKEN_SCOPES_TEXT_MAX];
	char *blank;

	(void)token_scopes_print(scopes, text);
	while ((blank = strchr(text, ' ')) != NULL)
		*blank = ',';
	buf_puts(b, text);
}

/* The text of one cell; t is NULL for the heading. */
static void
add_cell(struct buf *b, const struct token *t, int column, int64_t now_ms)
{
	if (t == NULL) {
		buf_puts(b, headings[column]);
		return;
	}
	switch (column) { /* clang-format off */
	case 0: buf_puts(b, t->id); break;
	case 1: buf_puts(b, t->name.s); break;
	case 2: buf_puts(b, state_name(t, now_ms)); break;
	case 3: add_scopes(b, t->scopes); break;
	case 4: add_globs(b, t, ","); break;
	case 5: add_networks(b, t, ","); break;
	case 6: buf_puts(b, t->strict ? "yes" : "no"); break;
	case 7: add_time(b, t->expires_ms); break;
	default: add_time(b, t->last_used_ms); break;
	} /* clang-format on */
}

static void
add_line(struct buf *b, const struct token *t, const size_t *widths,
    int64_t now_ms)
{
	size_t start;
	int column;

	for (column = 0; column < COLUMNS; column++) {
		start = b->len;
		add_cell(b, t, column, now_ms);
		if (column == COLUMNS - 1)
			break;
		while (!b->failed && b->len < start + widths[column] + GAP)
			buf_putc(b, ' ');
	}
	buf_putc(b, '\n');
}

void
token_table(const struct token_list *list, int64_t now_ms, struct buf *b)
{
	size_t i, widths[COLUMNS];
	struct buf cell = BUF_INIT;
	int column;

	for (column = 0; column < COLUMNS; column++) {
		widths[column] = strlen(headings[column]);
		for (i = 0; i < list->n; i++) {
			buf_reset(&cell);
			add_cell(&cell, &list->v[i], column, now_ms);
			if (cell.len > widths[column])
				widths[column] = cell.len;
		}
	}
	buf_clear(&cell);
	add_line(b, NULL, widths, now_ms);
	for (i = 0; i < list->n; i++)
		add_line(b, &list->v[i], widths, now_ms);
}

void
token_table_explain(const struct token *t, struct buf *b)
{
	static const enum token_scope scopes[] = { SCOPE_READ, SCOPE_METRICS,
		SCOPE_OPERATE, SCOPE_CONFIGURE, SCOPE_ADMIN };
	unsigned all = token_scope_implied(t->scopes);
	bool first = true;
	size_t i;

	buf_printf(b, "token %s (%s)\n", t->name.s, t->id);
	for (i = 0; i < NITEMS(scopes); i++) {
		if ((all & scopes[i]) == 0)
			continue;
		buf_printf(b, "  %-10s %-10s %s\n", first ? "may" : "",
		    token_scope_name(scopes[i]),
		    token_scope_meaning(scopes[i]));
		first = false;
	}
	buf_puts(b, "  upstreams  ");
	add_globs(b, t, ", ");
	buf_puts(b, "\n  from       ");
	add_networks(b, t, ", ");
	buf_puts(b, "\n  expires    ");
	add_time(b, t->expires_ms);
	buf_printf(b, "\n%s",
	    t->strict ? "  strict     writes must carry If-Match\n" : "");
}
