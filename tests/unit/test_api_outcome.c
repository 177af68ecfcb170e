/* tests/unit/test_api_outcome.c - the answer to a change, whole. */
/* links: api/outcome model/plan model/policy model/fields model/json
 * model/order_options base/addr base/buf base/clock base/crypto base/err
 * base/log base/mem base/name base/number base/rfc3339 model/rotation
 * base/md5key */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/outcome.h"
#include "base/buf.h"
#include "base/compat.h"

static char body[] = "{\"name\":\"ifog\"}";

static void
check(const struct change_order *order, const struct change_result *result,
    const char *want)
{
	struct buf b = BUF_INIT;

	outcome_render(order, result, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static void
test_made(void **state)
{
	struct change_order order = { .kind = CHANGE_UPSTREAM };
	struct change_result result = { .changed = true,
		.created = true,
		.operation = "op-1",
		.audit_seq = 7,
		.has_best_paths_moved = true,
		.best_paths_moved = 12,
		.body = body };

	(void)state;
	plan_add_step(&result.plan, "links", "ip link add\n", "ip link del\n");
	check(&order, &result,
	    "{\"changed\":true,\"dry_run\":false,\"operation\":\"op-1\","
	    "\"audit_seq\":7,\"best_paths_moved\":12,\"sessions_reset\":[],"
	    "\"confirm\":null,\"plan\":{\"steps\":[{\"subsystem\":\"links\","
	    "\"commands\":[\"ip link add\"],\"undo\":[\"ip link del\"]}]},"
	    "\"upstream\":{\"name\":\"ifog\"}}");
	order.dry_run = true;
	check(&order, &result,
	    "{\"changed\":true,\"dry_run\":true,\"sessions_reset\":[],"
	    "\"plan\":{\"steps\":[{\"subsystem\":\"links\","
	    "\"commands\":[\"ip link add\"],\"undo\":[\"ip link del\"]}]}}");
	plan_clear(&result.plan);
}

static void
test_pending(void **state)
{
	struct change_order order = { .kind = CHANGE_DOWNSTREAM_REMOVE };
	struct addr resets[2];
	struct change_result result = { .changed = true,
		.operation = "op-1",
		.audit_seq = 7,
		.resets = resets,
		.n_resets = 2,
		.confirm_pending = true,
		.revert_in_s = 120,
		.reverts_at_ms = 1772330400000 };

	(void)state;
	assert_int_equal(addr_parse(&resets[0], "2001:db8::1", NULL), 0);
	assert_int_equal(addr_parse(&resets[1], "192.0.2.1", NULL), 0);
	check(&order, &result,
	    "{\"changed\":true,\"dry_run\":false,\"operation\":\"op-1\","
	    "\"audit_seq\":7,\"best_paths_moved\":null,"
	    "\"sessions_reset\":[\"2001:db8::1\",\"192.0.2.1\"],"
	    "\"confirm\":{\"operation\":\"op-1\",\"state\":\"pending\","
	    "\"revert_in_s\":120,"
	    "\"reverts_at\":\"2026-03-01T02:00:00.000Z\"},"
	    "\"plan\":{\"steps\":[]},\"downstream\":null}");
}

/* Nothing to do: no operation was begun. */
static void
test_unchanged(void **state)
{
	struct change_order order = { .kind = CHANGE_ROUTER };
	struct change_result result = { .body = body };

	(void)state;
	check(&order, &result,
	    "{\"changed\":false,\"dry_run\":false,\"operation\":null,"
	    "\"audit_seq\":null,\"best_paths_moved\":null,"
	    "\"sessions_reset\":[],\"confirm\":null,\"plan\":{\"steps\":[]},"
	    "\"router\":{\"name\":\"ifog\"}}");
}

static void
test_cleared(void **state)
{
	struct change_order order = { .kind = CHANGE_CLEAR };
	struct change_result result = { .changed = true,
		.operation = "op-1",
		.audit_seq = 7 };

	(void)state;
	assert_int_equal(addr_parse(&order.session, "2001:db8::1", NULL), 0);
	check(&order, &result,
	    "{\"changed\":true,\"session\":\"2001:db8::1\",\"soft\":null,"
	    "\"operation\":\"op-1\",\"audit_seq\":7}");
	order.clear.soft.present = true;
	order.clear.soft.number = POLICY_SOFT_OUT;
	check(&order, &result,
	    "{\"changed\":true,\"session\":\"2001:db8::1\",\"soft\":\"out\","
	    "\"operation\":\"op-1\",\"audit_seq\":7}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_unchanged),
		cmocka_unit_test(test_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
