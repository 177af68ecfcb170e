/* tests/unit/test_api_problem.c - errors and answers as they go out. */
/* links: api/problem api/reply engine/outbox engine/snapshot model/json
 * wire/frame base/addr base/buf base/clock base/crypto base/err base/log
 * base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/problem.h"
#include "api/reply.h"
#include "base/buf.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"
#include "engine/confirm.h"
#include "engine/outbox.h"
#include "engine/parts.h"
#include "engine/snapshot.h"

static const char *pending; /* NULL: nothing waits for confirmation */

bool
confirm_pending_text(struct parts *parts, char *out, size_t size)
{
	(void)parts;
	if (pending != NULL)
		(void)snprintf(out, size, "%s", pending);
	return pending != NULL;
}

static void
check_problem(const struct err *err, unsigned retry_after_s,
    const struct reply_problem_extra *extra, const char *want)
{
	struct buf b = BUF_INIT;

	problem_render(err, "r-1", retry_after_s, extra, &b);
	assert_string_equal(buf_text(&b), want);
	buf_clear(&b);
}

static void
test_statuses(void **state)
{
	static const struct {
		enum err_code code;
		unsigned status;
	} all[] = { { ERR_INVALID, 400 }, { ERR_UNPROCESSABLE, 422 },
		{ ERR_UNAUTHORIZED, 401 }, { ERR_FORBIDDEN, 403 },
		{ ERR_NOT_FOUND, 404 }, { ERR_METHOD, 405 },
		{ ERR_CONFLICT, 409 }, { ERR_PRECONDITION, 412 },
		{ ERR_PRECONDITION_REQUIRED, 428 }, { ERR_TOO_LARGE, 413 },
		{ ERR_MEDIA_TYPE, 415 }, { ERR_BUSY, 429 }, { ERR_TOOL, 502 },
		{ ERR_NOT_APPLIED, 502 }, { ERR_UNAVAILABLE, 503 },
		{ ERR_TIMEOUT, 504 }, { ERR_UNSUPPORTED, 501 },
		{ ERR_PROTOCOL, 500 }, { ERR_SYSTEM, 500 },
		{ ERR_NO_MEMORY, 500 }, { ERR_INTERNAL, 500 },
		{ ERR_NONE, 500 } };
	size_t i;

	(void)state;
	assert_int_equal(NITEMS(all), ERR_INTERNAL + 1);
	for (i = 0; i < NITEMS(all); i++)
		assert_int_equal(problem_status(all[i].code), all[i].status);
}

static void
test_plain(void **state)
{
	struct err err;

	(void)state;
	(void)err_set(&err, ERR_NOT_FOUND, "no upstream is called \"x\"");
	check_problem(&err, 0, NULL,
	    "{\"type\":\"https://multihomed.dev/problems/not_found\","
	    "\"title\":\"There is no such thing here\",\"status\":404,"
	    "\"code\":\"not_found\","
	    "\"detail\":\"no upstream is called \\\"x\\\"\","
	    "\"request_id\":\"r-1\"}");
}

static void
test_everything(void **state)
{
	struct reply_problem_extra extra = { "op-1", 41, true, true };
	struct err err;

	(void)state;
	err_clear(&err);
	(void)err_field(&err, "/import/local_preference", "must be a number");
	(void)err_field(&err, "/z\xff", "gone");
	(void)err_reason(&err, "idempotency_mismatch");
	(void)err_tool(&err, "vtysh", -1, "% Unknown\ncommand \xff", 19);
	check_problem(&err, 5, &extra,
	    "{\"type\":\"https://multihomed.dev/problems/"
	    "idempotency_mismatch\","
	    "\"title\":\"The request cannot be accepted\",\"status\":422,"
	    "\"code\":\"idempotency_mismatch\","
	    "\"detail\":\"the request has members that cannot be accepted\","
	    "\"request_id\":\"r-1\",\"errors\":[{"
	    "\"pointer\":\"/import/local_preference\","
	    "\"detail\":\"must be a number\"},{\"pointer\":\"/z?\","
	    "\"detail\":\"gone\"}],\"tool\":{\"name\":\"vtysh\","
	    "\"exit_code\":null,\"output\":\"% Unknown\\ncommand ?\"},"
	    "\"retry_after_s\":5,\"operation\":\"op-1\",\"audit_seq\":41,"
	    "\"undone\":true}");
}

