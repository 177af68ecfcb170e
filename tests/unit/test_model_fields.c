/* tests/unit/test_model_fields.c - a request body against its table. */
/* links: model/fields base/err */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "model/fields.h"

struct target {
	struct field_value number;
	struct field_value flag;
	struct field_value text;
	struct field_value colour;
	struct field_value deep;
};

static int
check_text(const char *text, struct err *err)
{
	return text[0] == 'x' ? err_set(err, ERR_INVALID, "no x, please") : 0;
}

#define LONG                                                   \
	"a_member_with_a_name_of_more_than_ninety_five_bytes_" \
	"which_no_json_pointer_of_ours_has_room_for_at_all"

static const char *const colours[] = { "red", "green", NULL };

/* clang-format off */
static const struct field deeper[] = {
	{ .name = "deep", .kind = FIELD_UINT, .max = 9,
	  .offset = offsetof(struct target, deep) },
	{ .name = NULL }
};
static const struct field inner[] = {
	{ .name = "b", .kind = FIELD_OBJECT, .members = deeper },
	{ .name = LONG, .kind = FIELD_OBJECT, .members = deeper },
	{ .name = NULL }
};
static const struct field table[] = {
	{ .name = "number", .kind = FIELD_UINT, .min = 5, .max = 4294967295,
	  .nullable = true, .offset = offsetof(struct target, number) },
	{ .name = "flag", .kind = FIELD_BOOL,
	  .offset = offsetof(struct target, flag) },
	{ .name = "text", .kind = FIELD_TEXT, .check = check_text,
	  .offset = offsetof(struct target, text) },
	{ .name = "colour", .kind = FIELD_ENUM, .names = colours,
	  .nullable = true, .offset = offsetof(struct target, colour) },
	{ .name = "a", .kind = FIELD_OBJECT, .members = inner },
	{ .name = NULL }
};
/* clang-format on */

static int
read_json(struct target *t, const char *json, struct err *err)
{
	memset(t, 0, sizeof(*t));
	return fields_read(json, strlen(json), table, t, err);
}

static void
test_accepted(void **state)
{
	struct target t;

	(void)state;
	assert_int_equal(read_json(&t,
			     " {\"number\":4294967295,\"flag\":true,"
			     "\"text\":\"h\\u00e9llo\",\"colour\":\"green\","
			     "\"a\":{\"b\":{\"deep\":0}}}\n",
			     NULL),
	    0);
	assert_true(t.number.present && !t.number.null);
	assert_true(t.number.number == 4294967295U);
	assert_true(t.flag.present && t.flag.flag);
	assert_string_equal(t.text.text, "h\xc3\xa9llo");
	assert_int_equal(t.colour.number, 1);
	assert_true(t.deep.present);
	assert_int_equal(t.deep.number, 0);
}

static void
test_absent_and_null(void **state)
{
	struct target t;

	(void)state;
	assert_int_equal(read_json(&t, "{}", NULL), 0);
	assert_false(t.number.present || t.flag.present || t.text.present);
	assert_int_equal(read_json(&t,
			     "{\"number\":null,\"colour\":null,\"a\":{}}",
			     NULL),
	    0);
	assert_true(t.number.present && t.number.null);
	assert_true(t.colour.present && t.colour.null);
	assert_false(t.deep.present);
}

static void
check_refused(const char *json, const char *pointer, const char *detail)
{
	struct target t;
	struct err err;

	if (read_json(&t, json, &err) != -1)
		fail_msg("%s was accepted", json);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_int_equal(err.n_fields, 1);
	assert_string_equal(err.fields[0].pointer, pointer);
	assert_string_equal(err.fields[0].detail, detail);
}

static void
test_bad_members(void **state)
{
	static const char range[] =
	    "must be a whole number from 5 to 4294967295, or null";
	static const char *const numbers[] = { "4", "0", "-5", "4294967296",
		"5.0", "1e2", "\"5\"", "true", "[]", "{}",
		"9223372036854775807" };
	char json[64];
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(numbers); i++) {
		(void)snprintf(json, sizeof(json), "{\"number\":%s}",
		    numbers[i]);
		check_refused(json, "/number", range);
	}
	check_refused("{\"flag\":1}", "/flag", "must be true or false");
	check_refused("{\"flag\":null}", "/flag", "must not be null");
	check_refused("{\"flag\":\"true\"}", "/flag", "must be true or false");
	check_refused("{\"text\":5}", "/text", "must be a string");
	check_refused("{\"text\":\"xyz\"}", "/text", "no x, please");
	check_refused("{\"text\":\"a\\u0000b\"}", "/text",
	    "must not hold a NUL");
	check_refused("{\"text\":\"\\u0000\"}", "/text", "must not hold a NUL");
	check_refused("{\"colour\":\"red\\u0000\"}", "/colour",
	    "must be one of \"red\", \"green\"");
	check_refused("{\"text\":null}", "/text", "must not be null");
	check_refused("{\"colour\":\"blue\"}", "/colour",
	    "must be one of \"red\", \"green\"");
	check_refused("{\"colour\":\"Red\"}", "/colour",
	    "must be one of \"red\", \"green\"");
	check_refused("{\"colour\":1}", "/colour",
	    "must be one of \"red\", \"green\"");
	check_refused("{\"a\":5}", "/a", "must be an object");
	check_refused("{\"a\":null}", "/a", "must not be null");
	check_refused("{\"a\":{\"b\":[]}}", "/a/b", "must be an object");
	check_refused("{\"a\":{\"b\":{\"deep\":10}}}", "/a/b/deep",
	    "must be a whole number from 0 to 9");
}

