/* cli/render_event.c - one line for each thing that happens. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/style.h"
#include "cli/text.h"

enum {
	TYPE_WIDTH = 9,
	RESOURCE_WIDTH = 20
};

static void
add_padded(struct buf *b, const char *text, size_t columns)
{
	size_t width = text_width(text);

	text_add(b, text);
	buf_printf(b, "%*s", width < columns ? (int)(columns - width) + 2 : 2,
	    "");
}

/* ": text" when there is one. */
static void
add_detail(struct buf *b, const json_t *event, const char *member)
{
	const char *text = field_text(event, member);

	if (text == NULL)
		return;
	buf_puts(b, ": ");
	text_add(b, text);
}

static void
add_session(struct buf *b, const json_t *event)
{
	const char *message = field_text(event, "shutdown_message");

	buf_puts(b, " ");
	text_add(b, field_word(event, "address", "?"));
	if (field_text(event, "previous") != NULL) {
		buf_puts(b, ", before ");
		text_add(b, field_word(event, "previous", ""));
	}
	add_detail(b, event, "last_error");
	if (message != NULL) {
		buf_puts(b, ", says \"");
		text_add(b, message);
		buf_puts(b, "\"");
	}
}

static void
add_operation(struct buf *b, const json_t *event)
{
	buf_puts(b, " ");
	text_add(b, field_word(event, "operation", "?"));
	if (field_text(event, "kind") != NULL) {
		buf_puts(b, " ");
		text_add(b, field_word(event, "kind", ""));
	}
	if (field_text(event, "phase") != NULL) {
		buf_puts(b, ", ");
		text_add(b, field_word(event, "phase", ""));
	}
	add_detail(b, event, "text");
	add_detail(b, event, "error");
}

static void
add_confirm(struct buf *b, const json_t *event)
{
	char when[TEXT_MAX];

	buf_puts(b, " ");
	text_add(b, field_word(event, "operation", "?"));
	if (field_text(event, "reverts_at") != NULL)
		buf_printf(b, ", goes back at %s",
		    text_time(field_text(event, "reverts_at"), when));
	add_detail(b, event, "detail");
}

static void
add_text(struct buf *b, const char *type, const json_t *event)
{
	if (strcmp(type, "session") == 0)
		add_session(b, event);
	else if (strcmp(type, "operation") == 0)
		add_operation(b, event);
	else if (strcmp(type, "confirm") == 0)
		add_confirm(b, event);
	else if (strcmp(type, "resync") == 0)
		buf_puts(b, ": something may have been missed, look again");
	else {
		add_detail(b, event, "text");
		add_detail(b, event, "reason");
		add_detail(b, event, "detail");
	}
}

void
render_event(struct buf *b, const struct style *st, const json_t *event)
{
	const char *type = field_word(event, "type", "event");
	/* What the line is about in one word. */
	const char *word = field_word(event, "state",
	    field_word(event, "subsystem", field_word(event, "reason", "")));
	char when[TEXT_MAX];

	style_begin(st, STYLE_FAINT, b);
	buf_puts(b, text_time(field_word(event, "time", "-"), when));
	style_end(st, STYLE_FAINT, b);
	buf_puts(b, "  ");
	add_padded(b, type, TYPE_WIDTH);
	add_padded(b, field_word(event, "resource", "-"), RESOURCE_WIDTH);
	style_text(st,
	    strcmp(type, "drift") == 0 || strcmp(type, "resync") == 0 ?
		STYLE_WARN :
		style_of_word(word),
	    b, word);
	add_text(b, type, event);
	buf_putc(b, '\n');
}
