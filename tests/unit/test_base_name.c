/* tests/unit/test_base_name.c - words that a tool cannot misread. */
/* links: base/name base/err */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/name.h"

#define TEN "aaaaaaaaaa"

static void
test_name(void **state)
{
	static const char *const good[] = { "a", "ifog", "n-2001-db8--1", "a-",
		TEN TEN TEN "a" };
	static const char *const bad[] = { "", "A", "iFog", "1a", "-a", "a b",
		"a_b", "a.b", "a/b", "a\n", "\na", "a'", "a\"", "a|", "a!",
		"a;b", "a\x80", "\xc3\xa4", TEN TEN TEN "aa",
		TEN TEN TEN TEN TEN TEN };
	struct name name, before;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		memset(&name, 0x55, sizeof(name));
		assert_int_equal(name_parse(&name, good[i], NULL), 0);
		assert_string_equal(name.s, good[i]);
		/* Nothing of the stack behind it: it is compared whole. */
		assert_int_equal(name.s[sizeof(name.s) - 1], '\0');
	}
	before = name;
	for (i = 0; i < NITEMS(bad); i++) {
		if (name_parse(&name, bad[i], &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
		assert_memory_equal(&name, &before, sizeof(name));
	}
}

static void
test_policy_name(void **state)
{
	static const char *const good[] = { "RM-IFOG-IN", "rm_in", "9", "_",
		TEN TEN TEN TEN TEN TEN "aaa" };
	static const char *const bad[] = { "", "-RM", "RM IN", "RM'", "RM\"",
		"RM|x", "RM!", "RM?", "RM.IN", "RM:IN", "RM\n", "RM\tx", "RM;",
		"RM#", "R\xc3\x84", TEN TEN TEN TEN TEN TEN "aaaa" };
	struct policy_name name;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		assert_int_equal(policy_name_parse(&name, good[i], NULL), 0);
		assert_string_equal(name.s, good[i]);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		if (policy_name_parse(&name, bad[i], &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void
test_if_name(void **state)
{
	static const char *const good[] = { "gre0", "eth0.100", "lo", "Wg_x-1",
		TEN "aaaaa" };
	static const char *const bad[] = { "", "0eth", ".eth", "-eth", "_x",
		"eth 0", "eth0:1", "eth0/1", "eth0;", "eth0\n", "..",
		TEN "aaaaaa" };
	struct if_name name;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		assert_int_equal(if_name_parse(&name, good[i], NULL), 0);
		assert_string_equal(name.s, good[i]);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		if (if_name_parse(&name, bad[i], &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void
test_line_text(void **state)
{
	static const char *const good[] = { "x", "Upstream iFog (Frankfurt)",
		"it's 100 % & more; $HOME `x` <y>",
		"Z\xc3\xbcrich \xe2\x82\xac", "a!b#c", "\xf0\x9f\x9a\x80",
		TEN TEN TEN TEN TEN TEN TEN TEN };
	static const char *const bad[] = { "", " ", " x", "x ", "x  y", "x\ny",
		"x\n", "\rx", "x\ty", "x\x1b[0m", "x\x7f", "!x", "#x", "x|y",
		"x?", "say \"x\"", "a\\b", "\x80", "\xc3", "x\xc3\x28",
		"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff",
		"\xc2\x85", "\xc2\x9b" /* C1 controls */,
		TEN TEN TEN TEN TEN TEN TEN TEN "a" };
	struct line_text text;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		if (line_text_parse(&text, good[i], &err) == -1)
			fail_msg("\"%s\": %s", good[i], err.text);
		assert_string_equal(text.s, good[i]);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		if (line_text_parse(&text, bad[i], &err) != -1)
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void
test_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool good;
	} all[] = {
		{ "", 0, true },
		{ "abc", 3, true },
		{ "a\0b", 3, false },
		{ "\xc2\x80", 2, true },     /* U+0080 */
		{ "\xdf\xbf", 2, true },     /* U+07FF */
		{ "\xe0\xa0\x80", 3, true }, /* U+0800 */
		{ "\xef\xbf\xbf", 3, true }, /* U+FFFF */
		{ "\xed\x9f\xbf", 3, true }, /* U+D7FF */
		{ "\xee\x80\x80", 3, true }, /* U+E000 */
		{ "\xf0\x90\x80\x80", 4, true },
		{ "\xf4\x8f\xbf\xbf", 4, true },
		{ "\xc1\xbf", 2, false },     /* overlong */
		{ "\xe0\x9f\xbf", 3, false }, /* overlong */
		{ "\xf0\x8f\xbf\xbf", 4, false },
		{ "\xed\xa0\x80", 3, false },     /* surrogate */
		{ "\xf4\x90\x80\x80", 4, false }, /* above U+10FFFF */
		{ "\xf5\x80\x80\x80", 4, false },
		{ "\xe2\x82", 2, false }, /* cut off */
		{ "\xe2\x82\xac", 2, false },
		{ "\x80", 1, false },
		{ "\xc3\xc3", 2, false },
		{ "\xfe", 1, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++)
		if (name_is_utf8(all[i].text, all[i].len) != all[i].good)
			fail_msg("row %zu", i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_policy_name),
		cmocka_unit_test(test_if_name),
		cmocka_unit_test(test_line_text),
		cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
