/* cli/render_rotation.c - the change of a TCP-MD5 key, in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/text.h"

static void
add_line(struct buf *b, const char *text)
{
	buf_puts(b, "  ");
	text_add(b, text);
	buf_putc(b, '\n');
}

static void
add_seconds(struct buf *b, int64_t ms)
{
	buf_printf(b, "%" PRId64 ".%d s", ms / 1000, (int)(ms % 1000 / 100));
}

static void
add_with(struct buf *b, const json_t *answer)
{
	if (field_text(answer, "with.router") == NULL)
		return;
	buf_puts(b, "  ");
	text_add(b, field_text(answer, "with.router"));
	buf_puts(b, " changes at the same time: upstream ");
	text_add(b, field_word(answer, "with.upstream", "?"));
	buf_puts(b, " there, operation ");
	text_add(b, field_word(answer, "with.operation", "none"));
	buf_putc(b, '\n');
}

static void
add_time(struct buf *b, const json_t *answer, bool ahead)
{
	char when[TEXT_MAX], within[FIELD_TEXT_MAX];

	buf_puts(b, "  changes ");
	if (ahead)
		buf_printf(b, "at %s UTC",
		    text_time(field_word(answer, "at", "?"), when));
	else
		buf_puts(b, "now");
	buf_printf(b,
	    "; the old key comes back unless the session works within %s s\n",
	    field_digits(answer, "verify_within_s", within, "?"));
}

void
render_rotation(struct buf *b, const struct style *st, const char *router,
    const json_t *answer, bool ahead)
{
	const char *operation = field_word(answer, "operation", "ID");

	style_text(st, STYLE_STRONG, b, field_word(answer, "upstream", "-"));
	buf_puts(b, ": new key ");
	style_text(st, STYLE_STRONG, b, field_word(answer, "key_id", "?"));
	buf_puts(b, " is ready on ");
	text_add(b, router);
	buf_putc(b, '\n');
	if (field_text(answer, "effect") != NULL)
		add_line(b, field_text(answer, "effect"));
	add_with(b, answer);
	add_time(b, answer, ahead);
	render_change_numbers(b, answer);
	buf_puts(b, "  follow it:  mhctl operation show ");
	text_add(b, operation);
	buf_puts(b, "\n  cancel it:  mhctl cancel ");
	text_add(b, operation);
	buf_putc(b, '\n');
}

void
render_rotation_plan(struct buf *b, const struct style *st, const char *router,
    const json_t *answer, bool undo)
{
	style_text(st, STYLE_STRONG, b, field_word(answer, "upstream", "-"));
	buf_puts(b, ": the key would be changed on ");
	text_add(b, router);
	buf_putc(b, '\n');
	if (field_text(answer, "effect") != NULL)
		add_line(b, field_text(answer, "effect"));
	add_with(b, answer);
	render_change_steps(b, st, answer, undo);
}

static void
add_felt(struct buf *b, const json_t *operation)
{
	int64_t ms;

	if (field_int(operation, "result.downtime_ms", &ms)) {
		buf_puts(b, "; the session was down for ");
		add_seconds(b, ms);
	} else if (strcmp(field_word(operation, "result.method", ""),
		       "gentle") == 0) {
		buf_puts(b, "; the session stayed up");
	}
}

void
render_rotation_done(struct buf *b, const struct style *st,
    const json_t *operation)
{
	style_text(st, STYLE_STRONG, b,
	    field_word(operation, "result.upstream", "-"));
	buf_puts(b, ": key ");
	style_text(st, STYLE_STRONG, b,
	    field_word(operation, "result.key_id", "?"));
	buf_puts(b, " in use, verified");
	add_felt(b, operation);
	buf_putc(b, '\n');
	if (field_text(operation, "result.with") == NULL)
		return;
	buf_puts(b, "  ");
	text_add(b, field_text(operation, "result.with"));
	buf_puts(b, " changed too, operation ");
	text_add(b, field_word(operation, "result.with_operation", "unknown"));
	buf_putc(b, '\n');
}

/* It went back: in these phases nothing has been changed yet. */
static bool
was_changed(const json_t *operation)
{
	static const char *const before[] = { "ask", "staged", "drain",
		"recall" };
	const char *phase = field_word(operation, "phase", "");
	size_t i;

	for (i = 0; i < NITEMS(before); i++)
		if (strcmp(phase, before[i]) == 0)
			return false;
	return strcmp(field_word(operation, "state", ""), "undone") == 0;
}

void
render_rotation_failed(struct buf *b, const json_t *operation)
{
	bool changed = was_changed(operation);
	const char *name = field_word(operation, "result.upstream",
	    field_word(operation, "resource", "the upstream"));
	const char *why = field_word(operation, "result.why",
	    field_word(operation, "result.detail",
		field_word(operation, "error", "no reason was given")));
	int64_t ms;

	text_add(b, name);
	buf_puts(b,
	    changed ? ": the old key is back: " :
		      ": the key was not changed: ");
	text_add(b, why);
	if (!changed)
		return;
	if (!field_int(operation, "result.return_ms", &ms)) {
		buf_puts(b,
		    "\nnext: see whether the session is up: mhctl "
		    "session show ");
		text_add(b, name);
		return;
	}
	buf_puts(b, "\nthe session was up again after ");
	add_seconds(b, ms);
}
