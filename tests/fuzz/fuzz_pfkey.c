/* tests/fuzz/fuzz_pfkey.c - what comes from the kernel's PF_KEY socket. */
/* links: system/freebsd/pfkey system/freebsd/key_pair wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/err base/name base/number base/md5key base/crypto base/log
 * base/clock */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "system/freebsd/pfkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A message of ours with these bytes as its addresses and key reads as sent. */
static void
as_ours(const uint8_t *data, size_t size)
{
	static const enum pfkey_type types[] = { PFKEY_GETSPI, PFKEY_UPDATE,
		PFKEY_ADD, PFKEY_DELETE };
	unsigned char bytes[PFKEY_MESSAGE_MAX];
	struct pfkey_answer a;
	struct key_way way;
	enum pfkey_type type;
	struct buf b;
	uint32_t spi = 0;

	if (size < 40)
		return;
	memset(&way, 0, sizeof(way));
	type = types[data[0] % 4];
	way.src.family = way.dst.family = data[1] % 2 == 0 ? 4 : 6;
	memcpy(way.src.bytes, data + 4, way.src.family == 4 ? 4 : 16);
	memcpy(way.dst.bytes, data + 20, way.dst.family == 4 ? 4 : 16);
	memcpy(&spi, data + 36, sizeof(spi));
	way.key_len = (uint8_t)(size - 39);
	if (size - 39 > OP_KEY_BYTES)
		way.key_len = OP_KEY_BYTES;
	memcpy(way.key, data + 39, way.key_len);
	buf_init_fixed(&b, bytes, sizeof(bytes));
	pfkey_put(&b, type, &way, spi, 5, 6);
	assert(!b.failed && b.len % 8 == 0 && b.len <= 216);
	assert(pfkey_read(bytes, b.len, &a, NULL) == 0);
	assert(a.type == type && a.seq == 5 && a.pid == 6 && a.error == 0);
	assert(a.spi ==
	    (type == PFKEY_GETSPI        ? 0 :
		    type == PFKEY_UPDATE ? spi :
					   PFKEY_SPI));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pfkey_answer a;
	struct err err;
	/* On the heap and no longer than it is, so that a step too far is
	 * seen. */
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	err_clear(&err);
	if (pfkey_read(copy, size, &a, &err) == -1)
		assert(err.code == ERR_PROTOCOL);
	else
		assert(size >= 16 && a.type == copy[1] && a.error == copy[2]);
	free(copy);
	as_ours(data, size);
	return 0;
}