/* Nothing was touched: nothing is said of an undo. */
static void
test_untouched(void **state)
{
	struct reply_problem_extra extra = { .audit_seq = 3 };
	struct err err;

	(void)state;
	(void)err_set(&err, ERR_CONFLICT, "x");
	check_problem(&err, 0, &extra,
	    "{\"type\":\"https://multihomed.dev/problems/conflict\","
	    "\"title\":\"The router's present state forbids it\","
	    "\"status\":409,\"code\":\"conflict\",\"detail\":\"x\","
	    "\"request_id\":\"r-1\"}");
}

static struct ticket ticket = { .id = 77, .request_id = "r-1" };

/* Frames a reply and reads it back. */
static void
send_reply(struct reply *r, struct buf *b, struct frame_reply *got)
{
	struct frame_head head;

	buf_reset(b);
	reply_frame(r, &ticket, b);
	assert_int_equal(frame_head_read(&head, b->data, NULL), 0);
	assert_int_equal(head.kind, FRAME_REPLY);
	assert_int_equal(head.id, 77);
	assert_int_equal(frame_reply_read(got, b->data + FRAME_HEAD_SIZE,
			     head.size, NULL),
	    0);
}

static void
check_header(const struct frame_reply *got, enum frame_reply_header which,
    const char *want)
{
	const struct frame_bytes *h = &got->header[which];

	if (want == NULL) {
		assert_null(h->data);
		return;
	}
	assert_non_null(h->data);
	assert_int_equal(h->len, strlen(want));
	assert_memory_equal(h->data, want, h->len);
}

static void
test_reply_headers(void **state)
{
	struct reply r = { .status = 200,
		.etag = "\"a.b\"",
		.location = "/v1/operations/op-1",
		.allow = "GET, HEAD",
		.link = "</v1/audit?cursor=2>; rel=\"next\"",
		.retry_after_s = 7,
		.preference_applied = "respond-async",
		.replayed = true,
		.borrowed = "{}x",
		.borrowed_len = 2 };
	struct buf b = BUF_INIT;
	struct frame_reply got;

	(void)state;
	send_reply(&r, &b, &got);
	assert_int_equal(got.status, 200);
	check_header(&got, FRAME_R_CONTENT_TYPE, "application/json");
	check_header(&got, FRAME_R_ETAG, "\"a.b\"");
	check_header(&got, FRAME_R_LOCATION, "/v1/operations/op-1");
	check_header(&got, FRAME_R_ALLOW, "GET, HEAD");
	check_header(&got, FRAME_R_LINK, "</v1/audit?cursor=2>; rel=\"next\"");
	check_header(&got, FRAME_R_RETRY_AFTER, "7");
	check_header(&got, FRAME_R_PREFERENCE_APPLIED, "respond-async");
	check_header(&got, FRAME_R_IDEMPOTENT_REPLAYED, "true");
	check_header(&got, FRAME_R_REQUEST_ID, "r-1");
	check_header(&got, FRAME_R_WWW_AUTHENTICATE, NULL);
	assert_int_equal(got.body.len, 2);
	r = (struct reply) { .status = 200, .content_type = "text/plain" };
	buf_puts(&r.body, "own");
	send_reply(&r, &b, &got);
	check_header(&got, FRAME_R_CONTENT_TYPE, "text/plain");
	check_header(&got, FRAME_R_ETAG, NULL);
	check_header(&got, FRAME_R_LOCATION, NULL);
	check_header(&got, FRAME_R_RETRY_AFTER, NULL);
	check_header(&got, FRAME_R_IDEMPOTENT_REPLAYED, NULL);
	assert_memory_equal(got.body.data, "own", 3);
	buf_clear(&r.body);
	buf_clear(&b);
}

/* Those with a token are told, whatever they asked. */
static void
test_pending_confirm(void **state)
{
	struct reply r = { .status = 304 };
	struct buf b = BUF_INIT;
	struct frame_reply got;

	(void)state;
	pending = "op-1; revert-in=57";
	send_reply(&r, &b, &got);
	check_header(&got, FRAME_R_CONFIRM_PENDING, NULL);
	ticket.known = true;
	send_reply(&r, &b, &got);
	check_header(&got, FRAME_R_CONFIRM_PENDING, "op-1; revert-in=57");
	pending = NULL;
	send_reply(&r, &b, &got);
	check_header(&got, FRAME_R_CONFIRM_PENDING, NULL);
	ticket.known = false;
	buf_clear(&b);
}

