/* engine/watch.c - looks at the router every second and publishes it. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/adopt_downstream.h"
#include "engine/confirm.h"
#include "engine/drain_boot.h"
#include "engine/drain_view.h"
#include "engine/drift.h"
#include "engine/lasting.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/publish.h"
#include "engine/recover.h"
#include "engine/session_event.h"
#include "engine/supervisor.h"
#include "engine/usage.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "wire/op.h"

enum {
	SETTLE_MS = 2000
};

/* Only the watcher's thread touches it. */
static struct watched watch;

void
watch_clear(void)
{
	observe_clear(&watch.last);
	observe_counters_clear(&watch.counters);
	interface_table_clear(&watch.interfaces);
	memset(&watch, 0, sizeof(watch));
}

static void
look_at_traffic(struct worker_tools *tools, struct observation *o)
{
	struct observe_counters now = { 0 };
	struct err err;

	if (host_observe_interfaces(tools->parts->supervisor, false, &now.v,
		&now.n, &err) == -1) {
		if (err.code != ERR_BUSY)
			log_warning("interfaces: %s", err.text);
		return;
	}
	now.at_us = clock_us();
	o->interfaces = mem_calloc(now.n + 1, sizeof(*o->interfaces));
	memcpy(o->interfaces, now.v, now.n * sizeof(*o->interfaces));
	o->n_interfaces = now.n;
	interface_table_fill(&watch.interfaces, o, &watch.counters, &now);
	adopt_downstream_traffic(o->downstreams, o->n_downstreams,
	    &watch.counters, &now);
	observe_traffic(&o->upstreams, &watch.counters, &now);
}

static void
look_below(struct worker_tools *tools, struct observation *o)
{
	struct err err;
	int rc;

	err_clear(&err);
	rc = host_observe(tools->parts->supervisor, false, &o->host, &err);
	if (rc == -1) {
		host_copy(&o->host, &watch.last.host);
		watch.whole = false;
	}
	if (rc == -1 && err.code != ERR_BUSY &&
	    watch.host_failure.code == ERR_NONE)
		log_warning("below FRR: %s", err.text);
	watch.host_failure = err;
	if (observe_below(tools->db, o, &err) == -1)
		log_warning("%s", err.text);
}

/* Once, and not before the first snapshot: it takes a while, and does not
 * change but by a reboot, or to something stricter. */
static void
look_at_securelevel(struct worker_tools *tools)
{
	static const struct op_none nothing;
	const struct op_facts *facts;
	struct buf out = BUF_INIT;

	if (supervisor_try(tools->parts->supervisor, OP_FACTS, 0, &nothing,
		&out, NULL) == 0 &&
	    out.len == sizeof(*facts)) {
		facts = (const void *)out.data;
		watch.securelevel = facts->securelevel;
		watch.facts_known = true;
	}
	buf_clear(&out);
}

/* All of FRR where it answers; bgpd alone tells the most. */
static int
look_at_frr(struct worker_tools *tools, struct observation *o, struct err *err)
{
	watch.whole = observe(tools->frr, tools->db, OBSERVE_BARE, o, err) == 0;
	if (watch.whole)
		return 0;
	return observe(tools->frr, tools->db, OBSERVE_BGPD, o, err);
}

static void
look(struct worker_tools *tools)
{
	unsigned mark = drift_mark(tools->parts);
	struct observation o;
	struct err err;

	err_clear(&err);
	if (look_at_frr(tools, &o, &err) == -1) {
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
	atomic_store(&tools->parts->bgp_seen, o.router.local_as != 0);
	look_below(tools, &o);
	look_at_traffic(tools, &o);
	drain_view_remind(&o, tools->parts->drain_reminder_s);
	drain_view_compare(&o);
	if (watch.seen)
		session_event_compare(tools->parts, &watch.last.upstreams,
		    &o.upstreams);
	observe_clear(&watch.last);
	watch.last = o;
	watch.seen = true;
	watch.seen_wall_ms = clock_wall_ms();
	watch.seen_ms = clock_ms();
	if (watch.whole && atomic_load(&tools->parts->recovered))
		drift_check(tools, observe_raw(&o), &o.host, mark);
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

void
watch_now(struct worker_tools *tools, void *unused)
{
	(void)unused;
	look(tools);
	publish(&watch, tools->parts);
}

void
watch_tick(struct worker_tools *tools, void *unused)
{
	watch_now(tools, unused);
	if (!watch.facts_known)
		look_at_securelevel(tools);
	usage_flush(tools->db);
	confirm_when_due(tools->parts);
	if (watch.failure.code == ERR_NONE) {
		recover_when_due(tools->parts);
		drain_boot_look(tools->parts);
		lasting_when_due(tools->parts);
	}
}
