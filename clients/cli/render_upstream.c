/* cli/render_upstream.c - upstreams as a list, and one in full. */
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

static const char *
preference(const json_t *row, char *out)
{
	return field_digits(row, "import.local_preference", out,
	    json_is_object(field_at(row, "import")) ? "(100)" : "");
}

void
render_upstreams(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "UPSTREAM", TABLE_LEFT },
		{ "ROLE", TABLE_EXTRA },
		{ "AS", TABLE_RIGHT },
		{ "NEIGHBOR", TABLE_LEFT },
		{ "PREF", TABLE_RIGHT },
		{ "PREPEND", TABLE_RIGHT },
		{ "SESSION", TABLE_EXTRA },
		{ "DESCRIPTION", TABLE_TEXT },
	};
	const json_t *list = field_at(body, "upstreams"), *row;
	char text[FIELD_TEXT_MAX];
	struct table *t;
	size_t i;

	render_snapshot(b, st, field_at(body, "snapshot"));
	if (json_array_size(list) == 0) {
		buf_puts(b, "no upstream is configured on this router\n");
	} else {
		t = table_new(columns, NITEMS(columns));
		json_array_foreach(list, i, row)
		{
			const char *session =
			    field_word(row, "status.session", "unknown");

			table_cell(t, field_text(row, "name"), STYLE_STRONG);
			table_cell(t, field_text(row, "role"), STYLE_PLAIN);
			table_cell(t, field_digits(row, "remote_as", text, ""),
			    STYLE_PLAIN);
			table_cell(t, field_text(row, "neighbor"), STYLE_PLAIN);
			table_cell(t, preference(row, text), STYLE_PLAIN);
			table_cell(t,
			    field_digits(row, "export.as_path_prepend", text,
				""),
			    STYLE_PLAIN);
			table_cell(t, session, style_of_word(session));
			table_cell(t, field_text(row, "description"),
			    STYLE_PLAIN);
		}
		table_print(t, st, b);
		table_free(&t);
	}
	render_warnings(b, st, NULL, field_at(body, "warnings"));
}

static void
line_digits(struct buf *b, const struct style *st, const json_t *row,
    const char *label, const char *path)
{
	char text[FIELD_TEXT_MAX];
	int64_t v;

	if (field_int(row, path, &v))
		render_line(b, st, label, field_digits(row, path, text, ""),
		    STYLE_PLAIN);
}

static void
add_maximum_prefix(struct buf *b, const struct style *st, const json_t *row)
{
	const json_t *m = field_at(row, "import.maximum_prefix");
	char limit[FIELD_TEXT_MAX], percent[FIELD_TEXT_MAX];
	char minutes[FIELD_TEXT_MAX];
	struct buf text = BUF_INIT;

	if (!json_is_object(m))
		return;
	buf_puts(&text, field_digits(m, "limit", limit, "?"));
	if (json_is_integer(field_at(m, "warning_percent")))
		buf_printf(&text, ", warning at %s %%",
		    field_digits(m, "warning_percent", percent, ""));
	if (json_is_integer(field_at(m, "restart_minutes")))
		buf_printf(&text, ", restart after %s min",
		    field_digits(m, "restart_minutes", minutes, ""));
	render_line(b, st, "maximum prefix", buf_text(&text), STYLE_PLAIN);
	buf_clear(&text);
}

/* "key k0123456789, 12d03h old" */
static void
add_key(struct buf *b, const struct style *st, const json_t *row)
{
	struct buf text = BUF_INIT;
	char age[TEXT_MAX];
	int64_t s;

	if (!field_true(row, "tcp_md5.set"))
		return;
	if (field_text(row, "tcp_md5.key_id") == NULL)
		buf_puts(&text, "a key is set");
	else
		buf_printf(&text, "key %s", field_text(row, "tcp_md5.key_id"));
	if (field_int(row, "status.tcp_md5_age_s", &s))
		buf_printf(&text, ", %s old", text_age(s, age));
	render_line(b, st, "TCP MD5", buf_text(&text), STYLE_PLAIN);
	buf_clear(&text);
}

