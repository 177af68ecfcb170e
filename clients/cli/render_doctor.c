/* cli/render_doctor.c - what was checked, and how to mend what is amiss. */
#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

static void
add_fixes(struct buf *b, const struct style *st, const json_t *checks)
{
	const json_t *row;
	size_t i;

	json_array_foreach(checks, i, row)
	{
		if (field_text(row, "fix") == NULL)
			continue;
		buf_putc(b, '\n');
		style_text(st, STYLE_STRONG, b, field_word(row, "name", "-"));
		buf_puts(b, ": what to do\n");
		text_add_lines(b, "  ", field_text(row, "fix"));
	}
}

void
render_doctor(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "CHECK", TABLE_LEFT },
		{ "STATE", TABLE_LEFT },
		{ "FOUND", TABLE_TEXT },
	};
	const json_t *checks = field_at(body, "checks"), *row;
	struct table *t;
	size_t i;

	if (json_array_size(checks) > 0) {
		t = table_new(columns, NITEMS(columns));
		json_array_foreach(checks, i, row)
		{
			const char *state = field_word(row, "state", "unknown");

			table_cell(t, field_text(row, "name"), STYLE_STRONG);
			table_cell(t, state, style_of_word(state));
			table_cell(t, field_text(row, "detail"), STYLE_PLAIN);
		}
		table_print(t, st, b);
		table_free(&t);
	}
	add_fixes(b, st, checks);
	if (field_true(body, "ok"))
		style_text(st, STYLE_GOOD, b, "nothing has failed");
	else
		style_text(st, STYLE_BAD, b, "not all is well");
	buf_putc(b, '\n');
}
