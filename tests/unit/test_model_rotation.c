/* tests/unit/test_model_rotation.c - a rotation, stored and told. */
/* links: model/rotation model/json base/addr base/buf base/clock base/crypto
 * base/err base/log base/md5key base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/rotation.h"

#define KEY "the-new-key-of-the-session"

/* Every member has a value of its own. */
static void
fill(struct rotation *r)
{
	memset(r, 0, sizeof(*r));
	assert_int_equal(name_parse(&r->upstream, "ifog", NULL), 0);
	assert_int_equal(addr_parse(&r->neighbor, "2001:db8:300::1", NULL), 0);
	(void)snprintf(r->key, sizeof(r->key), KEY);
	(void)snprintf(r->key_id, sizeof(r->key_id), "k0123456789");
	(void)snprintf(r->old_key_id, sizeof(r->old_key_id), "k9876543210");
	r->gentle = r->adopt = r->generated = r->was_established = true;
	r->at_ms = 1772330400000;
	r->verify_within_s = 77;
	r->hold_s = 180;
	(void)snprintf(r->reason, sizeof(r->reason), "the \"yearly\" one");
	(void)snprintf(r->ticket, sizeof(r->ticket), "CHG-1");
	(void)snprintf(r->with, sizeof(r->with), "vtbgp");
	(void)snprintf(r->with_operation, sizeof(r->with_operation), "op-with");
	(void)snprintf(r->with_upstream, sizeof(r->with_upstream), "hobgp");
	r->asked_ms = 1772330300000;
	r->with_refused = true;
	r->retry_ms = 1772330301000;
	r->pause_ms = 1000;
	(void)snprintf(r->change, sizeof(r->change), "op-change");
	r->changed_ms = 1772330400123;
	r->messages = 12345;
	r->before = (struct rotation_counters) { true, 5, 6, 7 };
	r->established_ms = 1772330402123;
	r->back_ms = 1772330580000;
	(void)snprintf(r->why, sizeof(r->why), "because");
}

static char *
stored(const struct rotation *r)
{
	struct buf b = BUF_INIT;

	rotation_store(r, &b);
	return buf_take(&b);
}

static void
check_round_trip(const struct rotation *r)
{
	char *text = stored(r), *again;
	struct rotation back;
	struct err err;

	memset(&back, 0x5a, sizeof(back));
	if (rotation_load(&back, text, &err) == -1)
		fail_msg("%s: %s", err.text, text);
	assert_string_equal(back.upstream.s, r->upstream.s);
	assert_true(addr_equal(&back.neighbor, &r->neighbor));
	assert_string_equal(back.key, r->key);
	assert_string_equal(back.key_id, r->key_id);
	assert_string_equal(back.old_key_id, r->old_key_id);
	assert_int_equal(back.gentle, r->gentle);
	assert_int_equal(back.adopt, r->adopt);
	assert_int_equal(back.generated, r->generated);
	assert_int_equal(back.at_ms, r->at_ms);
	assert_int_equal(back.verify_within_s, r->verify_within_s);
	assert_int_equal(back.hold_s, r->hold_s);
	assert_string_equal(back.reason, r->reason);
	assert_string_equal(back.ticket, r->ticket);
	assert_string_equal(back.with, r->with);
	assert_string_equal(back.with_operation, r->with_operation);
	assert_string_equal(back.with_upstream, r->with_upstream);
	assert_int_equal(back.asked_ms, r->asked_ms);
	assert_int_equal(back.with_refused, r->with_refused);
	assert_int_equal(back.retry_ms, r->retry_ms);
	assert_int_equal(back.pause_ms, r->pause_ms);
	assert_string_equal(back.change, r->change);
	assert_int_equal(back.changed_ms, r->changed_ms);
	assert_int_equal(back.was_established, r->was_established);
	assert_int_equal(back.messages, r->messages);
	assert_int_equal(back.before.known, r->before.known);
	assert_int_equal(back.before.mismatch, r->before.mismatch);
	assert_int_equal(back.before.unsigned_, r->before.unsigned_);
	assert_int_equal(back.before.unexpected, r->before.unexpected);
	assert_int_equal(back.established_ms, r->established_ms);
	assert_int_equal(back.back_ms, r->back_ms);
	assert_string_equal(back.why, r->why);
	again = stored(&back);
	assert_string_equal(again, text);
	free(again);
	free(text);
}

