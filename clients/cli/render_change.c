/* cli/render_change.c - what a change did, or would do, in words. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/text.h"

/* "from 150 to 250", "to 250". */
static void
add_values(struct buf *b, const struct style *st, const struct render_change *c)
{
	if (c->from != NULL) {
		buf_puts(b, " from ");
		style_text(st, STYLE_STRONG, b, c->from);
	}
	buf_puts(b, " to ");
	style_text(st, STYLE_STRONG, b, c->to);
}

static void
add_subject(struct buf *b, const struct style *st,
    const struct render_change *c)
{
	style_text(st, STYLE_STRONG, b, c->name);
	buf_printf(b, ": %s", c->what);
}

static void
add_resets(struct buf *b, const struct style *st, const json_t *answer,
    const char *none, const char *some)
{
	char *list = field_join(answer, "sessions_reset", ", ");

	if (*list == '\0') {
		buf_puts(b, none);
	} else {
		style_begin(st, STYLE_WARN, b);
		buf_puts(b, some);
		text_add(b, list);
		style_end(st, STYLE_WARN, b);
	}
	free(list);
}

static bool
has_step(const json_t *answer, const char *subsystem)
{
	const json_t *step;
	size_t i;

	json_array_foreach(field_at(answer, "plan.steps"), i,
	    step) if (strcmp(field_word(step, "subsystem", ""), subsystem) ==
	    0) return true;
	return false;
}

void
render_change_numbers(struct buf *b, const json_t *answer)
{
	const char *operation = field_text(answer, "operation");
	int64_t seq;

	if (operation == NULL && !field_int(answer, "audit_seq", &seq))
		return;
	buf_puts(b, "  ");
	if (operation != NULL) {
		buf_puts(b, "operation ");
		text_add(b, operation);
	}
	if (field_int(answer, "audit_seq", &seq))
		buf_printf(b,
		    "%saudit %" PRId64 " (mhctl audit show %" PRId64 ")",
		    operation == NULL ? "" : ", ", seq, seq);
	buf_putc(b, '\n');
}

void
render_change_effects(struct buf *b, const struct style *st,
    const json_t *answer)
{
	int64_t moved;

	buf_puts(b, "  ");
	if (field_int(answer, "best_paths_moved", &moved))
		buf_printf(b, "%" PRId64 " best path%s moved, ", moved,
		    moved == 1 ? "" : "s");
	add_resets(b, st, answer, "no session was reset", "sessions reset: ");
	if (has_step(answer, "boot") &&
	    !json_is_object(field_at(answer, "confirm")))
		buf_puts(b, ", saved for the next start");
	buf_putc(b, '\n');
}

void
render_change(struct buf *b, const struct style *st,
    const struct render_change *c, const json_t *answer)
{
	add_subject(b, st, c);
	if (json_is_false(field_at(answer, "changed"))) {
		buf_puts(b, " is ");
		style_text(st, STYLE_STRONG, b, c->to);
		buf_puts(b, " already on ");
		text_add(b, c->router);
		buf_puts(b, "; nothing was changed\n");
		render_change_numbers(b, answer);
		return;
	}
	buf_puts(b, " changed");
	add_values(b, st, c);
	buf_puts(b, " on ");
	text_add(b, c->router);
	buf_putc(b, '\n');
	render_change_effects(b, st, answer);
	render_change_numbers(b, answer);
}

/* Indented by two under the subsystem's name: can be copied as it stands. */
static void
add_step(struct buf *b, const struct style *st, const json_t *step,
    const char *member)
{
	const json_t *commands = field_at(step, member), *v;
	size_t i;

	if (json_array_size(commands) == 0)
		return;
	style_text(st, STYLE_STRONG, b, field_word(step, "subsystem", "-"));
	buf_putc(b, '\n');
	json_array_foreach(commands, i, v) if (json_is_string(v))
	    text_add_lines(b, "  ", json_string_value(v));
}

/* Undo runs backwards. */
static void
add_undo(struct buf *b, const struct style *st, const json_t *steps)
{
	size_t i = json_array_size(steps), found = 0;

	buf_puts(b, "\nto take it back:\n");
	while (i-- > 0) {
		found +=
		    json_array_size(field_at(json_array_get(steps, i), "undo"));
		add_step(b, st, json_array_get(steps, i), "undo");
	}
	if (found == 0)
		buf_puts(b, "  (nothing)\n");
}

void
render_change_steps(struct buf *b, const struct style *st, const json_t *answer,
    bool undo)
{
	const json_t *steps = field_at(answer, "plan.steps"), *step;
	size_t i;

	buf_puts(b, "  ");
	add_resets(b, st, answer, "no session would be reset",
	    "sessions that would be reset: ");
	buf_puts(b, "; this is a plan, nothing was done\n\n");
	json_array_foreach(steps, i, step) add_step(b, st, step, "commands");
	if (undo)
		add_undo(b, st, steps);
}

void
render_change_plan(struct buf *b, const struct style *st,
    const struct render_change *c, const json_t *answer, bool undo)
{
	add_subject(b, st, c);
	if (json_is_false(field_at(answer, "changed"))) {
		buf_puts(b, " is ");
		style_text(st, STYLE_STRONG, b, c->to);
		buf_puts(b, " already on ");
		text_add(b, c->router);
		buf_puts(b, "; nothing would be done\n");
		return;
	}
	buf_puts(b, " would change");
	add_values(b, st, c);
	buf_puts(b, " on ");
	text_add(b, c->router);
	buf_putc(b, '\n');
	render_change_steps(b, st, answer, undo);
}

void
render_change_cleared(struct buf *b, const struct style *st, const char *router,
    const json_t *answer)
{
	const char *soft = field_text(answer, "soft");

	style_text(st, STYLE_STRONG, b, field_word(answer, "session", "-"));
	if (soft == NULL) {
		buf_puts(b, ": session was ");
		style_text(st, STYLE_WARN, b, "reset");
	} else {
		buf_puts(b, ": routes ");
		buf_puts(b,
		    strcmp(soft, "in") == 0 ? "received were asked for" :
			strcmp(soft, "out") == 0 ?
					      "sent were announced" :
					      "were asked for and announced");
		buf_puts(b, " again, the session stayed up");
	}
	buf_puts(b, ", on ");
	text_add(b, router);
	buf_putc(b, '\n');
	render_change_numbers(b, answer);
}
