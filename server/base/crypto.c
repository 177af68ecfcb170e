/* base/crypto.c - hashes, randomness and wiping; wraps libsodium. */
#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/log.h"

_Static_assert(CRYPTO_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    "struct crypto_key must hold a key of XChaCha20-Poly1305");
_Static_assert(CRYPTO_SEAL_EXTRA ==
	crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
	    crypto_aead_xchacha20poly1305_ietf_ABYTES,
    "CRYPTO_SEAL_EXTRA must be nonce and tag");

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
crypto_keyed_hash(void *out, size_t out_len, const struct crypto_key *key,
    const void *data, size_t n)
{
	assert(out_len >= crypto_generichash_BYTES_MIN &&
	    out_len <= crypto_generichash_BYTES_MAX);
	(void)crypto_generichash(out, out_len, data, n, key->bytes,
	    sizeof(key->bytes));
}

void
crypto_seal(const struct crypto_key *key, const void *ad, size_t ad_len,
    const void *text, size_t n, struct buf *out)
{
	uint8_t *to = (uint8_t *)buf_room(out, n + CRYPTO_SEAL_EXTRA);
	uint8_t *behind;

	if (to == NULL)
		return;
	behind = to + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	randombytes_buf(to, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(behind, NULL, text, n,
	    ad, ad_len, NULL, to, key->bytes);
	out->len += n + CRYPTO_SEAL_EXTRA;
	out->data[out->len] = '\0';
}

int
crypto_open(const struct crypto_key *key, const void *ad, size_t ad_len,
    const void *sealed, size_t n, struct buf *out)
{
	const size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
	const uint8_t *from = sealed;
	unsigned char *to;

	if (n < CRYPTO_SEAL_EXTRA)
		return -1;
	to = (unsigned char *)buf_room(out, n - CRYPTO_SEAL_EXTRA);
	if (to == NULL ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(to, NULL, NULL,
		from + nonce, n - nonce, ad, ad_len, from, key->bytes) == -1)
		return -1;
	out->len += n - CRYPTO_SEAL_EXTRA;
	out->data[out->len] = '\0';
	return 0;
}

void
crypto_base64(struct buf *out, const void *data, size_t n)
{
	size_t size =
	    sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
	char *to = buf_room(out, size);

	if (to == NULL)
		return;
	(void)sodium_bin2base64(to, size, data, n,
	    sodium_base64_VARIANT_ORIGINAL);
	out->len += size - 1; /* its NUL is ours */
}

int
crypto_unbase64(struct buf *out, const char *text, size_t n)
{
	size_t room = n / 4 * 3 + 1, len;
	unsigned char *to = (unsigned char *)buf_room(out, room);

	/* The end is checked by libsodium: NULL means that all must be read. */
	if (to == NULL ||
	    sodium_base642bin(to, room, text, n, NULL, &len, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0)
		return -1;
	out->len += len;
	out->data[out->len] = '\0';
	return 0;
}

void *
crypto_secret_new(size_t n)
{
	void *p = sodium_malloc(n);

	if (p == NULL)
		log_fatal("no memory for a key");
	return p;
}

void
crypto_secret_protect(void *p)
{
	if (sodium_mprotect_readonly(p) == -1)
		log_fatal("cannot protect the memory of a key");
}

void
crypto_secret_free(void *p)
{
	sodium_free(p);
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
