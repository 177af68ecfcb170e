/* test_system_linux_cover.c - the parts of a prefix that are looked at. */
/* links: system/linux/route_cover base/addr base/err base/number base/buf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/addr.h"
#include "system/linux/route_cover.h"

static struct prefix
net(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, true, NULL), 0);
	return p;
}

/* Each address of the prefix is in exactly one part that is looked at. */
static void
test_cover(void **state)
{
	struct prefix p = net("10.0.0.0/24");
	static struct route_cover c;
	unsigned looked = 0, taken = 0;
	struct addr at;

	(void)state;
	route_cover_init(&c, &p);
	while (route_cover_next(&c, &at)) {
		uint8_t len = at.bytes[3] < 128 ? 27 : 26;

		assert_true(prefix_contains(&p, &at));
		looked++;
		taken += 1U << (32 - len);
		route_cover_take(&c, &at, len);
	}
	assert_int_equal(taken, 256);
	assert_int_equal(looked, 6);
}

/* The largest part comes first, and a whole cover leaves none. */
static void
test_order(void **state)
{
	struct prefix p = net("2001:db8::/32"),
		      want = net("2001:db8:8000::/33");
	static struct route_cover c;
	struct addr at;

	(void)state;
	route_cover_init(&c, &p);
	assert_true(route_cover_next(&c, &at));
	route_cover_take(&c, &at, 128);
	assert_true(route_cover_next(&c, &at));
	assert_true(addr_equal(&at, &want.addr));
	p = net("192.0.2.1/32");
	route_cover_init(&c, &p);
	assert_true(route_cover_next(&c, &at));
	route_cover_take(&c, &at, 32);
	assert_false(route_cover_next(&c, &at));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cover),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
