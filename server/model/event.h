/* model/event.h - what happened, as one JSON object each. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct upstream;

/*
 * Each appends the members of its own; what all have (id, type, time and
 * resource) is added by who publishes it. Texts may be NULL or "": null.
 */

/* is_up: established now, and it was not a moment ago; else the other way. */
void event_render_session(const struct upstream *, bool is_up,
    const char *previous_state, struct buf *);

struct event_operation {
	const char *id;
	const char *kind;
	const char *state; /* operation_state_name() */
	const char *phase; /* a word of the kind's own: "signal" */
	/* JSON with a "text" that tells the progress in words. */
	const char *progress;
	const char *error;
	int64_t audit_seq;
};
void event_render_operation(const struct event_operation *, struct buf *);

struct event_drain {
	const char *state; /* of what it is about, over all reasons */
	const char *phase; /* of this reason; NULL: it is gone */
	const char *text;
	const char *reason;
	const char *owner;
	const char *operation;
};
void event_render_drain(const struct event_drain *, struct buf *);

struct event_confirm {
	const char *operation;
	const char *state;     /* "pending", "confirmed", "reverted" */
	int64_t reverts_at_ms; /* wall clock; 0: does not wait any more */
	const char *detail;
};
void event_render_confirm(const struct event_confirm *, struct buf *);

struct event_drift {
	const char *subsystem; /* "frr", "links", "routes", "firewall" */
	const char *detail;
	int64_t audit_seq;
};
void event_render_drift(const struct event_drift *, struct buf *);

#endif
