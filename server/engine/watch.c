/* engine/watch.c - looks at the router every second and publishes it. */
#include <sys/utsname.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/recover.h"
#include "engine/snapshot.h"
#include "engine/supervisor.h"
#include "engine/usage.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "frr/tree.h"
#include "model/router.h"
#include "wire/op.h"

enum {
	SETTLE_MS = 2000
};

/* Only the watcher's thread touches it. */
static struct {
	bool seen; /* last holds something */
	struct observation last;
	int64_t seen_wall_ms;
	int64_t seen_ms;
	struct observe_counters counters;
	struct err failure; /* code ERR_NONE: the last look went well */
} watch;

void
watch_clear(void)
{
	observe_clear(&watch.last);
	observe_counters_clear(&watch.counters);
	memset(&watch, 0, sizeof(watch));
}

static void
look_at_traffic(struct worker_tools *tools, struct upstream_list *list)
{
	struct observe_counters now = { 0 };
	struct err err;

	if (supervisor_interfaces(tools->parts->supervisor, &now.v, &now.n,
		&err) == -1) {
		if (err.code != ERR_BUSY)
			log_warning("interfaces: %s", err.text);
		return;
	}
	now.at_us = clock_us();
	observe_traffic(list, &watch.counters, &now);
}

static void
look(struct worker_tools *tools)
{
	struct observation o;
	struct err err;

	err_clear(&err);
	if (observe(tools->frr, tools->db, false, &o, &err) == -1) {
		if (watch.failure.code == ERR_NONE)
			log_warning("FRR: %s", err.text);
		watch.failure = err;
		return;
	}
	if (watch.failure.code != ERR_NONE) {
		log_info("FRR answers again");
		atomic_store(&tools->parts->answers_since_ms, clock_ms());
	}
	err_clear(&watch.failure);
	look_at_traffic(tools, &o.upstreams);
	observe_clear(&watch.last);
	watch.last = o;
	watch.seen = true;
	watch.seen_wall_ms = clock_wall_ms();
	watch.seen_ms = clock_ms();
}

static void
fill_freshness(struct freshness *f, bool recovered)
{
	memset(f, 0, sizeof(*f));
	f->observed_ms = watch.seen ? watch.seen_wall_ms : 0;
	f->age_ms = watch.seen ? clock_ms() - watch.seen_ms : -1;
	f->stale = watch.failure.code != ERR_NONE;
	if (f->stale)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]), "FRR does not answer: %.400s%s",
		    watch.failure.text,
		    watch.seen ? "; what you see is the last known state" : "");
	if (!recovered)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]),
		    "an interrupted change waits to be finished or undone; no "
		    "other change is accepted until then");
	if (watch.seen && !f->stale && watch.last.router.local_as == 0)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]), "FRR has no \"router bgp\" block");
	if (watch.seen && watch.last.state.n_by_interface > 0)
		(void)snprintf(f->warnings[f->n_warnings++],
		    sizeof(f->warnings[0]),
		    "%zu neighbors are configured by interface and not shown",
		    (size_t)watch.last.state.n_by_interface);
}

static void
platform_name(char *out, size_t size)
{
	struct utsname name;
	size_t i;

	(void)snprintf(out, size, "%.20s",
	    uname(&name) == -1 ? "unknown" : name.sysname);
	for (i = 0; out[i] != '\0'; i++)
		out[i] = (char)tolower((unsigned char)out[i]);
}

int
watch_is_settled(const struct parts *parts, struct err *err)
{
	if (clock_ms() - atomic_load(&parts->answers_since_ms) >= SETTLE_MS)
		return 0;
	(void)err_set(err, ERR_UNAVAILABLE,
	    "FRR has just come back and may still be loading its "
	    "configuration");
	if (err != NULL)
		err->retry_after_s = (SETTLE_MS + 999) / 1000;
	return err_reason(err, "frr_just_started");
}

static void
fill_router(struct router *r, const struct parts *parts)
{
	const struct observation *o = &watch.last;
	size_t i;

	memset(r, 0, sizeof(*r));
	(void)snprintf(r->name, sizeof(r->name), "%s", parts->router_name);
	platform_name(r->platform, sizeof(r->platform));
	(void)snprintf(r->frr_version, sizeof(r->frr_version), "%s",
	    o->state.version);
	r->local_as = o->router.local_as;
	(void)snprintf(r->router_id, sizeof(r->router_id), "%s",
	    o->router.router_id);
	r->n_prefixes = o->router.n_prefixes;
	for (i = 0; i < r->n_prefixes; i++)
		memcpy(r->prefixes[i], o->router.prefixes[i], PREFIX_TEXT_MAX);
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
	fill_freshness(&r->freshness, atomic_load(&parts->recovered));
	r->writable = watch.seen && !r->freshness.stale &&
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
render_item(struct snapshot_item *item, const struct upstream *up,
    struct buf *upstreams, struct buf *sessions)
{
	struct buf b = BUF_INIT;
	char etag[UPSTREAM_ETAG_MAX];
	struct upstream told;

	if (watch.failure.code != ERR_NONE) {
		told = *up;
		upstream_warn(&told,
		    "FRR does not answer: this is how it was %lld s ago",
		    (long long)(clock_ms() - watch.seen_ms) / 1000);
		up = &told;
	}
	item->name = up->name;
	item->neighbor = up->neighbor;
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
publish(struct worker_tools *tools)
{
	struct snapshot *s = snapshot_new(watch.last.upstreams.n);
	struct buf b = BUF_INIT, upstreams = BUF_INIT, sessions = BUF_INIT;
	const struct upstream **order;
	struct router router;
	size_t i;

	fill_router(&router, tools->parts);
	s->observed = watch.seen;
	s->stale = router.freshness.stale;
	(void)snprintf(s->why, sizeof(s->why), "%s", watch.failure.text);
	router_render(&router, &b);
	buf_putc(&b, '\n');
	snapshot_set_body(&s->router, buf_take(&b), NULL);
	order = mem_calloc(s->n_items, sizeof(*order));
	for (i = 0; i < s->n_items; i++)
		order[i] = &watch.last.upstreams.v[i];
	if (s->n_items > 0)
		qsort(order, s->n_items, sizeof(*order), by_preference);
	buf_puts(&upstreams, "{\"upstreams\":[");
	buf_puts(&sessions, "{\"sessions\":[");
	for (i = 0; i < s->n_items; i++)
		render_item(&s->items[i], order[i], &upstreams, &sessions);
	free(order);
	router_render_freshness(&router.freshness, &b);
	s->freshness = buf_take(&b);
	end_list(&s->upstreams, &upstreams, s->freshness);
	end_list(&s->sessions, &sessions, s->freshness);
	snapshot_publish(tools->parts->snapshots, s);
}

void
watch_now(struct worker_tools *tools, void *unused)
{
	(void)unused;
	look(tools);
	publish(tools);
}

void
watch_tick(struct worker_tools *tools, void *unused)
{
	watch_now(tools, unused);
	usage_flush(tools->db);
	if (watch.failure.code == ERR_NONE)
		recover_when_due(tools->parts);
}
