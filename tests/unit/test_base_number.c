/* tests/unit/test_base_number.c - whole numbers from text; time. */
/* links: base/number base/clock base/err */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/number.h"

static void
test_accepted(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} all[] = {
		{ "0", 0 },
		{ "7", 7 },
		{ "007", 7 },
		{ "4294967295", 4294967295U },
		{ "18446744073709551615", UINT64_MAX },
		{ "00000000000000000001", 1 },
	};
	uint64_t value;
	uint32_t small;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++) {
		assert_int_equal(number_parse_u64(&value, all[i].text, 0,
				     UINT64_MAX, NULL),
		    0);
		assert_true(value == all[i].value);
	}
	assert_int_equal(number_parse_u32(&small, "4294967295", 0, UINT32_MAX,
			     NULL),
	    0);
	assert_int_equal(small, UINT32_MAX);
}

static void
test_refused(void **state)
{
	static const char *const bad[] = { "", " ", "-1", "+1", "1 ", " 1",
		"1.0", "1e3", "0x10", "1_0", "18446744073709551616",
		"99999999999999999999", "000000000000000000001", "\xb2", "1\n",
		"ten" };
	struct err err;
	uint64_t value = 42;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		if (number_parse_u64(&value, bad[i], 0, UINT64_MAX, &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
		assert_true(value == 42);
	}
}

static void
test_range(void **state)
{
	struct err err;
	uint32_t value = 42;

	(void)state;
	assert_int_equal(number_parse_u32(&value, "9", 10, 20, &err), -1);
	assert_string_equal(err.text, "must be a whole number from 10 to 20");
	assert_int_equal(number_parse_u32(&value, "21", 10, 20, &err), -1);
	/* Wrapped to 32 bits this would be 10. */
	assert_int_equal(number_parse_u32(&value, "4294967306", 10, 20, &err),
	    -1);
	assert_int_equal(value, 42);
	assert_int_equal(number_parse_u32(&value, "10", 10, 20, NULL), 0);
	assert_int_equal(value, 10);
	assert_int_equal(number_parse_u32(&value, "20", 10, 20, NULL), 0);
	assert_int_equal(value, 20);
}

static void
test_clock_print(void **state)
{
	char text[CLOCK_TEXT_MAX];

	(void)state;
	assert_string_equal(clock_print(0, text), "1970-01-01T00:00:00.000Z");
	assert_string_equal(clock_print(1772330400007, text),
	    "2026-03-01T02:00:00.007Z");
	assert_string_equal(clock_print(951827696999, text),
	    "2000-02-29T12:34:56.999Z");
	assert_string_equal(clock_print(253402300799999, text),
	    "9999-12-31T23:59:59.999Z");
}

static void
test_clock_left(void **state)
{
	int64_t now = clock_ms();

	(void)state;
	assert_int_equal(clock_left_ms(now - 1), 0);
	assert_int_equal(clock_left_ms(0), 0);
	assert_int_equal(clock_left_ms(INT64_MAX), INT_MAX);
	assert_in_range(clock_left_ms(now + 60000), 50000, 60000);
	assert_true(clock_ms() >= now);
	assert_true(clock_us() / 1000 >= now);
	assert_true(clock_wall_ms() > INT64_C(1700000000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_clock_print),
		cmocka_unit_test(test_clock_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
