/* http/linger.h - closing so that the client still reads our last words. */
#ifndef HTTP_LINGER_H
#define HTTP_LINGER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Closing a TCP socket with unread input makes the kernel send a reset, and
 * that may reach the client before the answer it destroys. So a refused client
 * is read from, into nothing, for a moment.
 */
enum {
	LINGER_MAX = 32,
	LINGER_MS = 1000,
	LINGER_BYTES = 4 * 1024 * 1024
};

struct linger_one {
	int fd;
	int64_t until_ms;
	size_t left; /* bytes it may still send us */
};

struct linger_list {
	struct linger_one v[LINGER_MAX];
	size_t n;
};

/* Takes fd, a non-blocking socket: sends end of file and begins to wait. With
 * the list full it is closed at once. */
void linger_add(struct linger_list *, int fd, int64_t now_ms);
/* v[i] has input: reads it away. May remove v[i] (the last one moves up), so
 * callers walk downwards. */
void linger_read(struct linger_list *, size_t i);
/* Closes those whose time is over; returns the next deadline, INT64_MAX when
 * none is left. */
int64_t linger_expire(struct linger_list *, int64_t now_ms);
void linger_clear(struct linger_list *);

#endif
