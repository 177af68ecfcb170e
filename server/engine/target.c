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
	host_copy(&t->host, &o->host);
}

void
target_clear(struct target *t)
{
	frr_tree_free(&t->tree);
	host_clear(&t->host);
	memset(t, 0, sizeof(*t));
}
