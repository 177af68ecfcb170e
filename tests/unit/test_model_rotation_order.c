/* tests/unit/test_model_rotation_order.c - what a rotation may ask. */
/* links: model/rotation_order model/order_options model/fields model/check
 * base/addr base/buf base/clock base/crypto base/err base/log base/md5key
 * base/name base/number base/rfc3339 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "model/rotation_order.h"

static void
accept_order(struct rotation_order *o, const char *json)
{
	struct err err;

	err_clear(&err);
	memset(o, 0x5a, sizeof(*o));
	if (rotation_order_read(o, json, strlen(json), &err) == -1)
		fail_msg("%s: %s %s", json, err.fields[0].pointer,
		    err.fields[0].detail);
}

static void
refuse_order(const char *json, const char *pointer)
{
	struct rotation_order o;
	struct err err;
	unsigned i;

	err_clear(&err);
	if (rotation_order_read(&o, json, strlen(json), &err) != -1)
		fail_msg("%s was accepted", json);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_int_equal(err.n_fields, 1);
	if (strcmp(err.fields[0].pointer, pointer) != 0)
		fail_msg("%s: %s %s", json, err.fields[0].pointer,
		    err.fields[0].detail);
	assert_null(strstr(err.text, "S3cret"));
	for (i = 0; i < err.n_fields; i++)
		assert_null(strstr(err.fields[i].detail, "S3cret"));
	assert_int_equal(rotation_order_read(&o, json, strlen(json), NULL), -1);
}

static void
test_whole(void **state)
{
	struct rotation_order o;
	char json[512], at[CLOCK_TEXT_MAX];

	(void)state;
	(void)snprintf(json, sizeof(json),
	    "{\"key\":\"S3cret-key\",\"generate\":false,\"at\":\"%s\","
	    "\"verify_within_s\":10,\"drain_first\":true,"
	    "\"method\":\"reset\",\"with\":\"vtbgp\",\"reason\":\"yearly\","
	    "\"ticket\":\"CHG-1\",\"adopt\":true}",
	    clock_print(clock_wall_ms() + 3600 * 1000, at));
	accept_order(&o, json);
	assert_string_equal(o.key.text, "S3cret-key");
	assert_string_equal(o.at.text, at);
	assert_int_equal(o.verify_within_s.number, 10);
	assert_true(o.drain_first.flag);
	assert_int_equal(o.method.number, ROTATION_RESET);
	assert_string_equal(o.with.text, "vtbgp");
	assert_string_equal(o.options.reason.text, "yearly");
	assert_string_equal(o.options.ticket.text, "CHG-1");
	assert_true(o.options.adopt.flag);
}

static void
test_short(void **state)
{
	struct rotation_order o;

	(void)state;
	accept_order(&o, "{\"generate\":true}");
	assert_false(o.key.present);
	assert_false(o.at.present);
	assert_false(o.method.present);
	assert_false(o.options.adopt.flag);
	accept_order(&o, "{\"key\":\"k\"}");
	assert_true(o.key.present);
	accept_order(&o, "{\"generate\":true,\"id\":\"op-Ab3_Ab3-Ab3_Ab3-\"}");
	assert_string_equal(o.id.text, "op-Ab3_Ab3-Ab3_Ab3-");
	accept_order(&o, "{\"generate\":true,\"id\":\"night-3\"}");
	/* null is as good as left out. */
	accept_order(&o,
	    "{\"generate\":true,\"at\":null,\"verify_within_s\":null,"
	    "\"method\":null,\"with\":null}");
	assert_true(o.at.null && o.method.null && o.with.null);
	accept_order(&o,
	    "{\"generate\":true,\"verify_within_s\":3600,"
	    "\"method\":\"gentle\"}");
	assert_int_equal(o.method.number, ROTATION_GENTLE);
}

