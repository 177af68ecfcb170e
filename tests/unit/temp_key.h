/* tests/unit/temp_key.h - master keys for tests of what is sealed. */
#ifndef TEMP_KEY_H
#define TEMP_KEY_H

#include <stdint.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "store/keyring.h"

/* One key whose bytes are all a; with b != 0 two, b being the older. */
static inline struct keyring *
temp_key(uint8_t a, uint8_t b)
{
	uint8_t bytes[2 * CRYPTO_KEY_LEN];
	struct keyring *k;
	struct err err;

	crypto_init();
	memset(bytes, a, CRYPTO_KEY_LEN);
	memset(bytes + CRYPTO_KEY_LEN, b, CRYPTO_KEY_LEN);
	k = keyring_new(bytes, b == 0 ? CRYPTO_KEY_LEN : sizeof(bytes), &err);
	return k;
}

#endif
