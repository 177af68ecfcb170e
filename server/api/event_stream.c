/* api/event_stream.c - GET /v1/events: who listens, and what each is sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/auth.h"
#include "api/event_stream.h"
#include "api/reply.h"
#include "api/request.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/events.h"
#include "engine/link.h"
#include "engine/parts.h"
#include "wire/frame.h"

enum {
	LISTENERS_MAX = 1024,
	HEARTBEAT_MS = 15 * 1000,
	LINK_FULL = 1024 * 1024 /* waiting for http: no more until it reads */
};

struct listener {
	uint64_t id;    /* of the request */
	unsigned types; /* of enum events_type */
	struct token token;
};

static struct listener *listeners[LISTENERS_MAX];
static unsigned n_listeners;
static unsigned generation;       /* of the frame socket that they are on */
static uint64_t delivered;        /* the newest event that was sent */
static int64_t next_heartbeat_ms; /* clock_ms() */

static void
forget(unsigned which)
{
	free(listeners[which]);
	listeners[which] = listeners[--n_listeners];
}

void
event_stream_clear(void)
{
	while (n_listeners > 0)
		forget(0);
}

void
event_stream_cancel(uint64_t id)
{
	unsigned i;

	for (i = 0; i < n_listeners; i++)
		if (listeners[i]->id == id)
			break;
	if (i < n_listeners)
		forget(i);
}

/* "upstreams/NAME" is for who may see NAME, all else for who sees all. */
static bool
is_visible(const struct token *token, const char *resource)
{
	static const char prefix[] = "upstreams/";
	char name[EVENTS_RESOURCE_MAX];

	if (token->n_globs == 0)
		return true;
	if (strncmp(resource, prefix, sizeof(prefix) - 1) != 0)
		return false;
	resource += sizeof(prefix) - 1;
	(void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(resource, "/"),
	    resource);
	return token_allows_name(token, name);
}

static bool
wants(const struct listener *l, const struct event *event)
{
	return (l->types & (unsigned)event->type) != 0 &&
	    is_visible(&l->token, event->resource);
}

/* "session,drain" into bits. */
static int
read_types(const struct request *req, unsigned *types, struct err *err)
{
	const char *text = request_query_value(req, "types");
	char word[16];
	size_t len;
	unsigned bit;

	*types = text == NULL ? EVENTS_ALL : 0;
	while (text != NULL) {
		len = strcspn(text, ",");
		(void)snprintf(word, sizeof(word), "%.*s",
		    len < sizeof(word) ? (int)len : 0, text);
		bit = events_type_parse(word);
		if (bit == 0)
			return err_set(err, ERR_INVALID,
			    "types in the query is a list of session, "
			    "operation, confirm, drift and drain");
		*types |= bit;
		text = text[len] == ',' ? text + len + 1 : NULL;
	}
	return 0;
}

/* A browser that connects again sends the header, with its old query. */
static void
read_last_id(const struct request *req, char *out, size_t size)
{
	const char *query = request_query_value(req, "last_event_id");

	request_header(req, FRAME_LAST_EVENT_ID, out, size);
	if (out[0] == '\0' && query != NULL)
		(void)snprintf(out, size, "%s", query);
}

static void
put_resync(struct buf *b, const char *reason)
{
	char time[CLOCK_TEXT_MAX];

	buf_printf(b,
	    "event: resync\ndata: {\"type\":\"resync\",\"time\":\"%s\","
	    "\"reason\":\"%s\"}\n\n",
	    clock_print(clock_wall_ms(), time), reason);
}

/* Where this stream begins: its id is what has been seen so far. */
static void
put_hello(struct parts *parts, uint64_t seen, bool resumed, struct buf *b)
{
	char id[EVENTS_ID_MAX], time[CLOCK_TEXT_MAX];

	(void)events_id(parts, seen, id);
	buf_printf(b,
	    "retry: 2000\nid: %s\nevent: hello\n"
	    "data: {\"id\":\"%s\",\"type\":\"hello\",\"time\":\"%s\","
	    "\"resumed\":%s,\"heartbeat_s\":%u}\n\n",
	    id, id, clock_print(clock_wall_ms(), time),
	    resumed ? "true" : "false", HEARTBEAT_MS / 1000);
}

/* Up to what all others were sent: the rest comes with theirs. EVENTS_GONE:
 * some of it was dropped before it could be copied. */
static enum events_found
put_missed(struct parts *parts, const struct listener *l, uint64_t seen,
    struct buf *b)
{
	enum events_found found = EVENTS_FOUND;
	struct event event;
	size_t len = b->len;