static void
add_neighbor(struct buf *b, const struct style *st, const json_t *row)
{
	char *families = field_join(row, "families", ", ");

	render_line(b, st, "description", field_text(row, "description"),
	    STYLE_PLAIN);
	render_line(b, st, "role", field_text(row, "role"), STYLE_PLAIN);
	render_line(b, st, "neighbor", field_text(row, "neighbor"),
	    STYLE_PLAIN);
	line_digits(b, st, row, "remote AS", "remote_as");
	render_line(b, st, "local address", field_text(row, "local_address"),
	    STYLE_PLAIN);
	line_digits(b, st, row, "eBGP multihop", "ebgp_multihop");
	render_tunnel(b, st, field_at(row, "tunnel"));
	render_line(b, st, "host route", field_text(row, "host_route.gateway"),
	    STYLE_PLAIN);
	if (field_true(row, "firewall.nat"))
		render_line(b, st, "NAT", "what the router itself sends",
		    STYLE_PLAIN);
	line_digits(b, st, row, "capacity (Mbit/s)", "capacity_mbps");
	if (field_true(row, "next_hop_self"))
		render_line(b, st, "next hop self", "yes", STYLE_PLAIN);
	add_key(b, st, row);
	if (*families != '\0')
		render_line(b, st, "families", families, STYLE_PLAIN);
	free(families);
}

static void
add_session(struct buf *b, const struct style *st, const json_t *row)
{
	const char *session = field_word(row, "status.session", "unknown");
	char age[TEXT_MAX];
	int64_t uptime;

	render_line(b, st, "session", session, style_of_word(session));
	if (field_int(row, "status.uptime_s", &uptime))
		render_line(b, st, "uptime", text_age(uptime, age),
		    STYLE_PLAIN);
	line_digits(b, st, row, "prefixes received",
	    "status.prefixes_received");
	line_digits(b, st, row, "prefixes sent", "status.prefixes_sent");
	render_line(b, st, "interface", field_text(row, "status.interface"),
	    STYLE_PLAIN);
	render_line(b, st, "made by", field_text(row, "status.managed"),
	    STYLE_PLAIN);
	render_rate(b, st, row, "traffic in", "status.rx_bps");
	render_rate(b, st, row, "traffic out", "status.tx_bps");
	render_line(b, st, "last error", field_text(row, "status.last_error"),
	    STYLE_WARN);
}

void
render_upstream(struct buf *b, const struct style *st, const json_t *row,
    const char *etag)
{
	char text[FIELD_TEXT_MAX];

	style_text(st, STYLE_STRONG, b, field_word(row, "name", "-"));
	buf_putc(b, '\n');
	add_neighbor(b, st, row);
	buf_puts(b, "import\n");
	render_line(b, st, "local preference",
	    field_digits(row, "import.local_preference", text,
		"not set (FRR's default: 100)"),
	    STYLE_STRONG);
	render_line(b, st, "prefix list", field_text(row, "import.prefix_list"),
	    STYLE_PLAIN);
	render_line(b, st, "route map", field_text(row, "status.route_map_in"),
	    STYLE_PLAIN);
	if (field_true(row, "import.soft_reconfiguration"))
		render_line(b, st, "soft reconfig.", "inbound", STYLE_PLAIN);
	add_maximum_prefix(b, st, row);
	buf_puts(b, "export\n");
	render_line(b, st, "AS path prepend",
	    field_digits(row, "export.as_path_prepend", text, "-"),
	    STYLE_STRONG);
	render_line(b, st, "prefix list", field_text(row, "export.prefix_list"),
	    STYLE_PLAIN);
	render_line(b, st, "route map", field_text(row, "status.route_map_out"),
	    STYLE_PLAIN);
	buf_puts(b, "now\n");
	add_session(b, st, row);
	if (*etag != '\0')
		render_line(b, st, "ETag", etag, STYLE_PLAIN);
	render_warnings(b, st, NULL, field_at(row, "status.warnings"));
}
