/* tests/unit/test_engine_drain_view.c - states over layers, and the reminder.
 */
/* links: engine/drain_view engine/drain_want engine/drain_map
 * engine/drain_marks engine/adopt engine/adopt_view engine/naming
 * engine/route_map engine/route_map_users model/drain model/drain_state
 * model/upstream model/tunnel model/tag model/json frr/family frr/tree
 * frr/tree_parse frr/tree_index frr/section frr/diff frr/step frr/line frr/mask
 * frr/version base/addr base/buf base/clock base/crypto base/err base/io
 * base/log base/mem base/name base/number base/rfc3339 */
/* libs: -ljansson -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "engine/change.h"
#include "engine/drain_view.h"
#include "engine/drain_want.h"
#include "engine/observe.h"
#include "model/drain_state.h"
#include "model/router.h"

enum {
	HOUR_MS = 3600 * 1000
};

static struct drain rows[2];
static struct upstream up;
static struct observation o;

/* One upstream, its own reason, and the router's. */
static void
begin(enum drain_phase own, enum drain_phase whole)
{
	memset(rows, 0, sizeof(rows));
	memset(&up, 0, sizeof(up));
	memset(&o, 0, sizeof(o));
	assert_int_equal(addr_parse(&up.neighbor, "2001:db8::1", NULL), 0);
	(void)snprintf(rows[0].subject, sizeof(rows[0].subject), "router");
	(void)snprintf(rows[0].owner, sizeof(rows[0].owner), "reboot");
	rows[0].phase = whole;
	(void)snprintf(rows[1].subject, sizeof(rows[1].subject),
	    "upstreams/ifog");
	(void)snprintf(rows[1].owner, sizeof(rows[1].owner), "operator");
	rows[1].neighbor = up.neighbor;
	rows[1].phase = own;
	rows[0].created_ms = rows[1].created_ms = clock_wall_ms();
	o.drains.v = rows;
	o.drains.n = 2;
	o.upstreams.v = &up;
	o.upstreams.n = 1;
}

static void
check_state(enum drain_phase own, enum drain_phase whole, const char *word)
{
	begin(own, whole);
	assert_string_equal(drain_view_state(&o.drains, &up.neighbor), word);
}

static void
test_layers(void **state)
{
	(void)state;
	check_state(DRAIN_SIGNAL, DRAIN_RETURNING, "draining");
	check_state(DRAIN_DRAINED, DRAIN_PROOF, "drained");
	check_state(DRAIN_RETURNING, DRAIN_DRAINED, "drained");
	check_state(DRAIN_RETURNING, DRAIN_RETURNING, "returning");
	/* The other routers see that we mean to go; no session feels it. */
	check_state(DRAIN_RETURNING, DRAIN_ASKING, "returning");
	o.drains.n = 1;
	assert_string_equal(drain_view_state(&o.drains, NULL), "draining");
	assert_string_equal(drain_view_state(&o.drains, &up.neighbor),
	    "in_service");
	o.drains.n = 0;
	assert_string_equal(drain_view_state(&o.drains, &up.neighbor),
	    "in_service");
}

/* One that is back already is held by nobody but the other. */
static void
test_wanted(void **state)
{
	struct drain_state back = { .n_back = 1 };
	struct drain_setting s;

	(void)state;
	begin(DRAIN_DRAINED, DRAIN_DRAINED);
	rows[0].prepend = 3;
	rows[1].prepend = 1;
	rows[1].mode = DRAIN_SHUTDOWN;
	(void)snprintf(rows[1].reason, sizeof(rows[1].reason), "works");
	drain_want_of(&o, &up.neighbor, &s);
	assert_true(s.drained && s.shutdown && !s.native);
	assert_int_equal(s.prepend, 3);
	assert_string_equal(s.message, "works");
	rows[1].phase = DRAIN_RETURNING;
	(void)snprintf(o.state.version, sizeof(o.state.version), "10.7.1");
	drain_want_of(&o, &up.neighbor, &s);
	assert_true(s.drained && s.native);
	assert_false(s.shutdown);
	rows[0].phase = DRAIN_RETURNING;
	back.back[0] = up.neighbor;
	rows[0].state = drain_state_store(&back);
	rows[1].state = drain_state_store(&back);
	drain_want_of(&o, &up.neighbor, &s);
	assert_false(s.drained);
	rows[0].phase = DRAIN_ASKING;
	drain_want_of(&o, &up.neighbor, &s);
	assert_false(s.drained);
	free(rows[0].state);
	free(rows[1].state);
}

static void
test_reminder(void **state)
{
	struct router r;

	(void)state;
	begin(DRAIN_DRAINED, DRAIN_DRAINED);
	memset(&r, 0, sizeof(r));
	rows[1].created_ms -= 25 * HOUR_MS;
	drain_view_remind(&o, 0);
	assert_int_equal(up.n_warnings, 0);
	drain_view_remind(&o, 24 * 3600);
	assert_int_equal(up.n_warnings, 1);
	assert_non_null(strstr(up.warnings[0], "drained by operator for 25 h"));
	drain_view_router(&o, 24 * 3600, &r);
	assert_int_equal(r.freshness.n_warnings, 1);
	assert_non_null(strstr(r.freshness.warnings[0],
	    "upstreams/ifog is drained by operator for 25 h"));
	assert_string_equal(r.state, "drained");
	assert_non_null(strstr(r.state_reason, "the router by reboot"));
}

/* Said to be drained; FRR has nothing of it, or only what is left. */
static void
test_compare(void **state)
{
	struct drain_mark mark = { .neighbor = "2001:db8::1" };

	(void)state;
	begin(DRAIN_PROOF, DRAIN_DRAINED);
	up.family[0] = true;
	drain_view_compare(&o);
	assert_int_equal(up.n_warnings, 0); /* it is put right by itself */
	rows[1].phase = DRAIN_DRAINED;
	o.marks.v = &mark;
	o.marks.n = 1;
	drain_view_compare(&o);
	assert_int_equal(up.n_warnings, 0);
	mark.worn = true;
	drain_view_compare(&o);
	assert_int_equal(up.n_warnings, 1);
	assert_non_null(strstr(up.warnings[0], "changed by hand"));
	o.marks.n = 0;
	drain_view_compare(&o);
	assert_int_equal(up.n_warnings, 2);
	up.family[0] = false; /* no routes to be led away */
	drain_view_compare(&o);
	assert_int_equal(up.n_warnings, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_reminder),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
