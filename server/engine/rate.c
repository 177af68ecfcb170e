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
