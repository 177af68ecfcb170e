/* tests/fuzz/fuzz_vty_decode.c - a daemon's bytes, in pieces of any size. */
/* links: frr/vty_decode base/buf base/err */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "frr/vty.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All answers of the stream, fed step bytes at a time, one after the other
 * into out with their status; the end as a last byte. */
static void
decode(const char *in, size_t n, size_t step, struct buf *out)
{
	struct vty_decoder decoder = { 0 };
	struct buf answer = BUF_INIT;
	enum vty_status status;
	struct err err;
	size_t used;
	int rc = 0;

	while (n > 0 && rc != -1) {
		size_t piece = step < n ? step : n;

		rc = vty_decode(&decoder, in, piece, &used, &answer, &status,
		    &err);
		assert(used <= piece);
		if (rc == -1) {
			assert(err.code == ERR_PROTOCOL);
			break;
		}
		assert(rc == 1 ? used > 0 : used == piece);
		in += used;
		n -= used;
		if (rc == 1) {
			assert(
			    memchr(buf_text(&answer), 0, answer.len) == NULL);
			buf_add(out, answer.data, answer.len);
			buf_putc(out, (char)status);
			buf_reset(&answer);
		}
	}
	buf_add(out, answer.data, answer.len);
	buf_putc(out, rc == -1 ? 'x' : 'e');
	buf_clear(&answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t steps[] = { 1, 2, 3, 7 };
	struct buf whole = BUF_INIT, pieces = BUF_INIT;
	size_t i;

	decode((const char *)data, size, size, &whole);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		buf_reset(&pieces);
		decode((const char *)data, size, steps[i], &pieces);
		assert(pieces.len == whole.len &&
		    memcmp(pieces.data, whole.data, whole.len) == 0);
	}
	buf_clear(&whole);
	buf_clear(&pieces);
	return 0;
}
