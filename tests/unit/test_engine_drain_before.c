/* tests/unit/test_engine_drain_before.c - what a drain's proof compares with.
 */
/* links: engine/drain_before engine/drain_want engine/drain_map
 * engine/drain_marks engine/adopt engine/adopt_view engine/naming
 * engine/route_map engine/route_map_users model/drain model/drain_state
 * model/drain_facts model/upstream model/tunnel model/tag model/json frr/family
 * frr/tree frr/tree_parse frr/tree_index frr/section frr/diff frr/step frr/line
 * frr/mask base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/mem base/name base/number base/rfc3339 frr/version */
/* libs: -ljansson -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/drain_before.h"
#include "engine/drain_look.h"
#include "engine/observe.h"
#include "model/drain.h"

static const char address[] = "2001:db8:1::1";

/* Now: it is up for the second time and has been sent 40 updates. */
void
drain_look(struct worker_tools *tools, const struct observation *o,
    const struct drain *d, bool count, struct drain_facts *facts)
{
	(void)tools;
	(void)o;
	(void)d;
	memset(facts, 0, sizeof(*facts));
	assert_int_equal(addr_parse(&facts->v[0].neighbor, address, NULL), 0);
	facts->v[0].established = true;
	facts->v[0].established_count = 2;
	facts->v[0].updates_sent = 40;
	facts->v[0].best_paths = count ? 7 : -1;
	facts->n = 1;
}

struct order {
	struct observation o;
	struct drain_mark mark;
	struct drain rows[2];
	struct drain wanted;
	struct drain old;
	struct drain_fact fact; /* what came of it */
};

/* The whole router, by "reboot"; it is drained by nobody. */
static void
begin(struct order *d)
{
	memset(d, 0, sizeof(*d));
	(void)snprintf(d->wanted.subject, sizeof(d->wanted.subject), "router");
	(void)snprintf(d->wanted.owner, sizeof(d->wanted.owner), "reboot");
	(void)snprintf(d->wanted.boot_id, sizeof(d->wanted.boot_id), "this");
	(void)snprintf(d->mark.neighbor, sizeof(d->mark.neighbor), "%s",
	    address);
	d->o.marks.v = &d->mark;
	d->o.drains.v = d->rows;
}

/* One more reason, by which it is drained; it began when 30 had been sent. */
static struct drain *
drained_by(struct order *d, const char *owner, enum drain_phase phase)
{
	struct drain *row = &d->rows[d->o.drains.n++];
	struct drain_facts facts;
	struct buf b = BUF_INIT;

	(void)snprintf(row->subject, sizeof(row->subject), "router");
	(void)snprintf(row->owner, sizeof(row->owner), "%s", owner);
	(void)snprintf(row->operation, sizeof(row->operation), "op-1");
	(void)snprintf(row->boot_id, sizeof(row->boot_id), "this");
	row->phase = phase;
	drain_look(NULL, NULL, NULL, true, &facts);
	facts.v[0].updates_sent = 30;
	facts.v[0].established_count = 1;
	facts.v[0].best_paths = 99;
	drain_facts_store(&facts, &b);
	row->before = buf_take(&b);
	d->o.marks.n = 1;
	return row;
}

/* What is compared with: so many updates, of which time the session was up. */
static void
check(struct order *d, int64_t updates, int64_t count)
{
	char *text = drain_before(NULL, &d->o, &d->wanted, &d->old);
	struct drain_facts facts;

	drain_facts_load(&facts, text);
	free(text);
	assert_int_equal(facts.n, 1);
	d->fact = facts.v[0];
	assert_int_equal(d->fact.updates_sent, updates);
	assert_int_equal(d->fact.established_count, count);
}

static void
end(struct order *d)
{
	free(d->rows[0].before);
	free(d->rows[1].before);
}

static void
test_in_service(void **state)
{
	struct order d;

	(void)state;
	begin(&d);
	check(&d, 40, 2);
	assert_int_equal(d.fact.best_paths, 7);
	end(&d);
}

/* By another reason: nothing is announced anew, unless this one adds to it. */
static void
test_drained_already(void **state)
{
	struct order d;

	(void)state;
	begin(&d);
	(void)drained_by(&d, "operator", DRAIN_DRAINED);
	check(&d, -1, 2);
	assert_int_equal(d.fact.best_paths, 7);
	d.wanted.prepend = 2;
	check(&d, 40, 2);
	d.rows[0].prepend = 3;
	check(&d, 40, 2); /* not laid yet */
	d.mark.prepend = 3;
	check(&d, -1, 2);
	end(&d);
}

static void
test_under_way(void **state)
{
	struct order d;

	(void)state;
	begin(&d);
	(void)drained_by(&d, "operator", DRAIN_PROOF);
	check(&d, 30, 1);
	(void)drained_by(&d, "fleet", DRAIN_DRAINED);
	check(&d, 30, 1);
	/* It counted in another boot. */
	(void)snprintf(d.rows[0].boot_id, sizeof(d.rows[0].boot_id), "last");
	check(&d, -1, 2);
	end(&d);
}

/* The owner's own order is replaced: what was before it stays so. */
static void
test_goes_on(void **state)
{
	char back[] = "{\"back\":[\"2001:db8:1::1\"]}";
	struct order d;

	(void)state;
	begin(&d);
	d.old = *drained_by(&d, "reboot", DRAIN_DRAINED);
	assert_true(drain_before_goes_on(&d.old));
	check(&d, -1, 2);
	assert_int_equal(d.fact.best_paths, 99);
	d.wanted.prepend = 2;
	check(&d, 40, 2);
	d.wanted.prepend = 0;
	d.rows[0].phase = d.old.phase = DRAIN_PROOF;
	check(&d, 30, 1);
	d.rows[0].phase = d.old.phase = DRAIN_RETURNING;
	assert_false(drain_before_goes_on(&d.old));
	check(&d, -1, 2); /* not back yet */
	assert_int_equal(d.fact.best_paths, 99);
	d.rows[0].state = d.old.state = back;
	d.o.marks.n = 0;
	check(&d, 40, 2); /* back, and measured anew */
	assert_int_equal(d.fact.best_paths, 7);
	end(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_service),
		cmocka_unit_test(test_drained_already),
		cmocka_unit_test(test_under_way),
		cmocka_unit_test(test_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
