/* cli/stream.h - listening to a router's events, for as long as it takes. */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

#include <stdbool.h>

#include <jansson.h>

#include "cli/exits.h"

struct app;
struct client_answer;
struct err;
struct target;

/* Each returns false to end it all. */
typedef bool stream_event_fn(void *arg, const char *type, const json_t *event);
typedef bool stream_tick_fn(void *arg);

struct stream {
	const char *types; /* "session,drain"; NULL: all */
	const char *since; /* the id of an event; NULL: from now on */
	/* hello comes first on every connection, resync where something may
	 * have been missed. */
	stream_event_fn *event;
	stream_tick_fn *tick; /* some five times a second; may be NULL */
	/* The connection is gone and tried again in so many seconds; may be
	 * NULL. */
	void (*lost)(void *arg, const char *why, unsigned again_s);
	void *arg;
	unsigned timeout_s; /* for the first answer; 0: 30 */
	bool verbose;
};

enum stream_end {
	STREAM_STOPPED,     /* by event or tick */
	STREAM_INTERRUPTED, /* Ctrl-C */
	STREAM_REFUSED,     /* the answer says why */
	STREAM_UNREACHABLE, /* there never was a connection */
	STREAM_FOREIGN      /* that is no stream of events */
};
/*
 * Once there was a stream it goes on over broken connections and restarts,
 * from the last event on, until one of the above; only a token that is not
 * valid any more ends it. The answer is cleared first; the caller clears it.
 */
enum stream_end stream_follow(const struct target *, const struct stream *,
    struct client_answer *, struct err *);

struct stream_watch {
	/* One more look at an operation: as GET /v1/operations/ID has it, or
	 * an operation event of it; may be NULL. */
	void (*tell)(void *arg, const json_t *state);
	/* As the GET has it, it will not end by itself: true ends the wait;
	 * may be NULL. */
	bool (*enough)(void *arg, const json_t *operation);
	stream_tick_fn *tick; /* as above */
	/* Something is said: that the router was lost, or why it ends; may be
	 * NULL. */
	void (*before)(void *arg);
	void *arg;
};
/*
 * Until the operation has ended, or waits for its confirmation; without a
 * stream (an older router, a proxy in between) it asks again and again. Once it
 * was seen, a router that does not answer for a while is asked again; that is
 * said, once in an outage. EXITS_DONE: the answer is that of
 * GET /v1/operations/ID. EXITS_RUNNING after Ctrl-C, enough or tick; what else
 * goes wrong has been said, as by app_call().
 */
enum exits stream_follow_operation(struct app *, const char *id,
    const struct stream_watch *, struct client_answer *);
/* Whether what is told is one of these ends. */
bool stream_is_end(const json_t *state);

#endif
