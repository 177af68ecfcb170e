/* frr/line.h - what one line overwrites, and how it is removed. */
#ifndef FRR_LINE_H
#define FRR_LINE_H

#include "frr/section.h"

/*
 * Two lines of one section with the same key are values of one setting: the
 * later one overwrites the earlier one. NULL when the line has no such key and
 * stands for itself. free() it.
 */
char *frr_line_key(enum frr_section, const char *line);
/* "no ..." as FRR wants it: without the value where it is not needed (so no
 * password is ever repeated), with it where FRR asks for it. free() it. */
char *frr_line_removal(enum frr_section, const char *line);

#endif
