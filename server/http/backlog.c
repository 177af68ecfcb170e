/* http/backlog.c - what a listener has still to read, and never too much. */
#include <string.h>

#include "base/log.h"
#include "http/backlog.h"

enum {
	KEEP = 4 * 1024
}; /* an empty buffer that is larger is given back */

/* It carries no id: who connects again is sent what was dropped. */
static const char resync[] = "event: resync\n"
			     "data: {\"type\":\"resync\","
			     "\"reason\":\"slow_reader\"}\n"
			     "\n";

static void
put(struct backlog *l, const void *bytes, size_t len)
{
	buf_add(&l->b, bytes, len);
	if (l->b.failed)
		log_fatal("out of memory");
}

void
backlog_init(struct backlog *l, const void *bytes, size_t len)
{
	buf_init(&l->b, 0);
	l->at = 0;
	l->limit = BACKLOG_MAX + len;
	l->newlines = 2;
	put(l, bytes, len);
}

void
backlog_clear(struct backlog *l)
{
	buf_clear(&l->b);
	l->at = 0;
}

/* Where the record ends that has been taken in part. */
static size_t
cut_at(const struct backlog *l)
{
	unsigned newlines = l->newlines;
	size_t i;

	for (i = l->at; newlines < 2 && i < l->b.len; i++)
		newlines = l->b.data[i] == '\n' ? newlines + 1 : 0;
	return i;
}

bool
backlog_add(struct backlog *l, const void *bytes, size_t len)
{
	if (l->b.len - l->at + len <= l->limit) {
		if (l->at > 0 && l->b.len + len > l->b.cap) {
			buf_drop(&l->b, l->at);
			l->at = 0;
		}
		put(l, bytes, len);
		return true;
	}
	l->b.len = cut_at(l);
	buf_drop(&l->b, l->at);
	l->at = 0;
	l->limit = BACKLOG_MAX;
	put(l, resync, sizeof(resync) - 1);
	return false;
}

bool
backlog_is_empty(const struct backlog *l)
{
	return l->at == l->b.len;
}

size_t
backlog_take(struct backlog *l, char *to, size_t max)
{
	size_t n = l->b.len - l->at, i;

	if (n > max)
		n = max;
	if (n == 0)
		return 0;
	memcpy(to, l->b.data + l->at, n);
	for (i = n; i > 0 && n - i < 2 && to[i - 1] == '\n'; i--)
		;
	/* A record's two may come in two pieces. */
	l->newlines =
	    n - i == n ? l->newlines + (unsigned)n : (unsigned)(n - i);
	if (l->newlines > 2)
		l->newlines = 2;
	l->at += n;
	if (!backlog_is_empty(l))
		return n;
	l->at = 0;
	l->limit = BACKLOG_MAX;
	if (l->b.cap > KEEP)
		buf_clear(&l->b);
	else
		buf_reset(&l->b);
	return n;
}
