/* cli/render_route.c - the paths to one prefix. */
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
from(const json_t *path)
{
	if (field_true(path, "local"))
		return "(this router)";
	return field_word(path, "upstream", field_word(path, "neighbor", "-"));
}

static void
add_row(struct table *t, const json_t *path)
{
	bool best = field_true(path, "best");
	enum style_color color = best ? STYLE_GOOD : STYLE_PLAIN;
	char text[FIELD_TEXT_MAX];

	table_cell(t,
	    best                                       ? "best" :
		json_is_false(field_at(path, "valid")) ? "invalid" :
							 " ",
	    color);
	table_cell(t, from(path), color);
	table_cell(t, field_digits(path, "local_preference", text, ""), color);
	table_cell(t, field_digits(path, "as_path_length", text, ""), color);
	table_cell(t, field_digits(path, "med", text, ""), color);
	table_cell(t, field_text(path, "origin"), color);
	table_cell(t, field_text(path, "next_hop"), color);
	table_cell(t, field_text(path, "as_path"), color);
}

static void
add_list(struct buf *b, const json_t *path, const char *member,
    const char *words)
{
	char *list = field_join(path, member, " ");

	if (*list != '\0') {
		text_add(b, from(path));
		buf_printf(b, ": %s ", words);
		text_add(b, list);
		buf_putc(b, '\n');
	}
	free(list);
}

void
render_routes(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "", TABLE_LEFT },
		{ "FROM", TABLE_LEFT },
		{ "PREF", TABLE_RIGHT },
		{ "LENGTH", TABLE_RIGHT },
		{ "MED", TABLE_EXTRA_RIGHT },
		{ "ORIGIN", TABLE_EXTRA },
		{ "NEXT HOP", TABLE_LEFT },
		{ "AS PATH", TABLE_LEFT },
	};
	const json_t *paths = field_at(body, "paths"), *path;
	size_t i, n = json_array_size(paths);
	struct table *t;

	style_text(st, STYLE_STRONG, b, field_word(body, "prefix", "-"));
	buf_printf(b, "  %zu path%s\n", n, n == 1 ? "" : "s");
	if (n == 0)
		return;
	t = table_new(columns, NITEMS(columns));
	json_array_foreach(paths, i, path) add_row(t, path);
	table_print(t, st, b);
	table_free(&t);
	json_array_foreach(paths, i, path)
	{
		const char *why = field_text(path, "best_reason");

		if (field_true(path, "best") && why != NULL) {
			text_add(b, from(path));
			buf_puts(b, ": best because of ");
			text_add(b, why);
			buf_putc(b, '\n');
		}
	}
	json_array_foreach(paths, i, path)
	{
		add_list(b, path, "communities", "communities");
		add_list(b, path, "large_communities", "large communities");
	}
}
