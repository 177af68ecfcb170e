/* tests/unit/test_api_patience.c - Prefer: who is answered 202, and when. */
/* links: api/patience api/problem api/reply engine/outbox engine/snapshot
 * model/json wire/frame base/addr base/buf base/clock base/crypto base/err
 * base/log base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "api/operation.h"
#include "api/patience.h"
#include "api/reply.h"
#include "base/clock.h"
#include "base/compat.h"
#include "engine/confirm.h"
#include "engine/outbox.h"
#include "engine/parts.h"
#include "engine/snapshot.h"
#include "store/operation.h"
#include "wire/frame.h"

static struct parts parts;
static struct ticket ticket = { .parts = &parts,
	.id = 9,
	.generation = 1,
	.request_id = "r-1" };
static const struct operation op = { .id = "op-x" };

bool
confirm_pending_text(struct parts *p, char *out, size_t size)
{
	(void)p;
	(void)out;
	(void)size;
	return false;
}

void
operation_reply_body(const struct operation *o, struct parts *p, struct buf *b)
{
	assert_ptr_equal(p, &parts);
	buf_printf(b, "{\"id\":\"%s\"}", o->id);
}

/* The answer that went out, if any: its Preference-Applied. */
static bool
sent(const char *applied)
{
	struct buf b = BUF_INIT;
	struct frame_reply got;
	struct frame_bytes h;
	bool any;

	outbox_take(parts.outbox, 1, &b);
	any = b.len > 0;
	if (any) {
		assert_int_equal(frame_reply_read(&got,
				     b.data + FRAME_HEAD_SIZE,
				     b.len - FRAME_HEAD_SIZE, NULL),
		    0);
		assert_int_equal(got.status, 202);
		assert_memory_equal(got.body.data, "{\"id\":\"op-x\"}", 13);
		h = got.header[FRAME_R_PREFERENCE_APPLIED];
		assert_int_equal(h.len, strlen(applied));
		assert_memory_equal(h.data, applied, h.len);
		h = got.header[FRAME_R_LOCATION];
		assert_memory_equal(h.data, "/v1/operations/op-x", h.len);
	}
	buf_clear(&b);
	return any;
}

static void
test_no_preference(void **state)
{
	static const char *const none[] = { "", "wait", "wait=", "wait=-1",
		"wait=x", "wait=99999", "return=minimal", "respond-asynchron",
		", ;,", "foo; wait=0", "xwait=0" };
	struct patience p;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(none); i++) {
		patience_init(&p, &ticket, none[i]);
		assert_false(p.limited);
		patience_begun(&p, &op);
		assert_int_equal(patience_left_ms(), -1);
		patience_answer_due();
		assert_false(patience_end(&p));
		assert_false(sent(""));
	}
}

static void
test_at_once(void **state)
{
	static const char *const now[][2] = {
		{ "respond-async", "respond-async" },
		{ " return=minimal ,Respond-Async; x=1", "respond-async" },
		{ "wait=0", "wait=0" },
		{ "wait=0, wait=5", "wait=0" },
	};
	struct patience p;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(now); i++) {
		patience_init(&p, &ticket, now[i][0]);
		assert_int_equal(patience_left_ms(), -1);
		assert_false(sent(""));
		patience_begun(&p, &op);
		assert_true(sent(now[i][1]));
		assert_true(patience_end(&p));
		assert_true(patience_end(&p));
	}
}

static void
pass_deadline(struct patience *p)
{
	struct timespec tick = { 0, 2 * 1000000L };

	p->until_ms = clock_ms();
	(void)nanosleep(&tick, NULL);
	assert_int_equal(patience_left_ms(), 0);
	patience_answer_due();
	assert_int_equal(patience_left_ms(), -1);
}

static void
test_in_time(void **state)
{
	struct patience p, q;

	(void)state;
	patience_init(&p, &ticket, "respond-async, wait=30");
	patience_init(&q, &ticket, "wait=20");
	assert_in_range(patience_left_ms(), 15000, 20000);
	patience_begun(&p, &op);
	patience_answer_due();
	assert_false(sent(""));
	assert_false(patience_end(&q));
	assert_in_range(patience_left_ms(), 25000, 30000);
	assert_false(patience_end(&p));
	assert_int_equal(patience_left_ms(), -1);
}

static void
test_too_late(void **state)
{
	struct patience p;

	(void)state;
	patience_init(&p, &ticket, "wait=30");
	patience_begun(&p, &op);
	pass_deadline(&p);
	assert_true(sent("wait=30"));
	assert_true(patience_end(&p));
}

/* It waits for its turn: there is no operation to point at yet. */
static void
test_too_late_unbegun(void **state)
{
	struct patience p;

	(void)state;
	patience_init(&p, &ticket, "wait=30");
	pass_deadline(&p);
	assert_false(sent(""));
	patience_begun(&p, &op);
	assert_true(sent("wait=30"));
	assert_true(patience_end(&p));
	/* And one that was refused without ever having begun. */
	patience_init(&p, &ticket, "wait=30");
	pass_deadline(&p);
	assert_false(patience_end(&p));
	assert_false(sent(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_preference),
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_too_late),
		cmocka_unit_test(test_too_late_unbegun),
	};
	int rc;

	parts.outbox = outbox_new();
	parts.snapshots = snapshot_box_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	snapshot_box_free(&parts.snapshots);
	outbox_free(&parts.outbox);
	return rc;
}
