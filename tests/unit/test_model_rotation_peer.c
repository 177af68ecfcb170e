/* tests/unit/test_model_rotation_peer.c - what two routers of ours say about a
 * rotation, and what one of them says against it. */
/* links: model/rotation_peer model/problem model/rotation model/json base/addr
 * base/buf base/clock base/crypto base/err base/log base/md5key base/mem
 * base/name base/number base/rfc3339 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "model/problem.h"
#include "model/rotation_peer.h"

static const char upstreams[] =
    "{\"upstreams\":[{\"name\":\"none\"},{\"name\":\"odd\",\"neighbor\":7},"
    "{\"name\":\"broken\",\"neighbor\":\"not one\"},"
    "{\"name\":\"hobgp\",\"neighbor\":\"2a06:9801:1c:fffe::1\"},"
    "{\"name\":\"four\",\"neighbor\":\"192.0.2.1\"}]}";

static void
check_found(const char *address, const char *want)
{
	char name[32];
	struct err err;

	if (rotation_peer_find(upstreams, address, name, sizeof(name), &err) ==
	    -1)
		fail_msg("%s: %s", address, err.text);
	assert_string_equal(name, want);
}

static void
check_missing(const char *json, const char *address)
{
	char name[32] = "untouched";
	struct err err;

	err_clear(&err);
	assert_int_equal(rotation_peer_find(json, address, name, sizeof(name),
			     &err),
	    -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.reason, "peer_unknown");
	assert_string_equal(name, "untouched");
}

static void
test_find(void **state)
{
	static const char *const malformed[] = { "", "{", "[]", "null", "7",
		"{\"upstreams\":{}}", "{\"upstreams\":[7,null,[]]}",
		"{\"upstreams\":[{\"neighbor\":\"2001:db8::1\"}]}",
		"{\"upstreams\":[{\"neighbor\":\"2001:db8::1\",\"name\":7}]}" };
	size_t i;

	(void)state;
	check_found("2a06:9801:1c:fffe::1", "hobgp");
	check_found("2A06:9801:001C:FFFE:0:0:0:1", "hobgp");
	check_found("2a06:9801:1c:fffe:0000::0001", "hobgp");
	check_found("192.0.2.1", "four");
	check_missing(upstreams, "2001:db8::1");
	check_missing(upstreams, "192.0.2.2");
	check_missing(upstreams, "not one");
	check_missing(upstreams, "");
	for (i = 0; i < NITEMS(malformed); i++)
		check_missing(malformed[i], "2001:db8::1");
}

static void
test_order(void **state)
{
	struct rotation r = { .key = "the-key", .verify_within_s = 60 };
	struct buf b = BUF_INIT;
	json_t *json;

	(void)state;
	r.at_ms = 1772330400000;
	rotation_peer_order(&r, "hobgp", &b);
	json = json_loads(buf_text(&b), JSON_REJECT_DUPLICATES, NULL);
	assert_string_equal(json_string_value(json_object_get(json, "key")),
	    "the-key");
	assert_string_equal(json_string_value(json_object_get(json, "at")),
	    "2026-03-01T02:00:00.000Z");
	assert_string_equal(json_string_value(json_object_get(json, "method")),
	    "reset");
	assert_string_equal(json_string_value(json_object_get(json, "reason")),
	    "together with hobgp");
	assert_null(json_object_get(json, "ticket"));
	json_decref(json);
	buf_reset(&b);
	r.gentle = true;
	(void)snprintf(r.reason, sizeof(r.reason), "yearly");
	(void)snprintf(r.ticket, sizeof(r.ticket), "CHG-1");
	rotation_peer_order(&r, "hobgp", &b);
	json = json_loads(buf_text(&b), JSON_REJECT_DUPLICATES, NULL);
	assert_string_equal(json_string_value(json_object_get(json, "method")),
	    "gentle");
	assert_string_equal(json_string_value(json_object_get(json, "reason")),
	    "together with hobgp: yearly");
	assert_string_equal(json_string_value(json_object_get(json, "ticket")),
	    "CHG-1");
	json_decref(json);
	buf_clear(&b);
}

static void
test_taken(void **state)
{
	static const char *const bad[] = { "", "[]", "{\"operation\":null}",
		"{\"operation\":7}",
		"{\"operation\":\"op-this-is-too-long-for-one\"}" };
	char operation[24];
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(rotation_peer_taken("{\"operation\":\"op-1\"}",
			     operation, sizeof(operation), &err),
	    0);
	assert_string_equal(operation, "op-1");
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(rotation_peer_taken(bad[i], operation,
				     sizeof(operation), &err),
		    -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
	}
	/* The one before is not lost. */
	assert_string_equal(operation, "op-1");
}

static void
test_created(void **state)
{
	static const char *const bad[] = { "", "{}", "{\"created_at\":null}",
		"{\"created_at\":7}", "{\"created_at\":\"yesterday\"}" };
	int64_t at = 0;
	struct err err;
	size_t i;

	(void)state;
	assert_int_equal(rotation_peer_created("{\"created_at\":"
					       "\"2026-03-01T02:00:00.123Z\"}",
			     &at, &err),
	    0);
	assert_int_equal(at, 1772330400123);
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(rotation_peer_created(bad[i], &at, &err), -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
	}
}

static void
test_problem(void **state)
{
	static const char *const none[] = { "", "mhctl: no such file", "{}",
		"[]", "{\"detail\":7}",
		"{\"errors\":[{\"pointer\":\"/x\",\"detail\":\"y\"}]}" };
	char detail[64];
	size_t i;

	(void)state;
	assert_true(problem_detail("{\"detail\":\"no\"}\ntrailing", detail,
	    sizeof(detail)));
	assert_string_equal(detail, "no");
	assert_true(problem_detail("{\"detail\":\"no\",\"errors\":[{"
				   "\"pointer\":\"/key\",\"detail\":\"bad\"},"
				   "{\"pointer\":\"/at\",\"detail\":\"x\"}]}",
	    detail, sizeof(detail)));
	assert_string_equal(detail, "no: /key bad");
	assert_true(problem_detail("{\"detail\":\"no\",\"errors\":[{"
				   "\"pointer\":7}]}",
	    detail, sizeof(detail)));
	assert_string_equal(detail, "no");
	for (i = 0; i < NITEMS(none); i++)
		assert_false(problem_detail(none[i], detail, sizeof(detail)));
	assert_string_equal(detail, "no");
	assert_true(problem_detail("{\"detail\":\"abcdefgh\"}", detail, 4));
	assert_string_equal(detail, "abc");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_created),
		cmocka_unit_test(test_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
