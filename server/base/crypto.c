/* base/crypto.c - hashes, randomness and wiping; wraps libsodium. */
#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "base/crypto.h"
#include "base/log.h"

_Static_assert(sizeof(struct crypto_hasher) >= sizeof(crypto_generichash_state),
    "struct crypto_hasher must hold libsodium's state");

void
crypto_init(void)
{
	if (sodium_init() == -1)
		log_fatal("libsodium cannot start");
}

void
crypto_blake2b(uint8_t out[CRYPTO_HASH_LEN], const void *data, size_t n)
{
	(void)crypto_generichash(out, CRYPTO_HASH_LEN, data, n, NULL, 0);
}

const char *
crypto_blake2b_hex(char out[CRYPTO_HASH_HEX_MAX], const void *data, size_t n)
{
	uint8_t hash[CRYPTO_HASH_LEN];

	crypto_blake2b(hash, data, n);
	return sodium_bin2hex(out, CRYPTO_HASH_HEX_MAX, hash, sizeof(hash));
}

/* libsodium's state wants 64-byte alignment, which callers cannot promise. */
static crypto_generichash_state *
state_load(crypto_generichash_state *state, const struct crypto_hasher *h)
{
	memcpy(state, h->state, sizeof(*state));
	return state;
}

void
crypto_hasher_init(struct crypto_hasher *h)
{
	crypto_generichash_state state;

	memset(h, 0, sizeof(*h));
	(void)crypto_generichash_init(&state, NULL, 0, CRYPTO_HASH_LEN);
	memcpy(h->state, &state, sizeof(state));
}

void
crypto_hasher_add(struct crypto_hasher *h, const void *data, size_t n)
{
	crypto_generichash_state state;

	(void)crypto_generichash_update(state_load(&state, h), data, n);
	memcpy(h->state, &state, sizeof(state));
}

void
crypto_hasher_end(struct crypto_hasher *h, uint8_t out[CRYPTO_HASH_LEN])
{
	crypto_generichash_state state;

	(void)crypto_generichash_final(state_load(&state, h), out,
	    CRYPTO_HASH_LEN);
	memset(h, 0, sizeof(*h));
}

void
crypto_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void
crypto_random_text(char *out, size_t out_size, size_t n)
{
	uint8_t bytes[64];

	assert(n <= sizeof(bytes));
	randombytes_buf(bytes, n);
	(void)sodium_bin2base64(out, out_size, bytes, n,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof(bytes));
}

bool
crypto_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void
crypto_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
