/* tests/unit/test_wire_setup.c - what a child is told when it starts. */
/* links: wire/setup base/io base/buf base/err base/clock */
#include <sys/types.h>
#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/setup.h"

static int pair[2];

static int
set_up(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static int
tear_down(void **state)
{
	(void)state;
	(void)close(pair[0]);
	(void)close(pair[1]);
	return 0;
}

static void
test_round_trip(void **state)
{
	struct setup_engine sent, got;

	(void)state;
	memset(&sent, 0, sizeof(sent));
	memset(&got, 0xff, sizeof(got));
	memcpy(sent.database, "/x/y.db", 8);
	sent.queue_max = 32;
	assert_int_equal(setup_send(pair[0], &sent, sizeof(sent), NULL, 0,
			     NULL),
	    0);
	assert_int_equal(setup_recv(pair[1], &got, sizeof(got), NULL, NULL), 0);
	assert_memory_equal(&sent, &got, sizeof(sent));
}

static void
test_extra(void **state)
{
	struct setup_http sent, got;
	struct buf extra = BUF_INIT;

	(void)state;
	memset(&sent, 0, sizeof(sent));
	assert_int_equal(setup_send(pair[0], &sent, sizeof(sent), "PEM", 3,
			     NULL),
	    0);
	assert_int_equal(setup_recv(pair[1], &got, sizeof(got), &extra, NULL),
	    0);
	assert_int_equal(extra.len, 3);
	assert_string_equal(buf_text(&extra), "PEM");
	buf_clear(&extra);
}

static void
test_extra_refused(void **state)
{
	uint32_t one = 1, got;
	struct buf small;
	struct err err;

	(void)state;
	assert_int_equal(setup_send(pair[0], &one, sizeof(one), "PEM", 3, NULL),
	    0);
	assert_int_equal(setup_recv(pair[1], &got, sizeof(got), NULL, &err),
	    -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	tear_down(state);
	set_up(state);
	buf_init(&small, 2);
	assert_int_equal(setup_send(pair[0], &one, sizeof(one), "PEM", 3, NULL),
	    0);
	assert_int_equal(setup_recv(pair[1], &got, sizeof(got), &small, &err),
	    -1);
	assert_int_equal(err.code, ERR_TOO_LARGE);
	buf_clear(&small);
}

/* head.size is too small, the version another, the magic wrong. */
static void
test_head_refused(void **state)
{
	uint32_t small = 1;
	struct setup_engine got;
	struct setup_head head;
	struct err err;
	int i;

	(void)state;
	assert_int_equal(setup_send(pair[0], &small, sizeof(small), NULL, 0,
			     NULL),
	    0);
	assert_int_equal(setup_recv(pair[1], &got, sizeof(got), NULL, &err),
	    -1);
	assert_int_equal(err.code, ERR_PROTOCOL);
	for (i = 0; i < 3; i++) {
		uint32_t skipped;

		tear_down(state);
		set_up(state);
		(void)setup_send(pair[0], &small, sizeof(small), NULL, 0, NULL);
		assert_int_equal(read(pair[1], &head, sizeof(head)),
		    sizeof(head));
		assert_int_equal(read(pair[1], &skipped, sizeof(skipped)),
		    sizeof(skipped));
		head.magic += i == 0;
		head.version += i == 1;
		head.zero += i == 2;
		assert_int_equal(write(pair[0], &head, sizeof(head)),
		    sizeof(head));
		assert_int_equal(setup_recv(pair[1], &skipped, sizeof(skipped),
				     NULL, &err),
		    -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
	}
}

static void
test_peer_gone(void **state)
{
	struct setup_engine got;
	struct setup_head head = { 0, 0, 0, 0 };
	struct err err;

	(void)state;
	assert_int_equal(write(pair[0], &head, 3), 3);
	(void)close(pair[0]);
	pair[0] = -1;
	assert_int_equal(setup_recv(pair[1], &got, sizeof(got), NULL, &err),
	    -1);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_extra, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_extra_refused, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_head_refused, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(test_peer_gone, set_up,
		    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
