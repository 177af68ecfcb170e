/* store/keyring.h - the master keys that what is sealed is sealed with. */
#ifndef STORE_KEYRING_H
#define STORE_KEYRING_H

#include <stddef.h>

#include "base/crypto.h"

struct err;
struct keyring; /* opaque: in memory of its own, read-only once made */

enum {
	KEYRING_KEYS_MAX = 2, /* the present one, and the one before it */
	KEYRING_ID_LEN = 8,
	KEYRING_ID_MAX = 2 * KEYRING_ID_LEN + 1
};

/*
 * From the bytes of the master key file: one key, or two while the key is being
 * changed, the new one first. NULL and ERR_INVALID for another size.
 */
struct keyring *keyring_new(const void *bytes, size_t n, struct err *);
/* The same from a descriptor of that file, which is closed, whatever happens.
 */
struct keyring *keyring_read(int fd, struct err *);
void keyring_free(struct keyring **);

size_t keyring_count(const struct keyring *);
/* The i-th key; 0 is the one to seal with. */
const struct crypto_key *keyring_key(const struct keyring *, size_t i);
/* Its name, in hexadecimal: the first bytes of its hash. */
const char *keyring_id(const struct keyring *, size_t i);
/* Derived from the i-th key: for fingerprints. */
const struct crypto_key *keyring_fingerprint_key(const struct keyring *,
    size_t i);

#endif
