/* cli/render_status.c - the picture an operator wants first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/cell.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

static void
add_words(struct buf *b, const char *label, const char *text)
{
	if (text == NULL)
		return;
	buf_puts(b, label);
	text_add(b, text);
}

enum {
	WORDS_MAX = 64
};

/* "in_service" as "in service". */
static const char *
words_of(const char *state, char *words)
{
	(void)snprintf(words, WORDS_MAX, "%s", state);
	return text_spell(words);
}

static void
add_state(struct buf *b, const struct style *st, const char *state)
{
	char words[WORDS_MAX];

	buf_puts(b, "  ");
	style_text(st, style_of_word(state), b, words_of(state, words));
}

/* hobgp  in service  AS201379  router id 198.51.100.10  FRR 8.4.4 */
static void
add_identity(struct buf *b, const struct style *st, const json_t *router)
{
	char as[FIELD_TEXT_MAX];
	char *prefixes = field_join(router, "prefixes", ", ");

	style_text(st, STYLE_STRONG, b,
	    field_word(router, "name", "(no name)"));
	if (field_text(router, "state") != NULL)
		add_state(b, st, field_text(router, "state"));
	if (field_at(router, "local_as") != NULL)
		buf_printf(b, "  AS%s",
		    field_digits(router, "local_as", as, "?"));
	add_words(b, "  router id ", field_text(router, "router_id"));
	add_words(b, "  FRR ", field_text(router, "frr_version"));
	buf_putc(b, '\n');
	if (*prefixes != '\0') {
		add_words(b, "announces ", prefixes);
		buf_putc(b, '\n');
	}
	free(prefixes);
}

/* 4 of 4 sessions up, 1.20 Mbit/s in, 88.0 kbit/s out, seen 0.2 s ago */
static void
add_summary(struct buf *b, const struct style *st, const json_t *router)
{
	int64_t up = 0, all = 0, age_ms;
	enum style_color color;
	char text[TEXT_MAX];
	double bps;

	if (field_int(router, "sessions.established", &up) &&
	    field_int(router, "sessions.configured", &all)) {
		color = up == all ? STYLE_GOOD :
		    up == 0       ? STYLE_BAD :
				    STYLE_WARN;
		style_begin(st, color, b);
		buf_printf(b, "%" PRId64 " of %" PRId64, up, all);
		style_end(st, color, b);
		buf_puts(b, all == 1 ? " session up" : " sessions up");
	} else {
		buf_puts(b, "sessions unknown");
	}
	if (field_number(router, "rx_bps", &bps))
		buf_printf(b, ", %s in", text_bits(bps, text));
	if (field_number(router, "tx_bps", &bps))
		buf_printf(b, ", %s out", text_bits(bps, text));
	if (field_int(router, "snapshot.age_ms", &age_ms)) {
		if (age_ms < 10000)
			buf_printf(b, ", seen %.1f s ago",
			    (double)age_ms / 1000);
		else
			buf_printf(b, ", seen %s ago",
			    text_age(age_ms / 1000, text));
	}
	buf_putc(b, '\n');
}

static void
cell_number(struct table *t, const json_t *row, const char *path)
{
	char text[FIELD_TEXT_MAX];

	table_cell(t, field_digits(row, path, text, ""), STYLE_PLAIN);
}

static bool
is_default_preference(const json_t *row)
{
	return json_is_object(field_at(row, "import")) &&
	    !json_is_integer(field_at(row, "import.local_preference"));
}

/* What an established session is good for; "in_service" is what one expects. */
static const char *
session_word(const json_t *row)
{
	const char *session = field_word(row, "status.session", "unknown");
	const char *drain = field_word(row, "status.drain", "in_service");

	return strcmp(session, "established") == 0 &&
		strcmp(drain, "in_service") != 0 ?
	    drain :
	    session;
}

static void
add_row(struct table *t, const json_t *row)
{
	const char *session = session_word(row);
	char age[TEXT_MAX];
	int64_t uptime;
	bool known = field_int(row, "status.uptime_s", &uptime);

	table_cell(t, field_text(row, "name"), STYLE_STRONG);
	table_cell(t, session, style_of_word(session));
	table_cell(t, known ? text_age(uptime, age) : NULL, STYLE_PLAIN);
	cell_number(t, row, "status.prefixes_received");
	cell_number(t, row, "status.prefixes_sent");
	if (is_default_preference(row))
		table_cell(t, "(100)", STYLE_PLAIN);
	else
		cell_number(t, row, "import.local_preference");
	cell_number(t, row, "export.as_path_prepend");
	cell_rate(t, row, "status.rx_bps");
	cell_rate(t, row, "status.tx_bps");
}

