/* test_http_problem.c - problem documents as http writes them itself. */
/* links: http/problem base/buf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/problem.h"

static void
test_document(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	problem_print(&b, &problems[PROBLEM_NO_ENGINE], "It is away.", "r-1");
	assert_string_equal(buf_text(&b),
	    "{\"type\":\"https://multihomed.dev/problems/engine_unavailable\","
	    "\"title\":\"Service Unavailable\",\"status\":503,"
	    "\"code\":\"engine_unavailable\",\"detail\":\"It is away.\","
	    "\"request_id\":\"r-1\",\"retry_after_s\":1}\n");
	buf_clear(&b);
}

static void
test_answer(void **state)
{
	struct buf b = BUF_INIT;
	const char *body;
	char length[64];
	size_t i;

	(void)state;
	for (i = 0; i < PROBLEM_COUNT; i++) {
		buf_reset(&b);
		problem_print_answer(&b, &problems[i], "Because.", "r-2");
		assert_false(b.failed);
		body = strstr(buf_text(&b), "\r\n\r\n");
		assert_non_null(body);
		(void)snprintf(length, sizeof(length),
		    "\r\nContent-Length: %zu\r\n", strlen(body + 4));
		assert_non_null(strstr(buf_text(&b), length));
		assert_non_null(strstr(buf_text(&b), "Connection: close\r\n"));
		assert_int_equal(problems[i].retry_after_s != 0,
		    strstr(buf_text(&b), "\r\nRetry-After: ") != NULL);
	}
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
