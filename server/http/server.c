/* http/server.c - the whole of multihomed-http, one thread, one loop. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/daemon.h"
#include "http/expire.h"
#include "http/listen.h"
#include "http/reply.h"
#include "http/server.h"
#include "http/stream.h"
#include "http/tls.h"

enum {
	ACCEPTS_AT_ONCE = 32,
	ACCEPT_PAUSE_MS = 200, /* when descriptors ran out */
	STOP_GRACE_MS = 500    /* for the last 503s to leave */
};

static int
add_listener(struct server *s, int fd, enum wait_daemon daemon)
{
	if (fd == -1)
		return -1;
	s->listener[s->n_listeners].fd = fd;
	s->listener[s->n_listeners].daemon = daemon;
	s->n_listeners++;
	return 0;
}

static void
close_listeners(struct server *s)
{
	while (s->n_listeners > 0)
		(void)close(s->listener[--s->n_listeners].fd);
}

int
server_init(struct server *s, const struct setup_http *conf, struct err *err)
{
	enum wait_daemon daemon = conf->tls ? WAIT_TLS : WAIT_PLAIN;
	uint32_t i;

	memset(s, 0, sizeof(*s));
	s->conf = *conf;
	if (conf->n_listen > SETUP_LISTEN_MAX || conf->connections_max == 0 ||
	    conf->body_max > FRAME_BODY_MAX)
		return err_set(err, ERR_PROTOCOL, "setup out of range");
	for (i = 0; i < conf->n_listen; i++)
		if (add_listener(s, listen_tcp(conf->listen_tcp[i], err),
			daemon) == -1)
			goto fail;
	if (conf->listen_unix[0] != '\0' &&
	    add_listener(s,
		listen_unix(conf->listen_unix, conf->listen_unix_mode,
		    conf->listen_unix_gid, err),
		WAIT_PLAIN) == -1)
		goto fail;
	if (s->n_listeners > 0)
		return 0;
	(void)err_set(err, ERR_INVALID, "nothing to listen on");
fail:
	close_listeners(s);
	return -1;
}

int
server_start(struct server *s, struct buf *pem, bool use_select,
    struct err *err)
{
	uint64_t first_connection;
	int rc = 0;

	if (getentropy(&first_connection, sizeof(first_connection)) == -1)
		return err_set_errno(err, ERR_SYSTEM, "random numbers");
	/* Request ids of ours: unlike those of our earlier lives. */
	(void)snprintf(s->id_prefix, sizeof(s->id_prefix), "%" PRIx64,
	    (uint64_t)clock_wall_ms());
	s->now_ms = clock_ms();
	wait_init(&s->wait, use_select);
	conn_table_init(&s->conns, s->conf.connections_max,
	    s->conf.connections_per_address_max, first_connection);
	link_init(&s->link);
	s->sweep_fds =
	    mem_calloc(s->conf.connections_max, sizeof(*s->sweep_fds));
	if (daemon_start(s, err) == -1 ||
	    (s->conf.tls && daemon_start_tls(s, pem, err) == -1))
		rc = -1;
	buf_wipe(pem);
	return rc;
}

/* Not a connection of ours: says why, if it can. */
static void
refuse(struct server *s, int fd, enum wait_daemon daemon,
    enum conn_verdict verdict)
{
	if (daemon == WAIT_TLS) { /* no stream to say it in */
		(void)close(fd);
		return;
	}
	reply_refuse(s, fd, PROBLEM_CONNECTIONS,
	    verdict == CONN_TOO_MANY ?
		"this server has as many connections as it accepts" :
		"your address has as many connections as it may have");
}

static void
welcome(struct server *s, int fd, const struct addr *addr,
    enum wait_daemon daemon)
{
	/* libmicrohttpd wants an address; ours is in the conn. */
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	enum conn_verdict verdict;
	struct conn *c;

