/* http/wait.c - poll() over our own descriptors and libmicrohttpd's. */
#include <sys/types.h>
#include <sys/select.h>

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/log.h"
#include "base/mem.h"
#include "http/wait.h"

/*
 * libmicrohttpd 0.9.75 asks to be run at once, for ever, when the size line of
 * a chunk fills its memory. After that many turns without any event it gets
 * one turn a millisecond; our own deadline ends the request.
 */
enum {
	SPIN_TURNS = 32
};

void
wait_init(struct wait *w, bool use_select)
{
	memset(w, 0, sizeof(*w));
	w->use_select = use_select ||
	    MHD_is_feature_supported(MHD_FEATURE_EPOLL) != MHD_YES;
	w->fds = mem_calloc(WAIT_FDS_MAX, sizeof(*w->fds));
	w->due = true;
}

void
wait_clear(struct wait *w)
{
	MEM_FREE(w->fds);
}

void
wait_begin(struct wait *w)
{
	w->n = 0;
}

size_t
wait_add(struct wait *w, int fd, short events)
{
	assert(w->n < WAIT_FDS_MAX);
	w->fds[w->n].fd = fd;
	w->fds[w->n].events = events;
	w->fds[w->n].revents = 0;
	return w->n++;
}

short
wait_events(const struct wait *w, size_t index)
{
	return w->fds[index].revents;
}

static void
add_fd_sets(struct wait *w, struct MHD_Daemon *d)
{
	fd_set in, out, except;
	int max = -1, fd;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&except);
	if (MHD_get_fdset2(d, &in, &out, &except, &max, FD_SETSIZE) != MHD_YES)
		log_warning("libmicrohttpd: more descriptors than select() "
			    "can watch");
	for (fd = 0; fd <= max; fd++) {
		short events = 0;

		if (FD_ISSET(fd, &in))
			events |= POLLIN;
		if (FD_ISSET(fd, &out))
			events |= POLLOUT;
		if (events != 0)
			(void)wait_add(w, fd, events);
	}
}

static void
add_daemon(struct wait *w, enum wait_daemon i)
{
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *d = w->daemon[i];

	w->first[i] = w->n;
	if (d != NULL && w->use_select)
		add_fd_sets(w, d);
	else if (d != NULL) {
		info = MHD_get_daemon_info(d, MHD_DAEMON_INFO_EPOLL_FD);
		(void)wait_add(w, info->epoll_fd, POLLIN);
	}
	w->count[i] = w->n - w->first[i];
}

void
wait_sleep(struct wait *w, int timeout_ms)
{
	MHD_UNSIGNED_LONG_LONG left;
	size_t i;

	w->n_own = w->n;
	for (i = 0; i < WAIT_DAEMONS; i++) {
		add_daemon(w, (enum wait_daemon)i);
		if (w->daemon[i] == NULL ||
		    MHD_get_timeout(w->daemon[i], &left) != MHD_YES)
			continue;
		/* Asked to come back at once: then run it, whatever poll()
		 * says. Later ones it finds itself when it runs. */
		if (left == 0 && (w->unhurried || w->empty_turns > SPIN_TURNS))
			left = 1;
		else if (left == 0)
			w->due = true;
		if (timeout_ms == -1 ||
		    left < (MHD_UNSIGNED_LONG_LONG)timeout_ms)
			timeout_ms = left > INT_MAX ? INT_MAX : (int)left;
	}
	if (w->due)
		timeout_ms = 0;
	switch (poll(w->fds, (nfds_t)w->n, timeout_ms)) {
	case 0:
		w->empty_turns++;
		w->due = true; /* perhaps one of its timeouts */
		break;
	case -1:
		for (i = 0; i < w->n; i++)
			w->fds[i].revents = 0;
		if (errno != EINTR)
			log_fatal("poll: %s", strerror(errno));
		break;
	default:
		w->empty_turns = 0;
		break;
	}
}

static void
run_select(const struct wait *w, enum wait_daemon i)
{
	const struct pollfd *p = w->fds + w->first[i];
	fd_set in, out, except;
	size_t j;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_ZERO(&except);
	for (j = 0; j < w->count[i]; j++, p++) {
		if ((p->revents & (POLLIN | POLLHUP | POLLERR)) != 0)
			FD_SET(p->fd, &in);
		if ((p->revents & (POLLOUT | POLLERR)) != 0)
			FD_SET(p->fd, &out);
	}
	(void)MHD_run_from_select(w->daemon[i], &in, &out, &except);
}

void
wait_run(struct wait *w)
{
	bool due = w->due;
	size_t i, j;

	w->due = false;
	for (i = 0; i < WAIT_DAEMONS; i++) {
		bool ready = due;

		if (w->daemon[i] == NULL)
			continue;
		for (j = 0; j < w->count[i] && !ready; j++)
			ready = w->fds[w->first[i] + j].revents != 0;
		if (!ready)
			continue;
		if (w->use_select)
			run_select(w, (enum wait_daemon)i);
		else
			(void)MHD_run(w->daemon[i]);
	}
}
