/* engine/subject.c - what a change is about: an upstream, a session ... */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/adopt_host.h"
#include "engine/edit.h"
#include "engine/edit_key.h"
#include "engine/etag.h"
#include "engine/observe.h"
#include "engine/router_read.h"
#include "engine/subject.h"
#include "engine/target.h"
#include "model/downstream.h"

/* Names of the journal; "upstream_policy" has always meant numbers alone. */
static const char *
kind_name(const struct change_order *order)
{
	switch (order->kind) {
	case CHANGE_CLEAR:
		return "session_clear";
	case CHANGE_UPSTREAM:
		return upstream_order_is_policy(&order->upstream) ?
		    "upstream_policy" :
		    "upstream_set";
	case CHANGE_UPSTREAM_REMOVE:
		return "upstream_remove";
	case CHANGE_ROUTER:
		return "router_set";
	case CHANGE_DOWNSTREAM:
		return "downstream_set";
	case CHANGE_DOWNSTREAM_REMOVE:
		return "downstream_remove";
	case CHANGE_KEY:
		return "tcp_md5_change";
	case CHANGE_DRAIN:
		return order->drain->kind;
	}
	return "change";
}

static const struct downstream *
find_downstream(const struct observation *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n_downstreams; i++)
		if (strcmp(o->downstreams[i].name.s, name) == 0)
			return &o->downstreams[i];
	return NULL;
}

static int
find_session(struct subject *s, const struct observation *o, struct err *err)
{
	char text[ADDR_TEXT_MAX];

	(void)addr_print(&s->order->session, text);
	(void)snprintf(s->resource, sizeof(s->resource), "sessions/%s", text);
	s->up = adopt_find_neighbor(&o->upstreams, &s->order->session);
	if (s->up == NULL)
		return err_set(err, ERR_NOT_FOUND,
		    "there is no session with %s", text);
	return 0;
}

static int
find_upstream(struct subject *s, const struct observation *o, struct err *err)
{
	const char *name = s->order->name.s;

	(void)snprintf(s->resource, sizeof(s->resource), "upstreams/%s", name);
	s->member = "upstream";
	s->up = adopt_find(&o->upstreams, name);
	if (s->up == NULL && find_downstream(o, name) != NULL) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s is the name of a downstream", name);
		return err_reason(err, "name_taken");
	}
	if (s->up == NULL &&
	    (s->order->kind != CHANGE_UPSTREAM || !s->order->upstream.whole))
		return err_set(err, ERR_NOT_FOUND, "there is no upstream %s",
		    name);
	return 0;
}

static int
find_down(struct subject *s, const struct observation *o, struct err *err)
{
	const char *name = s->order->name.s;

	(void)snprintf(s->resource, sizeof(s->resource), "downstreams/%s",
	    name);
	s->member = "downstream";
	s->down = find_downstream(o, name);
	if (s->down == NULL && adopt_find(&o->upstreams, name) != NULL) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s is the name of an upstream", name);
		return err_reason(err, "name_taken");
	}
	if (s->down == NULL &&
	    (s->order->kind == CHANGE_DOWNSTREAM_REMOVE ||
		!s->order->downstream.whole))
		return err_set(err, ERR_NOT_FOUND, "there is no downstream %s",
		    name);
	return 0;
}

static int
look_for(struct supervisor *s, struct observation *o, const struct addr *a,
    struct err *err)
{
	struct prefix prefix;

	if (a->family == 0 || addr_is_link_local(a))
		return 0;
	memset(&prefix, 0, sizeof(prefix));
	prefix.addr = *a;
	prefix.len = a->family == 4 ? 32 : 128;
	return host_observe_route(s, &o->host, &prefix, err);
}

/* The route to the neighbor that there is, and to the one there will be. */
static int
observe_upstream(const struct change_order *order, struct supervisor *s,
    struct observation *o, struct err *err)
{
	const struct upstream *up = adopt_find(&o->upstreams, order->name.s);
	struct addr a;

	if (up != NULL && look_for(s, o, &up->neighbor, err) == -1)
		return -1;
	if (order->kind == CHANGE_UPSTREAM &&
	    order->upstream.neighbor.present &&
	    addr_parse(&a, order->upstream.neighbor.text, NULL) == 0 &&
	    look_for(s, o, &a, err) == -1)
		return -1;
	adopt_host(&o->host, &o->upstreams);
	return 0;
}

int
subject_observe(const struct change_order *order, struct supervisor *s,
    struct observation *o, struct err *err)
{
	size_t i;

	switch (order->kind) {
	case CHANGE_CLEAR:
	case CHANGE_DOWNSTREAM_REMOVE:
	case CHANGE_KEY:
	case CHANGE_DRAIN:
		break;
	case CHANGE_UPSTREAM:
	case CHANGE_UPSTREAM_REMOVE:
		return observe_upstream(order, s, o, err);
	case CHANGE_ROUTER:
		for (i = 0; i < order->router.n_prefixes; i++)
			if (host_observe_route(s, &o->host,
				&order->router.prefixes[i].prefix, err) == -1)
				return -1;
		break;
	case CHANGE_DOWNSTREAM:
		for (i = 0; i < order->downstream.n_prefixes; i++)
			if (host_observe_route(s, &o->host,
				&order->downstream.prefixes[i], err) == -1)
				return -1;
		break;
	}
	return 0;
}

