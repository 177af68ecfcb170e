/* engine/events.c - what happens on the router, told as it happens. */
#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/number.h"
#include "engine/events.h"
#include "engine/outbox.h"
#include "engine/parts.h"
#include "model/event.h"
#include "store/db.h"
#include "store/operation.h"

struct kept {
	struct event event;
	char *record;
	size_t len;
};

struct events {
	pthread_mutex_t lock;
	char epoch[9];
	uint64_t newest; /* number; 0: none yet */
	uint64_t oldest; /* the first that is kept: newest + 1 when none is */
	size_t bytes;
	struct kept ring[EVENTS_MAX]; /* by number modulo */
};

static const char *const words[] = { "session", "operation", "confirm", "drift",
	"drain" };

unsigned
events_type_parse(const char *word)
{
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (strcmp(word, words[i]) == 0)
			return 1U << i;
	return 0;
}

static const char *
type_word(enum events_type type)
{
	size_t i;

	for (i = 0; i + 1 < NITEMS(words) && type != 1U << i; i++)
		;
	return words[i];
}

void
events_init(struct parts *parts)
{
	struct events *e = mem_calloc(1, sizeof(*e));
	uint32_t epoch;

	(void)pthread_mutex_init(&e->lock, NULL);
	crypto_random(&epoch, sizeof(epoch));
	(void)snprintf(e->epoch, sizeof(e->epoch), "%08" PRIx32, epoch);
	e->oldest = 1;
	parts->events = e;
}

static struct kept *
place(struct events *e, uint64_t number)
{
	return &e->ring[number % EVENTS_MAX];
}

static void
drop_oldest(struct events *e)
{
	struct kept *k = place(e, e->oldest);

	e->bytes -= k->len;
	MEM_FREE(k->record);
	e->oldest++;
}

void
events_clear(struct parts *parts)
{
	struct events *e = parts->events;

	if (e == NULL)
		return;
	while (e->oldest <= e->newest)
		drop_oldest(e);
	(void)pthread_mutex_destroy(&e->lock);
	MEM_FREE(parts->events);
}

/* The object's members behind those that all events have. */
static void
render(const struct events *e, const struct event *event, const char *object,
    struct buf *b)
{
	char time[CLOCK_TEXT_MAX];
	size_t start, i;

	buf_printf(b, "id: %s-%" PRIu64 "\nevent: %s\ndata: ", e->epoch,
	    event->number, type_word(event->type));
	start = b->len;
	buf_printf(b,
	    "{\"id\":\"%s-%" PRIu64
	    "\",\"type\":\"%s\",\"time\":\"%s\",\"resource\":\"%s\"%s",
	    e->epoch, event->number, type_word(event->type),
	    clock_print(clock_wall_ms(), time), event->resource,
	    strcmp(object, "{}") == 0 ? "" : ",");
	buf_puts(b, object + 1);
	/* A line of its own ends the record; in JSON it is only a blank. */
	for (i = start; i < b->len; i++)
		if (b->data[i] == '\n' || b->data[i] == '\r')
			b->data[i] = ' ';
	buf_puts(b, "\n\n");
}

static void
keep(struct events *e, const struct event *event, struct buf *record)
{
	struct kept *k;

	while (e->oldest < event->number &&
	    (event->number - e->oldest >= EVENTS_MAX ||
		e->bytes + record->len > EVENTS_BYTES_MAX))
		drop_oldest(e);
	k = place(e, event->number);
	k->event = *event;
	k->len = record->len;
	k->record = buf_take(record);
	e->bytes += k->len;
	e->newest = event->number;
}

