/* http/reply.c - answers: the engine's, our own, and the last words. */
#include <sys/types.h>
#include <sys/socket.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "base/compat.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/reply.h"
#include "http/server.h"
#include "http/stream.h"
#include "http/tls.h"

void
reply_make_id(struct server *s, char *out, size_t size)
{
	(void)snprintf(out, size, "r-%s-%" PRIx64, s->id_prefix, ++s->id_count);
}

/* libmicrohttpd copies both; it refuses values with control bytes, which the
 * frame decoder has refused before. */
static void
add_header(struct MHD_Response *r, const char *name, const char *value)
{
	if (MHD_add_response_header(r, name, value) != MHD_YES)
		log_warning("reply header %s dropped", name);
}

void
reply_give(struct server *s, struct conn *c, unsigned status,
    struct MHD_Response *r)
{
	if (MHD_queue_response(c->mhd, status, r) != MHD_YES) {
		log_error("libmicrohttpd refused our answer %u", status);
		c->gone = true;
	}
	MHD_destroy_response(r);
	/* It wants to be called again to send what it has now. */
	s->wait.due = true;
}

/* Takes the response. phase: CONN_SENDING or CONN_STREAMING. */
static void
queue(struct server *s, struct conn *c, enum conn_phase phase, unsigned status,
    struct MHD_Response *r)
{
	bool waiting = c->phase == CONN_WAITING;

	add_header(r, "X-Content-Type-Options", "nosniff");
	add_header(r, "X-Request-Id", c->request_id);
	if (s->stopping)
		add_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	conn_enter(&s->conns, c, phase, s->now_ms);
	if (waiting && !c->suspended) {
		c->answer = r;
		c->answer_status = status;
		s->n_parked--;
		s->wait.due = true;
		return;
	}
	reply_give(s, c, status, r);
	if (waiting) {
		MHD_resume_connection(c->mhd);
		c->suspended = false;
	}
}

static void
add_headers(struct MHD_Response *r, const struct frame_bytes *h)
{
	char value[FRAME_HEADER_MAX + 1];
	size_t i;

	for (i = 0; i < FRAME_REPLY_HEADERS; i++) {
		if (h[i].data == NULL || i == FRAME_R_REQUEST_ID)
			continue;
		memcpy(value, h[i].data, h[i].len);
		value[h[i].len] = '\0';
		add_header(r,
		    frame_reply_header_name((enum frame_reply_header)i), value);
	}
	if (h[FRAME_R_CACHE_CONTROL].data == NULL)
		add_header(r, "Cache-Control", "no-store");
}

/* A small answer, which may show a new key or token: a copy that is wiped. */
struct copy {
	size_t len;
	char bytes[];
};

static void
forget_copy(void *cls)
{
	struct copy *copy = cls;

	explicit_bzero(copy->bytes, copy->len);
	free(copy);
}

static struct MHD_Response *
copied(const struct frame_bytes *body)
{
	struct copy *copy = mem_alloc(sizeof(*copy) + body->len);

	copy->len = body->len;
	if (body->len > 0)
		memcpy(copy->bytes, body->data, body->len);
	return MHD_create_response_from_buffer_with_free_callback_cls(copy->len,
	    copy->bytes, forget_copy, copy);
}

void
reply_send(struct server *s, struct conn *c, const struct frame_reply *reply,
    void *owned)
{
	struct MHD_Response *r;
	void *body = compat_unconst(reply->body.data);

	if (owned != NULL)
		r = MHD_create_response_from_buffer_with_free_callback_cls(
		    reply->body.len, body, free, owned);
	else
		r = copied(&reply->body);
	if (r == NULL)
		log_fatal("out of memory");
	add_headers(r, reply->header);
	queue(s, c, CONN_SENDING, reply->status, r);
}

static void
refuse_stream(struct server *s, struct conn *c, enum conn_verdict verdict)
{
	link_put_cancel(&s->link, c->id);
	reply_problem(s, c, PROBLEM_STREAMS,
	    verdict == CONN_TOO_MANY ?
		"half of all connections are streams already, the rest is for "
		"requests: end a stream, or raise limits.connections in "
		"multihomed.conf" :
		"half of the connections of your address (IPv6: its /64) are "
		"streams already, the rest is for requests: end a stream, "
		"raise limits.connections_per_address in multihomed.conf, or "
		"let a proxy use the UNIX socket");
}

void
reply_stream(struct server *s, struct conn *c, const struct frame_reply *reply)
{
	enum conn_verdict verdict = conn_may_stream(&s->conns, c);
	struct frame_reply head = *reply;
	struct MHD_Response *r;

	/* libmicrohttpd 0.9.75 ends the body of a HEAD with a last chunk. */
	if (c->head) {
		head.body.len = 0;
		link_put_cancel(&s->link, c->id);
		reply_send(s, c, &head, NULL);
		return;
	}
	if (verdict != CONN_ACCEPTED) {
		refuse_stream(s, c, verdict);
		return;
	}
	r = stream_new(c, &reply->body);
	add_headers(r, reply->header);
	queue(s, c, CONN_STREAMING, reply->status, r);
	if (s->stopping)
		stream_end(s, c);
}

void
reply_problem(struct server *s, struct conn *c, enum problem_kind kind,
    const char *detail)
{
	const struct problem *p = &problems[kind];
	struct MHD_Response *r;
	char memory[1024];
	struct buf body;

	if (c->request_id[0] == '\0')
		reply_make_id(s, c->request_id, sizeof(c->request_id));
	buf_init_fixed(&body, memory, sizeof(memory));
	problem_print(&body, p, detail, c->request_id);
	r = MHD_create_response_from_buffer(body.len, memory,
	    MHD_RESPMEM_MUST_COPY);
	if (r == NULL)
		log_fatal("out of memory");
	add_header(r, "Content-Type", "application/problem+json");
	add_header(r, "Cache-Control", "no-store");
	if (p->retry_after_s != 0) {
		char retry[16];

		(void)snprintf(retry, sizeof(retry), "%u", p->retry_after_s);
		add_header(r, "Retry-After", retry);
	}
	log_debug("%s: %u %s: %s", c->peer, p->status, p->code, detail);
	queue(s, c, CONN_SENDING, p->status, r);
}

void
reply_last_words(struct server *s, struct conn *c, enum problem_kind kind,
    const char *detail)
{
	char memory[2048];
	struct buf b;

	if (c->request_id[0] == '\0')
		reply_make_id(s, c->request_id, sizeof(c->request_id));
	buf_init_fixed(&b, memory, sizeof(memory));
	problem_print_answer(&b, &problems[kind], detail, c->request_id);
	log_debug("%s: %u %s: %s", c->peer, problems[kind].status,
	    problems[kind].code, detail);
	/* It may fail or be cut: then the client learns less. */
	if (c->secure)
		(void)tls_send(c->mhd, b.data, b.len);
	else
		(void)send(c->fd, b.data, b.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	c->linger = true;
}

void
reply_refuse(struct server *s, int fd, enum problem_kind kind,
    const char *detail)
{
	char memory[2048], id[CONN_REQUEST_ID_MAX];
	struct buf b;

	reply_make_id(s, id, sizeof(id));
	buf_init_fixed(&b, memory, sizeof(memory));
	problem_print_answer(&b, &problems[kind], detail, id);
	(void)send(fd, b.data, b.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	linger_add(&s->lingers, fd, s->now_ms);
}
