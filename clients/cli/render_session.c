/* cli/render_session.c - BGP sessions as a list, and one in full. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

/* The session's state, or "shutdown" when that is its reason. */
static const char *
state_of(const json_t *row)
{
	if (field_true(row, "admin_shutdown"))
		return "shutdown";
	return field_word(row, "state", "unknown");
}

/* Summed over the address families; "" when none says it. */
static const char *
sum(const json_t *row, const char *member, char *out)
{
	const json_t *family;
	const char *name;
	int64_t total = 0, v;
	bool any = false;

	json_object_foreach(field_at(row, "families"), name,
	    family) if (field_int(family, member, &v))
	{
		/* Wraps instead of overflowing on absurd input. */
		total = (int64_t)((uint64_t)total + (uint64_t)v);
		any = true;
	}
	if (!any)
		return "";
	(void)snprintf(out, FIELD_TEXT_MAX, "%" PRId64, total);
	return out;
}

static void
add_row(struct table *t, const json_t *row)
{
	char text[FIELD_TEXT_MAX], age[TEXT_MAX];
	const char *state = state_of(row);
	int64_t uptime;
	bool known = field_int(row, "uptime_s", &uptime);

	table_cell(t, field_text(row, "neighbor"), STYLE_STRONG);
	table_cell(t, field_text(row, "upstream"), STYLE_PLAIN);
	table_cell(t, field_digits(row, "remote_as", text, ""), STYLE_PLAIN);
	table_cell(t, state, style_of_word(state));
	table_cell(t, known ? text_age(uptime, age) : NULL, STYLE_PLAIN);
	table_cell(t, sum(row, "prefixes_received", text), STYLE_PLAIN);
	table_cell(t, sum(row, "prefixes_sent", text), STYLE_PLAIN);
	table_cell(t, field_digits(row, "dropped_count", text, ""),
	    STYLE_PLAIN);
}

void
render_sessions(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "NEIGHBOR", TABLE_LEFT },
		{ "UPSTREAM", TABLE_LEFT },
		{ "AS", TABLE_EXTRA_RIGHT },
		{ "STATE", TABLE_LEFT },
		{ "UPTIME", TABLE_RIGHT },
		{ "RCVD", TABLE_RIGHT },
		{ "SENT", TABLE_RIGHT },
		{ "DROPS", TABLE_EXTRA_RIGHT },
	};
	const json_t *list = field_at(body, "sessions"), *row;
	struct table *t;
	size_t i;

	render_snapshot(b, st, field_at(body, "snapshot"));
	if (json_array_size(list) == 0) {
		buf_puts(b, "no BGP session is configured on this router\n");
	} else {
		t = table_new(columns, NITEMS(columns));
		json_array_foreach(list, i, row) add_row(t, row);
		table_print(t, st, b);
		table_free(&t);
	}
	render_warnings(b, st, NULL, field_at(body, "warnings"));
}

static void
line_pair(struct buf *b, const struct style *st, const json_t *row,
    const char *label, const char *first, const char *second)
{
	char one[FIELD_TEXT_MAX], two[FIELD_TEXT_MAX];
	char text[2 * FIELD_TEXT_MAX + 16];

	(void)snprintf(text, sizeof(text), "%s in, %s out",
	    field_digits(row, first, one, "-"),
	    field_digits(row, second, two, "-"));
	render_line(b, st, label, text, STYLE_PLAIN);
}

static void
add_traffic(struct buf *b, const struct style *st, const json_t *row)
{
	char in[TEXT_MAX], out[TEXT_MAX], text[2 * TEXT_MAX + 16];
	double rx, tx;

	render_line(b, st, "interface", field_text(row, "interface"),
	    STYLE_PLAIN);
	if (field_number(row, "rx_bps", &rx) &&
	    field_number(row, "tx_bps", &tx)) {
		(void)snprintf(text, sizeof(text), "%s in, %s out",
		    text_bits(rx, in), text_bits(tx, out));
		render_line(b, st, "traffic", text, STYLE_PLAIN);
	}
	if (field_number(row, "rx_bytes", &rx) &&
	    field_number(row, "tx_bytes", &tx)) {
		(void)snprintf(text, sizeof(text), "%s in, %s out",
		    text_bytes(rx, in), text_bytes(tx, out));
		render_line(b, st, "bytes", text, STYLE_PLAIN);
	}
}

static void
add_families(struct buf *b, const struct style *st, const json_t *row)
{
	char in[FIELD_TEXT_MAX], out[FIELD_TEXT_MAX];
	char text[2 * FIELD_TEXT_MAX + 64];
	const json_t *family;
	const char *name;

	json_object_foreach(field_at(row, "families"), name, family)
	{
		struct buf label = BUF_INIT;

		text_add(&label, name);
		(void)snprintf(text, sizeof(text),
		    "%s prefixes received, %s sent%s",
		    field_digits(family, "prefixes_received", in, "-"),
		    field_digits(family, "prefixes_sent", out, "-"),
		    field_true(family, "soft_reconfiguration") ?
			", soft reconfiguration" :
			"");
		render_line(b, st, buf_text(&label), text, STYLE_PLAIN);
		buf_clear(&label);
	}
}

void
render_session(struct buf *b, const struct style *st, const json_t *row)
{
	const char *state = state_of(row);
	char text[TEXT_MAX];
	int64_t uptime;

	style_text(st, STYLE_STRONG, b, field_word(row, "neighbor", "-"));
	buf_putc(b, '\n');
	render_line(b, st, "upstream", field_text(row, "upstream"),
	    STYLE_PLAIN);
	render_line(b, st, "description", field_text(row, "description"),
	    STYLE_PLAIN);
	render_line(b, st, "state", state, style_of_word(state));
	if (field_int(row, "uptime_s", &uptime))
		render_line(b, st, "uptime", text_age(uptime, text),
		    STYLE_PLAIN);
	render_line(b, st, "remote AS",
	    field_digits(row, "remote_as", text, "-"), STYLE_PLAIN);
	render_line(b, st, "local AS", field_digits(row, "local_as", text, "-"),
	    STYLE_PLAIN);
	render_line(b, st, "local address", field_text(row, "local_address"),
	    STYLE_PLAIN);
	render_line(b, st, "peer's host name", field_text(row, "peer_hostname"),
	    STYLE_PLAIN);
	add_families(b, st, row);
	line_pair(b, st, row, "messages", "messages_received", "messages_sent");
	line_pair(b, st, row, "queue", "in_queue", "out_queue");
	render_line(b, st, "times established",
	    field_digits(row, "established_count", text, "-"), STYLE_PLAIN);
	render_line(b, st, "times dropped",
	    field_digits(row, "dropped_count", text, "-"), STYLE_PLAIN);
	if (field_true(row, "tcp_md5"))
		render_line(b, st, "TCP MD5", "in use", STYLE_PLAIN);
	add_traffic(b, st, row);
	render_line(b, st, "last reset", field_text(row, "last_reset"),
	    STYLE_PLAIN);
	render_line(b, st, "last error", field_text(row, "last_error"),
	    STYLE_WARN);
	render_line(b, st, "shutdown message",
	    field_text(row, "last_shutdown_message"), STYLE_WARN);
}
