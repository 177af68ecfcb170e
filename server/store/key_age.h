/* store/key_age.h - since when a TCP-MD5 key is in use; never the key. */
#ifndef STORE_KEY_AGE_H
#define STORE_KEY_AGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "store/former_key.h"
#include "store/seal.h"

struct db;
struct err;

/*
 * A key is told by its fingerprint (store/seal.h). The last few of a neighbor
 * are kept: one that comes back after a failed rotation is as old as it was.
 */
struct key_age {
	struct addr neighbor;
	char key_id[SEAL_FINGERPRINT_MAX];
	int64_t since_ms; /* wall clock; when we set it */
};

struct key_age_list {
	struct key_age *v;
	size_t n;
	struct former_key_list former;
};
int key_age_list(struct db *, struct key_age_list *, struct err *);
void key_age_list_clear(struct key_age_list *);
/* Also by the fingerprint that it had before the master key was changed. 0: not
 * known, somebody else has set it. */
int64_t key_age_since(const struct key_age_list *, const struct addr *neighbor,
    const char *key_id, const char *key);

/* We have set it now. One that is known already keeps its time. */
int key_age_set(struct db *, const struct addr *neighbor, const char *key,
    int64_t now_ms, struct err *);
/* The fingerprint, with the database's keyring. "" without one. Returns out. */
const char *key_age_fingerprint(const struct db *, const char *key,
    char out[SEAL_FINGERPRINT_MAX]);

#endif