	verdict =
	    conn_new(&s->conns, addr->family == 0 ? NULL : addr, s->now_ms, &c);
	if (verdict != CONN_ACCEPTED) {
		log_debug("too many connections%s: one refused",
		    verdict == CONN_TOO_MANY ? "" : " from one address");
		refuse(s, fd, daemon, verdict);
		return;
	}
	c->fd = fd;
	c->secure = daemon == WAIT_TLS;
	s->accepting = c;
	/* Closes fd when it fails. */
	if (MHD_add_connection(s->wait.daemon[daemon], fd, &nowhere,
		sizeof(nowhere)) != MHD_YES) {
		log_warning("libmicrohttpd refused a connection");
		if (c->used && c->mhd == NULL)
			conn_free(&s->conns, c);
	} else if (c->secure && s->conf.tls_client_ca_len > 0 &&
	    tls_require_client(c->mhd) == -1)
		expire_close(s, c);
	s->accepting = NULL;
	s->wait.due = true;
}

static void
accept_from(struct server *s, const struct server_listener *l)
{
	struct addr addr;
	int turn;

	for (turn = 0; turn < ACCEPTS_AT_ONCE; turn++) {
		int fd = listen_accept(l->fd, &addr);

		if (fd != -1) {
			welcome(s, fd, &addr, l->daemon);
			continue;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return;
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			log_warning("accept: %s", strerror(errno));
			s->accept_again_ms = s->now_ms + ACCEPT_PAUSE_MS;
			return;
		}
		/* Anything else was about that one client. */
	}
}

static void
on_frame(void *cls, const struct link_frame *frame, void *owned)
{
	struct server *s = cls;
	struct conn *c = conn_find(&s->conns, frame->id);

	if (frame->kind == FRAME_DATA) {
		stream_data(s, &frame->data);
	} else if (c == NULL || c->gone) {
		; /* late: answered or gone already */
	} else if (frame->kind == FRAME_END) {
		if (c->phase == CONN_STREAMING)
			stream_end(s, c);
	} else if (c->phase == CONN_WAITING && frame->kind == FRAME_STREAM) {
		reply_stream(s, c, &frame->reply);
	} else if (c->phase == CONN_WAITING) {
		reply_send(s, c, &frame->reply, owned);
		return;
	}
	free(owned);
}

static void
stop(struct server *s, int status)
{
	if (s->stopping)
		return;
	s->stopping = true;
	s->status = status;
	s->stop_ms = s->now_ms + SERVER_STOP_MS;
	close_listeners(s);
	expire_idle(s);
	stream_end_all(s);
	log_info("stopping");
}

/* err: why. What waits for the engine is told so. */
static void
lose_engine(struct server *s, const struct err *err)
{
	log_warning("engine: %s", err->text);
	link_drop(&s->link);
	stream_end_all(s);
	expire_waiting(s, PROBLEM_NO_ENGINE,
	    "the engine stopped while it worked on this");
	if (err->code == ERR_PROTOCOL)
		stop(s, 1);
}

static void
on_setup(struct server *s, int setup_fd)
{
	struct err err;
	int fd;

	err_clear(&err);
	if (io_recv_fd(setup_fd, &fd, &err) == -1) {
		if (err.code != ERR_UNAVAILABLE)
			log_error("parent: %s", err.text);
		stop(s, err.code != ERR_UNAVAILABLE);
		return;
	}
	stream_end_all(s);
	expire_waiting(s, PROBLEM_NO_ENGINE,
	    "the engine was started again while it worked on this");
	if (link_set(&s->link, fd, &err) == -1)
		log_error("engine: %s", err.text);
	else
		log_debug("connected to the engine");
}

struct turn {
	size_t setup, signal, link, listeners, lingers;
	size_t n_listeners, n_lingers;
};

static void
watch(struct server *s, struct turn *t, int setup_fd, int signal_fd)
{
	size_t i;

	wait_begin(&s->wait);
	t->setup = wait_add(&s->wait, s->stopping ? -1 : setup_fd, POLLIN);
	t->signal = wait_add(&s->wait, s->stopping ? -1 : signal_fd, POLLIN);
	t->link = wait_add(&s->wait, s->link.fd,
	    link_wants_write(&s->link) ? POLLIN | POLLOUT : POLLIN);
	t->n_listeners = s->now_ms < s->accept_again_ms ? 0 : s->n_listeners;
	for (i = 0; i < t->n_listeners; i++) {
		size_t at = wait_add(&s->wait, s->listener[i].fd, POLLIN);

		if (i == 0)
			t->listeners = at;
	}
	t->n_lingers = s->lingers.n;
	for (i = 0; i < t->n_lingers; i++) {
		size_t at = wait_add(&s->wait, s->lingers.v[i].fd, POLLIN);

		if (i == 0)
			t->lingers = at;
	}
}

