/* test_http_link.c - the frame socket: batches, large frames, bad peers. */
/* links: http/link wire/frame base/buf base/err base/io base/mem base/log
 * base/clock */
#include <sys/types.h>
#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/io.h"
#include "http/link.h"

struct seen {
	unsigned n;
	uint64_t ids[64];
	size_t sizes[64];
	unsigned owned;
	bool intact;
};

static void
on_reply(void *cls, const struct link_frame *frame, void *owned)
{
	const struct frame_reply *reply = &frame->reply;
	struct seen *seen = cls;
	size_t i;

	assert_int_equal(frame->kind, FRAME_REPLY);
	seen->ids[seen->n] = frame->id;
	seen->sizes[seen->n++] = reply->body.len;
	seen->owned += owned != NULL;
	seen->intact = true;
	for (i = 0; i < reply->body.len; i++)
		if (reply->body.data[i] != (char)(i * 7))
			seen->intact = false;
	free(owned);
}

static void
put_reply(struct buf *b, uint64_t id, size_t size)
{
	struct frame_reply reply = { .status = 200 };
	char *body = malloc(size + 1);
	size_t i;

	assert_non_null(body);
	for (i = 0; i < size; i++)
		body[i] = (char)(i * 7);
	reply.body.data = body;
	reply.body.len = size;
	frame_put_reply(b, id, &reply);
	free(body);
}

static int
start(struct link *l)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	link_init(l);
	assert_false(link_up(l));
	assert_int_equal(link_set(l, pair[0], NULL), 0);
	return pair[1];
}

/* Every reply arrives whole, whatever the pieces and sizes. */
static void
test_pieces(void **state)
{
	static const size_t sizes[] = { 0, 1, 2000, 131000, 131072, 400000, 5 };
	static const size_t pieces[] = { 1 << 20, 65536, 4096, 977 };
	struct buf b = BUF_INIT;
	struct seen seen;
	struct link l;
	size_t i, j, at, n;
	int engine;

	(void)state;
	for (i = 0; i < NITEMS(sizes); i++)
		put_reply(&b, i + 1, sizes[i]);
	for (j = 0; j < NITEMS(pieces); j++) {
		memset(&seen, 0, sizeof(seen));
		engine = start(&l);
		for (at = 0; at < b.len; at += n) {
			n = b.len - at < pieces[j] ? b.len - at : pieces[j];
			/* What does not fit into the socket goes later. */
			n = (size_t)send(engine, b.data + at, n, MSG_DONTWAIT);
			if (n == (size_t)-1)
				n = 0;
			assert_int_equal(link_read(&l, on_reply, &seen, NULL),
			    0);
		}
		while (seen.n < NITEMS(sizes))
			assert_int_equal(link_read(&l, on_reply, &seen, NULL),
			    0);
		for (i = 0; i < NITEMS(sizes); i++) {
			assert_int_equal(seen.ids[i], i + 1);
			assert_int_equal(seen.sizes[i], sizes[i]);
		}
		assert_true(seen.intact);
		assert_int_equal(seen.owned, 2);
		(void)close(engine);
		link_clear(&l);
	}
	buf_clear(&b);
}

static bool
holds(const char *memory, size_t size, const char *text)
{
	size_t i, len = strlen(text);

	for (i = 0; i + len <= size; i++)
		if (memcmp(memory + i, text, len) == 0)
			return true;
	return false;
}

static void
ignore(void *cls, const struct link_frame *frame, void *owned)
{
	(void)cls;
	(void)frame;
	free(owned);
}

/* A key that went either way does not stay in our memory. */
static void
test_wiped(void **state)
{
	static const char key[] = "{\"key\":\"the-new-key\"}";
	struct frame_request req = { .method = { "POST", 4 },
		.target = { "/", 1 },
		.peer = { "unix", 4 },
		.body = { key, sizeof(key) - 1 } };
	struct frame_reply reply = { .status = 202,
		.body = { key, sizeof(key) - 1 } };
	struct buf b = BUF_INIT;
	char bytes[4096];
	struct link l;
	int engine;

	(void)state;
	engine = start(&l);
	assert_true(link_put_request(&l, 5, &req));
	assert_true(holds(l.out.data, l.out.cap, "the-new-key"));
	assert_int_equal(link_flush(&l, NULL), 0);
	assert_true(recv(engine, bytes, sizeof(bytes), 0) > 0);
	assert_non_null(l.out.data); /* it is kept for the next */
	assert_false(holds(l.out.data, l.out.cap, "the-new-key"));
	frame_put_reply(&b, 5, &reply);
	/* The next one has begun to come in. */
	frame_put_reply(&b, 6, &reply);
	assert_int_equal(send(engine, b.data, b.len - 2, 0), b.len - 2);
	assert_int_equal(link_read(&l, ignore, NULL, NULL), 0);
	assert_true(holds(l.in, LINK_IN_SIZE, "the-new-key"));
	assert_int_equal(send(engine, b.data + b.len - 2, 2, 0), 2);
	assert_int_equal(link_read(&l, ignore, NULL, NULL), 0);
	assert_false(holds(l.in, LINK_IN_SIZE, "the-new-key"));
	assert_int_equal(send(engine, b.data, b.len - 2, 0), b.len - 2);
	assert_int_equal(link_read(&l, ignore, NULL, NULL), 0);
	link_drop(&l);
	assert_false(holds(l.in, LINK_IN_SIZE, "the-new-key"));
	buf_clear(&b);
	(void)close(engine);
	link_clear(&l);
}

