/* tests/unit/test_base_log.c - one event, one line; memory, or the end. */
/* links: base/log base/mem base/clock */
#include <sys/types.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"

/* What was written to standard error in between. */
static char said[8192];
static int saved_stderr, ends[2];

static void
listen_begin(void)
{
	assert_int_equal(pipe(ends), 0);
	saved_stderr = dup(STDERR_FILENO);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	(void)close(ends[1]);
}

static void
listen_end(void)
{
	size_t len = 0;
	ssize_t n;

	(void)dup2(saved_stderr, STDERR_FILENO);
	(void)close(saved_stderr);
	while ((n = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	(void)close(ends[0]);
}

static unsigned
count(const char *text, char c)
{
	unsigned n = 0;

	for (; *text != '\0'; text++)
		n += *text == c;
	return n;
}

static void
test_form(void **state)
{
	char want[64];

	(void)state;
	log_open("unit", LOG_LEVEL_DEBUG, false);
	listen_begin();
	log_warning("%s %d", "text", 5);
	listen_end();
	assert_int_equal(said[4], '-');
	assert_int_equal(said[23], 'Z');
	(void)snprintf(want, sizeof(want), " warning unit[%ld]: text 5\n",
	    (long)getpid());
	assert_string_equal(said + 24, want);
}

static void
test_levels(void **state)
{
	(void)state;
	log_open("unit", LOG_LEVEL_WARNING, false);
	listen_begin();
	log_debug("no");
	log_info("no");
	log_warning("yes");
	log_error("yes");
	listen_end();
	assert_int_equal(count(said, '\n'), 2);
	assert_null(strstr(said, "no\n"));
	assert_int_equal(log_level_parse("error"), LOG_LEVEL_ERROR);
	assert_int_equal(log_level_parse("debug"), LOG_LEVEL_DEBUG);
	assert_int_equal(log_level_parse("Info"), -1);
	assert_int_equal(log_level_parse(""), -1);
	assert_string_equal(log_level_name(LOG_LEVEL_INFO), "info");
}

static void
test_one_event_is_one_line(void **state)
{
	char text[4000];

	(void)state;
	log_open("unit", LOG_LEVEL_INFO, false);
	listen_begin();
	log_info("a\nb\r\x1b[31mc\x7f\td");
	listen_end();
	assert_int_equal(count(said, '\n'), 1);
	assert_non_null(strstr(said, ": a b??[31mc??d\n"));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	listen_begin();
	log_info("%s", text);
	listen_end();
	assert_int_equal(count(said, '\n'), 1);
	assert_in_range(strlen(said), 1000, 1200);
}

/* The exit status of a child that does this. */
static int
ends_with(void (*what)(void))
{
	pid_t pid;
	int status = -1;

	listen_begin();
	pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		what();
		_exit(99);
	}
	(void)waitpid(pid, &status, 0);
	listen_end();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
die(void)
{
	log_fatal("the end of %s", "it");
}

static void
overflow(void)
{
	/* Two elements, if it wrapped. */
	free(mem_realloc(NULL, SIZE_MAX / 2 + 2, 2));
}

static void
test_fatal(void **state)
{
	(void)state;
	assert_int_equal(ends_with(die), 1);
	assert_non_null(strstr(said, " error unit["));
	assert_non_null(strstr(said, ": the end of it\n"));
	assert_int_equal(ends_with(overflow), 1);
	assert_non_null(strstr(said, "out of memory"));
}

static void
test_mem(void **state)
{
	static const char letters[] = { 'a', 'b', 'c' }; /* no NUL */
	uint32_t *numbers;
	char *p;
	size_t i;

	(void)state;
	p = mem_alloc(0);
	assert_non_null(p);
	MEM_FREE(p);
	assert_null(p);
	p = mem_calloc(0, 8);
	assert_non_null(p);
	MEM_FREE(p);
	numbers = mem_calloc(100, sizeof(*numbers));
	for (i = 0; i < 100; i++)
		assert_int_equal(numbers[i], 0);
	numbers[99] = 7;
	numbers = mem_realloc(numbers, 1000, sizeof(*numbers));
	assert_int_equal(numbers[99], 7);
	numbers = mem_realloc(numbers, 0, sizeof(*numbers));
	assert_non_null(numbers);
	MEM_FREE(numbers);
	p = mem_strndup(letters, 3);
	assert_string_equal(p, "abc");
	MEM_FREE(p);
	p = mem_strndup("ab", 30);
	assert_string_equal(p, "ab");
	MEM_FREE(p);
	p = mem_strdup("");
	assert_string_equal(p, "");
	MEM_FREE(p);
	p = mem_printf("%s-%d", "x", 12);
	assert_string_equal(p, "x-12");
	MEM_FREE(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_one_event_is_one_line),
		cmocka_unit_test(test_fatal),
		cmocka_unit_test(test_mem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
