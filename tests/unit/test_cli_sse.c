/* tests/unit/test_cli_sse.c - events out of bytes, as the standard has it. */
/* links: clients/cli/sse base/buf base/err base/mem base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/sse.h"

static void
on_event(void *arg, const char *type, const char *data)
{
	buf_printf(arg, "%s=%s;", type, data);
}

static const struct {
	const char *in;
	const char *events; /* "type=data;" */
	const char *last_id;
} cases[] = {
	{ "data: one\n\n", "message=one;", "" },
	{ "event: drain\ndata: {\"a\":1}\nid: e-1\n\n", "drain={\"a\":1};",
	    "e-1" },
	{ "data: a\ndata: b\ndata:\n\n", "message=a\nb\n;", "" },
	{ "data:a\r\n\r\ndata:b\r\rdata:c\n\n",
	    "message=a;message=b;message=c;", "" },
	{ "data:  two blanks\n\n", "message= two blanks;", "" },
	{ "data\n\n", "message=;", "" },
	{ ": comment\n:\n\n", "", "" },
	{ "id: 7\n\n", "", "7" },       /* an id alone counts */
	{ "id: 7\ndata: x\n", "", "" }, /* not ended: it does not */
	{ "id: 7\n\nid\ndata: x\n\n", "message=x;", "" },
	{ "event: a\n\ndata: x\n\n", "message=x;",
	    "" }, /* no data: forgotten */
	{ "retry: 5\nfoo: bar\ndatum: 1\n\n", "", "" },
	{ "\xef\xbb\xbf"
	  "data: x\n\n",
	    "message=x;", "" },
	{ "data: x\n\n\xef\xbb\xbf"
	  "data: y\n\n",
	    "message=x;", "" },
	{ "data: a:b: c\n\n", "message=a:b: c;", "" },
	{ "\n\n\n", "", "" },
};

static void
check_case(size_t i, size_t piece)
{
	size_t len = strlen(cases[i].in), at, n;
	struct buf b = BUF_INIT;
	struct sse s;

	sse_init(&s);
	for (at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		assert_int_equal(sse_feed(&s, cases[i].in + at, n, on_event,
				     &b),
		    0);
	}
	assert_string_equal(buf_text(&b), cases[i].events);
	assert_string_equal(sse_last_id(&s), cases[i].last_id);
	buf_clear(&b);
	sse_clear(&s);
}

static void
test_cases(void **state)
{
	size_t i, piece;

	(void)state;
	for (i = 0; i < NITEMS(cases); i++)
		for (piece = 1; piece < 40; piece++)
			check_case(i, piece);
}

/* What was cut off is forgotten, and so is its id; the last one stays. */
static void
test_again(void **state)
{
	static const char first[] = "id: 1\ndata: a\n\nid: 2\ndata: b\nda";
	static const char then[] = "data: c\n\n";
	struct buf b = BUF_INIT;
	struct sse s;

	(void)state;
	sse_init(&s);
	assert_int_equal(sse_feed(&s, first, strlen(first), on_event, &b), 0);
	sse_again(&s);
	assert_string_equal(sse_last_id(&s), "1");
	assert_int_equal(sse_feed(&s, then, strlen(then), on_event, &b), 0);
	assert_string_equal(buf_text(&b), "message=a;message=c;");
	assert_string_equal(sse_last_id(&s), "1");
	buf_clear(&b);
	sse_clear(&s);
}

/* One line for ever, many lines for ever, long words. */
static void
test_too_large(void **state)
{
	char line[1000];
	struct buf b = BUF_INIT;
	struct sse s;
	size_t i;
	int rc = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	sse_init(&s);
	for (i = 0; i < 2000 && rc == 0; i++)
		rc = sse_feed(&s, line, sizeof(line), on_event, &b);
	assert_int_equal(rc, -1);
	assert_true(i * sizeof(line) <= SSE_RECORD_MAX + 2 * sizeof(line));
	assert_int_equal(sse_feed(&s, "\n\n", 2, on_event, &b), -1);
	sse_again(&s);
	memcpy(line, "data:", 5);
	line[sizeof(line) - 1] = '\n';
	for (i = 0, rc = 0; i < 2000 && rc == 0; i++)
		rc = sse_feed(&s, line, sizeof(line), on_event, &b);
	assert_int_equal(rc, -1);
	assert_int_equal(b.len, 0);
	sse_again(&s);
	/* An id that does not fit is none; a type is cut. */
	memcpy(line, "id: xx", 6);
	assert_int_equal(sse_feed(&s, line, sizeof(line), on_event, &b), 0);
	memcpy(line, "event: ", 7);
	assert_int_equal(sse_feed(&s, line, sizeof(line), on_event, &b), 0);
	assert_int_equal(sse_feed(&s, "data:\n\n", 7, on_event, &b), 0);
	assert_int_equal(b.len, SSE_TYPE_MAX - 1 + 2);
	assert_string_equal(sse_last_id(&s), "");
	buf_clear(&b);
	sse_clear(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
