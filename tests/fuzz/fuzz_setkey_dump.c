/* tests/fuzz/fuzz_setkey_dump.c - what setkey -D may say. */
/* links: system/freebsd/key_dump system/freebsd/key_pair
 * system/freebsd/words wire/op wire/op_check wire/op_link wire/op_key
 * wire/op_route wire/op_firewall base/addr base/buf base/clock base/crypto
 * base/err base/log base/name base/number base/rfc3339 base/md5key */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "system/freebsd/key_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct key_way ways[8];
	struct op_key list[4];
	char *text = malloc(size + 1);
	size_t i, n_ways, n = 0;

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	n_ways = key_dump_parse(text, ways, 8);
	assert(n_ways <= 8);
	for (i = 0; i < n_ways; i++) {
		assert(ways[i].key_len > 0 && ways[i].key_len <= OP_KEY_BYTES);
		key_pair_add(list, 4, &n, OP_RUNNING, &ways[i]);
	}
	assert(n <= 4);
	/* Whatever it is, the engine would take it. */
	for (i = 0; i < n; i++)
		assert(op_key_check(&list[i], OP_KEYS, NULL) == 0);
	free(text);
	return 0;
}
