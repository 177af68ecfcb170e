/* tests/unit/test_base_err.c - errors keep what the edge needs to tell. */
/* links: base/err */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void
test_set(void **state)
{
	struct err err;

	(void)state;
	memset(&err, 0x5a, sizeof(err)); /* callers do not clear it */
	assert_int_equal(err_set(&err, ERR_CONFLICT, "%s uses %u", "map", 2U),
	    -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.text, "map uses 2");
	assert_string_equal(err.reason, "");
	assert_string_equal(err.tool, "");
	assert_string_equal(err.output, "");
	assert_int_equal(err.n_fields, 0);
	assert_int_equal(err.retry_after_s, 0);
	assert_int_equal(err_reason(&err, "shared"), -1);
	err.retry_after_s = 4;
	/* The next failure has nothing of this one. */
	(void)err_set(&err, ERR_BUSY, "later");
	assert_string_equal(err.reason, "");
	assert_int_equal(err.retry_after_s, 0);
}

static void
test_nobody_wants_it(void **state)
{
	(void)state;
	err_clear(NULL);
	assert_int_equal(err_set(NULL, ERR_BUSY, "x"), -1);
	assert_int_equal(err_set_errno(NULL, ERR_BUSY, "x"), -1);
	assert_int_equal(err_prefix(NULL, "x"), -1);
	assert_int_equal(err_reason(NULL, "x"), -1);
	assert_int_equal(err_tool(NULL, "x", 1, "y", 1), -1);
	assert_int_equal(err_field(NULL, "/x", "y"), -1);
}

static void
test_errno(void **state)
{
	struct err err;

	(void)state;
	errno = ENOENT;
	assert_int_equal(err_set_errno(&err, ERR_SYSTEM, "open %s", "/x"), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_memory_equal(err.text, "open /x: ", 9);
	assert_string_equal(err.text + 9, strerror(ENOENT));
}

static void
test_prefix_keeps_the_rest(void **state)
{
	struct err err;

	(void)state;
	(void)err_set(&err, ERR_TOOL, "exit 1");
	(void)err_reason(&err, "save_failed");
	(void)err_tool(&err, "vtysh", 1, "no", 2);
	err.retry_after_s = 7;
	assert_int_equal(err_prefix(&err, "saving %s", "frr.conf"), -1);
	assert_string_equal(err.text, "saving frr.conf: exit 1");
	assert_int_equal(err.code, ERR_TOOL);
	assert_string_equal(err.reason, "save_failed");
	assert_string_equal(err.tool, "vtysh");
	assert_string_equal(err.output, "no");
	assert_int_equal(err.retry_after_s, 7);
}

static void
test_long_texts_are_cut(void **state)
{
	char text[2 * ERR_TEXT_MAX];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)err_set(&err, ERR_INVALID, "%s", text);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	(void)err_prefix(&err, "%s", text);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	errno = EIO;
	(void)err_set_errno(&err, ERR_INVALID, "%s", text);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	(void)err_reason(&err, text);
	assert_int_equal(strlen(err.reason), sizeof(err.reason) - 1);
	(void)err_tool(&err, text, 1, text, sizeof(text) - 1);
	assert_int_equal(strlen(err.tool), sizeof(err.tool) - 1);
	(void)err_field(&err, text, "%s", text);
	assert_int_equal(strlen(err.fields[0].pointer),
	    sizeof(err.fields[0].pointer) - 1);
	assert_int_equal(strlen(err.fields[0].detail),
	    sizeof(err.fields[0].detail) - 1);
}

static void
test_tool_output_is_made_visible(void **state)
{
	static const char said[] = "% Unknown\r\n\tcommand\x1b[31m\x7f\0x\n\n";
	char much[ERR_OUTPUT_MAX + 100];
	struct err err;

	(void)state;
	(void)err_set(&err, ERR_TOOL, "vtysh: exit 2");
	(void)err_tool(&err, "vtysh", 2, said, sizeof(said) - 1);
	assert_string_equal(err.output, "% Unknown\n\tcommand?[31m??x");
	assert_int_equal(err.exit_code, 2);
	(void)err_tool(&err, "vtysh", -1, "", 0);
	assert_string_equal(err.output, "");
	assert_int_equal(err.exit_code, -1);
	memset(much, 'y', sizeof(much));
	(void)err_tool(&err, "vtysh", 2, much, sizeof(much));
	assert_int_equal(strlen(err.output), ERR_OUTPUT_MAX - 1);
	/* What was said before is the text still. */
	assert_string_equal(err.text, "vtysh: exit 2");
}

static void
test_fields(void **state)
{
	struct err err;
	char pointer[8];
	unsigned i;

	(void)state;
	err_clear(&err);
	for (i = 0; i < ERR_FIELDS_MAX + 3; i++) {
		(void)snprintf(pointer, sizeof(pointer), "/%u", i);
		assert_int_equal(err_field(&err, pointer, "no %u", i), -1);
	}
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	assert_true(err.text[0] != '\0');
	assert_int_equal(err.n_fields, ERR_FIELDS_MAX);
	assert_string_equal(err.fields[0].pointer, "/0");
	assert_string_equal(err.fields[7].pointer, "/7");
	assert_string_equal(err.fields[7].detail, "no 7");
}

static void
test_code_names(void **state)
{
	const char *name, *p;
	unsigned i, j;

	(void)state;
	for (i = ERR_NONE; i <= ERR_INTERNAL; i++) {
		name = err_code_name((enum err_code)i);
		for (p = name; *p != '\0'; p++)
			assert_true(islower((unsigned char)*p) || *p == '_');
		for (j = ERR_NONE; j < i; j++)
			assert_string_not_equal(name,
			    err_code_name((enum err_code)j));
	}
	assert_string_equal(err_code_name(ERR_NOT_FOUND), "not_found");
	assert_string_equal(err_code_name((enum err_code)99), "internal");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_nobody_wants_it),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_prefix_keeps_the_rest),
		cmocka_unit_test(test_long_texts_are_cut),
		cmocka_unit_test(test_tool_output_is_made_visible),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_code_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
