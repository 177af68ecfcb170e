/* engine/publish.c - what was seen, rendered once for all who read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "engine/confirm.h"
#include "engine/drain_view.h"
#include "engine/drift.h"
#include "engine/parts.h"
#include "engine/publish.h"
#include "engine/rate.h"
#include "engine/router_read.h"
#include "engine/snapshot.h"
#include "engine/watch.h"
#include "frr/tree.h"
#include "model/downstream.h"
#include "model/router.h"

static void
fill_freshness(const struct watched *w, struct freshness *f, bool recovered)
{
	memset(f, 0, sizeof(*f));
	f->observed_ms = w->seen ? w->seen_wall_ms : 0;
	f->age_ms = w->seen ? clock_ms() - w->seen_ms : -1;
	f->stale = w->failure.code != ERR_NONE;
	if (f->stale)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]), "FRR does not answer: %.400s%s",
		    w->failure.text,
		    w->seen ? "; what you see is the last known state" : "");
	if (!recovered)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]),
		    "an interrupted change waits to be finished or undone; no "
		    "other change is accepted until then");
	if (w->host_failure.code != ERR_NONE &&
	    w->host_failure.code != ERR_BUSY)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]),
		    "tunnels, routes or firewall cannot be read: %.400s",
		    w->host_failure.text);
	if (f->n_warnings < ROUTER_WARNINGS_MAX && w->seen && !f->stale &&
	    w->last.router.local_as == 0)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]), "FRR has no \"router bgp\" block");
	if (f->n_warnings < ROUTER_WARNINGS_MAX && w->seen &&
	    w->last.state.n_by_interface > 0)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]),
		    "%zu neighbors are configured by interface and not shown",
		    (size_t)w->last.state.n_by_interface);
}

static void
fill_config(const struct watched *w, struct router_config *config)
{
	memset(config, 0, sizeof(*config));
	if (w->last.tree != NULL)
		router_read(w->last.tree, &w->last.host, config);
}

static void
fill_pending(struct router *r, struct parts *parts)
{
	struct confirm_info info;

	if (!confirm_is_pending(parts, &info))
		return;
	memcpy(r->pending_operation, info.operation,
	    sizeof(r->pending_operation));
	r->pending_reverts_at_ms = info.reverts_at_ms;
	r->pending_seconds = info.seconds_left;
}

static void
fill_router(const struct watched *w, struct router *r, struct parts *parts)
{
	const struct observation *o = &w->last;
	size_t i;

	memset(r, 0, sizeof(*r));
	(void)snprintf(r->name, sizeof(r->name), "%s", parts->router_name);
	(void)snprintf(r->platform, sizeof(r->platform), "%s", parts->platform);
	(void)snprintf(r->frr_version, sizeof(r->frr_version), "%s",
	    o->state.version);
	r->securelevel = w->facts_known ? w->securelevel : -2;
	fill_config(w, &r->config);
	(void)snprintf(r->router_id, sizeof(r->router_id), "%s",
	    w->last.router.router_id);
	r->n_sessions = o->upstreams.n;
	for (i = 0; i < o->upstreams.n; i++) {
		const struct session *s = &o->upstreams.v[i].session;

		r->n_established += s->established;
		if (!s->traffic.known || !s->traffic.rates_known)
			continue;
		r->rates_known = true;
		r->rx_bps += s->traffic.rx_bps;
		r->tx_bps += s->traffic.tx_bps;
	}
	for (i = 0; i < 2; i++) {
		r->table[i].present = o->state.table[i].present;
		r->table[i].version = o->state.table[i].table_version;
		r->table[i].routes = o->state.table[i].rib_count;
	}
	fill_pending(r, parts);
	drift_fill_router(parts, r);
	fill_freshness(w, &r->freshness, atomic_load(&parts->recovered));
	drain_view_router(o, parts->drain_reminder_s, r);
	r->writable = w->seen && !r->freshness.stale &&
	    watch_is_settled(parts, NULL) == 0 &&
	    atomic_load(&parts->recovered);
}

/* Highest preference first (none is FRR's 100), then by name. */
static int
by_preference(const void *a, const void *b)
{
	const struct upstream *const *x = a, *const *y = b;
	uint32_t p = (*x)->has_local_preference ? (*x)->local_preference : 100;
	uint32_t q = (*y)->has_local_preference ? (*y)->local_preference : 100;

	if (p != q)
		return p > q ? -1 : 1;
	return strcmp((*x)->name.s, (*y)->name.s);
}