static void
test_unknown_members(void **state)
{
	static const char none[] = "there is no such member here";

	(void)state;
	check_refused("{\"Number\":5}", "/Number", none);
	check_refused("{\"\":5}", "/", none);
	check_refused("{\"number \":5}", "/number ", none);
	check_refused("{\"a\":{\"b\":{\"deep\":1,\"deeper\":2}}}",
	    "/a/b/deeper", none);
	/* RFC 6901 */
	check_refused("{\"a/b~c\":5}", "/a~1b~0c", none);
	check_refused("{\"l\\ni\\u007fne\":5}", "/l?i?ne", none);
}

static void
test_long_names(void **state)
{
	char json[2000], name[600];
	struct target t;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i + 1 < sizeof(name); i++)
		name[i] = i % 2 == 0 ? '/' : '~';
	name[i] = '\0';
	(void)snprintf(json, sizeof(json), "{\"%s\":1}", name);
	assert_int_equal(read_json(&t, json, &err), -1);
	assert_in_range(strlen(err.fields[0].pointer), 90, 95);
	/* A known one whose pointer has no room for what is inside. */
	(void)snprintf(json, sizeof(json), "{\"a\":{\"%s\":{\"%s\":1}}}", LONG,
	    name);
	assert_int_equal(read_json(&t, json, &err), -1);
	assert_int_equal(err.n_fields, 1);
	assert_in_range(strlen(err.fields[0].pointer), 90, 95);
}

static void
test_every_bad_member_is_told(void **state)
{
	struct target t;
	struct err err;

	(void)state;
	assert_int_equal(read_json(&t,
			     "{\"number\":1,\"flag\":1,\"zzz\":0,"
			     "\"a\":{\"b\":{\"deep\":77}},\"text\":\"fine\"}",
			     &err),
	    -1);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_int_equal(err.n_fields, 4);
	assert_int_equal(read_json(&t,
			     "{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,"
			     "\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0}",
			     &err),
	    -1);
	assert_int_equal(err.n_fields, ERR_FIELDS_MAX);
}

static void
test_text_length(void **state)
{
	char json[400], text[300];
	struct target t;
	struct err err;

	(void)state;
	memset(text, 't', sizeof(text));
	text[FIELD_TEXT_MAX - 1] = '\0';
	(void)snprintf(json, sizeof(json), "{\"text\":\"%s\"}", text);
	assert_int_equal(read_json(&t, json, NULL), 0);
	assert_int_equal(strlen(t.text.text), FIELD_TEXT_MAX - 1);
	text[FIELD_TEXT_MAX - 1] = 't';
	text[FIELD_TEXT_MAX] = '\0';
	(void)snprintf(json, sizeof(json), "{\"text\":\"%s\"}", text);
	assert_int_equal(read_json(&t, json, &err), -1);
	assert_string_equal(err.fields[0].pointer, "/text");
}

