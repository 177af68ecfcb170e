/* cli/render_router.c - what the router is set to be. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/text.h"

/* "blackhole" unless said otherwise: the string form. */
static void
add_prefix(struct buf *b, const struct style *st, const json_t *row)
{
	struct buf text = BUF_INIT;
	const char *route = field_text(row, "route");
	const char *interface = field_text(row, "route.interface");

	if (json_is_string(row)) {
		render_line(b, st, "prefix", json_string_value(row),
		    STYLE_PLAIN);
		return;
	}
	buf_puts(&text, field_word(row, "prefix", "-"));
	if (json_is_false(field_at(row, "originate")))
		buf_puts(&text, ", not announced");
	if (interface != NULL)
		buf_printf(&text, ", routed to %s", interface);
	else if (route != NULL)
		buf_printf(&text, ", %s", route);
	else if (json_is_null(field_at(row, "route")))
		buf_puts(&text, ", no route of its own");
	render_line(b, st, "prefix", buf_text(&text), STYLE_PLAIN);
	buf_clear(&text);
}

static void
add_bogons(struct buf *b, const struct style *st, const json_t *router)
{
	const json_t *bogons = field_at(router, "bogons"), *v;
	size_t i;

	if (json_is_string(bogons))
		render_line(b, st, "bogons", json_string_value(bogons),
		    STYLE_PLAIN);
	else if (json_is_null(bogons))
		render_line(b, st, "bogons", "no list", STYLE_WARN);
	json_array_foreach(bogons, i, v) render_line(b, st,
	    i == 0 ? "bogons" : "", json_string_value(v), STYLE_PLAIN);
}

static void
add_drift(struct buf *b, const struct style *st, const json_t *drift)
{
	char when[TEXT_MAX], seq[FIELD_TEXT_MAX];
	const json_t *row;
	size_t i;

	json_array_foreach(drift, i, row)
	{
		style_begin(st, STYLE_WARN, b);
		buf_puts(b, "! changed by hand");
		if (field_text(row, "seen_at") != NULL)
			buf_printf(b, ", seen %s UTC",
			    text_time(field_text(row, "seen_at"), when));
		buf_puts(b, ": ");
		text_add(b, field_word(row, "subsystem", "?"));
		buf_puts(b, ": ");
		text_add(b, field_word(row, "detail", "?"));
		if (json_is_integer(field_at(row, "audit_seq")))
			buf_printf(b, " (mhctl audit show %s)",
			    field_digits(row, "audit_seq", seq, ""));
		style_end(st, STYLE_WARN, b);
		buf_putc(b, '\n');
	}
}

void
render_router_pending(struct buf *b, const struct style *st,
    const json_t *router)
{
	const json_t *pending = field_at(router, "pending_confirm");
	char left[TEXT_MAX];
	int64_t s;

	if (!json_is_object(pending))
		return;
	style_begin(st, STYLE_WARN, b);
	buf_puts(b, "! a change waits for mhctl confirm");
	if (field_int(pending, "revert_in_s", &s))
		buf_printf(b, " and goes back in %s", text_age(s, left));
	buf_puts(b, ": operation ");
	text_add(b, field_word(pending, "operation", "-"));
	style_end(st, STYLE_WARN, b);
	buf_putc(b, '\n');
}

void
render_router(struct buf *b, const struct style *st, const json_t *router)
{
	char *addresses = field_join(router, "router_address", ", ");
	char text[FIELD_TEXT_MAX];
	const json_t *row;
	size_t i;

	style_text(st, STYLE_STRONG, b, field_word(router, "name", "-"));
	buf_putc(b, '\n');
	render_line(b, st, "platform", field_text(router, "platform"),
	    STYLE_PLAIN);
	if (json_is_integer(field_at(router, "securelevel")))
		render_line(b, st, "securelevel",
		    field_digits(router, "securelevel", text, ""), STYLE_PLAIN);
	render_line(b, st, "FRR", field_text(router, "frr_version"),
	    STYLE_PLAIN);
	render_line(b, st, "local AS",
	    field_digits(router, "local_as", text, "none"), STYLE_PLAIN);
	render_line(b, st, "router id", field_text(router, "router_id"),
	    STYLE_PLAIN);
	render_line(b, st, "own addresses",
	    *addresses == '\0' ? "none" : addresses, STYLE_PLAIN);
	json_array_foreach(field_at(router, "prefixes"), i, row)
	    add_prefix(b, st, row);
	add_bogons(b, st, router);
	render_line(b, st, "kernel routes", field_text(router, "kernel_routes"),
	    STYLE_PLAIN);
	free(addresses);
	render_router_pending(b, st, router);
	add_drift(b, st, field_at(router, "drift"));
	render_warnings(b, st, NULL, field_at(router, "warnings"));
}
