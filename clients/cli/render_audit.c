/* cli/render_audit.c - who changed what, why, and how it ended. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

/* Whether rows[0 .. n) has the outcome of this intent. */
static bool
has_outcome(const json_t *rows, size_t n, const json_t *intent)
{
	int64_t seq, about;
	size_t i;

	if (!field_int(intent, "seq", &seq))
		return false;
	for (i = 0; i < n; i++)
		if (field_int(json_array_get(rows, i), "about", &about) &&
		    about == seq)
			return true;
	return false;
}

static const char *
kind_of(const json_t *row)
{
	return field_word(row, "kind", "-");
}

static bool
is_intent(const json_t *row)
{
	return strcmp(kind_of(row), "intent") == 0;
}

/* "CHG-1 because of this". */
static void
add_why(struct buf *b, const json_t *row)
{
	const char *ticket = field_text(row, "ticket");
	const char *reason = field_text(row, "reason");

	if (ticket != NULL)
		buf_puts(b, ticket);
	if (ticket != NULL && reason != NULL)
		buf_puts(b, ": ");
	if (reason != NULL)
		buf_puts(b, reason);
}

static void
add_row(struct table *t, const json_t *row)
{
	const char *when = field_text(row, "time");
	const char *word = is_intent(row) ?
	    "unfinished" :
	    field_word(row, "outcome", kind_of(row));
	char seq[FIELD_TEXT_MAX], text[TEXT_MAX];
	struct buf why = BUF_INIT;

	add_why(&why, row);
	table_cell(t, field_digits(row, "seq", seq, ""), STYLE_PLAIN);
	table_cell(t, when == NULL ? NULL : text_time(when, text), STYLE_PLAIN);
	table_cell(t, field_text(row, "actor"), STYLE_PLAIN);
	table_cell(t, field_text(row, "resource"), STYLE_PLAIN);
	table_cell(t, word, style_of_word(word));
	table_cell(t, buf_text(&why), STYLE_PLAIN);
	buf_clear(&why);
}

void
render_audits(struct buf *b, const struct style *st, const json_t *rows)
{
	static const struct table_column columns[] = {
		{ "SEQ", TABLE_RIGHT },
		{ "TIME (UTC)", TABLE_LEFT },
		{ "BY", TABLE_LEFT },
		{ "RESOURCE", TABLE_LEFT },
		{ "OUTCOME", TABLE_LEFT },
		{ "WHY", TABLE_TEXT },
	};
	const json_t *row;
	struct table *t;
	size_t i;

	if (json_array_size(rows) == 0) {
		buf_puts(b, "nothing in the audit log matches\n");
		return;
	}
	t = table_new(columns, NITEMS(columns));
	json_array_foreach(rows, i, row) if (!is_intent(row) ||
	    !has_outcome(rows, i, row)) add_row(t, row);
	table_print(t, st, b);
	table_free(&t);
}

/* Commands as they were given, what was answered indented below each. */
static void
add_commands(struct buf *b, const struct style *st, const json_t *commands)
{
	const json_t *v;
	size_t i;

	if (json_array_size(commands) == 0)
		return;
	style_text(st, STYLE_STRONG, b, "commands and what they answered");
	buf_putc(b, '\n');
	json_array_foreach(commands, i, v)
	{
		const char *answer = field_word(v, "answer", "(nothing)");

		text_add_lines(b, "  > ", field_word(v, "command", "-"));
		text_add_lines(b, "      ", answer);
	}
}

/* One member a line: "import.local_preference  150". */
static void
add_flat(struct buf *b, json_t *v, const char *path, unsigned depth)
{
	const char *name;
	json_t *member;
	struct buf longer = BUF_INIT;
	char *text;

	if (json_is_object(v) && json_object_size(v) > 0 && depth < 8) {
		json_object_foreach(v, name, member)
		{
			buf_reset(&longer);
			buf_printf(&longer, "%s%s%s", path,
			    *path == '\0' ? "" : ".", name);
			add_flat(b, member, buf_text(&longer), depth + 1);
		}
		buf_clear(&longer);
		return;
	}
	text = json_is_string(v) ?
	    NULL :
	    json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	buf_puts(b, "  ");
	text_add(b, path);
	buf_puts(b, "  ");
	text_add(b,
	    text != NULL          ? text :
		json_is_string(v) ? json_string_value(v) :
				    "-");
	buf_putc(b, '\n');
	free(text);
}

