/* tests/unit/test_wire_frame.c - frames: exact, or refused. */
/* links: wire/frame base/buf base/err */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "wire/frame.h"

static struct frame_bytes
bytes(const char *text)
{
	struct frame_bytes b = { text, strlen(text) };

	return b;
}

static struct frame_request
some_request(void)
{
	struct frame_request req = { .method = bytes("PATCH"),
		.target = bytes("/v1/upstreams/ifog?dry_run=true"),
		.peer = bytes("2001:db8::7"),
		.secure = true,
		.connection = 0xfedcba9876543210,
		.body = { "{\"a\"\0:1}", 8 } };

	req.header[FRAME_AUTHORIZATION] = bytes("Bearer mh_x");
	req.header[FRAME_ACCEPT] = bytes("");
	req.header[FRAME_REQUEST_ID] = bytes("a\tb \xc3\xa4");
	return req;
}

static struct frame_reply
some_reply(void)
{
	struct frame_reply reply = { .status = 412,
		.body = bytes("{\"code\":\"precondition\"}") };

	reply.header[FRAME_R_CONTENT_TYPE] = bytes("application/problem+json");
	reply.header[FRAME_R_CACHE_CONTROL] = bytes("no-store");
	return reply;
}

static void
check_bytes(const struct frame_bytes *got, const struct frame_bytes *want)
{
	assert_int_equal(got->data == NULL, want->data == NULL);
	assert_int_equal(got->len, want->len);
	if (want->len > 0)
		assert_memory_equal(got->data, want->data, want->len);
}

static const void *
payload(const struct buf *b)
{
	return b->data + FRAME_HEAD_SIZE;
}

static void
test_request(void **state)
{
	struct frame_request req = some_request(), got;
	struct buf b = BUF_INIT;
	struct frame_head head;
	size_t i;

	(void)state;
	frame_put_request(&b, 0x0102030405060708, &req);
	assert_false(b.failed);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.kind, FRAME_REQUEST);
	assert_true(head.id == 0x0102030405060708);
	assert_int_equal(head.size, b.len - FRAME_HEAD_SIZE);
	assert_int_equal(frame_request_read(&got, payload(&b), head.size, NULL),
	    0);
	check_bytes(&got.method, &req.method);
	check_bytes(&got.target, &req.target);
	check_bytes(&got.peer, &req.peer);
	check_bytes(&got.body, &req.body);
	assert_true(got.secure);
	assert_true(got.connection == 0xfedcba9876543210);
	/* An empty header is not an absent one. */
	for (i = 0; i < FRAME_REQUEST_HEADERS; i++)
		check_bytes(&got.header[i], &req.header[i]);
	buf_clear(&b);
}

static void
test_reply(void **state)
{
	struct frame_reply reply = some_reply(), got;
	struct buf b = BUF_INIT;
	struct frame_head head;
	size_t i;

	(void)state;
	frame_put_reply(&b, UINT64_MAX, &reply);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.kind, FRAME_REPLY);
	assert_true(head.id == UINT64_MAX);
	assert_int_equal(frame_reply_read(&got, payload(&b), head.size, NULL),
	    0);
	assert_int_equal(got.status, 412);
	check_bytes(&got.body, &reply.body);
	for (i = 0; i < FRAME_REPLY_HEADERS; i++)
		check_bytes(&got.header[i], &reply.header[i]);
	buf_clear(&b);
}

static void
test_cancel_and_several_in_a_row(void **state)
{
	struct frame_request req = { .method = bytes("GET"),
		.target = bytes("/livez"),
		.peer = bytes("unix") };
	struct buf b = BUF_INIT;
	struct frame_head head;

	(void)state;
	frame_put_cancel(&b, 9);
	assert_int_equal(b.len, FRAME_HEAD_SIZE);
	frame_put_request(&b, 10, &req);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.kind, FRAME_CANCEL);
	assert_int_equal(head.id, 9);
	assert_int_equal(head.size, 0);
	buf_drop(&b, FRAME_HEAD_SIZE);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.id, 10);
	assert_int_equal(head.size, b.len - FRAME_HEAD_SIZE);
	buf_clear(&b);
}

