/* cli/render_interface.c - tunnels and other interfaces. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/cell.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

static const char *
boot_word(const json_t *row)
{
	if (field_text(row, "managed") == NULL)
		return NULL;
	return field_true(row, "at_boot") ? "yes" : "no";
}

static void
add_row(struct table *t, const json_t *row)
{
	const json_t *up = field_at(row, "up");
	const char *state = json_is_true(up) ? "up" :
	    json_is_false(up)                ? "down" :
					       "unknown";
	char *addresses = field_join(row, "addresses", ", ");
	const char *to = field_text(row, "upstream");

	table_cell(t, field_text(row, "name"), STYLE_STRONG);
	table_cell(t, field_text(row, "kind"), STYLE_PLAIN);
	table_cell(t, state, style_of_word(state));
	table_cell(t, to != NULL ? to : field_text(row, "downstream"),
	    STYLE_PLAIN);
	cell_rate(t, row, "rx_bps");
	cell_rate(t, row, "tx_bps");
	table_cell(t, field_text(row, "managed"), STYLE_PLAIN);
	table_cell(t, boot_word(row), STYLE_PLAIN);
	table_cell(t, field_text(row, "local"), STYLE_PLAIN);
	table_cell(t, field_text(row, "remote"), STYLE_PLAIN);
	table_cell(t, addresses, STYLE_PLAIN);
	free(addresses);
}

void
render_interfaces(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "INTERFACE", TABLE_LEFT },
		{ "KIND", TABLE_LEFT },
		{ "STATE", TABLE_LEFT },
		{ "LEADS TO", TABLE_LEFT },
		{ "IN", TABLE_RIGHT },
		{ "OUT", TABLE_RIGHT },
		{ "MADE BY", TABLE_EXTRA },
		{ "AT BOOT", TABLE_EXTRA },
		{ "LOCAL", TABLE_EXTRA },
		{ "REMOTE", TABLE_EXTRA },
		{ "ADDRESSES", TABLE_TEXT },
	};
	const json_t *list = field_at(body, "interfaces"), *row;
	struct table *t;
	size_t i;

	render_snapshot(b, st, field_at(body, "snapshot"));
	if (json_array_size(list) == 0) {
		buf_puts(b, "no interfaces\n");
	} else {
		t = table_new(columns, NITEMS(columns));
		json_array_foreach(list, i, row) add_row(t, row);
		table_print(t, st, b);
		table_free(&t);
	}
	render_warnings(b, st, NULL, field_at(body, "warnings"));
}
