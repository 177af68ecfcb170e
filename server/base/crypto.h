/* base/crypto.h - hashes, randomness and wiping; wraps libsodium. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CRYPTO_HASH_LEN = 32,
	CRYPTO_HASH_HEX_MAX = 65
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

void crypto_random(void *, size_t);
/* n random bytes as URL-safe base64 without padding; out_size counts the NUL
 * and must suffice (4 * n / 3 + 2). */
void crypto_random_text(char *out, size_t out_size, size_t n);
/* Equal in constant time. */
bool crypto_equal(const void *, const void *, size_t);
void crypto_wipe(void *, size_t);

#endif
