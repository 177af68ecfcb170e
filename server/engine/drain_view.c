/* engine/drain_view.c - what of the router is out of service, in words. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/change.h"
#include "engine/drain_view.h"
#include "engine/drain_want.h"
#include "engine/observe.h"
#include "model/router.h"

enum {
	HOUR_S = 3600,
	HOURS_FROM_S = 7200 /* below, in minutes */
};

static bool
reaches(const struct drain *d, const struct addr *neighbor)
{
	if (neighbor == NULL)
		return drain_is_router(d);
	return drain_want_covers(d, neighbor);
}

const char *
drain_view_state(const struct drain_list *list, const struct addr *neighbor)
{
	bool any = false, drained = false, draining = false;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct drain *d = &list->v[i];

		if (!reaches(d, neighbor))
			continue;
		any = true;
		drained = drained || d->phase == DRAIN_DRAINED;
		draining = draining || d->phase < DRAIN_DRAINED;
	}
	if (!any)
		return "in_service";
	return drained ? "drained" : draining ? "draining" : "returning";
}

static int64_t
age_s(const struct drain *d)
{
	return (clock_wall_ms() - d->created_ms) / 1000;
}

/* "router by reboot (ops): kernel update (CHG-1)". */
static void
describe(const struct drain *d, char *out, size_t size)
{
	char note[256], age[24];
	int64_t s = age_s(d);

	if (s < HOURS_FROM_S)
		(void)snprintf(age, sizeof(age), "%lld min", (long long)s / 60);
	else
		(void)snprintf(age, sizeof(age), "%lld h",
		    (long long)s / HOUR_S);
	drain_message(d->ticket, d->reason, note, sizeof(note));
	(void)snprintf(out, size, "%s by %s (%s) for %s%s%.200s",
	    drain_is_router(d) ? "the router" : "this upstream", d->owner,
	    d->actor, age, note[0] == '\0' ? "" : ": ", note);
}

static void
reasons(const struct drain_list *list, const struct addr *neighbor, char *out,
    size_t size)
{
	size_t i, len = 0;
	char one[320];

	out[0] = '\0';
	for (i = 0; i < list->n; i++) {
		if (!reaches(&list->v[i], neighbor))
			continue;
		describe(&list->v[i], one, sizeof(one));
		if (len < size)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
			    len == 0 ? "" : "; ", one);
	}
}

void
drain_view_fill(struct observation *o)
{
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		struct upstream *up = &o->upstreams.v[i];

		up->drain = drain_view_state(&o->drains, &up->neighbor);
		reasons(&o->drains, &up->neighbor, up->drain_reason,
		    sizeof(up->drain_reason));
	}
}

static bool
is_overdue(const struct drain *d, uint32_t reminder_s)
{
	return reminder_s > 0 && age_s(d) >= reminder_s;
}

void
drain_view_remind(struct observation *o, uint32_t reminder_s)
{
	struct upstream *up;
	size_t i;

	for (i = 0; i < o->drains.n; i++) {
		const struct drain *d = &o->drains.v[i];

		if (drain_is_router(d) || !is_overdue(d, reminder_s))
			continue;
		up = adopt_find_neighbor(&o->upstreams, &d->neighbor);
		if (up != NULL)
			upstream_warn(up,
			    "drained by %s for %lld h: undrain it when it is "
			    "not needed any more",
			    d->owner, (long long)age_s(d) / HOUR_S);
	}
}

/* Nothing is under way that would put it right by itself. */
static bool
is_at_rest(const struct drain_list *list, const struct addr *neighbor)
{
	bool any = false;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (!drain_covers(&list->v[i], neighbor))
			continue;
		if (list->v[i].phase != DRAIN_DRAINED)
			return false;
		any = true;
	}
	return any;
}

void
drain_view_compare(struct observation *o)
{
	struct drain_setting s;
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		struct upstream *up = &o->upstreams.v[i];

		if (is_at_rest(&o->drains, &up->neighbor) &&
		    !drain_want_is_met(o, up, &s))
			upstream_warn(up,
			    "drained, but FRR has not all of what that takes: "
			    "it was changed by hand; undrain it, and drain it "
			    "again if it is to stay out of service");
	}
}

void
drain_view_router(const struct observation *o, uint32_t reminder_s,
    struct router *r)
{
	struct freshness *f = &r->freshness;
	size_t i;

	r->state = drain_view_state(&o->drains, NULL);
	reasons(&o->drains, NULL, r->state_reason, sizeof(r->state_reason));
	for (i = 0; i < o->drains.n; i++) {
		const struct drain *d = &o->drains.v[i];

		if (!is_overdue(d, reminder_s) ||
		    f->n_warnings == ROUTER_WARNINGS_MAX)
			continue;
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]),
		    "%s is drained by %s for %lld h: undrain it when it is "
		    "not needed any more",
		    d->subject, d->owner, (long long)age_s(d) / HOUR_S);
	}
}