/* 304 says that the client's copy is good: a body would be another one. */
static void
test_not_modified(void **state)
{
	struct reply r = { .status = 304,
		.etag = "\"x\"",
		.borrowed = "body",
		.borrowed_len = 4 };
	struct buf b = BUF_INIT;
	struct frame_reply got;

	(void)state;
	send_reply(&r, &b, &got);
	assert_int_equal(got.status, 304);
	assert_int_equal(got.body.len, 0);
	check_header(&got, FRAME_R_CONTENT_TYPE, NULL);
	check_header(&got, FRAME_R_ETAG, "\"x\"");
	buf_clear(&b);
}

static void
test_reply_problem(void **state)
{
	struct reply r = { .status = 200,
		.etag = "\"x\"",
		.borrowed = "stale",
		.borrowed_len = 5 };
	struct buf b = BUF_INIT;
	struct frame_reply got;
	struct err err;

	(void)state;
	buf_puts(&r.body, "half an answer");
	(void)err_set(&err, ERR_UNAUTHORIZED, "no");
	reply_problem(&r, &ticket, &err, NULL);
	send_reply(&r, &b, &got);
	assert_int_equal(got.status, 401);
	check_header(&got, FRAME_R_CONTENT_TYPE, "application/problem+json");
	check_header(&got, FRAME_R_ETAG, NULL);
	check_header(&got, FRAME_R_WWW_AUTHENTICATE,
	    "Bearer realm=\"multihomed\"");
	check_header(&got, FRAME_R_RETRY_AFTER, NULL);
	assert_int_equal(got.body.data[0], '{');
	assert_null(strstr(buf_text(&r.body), "half"));
	/* Who is told to wait is told how long. */
	(void)err_set(&err, ERR_UNAVAILABLE, "no");
	reply_problem(&r, &ticket, &err, NULL);
	send_reply(&r, &b, &got);
	assert_int_equal(got.status, 503);
	check_header(&got, FRAME_R_RETRY_AFTER, "1");
	check_header(&got, FRAME_R_WWW_AUTHENTICATE, NULL);
	assert_non_null(strstr(buf_text(&r.body), "\"retry_after_s\":1"));
	(void)err_set(&err, ERR_BUSY, "no");
	err.retry_after_s = 42;
	reply_problem(&r, &ticket, &err, NULL);
	send_reply(&r, &b, &got);
	check_header(&got, FRAME_R_RETRY_AFTER, "42");
	buf_clear(&r.body);
	buf_clear(&b);
}

/* From a worker's thread to the main one, with the snapshot given back. */
static void
test_post(void **state)
{
	struct parts parts = { .outbox = outbox_new(),
		.snapshots = snapshot_box_new() };
	struct ticket t = { &parts, 77, 3, "r-1", true };
	struct reply r = { .status = 200 };
	struct snapshot *s = snapshot_new(0);
	struct buf b = BUF_INIT;
	struct frame_head head;

	(void)state;
	snapshot_set_body(&s->router, strdup("{}"), NULL);
	snapshot_publish(parts.snapshots, s);
	r.snapshot = snapshot_get(parts.snapshots);
	r.borrowed = r.snapshot->router.text;
	r.borrowed_len = r.snapshot->router.len;
	assert_int_equal(s->references, 2);
	reply_post(&r, &t);
	assert_int_equal(s->references, 1);
	assert_null(r.snapshot);
	assert_int_equal(r.status, 0);
	outbox_take(parts.outbox, 3, &b);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.id, 77);
	assert_int_equal(head.size, b.len - FRAME_HEAD_SIZE);
	buf_clear(&b);
	outbox_free(&parts.outbox);
	snapshot_box_free(&parts.snapshots);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_untouched),
		cmocka_unit_test(test_reply_headers),
		cmocka_unit_test(test_pending_confirm),
		cmocka_unit_test(test_not_modified),
		cmocka_unit_test(test_reply_problem),
		cmocka_unit_test(test_post),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
