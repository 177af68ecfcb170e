/* http/wait.h - poll() over our own descriptors and libmicrohttpd's. */
#ifndef HTTP_WAIT_H
#define HTTP_WAIT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct MHD_Daemon;

/* Two, since a daemon of libmicrohttpd speaks TLS always or never: the UNIX
 * socket stays plain. */
enum wait_daemon {
	WAIT_PLAIN,
	WAIT_TLS,
	WAIT_DAEMONS
};

enum {
	WAIT_FDS_MAX = 4096
};

/*
 * With epoll libmicrohttpd has one descriptor per daemon. Elsewhere it tells
 * each connection's in an fd_set, which limits them to FD_SETSIZE.
 */
struct wait {
	struct MHD_Daemon *daemon[WAIT_DAEMONS]; /* NULL: not used */
	bool use_select;
	bool due; /* run it even without an event: something was resumed */
	bool
	    unhurried; /* it says "at once" for parked requests: a ms will do */
	unsigned empty_turns; /* in a row: poll() had nothing to tell */
	struct pollfd *fds;
	size_t n;
	size_t n_own; /* the caller's; libmicrohttpd's come behind */
	size_t first[WAIT_DAEMONS]; /* of each daemon in fds */
	size_t count[WAIT_DAEMONS];
};

void wait_init(struct wait *, bool use_select);
void wait_clear(struct wait *);
/* Each turn: forget, add what is of interest, sleep, look, run. */
void wait_begin(struct wait *);
size_t wait_add(struct wait *, int fd, short events);
/* timeout_ms -1: for ever; shortened to what libmicrohttpd needs. */
void wait_sleep(struct wait *, int timeout_ms);
short wait_events(const struct wait *, size_t index);
/* Lets libmicrohttpd work on what came, if anything did. */
void wait_run(struct wait *);

#endif
