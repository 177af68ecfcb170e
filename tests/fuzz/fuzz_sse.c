/* tests/fuzz/fuzz_sse.c - any bytes as server-sent events: the same events,
 * however they are cut. */
/* links: clients/cli/sse base/buf base/err base/mem base/log base/clock */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cli/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_event(void *arg, const char *type, const char *data)
{
	struct buf *b = arg;

	assert(strlen(type) < SSE_TYPE_MAX && type[0] != '\0');
	assert(strpbrk(type, "\r\n") == NULL && strchr(data, '\r') == NULL);
	buf_printf(b, "%s|%s|\n", type, data);
}

/* In pieces of so many bytes; 0: all at once. */
static void
read_all(const uint8_t *data, size_t size, size_t piece, struct buf *b)
{
	struct sse s;
	size_t n;

	sse_init(&s);
	for (; size > 0; data += n, size -= n) {
		n = piece == 0 || piece > size ? size : piece;
		if (sse_feed(&s, (const char *)data, n, on_event, b) == -1)
			break;
	}
	assert(strlen(sse_last_id(&s)) < SSE_ID_MAX);
	assert(strpbrk(sse_last_id(&s), "\r\n") == NULL);
	buf_printf(b, "last %s\n", sse_last_id(&s));
	sse_clear(&s);
}

/* The first byte says into which pieces it is cut. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = BUF_INIT, cut = BUF_INIT;

	if (size == 0)
		return 0;
	read_all(data + 1, size - 1, 0, &whole);
	read_all(data + 1, size - 1, 1 + data[0] % 16, &cut);
	assert(whole.len == cut.len);
	assert(memcmp(whole.data, cut.data, whole.len) == 0);
	buf_clear(&whole);
	buf_clear(&cut);
	return 0;
}
