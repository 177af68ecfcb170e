/* model/event.c - what happened, as one JSON object each. */
#include "base/addr.h"
#include "base/buf.h"
#include "model/event.h"
#include "model/json.h"
#include "model/upstream.h"

static json_t *
text(const char *s)
{
	return json_text_or_null(s == NULL ? "" : s);
}

void
event_render_session(const struct upstream *up, bool is_up,
    const char *previous_state, struct buf *b)
{
	const struct session *s = &up->session;
	char address[ADDR_TEXT_MAX];
	json_t *json = json_object();

	json_put(json, "state", json_text(is_up ? "up" : "down"));
	json_put(json, "upstream", json_text(up->name.s));
	json_put(json, "address",
	    json_text(addr_print(&up->neighbor, address)));
	json_put(json, "session", text(s->state));
	json_put(json, "previous", text(previous_state));
	json_put(json, "uptime_s", json_int_or_null(s->uptime_s));
	json_put(json, "last_error", text(is_up ? "" : s->last_error));
	json_put(json, "shutdown_message",
	    text(is_up ? "" : s->last_shutdown_message));
	json_render(json, b);
}

/* The text of an operation's progress. */
static json_t *
progress_text(const char *progress)
{
	json_t *json = progress == NULL ? json_null() : json_stored(progress);
	json_t *words = text(json_string_value(json_object_get(json, "text")));

	json_decref(json);
	return words;
}

void
event_render_operation(const struct event_operation *e, struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "operation", json_text(e->id));
	json_put(json, "kind", json_text(e->kind));
	json_put(json, "state", json_text(e->state));
	json_put(json, "phase", text(e->phase));
	json_put(json, "text", progress_text(e->progress));
	json_put(json, "error", text(e->error));
	json_put(json, "audit_seq",
	    json_int_or_null(e->audit_seq == 0 ? -1 : e->audit_seq));
	json_render(json, b);
}

void
event_render_drain(const struct event_drain *e, struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "state", json_text(e->state));
	json_put(json, "phase", text(e->phase));
	json_put(json, "text", text(e->text));
	json_put(json, "reason", text(e->reason));
	json_put(json, "owner", json_text(e->owner));
	json_put(json, "operation", json_text(e->operation));
	json_render(json, b);
}

void
event_render_confirm(const struct event_confirm *e, struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "operation", json_text(e->operation));
	json_put(json, "state", json_text(e->state));
	json_put(json, "reverts_at", json_time_or_null(e->reverts_at_ms));
	json_put(json, "detail", text(e->detail));
	json_render(json, b);
}

void
event_render_drift(const struct event_drift *e, struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "subsystem", json_text(e->subsystem));
	json_put(json, "detail", text(e->detail));
	json_put(json, "audit_seq", json_integer((json_int_t)e->audit_seq));
	json_render(json, b);
}
