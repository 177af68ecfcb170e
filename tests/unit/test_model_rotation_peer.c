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
	(void)snprintf(r.with_operation, sizeof(r.with_operation), "op-there");
	rotation_peer_order(&r, "hobgp", &b);
	json = json_loads(buf_text(&b), JSON_REJECT_DUPLICATES, NULL);
	assert_string_equal(json_string_value(json_object_get(json, "id")),
	    "op-there");
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
check_state(const char *words, enum rotation_peer_state want)
{
	struct rotation_peer peer;
	char json[256];
	struct err err;

	(void)snprintf(json, sizeof(json),
	    "{\"id\":\"op-1\",\"kind\":\"tcp_md5_rotation\",%s,"
	    "\"created_at\":\"2026-03-01T02:00:00.123Z\"}",
	    words);
	if (rotation_peer_read(json, &peer, &err) == -1)
		fail_msg("%s: %s", json, err.text);
	assert_int_equal(peer.state, want);
	assert_int_equal(peer.created_ms, 1772330400123);
}

static void
test_read(void **state)
{
	static const char *const bad[] = { "", "[]", "{}",
		"{\"kind\":\"tcp_md5_rotation\",\"created_at\":null}",
		"{\"kind\":\"tcp_md5_rotation\",\"created_at\":7}",
		"{\"kind\":\"tcp_md5_rotation\",\"created_at\":\"yesterday\"}",
		"{\"created_at\":\"2026-03-01T02:00:00Z\"}",
		"{\"kind\":\"x\",\"created_at\":\"2026-03-01T02:00:00Z\"}",
		"{\"kind\":7,\"created_at\":\"2026-03-01T02:00:00Z\"}" };
	struct rotation_peer peer;
	struct err err;
	size_t i;

	(void)state;
	check_state("\"state\":\"scheduled\",\"phase\":\"staged\"",
	    ROTATION_PEER_GOES);
	check_state("\"state\":\"running\",\"phase\":\"change\"",
	    ROTATION_PEER_GOES);
	check_state("\"state\":\"running\",\"phase\":\"verify\"",
	    ROTATION_PEER_GOES);
	check_state("\"state\":\"running\",\"phase\":\"return\"",
	    ROTATION_PEER_OFF);
	check_state("\"state\":\"undone\",\"phase\":\"staged\"",
	    ROTATION_PEER_OFF);
	check_state("\"state\":\"done\",\"phase\":\"verify\"",
	    ROTATION_PEER_DONE);
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(rotation_peer_read(bad[i], &peer, &err), -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
	}
}

static void
test_problem(void **state)
{
	static const char *const none[] = { "", "mhctl: no such file", "{}",
		"[]", "{\"detail\":7}",
		"{\"errors\":[{\"pointer\":\"/x\",\"detail\":\"y\"}]}" };
	struct problem_told told;
	char json[512];
	size_t i;

	(void)state;
	assert_true(problem_read("{\"detail\":\"no\"}\ntrailing", &told));
	assert_string_equal(told.detail, "no");
	assert_string_equal(told.code, "");
	assert_int_equal(told.status, 0);
	assert_true(problem_read("{\"detail\":\"no\",\"errors\":[{"
				 "\"pointer\":\"/key\",\"detail\":\"bad\"},"
				 "{\"pointer\":\"/at\",\"detail\":\"x\"}],"
				 "\"status\":422,\"code\":\"unprocessable\"}",
	    &told));
	assert_string_equal(told.detail, "no: /key bad");
	assert_string_equal(told.code, "unprocessable");
	assert_int_equal(told.status, 422);
	assert_true(problem_read("{\"detail\":\"no\",\"status\":200,"
				 "\"code\":7,\"errors\":[{\"pointer\":7}]}",
	    &told));
	assert_string_equal(told.detail, "no");
	assert_string_equal(told.code, "");
	assert_int_equal(told.status, 0);
	for (i = 0; i < NITEMS(none); i++) {
		assert_false(problem_read(none[i], &told));
		assert_string_equal(told.detail, "");
	}
	(void)snprintf(json, sizeof(json),
	    "{\"detail\":\"%0300d\",\"code\":\"%0100d\"}", 7, 7);
	assert_true(problem_read(json, &told));
	assert_int_equal(strlen(told.detail), sizeof(told.detail) - 1);
	assert_string_equal(told.code, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
