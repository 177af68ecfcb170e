/* tests/fuzz/fuzz_seal.c - any text where a sealed one is expected. */
/* links: store/seal store/keyring base/buf base/clock base/crypto base/err
 * base/io base/log */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "store/keyring.h"
#include "store/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The seeds were sealed with these bytes. */
static struct keyring *
fixed_keys(void)
{
	uint8_t bytes[2 * CRYPTO_KEY_LEN];

	crypto_init();
	memset(bytes, 1, CRYPTO_KEY_LEN);
	memset(bytes + CRYPTO_KEY_LEN, 2, CRYPTO_KEY_LEN);
	return keyring_new(bytes, sizeof(bytes), NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct keyring *k;
	struct buf plain = BUF_INIT, sealed = BUF_INIT;
	char *text = malloc(size + 1);
	struct err err;

	assert(text != NULL);
	if (k == NULL)
		k = fixed_keys();
	memcpy(text, data, size);
	text[size] = '\0';
	err_clear(&err);
	if (seal_open(k, "table.column:row", text, &plain, &err) == -1)
		assert(err.code == ERR_UNAVAILABLE && plain.len == 0);
	else /* what it holds can be sealed and opened again */
		assert(seal_is_sealed(text));
	buf_reset(&plain);
	seal_text(k, "table.column:row", text, &sealed);
	assert(seal_is_current(k, buf_text(&sealed)));
	assert(seal_open(k, "table.column:row", buf_text(&sealed), &plain,
		   &err) == 0);
	assert(strcmp(buf_text(&plain), text) == 0);
	/* Of the row beside it, it is none. */
	buf_reset(&plain);
	assert(seal_open(k, "table.column:rox", buf_text(&sealed), &plain,
		   &err) == -1);
	buf_clear(&sealed);
	buf_clear(&plain);
	free(text);
	return 0;
}
