/* http/stream.c - answers that go on: one thread, many listeners. */
#include <sys/types.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <microhttpd.h>

#include "base/log.h"
#include "http/server.h"
#include "http/stream.h"

enum {
	PIECE_MAX = 16 * 1024
};

/* libmicrohttpd asks for more. */
static ssize_t
on_more(void *cls, uint64_t at, char *to, size_t max)
{
	struct conn *c = cls;
	size_t n;

	(void)at;
	if (c->phase != CONN_STREAMING)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = backlog_take(&c->backlog, to, max);
	if (n > 0)
		return (ssize_t)n;
	if (c->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	MHD_suspend_connection(c->mhd);
	c->suspended = true;
	return 0;
}

/*
 * Who has vanished without a word acknowledges no heartbeat, and the kernel
 * would try for a quarter of an hour (RFC 5482; tcp(7), tcp(4)). Not every
 * kernel knows the words, FreeBSD's were never tried, and a UNIX socket needs
 * none of it.
 */
static void
notice_death(const struct conn *c)
{
#if defined(TCP_USER_TIMEOUT)
	const unsigned limit = STREAM_STALL_S * 1000;

	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit,
	    sizeof(limit));
#elif defined(TCP_MAXUNACKTIME)
	const unsigned limit = STREAM_STALL_S;

	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_MAXUNACKTIME, &limit,
	    sizeof(limit));
#else
	(void)c;
#endif
}

struct MHD_Response *
stream_new(struct conn *c, const struct frame_bytes *first)
{
	struct MHD_Response *r =
	    MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_MAX,
		on_more, c, NULL);

	if (r == NULL)
		log_fatal("out of memory");
	notice_death(c);
	backlog_init(&c->backlog, first->data, first->len);
	c->ended = false;
	/* Ours is the limit of a request's time; this one may last. */
	(void)MHD_set_connection_option(c->mhd, MHD_CONNECTION_OPTION_TIMEOUT,
	    (unsigned)STREAM_STALL_S);
	return r;
}

static void
wake(struct server *s, struct conn *c)
{
	if (!c->suspended)
		return;
	MHD_resume_connection(c->mhd);
	c->suspended = false;
	s->wait.due = true;
}

void
stream_data(struct server *s, const struct frame_data *data)
{
	struct conn *c;
	size_t i;

	for (i = 0; i < data->n_ids; i++) {
		c = conn_find(&s->conns, frame_data_id(data, i));
		if (c == NULL || c->phase != CONN_STREAMING || c->ended)
			continue;
		if (!backlog_add(&c->backlog, data->bytes.data,
			data->bytes.len))
			log_info("%s: a listener does not read what it asked "
				 "for: dropped",
			    c->peer);
		wake(s, c);
	}
}

void
stream_end(struct server *s, struct conn *c)
{
	c->ended = true;
	wake(s, c);
}

void
stream_end_all(struct server *s)
{
	struct conn *c;

	TAILQ_FOREACH(c, &s->conns.phase[CONN_STREAMING], link)
		stream_end(s, c);
}

void
stream_forget(struct server *s, struct conn *c)
{
	if (!c->ended)
		link_put_cancel(&s->link, c->id);
	(void)MHD_set_connection_option(c->mhd, MHD_CONNECTION_OPTION_TIMEOUT,
	    (unsigned)s->conf.request_timeout_s + 2);
}