static void
version(const struct subject *s, const struct observation *o, char out[17])
{
	struct router_config config;

	out[0] = '\0';
	if (s->up != NULL) {
		upstream_version(s->up, out);
	} else if (s->down != NULL) {
		downstream_version(s->down, out);
	} else if (s->order->kind == CHANGE_ROUTER) {
		router_read(o->tree, &o->host, &config);
		router_version(&config, out);
	}
}

static int
check_version(const struct subject *s, const struct observation *o,
    struct err *err)
{
	const char *if_match = s->order->if_match;
	char now[17];

	if (s->order->must_be_new && !subject_is_new(s)) {
		(void)err_set(err, ERR_PRECONDITION, "%s is there already",
		    s->resource);
		return err_reason(err, "exists");
	}
	if (if_match[0] == '\0')
		return 0;
	version(s, o, now);
	if (now[0] != '\0' && etag_matches_version(if_match, now))
		return 0;
	return err_set(err, ERR_PRECONDITION,
	    now[0] == '\0' ? "%s is not there" :
			     "%s has changed since you read it: read it again",
	    s->resource);
}

int
subject_find(struct subject *s, const struct change_order *order,
    const struct observation *o, struct err *err)
{
	int rc = 0;

	memset(s, 0, sizeof(*s));
	s->order = order;
	s->kind = kind_name(order);
	switch (order->kind) {
	case CHANGE_CLEAR:
		rc = find_session(s, o, err);
		break;
	case CHANGE_UPSTREAM:
	case CHANGE_UPSTREAM_REMOVE:
	case CHANGE_KEY:
		rc = find_upstream(s, o, err);
		break;
	case CHANGE_ROUTER:
		(void)snprintf(s->resource, sizeof(s->resource), "router");
		s->member = "router";
		break;
	case CHANGE_DOWNSTREAM:
	case CHANGE_DOWNSTREAM_REMOVE:
		rc = find_down(s, o, err);
		break;
	case CHANGE_DRAIN:
		(void)snprintf(s->resource, sizeof(s->resource), "%s",
		    order->drain->resource);
		break;
	}
	return rc == -1 ? -1 : check_version(s, o, err);
}

bool
subject_is_new(const struct subject *s)
{
	return s->order->kind != CHANGE_ROUTER && s->up == NULL &&
	    s->down == NULL;
}

int
subject_edit(const struct subject *s, const struct observation *o,
    struct target *target, struct err *err)
{
	const struct change_order *order = s->order;

	switch (order->kind) {
	case CHANGE_UPSTREAM:
		return edit_upstream(o, s->up, &order->name, &order->upstream,
		    target, err);
	case CHANGE_UPSTREAM_REMOVE:
		return edit_upstream_remove(o, s->up, &order->remove, target,
		    err);
	case CHANGE_ROUTER:
		return edit_router(o, &order->router, target, err);
	case CHANGE_DOWNSTREAM:
		return edit_downstream(o, s->down, &order->name,
		    &order->downstream, target, err);
	case CHANGE_DOWNSTREAM_REMOVE:
		return edit_downstream_remove(o, s->down, &order->remove,
		    target, err);
	case CHANGE_KEY:
		return edit_key(o, s->up, &order->key, target, err);
	case CHANGE_DRAIN:
		return edit_drain(o, order->drain, target, err);
	case CHANGE_CLEAR:
		break;
	}
	return err_set(err, ERR_INTERNAL, "a clear is no edit");
}

static void
render_router(const struct observation *o, struct buf *b)
{
	struct router_config config;

	router_read(o->tree, &o->host, &config);
	router_render_config(&config, b);
}

void
subject_render_config(const struct subject *s, const struct observation *o,
    struct buf *b)
{
	const struct downstream *down;
	const struct upstream *up;

	if (s->order->kind == CHANGE_ROUTER) {
		render_router(o, b);
		return;
	}
	if (s->member == NULL)
		return;
	if (strcmp(s->member, "upstream") == 0) {
		up = adopt_find(&o->upstreams, s->order->name.s);
		if (up != NULL)
			upstream_render_policy(up, b);
	} else {
		down = find_downstream(o, s->order->name.s);
		if (down != NULL)
			downstream_render_config(down, b);
	}
}

char *
subject_render(const struct subject *s, const struct observation *o,
    char etag[48])
{
	const struct downstream *down;
	const struct upstream *up;
	struct buf b = BUF_INIT;

	etag[0] = '\0';
	if (s->order->kind == CHANGE_ROUTER) {
		render_router(o, &b);
	} else if (s->member == NULL) {
		return NULL; /* a session is not told again */
	} else if (strcmp(s->member, "upstream") == 0) {
		up = adopt_find(&o->upstreams, s->order->name.s);
		if (up != NULL)
			upstream_render(up, &b, etag);
	} else {
		down = find_downstream(o, s->order->name.s);
		if (down != NULL)
			downstream_render(down, &b, etag);
	}
	return b.len == 0 ? NULL : buf_take(&b);
}
