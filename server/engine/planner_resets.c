/* engine/planner_resets.c - which sessions a change resets. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "engine/adopt_view.h"
#include "engine/host_diff.h"
#include "engine/observe.h"
#include "engine/planner.h"
#include "engine/rearm.h"
#include "engine/target.h"
#include "engine/transition.h"
#include "frr/tree.h"

/* frr/facts 2.5: changing one of these resets the session. */
static const char *const resetting[] = { "remote-as", "update-source",
	"ebgp-multihop", "password", "local-as", "ttl-security" };

static bool
same_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/* bgpd resets every session when the identifier in use becomes another. */
static bool
router_id_changes(const struct observation *o, const struct target *target)
{
	struct adopt_router then;

	adopt_router(target->tree, &then);
	return then.router_id[0] != '\0' &&
	    strcmp(then.router_id, o->router.router_id) != 0;
}

/* Both sides as this neighbor sees them. */
static bool
neighbor_resets(const struct frr_node *old, const struct frr_node *bgp,
    const struct upstream_list *afterwards, const struct upstream *up)
{
	const struct upstream *then;
	char neighbor[ADDR_TEXT_MAX];
	size_t i;

	then = adopt_find_neighbor(afterwards, &up->neighbor);
	if (old == NULL || bgp == NULL || then == NULL)
		return true;
	if (strcmp(old->line, bgp->line) != 0)
		return true; /* another AS of our own */
	(void)addr_print(&up->neighbor, neighbor);
	for (i = 0; i < sizeof(resetting) / sizeof(resetting[0]); i++)
		if (!same_text(adopt_value(old, old, neighbor, resetting[i],
				   NULL),
			adopt_value(bgp, bgp, neighbor, resetting[i], NULL)))
			return true;
	return memcmp(up->family, then->family, sizeof(up->family)) != 0;
}

/* What happens to the tunnel that has this address cuts its session. */
static bool
link_resets(const struct host_ops *ops, const char *name)
{
	size_t i;

	for (i = 0; i < ops->n; i++) {
		const char *about =
		    host_diff_object(ops->v[i].kind, ops->v[i].payload);

		switch (ops->v[i].kind) {
		case OP_LINK_DESTROY:
		case OP_LINK_ENDPOINTS:
		case OP_ADDRESS_REMOVE:
			if (strcmp(about, name) == 0)
				return true;
			break;
		case OP_LINK_UP:
			if (strcmp(about, name) == 0 &&
			    ((const struct op_link *)ops->v[i].payload)->up ==
				0)
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

static const struct op_link *
carrier(const struct observation *o, const struct upstream *up)
{
	const struct op_link *link = NULL;
	struct addr local;

	if (addr_parse(&local, up->local_address, NULL) == 0 ||
	    addr_parse(&local, up->session.local_address, NULL) == 0)
		link = host_link_by_address(&o->host, &local);
	if (link == NULL)
		link = host_link_by_address(&o->host, &up->neighbor);
	return link;
}

void
planner_resets(const struct observation *o, const struct target *target,
    const struct transition *t, struct addr **list, size_t *n)
{
	struct adopt_view *before = adopt_view_new(o->tree);
	struct adopt_view *after = adopt_view_new(target->tree);
	struct upstream_list afterwards = { 0 };
	struct friendly_list no_names = { 0 };
	struct host_ops ops = { 0 };
	bool all = router_id_changes(o, target);
	char neighbor[ADDR_TEXT_MAX];
	size_t i;

	*list = NULL;
	*n = 0;
	adopt_upstreams(target->tree, &no_names, &afterwards);
	host_diff(&t->before, &t->after, HOST_BUILD, &ops);
	host_diff(&t->before, &t->after, HOST_CLEAN, &ops);
	for (i = 0; i < o->upstreams.n; i++) {
		const struct upstream *up = &o->upstreams.v[i];
		const struct op_link *link = carrier(o, up);

		(void)addr_print(&up->neighbor, neighbor);
		if (!up->session.established ||
		    (!all && !rearm_resets(t->plan, &up->neighbor) &&
			!neighbor_resets(adopt_view_bgp(before, neighbor),
			    adopt_view_bgp(after, neighbor), &afterwards, up) &&
			(link == NULL || !link_resets(&ops, link->name))))
			continue;
		*list = mem_realloc(*list, *n + 1, sizeof(**list));
		(*list)[(*n)++] = up->neighbor;
	}
	host_diff_clear(&ops);
	adopt_clear(&afterwards);
	adopt_view_free(&before);
	adopt_view_free(&after);
}
