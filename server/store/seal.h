/* store/seal.h - texts that lie in the database sealed. */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct crypto_key;
struct err;
struct keyring;

enum {
	SEAL_WHAT_MAX = 384,
	SEAL_FINGERPRINT_MAX = 12
};

/*
 * A sealed text is "s1:" KEYID ":" base64(nonce, ciphertext):
 * XChaCha20-Poly1305 under a master key, bound to what it is, so that nobody
 * who can write to the database moves it to another row. The names are those of
 * the table, the column and the row: "operations.plan:op-lkwXCn7wPTz0FBG9".
 */

/* column is "TABLE.COLUMN", row the value of its primary key. Returns out. */
const char *seal_what(char out[SEAL_WHAT_MAX], const char *column,
    const char *row);
/* Appended; sealed with the present key. */
void seal_text(const struct keyring *, const char *what, const char *text,
    struct buf *out);
/*
 * Appends the text to out, which should be a BUF_SECRET. -1: ERR_UNAVAILABLE
 * with the reason "sealed_with_another_key" (its key is none of ours) or
 * "seal_broken" (altered, moved, or not sealed at all).
 */
int seal_open(const struct keyring *, const char *what, const char *sealed,
    struct buf *out, struct err *);

/* Does it claim to be sealed? What older versions stored in clear does not. */
bool seal_is_sealed(const char *text);
/* Sealed, and with the present key. */
bool seal_is_current(const struct keyring *, const char *text);

/*
 * "k" and ten hexadecimal digits: tells which of two keys is set without
 * telling it, to those only who lack the master key. Changes with that.
 * Returns out.
 */
const char *seal_fingerprint(const struct keyring *, const char *text,
    char out[SEAL_FINGERPRINT_MAX]);
/* The same with another key than the keyring's: store/former_key.h. */
const char *seal_fingerprint_with(const struct crypto_key *, const char *text,
    char out[SEAL_FINGERPRINT_MAX]);

#endif
