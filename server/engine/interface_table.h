/* engine/interface_table.h - every interface, put together from all we know. */
#ifndef ENGINE_INTERFACE_TABLE_H
#define ENGINE_INTERFACE_TABLE_H

#include <stddef.h>

struct buf;
struct interface;
struct observation;
struct observe_counters;

struct interface_table {
	struct interface *v; /* in the kernel's order, then boot files' only */
	size_t n;
};

/*
 * Fills *table, cleared before: interfaces with their counters from now, rates
 * from before, tunnels from o->host, whose they are from o's upstreams and
 * downstreams. To be called before observe_traffic(), which takes now away.
 */
void interface_table_fill(struct interface_table *, const struct observation *,
    const struct observe_counters *before, const struct observe_counters *now);
void interface_table_clear(struct interface_table *);
/* {"interfaces":[...: the list is left open, as for others of the snapshot. */
void interface_table_render(const struct interface_table *, struct buf *);

#endif
