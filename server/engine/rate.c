/* engine/rate.c - bits per second out of two byte counts. */
#include <string.h>

#include "engine/observe.h"
#include "engine/rate.h"
#include "wire/op.h"

static const struct op_interface *
find(const struct observe_counters *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return &c->v[i];
	return NULL;
}

static uint64_t
rate(uint64_t before, uint64_t now, int64_t us)
{
	if (now < before)
		return 0;
	return (now - before) * 8 * 1000 / (uint64_t)((us + 999) / 1000);
}

bool
rate_of_interface(const struct observe_counters *before,
    const struct observe_counters *now, const char *interface, uint64_t *rx_bps,
    uint64_t *tx_bps)
{
	const struct op_interface *i = find(now, interface), *old;
	int64_t us = now->at_us - before->at_us;

	old = before->at_us == 0 ? NULL : find(before, interface);
	if (i == NULL || old == NULL || us <= 0)
		return false;
	*rx_bps = rate(old->rx_bytes, i->rx_bytes, us);
	*tx_bps = rate(old->tx_bytes, i->tx_bytes, us);
	return true;
}

/* Does a tunnel of ours begin at an address of this interface? */
static bool
carries_tunnels(const struct observation *o, const char *interface)
{
	struct addr a;
	size_t i, j, k;

	for (i = 0; i < o->n_interfaces; i++) {
		if (strcmp(o->interfaces[i].name, interface) != 0)
			continue;
		for (j = 0; j < OP_INTERFACE_ADDRS; j++)
			for (k = 0; k < o->host.n_links; k++)
				if (addr_parse(&a, o->interfaces[i].addrs[j],
					NULL) == 0 &&
				    addr_equal(&a, &o->host.links[k].local))
					return true;
	}
	return false;
}

bool
rate_is_own(const struct observation *o, const struct upstream *up)
{
	const struct traffic *t = &up->session.traffic;
	size_t i;

	if (!t->known)
		return false;
	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *other = &o->upstreams.v[i];

		if (other != up && other->session.traffic.known &&
		    strcmp(other->session.traffic.interface, t->interface) == 0)
			return false;
	}
	return !carries_tunnels(o, t->interface);
}
