/* cli/render.c - the pieces that several answers share. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/text.h"

enum {
	LABEL_WIDTH = 18
};

void
render_warnings(struct buf *b, const struct style *st, const char *prefix,
    const json_t *warnings)
{
	const json_t *v;
	size_t i;

	json_array_foreach(warnings, i, v)
	{
		if (!json_is_string(v))
			continue;
		style_begin(st, STYLE_WARN, b);
		buf_puts(b, "! ");
		if (prefix != NULL) {
			text_add(b, prefix);
			buf_puts(b, ": ");
		}
		text_add(b, json_string_value(v));
		style_end(st, STYLE_WARN, b);
		buf_putc(b, '\n');
	}
}

void
render_snapshot(struct buf *b, const struct style *st, const json_t *snapshot)
{
	char age[TEXT_MAX], when[TEXT_MAX];
	int64_t ms = 0;

	if (!field_true(snapshot, "stale"))
		return;
	(void)field_int(snapshot, "age_ms", &ms);
	style_begin(st, STYLE_WARN, b);
	buf_printf(b, "! what follows is %s old", text_age(ms / 1000, age));
	if (field_text(snapshot, "observed_at") != NULL)
		buf_printf(b, " (seen %s UTC)",
		    text_time(field_text(snapshot, "observed_at"), when));
	buf_puts(b, ": the router does not answer at present");
	style_end(st, STYLE_WARN, b);
	buf_putc(b, '\n');
}

void
render_line(struct buf *b, const struct style *st, const char *label,
    const char *text, enum style_color color)
{
	if (text == NULL)
		return;
	buf_printf(b, "  %-*s ", LABEL_WIDTH, label);
	style_text(st, color, b, text);
	buf_putc(b, '\n');
}

void
render_rate(struct buf *b, const struct style *st, const json_t *row,
    const char *label, const char *path)
{
	char text[TEXT_MAX];
	double bps;

	if (field_number(row, path, &bps))
		render_line(b, st, label, text_bits(bps, text), STYLE_PLAIN);
}

/* gre1, 198.51.100.10 to 198.51.100.44, MTU 1476, inner /126 */
void
render_tunnel(struct buf *b, const struct style *st, const json_t *tunnel)
{
	struct buf text = BUF_INIT;
	char number[FIELD_TEXT_MAX];

	if (!json_is_object(tunnel))
		return;
	buf_printf(&text, "%s %s, ", field_word(tunnel, "kind", "?"),
	    field_word(tunnel, "interface", "?"));
	buf_printf(&text, "%s to %s", field_word(tunnel, "local", "?"),
	    field_word(tunnel, "remote", "?"));
	if (json_is_integer(field_at(tunnel, "mtu")))
		buf_printf(&text, ", MTU %s",
		    field_digits(tunnel, "mtu", number, ""));
	if (json_is_integer(field_at(tunnel, "prefix_length")))
		buf_printf(&text, ", inside /%s",
		    field_digits(tunnel, "prefix_length", number, ""));
	render_line(b, st, "tunnel", buf_text(&text), STYLE_PLAIN);
	buf_clear(&text);
}