static void
test_requests_are_batched(void **state)
{
	struct frame_request req = { .method = { "GET", 3 },
		.target = { "/", 1 },
		.peer = { "unix", 4 } };
	struct frame_head head;
	char bytes[4096];
	struct link l;
	ssize_t n;
	int engine;

	(void)state;
	engine = start(&l);
	assert_true(link_put_request(&l, 5, &req));
	assert_true(link_put_request(&l, 6, &req));
	link_put_cancel(&l, 5);
	assert_true(link_wants_write(&l));
	assert_int_equal(link_flush(&l, NULL), 0);
	assert_false(link_wants_write(&l));
	n = recv(engine, bytes, sizeof(bytes), 0);
	assert_true(n > 3 * FRAME_HEAD_SIZE);
	assert_int_equal(frame_head_read(&head, bytes, NULL), 0);
	assert_int_equal(head.id, 5);
	assert_int_equal(frame_head_read(&head, bytes + n - FRAME_HEAD_SIZE,
			     NULL),
	    0);
	assert_int_equal(head.kind, FRAME_CANCEL);
	(void)close(engine);
	link_clear(&l);
}

static void
test_full(void **state)
{
	static char body[FRAME_BODY_MAX];
	struct frame_request req = { .method = { "PUT", 3 },
		.target = { "/", 1 },
		.peer = { "unix", 4 },
		.body = { body, sizeof(body) } };
	unsigned n = 0;
	struct link l;
	int engine;

	(void)state;
	link_init(&l);
	assert_false(link_put_request(&l, 1, &req)); /* no engine */
	link_clear(&l);
	engine = start(&l);
	while (n < 100 && link_put_request(&l, n, &req)) {
		assert_int_equal(link_flush(&l, NULL), 0);
		n++;
	}
	assert_in_range(n, 4, 16);
	assert_true(l.out.len <= LINK_OUT_MAX + FRAME_BODY_MAX);
	link_put_cancel(&l, 1); /* still */
	(void)close(engine);
	link_clear(&l);
}

static void
expect(const void *bytes, size_t n, enum err_code code)
{
	struct seen seen;
	struct link l;
	struct err err;
	int engine;

	memset(&seen, 0, sizeof(seen));
	err_clear(&err);
	engine = start(&l);
	assert_int_equal(send(engine, bytes, n, 0), n);
	(void)close(engine);
	while (link_read(&l, on_reply, &seen, &err) == 0)
		;
	assert_int_equal(err.code, code);
	assert_int_equal(seen.n, 0);
	link_clear(&l);
}

static void
test_bad_peers(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	expect("", 0, ERR_UNAVAILABLE);
	expect("this is not a frame at all", 26, ERR_PROTOCOL);
	put_reply(&b, 1, 300000);
	expect(b.data, b.len - 200000, ERR_UNAVAILABLE); /* in mid-frame */
	b.data[FRAME_HEAD_SIZE] = 1;                     /* status 1 */
	b.data[FRAME_HEAD_SIZE + 1] = 0;
	expect(b.data, 100000, ERR_UNAVAILABLE);
	buf_reset(&b);
	put_reply(&b, 1, 10);
	b.data[FRAME_HEAD_SIZE] = 100; /* 1xx is not for the engine */
	expect(b.data, b.len, ERR_PROTOCOL);
	buf_reset(&b);
	frame_put_cancel(&b, 1); /* the wrong way round */
	expect(b.data, b.len, ERR_PROTOCOL);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_wiped),
		cmocka_unit_test(test_requests_are_batched),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_bad_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
