/* engine/drain_want.c - what all reasons together want of one neighbor. */
#include <stdio.h>
#include <string.h>

#include "engine/change.h"
#include "engine/drain_want.h"
#include "engine/observe.h"
#include "frr/state.h"
#include "frr/tree.h"
#include "model/drain_state.h"

/* From here on "neighbor X graceful-shutdown" tells the neighbor too; before,
 * where FRR knows the words, they lower the preference of what it hears. */
enum {
	NATIVE_MAJOR = 10,
	NATIVE_MINOR = 6
};

bool
drain_want_covers(const struct drain *d, const struct addr *neighbor)
{
	struct drain_state state;

	if (!drain_covers(d, neighbor) || d->phase == DRAIN_ASKING)
		return false;
	if (d->phase != DRAIN_RETURNING)
		return true;
	drain_state_load(&state, d->state);
	return !drain_state_is_back(&state, neighbor);
}

void
drain_want_of(const struct observation *o, const struct addr *neighbor,
    struct drain_setting *s)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	s->neighbor = *neighbor;
	s->native =
	    frr_version_is_from(o->state.version, NATIVE_MAJOR, NATIVE_MINOR);
	for (i = 0; i < o->drains.n; i++) {
		const struct drain *d = &o->drains.v[i];

		if (!drain_want_covers(d, neighbor))
			continue;
		s->drained = true;
		if (d->prepend > s->prepend)
			s->prepend = d->prepend;
		if (!drain_holds_down(d) || s->shutdown)
			continue;
		s->shutdown = true;
		drain_message(d->ticket, d->reason, s->message,
		    sizeof(s->message));
	}
}

/* Told by a line of the operator's own: then ours would not be one. */
static bool
is_told(const struct observation *o, const char *neighbor)
{
	const struct frr_node *bgp = adopt_bgp(o->tree);

	return adopt_value(bgp, bgp, neighbor, "graceful-shutdown", NULL) !=
	    NULL;
}

/* A message is sent once, when the session goes down: it stays while one of the
 * reasons says so. */
static bool
is_said(const struct observation *o, const struct addr *neighbor,
    const char *message)
{
	char said[DRAIN_MESSAGE_MAX + 1];
	size_t i;

	for (i = 0; i < o->drains.n; i++) {
		const struct drain *d = &o->drains.v[i];

		if (!drain_holds_down(d) || !drain_covers(d, neighbor))
			continue;
		drain_message(d->ticket, d->reason, said, sizeof(said));
		if (strcmp(said, message) == 0)
			return true;
	}
	return false;
}

static bool
is_as_wanted(const struct observation *o, struct drain_setting *s)
{
	char neighbor[ADDR_TEXT_MAX], words[ADDR_TEXT_MAX + 32];
	const struct drain_mark *m;

	(void)addr_print(&s->neighbor, neighbor);
	m = drain_map_find(&o->marks, neighbor);
	if (m == NULL || !s->drained)
		return (m != NULL) == s->drained;
	if (m->shutdown && s->shutdown && is_said(o, &s->neighbor, m->message))
		memcpy(s->message, m->message, sizeof(s->message));
	/* Shut down by the operator: that stays theirs. */
	(void)snprintf(words, sizeof(words), "neighbor %s shutdown", neighbor);
	return !m->worn && m->prepend == s->prepend &&
	    (!m->shutdown || strcmp(m->message, s->message) == 0) &&
	    (m->native == s->native || (s->native && is_told(o, neighbor))) &&
	    (m->shutdown == s->shutdown ||
		(s->shutdown &&
		    frr_tree_child_prefix(adopt_bgp(o->tree), words, NULL) !=
			NULL));
}

/* A neighbor that is active in no family has no routes to be led away, and no
 * place for what would tell that it is drained. */
static bool
has_routes(const struct observation *o, const struct upstream *up)
{
	char neighbor[ADDR_TEXT_MAX];
	unsigned i;

	for (i = 0; i < UPSTREAM_FAMILIES; i++)
		if (up->family[i])
			return true;
	return drain_map_find(&o->marks, addr_print(&up->neighbor, neighbor)) !=
	    NULL;
}

bool
drain_want_is_met(const struct observation *o, const struct upstream *up,
    struct drain_setting *s)
{
	drain_want_of(o, &up->neighbor, s);
	return !has_routes(o, up) || is_as_wanted(o, s);
}

void
drain_want_missing(const struct observation *o, const struct drain *d,
    struct drain_change *change)
{
	struct drain_setting s;
	size_t i;

	for (i = 0; i < o->upstreams.n && change->n < DRAIN_FACTS_MAX; i++) {
		const struct upstream *up = &o->upstreams.v[i];

		if (drain_covers(d, &up->neighbor) &&
		    !drain_want_is_met(o, up, &s))
			change->v[change->n++] = s;
	}
}
