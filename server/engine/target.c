/* engine/target.c - what the router is to become, begun as what it is. */
#include <string.h>

#include "engine/observe.h"
#include "engine/target.h"
#include "frr/tree.h"

void
target_init(struct target *t, const struct observation *o)
{
	memset(t, 0, sizeof(*t));
	t->tree = frr_tree_copy(o->tree);
	drain_map_copy(&t->marks, &o->marks);
	host_copy(&t->host, &o->host);
}

void
target_clear(struct target *t)
{
	frr_tree_free(&t->tree);
	drain_map_clear(&t->marks);
	host_clear(&t->host);
	memset(t, 0, sizeof(*t));
}

struct frr_node *
target_raw(const struct target *t)
{
	struct frr_node *raw = frr_tree_copy(t->tree);

	drain_map_lay(raw, &t->marks);
	return raw;
}
