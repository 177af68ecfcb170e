/* tests/unit/test_model_drain_order.c - what a drain's body may say. */
/* links: model/drain_order model/drain model/drain_state model/drain_facts
 * model/order_options model/fields model/json base/addr base/buf base/clock
 * base/err base/log base/mem base/name base/number base/rfc3339 */
/* libs: -ljansson */
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
#include "model/drain_order.h"
#include "model/drain_state.h"

static int
read_text(struct drain_order *o, const char *json, struct err *err)
{
	return drain_order_read(o, json, strlen(json), err);
}

static void
test_defaults(void **state)
{
	struct drain router = { 0 }, upstream = { 0 };
	struct drain_order o;
	struct err err;

	(void)state;
	assert_int_equal(read_text(&o, "{}", &err), 0);
	drain_order_fill(&o, true, &router);
	drain_order_fill(&o, false, &upstream);
	assert_string_equal(router.owner, "operator");
	assert_int_equal(router.mode, DRAIN_SHIFT);
	assert_int_equal(router.on_timeout, DRAIN_HOLD);
	assert_int_equal(router.max_wait_s, 600);
	assert_int_equal(router.return_after_s, 60);
	assert_false(router.stay);
	assert_true(upstream.stay);
	assert_false(drain_order_is_same(&router, &upstream));
	upstream.stay = false;
	assert_true(drain_order_is_same(&router, &upstream));
	upstream.prepend = 1;
	assert_false(drain_order_is_same(&router, &upstream));
}

static void
test_all_of_it(void **state)
{
	static const char json[] =
	    "{\"owner\":\"fleet\",\"reason\":\"kernel\",\"ticket\":\"CHG-1\","
	    "\"mode\":\"shutdown\",\"max_wait_s\":5,\"on_timeout\":\"revert\","
	    "\"force\":true,\"prepend\":3,\"after_reboot\":\"stay\","
	    "\"return_after_s\":7}";
	struct drain d = { 0 };
	struct drain_order o;
	struct err err;
	char *text;

	(void)state;
	assert_int_equal(read_text(&o, json, &err), 0);
	drain_order_fill(&o, true, &d);
	text = drain_order_render(&d);
	assert_string_equal(text,
	    "{\"owner\":\"fleet\",\"reason\":\"kernel\",\"ticket\":\"CHG-1\","
	    "\"mode\":\"shutdown\",\"max_wait_s\":5,\"on_timeout\":\"revert\","
	    "\"force\":true,\"prepend\":3,\"after_reboot\":\"stay\","
	    "\"return_after_s\":7}");
	free(text);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *json;
		const char *pointer;
	} rows[] = {
		{ "{\"mode\":\"hard\"}", "/mode" },
		{ "{\"max_wait_s\":0}", "/max_wait_s" },
		{ "{\"max_wait_s\":86401}", "/max_wait_s" },
		{ "{\"prepend\":11}", "/prepend" },
		{ "{\"owner\":\"Upper\"}", "/owner" },
		{ "{\"force\":true}", "/reason" },
		{ "{\"reason\":\"a|b\"}", "/reason" },
		{ "{\"ticket\":\"what?\"}", "/ticket" },
		{ "{\"reason\":\"two  blanks\"}", "/reason" },
		{ "{\"reason\":\" front\"}", "/reason" },
		{ "{\"reason\":\"line\\nbreak\"}", "/reason" },
		{ "{\"after_reboot\":null}", "/after_reboot" },
		{ "{\"more\":1}", "/more" },
	};
	struct drain_order o;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_text(&o, rows[i].json, &err), -1);
		assert_int_equal(err.code, ERR_UNPROCESSABLE);
		assert_string_equal(err.fields[0].pointer, rows[i].pointer);
	}
}

/* Bytes are what counts: 127 times two are 254, one more blank and one more
 * byte are too much. */
static void
test_length(void **state)
{
	char reason[256] = "", message[300];
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < 99; i++)
		(void)strcat(reason, "\xc3\xbc");
	err_clear(&err);
	memset(message, 'x', sizeof(message));
	message[DRAIN_MESSAGE_MAX - 198 - 1] = '\0';
	assert_int_equal(drain_message_check(message, reason, &err), 0);
	(void)strcat(reason, "y");
	assert_int_equal(drain_message_check(message, reason, &err), -1);
	drain_message("", "why", message, sizeof(message));
	assert_string_equal(message, "why");
	drain_message("CHG-1", "why", message, sizeof(message));
	assert_string_equal(message, "CHG-1 why");
}

static void
test_state_and_facts(void **state)
{
	struct drain_state s = { .deadline_ms = 5,
		.best = -1,
		.cancelled = true,
		.n_back = 1 },
			   t;
	static struct drain_facts facts, back;
	struct buf b = BUF_INIT;
	char *text;

	(void)state;
	assert_int_equal(addr_parse(&s.back[0], "2001:db8::1", NULL), 0);
	text = drain_state_store(&s);
	drain_state_load(&t, text);
	free(text);
	assert_int_equal(t.deadline_ms, 5);
	assert_int_equal(t.best, -1);
	assert_true(t.cancelled);
	assert_true(drain_state_is_back(&t, &s.back[0]));
	drain_state_load(&t, "{ damaged");
	assert_int_equal(t.n_back, 0);
	facts.n = 1;
	facts.v[0].neighbor = s.back[0];
	facts.v[0].established = true;
	facts.v[0].rx_bps = -1;
	facts.v[0].updates_sent = 7;
	(void)snprintf(facts.v[0].interface, sizeof(facts.v[0].interface),
	    "gre0");
	drain_facts_store(&facts, &b);
	drain_facts_load(&back, buf_text(&b));
	buf_clear(&b);
	assert_int_equal(back.n, 1);
	assert_non_null(drain_facts_find(&back, &s.back[0]));
	assert_memory_equal(&facts.v[0], &back.v[0], sizeof(facts.v[0]));
	drain_facts_load(&back, NULL);
	assert_int_equal(back.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_of_it),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_state_and_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
