/* tests/unit/test_model_policy.c - what a change of policy may ask. */
/* links: model/policy model/fields base/err base/name */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "model/policy.h"

static void
accept_order(struct policy_order *order, const char *json)
{
	struct err err;

	if (policy_order_read(order, json, strlen(json), &err) == -1)
		fail_msg("%s: %s %s", json, err.fields[0].pointer,
		    err.fields[0].detail);
}

static void
refuse_order(const char *json, const char *pointer)
{
	struct policy_order order;
	struct err err;

	if (policy_order_read(&order, json, strlen(json), &err) != -1)
		fail_msg("%s was accepted", json);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_string_equal(err.fields[0].pointer, pointer);
}

static void
test_order(void **state)
{
	struct policy_order order;

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
	assert_true(order.shared.flag);
	assert_string_equal(order.reason.text,
	    "iFog says \"maintenance\" | twice");
	assert_string_equal(order.ticket.text, "NET-1");
	assert_false(policy_order_is_empty(&order));
}

static void
test_empty(void **state)
{
	struct policy_order order;

	(void)state;
	accept_order(&order, "{}");
	assert_true(policy_order_is_empty(&order));
	accept_order(&order,
	    "{\"import\":{},\"export\":{},\"shared\":false,"
	    "\"reason\":\"r\",\"ticket\":\"t\"}");
	assert_true(policy_order_is_empty(&order));
	/* null is something: back to the default. */
	accept_order(&order, "{\"import\":{\"local_preference\":null}}");
	assert_false(policy_order_is_empty(&order));
	assert_true(order.local_preference.null);
	accept_order(&order, "{\"description\":null}");
	assert_false(policy_order_is_empty(&order));
	accept_order(&order, "{\"export\":{\"as_path_prepend\":null}}");
	assert_false(policy_order_is_empty(&order));
}

static void
test_numbers(void **state)
{
	struct policy_order order;

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
	struct policy_order order;
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
		assert_string_equal(order.reason.text, notes[i]);
	}
	refuse_order("{\"reason\":null}", "/reason");
}

static void
check_length(const char *member, size_t max)
{
	struct policy_order order;
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
	check_length("reason", POLICY_REASON_MAX);
	check_length("ticket", POLICY_TICKET_MAX);
}

static void
test_clear(void **state)
{
	static const struct {
		const char *json;
		enum policy_soft soft;
		const char *name;
	} all[] = {
		{ "{\"soft\":\"in\"}", POLICY_SOFT_IN, "in" },
		{ "{\"soft\":\"out\"}", POLICY_SOFT_OUT, "out" },
		{ "{\"soft\":\"both\"}", POLICY_SOFT_BOTH, "both" },
		{ "{\"soft\":null}", POLICY_SOFT_NONE, NULL },
		{ "{}", POLICY_SOFT_NONE, NULL },
	};
	struct policy_clear clear;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++) {
		memset(&clear, 0x5a, sizeof(clear));
		assert_int_equal(policy_clear_read(&clear, all[i].json,
				     strlen(all[i].json), NULL),
		    0);
		assert_int_equal(policy_clear_soft(&clear), all[i].soft);
		if (all[i].name == NULL)
			assert_null(policy_soft_name(all[i].soft));
		else
			assert_string_equal(policy_soft_name(all[i].soft),
			    all[i].name);
	}
	assert_int_equal(policy_clear_read(&clear, "{\"soft\":\"hard\"}", 15,
			     &err),
	    -1);
	assert_string_equal(err.fields[0].pointer, "/soft");
	assert_int_equal(policy_clear_read(&clear, "{\"soft\":true}", 13, &err),
	    -1);
	assert_int_equal(policy_clear_read(&clear, "{\"shared\":true}", 15,
			     &err),
	    -1);
	assert_string_equal(err.fields[0].pointer, "/shared");
	assert_int_equal(policy_clear_read(&clear, "", 0, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
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
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
