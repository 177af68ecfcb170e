/* cli/render_downstream.c - downstreams as a list, and one in full. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/cell.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

static const char *
state_of(const json_t *row)
{
	const json_t *up = field_at(row, "status.up");

	return json_is_true(up) ? "up" : json_is_false(up) ? "down" : "unknown";
}

void
render_downstreams(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "DOWNSTREAM", TABLE_LEFT },
		{ "INTERFACE", TABLE_LEFT },
		{ "STATE", TABLE_LEFT },
		{ "PEER", TABLE_LEFT },
		{ "IN", TABLE_RIGHT },
		{ "OUT", TABLE_RIGHT },
		{ "DESCRIPTION", TABLE_EXTRA },
		{ "PREFIXES", TABLE_TEXT },
	};
	const json_t *list = field_at(body, "downstreams"), *row;
	struct table *t;
	size_t i;

	render_snapshot(b, st, field_at(body, "snapshot"));
	if (json_array_size(list) == 0) {
		buf_puts(b, "no downstream is configured on this router\n");
	} else {
		t = table_new(columns, NITEMS(columns));
		json_array_foreach(list, i, row)
		{
			const char *state = state_of(row);
			char *prefixes = field_join(row, "prefixes", ", ");

			table_cell(t, field_text(row, "name"), STYLE_STRONG);
			table_cell(t, field_text(row, "tunnel.interface"),
			    STYLE_PLAIN);
			table_cell(t, state, style_of_word(state));
			table_cell(t, field_text(row, "peer"), STYLE_PLAIN);
			cell_rate(t, row, "status.rx_bps");
			cell_rate(t, row, "status.tx_bps");
			table_cell(t, field_text(row, "description"),
			    STYLE_PLAIN);
			table_cell(t, prefixes, STYLE_PLAIN);
			free(prefixes);
		}
		table_print(t, st, b);
		table_free(&t);
	}
	render_warnings(b, st, NULL, field_at(body, "warnings"));
}

void
render_downstream(struct buf *b, const struct style *st, const json_t *row)
{
	char *prefixes = field_join(row, "prefixes", ", ");
	const char *state = state_of(row);

	style_text(st, STYLE_STRONG, b, field_word(row, "name", "-"));
	buf_putc(b, '\n');
	render_line(b, st, "description", field_text(row, "description"),
	    STYLE_PLAIN);
	render_tunnel(b, st, field_at(row, "tunnel"));
	render_line(b, st, "our address", field_text(row, "address"),
	    STYLE_PLAIN);
	render_line(b, st, "peer", field_text(row, "peer"), STYLE_PLAIN);
	render_line(b, st, "prefixes", *prefixes == '\0' ? "none" : prefixes,
	    STYLE_PLAIN);
	render_line(b, st, "NAT",
	    field_true(row, "firewall.nat") ? "yes" : "no", STYLE_PLAIN);
	buf_puts(b, "now\n");
	render_line(b, st, "state", state, style_of_word(state));
	render_line(b, st, "made by", field_text(row, "status.managed"),
	    STYLE_PLAIN);
	render_rate(b, st, row, "traffic in", "status.rx_bps");
	render_rate(b, st, row, "traffic out", "status.tx_bps");
	free(prefixes);
	render_warnings(b, st, NULL, field_at(row, "status.warnings"));
}
