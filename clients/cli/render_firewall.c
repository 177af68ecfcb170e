/* cli/render_firewall.c - our part of the packet filter. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

static void
line_flag(struct buf *b, const struct style *st, const json_t *body,
    const char *label, const char *path, const char *yes, const char *no)
{
	const json_t *v = field_at(body, path);

	if (json_is_boolean(v))
		render_line(b, st, label, json_is_true(v) ? yes : no,
		    json_is_true(v) ? STYLE_GOOD : STYLE_WARN);
}

static void
line_list(struct buf *b, const struct style *st, const json_t *body,
    const char *label, const char *path)
{
	char *list = field_join(body, path, ", ");

	render_line(b, st, label, *list == '\0' ? "none" : list, STYLE_PLAIN);
	free(list);
}

static void
add_entries(struct buf *b, const struct style *st, const json_t *entries)
{
	static const struct table_column columns[] = {
		{ "INTERFACE", TABLE_LEFT },
		{ "KIND", TABLE_LEFT },
		{ "NAT", TABLE_LEFT },
		{ "PEER", TABLE_LEFT },
		{ "LOCAL", TABLE_EXTRA },
		{ "REMOTE", TABLE_EXTRA },
	};
	const json_t *row;
	struct table *t;
	size_t i;

	if (json_array_size(entries) == 0)
		return;
	t = table_new(columns, NITEMS(columns));
	json_array_foreach(entries, i, row)
	{
		table_cell(t, field_text(row, "interface"), STYLE_STRONG);
		table_cell(t, field_text(row, "kind"), STYLE_PLAIN);
		table_cell(t, field_true(row, "nat") ? "yes" : "no",
		    STYLE_PLAIN);
		table_cell(t, field_text(row, "peer"), STYLE_PLAIN);
		table_cell(t, field_text(row, "local"), STYLE_PLAIN);
		table_cell(t, field_text(row, "remote"), STYLE_PLAIN);
	}
	buf_putc(b, '\n');
	table_print(t, st, b);
	table_free(&t);
}

void
render_firewall(struct buf *b, const struct style *st, const json_t *body)
{
	const char *listing = field_text(body, "listing");

	style_text(st, STYLE_STRONG, b, field_word(body, "platform", "-"));
	buf_puts(b, ": our part of the packet filter\n");
	line_flag(b, st, body, "packet filter", "enabled", "on", "off");
	line_flag(b, st, body, "leads to our rules", "attached", "yes", "no");
	line_flag(b, st, body, "our rules", "loaded", "loaded", "not loaded");
	line_flag(b, st, body, "as we set them", "as_set", "yes",
	    "no: changed by hand");
	line_list(b, st, body, "router addresses", "router_addresses");
	line_list(b, st, body, "prefixes", "prefixes");
	add_entries(b, st, field_at(body, "entries"));
	render_warnings(b, st, NULL, field_at(body, "warnings"));
	if (listing != NULL && *listing != '\0') {
		buf_puts(b, "\nin the tool's own words:\n");
		text_add_lines(b, "  ", listing);
	}
}
