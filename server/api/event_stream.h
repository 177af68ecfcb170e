/* api/event_stream.h - GET /v1/events: who listens, and what each is sent. */
#ifndef API_EVENT_STREAM_H
#define API_EVENT_STREAM_H

#include <stdint.h>

struct db;
struct err;
struct link;
struct parts;
struct reply;
struct request;

/*
 * Everything here is the main thread's. An event is rendered once and sent to
 * http once, with the list of those who may see it and want it: tokens and
 * filters are looked at here, http only copies. Nobody is waited for: when
 * http does not take what is there, it stays in the ring of engine/events.h,
 * and when that is too small for it, everybody is sent a resync.
 */
int get_event_stream(struct request *, struct reply *, struct err *);
/* The client is gone. */
void event_stream_cancel(uint64_t id);
/* Each turn of the loop: sends what is new, and the heartbeat when it is due;
 * ends the streams of tokens that are no longer valid. */
void event_stream_run(struct parts *, struct db *, struct link *);
/* Milliseconds until the next heartbeat, -1 when nobody listens. */
int event_stream_left_ms(void);
void event_stream_clear(void);

#endif