static void
test_round_trip(void **state)
{
	struct rotation r;

	(void)state;
	fill(&r);
	check_round_trip(&r);
	r.gentle = false;
	check_round_trip(&r);
	r.adopt = false;
	check_round_trip(&r);
	r.generated = false;
	check_round_trip(&r);
	r.was_established = false;
	check_round_trip(&r);
	memset(&r.before, 0, sizeof(r.before)); /* not known */
	r.old_key_id[0] = r.with[0] = r.why[0] = r.change[0] = '\0';
	r.at_ms = r.changed_ms = r.established_ms = r.back_ms = 0;
	r.messages = 0;
	check_round_trip(&r);
}

static void
refuse_stored(const char *text)
{
	static const char zeros[sizeof(struct rotation)];
	struct rotation r;
	struct err err;

	memset(&r, 0x5a, sizeof(r));
	if (rotation_load(&r, text, &err) != -1)
		fail_msg("taken: %s", text);
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_null(strstr(err.text, KEY));
	/* Nothing of a key stays behind. */
	assert_memory_equal(&r, zeros, sizeof(r));
}

/* One member that is gone, of another type, or too long. */
static void
test_damaged(void **state)
{
	struct rotation r;
	char long_text[400], *text;
	const char *name;
	json_t *json, *all, *value;

	(void)state;
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	fill(&r);
	text = stored(&r);
	all = json_loads(text, 0, NULL);
	free(text);
	json_object_foreach(all, name, value)
	{
		if (json_is_boolean(value))
			continue; /* what is not true is false */
		json = json_deep_copy(all);
		(void)json_object_set_new(json, name,
		    json_is_string(value)     ? json_string(long_text) :
			json_is_object(value) ? json_string("5") :
						json_integer(-1));
		text = json_dumps(json, 0);
		refuse_stored(text);
		free(text);
		(void)json_object_del(json, name);
		text = json_dumps(json, 0);
		refuse_stored(text);
		free(text);
		json_decref(json);
	}
	json_decref(all);
	refuse_stored("");
	refuse_stored("[]");
	refuse_stored("null");
	refuse_stored("{\"upstream\":");
	fill(&r);
	(void)snprintf(r.key, sizeof(r.key), "no good | key");
	text = stored(&r);
	refuse_stored(text);
	free(text);
}

static void
check_why(const struct rotation *r, const struct rotation_counters *now,
    bool established, const char *want)
{
	char why[256];

	rotation_explain(r, now, established, "active", "Hold Timer Expired",
	    why, sizeof(why));
	if (strstr(why, want) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why, want);
}

static void
test_explain(void **state)
{
	struct rotation r = { .before = { true, 10, 10, 10 } };
	struct rotation_counters now = { true, 13, 12, 11 };
	char why[256];

	(void)state;
	check_why(&r, &now, false,
	    "the other end did not change its key: 3 segments came in that "
	    "were signed with another one");
	now.mismatch = 10;
	check_why(&r, &now, false, "the other end does not sign: 2 segments");
	now.unsigned_ = 9; /* the machine counts anew: nothing to be said */
	check_why(&r, &now, false,
	    "1 segments came in that were signed although this router has no "
	    "key");
	now.unexpected = 10;
	check_why(&r, &now, true,
	    "the session is up but nothing came in under the new key");
	check_why(&r, &now, false,
	    "the session did not come up (active), and no segment with a "
	    "wrong signature came in: it is down for another reason: Hold "
	    "Timer Expired");
	now.mismatch = 99;
	now.known = false;
	check_why(&r, &now, false, "another reason");
	now.known = true;
	r.before.known = false;
	check_why(&r, &now, false, "another reason");
	rotation_explain(&r, &now, false, "idle", "", why, sizeof(why));
	assert_string_equal(why + strlen(why) - strlen("another reason"),
	    "another reason");
	memset(why, 0x5a, sizeof(why));
	rotation_explain(&r, &now, false, "idle", "", why, 8);
	assert_int_equal(strlen(why), 7);
}

static void
test_downtime(void **state)
{
	struct rotation r;

	(void)state;
	fill(&r);
	assert_int_equal(rotation_downtime_ms(&r), -1);
	r.gentle = false;
	assert_int_equal(rotation_downtime_ms(&r), 2000);
	r.established_ms = r.changed_ms - 1;
	assert_int_equal(rotation_downtime_ms(&r), -1);
	fill(&r);
	r.gentle = r.was_established = false;
	assert_int_equal(rotation_downtime_ms(&r), -1);
	fill(&r);
	r.gentle = false;
	r.changed_ms = 0;
	assert_int_equal(rotation_downtime_ms(&r), -1);
}

