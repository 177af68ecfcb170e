/* cli/table.c - aligned columns with headings. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/table.h"
#include "cli/text.h"

enum {
	COLUMNS_MAX = 16,
	TEXT_LEAST = 8
};

struct cell {
	char *text;
	enum style_color color;
};

struct table {
	const struct table_column *columns;
	size_t n;
	struct cell *cells;
	size_t n_cells;
	size_t room;
};

struct layout {
	size_t width[COLUMNS_MAX];
	bool hidden[COLUMNS_MAX];
	size_t gap;
};

struct table *
table_new(const struct table_column *columns, size_t n)
{
	struct table *t = mem_calloc(1, sizeof(*t));

	assert(n > 0 && n <= COLUMNS_MAX);
	t->columns = columns;
	t->n = n;
	return t;
}

void
table_free(struct table **tp)
{
	size_t i;

	if (*tp == NULL)
		return;
	for (i = 0; i < (*tp)->n_cells; i++)
		free((*tp)->cells[i].text);
	free((*tp)->cells);
	free(*tp);
	*tp = NULL;
}

void
table_cell(struct table *t, const char *text, enum style_color color)
{
	struct buf b = BUF_INIT;

	if (t->n_cells == t->room) {
		t->room = t->room == 0 ? 64 : t->room * 2;
		t->cells = mem_realloc(t->cells, t->room, sizeof(*t->cells));
	}
	if (text == NULL || *text == '\0')
		text = "-";
	text_add(&b, text);
	t->cells[t->n_cells].text = mem_strdup(buf_text(&b));
	t->cells[t->n_cells].color = color;
	t->n_cells++;
	buf_clear(&b);
}

static size_t
total(const struct table *t, const struct layout *l)
{
	size_t i, sum = 0;

	for (i = 0; i < t->n; i++)
		if (!l->hidden[i])
			sum += l->width[i] + (i == 0 ? 0 : l->gap);
	return sum;
}

static bool
is_extra(enum table_kind kind)
{
	return kind == TABLE_EXTRA || kind == TABLE_EXTRA_RIGHT;
}

static bool
is_right(enum table_kind kind)
{
	return kind == TABLE_RIGHT || kind == TABLE_EXTRA_RIGHT;
}

/* Makes it fit, as far as it goes. */
static void
squeeze(const struct table *t, size_t width, struct layout *l)
{
	size_t i, over, spare;

	if (total(t, l) <= width)
		return;
	l->gap = 1;
	for (i = t->n; i-- > 1 && total(t, l) > width;)
		l->hidden[i] = is_extra(t->columns[i].kind);
	for (i = t->n; i-- > 0 && total(t, l) > width;) {
		if (t->columns[i].kind != TABLE_TEXT ||
		    l->width[i] <= TEXT_LEAST)
			continue;
		over = total(t, l) - width;
		spare = l->width[i] - TEXT_LEAST;
		l->width[i] -= over < spare ? over : spare;
	}
}

static void
measure(const struct table *t, const struct style *st, struct layout *l)
{
	size_t i, width;

	memset(l, 0, sizeof(*l));
	l->gap = 2;
	for (i = 0; i < t->n; i++)
		l->width[i] = strlen(t->columns[i].heading);
	for (i = 0; t->n > 0 && i < t->n_cells; i++) {
		width = text_width(t->cells[i].text);
		if (width > l->width[i % t->n])
			l->width[i % t->n] = width;
	}
	if (st->width != 0)
		squeeze(t, st->width, l);
}

static void
blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, ' ');
}

static void
print_cell(const struct style *st, struct buf *b, const char *text,
    enum style_color color, size_t width)
{
	size_t fit;

	style_begin(st, color, b);
	if (text_width(text) <= width) {
		buf_puts(b, text);
	} else {
		fit = text_fit(text, width - 2);
		buf_add(b, text, fit);
		buf_puts(b, "..");
	}
	style_end(st, color, b);
}

/* One line of n cells; no blanks at its end. */
static void
print_row(const struct table *t, const struct style *st, const struct layout *l,
    const struct cell *cells, struct buf *b)
{
	size_t i, have, pad, owed = 0;

	for (i = 0; i < t->n; i++) {
		if (l->hidden[i])
			continue;
		have = text_width(cells[i].text);
		pad = have < l->width[i] ? l->width[i] - have : 0;
		blanks(b, owed + (i > 0 ? l->gap : 0));
		owed = 0;
		if (is_right(t->columns[i].kind))
			blanks(b, pad);
		else
			owed = pad;
		print_cell(st, b, cells[i].text, cells[i].color, l->width[i]);
	}
	buf_putc(b, '\n');
}

void
table_print(const struct table *t, const struct style *st, struct buf *b)
{
	struct cell heads[COLUMNS_MAX];
	struct layout l;
	size_t i;

	measure(t, st, &l);
	for (i = 0; i < t->n; i++) {
		heads[i].text = mem_strdup(t->columns[i].heading);
		heads[i].color = STYLE_STRONG;
	}
	print_row(t, st, &l, heads, b);
	for (i = 0; i < t->n; i++)
		free(heads[i].text);
	for (i = 0; i + t->n <= t->n_cells; i += t->n)
		print_row(t, st, &l, &t->cells[i], b);
}
