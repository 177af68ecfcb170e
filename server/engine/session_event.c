/* engine/session_event.c - sessions that came up or went down. */
#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "engine/adopt.h"
#include "engine/events.h"
#include "engine/session_event.h"
#include "model/event.h"

static void
tell(struct parts *parts, const struct upstream *up, bool is_up,
    const char *previous)
{
	char resource[EVENTS_RESOURCE_MAX];
	struct buf b = BUF_INIT;

	(void)snprintf(resource, sizeof(resource), "upstreams/%s", up->name.s);
	event_render_session(up, is_up, previous, &b);
	if (b.failed)
		log_fatal("out of memory");
	events_publish(parts, EVENTS_SESSION, resource, buf_text(&b));
	buf_clear(&b);
}

static void
tell_down(struct parts *parts, const struct upstream *now, const char *state,
    const char *previous)
{
	struct upstream down = *now;

	(void)snprintf(down.session.state, sizeof(down.session.state), "%s",
	    state);
	down.session.uptime_s = -1;
	tell(parts, &down, false, previous);
}

static void
compare_one(struct parts *parts, const struct upstream *before,
    const struct upstream *now)
{
	const struct session *a = &before->session, *b = &now->session;

	if (a->established && b->established) {
		if (b->dropped_count <= a->dropped_count)
			return;
		tell_down(parts, now, "", a->state);
		tell(parts, now, true, "");
	} else if (a->established || b->established) {
		tell(parts, now, b->established, a->state);
	}
}

void
session_event_compare(struct parts *parts, const struct upstream_list *before,
    const struct upstream_list *now)
{
	const struct upstream *other;
	size_t i;

	for (i = 0; i < before->n; i++) {
		other = adopt_find_neighbor(now, &before->v[i].neighbor);
		if (other != NULL)
			compare_one(parts, &before->v[i], other);
		else if (before->v[i].session.established)
			tell_down(parts, &before->v[i], "removed",
			    before->v[i].session.state);
	}
	for (i = 0; i < now->n; i++)
		if (now->v[i].session.established &&
		    adopt_find_neighbor(before, &now->v[i].neighbor) == NULL)
			tell(parts, &now->v[i], true, "");
}
