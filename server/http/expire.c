/* http/expire.c - time limits, and clients that hang up while we wait. */
#include <sys/types.h>
#include <sys/socket.h>

#include <poll.h>

#include <microhttpd.h>

#include "base/log.h"
#include "http/expire.h"
#include "http/reply.h"
#include "http/server.h"

enum {
	/* libmicrohttpd does not watch suspended connections; most replies
	 * come long before this, so looking costs nothing as a rule. */
	SWEEP_AFTER_MS = 200,
	SWEEP_EVERY_MS = 250,
	SWEEP_STREAMS_MS = 1000,
	/* With select() it frees a connection only when it runs once more. */
	CLOSING_MS = 20
};

void
expire_close(struct server *s, struct conn *c)
{
	conn_enter(&s->conns, c, CONN_CLOSING, s->now_ms);
	(void)shutdown(c->fd, SHUT_RDWR);
}

void
expire_idle(struct server *s)
{
	struct conn *c;

	while ((c = conn_oldest(&s->conns, CONN_IDLE)) != NULL)
		expire_close(s, c);
}

void
expire_waiting(struct server *s, enum problem_kind kind, const char *detail)
{
	struct conn *c;

	while ((c = conn_oldest(&s->conns, CONN_WAITING)) != NULL)
		reply_problem(s, c, kind, detail);
}

/* The oldest of a phase when its time is over; *next_ms is lowered to when the
 * oldest of those left will be. */
static struct conn *
due(const struct server *s, enum conn_phase phase, uint32_t limit_s,
    int64_t *next_ms)
{
	struct conn *c = conn_oldest(&s->conns, phase);
	int64_t at;

	if (c == NULL)
		return NULL;
	at = c->since_ms + (int64_t)limit_s * 1000;
	if (at <= s->now_ms)
		return c;
	if (at < *next_ms)
		*next_ms = at;
	return NULL;
}

static void
hung_up(struct server *s, struct conn *c)
{
	log_debug("%s: hung up while the engine worked", c->peer);
	if (!c->ended)
		link_put_cancel(&s->link, c->id);
	c->gone = true;
	conn_enter(&s->conns, c, CONN_CLOSING, s->now_ms);
	/* It finds the end of file itself. */
	MHD_resume_connection(c->mhd);
	c->suspended = false;
	s->wait.due = true;
}

static void
look_for_hang_ups(struct server *s, enum conn_phase phase)
{
	struct conn *c, *next;
	nfds_t n = 0;
	size_t i = 0;

	TAILQ_FOREACH(c, &s->conns.phase[phase], link) {
		s->sweep_fds[n].fd = c->fd;
		s->sweep_fds[n].events = POLLRDHUP;
		s->sweep_fds[n].revents = 0;
		n++;
	}
	if (poll(s->sweep_fds, n, 0) <= 0)
		return;
	for (c = conn_oldest(&s->conns, phase); c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		if (s->sweep_fds[i++].revents != 0 && c->suspended)
			hung_up(s, c);
	}
}

static void
sweep(struct server *s, enum conn_phase phase, int after_ms, int every_ms,
    int64_t *next_ms)
{
	const struct conn *c = conn_oldest(&s->conns, phase);
	int64_t at;

	if (c == NULL)
		return;
	at = c->since_ms + after_ms;
	if (at < s->sweep_ms[phase] + every_ms)
		at = s->sweep_ms[phase] + every_ms;
	if (at <= s->now_ms) {
		s->sweep_ms[phase] = s->now_ms;
		look_for_hang_ups(s, phase);
		at = s->now_ms + every_ms;
	}
	if (at < *next_ms)
		*next_ms = at;
}

int64_t
expire_run(struct server *s)
{
	uint32_t request_s = s->conf.request_timeout_s;
	uint32_t reply_s = s->conf.reply_timeout_s;
	int64_t next_ms = linger_expire(&s->lingers, s->now_ms);
	struct conn *c;

	while ((c = due(s, CONN_IDLE, request_s, &next_ms)) != NULL)
		expire_close(s, c);
	while ((c = due(s, CONN_RECEIVING, request_s, &next_ms)) != NULL) {
		reply_last_words(s, c, PROBLEM_SLOW,
		    "the request did not arrive in time");
		expire_close(s, c);
	}
	while ((c = due(s, CONN_WAITING, reply_s, &next_ms)) != NULL) {
		link_put_cancel(&s->link, c->id);
		reply_problem(s, c, PROBLEM_SLOW_ENGINE,
		    "the engine did not answer in time; if this was a change, "
		    "it may still happen: look before you repeat it");
	}
	while ((c = due(s, CONN_SENDING, reply_s, &next_ms)) != NULL)
		expire_close(s, c);
	sweep(s, CONN_WAITING, SWEEP_AFTER_MS, SWEEP_EVERY_MS, &next_ms);
	sweep(s, CONN_STREAMING, 0, SWEEP_STREAMS_MS, &next_ms);
	if (conn_oldest(&s->conns, CONN_CLOSING) != NULL &&
	    s->now_ms + CLOSING_MS < next_ms)
		next_ms = s->now_ms + CLOSING_MS;
	return next_ms;
}
