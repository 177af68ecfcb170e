/* tests/unit/test_http_backlog.c - whole records, and never too many. */
/* links: http/backlog base/buf base/err base/mem base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/backlog.h"

static const char resync[] = "event: resync\ndata: {\"type\":\"resync\","
			     "\"reason\":\"slow_reader\"}\n\n";

/* "N:xxx...\n\n" of size bytes. */
static bool
add(struct backlog *l, unsigned n, size_t size)
{
	char *record = malloc(size + 1);
	size_t len;
	bool kept;

	assert_non_null(record);
	memset(record, 'x', size);
	len = (size_t)snprintf(record, size, "%u:", n);
	record[len] = 'x';
	memcpy(record + size - 2, "\n\n", 2);
	kept = backlog_add(l, record, size);
	free(record);
	return kept;
}

static void
take(struct backlog *l, size_t piece, struct buf *to)
{
	char some[8192];
	size_t n;

	assert_true(piece <= sizeof(some));
	while ((n = backlog_take(l, some, piece)) > 0) {
		assert_true(n <= piece);
		buf_add(to, some, n);
	}
	assert_true(backlog_is_empty(l));
}

/* Whole, each with the next number or after one resync. */
static void
check_records(const char *text, unsigned *resyncs, unsigned *last)
{
	bool first = true;
	unsigned n;

	*resyncs = 0;
	while (*text != '\0') {
		const char *end = strstr(text, "\n\n");

		assert_non_null(end);
		if (strncmp(text, resync, sizeof(resync) - 1) == 0) {
			(*resyncs)++;
		} else {
			n = (unsigned)strtoul(text, NULL, 10);
			assert_true(first || *resyncs > 0 || n == *last + 1);
			assert_true(text[strspn(text, "0123456789")] == ':');
			*last = n;
			first = false;
		}
		text = end + 2;
	}
}

static void
test_in_order(void **state)
{
	struct backlog l;
	struct buf got = BUF_INIT;
	unsigned n, resyncs, last = 0;
	size_t piece;

	(void)state;
	for (piece = 1; piece < 4000; piece = piece * 3 + 1) {
		backlog_init(&l, "0:\n\n", 4);
		for (n = 1; n < 100; n++) {
			assert_true(add(&l, n, 20 + n * 9));
			if (n % 7 == 0)
				take(&l, piece, &got);
		}
		take(&l, piece, &got);
		check_records(buf_text(&got), &resyncs, &last);
		assert_int_equal(resyncs, 0);
		assert_int_equal(last, 99);
		buf_clear(&got);
		backlog_clear(&l);
	}
}

/* Read up to a place anywhere in a record, then not for a while. */
static void
test_dropped(void **state)
{
	char some[600];
	struct backlog l;
	struct buf got;
	unsigned n, resyncs, last, lost;
	size_t begun;

	(void)state;
	for (begun = 0; begun < sizeof(some); begun++) {
		buf_init(&got, 0);
		backlog_init(&l, "0:\n\n", 4);
		assert_true(add(&l, 1, 300));
		assert_true(add(&l, 2, 300));
		buf_add(&got, some, backlog_take(&l, some, begun));
		for (n = 3, lost = 0; lost < 3; n++) {
			lost += !add(&l, n, 2000);
			assert_true(l.b.len <= BACKLOG_MAX + 2700);
		}
		assert_true(add(&l, n, 300));
		take(&l, 4096, &got);
		last = 0;
		check_records(buf_text(&got), &resyncs, &last);
		assert_int_equal(resyncs, 1);
		assert_int_equal(last, n);
		/* As if nothing had been. */
		buf_reset(&got);
		assert_true(add(&l, n + 1, 200));
		take(&l, 4096, &got);
		assert_int_equal(got.len, 200);
		buf_clear(&got);
		backlog_clear(&l);
	}
}

/* It begins with more than there is room for later. */
static void
test_large_beginning(void **state)
{
	size_t size = (size_t)BACKLOG_MAX * 2;
	char *much = malloc(size);
	struct buf got = BUF_INIT;
	struct backlog l;
	unsigned n = 0;

	(void)state;
	assert_non_null(much);
	memset(much, 'x', size);
	memcpy(much + size - 2, "\n\n", 2);
	backlog_init(&l, much, size);
	while (add(&l, n, 1000))
		n++;
	assert_int_equal(n, BACKLOG_MAX / 1000);
	take(&l, 4096, &got);
	assert_int_equal(got.len, sizeof(resync) - 1);
	backlog_clear(&l);
	backlog_init(&l, much, size);
	assert_true(add(&l, 1, 1000));
	buf_reset(&got);
	take(&l, 4096, &got);
	assert_int_equal(got.len, size + 1000);
	/* From then on it is as with others. */
	for (n = 0; add(&l, n, 1000); n++)
		;
	assert_int_equal(n, BACKLOG_MAX / 1000);
	buf_clear(&got);
	backlog_clear(&l);
	free(much);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_large_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
