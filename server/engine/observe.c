/* engine/observe.c - one look at the router: configuration and live state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/adopt_downstream.h"
#include "engine/adopt_host.h"
#include "engine/drain_view.h"
#include "engine/drain_worn.h"
#include "engine/observe.h"
#include "engine/observe_keys.h"
#include "engine/supervisor.h"
#include "engine/target.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/downstream.h"
#include "store/drain.h"
#include "store/friendly.h"
#include "wire/op.h"

void
observe_clear(struct observation *o)
{
	frr_tree_free(&o->tree);
	frr_tree_free(&o->raw);
	drain_map_clear(&o->marks);
	drain_list_clear(&o->drains);
	frr_state_clear(&o->state);
	adopt_clear(&o->upstreams);
	host_clear(&o->host);
	free(o->interfaces);
	free(o->downstreams);
	memset(o, 0, sizeof(*o));
}

static void
see_through_drains(struct observation *o)
{
	if (!drain_map_is_in(o->tree))
		return;
	o->raw = frr_tree_copy(o->tree);
	drain_map_strip(o->tree, &o->marks);
	drain_worn_judge(o->raw, o->tree, &o->marks);
}

static void
copy_text(char *to, size_t size, const char *from)
{
	(void)snprintf(to, size, "%s", from);
}

static void
fill_session(struct session *s, const struct frr_session *from)
{
	unsigned i;

	s->known = true;
	copy_text(s->state, sizeof(s->state), session_state_name(from->state));
	s->established = from->state == SESSION_ESTABLISHED;
	s->admin_shutdown = from->admin_shutdown;
	s->uptime_s = from->uptime_ms < 0 ? -1 : from->uptime_ms / 1000;
	s->local_as = from->local_as;
	copy_text(s->local_address, sizeof(s->local_address),
	    from->local_address);
	copy_text(s->peer_hostname, sizeof(s->peer_hostname),
	    from->peer_hostname);
	s->established_count = from->established_count;
	s->dropped_count = from->dropped_count;
	s->messages_received = from->messages_received;
	s->messages_sent = from->messages_sent;
	s->updates_sent = from->updates_sent;
	s->in_queue = from->in_queue;
	s->out_queue = from->out_queue;
	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		s->table[i].present = from->family[i].present;
		s->table[i].prefixes_received =
		    from->family[i].prefixes_received;
		s->table[i].prefixes_sent = from->family[i].prefixes_sent;
		s->table[i].soft_reconfiguration =
		    from->family[i].soft_reconfiguration;
		s->table[i].end_of_rib = from->family[i].end_of_rib;
	}
	copy_text(s->last_reset, sizeof(s->last_reset), from->last_reset);
	copy_text(s->last_error, sizeof(s->last_error), from->last_error);
	copy_text(s->last_shutdown_message, sizeof(s->last_shutdown_message),
	    from->last_shutdown_message);
}

/* New names are kept, so that a later description does not rename. */
static void
keep_names(struct db *db, const struct upstream_list *list,
    const struct friendly_list *known)
{
	struct err err;
	size_t i, j;

	for (i = 0; i < list->n; i++) {
		for (j = 0; j < known->n; j++)
			if (addr_equal(&known->v[j].neighbor,
				&list->v[i].neighbor))
				break;
		if (j < known->n)
			continue;
		if (friendly_set(db, &list->v[i].neighbor, &list->v[i].name,
			&err) == -1 &&
		    err.code != ERR_CONFLICT)
			log_warning("the name %s cannot be kept: %s",
			    list->v[i].name.s, err.text);
	}
}

/* Of what was removed meanwhile: a new one of that address is in service. */
static void
drop_orphans(struct observation *o)
{
	size_t i, n = 0;

	for (i = 0; i < o->drains.n; i++) {
		struct drain *d = &o->drains.v[i];

		if (!drain_is_router(d) &&
		    adopt_find_neighbor(&o->upstreams, &d->neighbor) == NULL)
			drain_clear(d);
		else
			o->drains.v[n++] = *d;
	}
	o->drains.n = n;
}

int
observe(struct frr *frr, struct db *db, enum observe_depth depth,
    struct observation *o, struct err *err)
{
	struct friendly_list names = { 0 };
	size_t i;

	memset(o, 0, sizeof(*o));
	if (frr_observe_state(frr, &o->state, err) == -1 ||
	    (depth == OBSERVE_BGPD ?
		    frr_observe_bgpd_config(frr, &o->tree, err) :
		    frr_observe_config(frr, depth == OBSERVE_WHOLE, &o->tree,
			err)) == -1 ||
	    friendly_list(db, &names, err) == -1 ||
	    drain_list(db, &o->drains, err) == -1) {
		observe_clear(o);
		friendly_list_clear(&names);
		return -1;
	}
	see_through_drains(o);
	adopt_router(o->tree, &o->router);
	if (o->router.router_id[0] == '\0')
		copy_text(o->router.router_id, sizeof(o->router.router_id),
		    o->state.router_id);
	adopt_upstreams(o->tree, &names, &o->upstreams);
	keep_names(db, &o->upstreams, &names);
	friendly_list_clear(&names);
	drop_orphans(o);
	drain_view_fill(o);
	for (i = 0; i < o->state.n_sessions; i++) {
		struct upstream *up = adopt_find_neighbor(&o->upstreams,
		    &o->state.sessions[i].neighbor);

		if (up != NULL)
			fill_session(&up->session, &o->state.sessions[i]);
	}
	observe_keys(db, o);
	return 0;
}

