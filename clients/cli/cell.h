/* cli/cell.h - a member of an answer as a cell of a table. */
#ifndef CLI_CELL_H
#define CLI_CELL_H

#include <jansson.h>

struct table;

/* Bits per second; an empty one when they are not known. */
void cell_rate(struct table *, const json_t *row, const char *path);

#endif