static void
add_table(struct buf *b, const struct style *st, const json_t *list)
{
	static const struct table_column columns[] = {
		{ "UPSTREAM", TABLE_LEFT },
		{ "SESSION", TABLE_LEFT },
		{ "UPTIME", TABLE_RIGHT },
		{ "RCVD", TABLE_RIGHT },
		{ "SENT", TABLE_RIGHT },
		{ "PREF", TABLE_RIGHT },
		{ "PREPEND", TABLE_RIGHT },
		{ "IN", TABLE_RIGHT },
		{ "OUT", TABLE_RIGHT },
	};
	struct table *t = table_new(columns, NITEMS(columns));
	bool defaults = false;
	const json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		add_row(t, row);
		defaults = defaults || is_default_preference(row);
	}
	table_print(t, st, b);
	table_free(&t);
	if (defaults)
		buf_puts(b, "(100): no preference is set, so FRR's default\n");
}

static bool
contains(const json_t *array, const json_t *value)
{
	const json_t *v;
	size_t i;

	json_array_foreach(array, i, v) if (json_equal(v, value)) return true;
	return false;
}

static void
add_drain_reason(struct buf *b, const struct style *st, const char *what,
    const char *state, const char *why)
{
	char words[WORDS_MAX];

	style_begin(st, STYLE_WARN, b);
	buf_puts(b, "! ");
	text_add(b, what);
	add_words(b, ": ", words_of(state, words));
	add_words(b, ", ", why);
	style_end(st, STYLE_WARN, b);
	buf_putc(b, '\n');
}

/* Who drains what and why, and how far that is. */
static void
add_drains(struct buf *b, const struct style *st, const json_t *router,
    const json_t *list)
{
	const char *why = field_text(router, "state_reason");
	const json_t *row;
	size_t i;

	if (why != NULL)
		add_drain_reason(b, st, field_word(router, "name", "?"),
		    field_word(router, "state", "unknown"), why);
	json_array_foreach(list, i, row)
	{
		const char *own = field_text(row, "status.drain_reason");

		if (own != NULL && (why == NULL || strcmp(own, why) != 0))
			add_drain_reason(b, st, field_word(row, "name", "?"),
			    field_word(row, "status.drain", "unknown"), own);
	}
}

/* The router's, then what the list adds, then each upstream's own. */
static void
add_warnings(struct buf *b, const struct style *st, const json_t *router,
    const json_t *upstreams)
{
	const json_t *ours = field_at(router, "warnings"), *row, *v;
	const json_t *theirs = field_at(upstreams, "warnings");
	json_t *more = json_array();
	size_t i;

	json_array_foreach(theirs, i, v) if (!contains(ours, v))(void)
	    json_array_append_new(more, json_deep_copy(v));
	render_warnings(b, st, NULL, ours);
	render_warnings(b, st, NULL, more);
	json_decref(more);
	json_array_foreach(field_at(upstreams, "upstreams"), i, row)
	{
		const char *name = field_word(row, "name", "?");
		const char *last = field_text(row, "status.last_error");

		render_warnings(b, st, name, field_at(row, "status.warnings"));
		if (last == NULL ||
		    strcmp(field_word(row, "status.session", ""),
			"established") == 0)
			continue;
		style_begin(st, STYLE_WARN, b);
		buf_puts(b, "! ");
		text_add(b, name);
		buf_puts(b, ": last error: ");
		text_add(b, last);
		style_end(st, STYLE_WARN, b);
		buf_putc(b, '\n');
	}
}

void
render_status(struct buf *b, const struct style *st, const json_t *router,
    const json_t *upstreams)
{
	const json_t *list = field_at(upstreams, "upstreams");
	const json_t *writable = field_at(router, "writable");

	add_identity(b, st, router);
	add_summary(b, st, router);
	render_snapshot(b, st, field_at(router, "snapshot"));
	buf_putc(b, '\n');
	if (json_array_size(list) > 0)
		add_table(b, st, list);
	else
		buf_puts(b, "no upstream is configured on this router\n");
	add_drains(b, st, router, list);
	render_router_pending(b, st, router);
	if (json_is_false(writable)) {
		style_text(st, STYLE_WARN, b,
		    "! changes are not possible at present");
		buf_putc(b, '\n');
	}
	add_warnings(b, st, router, upstreams);
}
