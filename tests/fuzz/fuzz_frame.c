/* tests/fuzz/fuzz_frame.c - bytes where a frame is expected: what is understood
 * is written as the same bytes. */
/* links: wire/frame base/buf base/err */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Inside the payload, and without what would split a header. */
static void
check_span(const struct frame_bytes *span, const uint8_t *data, size_t size,
    bool text)
{
	const uint8_t *p = (const uint8_t *)span->data;
	size_t i;

	if (p == NULL) {
		assert(span->len == 0);
		return;
	}
	assert(p >= data && p <= data + size);
	assert(span->len <= size - (size_t)(p - data));
	for (i = 0; text && i < span->len; i++)
		assert((p[i] >= 0x20 || p[i] == '\t') && p[i] != 0x7f);
}

static void
check_same(const struct buf *b, const uint8_t *data, size_t size)
{
	struct frame_head head;

	assert(!b->failed && b->len == FRAME_HEAD_SIZE + size);
	assert(frame_head_read(&head, b->data, NULL) == 0);
	assert(head.size == size);
	assert(head.id == (head.kind == FRAME_DATA ? 0 : 7));
	assert(memcmp(b->data + FRAME_HEAD_SIZE, data, size) == 0);
}

static void
as_request(const uint8_t *data, size_t size)
{
	struct frame_request req;
	struct buf b = BUF_INIT;
	struct err err;
	size_t i;

	if (frame_request_read(&req, data, size, &err) == -1) {
		assert(err.code == ERR_PROTOCOL);
		return;
	}
	check_span(&req.method, data, size, true);
	check_span(&req.target, data, size, true);
	check_span(&req.peer, data, size, true);
	check_span(&req.body, data, size, false);
	for (i = 0; i < FRAME_REQUEST_HEADERS; i++)
		check_span(&req.header[i], data, size, true);
	frame_put_request(&b, 7, &req);
	check_same(&b, data, size);
	buf_clear(&b);
}

static void
as_reply(const uint8_t *data, size_t size)
{
	struct frame_reply reply;
	struct buf b = BUF_INIT;
	struct err err;
	size_t i;

	if (frame_reply_read(&reply, data, size, &err) == -1) {
		assert(err.code == ERR_PROTOCOL);
		return;
	}
	assert(reply.status >= 100 && reply.status <= 599);
	check_span(&reply.body, data, size, false);
	for (i = 0; i < FRAME_REPLY_HEADERS; i++)
		check_span(&reply.header[i], data, size, true);
	frame_put_reply(&b, 7, &reply);
	check_same(&b, data, size);
	buf_clear(&b);
}

static void
as_data(const uint8_t *data, size_t size)
{
	struct frame_data got;
	struct buf b = BUF_INIT;
	struct err err;
	uint64_t *ids;
	size_t i;

	if (frame_data_read(&got, data, size, &err) == -1) {
		assert(err.code == ERR_PROTOCOL);
		return;
	}
	assert(got.n_ids > 0 && got.n_ids <= FRAME_DATA_IDS_MAX);
	check_span(&got.bytes, data, size, false);
	ids = calloc(got.n_ids, sizeof(*ids));
	assert(ids != NULL);
	for (i = 0; i < got.n_ids; i++)
		ids[i] = frame_data_id(&got, i);
	frame_put_data(&b, ids, got.n_ids, got.bytes.data, got.bytes.len);
	check_same(&b, data, size);
	buf_clear(&b);
	free(ids);
}

static void
as_head(const uint8_t *data, size_t size)
{
	struct frame_head head;
	struct err err;

	if (size < FRAME_HEAD_SIZE)
		return;
	if (frame_head_read(&head, data, &err) == -1) {
		assert(err.code == ERR_PROTOCOL);
		return;
	}
	assert(head.kind >= FRAME_REQUEST && head.kind <= FRAME_END);
	assert(head.size <= FRAME_MAX);
	assert((head.kind != FRAME_CANCEL && head.kind != FRAME_END) ||
	    head.size == 0);
	assert(head.kind != FRAME_DATA || head.id == 0);
}

/* The first byte says as what: 0 a head, 1 a request, 2 a reply, 3
 * data for streams. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;

	if (size == 0)
		return 0;
	/* Of exactly this size, for the sanitizer to see its end. */
	copy = malloc(size);
	if (copy == NULL)
		return 0;
	memcpy(copy, data + 1, size - 1);
	copy = realloc(copy, size == 1 ? 1 : size - 1);
	assert(copy != NULL);
	switch (data[0] % 4) {
	case 0:
		as_head(copy, size - 1);
		break;
	case 1:
		as_request(copy, size - 1);
		break;
	case 2:
		as_reply(copy, size - 1);
		break;
	default:
		as_data(copy, size - 1);
		break;
	}
	free(copy);
	return 0;
}