static void
check_bad_head(const char *good, size_t at, char value)
{
	char bad[FRAME_HEAD_SIZE];
	struct frame_head head;
	struct err err;

	memcpy(bad, good, sizeof(bad));
	bad[at] = value;
	if (frame_head_read(&head, bad, &err) != -1)
		fail_msg("byte %zu = %d was accepted", at, value);
	assert_int_equal(err.code, ERR_PROTOCOL);
}

static void
test_bad_heads(void **state)
{
	struct buf b = BUF_INIT;
	struct frame_head head;
	size_t i;

	(void)state;
	frame_put_cancel(&b, 1);
	for (i = 0; i < 4; i++)
		check_bad_head(b.data, i, (char)(b.data[i] ^ 0x40));
	check_bad_head(b.data, 4, 0);
	check_bad_head(b.data, 4, FRAME_END + 1);
	check_bad_head(b.data, 4, FRAME_DATA); /* it has an id */
	check_bad_head(b.data, 5, 1);
	check_bad_head(b.data, 6, 1);
	check_bad_head(b.data, 7, 1);
	check_bad_head(b.data, 16, 1); /* a cancel with a payload */
	b.data[4] = FRAME_REPLY;
	check_bad_head(b.data, 19, 2); /* 32 MiB */
	b.data[19] = 1;                /* 16 MiB: the most there may be */
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.size, FRAME_MAX);
	check_bad_head(b.data, 16, 1);
	b.data[4] = FRAME_END;
	check_bad_head(b.data, 19, 1);
	buf_clear(&b);
}

static void
test_stream_and_end(void **state)
{
	struct frame_reply reply = some_reply(), got;
	struct frame_head head;
	struct buf b = BUF_INIT;

	(void)state;
	frame_put_stream(&b, 77, &reply);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.kind, FRAME_STREAM);
	assert_int_equal(head.id, 77);
	assert_int_equal(frame_reply_read(&got, b.data + FRAME_HEAD_SIZE,
			     head.size, NULL),
	    0);
	check_bytes(&got.body, &reply.body);
	buf_drop(&b, b.len);
	frame_put_end(&b, 78);
	assert_int_equal(b.len, FRAME_HEAD_SIZE);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.kind, FRAME_END);
	assert_int_equal(head.id, 78);
	buf_clear(&b);
}

static void
test_data(void **state)
{
	static const uint64_t ids[] = { 1, 0xfedcba9876543210, 3 };
	struct frame_data got;
	struct frame_head head;
	struct buf b = BUF_INIT;
	size_t i, size;
	char *copy;

	(void)state;
	frame_put_data(&b, ids, 3, "data: x\n\n", 9);
	assert_int_equal(frame_head_read(&head, b.data, NULL), 0);
	assert_int_equal(head.kind, FRAME_DATA);
	assert_int_equal(head.id, 0);
	size = head.size;
	for (i = 0; i <= size + 1; i++) {
		copy = calloc(1, i == 0 ? 1 : i);
		assert_non_null(copy);
		memcpy(copy, b.data + FRAME_HEAD_SIZE, i < size ? i : size);
		assert_int_equal(frame_data_read(&got, copy, i, NULL),
		    i == size ? 0 : -1);
		if (i == size) {
			assert_int_equal(got.n_ids, 3);
			assert_int_equal(got.bytes.len, 9);
			assert_memory_equal(got.bytes.data, "data: x\n\n", 9);
			assert_true(frame_data_id(&got, 0) == ids[0]);
			assert_true(frame_data_id(&got, 1) == ids[1]);
			assert_true(frame_data_id(&got, 2) == ids[2]);
		}
		free(copy);
	}
	/* No ids at all, and more than there may be. */
	memset(b.data + FRAME_HEAD_SIZE, 0, 4);
	assert_int_equal(frame_data_read(&got, b.data + FRAME_HEAD_SIZE, size,
			     NULL),
	    -1);
	memset(b.data + FRAME_HEAD_SIZE, 0xff, 4);
	assert_int_equal(frame_data_read(&got, b.data + FRAME_HEAD_SIZE, size,
			     NULL),
	    -1);
	buf_clear(&b);
}

