/* tests/unit/test_base_addr.c - addresses and prefixes, parsed once. */
/* links: base/addr base/err base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"
#include "base/compat.h"
#include "base/err.h"

static void
test_printed_form(void **state)
{
	static const char *const pairs[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "2001:DB8::0:1", "2001:db8::1" },
		{ "2001:0db8:0000:0000:0001:0000:0000:0001",
		    "2001:db8::1:0:0:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "::ffff:c000:201", "::ffff:192.0.2.1" },
		{ "fe80::1%vtnet0", "fe80::1%vtnet0" },
		{ "febf::1%a.b_c-9", "febf::1%a.b_c-9" },
		{ "fe80::1", "fe80::1" },
		{ "fe80::1%123456789012345", "fe80::1%123456789012345" },
		{ "fe80:1234:1234:1234:1234:1234:1234:1234%123456789012345",
		    "fe80:1234:1234:1234:1234:1234:1234:1234"
		    "%123456789012345" },
	};
	char text[ADDR_TEXT_MAX];
	struct addr a, b;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(pairs); i++) {
		assert_int_equal(addr_parse(&a, pairs[i][0], NULL), 0);
		assert_string_equal(addr_print(&a, text), pairs[i][1]);
		assert_int_equal(addr_parse(&b, text, NULL), 0);
		assert_true(addr_equal(&a, &b));
		assert_memory_equal(&a, &b, sizeof(a));
	}
	memset(&a, 0, sizeof(a));
	assert_string_equal(addr_print(&a, text), "");
}

static void
test_refused(void **state)
{
	static const char *const bad[] = { "", " ", "1", "1.2.3", "1.2.3.4.5",
		"1.2.3.256", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "0x7f.1",
		"1.2.3.4%eth0", "::1%eth0", "2001:db8::1%eth0", "fe80::1%",
		"fe80::1%-eth0", "fe80::1%eth 0", "fe80::1%eth0;id",
		"fe80::1%1234567890123456", "fe80::1%a%b", "%eth0",
		"::1::", ":::", "12345::", "g::", "2001:db8::1/64",
		"fe80::1%\xc3\xa4", "1.2.3.04x", "[::1]",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999",
		"1111:2222:3333:4444:5555:6666:7777:888:00000000000000000" };
	struct addr a, before;
	struct err err;
	size_t i;

	(void)state;
	memset(&a, 0x77, sizeof(a));
	before = a;
	for (i = 0; i < NITEMS(bad); i++) {
		if (addr_parse(&a, bad[i], &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
		assert_memory_equal(&a, &before, sizeof(a));
	}
}

static struct addr
addr(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static void
test_order(void **state)
{
	/* As they are sorted: IPv4 first. */
	static const char *const sorted[] = { "0.0.0.0", "9.0.0.0", "10.0.0.0",
		"255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1",
		"fe80::1%a", "fe80::1%b", "ff02::1" };
	size_t i, j;

	(void)state;
	for (i = 0; i < NITEMS(sorted); i++) {
		for (j = 0; j < NITEMS(sorted); j++) {
			struct addr a = addr(sorted[i]), b = addr(sorted[j]);
			int c = addr_compare(&a, &b);

			assert_int_equal(c < 0, i < j);
			assert_int_equal(c > 0, i > j);
			assert_int_equal(addr_equal(&a, &b), i == j);
		}
	}
}

static void
test_link_local(void **state)
{
	struct addr a;

	(void)state;
	a = addr("fe80::1");
	assert_true(addr_is_link_local(&a));
	a = addr("febf:ffff::");
	assert_true(addr_is_link_local(&a));
	a = addr("fec0::1");
	assert_false(addr_is_link_local(&a));
	a = addr("254.128.0.1"); /* 0xfe 0x80, but IPv4 */
	assert_false(addr_is_link_local(&a));
}

static void
test_prefix_printed_form(void **state)
{
	static const char *const pairs[][2] = {
		{ "2a06:9801:1c::/48", "2a06:9801:1c::/48" },
		{ "2A06:9801:001C::1/48", "2a06:9801:1c::/48" },
		{ "::/0", "::/0" },
		{ "ffff::/1", "8000::/1" },
		{ "2001:db8::1", "2001:db8::1/128" },
		{ "2001:db8::ffff/127", "2001:db8::fffe/127" },
		{ "10.1.2.3/8", "10.0.0.0/8" },
		{ "10.1.2.3", "10.1.2.3/32" },
		{ "10.1.2.255/25", "10.1.2.128/25" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "fe80::/10", "fe80::/10" },
	};
	char text[PREFIX_TEXT_MAX];
	struct prefix p, q;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(pairs); i++) {
		assert_int_equal(prefix_parse(&p, pairs[i][0], false, NULL), 0);
		assert_string_equal(prefix_print(&p, text), pairs[i][1]);
		/* The canonical form has no host bits. */
		assert_int_equal(prefix_parse(&q, text, true, NULL), 0);
		assert_true(prefix_equal(&p, &q));
	}
}

static void
test_prefix_refused(void **state)
{
	static const char *const bad[] = { "", "/", "/8", "10.0.0.0/",
		"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ",
		"10.0.0.0/8/8", "::/129", "::/4294967296", "::/0x40",
		"fe80::1%eth0/64", "fe80::1%eth0", "10.0.0.0/255.0.0.0", "10/8",
		"::/\x31\n" };
	static const char *const host_bits[] = { "10.0.0.1/31", "::1/127",
		"2a06:9801:1c:1::/48", "128.0.0.0/0" };
	struct prefix p;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		if (prefix_parse(&p, bad[i], false, &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
	}
	for (i = 0; i < NITEMS(host_bits); i++) {
		assert_int_equal(prefix_parse(&p, host_bits[i], false, NULL),
		    0);
		assert_int_equal(prefix_parse(&p, host_bits[i], true, &err),
		    -1);
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void
test_contains(void **state)
{
	static const struct {
		const char *prefix;
		const char *addr;
		bool inside;
	} all[] = {
		{ "2a06:9801:1c::/48", "2a06:9801:1c:ffff::1", true },
		{ "2a06:9801:1c::/48", "2a06:9801:1d::", false },
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "0.0.0.0/0", "203.0.113.1", true },
		{ "0.0.0.0/0", "::", false },
		{ "::/0", "0.0.0.0", false },
		{ "::/0", "::ffff:10.0.0.1", true },
		{ "192.0.2.1/32", "192.0.2.1", true },
		{ "192.0.2.1/32", "192.0.2.0", false },
		{ "fe80::/10", "fe80::1%eth0", true },
		{ "2001:db8::1/128", "2001:db8::1", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++) {
		struct addr a = addr(all[i].addr);
		struct prefix p;

		assert_int_equal(prefix_parse(&p, all[i].prefix, true, NULL),
		    0);
		assert_int_equal(prefix_contains(&p, &a), all[i].inside);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_printed_form),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_prefix_printed_form),
		cmocka_unit_test(test_prefix_refused),
		cmocka_unit_test(test_contains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
