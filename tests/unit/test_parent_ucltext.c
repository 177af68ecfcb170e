/* tests/unit/test_parent_ucltext.c - the configuration language, strictly. */
/* links: parent/ucltext base/number base/err */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "parent/ucltext.h"

static char seen[4096];

/* "line path type word;" for each value. */
static int
note(void *ctx, const struct ucltext_item *item, struct err *err)
{
	static const char *const types[] = { "s", "n", "b", "e", "{" };
	size_t len = strlen(seen);

	(void)ctx;
	(void)err;
	(void)snprintf(seen + len, sizeof(seen) - len, "%u %s %s%s %s;",
	    item->line, item->path, types[item->type], item->in_list ? "l" : "",
	    item->string);
	return 0;
}

static void
check(const char *text, const char *want)
{
	struct err err;

	err_clear(&err);
	seen[0] = '\0';
	if (ucltext_parse(text, strlen(text), note, NULL, &err) == -1)
		assert_string_equal(err.text, want);
	else
		assert_string_equal(seen, want);
}

static void
test_values(void **state)
{
	(void)state;
	check("", "");
	check("a = 1;", "1 a n 1;");
	check("a: \"x y\"\n\nb yes;", "1 a s x y;3 b b yes;");
	check("a = 0660; b = 0; c = 12k; d = -1;",
	    "1 a s 0660;1 b n 0;1 c s 12k;1 d s -1;");
	check("a = 99999999999999999999", "1 a s 99999999999999999999;");
	check("a = \"\\\"\\\\\\u00e9\\n\"", "1 a s \"\\\303\251\n;");
	check("{ \"a\": 1, \"b\": { \"c\": true } }",
	    "1 a n 1;1 b { ;1 b.c b true;");
}

static void
test_sections_and_lists(void **state)
{
	(void)state;
	check("s { a = 1; b = 2 }\nt = { c 3\n d 4 };",
	    "1 s { ;1 s.a n 1;1 s.b n 2;2 t { ;2 t.c n 3;3 t.d n 4;");
	check("a = [1, \"b\",\n c ,]; d []",
	    "1 a nl 1;1 a sl b;2 a sl c;2 d el ;");
	check("s {}", "1 s { ;");
}

static void
test_comments(void **state)
{
	(void)state;
	check("# x\n/* a /* b */ \n */ a = 1; # y", "3 a n 1;");
	check("a = 1 /* no end", "line 1: this comment has no end");
}

static void
test_refused(void **state)
{
	(void)state;
	check("a = 1; a = 2", "line 1: a: given twice, first in line 1");
	check("s { a = 1 }\ns { b = 2 }",
	    "line 2: s: given twice, first in line 1");
	check("a = \"x", "line 1: a quoted string has no end");
	check("a = \"x\n\"", "line 1: a quoted string has no end");
	check("s {\n a = 1;", "line 1: this '{' has no '}'");
	check("}", "line 1: this '}' has no '{'");
	check("s { t { a = 1 } }", "line 1: sections go only one deep");
	check("a = [1", "line 1: this list has no end");
	check("a = [1 2]", "line 1: expected ',' or ']' in a list");
	check("a = [[1]]", "line 1: a list holds plain values only");
	check(".include \"x\"",
	    "line 1: macros such as .include are not understood");
	check("a = 1 b = 2", "line 1: expected ';' after a value");
	check("a = ;", "line 1: a value is missing, or needs double quotes");
	check("a = \"\\x\"",
	    "line 1: a backslash must be followed by one of \" \\ / b f n r t "
	    "or u and four digits");
	check("a = \"\\u0000\"",
	    "line 1: a backslash must be followed by one of \" \\ / b f n r t "
	    "or u and four digits");
	check("= 1", "line 1: expected the name of a key or section");
}

static int
refuse(void *ctx, const struct ucltext_item *item, struct err *err)
{
	(void)ctx;
	return err_set(err, ERR_INVALID, "no %s", item->path);
}

static void
test_callback_stops(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(ucltext_parse("a = 1; b = 2", 12, refuse, NULL, &err),
	    -1);
	assert_string_equal(err.text, "no a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_sections_and_lists),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_callback_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
