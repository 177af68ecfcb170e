/* engine/drain_before.c - how it was before, for the proof to compare with. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/drain_before.h"
#include "engine/drain_look.h"
#include "engine/drain_want.h"
#include "engine/observe.h"
#include "model/drain.h"

bool
drain_before_goes_on(const struct drain *old)
{
	return old->operation[0] != '\0' && old->before != NULL &&
	    old->phase != DRAIN_RETURNING;
}

static bool
is_same(const struct drain *a, const struct drain *b)
{
	return strcmp(a->subject, b->subject) == 0 &&
	    strcmp(a->owner, b->owner) == 0;
}

/* It is drained already, and this order adds nothing to what is told. */
static bool
is_told(const struct observation *o, const struct drain *wanted,
    const struct addr *neighbor)
{
	uint32_t prepend = wanted->prepend;
	const struct drain_mark *m;
	char text[ADDR_TEXT_MAX];
	size_t i;

	m = drain_map_find(&o->marks, addr_print(neighbor, text));
	for (i = 0; i < o->drains.n; i++) {
		const struct drain *d = &o->drains.v[i];

		if (!is_same(d, wanted) && d->prepend > prepend &&
		    drain_want_covers(d, neighbor))
			prepend = d->prepend;
	}
	return m != NULL && m->prepend == prepend;
}

/* What had been sent when the reason began that is still at announcing it. */
static void
inherit(const struct observation *o, const struct drain *wanted,
    struct drain_fact *f)
{
	struct drain_facts *facts = mem_calloc(1, sizeof(*facts));
	const struct drain_fact *old;
	size_t i;

	f->updates_sent = -1;
	for (i = 0; i < o->drains.n; i++) {
		const struct drain *d = &o->drains.v[i];

		if ((d->phase != DRAIN_SIGNAL && d->phase != DRAIN_PROOF) ||
		    strcmp(d->boot_id, wanted->boot_id) != 0 ||
		    !drain_covers(d, &f->neighbor))
			continue;
		drain_facts_load(facts, d->before);
		old = drain_facts_find(facts, &f->neighbor);
		if (old == NULL)
			continue;
		f->updates_sent = old->updates_sent;
		f->established_count = old->established_count;
		f->established_ms = old->established_ms;
	}
	free(facts);
}

/* What is told anew is measured from now on. */
static void
begin_counting(const struct observation *o, const struct drain *wanted,
    const struct drain_facts *now, struct drain_facts *before)
{
	const struct drain_fact *f;
	size_t i;

	for (i = 0; i < before->n; i++) {
		f = drain_facts_find(now, &before->v[i].neighbor);
		if (f == NULL)
			continue;
		before->v[i].updates_sent = f->updates_sent;
		before->v[i].established_count = f->established_count;
		before->v[i].established_ms = f->established_ms;
		if (is_told(o, wanted, &f->neighbor))
			inherit(o, wanted, &before->v[i]);
	}
}

/* On its way back: what has not come back yet is as before. */
static void
keep_old(const struct drain *old, struct drain_facts *before)
{
	struct drain_facts *facts;
	const struct drain_fact *f;
	size_t i;

	if (old->phase != DRAIN_RETURNING)
		return;
	facts = mem_calloc(1, sizeof(*facts));
	drain_facts_load(facts, old->before);
	for (i = 0; i < before->n; i++) {
		f = drain_facts_find(facts, &before->v[i].neighbor);
		if (f != NULL && drain_want_covers(old, &f->neighbor))
			before->v[i] = *f;
	}
	free(facts);
}

char *
drain_before(struct worker_tools *tools, const struct observation *o,
    const struct drain *wanted, const struct drain *old)
{
	struct drain_facts *now = mem_calloc(1, sizeof(*now));
	struct drain_facts *before = mem_calloc(1, sizeof(*before));
	bool goes_on = drain_before_goes_on(old);
	struct buf text = BUF_INIT;

	drain_look(tools, o, wanted, !goes_on, now);
	if (goes_on)
		drain_facts_load(before, old->before);
	else
		memcpy(before, now, sizeof(*before));
	keep_old(old, before);
	begin_counting(o, wanted, now, before);
	drain_facts_store(before, &text);
	free(before);
	free(now);
	return buf_take(&text);
}
