/* cli/cell.c - a member of an answer as a cell of a table. */
#include "cli/cell.h"
#include "cli/field.h"
#include "cli/table.h"
#include "cli/text.h"

void
cell_rate(struct table *t, const json_t *row, const char *path)
{
	char text[TEXT_MAX];
	double bps;

	table_cell(t,
	    field_number(row, path, &bps) ? text_rate(bps, text) : NULL,
	    STYLE_PLAIN);
}
