/* tests/unit/test_system_tool.c - a tool is run, or told of, or not believed.
 */
/* links: system/tool tests/unit/system_paths_standin base/buf base/clock
 * base/compat base/err base/io base/run */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "system/tool.h"

static struct system_config config = { .timeout_ms = 5000 };
static char log_bytes[4096], out_bytes[4096], path[TOOL_PATH_MAX];
static struct buf log_buf, out;
static struct tool t;
static struct err err;

static int
setup(void **state)
{
	(void)state;
	buf_init_fixed(&log_buf, log_bytes, sizeof(log_bytes));
	buf_init_fixed(&out, out_bytes, sizeof(out_bytes));
	t = (struct tool) { &config, false, &log_buf };
	config.timeout_ms = 5000;
	config.tools_dir[0] = '\0';
	err_clear(&err);
	return 0;
}

static struct argv
shell(const char *script)
{
	struct argv argv;

	tool_argv(&t, &argv, "sh", path);
	argv_opt(&argv, "-c", script);
	return argv;
}

static void
test_places(void **state)
{
	struct argv argv;

	(void)state;
	tool_argv(&t, &argv, "sh", path); /* the first that exists */
	assert_string_equal(argv.v[0], "/bin/sh");
	tool_argv(&t, &argv, "gone", path); /* none: named in the failure */
	assert_string_equal(argv.v[0], "/nonexistent/gone");
	assert_int_equal(tool_run(&t, &argv, NULL, true, NULL, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_string_equal(err.tool, "gone");
	assert_string_equal(err.text,
	    "cannot run /nonexistent/gone: No such file or directory");
	memcpy(config.tools_dir, "/a/b", 5);
	tool_argv(&t, &argv, "sh", path);
	assert_string_equal(argv.v[0], "/a/b/sh");
}

static void
test_good(void **state)
{
	struct argv argv = shell("cat");
	struct buf input;
	char bytes[] = "one\ntwo\n";

	(void)state;
	buf_init_fixed(&input, bytes, sizeof(bytes));
	memcpy(bytes, "one\ntwo\n", 8);
	input.len = 8;
	assert_int_equal(tool_run(&t, &argv, &input, false, &out, &err), 0);
	assert_string_equal(buf_text(&out), "one\ntwo\n");
	assert_string_equal(buf_text(&log_buf), "/bin/sh -c cat\tok\n");
}

static void
test_dry(void **state)
{
	struct argv argv = shell("echo x; exit 3");
	struct buf input;
	char bytes[] = "one\n\ntwo";

	(void)state;
	buf_init_fixed(&input, bytes, sizeof(bytes));
	memcpy(bytes, "one\n\ntwo", 8);
	input.len = 8;
	t.dry = true;
	assert_int_equal(tool_run(&t, &argv, &input, true, &out, &err), 0);
	assert_int_equal(out.len, 0);
	assert_string_equal(buf_text(&log_buf),
	    "/bin/sh -c 'echo x; exit 3'\t\n< one\n< \n< two\n");
	buf_reset(&log_buf);
	tool_note(&t, NULL, "write %s", "/x");
	assert_string_equal(buf_text(&log_buf), "write /x\t\n");
	/* A question is asked all the same, and not logged. */
	buf_reset(&log_buf);
	argv = shell("echo x");
	assert_int_equal(tool_ask(&t, &argv, &out, &err), 0);
	assert_string_equal(buf_text(&out), "x\n");
	assert_int_equal(log_buf.len, 0);
}

static void
test_failure(void **state)
{
	struct argv argv = shell(
	    "echo out; printf 'bad\\tthing\\033\\nline 2\\n' >&2; exit 2");

	(void)state;
	assert_int_equal(tool_run(&t, &argv, NULL, false, NULL, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_string_equal(err.tool, "sh");
	assert_int_equal(err.exit_code, 2);
	assert_string_equal(err.text, "sh: exit 2");
	assert_string_equal(err.output, "bad\tthing?\nline 2");
	assert_non_null(
	    strstr(buf_text(&log_buf), "exit 2'\tbad thing?; line 2\n"));
}

/* Exit 0 with words is no success for those that must have none. */
static void
test_quiet(void **state)
{
	struct argv argv = shell("echo 'Can not assign' >&2");

	(void)state;
	assert_int_equal(tool_run(&t, &argv, NULL, true, NULL, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_string_equal(err.text,
	    "sh: exit 0, but it says: Can not assign");
	assert_string_equal(err.output, "Can not assign");
	assert_int_equal(tool_run(&t, &argv, NULL, false, NULL, &err), 0);
	argv = shell("echo 'on stdout'");
	assert_int_equal(tool_run(&t, &argv, NULL, true, NULL, &err), -1);
	argv = shell("true");
	assert_int_equal(tool_run(&t, &argv, NULL, true, NULL, &err), 0);
}

static void
test_deadline(void **state)
{
	struct argv argv = shell("echo begun; sleep 30");

	(void)state;
	config.timeout_ms = 200;
	assert_int_equal(tool_run(&t, &argv, NULL, true, NULL, &err), -1);
	assert_int_equal(err.code, ERR_TIMEOUT);
	assert_non_null(strstr(err.text, "killed"));
	assert_non_null(strstr(buf_text(&log_buf), "killed"));
}

static void
test_too_much(void **state)
{
	struct argv argv = shell("head -c 5000 /dev/zero | tr '\\0' a");
	char small[8];
	struct buf tiny;
	int i;

	(void)state;
	assert_int_equal(tool_ask(&t, &argv, &out, &err), -1);
	assert_string_equal(err.text, "sh: says more than 4095 bytes");
	/* A log that is full is cut, and nothing fails. */
	buf_init_fixed(&tiny, small, sizeof(small));
	t.log = &tiny;
	argv = shell("true");
	for (i = 0; i < 3; i++)
		assert_int_equal(tool_run(&t, &argv, NULL, true, NULL, &err),
		    0);
	assert_string_equal(buf_text(&tiny), "/bin/sh");
}

static void
test_note(void **state)
{
	(void)state;
	tool_note(&t, NULL, "write %s", "/x");
	(void)err_set(&err, ERR_SYSTEM, "no room\nat all");
	tool_note(&t, &err, "write %s", "/y");
	assert_string_equal(buf_text(&log_buf),
	    "write /x\tok\nwrite /y\tno room; at all\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_places, setup),
		cmocka_unit_test_setup(test_good, setup),
		cmocka_unit_test_setup(test_dry, setup),
		cmocka_unit_test_setup(test_failure, setup),
		cmocka_unit_test_setup(test_quiet, setup),
		cmocka_unit_test_setup(test_deadline, setup),
		cmocka_unit_test_setup(test_too_much, setup),
		cmocka_unit_test_setup(test_note, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
