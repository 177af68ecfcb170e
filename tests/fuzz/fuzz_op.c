/* tests/fuzz/fuzz_op.c - bytes from a hostile engine, and from the parent. */
/* links: wire/op base/buf base/err */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/op.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What passes the check is one of the known operations and nothing else. */
static void
as_request(const uint8_t *data, size_t size)
{
	struct op_none none;
	struct op_head head;
	struct buf b = BUF_INIT;
	struct err err;

	if (size < OP_HEAD_SIZE ||
	    op_head_read(&head, data, 4096, &err) == -1 ||
	    head.size > size - OP_HEAD_SIZE ||
	    op_request_check(&head, data + OP_HEAD_SIZE, &err) == -1)
		return;
	assert(head.kind < OP_COUNT && head.size == op_size(head.kind));
	memset(&none, 0, sizeof(none));
	op_put_request(&b, head.kind, head.id, &none);
	assert(b.len == OP_HEAD_SIZE + head.size);
	assert(memcmp(b.data, data, b.len) == 0);
	buf_clear(&b);
}

/* An error that was understood is the same after another way round. */
static void
as_reply(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT;
	struct err err, again;
	const void *p;
	size_t len;

	err_clear(&err);
	if (op_reply_read(data, size, &p, &len, &err) == 0) {
		assert(len == size - 1);
		return;
	}
	op_put_failed(&b, OP_FRR_SAVE, 1, &err);
	assert(!b.failed);
	err_clear(&again);
	assert(op_reply_read(b.data + OP_HEAD_SIZE, b.len - OP_HEAD_SIZE, &p,
		   &len, &again) == -1);
	assert(again.code == err.code);
	assert(strcmp(again.text, err.text) == 0);
	assert(strcmp(again.output, err.output) == 0);
	assert(again.n_fields == err.n_fields);
	buf_clear(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_request(data, size);
	as_reply(data, size);
	return 0;
}
