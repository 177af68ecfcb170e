/* system/freebsd/rcconf.h - the variables of rc.conf, read without a shell. */
#ifndef SYSTEM_FREEBSD_RCCONF_H
#define SYSTEM_FREEBSD_RCCONF_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/*
 * Reads the file into static memory, which holds until the next call; a
 * missing file has no variables. What is not an assignment on a line of its
 * own ("if ...; then x=1; fi") is passed over, as sysrc does; of several
 * assignments the last counts, and nothing from a quote without an end on.
 * Nothing is expanded: a value with a $ or a
 * backquote is told with it.
 */
int rcconf_read(const char *path, struct err *);
/* The same from text. */
int rcconf_parse(const char *text, struct err *);
/* NULL when it is not set. */
const char *rcconf_get(const char *name);
/* YES, TRUE, ON or 1, in any case. */
bool rcconf_yes(const char *name);

#endif
