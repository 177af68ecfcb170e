/* frr/vty_decode.c - the framing of answers: text, three NULs, a status. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "frr/vty.h"

static int
add_text(const char *in, size_t n, struct buf *answer, struct err *err)
{
	if (n > VTY_ANSWER_MAX - answer->len)
		return err_set(err, ERR_PROTOCOL,
		    "an answer of more than %d bytes", VTY_ANSWER_MAX);
	buf_add(answer, in, n);
	if (answer->failed)
		return err_set(err, ERR_NO_MEMORY, "an answer of %zu bytes",
		    answer->len + n);
	return 0;
}

int
vty_decode(struct vty_decoder *decoder, const char *in, size_t n, size_t *used,
    struct buf *answer, enum vty_status *status, struct err *err)
{
	size_t i = 0;

	*used = 0;
	while (i < n) {
		const char *nul;
		size_t len;

		if (decoder->zeros == 3) {
			*status = (enum vty_status)(unsigned char)in[i];
			decoder->zeros = 0;
			*used = i + 1;
			return 1;
		}
		if (in[i] == '\0') {
			decoder->zeros++;
			i++;
			continue;
		}
		if (decoder->zeros > 0)
			return err_set(err, ERR_PROTOCOL,
			    "an answer with %u NULs inside", decoder->zeros);
		nul = memchr(in + i, '\0', n - i);
		len = nul == NULL ? n - i : (size_t)(nul - (in + i));
		if (add_text(in + i, len, answer, err) == -1)
			return -1;
		i += len;
	}
	*used = n;
	return 0;
}