/* Each shorter or longer payload is refused; memory beyond it is not read
 * (which the sanitizer watches: the copy is exactly as long). */
static void
test_request_of_any_other_length(void **state)
{
	struct frame_request req = some_request(), got;
	struct buf b = BUF_INIT;
	struct err err;
	size_t n, size;
	char *copy;

	(void)state;
	frame_put_request(&b, 1, &req);
	buf_putc(&b, '\0');
	size = b.len - FRAME_HEAD_SIZE - 1;
	for (n = 0; n <= size + 1; n++) {
		copy = malloc(n + (n == 0));
		assert_non_null(copy);
		memcpy(copy, payload(&b), n);
		assert_int_equal(frame_request_read(&got, copy, n, &err),
		    n == size ? 0 : -1);
		if (n != size)
			assert_int_equal(err.code, ERR_PROTOCOL);
		free(copy);
	}
	buf_clear(&b);
}

static void
test_reply_of_any_other_length(void **state)
{
	struct frame_reply reply = some_reply(), got;
	struct buf b = BUF_INIT;
	struct err err;
	size_t n, size;
	char *copy;

	(void)state;
	frame_put_reply(&b, 1, &reply);
	buf_putc(&b, '\0');
	size = b.len - FRAME_HEAD_SIZE - 1;
	for (n = 0; n <= size + 1; n++) {
		copy = malloc(n + (n == 0));
		assert_non_null(copy);
		memcpy(copy, payload(&b), n);
		assert_int_equal(frame_reply_read(&got, copy, n, &err),
		    n == size ? 0 : -1);
		free(copy);
	}
	buf_clear(&b);
}

static int
read_back(const struct frame_request *req, struct err *err)
{
	struct buf b = BUF_INIT;
	struct frame_request got;
	int rc;

	frame_put_request(&b, 1, req);
	rc =
	    frame_request_read(&got, payload(&b), b.len - FRAME_HEAD_SIZE, err);
	buf_clear(&b);
	return rc;
}

/* A line break would end a header on its way to a log or a reply. */
static void
test_control_bytes(void **state)
{
	static const char bad[] = { '\0', '\n', '\r', 0x1b, 0x7f, 0x01, 0x1f };
	struct frame_request req;
	struct err err;
	char text[] = "a?b";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad); i++) {
		text[1] = bad[i];
		req = some_request();
		req.method = (struct frame_bytes) { text, 3 };
		assert_int_equal(read_back(&req, &err), -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
		req = some_request();
		req.target = (struct frame_bytes) { text, 3 };
		assert_int_equal(read_back(&req, &err), -1);
		req = some_request();
		req.peer = (struct frame_bytes) { text, 3 };
		assert_int_equal(read_back(&req, &err), -1);
		req = some_request();
		req.header[FRAME_PREFER] = (struct frame_bytes) { text, 3 };
		assert_int_equal(read_back(&req, &err), -1);
		/* A body may hold anything. */
		req = some_request();
		req.body = (struct frame_bytes) { text, 3 };
		assert_int_equal(read_back(&req, &err), 0);
	}
}

static void
test_limits(void **state)
{
	struct frame_request req = some_request();
	char *much = malloc(FRAME_BODY_MAX);

	(void)state;
	assert_non_null(much);
	memset(much, 'x', FRAME_BODY_MAX);
	req.method = (struct frame_bytes) { much, 32 };
	req.target = (struct frame_bytes) { much, FRAME_TARGET_MAX };
	req.peer = (struct frame_bytes) { much, ADDR_TEXT_MAX };
	req.header[FRAME_IF_MATCH] =
	    (struct frame_bytes) { much, FRAME_HEADER_MAX };
	req.body = (struct frame_bytes) { much, FRAME_BODY_MAX };
	assert_int_equal(read_back(&req, NULL), 0);
	free(much);
}

