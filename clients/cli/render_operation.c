/* cli/render_operation.c - the journal of changes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

static const char *
time_of(const json_t *row, const char *member, char *out)
{
	const char *s = field_text(row, member);

	return s == NULL ? NULL : text_time(s, out);
}

void
render_operation_state(struct buf *b, const struct style *st, const json_t *row)
{
	static const char *const members[] = { "phase", "text", "error" };
	const char *state = field_word(row, "state", "unknown");
	size_t i;

	text_add(b, field_word(row, "resource", "-"));
	buf_puts(b, ": ");
	style_text(st, style_of_word(state), b, state);
	for (i = 0; i < NITEMS(members); i++) {
		if (field_text(row, members[i]) == NULL)
			continue;
		buf_puts(b, ", ");
		text_add(b, field_text(row, members[i]));
	}
	buf_putc(b, '\n');
}

void
render_operations(struct buf *b, const struct style *st, const json_t *rows)
{
	static const struct table_column columns[] = {
		{ "OPERATION", TABLE_LEFT },
		{ "STATE", TABLE_LEFT },
		{ "RESOURCE", TABLE_LEFT },
		{ "AUDIT", TABLE_RIGHT },
		{ "STARTED (UTC)", TABLE_LEFT },
		{ "BY", TABLE_TEXT },
	};
	char text[FIELD_TEXT_MAX], when[TEXT_MAX];
	const json_t *row;
	struct table *t;
	size_t i;

	if (json_array_size(rows) == 0) {
		buf_puts(b, "no operations\n");
		return;
	}
	t = table_new(columns, NITEMS(columns));
	json_array_foreach(rows, i, row)
	{
		const char *state = field_word(row, "state", "unknown");

		table_cell(t, field_text(row, "id"), STYLE_PLAIN);
		table_cell(t, state, style_of_word(state));
		table_cell(t, field_text(row, "resource"), STYLE_PLAIN);
		table_cell(t, field_digits(row, "audit_seq", text, ""),
		    STYLE_PLAIN);
		table_cell(t, time_of(row, "created_at", when), STYLE_PLAIN);
		table_cell(t, field_text(row, "actor"), STYLE_PLAIN);
	}
	table_print(t, st, b);
	table_free(&t);
}

/* Until when it waits, and what to do about it. */
static void
add_deadline(struct buf *b, const struct style *st, const json_t *row)
{
	char when[TEXT_MAX], left[TEXT_MAX];
	struct buf text = BUF_INIT;
	int64_t s;

	if (field_text(row, "confirm.reverts_at") == NULL)
		return;
	buf_puts(&text, text_time(field_text(row, "confirm.reverts_at"), when));
	if (field_int(row, "confirm.revert_in_s", &s))
		buf_printf(&text, ", in %s", text_age(s, left));
	render_line(b, st, "goes back (UTC)", buf_text(&text), STYLE_WARN);
	render_line(b, st, "unless", "mhctl confirm", STYLE_PLAIN);
	buf_clear(&text);
}

const char *
render_operation_left(const json_t *row)
{
	static const char more[] = "cancelled; ";
	const char *error = field_word(row, "error", "");

	return strncmp(error, more, strlen(more)) == 0 ? error : NULL;
}

void
render_operation_confirmed(struct buf *b, const struct style *st,
    const char *router, const char *words, const json_t *row)
{
	style_text(st, STYLE_STRONG, b, field_word(row, "resource", "-"));
	buf_puts(b, " on ");
	text_add(b, router);
	buf_printf(b, ": %s\n", words);
	if (render_operation_left(row) != NULL) {
		buf_puts(b, "  ");
		text_add(b, render_operation_left(row));
		buf_putc(b, '\n');
	}
	add_deadline(b, st, row);
	buf_puts(b, "  operation ");
	text_add(b, field_word(row, "id", "-"));
	buf_puts(b, ", ");
	text_add(b, field_word(row, "state", "unknown"));
	buf_putc(b, '\n');
}

void
render_operation(struct buf *b, const struct style *st, const json_t *row)
{
	const char *state = field_word(row, "state", "unknown");
	char text[FIELD_TEXT_MAX], when[TEXT_MAX];
	int64_t moved;

	style_text(st, STYLE_STRONG, b, field_word(row, "id", "-"));
	buf_putc(b, '\n');
	render_line(b, st, "state", state, style_of_word(state));
	render_line(b, st, "kind", field_text(row, "kind"), STYLE_PLAIN);
	render_line(b, st, "resource", field_text(row, "resource"),
	    STYLE_PLAIN);
	render_line(b, st, "by", field_text(row, "actor"), STYLE_PLAIN);
	render_line(b, st, "started (UTC)", time_of(row, "created_at", when),
	    STYLE_PLAIN);
	render_line(b, st, "updated (UTC)", time_of(row, "updated_at", when),
	    STYLE_PLAIN);
	render_line(b, st, "audit", field_digits(row, "audit_seq", text, "-"),
	    STYLE_PLAIN);
	render_line(b, st, "request", field_text(row, "request_id"),
	    STYLE_PLAIN);
	add_deadline(b, st, row);
	render_line(b, st, "phase", field_text(row, "phase"), STYLE_PLAIN);
	render_line(b, st, "due (UTC)", time_of(row, "due_at", when),
	    STYLE_PLAIN);
	render_line(b, st, "now", field_text(row, "progress.text"),
	    STYLE_PLAIN);
	render_line(b, st, "key",
	    field_word(row, "result.key_id",
		field_word(row, "progress.key_id", NULL)),
	    STYLE_PLAIN);
	render_line(b, st, "why", field_text(row, "result.why"), STYLE_WARN);
	render_line(b, st, "error", field_text(row, "error"), STYLE_BAD);
	if (field_int(row, "result.best_paths_moved", &moved))
		render_line(b, st, "best paths moved",
		    field_digits(row, "result.best_paths_moved", text, "-"),
		    STYLE_PLAIN);
}
