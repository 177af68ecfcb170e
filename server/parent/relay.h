/* parent/relay.h - a child's standard error becomes lines in our log. */
#ifndef PARENT_RELAY_H
#define PARENT_RELAY_H

#include <stddef.h>

enum {
	RELAY_LINE_MAX = 1024
};

struct relay {
	const char *name; /* the child's, before each line; borrowed */
	int fd;           /* read end of the pipe, non-blocking; -1: none */
	size_t len;
	char line[RELAY_LINE_MAX];
};

/* Takes fd. */
void relay_open(struct relay *, const char *name, int fd);
/*
 * Reads once and logs each whole line: with the level that base/log wrote in
 * it, else as a warning, since then it is a message from a library, a
 * sanitizer or a dying program. Longer lines are cut in pieces. At end of file
 * it closes itself.
 */
void relay_read(struct relay *);
/* Reads what is left without waiting, logs a last unfinished line, closes. */
void relay_close(struct relay *);

#endif
