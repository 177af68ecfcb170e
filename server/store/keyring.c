/* store/keyring.c - the master keys that what is sealed is sealed with. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "store/keyring.h"

struct keyring {
	size_t n;
	struct crypto_key keys[KEYRING_KEYS_MAX];
	struct crypto_key fingerprints[KEYRING_KEYS_MAX];
	char ids[KEYRING_KEYS_MAX][KEYRING_ID_MAX];
};

/* Keys of different uses must not be the same key. */
static const char fingerprint_use[] = "multihomed fingerprint";

static void
name_key(struct keyring *k, size_t i)
{
	uint8_t hash[CRYPTO_HASH_LEN];
	size_t j;

	crypto_blake2b(hash, k->keys[i].bytes, CRYPTO_KEY_LEN);
	for (j = 0; j < KEYRING_ID_LEN; j++)
		(void)snprintf(k->ids[i] + 2 * j, 3, "%02x", hash[j]);
}

struct keyring *
keyring_new(const void *bytes, size_t n, struct err *err)
{
	struct keyring *k;
	size_t i;

	if (n != sizeof(k->keys[0]) && n != sizeof(k->keys)) {
		(void)err_set(err, ERR_INVALID,
		    "the master key: %zu bytes, neither %zu nor %zu", n,
		    sizeof(k->keys[0]), sizeof(k->keys));
		return NULL;
	}
	k = crypto_secret_new(sizeof(*k));
	memset(k, 0, sizeof(*k));
	k->n = n / CRYPTO_KEY_LEN;
	memcpy(k->keys, bytes, n);
	for (i = 0; i < k->n; i++) {
		name_key(k, i);
		crypto_keyed_hash(k->fingerprints[i].bytes,
		    sizeof(k->fingerprints[i].bytes), &k->keys[i],
		    fingerprint_use, sizeof(fingerprint_use) - 1);
	}
	crypto_secret_protect(k);
	return k;
}

struct keyring *
keyring_read(int fd, struct err *err)
{
	/* One more than there may be, so that a longer file is noticed. */
	uint8_t bytes[KEYRING_KEYS_MAX * CRYPTO_KEY_LEN + 1];
	struct keyring *k = NULL;
	ssize_t n = pread(fd, bytes, sizeof(bytes), 0);

	if (n == -1)
		(void)err_set_errno(err, ERR_SYSTEM, "the master key");
	else
		k = keyring_new(bytes, (size_t)n, err);
	crypto_wipe(bytes, sizeof(bytes));
	(void)close(fd);
	return k;
}

void
keyring_free(struct keyring **kp)
{
	crypto_secret_free(*kp);
	*kp = NULL;
}

size_t
keyring_count(const struct keyring *k)
{
	return k->n;
}

const struct crypto_key *
keyring_key(const struct keyring *k, size_t i)
{
	assert(i < k->n);
	return &k->keys[i];
}

const char *
keyring_id(const struct keyring *k, size_t i)
{
	assert(i < k->n);
	return k->ids[i];
}

const struct crypto_key *
keyring_fingerprint_key(const struct keyring *k, size_t i)
{
	assert(i < k->n);
	return &k->fingerprints[i];
}
