/* http/request.c - requests as libmicrohttpd parses them, into frames. */
#include <string.h>

#include "base/compat.h"
#include "base/log.h"
#include "http/head.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/server.h"
#include "http/stream.h"

/*
 * Most replies come within a millisecond, and suspending a connection costs
 * three system calls. So a request is first only parked: the access handler
 * returns without an answer, and libmicrohttpd calls it again each time it
 * runs, as it promises. Only those that take longer are suspended.
 */
enum {
	PARK_MS = 2
};

static struct conn *
conn_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

size_t
request_keep_escapes(void *cls, struct MHD_Connection *mhd, char *text)
{
	(void)cls;
	(void)mhd;
	return strlen(text);
}

/*
 * libmicrohttpd 0.9.75 makes a record of each argument of the query, in memory
 * that a client can exhaust so; it then forgets its own error and spins until
 * the connection times out. We have no use for the records: it gets an empty
 * query. The text is its own buffer, which it writes to right after this call.
 */
static void
hide_query(const char *target)
{
	char *query = compat_unconst(strchr(target, '?'));

	if (query != NULL)
		query[1] = '\0';
}

void *
request_on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
	struct server *s = cls;
	struct conn *c = conn_of(mhd);

	if (c == NULL || c->phase == CONN_CLOSING)
		return c;
	conn_enter(&s->conns, c, CONN_RECEIVING, s->now_ms);
	if (target != NULL) {
		buf_puts(&c->target, target);
		c->target_at = target;
		hide_query(target);
	}
	if (c->target.failed)
		log_fatal("out of memory");
	return c;
}

static void
look_at_head(struct server *s, struct conn *c, const char *method,
    const char *version)
{
	struct head_limits limits = { s->conf.body_max, s->conf.header_max };
	struct head_refusal why;

	c->begun = true;
	if (head_check(c, c->mhd, method, version, &limits, &why)) {
		if (c->request_id[0] == '\0')
			reply_make_id(s, c->request_id, sizeof(c->request_id));
		return;
	}
	/* Now, before any body: libmicrohttpd then ends the connection, and
	 * what the client still sends must not reset it. */
	c->linger = true;
	reply_problem(s, c, why.kind, why.detail);
}

static enum MHD_Result
take_body(struct server *s, struct conn *c, const char *data, size_t len)
{
	if (len > s->conf.body_max - c->body.len) {
		reply_last_words(s, c, PROBLEM_TOO_LARGE,
		    "the body is larger than this server accepts");
		return MHD_NO;
	}
	if (len > SERVER_BODY_TOTAL_MAX - s->body_bytes) {
		reply_last_words(s, c, PROBLEM_BUSY,
		    "too many uploads at once");
		return MHD_NO;
	}
	buf_add(&c->body, data, len);
	if (c->body.failed)
		log_fatal("out of memory");
	s->body_bytes += len;
	return MHD_YES;
}

static void
forget_body(struct server *s, struct conn *c)
{
	s->body_bytes -= c->body.len;
	buf_clear(&c->body);
}

static void
suspend(struct server *s, struct conn *c)
{
	MHD_suspend_connection(c->mhd);
	c->suspended = true;
	s->n_parked--;
}

static void
forward(struct server *s, struct conn *c, const char *method)
{
	struct frame_request req = { .target = { buf_text(&c->target),
					 c->target.len },
		.peer = { c->peer, c->peer_len },
		.secure = c->secure,
		.connection = c->number,
		.body = { buf_text(&c->body), c->body.len } };

	/* libmicrohttpd knows to keep the body to itself. */
	c->head = strcmp(method, "HEAD") == 0;
	req.method.data = c->head ? "GET" : method;
	req.method.len = strlen(req.method.data);
	memcpy(req.header, c->header, sizeof(req.header));
	req.header[FRAME_REQUEST_ID].data = c->request_id;
	req.header[FRAME_REQUEST_ID].len = strlen(c->request_id);
	if (!link_put_request(&s->link, c->id, &req)) {
		reply_problem(s, c, PROBLEM_NO_ENGINE,
		    link_up(&s->link) ?
			"the engine has too much to do" :
			"the engine is not running; it is being started");
	} else {
		conn_enter(&s->conns, c, CONN_WAITING, s->now_ms);
		s->n_parked++;
		/* With select() being called again is no cheaper. */
		if (s->wait.use_select)
			suspend(s, c);
	}
	forget_body(s, c);
}

/* It has been forwarded, and libmicrohttpd asks again. */
static void
ask_again(struct server *s, struct conn *c)
{
	struct MHD_Response *r = c->answer;

	if (r != NULL) {
		c->answer = NULL;
		reply_give(s, c, c->answer_status, r);
	} else if (c->phase == CONN_WAITING &&
	    s->now_ms - c->since_ms >= PARK_MS)
		suspend(s, c);
}

enum MHD_Result
request_on_part(void *cls, struct MHD_Connection *mhd, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **conn)
{
	struct server *s = cls;
	struct conn *c = *conn;

	(void)mhd;
	(void)url;
	if (c == NULL || c->gone || c->phase == CONN_CLOSING)
		return MHD_NO;
	if (!c->begun) {
		look_at_head(s, c, method, version);
		return MHD_YES;
	}
	if (*upload_len > 0) {
		if (take_body(s, c, upload, *upload_len) == MHD_NO)
			return MHD_NO;
		*upload_len = 0;
		return MHD_YES;
	}
	if (c->phase == CONN_RECEIVING)
		forward(s, c, method);
	else
		ask_again(s, c);
	return MHD_YES;
}

void
request_on_end(void *cls, struct MHD_Connection *mhd, void **conn,
    enum MHD_RequestTerminationCode code)
{
	struct server *s = cls;
	struct conn *c = *conn;

	(void)mhd;
	(void)code;
	if (c == NULL)
		return;
	if (c->phase == CONN_WAITING) {
		link_put_cancel(&s->link, c->id);
		s->n_parked -= !c->suspended;
	}
	if (c->phase == CONN_STREAMING)
		stream_forget(s, c);
	if (c->answer != NULL)
		MHD_destroy_response(c->answer);
	c->answer = NULL;
	forget_body(s, c);
	conn_forget_request(c);
	if (c->phase != CONN_CLOSING)
		conn_enter(&s->conns, c, CONN_IDLE, s->now_ms);
}
