/* cli/render_token.c - who may do what. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/table.h"
#include "cli/text.h"

/* RFC 3339 UTC texts of one length compare as they stand. */
static const char *
state_of(const json_t *row)
{
	char now[CLOCK_TEXT_MAX];
	const char *expires = field_text(row, "expires_at");

	if (field_text(row, "revoked_at") != NULL)
		return "revoked";
	(void)clock_print(clock_wall_ms(), now);
	if (expires != NULL && strncmp(expires, now, 19) <= 0)
		return "expired";
	return "valid";
}

static void
cell_list(struct table *t, const json_t *row, const char *member,
    const char *none)
{
	char *list = field_join(row, member, ",");

	table_cell(t, *list == '\0' ? none : list, STYLE_PLAIN);
	free(list);
}

static void
cell_time(struct table *t, const json_t *row, const char *member,
    const char *none)
{
	const char *s = field_text(row, member);
	char when[TEXT_MAX];

	if (s == NULL) {
		table_cell(t, none, STYLE_PLAIN);
		return;
	}
	/* The minute is enough here. */
	(void)text_time(s, when);
	if (strlen(when) == 19)
		when[16] = '\0';
	table_cell(t, when, STYLE_PLAIN);
}

void
render_tokens(struct buf *b, const struct style *st, const json_t *body)
{
	static const struct table_column columns[] = {
		{ "NAME", TABLE_LEFT },
		{ "ID", TABLE_LEFT },
		{ "STATE", TABLE_LEFT },
		{ "SCOPES", TABLE_TEXT },
		{ "UPSTREAMS", TABLE_TEXT },
		{ "NETWORKS", TABLE_TEXT },
		{ "EXPIRES (UTC)", TABLE_LEFT },
		{ "LAST USED (UTC)", TABLE_EXTRA },
	};
	const json_t *list = field_at(body, "tokens"), *row;
	struct table *t;
	size_t i;

	if (json_array_size(list) == 0) {
		buf_puts(b, "no tokens\n");
		return;
	}
	t = table_new(columns, NITEMS(columns));
	json_array_foreach(list, i, row)
	{
		const char *state = state_of(row);

		table_cell(t, field_text(row, "name"), STYLE_STRONG);
		table_cell(t, field_text(row, "id"), STYLE_PLAIN);
		table_cell(t, state, style_of_word(state));
		cell_list(t, row, "scopes", "none");
		cell_list(t, row, "upstreams", "all");
		cell_list(t, row, "networks", "any");
		cell_time(t, row, "expires_at", "never");
		cell_time(t, row, "last_used_at", "never");
	}
	table_print(t, st, b);
	table_free(&t);
}