/* Downwards in lingers: linger_read moves the last one up. */
static void
handle(struct server *s, const struct turn *t, int setup_fd)
{
	struct err err;
	size_t i;

	err_clear(&err);
	if (wait_events(&s->wait, t->link) != 0 &&
	    link_read(&s->link, on_frame, s, &err) == -1)
		lose_engine(s, &err);
	for (i = t->n_lingers; i-- > 0;)
		if (wait_events(&s->wait, t->lingers + i) != 0)
			linger_read(&s->lingers, i);
	for (i = 0; i < t->n_listeners; i++)
		if (wait_events(&s->wait, t->listeners + i) != 0)
			accept_from(s, &s->listener[i]);
	if (wait_events(&s->wait, t->setup) != 0)
		on_setup(s, setup_fd);
	if (wait_events(&s->wait, t->signal) != 0)
		stop(s, 0);
}

static bool
finished(struct server *s)
{
	if (!s->stopping)
		return false;
	if (conn_oldest(&s->conns, CONN_RECEIVING) == NULL &&
	    conn_oldest(&s->conns, CONN_WAITING) == NULL &&
	    conn_oldest(&s->conns, CONN_SENDING) == NULL &&
	    conn_oldest(&s->conns, CONN_STREAMING) == NULL && s->lingers.n == 0)
		return true;
	if (s->now_ms >= s->stop_ms)
		expire_waiting(s, PROBLEM_STOPPING, "this server is stopping");
	return s->now_ms >= s->stop_ms + STOP_GRACE_MS;
}

static int
sleep_ms(const struct server *s, int64_t next_ms)
{
	if (s->now_ms < s->accept_again_ms && s->accept_again_ms < next_ms)
		next_ms = s->accept_again_ms;
	if (s->stopping && s->now_ms < s->stop_ms && s->stop_ms < next_ms)
		next_ms = s->stop_ms;
	else if (s->stopping && s->stop_ms + STOP_GRACE_MS < next_ms)
		next_ms = s->stop_ms + STOP_GRACE_MS;
	if (next_ms == INT64_MAX)
		return -1;
	if (next_ms <= s->now_ms)
		return 0;
	return next_ms - s->now_ms > INT_MAX ? INT_MAX :
					       (int)(next_ms - s->now_ms);
}

int
server_run(struct server *s, int setup_fd, int signal_fd)
{
	struct turn turn;
	struct err err;

	memset(&turn, 0, sizeof(turn));
	for (;;) {
		int64_t next_ms;

		s->now_ms = clock_ms();
		next_ms = expire_run(s);
		if (finished(s))
			break;
		watch(s, &turn, setup_fd, signal_fd);
		s->wait.unhurried = s->n_parked > 0;
		wait_sleep(&s->wait, sleep_ms(s, next_ms));
		s->now_ms = clock_ms();
		handle(s, &turn, setup_fd);
		wait_run(&s->wait);
		err_clear(&err);
		if (link_flush(&s->link, &err) == -1)
			lose_engine(s, &err);
	}
	return s->status;
}

void
server_clear(struct server *s)
{
	size_t i;

	close_listeners(s);
	/* None may be suspended when libmicrohttpd stops. */
	if (s->conns.v != NULL) {
		expire_waiting(s, PROBLEM_STOPPING, "this server is stopping");
		stream_end_all(s);
	}
	for (i = 0; i < WAIT_DAEMONS; i++)
		if (s->wait.daemon[i] != NULL)
			MHD_stop_daemon(s->wait.daemon[i]);
	linger_clear(&s->lingers);
	link_clear(&s->link);
	conn_table_clear(&s->conns);
	wait_clear(&s->wait);
	MEM_FREE(s->sweep_fds);
}
