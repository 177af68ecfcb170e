/* tests/fuzz/fuzz_setup.c - bytes where a child expects its setup. */
/* links: wire/setup base/io base/buf base/err base/clock */
#include <sys/types.h>
#include <sys/socket.h>

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/setup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char setup[64];
	struct buf extra;
	struct err err;
	int pair[2];

	if (size > 4096 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return 0;
	buf_init(&extra, 1024);
	if (write(pair[0], data, size) == (ssize_t)size) {
		(void)close(pair[0]);
		pair[0] = -1;
		if (setup_recv(pair[1], setup, sizeof(setup), &extra, &err) ==
		    0)
			assert(extra.len <= 1024);
	}
	if (pair[0] != -1)
		(void)close(pair[0]);
	(void)close(pair[1]);
	buf_clear(&extra);
	return 0;
}
