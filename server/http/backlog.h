/* http/backlog.h - what a listener has still to read, and never too much. */
#ifndef HTTP_BACKLOG_H
#define HTTP_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum {
	BACKLOG_MAX = 256 * 1024 /* as much as the ring of the engine */
};

/*
 * Records, each ended by an empty line, on their way to one client. One that
 * does not read in time loses all of them but the rest of the one that it has
 * begun to read, and is told so by a record of ours in their place.
 */
struct backlog {
	struct buf b;
	size_t at;         /* taken so far */
	size_t limit;      /* BACKLOG_MAX, and at first what it began with */
	unsigned newlines; /* that end what was taken: 2 after a record */
};

/* Begins with these bytes, of whatever length. */
void backlog_init(struct backlog *, const void *, size_t);
void backlog_clear(struct backlog *);
/* Whole records. false: there was no room, and the client will be told. */
bool backlog_add(struct backlog *, const void *, size_t);
bool backlog_is_empty(const struct backlog *);
/* Moves up to max bytes; returns how many. */
size_t backlog_take(struct backlog *, char *to, size_t max);

#endif