static void
add_state(struct buf *b, const struct style *st, const char *heading, json_t *v)
{
	if (v == NULL || json_is_null(v))
		return;
	style_text(st, STYLE_STRONG, b, heading);
	buf_putc(b, '\n');
	add_flat(b, v, "", 0);
}

static void
add_end(struct buf *b, const struct style *st, const json_t *row)
{
	const char *outcome = field_text(row, "outcome");
	const char *detail = field_text(row, "detail");

	if (outcome != NULL)
		render_line(b, st, "outcome", outcome, style_of_word(outcome));
	render_line(b, st, "detail", detail, STYLE_WARN);
}

/* "intent" with where its outcome is, "outcome" with what it is about; any
 * other stands alone. */
static void
add_kind(struct buf *b, const struct style *st, const json_t *row,
    const json_t *outcome)
{
	char text[96], other[FIELD_TEXT_MAX];
	const char *when = field_text(row, "time");

	if (field_text(row, "outcome") != NULL)
		(void)snprintf(text, sizeof(text), "outcome of %s",
		    field_digits(row, "about", other, "-"));
	else if (outcome == NULL)
		(void)snprintf(text, sizeof(text), "%s", kind_of(row));
	else
		(void)snprintf(text, sizeof(text),
		    "intent; its outcome is %s, below",
		    field_digits(outcome, "seq", other, "-"));
	render_line(b, st, "kind", text, STYLE_PLAIN);
	if (when != NULL)
		render_line(b, st, "time (UTC)", text_time(when, text),
		    STYLE_PLAIN);
}

void
render_audit(struct buf *b, const struct style *st, const json_t *row,
    const json_t *outcome)
{
	char text[FIELD_TEXT_MAX];
	const json_t *end = outcome != NULL ? outcome : row;
	struct buf request = BUF_INIT;

	style_begin(st, STYLE_STRONG, b);
	buf_printf(b, "audit %s", field_digits(row, "seq", text, "-"));
	style_end(st, STYLE_STRONG, b);
	buf_putc(b, '\n');
	add_kind(b, st, row, outcome);
	render_line(b, st, "by", field_text(row, "actor"), STYLE_PLAIN);
	render_line(b, st, "token", field_text(row, "token_id"), STYLE_PLAIN);
	render_line(b, st, "from address", field_text(row, "peer"),
	    STYLE_PLAIN);
	render_line(b, st, "resource", field_text(row, "resource"),
	    STYLE_PLAIN);
	if (field_text(row, "method") != NULL) {
		buf_printf(&request, "%s %s", field_text(row, "method"),
		    field_word(row, "path", ""));
		render_line(b, st, "request", buf_text(&request), STYLE_PLAIN);
		buf_clear(&request);
	}
	render_line(b, st, "request id", field_text(row, "request_id"),
	    STYLE_PLAIN);
	render_line(b, st, "operation", field_text(row, "operation"),
	    STYLE_PLAIN);
	render_line(b, st, "reason", field_text(row, "reason"), STYLE_PLAIN);
	render_line(b, st, "ticket", field_text(row, "ticket"), STYLE_PLAIN);
	add_end(b, st, end);
	render_line(b, st, "hash", field_text(row, "hash"), STYLE_FAINT);
	add_state(b, st, "before", field_at(row, "before"));
	add_state(b, st, "after", field_at(end, "after"));
	add_commands(b, st, field_at(end, "commands"));
}

void
render_audit_verdict(struct buf *b, const struct style *st,
    const json_t *verdict)
{
	char text[FIELD_TEXT_MAX];

	if (field_true(verdict, "intact")) {
		style_text(st, STYLE_GOOD, b, "the audit log is intact");
		buf_printf(b, ": %s rows, each chained to the one before\n",
		    field_digits(verdict, "rows", text, "?"));
	} else {
		style_text(st, STYLE_BAD, b, "THE AUDIT LOG IS NOT INTACT");
		buf_printf(b, ": the first bad row is %s\n",
		    field_digits(verdict, "first_bad_seq", text, "not known"));
	}
	render_line(b, st, "detail", field_text(verdict, "detail"), STYLE_WARN);
	render_line(b, st, "head", field_text(verdict, "head"), STYLE_PLAIN);
}