static void
keep_downstream_names(struct db *db, const struct observation *o,
    const struct friendly_list *known)
{
	struct friendly f;
	struct err err;
	size_t i, j;

	for (i = 0; i < o->n_downstreams; i++) {
		for (j = 0; j < known->n; j++)
			if (addr_equal(&known->v[j].neighbor,
				&o->downstreams[i].peer))
				break;
		if (j < known->n)
			continue;
		memset(&f, 0, sizeof(f));
		f.neighbor = o->downstreams[i].peer;
		f.name = o->downstreams[i].name;
		copy_text(f.role, sizeof(f.role), ADOPT_DOWNSTREAM_ROLE);
		if (friendly_put(db, &f, &err) == -1)
			log_warning("the name %s cannot be kept: %s", f.name.s,
			    err.text);
	}
}

int
observe_below(struct db *db, struct observation *o, struct err *err)
{
	struct friendly_list names = { 0 };

	if (friendly_list(db, &names, err) == -1)
		return -1;
	adopt_host(&o->host, &o->upstreams);
	adopt_downstreams(o, &names, &o->downstreams, &o->n_downstreams);
	keep_downstream_names(db, o, &names);
	friendly_list_clear(&names);
	if (o->host.kernel_keys)
		observe_keys(db, o);
	return 0;
}

int
observe_host(struct supervisor *s, struct db *db, struct observation *o,
    struct err *err)
{
	if (host_observe(s, true, &o->host, err) == -1 ||
	    host_observe_interfaces(s, true, &o->interfaces, &o->n_interfaces,
		err) == -1)
		return -1;
	return observe_below(db, o, err);
}

int
observe_target(struct db *db, const struct observation *before,
    const struct target *target, struct observation *o, struct err *err)
{
	struct friendly_list names = { 0 };
	size_t i, j;

	memset(o, 0, sizeof(*o));
	if (friendly_list(db, &names, err) == -1)
		return -1;
	for (i = 0; i < target->n_set; i++) {
		for (j = 0; j < names.n; j++)
			if (addr_equal(&names.v[j].neighbor,
				&target->set[i].neighbor))
				break;
		if (j == names.n) {
			names.v =
			    mem_realloc(names.v, names.n + 1, sizeof(*names.v));
			names.n++;
		}
		names.v[j] = target->set[i];
	}
	o->tree = frr_tree_copy(target->tree);
	host_copy(&o->host, &target->host);
	o->n_interfaces = before->n_interfaces;
	o->interfaces =
	    mem_calloc(before->n_interfaces + 1, sizeof(*o->interfaces));
	memcpy(o->interfaces, before->interfaces,
	    before->n_interfaces * sizeof(*o->interfaces));
	adopt_router(o->tree, &o->router);
	adopt_upstreams(o->tree, &names, &o->upstreams);
	adopt_host(&o->host, &o->upstreams);
	adopt_downstreams(o, &names, &o->downstreams, &o->n_downstreams);
	friendly_list_clear(&names);
	return 0;
}

void
observe_counters_clear(struct observe_counters *c)
{
	free(c->v);
	memset(c, 0, sizeof(*c));
}

static const struct op_interface *
find_by_name(const struct observe_counters *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return &c->v[i];
	return NULL;
}

static const struct op_interface *
find_by_address(const struct observe_counters *c, const char *address)
{
	size_t i, j;

	if (address[0] == '\0')
		return NULL;
	for (i = 0; i < c->n; i++)
		for (j = 0; j < OP_INTERFACE_ADDRS; j++)
			if (strcmp(c->v[i].addrs[j], address) == 0)
				return &c->v[i];
	return NULL;
}

static uint64_t
rate(uint64_t before, uint64_t now, int64_t us)
{
	/* A counter that went back belongs to a new interface. */
	if (now < before || us <= 0)
		return 0;
	return (now - before) * 8 * 1000 / (uint64_t)((us + 999) / 1000);
}

void
observe_traffic(struct upstream_list *list, struct observe_counters *before,
    struct observe_counters *now)
{
	const struct op_interface *i, *old;
	int64_t us = now->at_us - before->at_us;
	size_t n;

	for (n = 0; n < list->n; n++) {
		struct upstream *up = &list->v[n];
		struct traffic *t = &up->session.traffic;

		i = find_by_address(now, up->session.local_address);
		if (i == NULL)
			i = find_by_address(now, up->local_address);
		if (i == NULL)
			i = find_by_name(now, up->local_address);
		if (i == NULL)
			continue;
		t->known = true;
		copy_text(t->interface, sizeof(t->interface), i->name);
		t->rx_bytes = i->rx_bytes;
		t->tx_bytes = i->tx_bytes;
		old = before->at_us == 0 ? NULL : find_by_name(before, i->name);
		if (old == NULL || us <= 0)
			continue;
		t->rates_known = true;
		t->rx_bps = rate(old->rx_bytes, i->rx_bytes, us);
		t->tx_bps = rate(old->tx_bytes, i->tx_bytes, us);
	}
	observe_counters_clear(before);
	*before = *now;
	memset(now, 0, sizeof(*now));
}
