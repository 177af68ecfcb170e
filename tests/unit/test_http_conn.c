/* test_http_conn.c - the connection table: limits, phases, ids. */
/* links: http/backlog http/conn wire/frame base/addr base/buf base/err base/mem
 * base/log base/clock base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"
#include "http/conn.h"

static struct addr
addr(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static enum conn_verdict
add(struct conn_table *t, const char *from, struct conn **cp)
{
	struct addr a;

	if (from == NULL)
		return conn_new(t, NULL, 0, cp);
	a = addr(from);
	return conn_new(t, &a, 0, cp);
}

static void
test_limits(void **state)
{
	struct conn_table t;
	struct conn *c, *first;

	(void)state;
	conn_table_init(&t, 4, 2, UINT64_MAX - 1);
	assert_int_equal(add(&t, "192.0.2.1", &first), CONN_ACCEPTED);
	assert_string_equal(first->peer, "192.0.2.1");
	assert_int_equal(add(&t, "192.0.2.1", &c), CONN_ACCEPTED);
	assert_int_equal(add(&t, "192.0.2.1", &c), CONN_TOO_MANY_FROM_ADDRESS);
	assert_null(c);
	assert_int_equal(add(&t, NULL, &c), CONN_ACCEPTED);
	assert_string_equal(c->peer, "unix");
	assert_int_equal(add(&t, "192.0.2.2", &c), CONN_ACCEPTED);
	assert_int_equal(add(&t, NULL, &c), CONN_TOO_MANY);
	/* No number comes twice, and 0 is none. */
	assert_true(first->number == UINT64_MAX - 1);
	assert_true(c == NULL && t.v[2].number == 1 && t.v[3].number == 2);
	conn_free(&t, first);
	assert_int_equal(t.used, 3);
	assert_int_equal(add(&t, "192.0.2.1", &c), CONN_ACCEPTED);
	assert_true(c->number == 3);
	conn_table_clear(&t);
}

static void
test_one_client_is_a_64(void **state)
{
	struct conn_table t;
	struct conn *c;

	(void)state;
	conn_table_init(&t, 8, 1, 1);
	assert_int_equal(add(&t, "2001:db8::1", &c), CONN_ACCEPTED);
	assert_int_equal(add(&t, "2001:db8::ffff:1", &c),
	    CONN_TOO_MANY_FROM_ADDRESS);
	assert_int_equal(add(&t, "2001:db8:0:1::1", &c), CONN_ACCEPTED);
	/* Neighbors on a link are not one client. */
	assert_int_equal(add(&t, "fe80::1%eth0", &c), CONN_ACCEPTED);
	assert_int_equal(add(&t, "fe80::2%eth0", &c), CONN_ACCEPTED);
	assert_int_equal(add(&t, "fe80::2%eth0", &c),
	    CONN_TOO_MANY_FROM_ADDRESS);
	conn_table_clear(&t);
}

static void
add_streams(struct conn_table *t, const char *from, unsigned n)
{
	struct conn *c;

	while (n-- > 0) {
		assert_int_equal(add(t, from, &c), CONN_ACCEPTED);
		assert_int_equal(conn_may_stream(t, c), CONN_ACCEPTED);
		conn_enter(t, c, CONN_STREAMING, 0);
	}
}

static enum conn_verdict
may_stream(struct conn_table *t, const char *from)
{
	enum conn_verdict verdict;
	struct conn *c;

	assert_int_equal(add(t, from, &c), CONN_ACCEPTED);
	verdict = conn_may_stream(t, c);
	conn_free(t, c);
	return verdict;
}

static void
test_streams_leave_half(void **state)
{
	struct conn_table t;

	(void)state;
	conn_table_init(&t, 16, 5, 1);
	add_streams(&t, "2001:db8::1", 1);
	add_streams(&t, "2001:db8::2", 1);
	assert_int_equal(may_stream(&t, "2001:db8::3"),
	    CONN_TOO_MANY_FROM_ADDRESS);
	/* A UNIX socket has no address, and no limit of one. */
	add_streams(&t, NULL, 4);
	add_streams(&t, "192.0.2.1", 2);
	assert_int_equal(may_stream(&t, NULL), CONN_TOO_MANY);
	assert_int_equal(may_stream(&t, "192.0.2.2"), CONN_TOO_MANY);
	assert_int_equal(may_stream(&t, "192.0.2.1"),
	    CONN_TOO_MANY_FROM_ADDRESS);
	conn_enter(&t, conn_oldest(&t, CONN_STREAMING), CONN_IDLE, 0);
	assert_int_equal(may_stream(&t, NULL), CONN_ACCEPTED);
	conn_table_clear(&t);
	/* One at least. */
	conn_table_init(&t, 1, 1, 1);
	add_streams(&t, "192.0.2.1", 1);
	conn_table_clear(&t);
}

static void
test_late_ids_miss(void **state)
{
	struct conn_table t;
	struct conn *a, *b;
	uint64_t id;

	(void)state;
	conn_table_init(&t, 2, 2, 1);
	assert_int_equal(add(&t, NULL, &a), CONN_ACCEPTED);
	assert_int_equal(add(&t, NULL, &b), CONN_ACCEPTED);
	id = a->id;
	assert_ptr_equal(conn_find(&t, id), a);
	assert_ptr_equal(conn_find(&t, b->id), b);
	conn_forget_request(a); /* the next request on the same connection */
	assert_null(conn_find(&t, id));
	id = a->id;
	conn_free(&t, a);
	assert_null(conn_find(&t, id));
	assert_int_equal(add(&t, NULL, &a), CONN_ACCEPTED);
	assert_null(conn_find(&t, id));
	assert_null(conn_find(&t, 7)); /* no such slot */
	conn_table_clear(&t);
}

/* The memory stays for the next request, what stood in it does not. */
static void
test_body_is_wiped(void **state)
{
	static const char nothing[16];
	struct conn_table t;
	struct conn *c;

	(void)state;
	conn_table_init(&t, 1, 1, 1);
	assert_int_equal(add(&t, NULL, &c), CONN_ACCEPTED);
	buf_puts(&c->body, "the-new-key-of-it");
	conn_forget_request(c);
	assert_non_null(c->body.data);
	assert_memory_equal(c->body.data, nothing, sizeof(nothing));
	conn_table_clear(&t);
}

static void
test_phases_are_queues(void **state)
{
	struct conn_table t;
	struct conn *a, *b;

	(void)state;
	conn_table_init(&t, 2, 2, 1);
	assert_int_equal(add(&t, NULL, &a), CONN_ACCEPTED);
	assert_int_equal(add(&t, NULL, &b), CONN_ACCEPTED);
	assert_ptr_equal(conn_oldest(&t, CONN_IDLE), a);
	conn_enter(&t, a, CONN_WAITING, 10);
	conn_enter(&t, b, CONN_WAITING, 20);
	assert_null(conn_oldest(&t, CONN_IDLE));
	assert_ptr_equal(conn_oldest(&t, CONN_WAITING), a);
	conn_enter(&t, a, CONN_WAITING, 30);
	assert_ptr_equal(conn_oldest(&t, CONN_WAITING), b);
	assert_int_equal(a->since_ms, 30);
	conn_table_clear(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_one_client_is_a_64),
		cmocka_unit_test(test_streams_leave_half),
		cmocka_unit_test(test_late_ids_miss),
		cmocka_unit_test(test_body_is_wiped),
		cmocka_unit_test(test_phases_are_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