static void
test_not_an_object_of_json(void **state)
{
	static const char *const bad[] = { "", " ", "x", "{", "}", "{}{}",
		"{} x", "null", "5", "[]", "\"{}\"", "[{}]", "{\"flag\":}",
		"{flag:true}", "{\"flag\":true,}", "{'flag':true}",
		"{\"flag\":true,\"flag\":true}", /* which one? */
		"{\"text\":\"\xff\"}", "{\"text\":\"\\ud800\"}",
		"{\"a\\u0000\":1}", "{\"number\":9223372036854775808}",
		"\xef\xbb\xbf{}" };
	struct target t;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		if (read_json(&t, bad[i], &err) != -1)
			fail_msg("%s was accepted", bad[i]);
		if (err.code != ERR_INVALID)
			fail_msg("%s: %s", bad[i], err.text);
		assert_int_equal(err.n_fields, 1);
		assert_string_equal(err.fields[0].pointer, "");
		assert_string_equal(err.text, err.fields[0].detail);
	}
	/* A NUL in the middle of the body is not its end. */
	assert_int_equal(fields_read("{}\0{}", 5, table, &t, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
	assert_int_equal(read_json(&t, "nonsense", NULL), -1);
}

static void
test_deep_nesting(void **state)
{
	static char json[200001];
	struct target t;
	struct err err;

	(void)state;
	memset(json, '[', sizeof(json) - 1);
	assert_int_equal(read_json(&t, json, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
}

/* What came later: objects that may be null, sets, lists, either-or. */
struct item {
	struct field_value word;
	struct field_value n;
};
struct later {
	struct field_value box; /* of the object itself */
	struct field_value inside;
	struct field_value set;
	struct field_value count;
	struct item items[3];
	struct {
		struct field_value shared;
	} more;
};

#define AT(member) offsetof(struct later, member)

/* clang-format off */
static const char *const set_names[] = { "one", "two", "three", NULL };
static const struct field box_fields[] = {
	{ .name = "inside", .kind = FIELD_UINT, .offset = AT(inside),
	  .max = 9 },
	{ .name = NULL }
};
static const struct field item_object[] = {
	{ .name = "n", .kind = FIELD_UINT,
	  .offset = offsetof(struct item, n), .max = 9 },
	{ .name = NULL }
};
static const struct field item_ways[] = {
	{ .name = "text", .kind = FIELD_TEXT,
	  .offset = offsetof(struct item, word) },
	{ .name = "object", .kind = FIELD_OBJECT, .members = item_object },
	{ .name = NULL }
};
static const struct field item_field[] = {
	{ .name = "item", .kind = FIELD_EITHER, .members = item_ways },
};
static const struct field more_fields[] = {
	{ .name = "shared", .kind = FIELD_BOOL },
	{ .name = NULL }
};
static const struct field later_table[] = {
	{ .name = "box", .kind = FIELD_OBJECT, .offset = AT(box),
	  .nullable = true, .members = box_fields },
	{ .name = "set", .kind = FIELD_SET, .offset = AT(set),
	  .names = set_names },
	{ .name = "items", .kind = FIELD_ARRAY, .offset = AT(count),
	  .base = AT(items), .size = sizeof(struct item), .max = 3,
	  .members = item_field },
	{ .name = "", .kind = FIELD_ALSO, .base = AT(more),
	  .members = more_fields },
	{ .name = "status", .kind = FIELD_IGNORED },
	{ .name = NULL }
};
/* clang-format on */

static int
read_later(struct later *l, const char *json, struct err *err)
{
	memset(l, 0, sizeof(*l));
	return fields_read(json, strlen(json), later_table, l, err);
}

static void
test_later_accepted(void **state)
{
	struct later l;

	(void)state;
	assert_int_equal(read_later(&l,
			     "{\"box\":{\"inside\":4},\"set\":[\"three\","
			     "\"one\"],\"items\":[\"a\",{\"n\":7}],"
			     "\"shared\":true,\"status\":{\"x\":[null]}}",
			     NULL),
	    0);
	assert_true(l.box.present && !l.box.null);
	assert_int_equal(l.inside.number, 4);
	assert_int_equal(l.set.number, 5);
	assert_int_equal(l.count.number, 2);
	assert_string_equal(l.items[0].word.text, "a");
	assert_false(l.items[0].n.present);
	assert_int_equal(l.items[1].n.number, 7);
	assert_true(l.more.shared.flag);
	assert_int_equal(read_later(&l, "{\"box\":null,\"set\":[]}", NULL), 0);
	assert_true(l.box.present && l.box.null);
	assert_true(l.set.present && l.set.number == 0);
	assert_int_equal(read_later(&l, "{\"box\":{}}", NULL), 0);
	assert_true(l.box.present && !l.box.null && !l.inside.present);
	assert_int_equal(read_later(&l, "{}", NULL), 0);
	assert_false(l.box.present || l.set.present || l.count.present);
}

static void
test_later_refused(void **state)
{
	static const char *const all[][2] = {
		{ "{\"box\":[]}", "/box" },
		{ "{\"box\":{\"inside\":10}}", "/box/inside" },
		{ "{\"inside\":1}", "/inside" },
		{ "{\"set\":\"one\"}", "/set" },
		{ "{\"set\":[\"four\"]}", "/set/0" },
		{ "{\"set\":[\"one\",\"one\"]}", "/set/1" },
		{ "{\"items\":{}}", "/items" },
		{ "{\"items\":[\"a\",\"b\",\"c\",\"d\"]}", "/items" },
		{ "{\"items\":[\"a\",7]}", "/items/1" },
		{ "{\"items\":[{\"n\":10}]}", "/items/0/n" },
		{ "{\"items\":[{\"m\":1}]}", "/items/0/m" },
		{ "{\"shared\":1}", "/shared" },
		{ "{\"\":1}", "/" },
	};
	struct later l;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++) {
		if (read_later(&l, all[i][0], &err) != -1)
			fail_msg("%s was accepted", all[i][0]);
		assert_int_equal(err.code, ERR_UNPROCESSABLE);
		assert_string_equal(err.fields[0].pointer, all[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_absent_and_null),
		cmocka_unit_test(test_bad_members),
		cmocka_unit_test(test_unknown_members),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_every_bad_member_is_told),
		cmocka_unit_test(test_text_length),
		cmocka_unit_test(test_not_an_object_of_json),
		cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_later_accepted),
		cmocka_unit_test(test_later_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
