/* base/crypto.h - hashes, randomness and wiping; wraps libsodium. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum {
	CRYPTO_HASH_LEN = 32,
	CRYPTO_HASH_HEX_MAX = 65,
	CRYPTO_KEY_LEN = 32,
	CRYPTO_SEAL_EXTRA = 24 + 16 /* nonce before, tag behind */
};

/* A secret: kept where crypto_secret_new put it, wiped elsewhere. */
struct crypto_key {
	uint8_t bytes[CRYPTO_KEY_LEN];
};

/* Must be called once before the others; dies when libsodium cannot start. */
void crypto_init(void);
/* BLAKE2b-256 (RFC 7693). */
void crypto_blake2b(uint8_t out[CRYPTO_HASH_LEN], const void *, size_t);
/* The hash as 64 hexadecimal digits and a NUL. Returns out. */
const char *crypto_blake2b_hex(char out[CRYPTO_HASH_HEX_MAX], const void *,
    size_t);
/* For hashing in parts. */
struct crypto_hasher {
	uint64_t state[48]; /* room for libsodium's state, aligned */
};
void crypto_hasher_init(struct crypto_hasher *);
void crypto_hasher_add(struct crypto_hasher *, const void *, size_t);
void crypto_hasher_end(struct crypto_hasher *, uint8_t out[CRYPTO_HASH_LEN]);

/* BLAKE2b of any length from 16 to 64 under a key: who lacks the key can
 * neither make nor guess one. */
void crypto_keyed_hash(void *out, size_t out_len, const struct crypto_key *,
    const void *, size_t);

/*
 * XChaCha20-Poly1305 under a random nonce: appends nonce and ciphertext, which
 * is CRYPTO_SEAL_EXTRA longer than the text. ad is bound to it, not stored.
 */
void crypto_seal(const struct crypto_key *, const void *ad, size_t ad_len,
    const void *text, size_t n, struct buf *out);
/* Appends the text; -1, and nothing appended, for what this key has not sealed
 * with this ad. */
int crypto_open(const struct crypto_key *, const void *ad, size_t ad_len,
    const void *sealed, size_t n, struct buf *out);
/* base64 (RFC 4648, padded). Decoding appends nothing and is -1 for anything
 * that encoding would not have written. */
void crypto_base64(struct buf *, const void *, size_t);
int crypto_unbase64(struct buf *, const char *, size_t);

/*
 * Memory for keys: not swapped out where the system lets us, in no core file,
 * between guard pages, wiped by crypto_secret_free. Never NULL.
 */
void *crypto_secret_new(size_t);
/* From now on a write to it ends the process. */
void crypto_secret_protect(void *);
/* Accepts NULL. */
void crypto_secret_free(void *);

void crypto_random(void *, size_t);
/* n random bytes as URL-safe base64 without padding; out_size counts the NUL
 * and must suffice (4 * n / 3 + 2). */
void crypto_random_text(char *out, size_t out_size, size_t n);
/* Equal in constant time. */
bool crypto_equal(const void *, const void *, size_t);
void crypto_wipe(void *, size_t);

#endif
