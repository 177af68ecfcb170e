/* tests/unit/test_model_upstream_order.c - what a change of an upstream may
 * ask. */
/* links: model/check model/upstream_order model/tunnel_order
 * model/order_options model/fields base/addr base/err base/name base/number
 * base/crypto base/md5key base/buf base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "model/upstream_order.h"

static void
accept_order(struct upstream_order *order, const char *json)
{
	struct err err;

	if (upstream_order_read(order, false, json, strlen(json), &err) == -1)
		fail_msg("%s: %s %s", json, err.fields[0].pointer,
		    err.fields[0].detail);
}

static void
refuse_order(const char *json, const char *pointer)
{
	struct upstream_order order;
	struct err err;

	if (upstream_order_read(&order, false, json, strlen(json), &err) != -1)
		fail_msg("%s was accepted", json);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_string_equal(err.fields[0].pointer, pointer);
}

static void
test_order(void **state)
{
	struct upstream_order order;

	(void)state;
	memset(&order, 0x5a, sizeof(order));
	accept_order(&order,
	    "{\"description\":\"iFog, Frankfurt\","
	    "\"import\":{\"local_preference\":250},"
	    "\"export\":{\"as_path_prepend\":10},\"shared\":true,"
	    "\"reason\":\"iFog says \\\"maintenance\\\" | twice\","
	    "\"ticket\":\"NET-1\"}");
	assert_string_equal(order.description.text, "iFog, Frankfurt");
	assert_int_equal(order.local_preference.number, 250);
	assert_int_equal(order.as_path_prepend.number, 10);
	assert_true(order.options.shared.flag);
	assert_string_equal(order.options.reason.text,
	    "iFog says \"maintenance\" | twice");
	assert_string_equal(order.options.ticket.text, "NET-1");
	assert_false(upstream_order_is_empty(&order));
}

static void
test_empty(void **state)
{
	struct upstream_order order;

	(void)state;
	accept_order(&order, "{}");
	assert_true(upstream_order_is_empty(&order));
	accept_order(&order,
	    "{\"import\":{},\"export\":{},\"shared\":false,"
	    "\"reason\":\"r\",\"ticket\":\"t\"}");
	assert_true(upstream_order_is_empty(&order));
	/* null is something: back to the default. */
	accept_order(&order, "{\"import\":{\"local_preference\":null}}");
	assert_false(upstream_order_is_empty(&order));
	assert_true(order.local_preference.null);
	accept_order(&order, "{\"description\":null}");
	assert_false(upstream_order_is_empty(&order));
	accept_order(&order, "{\"export\":{\"as_path_prepend\":null}}");
	assert_false(upstream_order_is_empty(&order));
}

static void
test_numbers(void **state)
{
	struct upstream_order order;

	(void)state;
	accept_order(&order, "{\"import\":{\"local_preference\":0}}");
	assert_true(order.local_preference.present);
	accept_order(&order, "{\"import\":{\"local_preference\":4294967295}}");
	assert_true(order.local_preference.number == 4294967295U);
	refuse_order("{\"import\":{\"local_preference\":4294967296}}",
	    "/import/local_preference");
	refuse_order("{\"import\":{\"local_preference\":-1}}",
	    "/import/local_preference");
	refuse_order("{\"import\":{\"local_preference\":\"250\"}}",
	    "/import/local_preference");
	accept_order(&order, "{\"export\":{\"as_path_prepend\":0}}");
	refuse_order("{\"export\":{\"as_path_prepend\":11}}",
	    "/export/as_path_prepend");
	refuse_order("{\"export\":{\"local_preference\":1}}",
	    "/export/local_preference");
	refuse_order("{\"import\":null}", "/import");
}

/* What goes to FRR is checked for FRR; what is only stored is not. */
static void
test_texts(void **state)
{
	static const char *const bad_lines[] = { "", " x", "x\\ny", "x|y",
		"x?y", "!x", "#x", "x\\\"", "x\\\\y", "x\\u0007", "a  b",
		"x\\u0085" };
	static const char *const bad_notes[] = { "", "x\\ny", "x\\u0007",
		"x\\u007f", "\\r" };
	static const char *const notes[] = { "!x", "a|b?c", " ", "a  b", "\"",
		"\xe2\x82\xac" };
	struct upstream_order order;
	char json[128];
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad_lines); i++) {
		(void)snprintf(json, sizeof(json), "{\"description\":\"%s\"}",
		    bad_lines[i]);
		refuse_order(json, "/description");
	}
	for (i = 0; i < NITEMS(bad_notes); i++) {
		(void)snprintf(json, sizeof(json), "{\"reason\":\"%s\"}",
		    bad_notes[i]);
		refuse_order(json, "/reason");
		(void)snprintf(json, sizeof(json), "{\"ticket\":\"%s\"}",
		    bad_notes[i]);
		refuse_order(json, "/ticket");
	}
	for (i = 0; i < NITEMS(notes); i++) {
		(void)snprintf(json, sizeof(json), "{\"reason\":\"%s%s\"}",
		    notes[i][0] == '"' ? "\\" : "", notes[i]);
		accept_order(&order, json);
		assert_string_equal(order.options.reason.text, notes[i]);
	}
	refuse_order("{\"reason\":null}", "/reason");
}

