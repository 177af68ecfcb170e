/* links: base/rfc3339 base/clock base/err */
/* tests/unit/test_rfc3339.c - dates as text, and back through clock_print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/rfc3339.h"

static void
test_known_times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} known[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "2000-02-29T12:00:00Z", 951825600000 },
		{ "2026-03-01T02:00:00Z", 1772330400000 },
		{ "2026-03-01t02:00:00z", 1772330400000 },
		{ "2026-03-01T02:00:00.5Z", 1772330400500 },
		{ "2026-03-01T02:00:00.1239999Z", 1772330400123 },
		{ "2026-02-28T21:30:00-04:30", 1772330400000 },
		{ "9999-12-31T23:59:59.999Z", 253402300799999 },
	};
	struct err err;
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(known); i++) {
		ms = -1;
		assert_int_equal(rfc3339_parse(&ms, known[i].text, &err), 0);
		assert_true(ms == known[i].ms);
	}
}

static void
test_refused(void **state)
{
	static const char *const bad[] = { "", "2026", "2026-03-01",
		"2026-03-01T02:00:00", "2026-03-01T02:00Z",
		"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-03-32T00:00:00Z", "2026-03-01T24:00:00Z",
		"2026-03-01T23:60:00Z", "2026-03-01T23:59:60Z",
		"2026-03-01T02:00:00.Z", "2026-03-01T02:00:00+1:00",
		"2026-03-01T02:00:00+24:00", "2026-03-01T02:00:00Zjunk",
		"1969-12-31T23:59:59Z", "+026-03-01T02:00:00Z",
		"20260301T020000Z", "1970-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01", " 2026-03-01T02:00:00Z" };
	struct err err;
	int64_t ms = 42;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(rfc3339_parse(&ms, bad[i], &err), -1);
		assert_int_equal(err.code, ERR_INVALID);
		assert_true(ms == 42);
	}
}

static void
test_round_trip(void **state)
{
	char text[CLOCK_TEXT_MAX];
	int64_t ms, back;

	(void)state;
	/* Every 11 days and a bit, over four centuries. */
	for (ms = 0; ms < INT64_C(12622780800000); ms += 987654321) {
		assert_int_equal(rfc3339_parse(&back, clock_print(ms, text),
				     NULL),
		    0);
		assert_true(back == ms);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_times),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
