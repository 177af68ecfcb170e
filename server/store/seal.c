/* store/seal.c - texts that lie in the database sealed. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "store/keyring.h"
#include "store/seal.h"

static const char version[] = "s1:";

enum {
	VERSION_LEN = sizeof(version) - 1,
	/* Behind the version, the id and its colon. */
	HEAD_LEN = VERSION_LEN + 2 * KEYRING_ID_LEN + 1,
	FINGERPRINT_BYTES = 5
};

const char *
seal_what(char out[SEAL_WHAT_MAX], const char *column, const char *row)
{
	int n = snprintf(out, SEAL_WHAT_MAX, "%s:%s", column, row);

	/* Cut short, two rows might share it. */
	assert(n > 0 && n < SEAL_WHAT_MAX);
	return out;
}

void
seal_text(const struct keyring *k, const char *what, const char *text,
    struct buf *out)
{
	struct buf bytes = BUF_INIT;

	buf_printf(out, "%s%s:", version, keyring_id(k, 0));
	crypto_seal(keyring_key(k, 0), what, strlen(what), text, strlen(text),
	    &bytes);
	if (bytes.failed)
		log_fatal("out of memory (sealing)");
	crypto_base64(out, bytes.data, bytes.len);
	buf_clear(&bytes);
}

bool
seal_is_sealed(const char *text)
{
	return strncmp(text, version, VERSION_LEN) == 0;
}

/* The key that it was sealed with; keyring_count() when it is none of ours. */
static size_t
find_key(const struct keyring *k, const char *sealed)
{
	size_t i;

	for (i = 0; i < keyring_count(k); i++)
		if (strncmp(sealed + VERSION_LEN, keyring_id(k, i),
			KEYRING_ID_MAX - 1) == 0)
			break;
	return i;
}

bool
seal_is_current(const struct keyring *k, const char *text)
{
	return seal_is_sealed(text) && find_key(k, text) == 0;
}

/* A head that is well formed; the bytes behind it are for the key to judge. */
static bool
has_head(const char *sealed)
{
	static const char digits[] = "0123456789abcdef";

	return seal_is_sealed(sealed) &&
	    strspn(sealed + VERSION_LEN, digits) == KEYRING_ID_MAX - 1 &&
	    sealed[HEAD_LEN - 1] == ':';
}

static int
broken(const char *what, struct err *err)
{
	(void)err_set(err, ERR_UNAVAILABLE,
	    "%s: what is stored there is not what was sealed there", what);
	return err_reason(err, "seal_broken");
}

int
seal_open(const struct keyring *k, const char *what, const char *sealed,
    struct buf *out, struct err *err)
{
	struct buf bytes = BUF_INIT;
	size_t i, before = out->len;
	int rc;

	if (!has_head(sealed))
		return broken(what, err);
	i = find_key(k, sealed);
	if (i == keyring_count(k)) {
		(void)err_set(err, ERR_UNAVAILABLE,
		    "%s: sealed with the master key %.*s, and the master key "
		    "is %s now: put the old key file back, if there is one",
		    what, KEYRING_ID_MAX - 1, sealed + VERSION_LEN,
		    keyring_id(k, 0));
		return err_reason(err, "sealed_with_another_key");
	}
	rc = crypto_unbase64(&bytes, sealed + HEAD_LEN,
	    strlen(sealed + HEAD_LEN));
	if (rc == 0)
		rc = crypto_open(keyring_key(k, i), what, strlen(what),
		    bytes.data, bytes.len, out);
	if (bytes.failed || out->failed)
		log_fatal("out of memory (sealed text)");
	buf_clear(&bytes);
	/* A NUL inside would cut the text short unnoticed. */
	if (rc == 0 && memchr(out->data + before, '\0', out->len - before)) {
		out->len = before;
		rc = -1;
	}
	return rc == -1 ? broken(what, err) : 0;
}

const char *
seal_fingerprint(const struct keyring *k, const char *text,
    char out[SEAL_FINGERPRINT_MAX])
{
	return seal_fingerprint_with(keyring_fingerprint_key(k, 0), text, out);
}

const char *
seal_fingerprint_with(const struct crypto_key *key, const char *text,
    char out[SEAL_FINGERPRINT_MAX])
{
	uint8_t hash[CRYPTO_HASH_LEN];
	size_t i;

	crypto_keyed_hash(hash, sizeof(hash), key, text, strlen(text));
	out[0] = 'k';
	for (i = 0; i < FINGERPRINT_BYTES; i++)
		(void)snprintf(out + 1 + 2 * i, 3, "%02x", hash[i]);
	return out;
}
