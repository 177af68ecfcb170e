/* engine/doctor_drain.c - is somebody out of service without a reason? */
#include <stdio.h>

#include "base/addr.h"
#include "base/err.h"
#include "engine/doctor.h"
#include "engine/drain_map.h"
#include "engine/worker.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "model/doctor.h"
#include "model/drain.h"
#include "store/drain.h"

static const char mend[] =
    "find its name with \"mhctl upstreams\"; then mhctl drain and mhctl "
    "undrain of it lead it back";

static bool
has_reason(const struct drain_list *list, const char *neighbor)
{
	struct addr addr;
	size_t i;

	if (addr_parse(&addr, neighbor, NULL) == -1)
		return true;
	for (i = 0; i < list->n; i++)
		if (drain_covers(&list->v[i], &addr))
			return true;
	return false;
}

/* Route maps of a drain come back with an old copy of FRR's file, say. */
static void
judge(const struct drain_marks *marks, const struct drain_list list[2],
    struct doctor *d)
{
	const char *first = NULL;
	char more[40] = "";
	size_t i, n = 0;

	for (i = 0; i < marks->n; i++) {
		const char *neighbor = marks->v[i].neighbor;

		if (has_reason(&list[0], neighbor) ||
		    has_reason(&list[1], neighbor))
			continue;
		if (n++ == 0)
			first = neighbor;
	}
	if (n > 1)
		(void)snprintf(more, sizeof(more), " (and %zu more)", n - 1);
	if (first == NULL)
		doctor_add(d, "drains", DOCTOR_OK, NULL,
		    "nobody is out of service without a reason");
	else
		doctor_add(d, "drains", DOCTOR_WARNING, mend,
		    "the neighbor %s%s has the route maps of a drain that is "
		    "not there: it is out of service",
		    first, more);
}

void
doctor_drain(struct worker_tools *tools, struct doctor *d)
{
	struct drain_marks marks = { 0 };
	struct drain_list list[2] = { { 0 }, { 0 } }; /* before, after */
	struct frr_node *running = NULL;
	struct err err;

	err_clear(&err);
	if (drain_list(tools->db, &list[0], &err) == -1 ||
	    frr_observe_config(tools->frr, false, &running, &err) == -1 ||
	    drain_list(tools->db, &list[1], &err) == -1) {
		doctor_add(d, "drains", DOCTOR_WARNING,
		    "see what is said of FRR's daemons here", "%s", err.text);
	} else {
		drain_map_strip(running, &marks);
		judge(&marks, list, d);
	}
	drain_map_clear(&marks);
	drain_list_clear(&list[0]);
	drain_list_clear(&list[1]);
	frr_tree_free(&running);
}