static void
check_length(const char *member, size_t max)
{
	struct upstream_order order;
	char json[400], text[300], pointer[32];

	memset(text, 'x', sizeof(text));
	text[max] = '\0';
	(void)snprintf(json, sizeof(json), "{\"%s\":\"%s\"}", member, text);
	accept_order(&order, json);
	text[max] = 'x';
	text[max + 1] = '\0';
	(void)snprintf(json, sizeof(json), "{\"%s\":\"%s\"}", member, text);
	(void)snprintf(pointer, sizeof(pointer), "/%s", member);
	refuse_order(json, pointer);
}

static void
test_lengths(void **state)
{
	(void)state;
	check_length("description", 80);
	check_length("reason", ORDER_OPTIONS_REASON_MAX);
	check_length("ticket", ORDER_OPTIONS_TICKET_MAX);
}

/* What scope operate may change, and what takes more. */
static void
test_is_policy(void **state)
{
	static const char *const policy[] = { "{}", "{\"description\":null}",
		("{\"import\":{\"local_preference\":1},"
		 "\"export\":{\"as_path_prepend\":1},\"reason\":\"r\"}"),
		"{\"confirm\":{\"revert_in_s\":60},\"shared\":true}",
		"{\"status\":{\"anything\":[1]}}" };
	static const char *const more[] = { "{\"tunnel\":null}",
		"{\"tunnel\":{\"mtu\":1400}}", "{\"remote_as\":1}",
		"{\"import\":{\"prefix_list\":null}}",
		"{\"export\":{\"prefix_list\":\"A\"}}",
		"{\"firewall\":{\"nat\":null}}", "{\"tcp_md5\":null}",
		"{\"host_route\":null}", "{\"families\":null}",
		"{\"role\":\"peer\"}", "{\"adopt\":true}",
		"{\"capacity_mbps\":null}", "{\"next_hop_self\":true}",
		"{\"import\":{\"maximum_prefix\":null}}" };
	struct upstream_order order;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(policy); i++) {
		accept_order(&order, policy[i]);
		assert_true(upstream_order_is_policy(&order));
	}
	for (i = 0; i < NITEMS(more); i++) {
		accept_order(&order, more[i]);
		assert_false(upstream_order_is_policy(&order));
	}
}

static void
test_objects(void **state)
{
	struct upstream_order order;

	(void)state;
	accept_order(&order,
	    "{\"tunnel\":{\"kind\":\"gif\",\"mtu\":null},"
	    "\"host_route\":{\"gateway\":\"fe80::1%em0\"},"
	    "\"families\":[\"ipv6-unicast\"],"
	    "\"confirm\":{\"revert_in_s\":60,\"id\":\"a-1\"}}");
	assert_true(order.tunnel.tunnel.present && !order.tunnel.tunnel.null);
	assert_int_equal(order.tunnel.kind.number, 1);
	assert_true(order.tunnel.mtu.present && order.tunnel.mtu.null);
	assert_false(order.tunnel.local.present);
	assert_string_equal(order.gateway.text, "fe80::1%em0");
	assert_int_equal(order.families.number, 2);
	assert_int_equal(order.options.revert_in_s.number, 60);
	assert_string_equal(order.options.confirm_id.text, "a-1");
	accept_order(&order, "{\"tunnel\":null}");
	assert_true(order.tunnel.tunnel.null);
	refuse_order("{\"tunnel\":{\"ttl\":1}}", "/tunnel/ttl");
	refuse_order("{\"tunnel\":[]}", "/tunnel");
	refuse_order("{\"confirm\":null}", "/confirm");
	refuse_order("{\"confirm\":{\"revert_in_s\":3601}}",
	    "/confirm/revert_in_s");
	refuse_order("{\"confirm\":{\"revert_in_s\":60,\"id\":\"A\"}}",
	    "/confirm/id");
	refuse_order("{\"host_route\":{\"gateway\":\"fe80::1\"}}",
	    "/host_route/gateway");
}

static void
check_query(const char *pointer, size_t at, const char *value)
{
	const char *values[ORDER_OPTIONS_QUERY] = { NULL };
	struct order_options o;
	struct err err;

	values[at] = value;
	assert_int_equal(order_options_from_query(&o, values, &err), -1);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_string_equal(err.fields[0].pointer, pointer);
}

static void
test_query(void **state)
{
	const char *values[ORDER_OPTIONS_QUERY] = { "why", "T-1", "false",
		"true", "true", "60", "x1" };
	struct order_options o;

	(void)state;
	assert_int_equal(order_options_from_query(&o, values, NULL), 0);
	assert_string_equal(o.reason.text, "why");
	assert_string_equal(o.ticket.text, "T-1");
	assert_true(o.shared.present && !o.shared.flag);
	assert_true(o.allow_reset.flag && o.adopt.flag);
	assert_int_equal(o.revert_in_s.number, 60);
	assert_string_equal(o.confirm_id.text, "x1");
	assert_string_equal(order_options_query[6], "confirm_id");
	check_query("/reason", 0, "");
	check_query("/shared", 2, "yes");
	check_query("/revert_in_s", 5, "9");
	check_query("/revert_in_s", 6, "x1");
	check_query("/confirm_id", 6, "X");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_is_policy),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