static void
test_bad_fields(void **state)
{
	static const struct {
		const char *json;
		const char *pointer;
	} bad[] = {
		{ "{}", "/key" },
		{ "{\"generate\":false}", "/key" },
		{ "{\"key\":\"S3cret\",\"generate\":true}", "/generate" },
		{ "{\"key\":null}", "/key" },
		{ "{\"key\":7,\"generate\":true}", "/key" },
		{ "{\"key\":\"\"}", "/key" },
		{ "{\"key\":\"S3cret with blanks\"}", "/key" },
		{ "{\"key\":\"S3cret|x\"}", "/key" },
		{ "{\"key\":\"S3cret\\\"\"}", "/key" },
		{ "{\"key\":\"S3cret\\u0000\"}", "/key" },
		{ "{\"key\":\"S3cret\\n\"}", "/key" },
		{ "{\"key\":\"S3cret\\u00e4\"}", "/key" },
		{ "{\"key\":\"-S3cret\"}", "/key" },
		{ "{\"key\":\"0xS3cret\"}", "/key" },
		{ "{\"key\":\"S3cret-S3cret-S3cret-S3cret-S3cret-S3cret-"
		  "S3cret-S3cret-S3cret-S3cret-S3cret-S3cret\"}",
		    "/key" },
		{ "{\"generate\":1}", "/generate" },
		{ "{\"generate\":true,\"id\":\"\"}", "/id" },
		{ "{\"generate\":true,\"id\":\"a/b\"}", "/id" },
		{ "{\"generate\":true,\"id\":\"op-Ab3_Ab3-Ab3_Ab3\"}", "/id" },
		{ "{\"generate\":true,\"id\":\"xx-Ab3_Ab3-Ab3_Ab3-\"}", "/id" },
		{ "{\"generate\":true,\"at\":\"yesterday\"}", "/at" },
		{ "{\"generate\":true,\"at\":7}", "/at" },
		{ "{\"generate\":true,\"at\":\"2020-01-01T00:00:00Z\"}",
		    "/at" },
		{ "{\"generate\":true,\"at\":\"2999-01-01T00:00:00Z\"}",
		    "/at" },
		{ "{\"generate\":true,\"verify_within_s\":9}",
		    "/verify_within_s" },
		{ "{\"generate\":true,\"verify_within_s\":3601}",
		    "/verify_within_s" },
		{ "{\"generate\":true,\"verify_within_s\":\"60\"}",
		    "/verify_within_s" },
		{ "{\"generate\":true,\"drain_first\":\"yes\"}",
		    "/drain_first" },
		{ "{\"generate\":true,\"method\":\"hard\"}", "/method" },
		{ "{\"generate\":true,\"with\":\"../x\"}", "/with" },
		{ "{\"generate\":true,\"with\":\"\"}", "/with" },
		{ "{\"generate\":true,\"with\":\"--contexts\"}", "/with" },
		{ "{\"generate\":true,\"reason\":\"a\\nb\"}", "/reason" },
		{ "{\"generate\":true,\"ticket\":\"a\\nb\"}", "/ticket" },
		{ "{\"generate\":true,\"adopt\":\"yes\"}", "/adopt" },
		{ "{\"generate\":true,\"allow_reset\":true}", "/allow_reset" },
		{ "{\"generate\":true,\"confirm\":{}}", "/confirm" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		refuse_order(bad[i].json, bad[i].pointer);
}

/* As wide as said: a minute ago is now, 400 days ahead is too far. */
static void
test_time(void **state)
{
	int64_t now = clock_wall_ms(), far = (int64_t)ROTATION_AHEAD_MAX_S;
	const int64_t good[] = { now - 50000, now, now + (far - 10) * 1000 };
	const int64_t bad[] = { now - 70000, now + (far + 10) * 1000 };
	char json[128], at[CLOCK_TEXT_MAX];
	struct rotation_order o;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		(void)snprintf(json, sizeof(json),
		    "{\"generate\":true,\"at\":\"%s\"}",
		    clock_print(good[i], at));
		accept_order(&o, json);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		(void)snprintf(json, sizeof(json),
		    "{\"generate\":true,\"at\":\"%s\"}",
		    clock_print(bad[i], at));
		refuse_order(json, "/at");
	}
}

static void
test_no_order(void **state)
{
	static const char *const bad[] = { "", "[]", "null", "{",
		"{\"key\":\"S3cret\",\"key\":\"S3cret\"}" };
	struct rotation_order o;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		err_clear(&err);
		assert_int_equal(rotation_order_read(&o, bad[i], strlen(bad[i]),
				     &err),
		    -1);
		assert_int_equal(err.code, ERR_INVALID);
		assert_null(strstr(err.text, "S3cret"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_bad_fields),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_no_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