static void
check_effect(const struct rotation *r, const char *has, const char *has_not)
{
	char out[ROTATION_EFFECT_MAX];

	if (strstr(rotation_effect(r, out), has) == NULL)
		fail_msg("\"%s\" is not in: %s", has, out);
	if (has_not != NULL && strstr(out, has_not) != NULL)
		fail_msg("\"%s\" is in: %s", has_not, out);
	assert_true(strlen(out) < ROTATION_EFFECT_MAX - 1);
}

static void
test_effect(void **state)
{
	static const char first[] = " down first";
	struct rotation r = { .gentle = true, .verify_within_s = 120 };

	(void)state;
	r.hold_s = 180;
	check_effect(&r, "stays up", first);
	check_effect(&r, "hold time", NULL);
	/* What came in last came a while before the change. */
	r.verify_within_s = 121;
	check_effect(&r, "may go down first", NULL);
	r.verify_within_s = 179;
	check_effect(&r, "may go down first", NULL);
	r.verify_within_s = 180;
	check_effect(&r,
	    "it goes down first: the old key comes back after 180 s, and the "
	    "hold time is 180 s",
	    "may");
	r.verify_within_s = 3600;
	(void)snprintf(r.with, sizeof(r.with), "vtbgp");
	check_effect(&r, "same time", NULL);
	check_effect(&r, "goes down first", NULL);
	r.hold_s = 0; /* it is down, or never given up */
	check_effect(&r, "same time", first);
	r.hold_s = 65535;
	check_effect(&r, "same time", first);
	r.gentle = false;
	r.hold_s = 3;
	check_effect(&r, "reset once", first);
	r.with[0] = '\0';
	check_effect(&r, "stays down", first);
	check_effect(&r, "is reset", NULL);
}

static json_t *
rendered(struct buf *b)
{
	json_t *json = json_loads(buf_text(b), JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(json);
	/* Nothing that is told has the key. */
	assert_null(strstr(buf_text(b), KEY));
	buf_clear(b);
	return json;
}

static void
check_text(const json_t *json, const char *name, const char *want)
{
	const json_t *value = json_object_get(json, name);

	assert_non_null(value);
	if (want == NULL)
		assert_true(json_is_null(value));
	else
		assert_string_equal(json_string_value(value), want);
}

static void
check_number(const json_t *json, const char *name, int64_t want)
{
	const json_t *value = json_object_get(json, name);

	assert_non_null(value);
	if (want == -1)
		assert_true(json_is_null(value));
	else
		assert_int_equal(json_integer_value(value), want);
}

static void
test_told(void **state)
{
	struct buf b = BUF_INIT;
	struct rotation r;
	json_t *json;

	(void)state;
	fill(&r);
	r.gentle = false;
	rotation_render_progress(&r, "waiting", &b);
	json = rendered(&b);
	check_text(json, "text", "waiting");
	check_text(json, "key_id", "k0123456789");
	check_text(json, "method", "reset");
	check_text(json, "changed_at", "2026-03-01T02:00:00.123Z");
	check_text(json, "with", "vtbgp");
	json_decref(json);
	rotation_render_result(&r, true, -1, &b);
	json = rendered(&b);
	check_text(json, "key_id", "k0123456789");
	check_number(json, "downtime_ms", 2000);
	check_number(json, "return_ms", -1);
	assert_true(json_is_true(json_object_get(json, "verified")));
	json_decref(json);
	rotation_render_result(&r, false, 1500, &b);
	json = rendered(&b);
	check_text(json, "key_id", "k9876543210");
	check_number(json, "downtime_ms", -1);
	check_number(json, "return_ms", 1500);
	check_text(json, "why", "because");
	check_text(json, "with_operation", "op-with");
	json_decref(json);
	r.old_key_id[0] = '\0';
	rotation_render_audit(&r, false, &b);
	json = rendered(&b);
	check_text(json, "key_id", NULL);
	assert_null(json_object_get(json, "method"));
	json_decref(json);
	r.gentle = true;
	rotation_render_audit(&r, true, &b);
	json = rendered(&b);
	check_text(json, "key_id", "k0123456789");
	check_text(json, "method", "gentle");
	check_text(json, "at", "2026-03-01T02:00:00.000Z");
	json_decref(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_downtime),
		cmocka_unit_test(test_effect),
		cmocka_unit_test(test_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