	while (seen < delivered && found == EVENTS_FOUND) {
		found = events_next(parts, seen, &event, b);
		if (found == EVENTS_FOUND && !wants(l, &event))
			b->len = len;
		len = b->len;
		seen++;
	}
	return found;
}

static void
begin(struct parts *parts, const struct listener *l, const char *last_id,
    struct buf *b)
{
	size_t start = b->len;
	enum events_found found;
	uint64_t seen = 0;

	if (last_id[0] == '\0') {
		put_hello(parts, delivered, false, b);
		return;
	}
	found = events_find(parts, last_id, &seen);
	if (found == EVENTS_FOUND) {
		put_hello(parts, seen, true, b);
		found = put_missed(parts, l, seen, b);
	}
	if (found == EVENTS_FOUND)
		return;
	/* Other threads may have pushed out what was there a moment ago. */
	b->len = start;
	put_hello(parts, delivered, false, b);
	put_resync(b, found == EVENTS_GONE ? "too_old" : "unknown_id");
}

int
get_event_stream(struct request *req, struct reply *reply, struct err *err)
{
	static const char *const known[] = { "types", "last_event_id", NULL };
	char last_id[FRAME_HEADER_MAX + 1];
	struct listener *l;
	unsigned types;

	if (request_query_check(req, known, err) == -1 ||
	    read_types(req, &types, err) == -1)
		return -1;
	if (req->generation != generation)
		event_stream_clear();
	generation = req->generation;
	if (n_listeners >= LISTENERS_MAX) {
		(void)err_set(err, ERR_BUSY,
		    "there are %d streams already: end one of them",
		    LISTENERS_MAX);
		return err_reason(err, "too_many_streams");
	}
	l = mem_calloc(1, sizeof(*l));
	l->id = req->id;
	l->types = types;
	l->token = *req->token;
	if (n_listeners == 0)
		next_heartbeat_ms = clock_ms() + HEARTBEAT_MS;
	listeners[n_listeners++] = l;
	read_last_id(req, last_id, sizeof(last_id));
	begin(req->parts, l, last_id, &reply->body);
	reply->content_type = "text/event-stream";
	reply->stream = true;
	return 0;
}

/* event NULL: everybody. */
static void
send_to(const struct event *event, const struct buf *record, struct link *link)
{
	uint64_t ids[LISTENERS_MAX];
	size_t n = 0;
	unsigned i;

	for (i = 0; i < n_listeners; i++)
		if (event == NULL || wants(listeners[i], event))
			ids[n++] = listeners[i]->id;
	if (n > 0)
		frame_put_data(&link->out, ids, n, record->data, record->len);
}

static void
deliver(struct parts *parts, struct link *link)
{
	struct buf record = BUF_INIT;
	enum events_found found;
	struct event event;

	while (link->out.len < LINK_FULL) {
		buf_reset(&record);
		found = events_next(parts, delivered, &event, &record);
		if (found == EVENTS_NONE)
			break;
		if (found == EVENTS_FOUND) {
			delivered = event.number;
			send_to(&event, &record, link);
			continue;
		}
		delivered = events_newest(parts);
		put_resync(&record, "too_many");
		send_to(NULL, &record, link);
	}
	if (record.failed)
		log_fatal("out of memory");
	buf_clear(&record);
}

/* Who may not listen any more stops here. */
static void
end_strangers(struct db *db, struct link *link)
{
	const struct listener *l;
	unsigned i;

	for (i = n_listeners; i-- > 0;) {
		l = listeners[i];
		if (auth_is_living(db, l->token.id))
			continue;
		log_info("token %s is not valid any more: its stream ends",
		    l->token.id);
		frame_put_end(&link->out, l->id);
		forget(i);
	}
}

/* Its id saves who hears of few events from one that is too old. */
static void
beat(struct parts *parts, struct db *db, struct link *link)
{
	struct buf record = BUF_INIT;
	char id[EVENTS_ID_MAX];

	end_strangers(db, link);
	buf_printf(&record, ": heartbeat\nid: %s\n\n",
	    events_id(parts, delivered, id));
	send_to(NULL, &record, link);
	buf_clear(&record);
	next_heartbeat_ms = clock_ms() + HEARTBEAT_MS;
}

void
event_stream_run(struct parts *parts, struct db *db, struct link *link)
{
	if (link->fd == -1 || link->generation != generation)
		event_stream_clear();
	if (n_listeners == 0) {
		delivered = events_newest(parts);
		return;
	}
	deliver(parts, link);
	if (clock_left_ms(next_heartbeat_ms) == 0)
		beat(parts, db, link);
}

int
event_stream_left_ms(void)
{
	return n_listeners == 0 ? -1 : clock_left_ms(next_heartbeat_ms);
}