/* Lengths beyond the limits, though the bytes are there. */
static void
test_beyond_the_limits(void **state)
{
	static const struct {
		size_t at;
		unsigned char low;
		unsigned char high;
	} bad[] = {
		{ 0, 33, 0 },      /* u8 method length; high is its 1st byte */
		{ 6, 0x01, 0x10 }, /* u16 target length: 4097 */
		{ 6, 0xff, 0xff },
	};
	struct frame_request req = some_request(), got;
	struct buf b = BUF_INIT;
	struct err err;
	char *copy;
	size_t i;

	(void)state;
	frame_put_request(&b, 1, &req);
	for (i = 0; i < NITEMS(bad); i++) {
		copy = calloc(1, 200000);
		assert_non_null(copy);
		memcpy(copy, payload(&b), b.len - FRAME_HEAD_SIZE);
		copy[bad[i].at] = (char)bad[i].low;
		copy[bad[i].at + 1] = (char)bad[i].high;
		assert_int_equal(frame_request_read(&got, copy, 200000, &err),
		    -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
		free(copy);
	}
	buf_clear(&b);
}

static void
test_reply_status(void **state)
{
	static const uint16_t bad[] = { 0, 99, 600, 65535 };
	struct frame_reply reply = some_reply(), got;
	struct buf b = BUF_INIT;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		reply.status = bad[i];
		buf_reset(&b);
		frame_put_reply(&b, 1, &reply);
		assert_int_equal(frame_reply_read(&got, payload(&b),
				     b.len - FRAME_HEAD_SIZE, &err),
		    -1);
		assert_int_equal(err.code, ERR_PROTOCOL);
	}
	buf_clear(&b);
}

static void
test_flags_are_0_or_1(void **state)
{
	struct frame_request req = some_request(), got;
	struct buf b = BUF_INIT;
	size_t secure = 1 + req.method.len + 2 + req.target.len;
	size_t present = secure + 1 + 8 + 1 + req.peer.len;
	char *p;

	(void)state;
	frame_put_request(&b, 1, &req);
	p = b.data + FRAME_HEAD_SIZE;
	assert_int_equal(p[secure], 1);
	p[secure] = 2;
	assert_int_equal(frame_request_read(&got, p, b.len - FRAME_HEAD_SIZE,
			     NULL),
	    -1);
	p[secure] = 0;
	assert_int_equal(frame_request_read(&got, p, b.len - FRAME_HEAD_SIZE,
			     NULL),
	    0);
	assert_false(got.secure);
	assert_int_equal(p[present], 1);
	p[present] = 3;
	assert_int_equal(frame_request_read(&got, p, b.len - FRAME_HEAD_SIZE,
			     NULL),
	    -1);
	buf_clear(&b);
}

static void
test_names(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < FRAME_REQUEST_HEADERS; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(frame_request_header_name(
						    (enum frame_request_header)
							i),
			    frame_request_header_name(
				(enum frame_request_header)j));
	for (i = 0; i < FRAME_REPLY_HEADERS; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(frame_reply_header_name(
						    (enum frame_reply_header)i),
			    frame_reply_header_name(
				(enum frame_reply_header)j));
	assert_string_equal(frame_request_header_name(FRAME_IF_NONE_MATCH),
	    "If-None-Match");
	assert_string_equal(frame_reply_header_name(FRAME_R_ETAG), "ETag");
}

/* Out of memory, or a limit of the caller's: told by the buffer alone. */
static void
test_no_room(void **state)
{
	struct frame_request req = some_request();
	char mem[64];
	struct buf b;

	(void)state;
	buf_init_fixed(&b, mem, sizeof(mem));
	frame_put_request(&b, 1, &req);
	assert_true(b.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_cancel_and_several_in_a_row),
		cmocka_unit_test(test_bad_heads),
		cmocka_unit_test(test_stream_and_end),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_request_of_any_other_length),
		cmocka_unit_test(test_reply_of_any_other_length),
		cmocka_unit_test(test_control_bytes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_beyond_the_limits),
		cmocka_unit_test(test_reply_status),
		cmocka_unit_test(test_flags_are_0_or_1),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
