/* cli/table.h - aligned columns with headings. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/style.h"

struct buf;
struct table;

enum table_kind {
	TABLE_LEFT,
	TABLE_RIGHT, /* numbers */
	TABLE_TEXT,  /* left, and cut when the line is too long */
	TABLE_EXTRA, /* left, and left out before anything is cut */
	TABLE_EXTRA_RIGHT
};

struct table_column {
	const char *heading;
	enum table_kind kind;
};

/* columns is borrowed until table_free. */
struct table *table_new(const struct table_column *columns, size_t n);
void table_free(struct table **);
/* The next cell, left to right; foreign text is made harmless. NULL and ""
 * show as "-". */
void table_cell(struct table *, const char *, enum style_color);
/*
 * Headings and rows. On a terminal that is too narrow the gaps shrink to one
 * blank, then the extra columns go, the last one first, then TABLE_TEXT
 * columns are cut (to 8 at least); other columns stay whole, since names and
 * addresses are there to be typed again.
 */
void table_print(const struct table *, const struct style *, struct buf *);

#endif