static void
render_item(const struct watched *w, struct snapshot_item *item,
    const struct upstream *up, struct buf *upstreams, struct buf *sessions)
{
	struct buf b = BUF_INIT;
	char etag[UPSTREAM_ETAG_MAX];
	struct upstream told;

	if (w->failure.code != ERR_NONE) {
		told = *up;
		upstream_warn(&told,
		    "FRR does not answer: this is how it was %lld s ago",
		    (long long)(clock_ms() - w->seen_ms) / 1000);
		up = &told;
	}
	item->name = up->name;
	item->neighbor = up->neighbor;
	item->traffic = up->session.traffic;
	item->own_interface = rate_is_own(&w->last, up);
	upstream_render(up, &b, etag);
	buf_puts(upstreams,
	    upstreams->data[upstreams->len - 1] == '[' ? "" : ",");
	buf_add(upstreams, b.data, b.len);
	buf_putc(&b, '\n');
	snapshot_set_body(&item->upstream, buf_take(&b), etag);
	upstream_render_session(up, &b);
	buf_puts(sessions, sessions->data[sessions->len - 1] == '[' ? "" : ",");
	buf_add(sessions, b.data, b.len);
	buf_putc(&b, '\n');
	snapshot_set_body(&item->session, buf_take(&b), NULL);
}

static void
end_list(struct body *body, struct buf *b, const char *freshness)
{
	buf_putc(b, ']');
	buf_puts(b, freshness);
	buf_puts(b, "}\n");
	snapshot_set_body(body, buf_take(b), NULL);
}

static void
render_router(const struct router *router, struct snapshot *s)
{
	struct buf b = BUF_INIT;
	char etag[ROUTER_ETAG_MAX];

	router_render(router, &b, etag);
	buf_putc(&b, '\n');
	snapshot_set_body(&s->router, buf_take(&b), etag);
	router_render_freshness(&router->freshness, &b);
	s->freshness = buf_take(&b);
}

static void
render_upstreams(const struct watched *w, struct snapshot *s)
{
	struct buf upstreams = BUF_INIT, sessions = BUF_INIT;
	const struct upstream **order;
	size_t i;

	order = mem_calloc(s->n_items, sizeof(*order));
	for (i = 0; i < s->n_items; i++)
		order[i] = &w->last.upstreams.v[i];
	if (s->n_items > 0)
		qsort(order, s->n_items, sizeof(*order), by_preference);
	buf_puts(&upstreams, "{\"upstreams\":[");
	buf_puts(&sessions, "{\"sessions\":[");
	for (i = 0; i < s->n_items; i++)
		render_item(w, &s->items[i], order[i], &upstreams, &sessions);
	free(order);
	end_list(&s->upstreams, &upstreams, s->freshness);
	end_list(&s->sessions, &sessions, s->freshness);
}

static void
render_downstreams(const struct watched *w, struct snapshot *s)
{
	struct buf list = BUF_INIT, b = BUF_INIT;
	char etag[DOWNSTREAM_ETAG_MAX];
	size_t i;

	s->n_downstreams = w->last.n_downstreams;
	s->downstream =
	    mem_calloc(s->n_downstreams + 1, sizeof(*s->downstream));
	buf_puts(&list, "{\"downstreams\":[");
	for (i = 0; i < s->n_downstreams; i++) {
		downstream_render(&w->last.downstreams[i], &b, etag);
		buf_puts(&list, i == 0 ? "" : ",");
		buf_add(&list, b.data, b.len);
		buf_putc(&b, '\n');
		s->downstream[i].name = w->last.downstreams[i].name;
		snapshot_set_body(&s->downstream[i].body, buf_take(&b), etag);
	}
	end_list(&s->downstreams, &list, s->freshness);
}

static void
render_interfaces(const struct watched *w, struct snapshot *s)
{
	struct buf list = BUF_INIT;

	interface_table_render(&w->interfaces, &list);
	end_list(&s->interfaces, &list, s->freshness);
}

void
publish(const struct watched *w, struct parts *parts)
{
	struct snapshot *s = snapshot_new(w->last.upstreams.n);
	struct router router;

	fill_router(w, &router, parts);
	s->observed = w->seen;
	s->stale = router.freshness.stale;
	(void)snprintf(s->why, sizeof(s->why), "%s", w->failure.text);
	render_router(&router, s);
	render_upstreams(w, s);
	render_downstreams(w, s);
	render_interfaces(w, s);
	snapshot_publish(parts->snapshots, s);
}
