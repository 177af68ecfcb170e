/* store/former_key.h - what fingerprints were made with, before a rekey. */
#ifndef STORE_FORMER_KEY_H
#define STORE_FORMER_KEY_H

#include <stddef.h>

#include "base/crypto.h"

struct db;
struct err;

enum {
	FORMER_KEYS_MAX = 5 /* four that are kept, and one being changed */
};

/*
 * A fingerprint (store/seal.h) changes with the master key, and what was noted
 * under the old one would be lost. What the old master key made fingerprints
 * with is kept, sealed with the new one: with it a key that is set is known
 * again. It opens nothing that was sealed.
 */

/* At a rekey, in its transaction: of those master keys that go. */
int former_key_keep(struct db *, struct err *);

struct former_key_list {
	struct crypto_key v[FORMER_KEYS_MAX];
	size_t n;
};
/* Newest first; those that cannot be opened are left out. Wipe it with
 * former_key_list_clear(). */
int former_key_list(struct db *, struct former_key_list *, struct err *);
void former_key_list_clear(struct former_key_list *);

#endif
