/* engine/edit_drain.c - neighbors out of service, and in again. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "engine/change.h"
#include "engine/edit.h"
#include "engine/observe.h"
#include "engine/target.h"

void
edit_drain_set(const struct drain_setting *s, const char *name,
    struct target *target)
{
	char neighbor[ADDR_TEXT_MAX];
	struct drain_mark *m;

	(void)addr_print(&s->neighbor, neighbor);
	if (!s->drained) {
		drain_map_drop(&target->marks, neighbor);
		return;
	}
	m = drain_map_add(&target->marks, neighbor, name);
	m->native = s->native;
	m->prepend = s->prepend;
	m->shutdown = s->shutdown;
	(void)snprintf(m->message, sizeof(m->message), "%s", s->message);
}

static int
edit_one(const struct observation *o, const struct drain_setting *s,
    struct target *target, struct err *err)
{
	const struct upstream *up =
	    adopt_find_neighbor(&o->upstreams, &s->neighbor);
	char neighbor[ADDR_TEXT_MAX];

	if (up == NULL && s->drained)
		return err_set(err, ERR_NOT_FOUND,
		    "there is no neighbor %s any more",
		    addr_print(&s->neighbor, neighbor));
	edit_drain_set(s, up == NULL ? "" : up->name.s, target);
	return 0;
}

int
edit_drain(const struct observation *o, const struct drain_change *change,
    struct target *target, struct err *err)
{
	size_t i;

	for (i = 0; i < change->n; i++)
		if (edit_one(o, &change->v[i], target, err) == -1)
			return -1;
	return 0;
}
