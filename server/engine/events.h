/* engine/events.h - what happens on the router, told as it happens. */
#ifndef ENGINE_EVENTS_H
#define ENGINE_EVENTS_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct db;
struct event_confirm;
struct event_drain;
struct event_operation;
struct parts;

/*
 * The newest events, in memory alone: who missed more than these is told to
 * look for itself (resync). An id is "EPOCH-N": the epoch is another one in
 * each life of the engine, N grows by one.
 */
enum {
	EVENTS_MAX = 1024,
	EVENTS_BYTES_MAX = 256 * 1024, /* of their records together */
	EVENTS_OBJECT_MAX = 16 * 1024,
	EVENTS_ID_MAX = 40,
	EVENTS_RESOURCE_MAX = 64
};

/* Bits, for filters. Beside these there are hello and resync, which everybody
 * is sent. */
enum events_type {
	EVENTS_SESSION = 1,
	EVENTS_OPERATION = 2,
	EVENTS_CONFIRM = 4,
	EVENTS_DRIFT = 8,
	EVENTS_DRAIN = 16,
	EVENTS_ALL = 31
};
/* 0 for an unknown word. */
unsigned events_type_parse(const char *);

/*
 * From any thread; waits for nobody. object: a JSON object as text, without
 * the members id, type, time and resource, which are added. resource: what it
 * is about, "upstreams/ifog" or "router"; tokens that are limited to some
 * upstreams are told of "upstreams/NAME" alone. NULL means "router".
 */
void events_publish(struct parts *, enum events_type, const char *resource,
    const char *object);
/* The same, rendered. An operation's states and progress are published by
 * themselves (see below). */
void events_publish_operation(struct parts *, const char *resource,
    const struct event_operation *);
void events_publish_confirm(struct parts *, const char *resource,
    const struct event_confirm *);
void events_publish_drain(struct parts *, const char *resource,
    const struct event_drain *);
/* A db_operation_fn for db_on_operation(): publishes the operation's state,
 * phase and progress, once they are on disk. arg: the parts. */
void events_operation_stored(void *arg, struct db *, const char *id);

/* For who delivers them. */
struct event {
	uint64_t number;
	enum events_type type;
	char resource[EVENTS_RESOURCE_MAX];
};
uint64_t events_newest(struct parts *);
/* The id of a number, into out (EVENTS_ID_MAX), which is returned. */
const char *events_id(struct parts *, uint64_t number, char *out);
enum events_found {
	EVENTS_FOUND,
	EVENTS_NONE, /* nothing newer */
	EVENTS_GONE  /* what came next has been dropped already */
};
/* The number of an id. EVENTS_NONE: not of this life, or no id at all.
 * EVENTS_GONE: what came behind it has been dropped. */
enum events_found events_find(struct parts *, const char *id, uint64_t *);
/* The one behind number after; its record (lines id, event and data, and an
 * empty one) is appended. */
enum events_found events_next(struct parts *, uint64_t after, struct event *,
    struct buf *record);

/* Before the first thread, after the last. */
void events_init(struct parts *);
void events_clear(struct parts *);

#endif