/* Names as ours are; nothing that would need escapes. */
static bool
is_plain(const char *resource)
{
	return strspn(resource,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789/_.:%-") == strlen(resource);
}

void
events_publish(struct parts *parts, enum events_type type, const char *resource,
    const char *object)
{
	struct events *e = parts->events;
	struct event event = { .type = type };
	struct buf record = BUF_INIT;
	size_t len = strlen(object);

	assert(len >= 2 && object[0] == '{' && object[len - 1] == '}');
	if (e == NULL) /* a test's parts */
		return;
	if (resource == NULL || !is_plain(resource))
		resource = "router";
	if (len > EVENTS_OBJECT_MAX) {
		log_error("an event of %zu bytes is told without its members",
		    len);
		object = "{}";
	}
	(void)snprintf(event.resource, sizeof(event.resource), "%s", resource);
	(void)pthread_mutex_lock(&e->lock);
	event.number = e->newest + 1;
	render(e, &event, object, &record);
	if (record.failed)
		log_fatal("out of memory");
	keep(e, &event, &record);
	(void)pthread_mutex_unlock(&e->lock);
	outbox_wake(parts->outbox);
}

static void
publish_rendered(struct parts *parts, enum events_type type,
    const char *resource, struct buf *object)
{
	if (object->failed)
		log_fatal("out of memory");
	events_publish(parts, type, resource, buf_text(object));
	buf_clear(object);
}

void
events_publish_operation(struct parts *parts, const char *resource,
    const struct event_operation *o)
{
	struct buf b = BUF_INIT;

	event_render_operation(o, &b);
	publish_rendered(parts, EVENTS_OPERATION, resource, &b);
}

void
events_publish_confirm(struct parts *parts, const char *resource,
    const struct event_confirm *c)
{
	struct buf b = BUF_INIT;

	event_render_confirm(c, &b);
	publish_rendered(parts, EVENTS_CONFIRM, resource, &b);
}

void
events_publish_drain(struct parts *parts, const char *resource,
    const struct event_drain *d)
{
	struct buf b = BUF_INIT;

	event_render_drain(d, &b);
	publish_rendered(parts, EVENTS_DRAIN, resource, &b);
}

void
events_operation_stored(void *arg, struct db *db, const char *id)
{
	struct event_operation o = { .id = id };
	struct operation op;
	struct err err;

	if (operation_get(db, id, &op, &err) == -1) {
		log_warning("operation %s: %s", id, err.text);
		return;
	}
	o.kind = op.kind;
	o.state = operation_state_name(op.state);
	o.phase = op.phase;
	o.progress = op.progress;
	o.error = op.error;
	o.audit_seq = op.audit_seq;
	events_publish_operation(arg, op.resource, &o);
	operation_clear(&op);
}

uint64_t
events_newest(struct parts *parts)
{
	struct events *e = parts->events;
	uint64_t newest;

	(void)pthread_mutex_lock(&e->lock);
	newest = e->newest;
	(void)pthread_mutex_unlock(&e->lock);
	return newest;
}

const char *
events_id(struct parts *parts, uint64_t number, char *out)
{
	(void)snprintf(out, EVENTS_ID_MAX, "%s-%" PRIu64, parts->events->epoch,
	    number);
	return out;
}

enum events_found
events_find(struct parts *parts, const char *id, uint64_t *number)
{
	struct events *e = parts->events;
	size_t len = strlen(e->epoch);
	enum events_found found = EVENTS_FOUND;

	if (strncmp(id, e->epoch, len) != 0 || id[len] != '-' ||
	    number_parse_u64(number, id + len + 1, 0, UINT64_MAX - 1, NULL) ==
		-1)
		return EVENTS_NONE;
	(void)pthread_mutex_lock(&e->lock);
	if (*number > e->newest)
		found = EVENTS_NONE;
	else if (*number + 1 < e->oldest)
		found = EVENTS_GONE;
	(void)pthread_mutex_unlock(&e->lock);
	return found;
}

enum events_found
events_next(struct parts *parts, uint64_t after, struct event *event,
    struct buf *record)
{
	struct events *e = parts->events;
	enum events_found found = EVENTS_FOUND;
	const struct kept *k;

	(void)pthread_mutex_lock(&e->lock);
	if (after >= e->newest) {
		found = EVENTS_NONE;
	} else if (after + 1 < e->oldest) {
		found = EVENTS_GONE;
	} else {
		k = place(e, after + 1);
		*event = k->event;
		buf_add(record, k->record, k->len);
	}
	(void)pthread_mutex_unlock(&e->lock);
	return found;
}
