/* engine/drain_look.c - the sessions that a drain is about, measured. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "engine/drain_look.h"
#include "engine/drain_proof.h"
#include "engine/observe.h"
#include "engine/parts.h"
#include "engine/snapshot.h"
#include "engine/worker.h"
#include "frr/frr.h"

static void
fill_traffic(const struct snapshot *s, struct drain_fact *f)
{
	const struct snapshot_item *item =
	    s == NULL ? NULL : snapshot_find_neighbor(s, &f->neighbor);

	if (item == NULL || !item->own_interface)
		return;
	(void)snprintf(f->interface, sizeof(f->interface), "%s",
	    item->traffic.interface);
	if (!item->traffic.rates_known)
		return;
	f->rx_bps = (int64_t)item->traffic.rx_bps;
	f->tx_bps = (int64_t)item->traffic.tx_bps;
}

/* -1: not known. bgpd counts by walking its table, and does nothing else
 * meanwhile: not where that takes long. */
static int64_t
best_paths(struct worker_tools *tools, const struct observation *o,
    const struct upstream *up)
{
	uint64_t one;
	int64_t sum = 0;
	unsigned i;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!up->family[i])
			continue;
		if (!drain_proof_may_count(o->state.table[i].rib_count) ||
		    frr_best_paths(tools->frr, &up->neighbor, i, &one, NULL) ==
			-1)
			return -1;
		sum += (int64_t)one;
	}
	return sum;
}

static void
fill(const struct upstream *up, struct drain_fact *f)
{
	const struct session *s = &up->session;
	unsigned i;

	memset(f, 0, sizeof(*f));
	(void)snprintf(f->upstream, sizeof(f->upstream), "%s", up->name.s);
	f->neighbor = up->neighbor;
	f->established = s->established;
	f->best_paths = f->rx_bps = f->tx_bps = -1;
	f->updates_sent = (int64_t)s->updates_sent;
	f->established_count = (int64_t)s->established_count;
	f->established_ms =
	    s->uptime_s < 0 ? 0 : clock_wall_ms() - s->uptime_s * 1000;
	f->out_queue = (int64_t)s->out_queue;
	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		f->prefixes_received += (int64_t)s->table[i].prefixes_received;
		f->prefixes_sent += (int64_t)s->table[i].prefixes_sent;
	}
}

void
drain_look(struct worker_tools *tools, const struct observation *o,
    const struct drain *d, bool count, struct drain_facts *facts)
{
	const struct snapshot *s = snapshot_get(tools->parts->snapshots);
	size_t i;

	facts->n = 0;
	for (i = 0; i < o->upstreams.n && facts->n < DRAIN_FACTS_MAX; i++) {
		const struct upstream *up = &o->upstreams.v[i];
		struct drain_fact *f = &facts->v[facts->n];

		if (!drain_covers(d, &up->neighbor))
			continue;
		fill(up, f);
		fill_traffic(s, f);
		if (count && up->session.established)
			f->best_paths = best_paths(tools, o, up);
		facts->n++;
	}
	if (s != NULL)
		snapshot_put(tools->parts->snapshots, s);
}
