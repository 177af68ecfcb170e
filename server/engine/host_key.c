/* engine/host_key.c - TCP-MD5 keys of what lies under FRR. */
/* names: key */
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "engine/host.h"

struct op_key *
host_key(const struct host *h, enum op_where where, const struct addr *local,
    const struct addr *remote)
{
	size_t i;

	for (i = 0; i < h->n_keys; i++)
		if (h->keys[i].where == where &&
		    op_key_is_of(&h->keys[i], local, remote))
			return &h->keys[i];
	return NULL;
}

/* Not realloc, which would leave the old ones lying about. */
struct op_key *
host_key_room(struct host *h, size_t n)
{
	struct op_key *keys = mem_calloc(h->n_keys + n, sizeof(*keys));

	if (h->n_keys > 0) {
		memcpy(keys, h->keys, h->n_keys * sizeof(*keys));
		crypto_wipe(h->keys, h->n_keys * sizeof(*keys));
	}
	free(h->keys);
	h->keys = keys;
	return keys + h->n_keys;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct op_key *x = a, *y = b;
	int order;

	if (x->where != y->where)
		return x->where < y->where ? -1 : 1;
	order = addr_compare(&x->remote, &y->remote);
	return order != 0 ? order : addr_compare(&x->local, &y->local);
}

void
host_sort_keys(struct host *h)
{
	if (h->n_keys > 1)
		qsort(h->keys, h->n_keys, sizeof(*h->keys), compare_keys);
}

static void
put_key(struct host *h, const struct op_key *k, enum op_where where)
{
	struct op_key *to = host_key(h, where, &k->local, &k->remote);

	if (to == NULL) {
		to = host_key_room(h, 1);
		h->n_keys++;
	}
	memset(to, 0, sizeof(*to));
	to->local = k->local;
	to->remote = k->remote;
	to->where = (uint8_t)where;
	to->owned = 1;
	to->key_len = k->key_len;
	memcpy(to->key, k->key, k->key_len);
	if (op_key_text_check(to->key, to->key_len, NULL) == -1)
		to->flaw = OP_KEY_RAW;
}

void
host_set_key(struct host *h, const struct op_key *k)
{
	struct op_key copy = *k; /* may be one of ours, which move */

	if (h->kernel_keys) {
		put_key(h, &copy, OP_RUNNING);
		put_key(h, &copy, OP_BOOT);
		host_sort_keys(h);
	}
	crypto_wipe(&copy, sizeof(copy));
}

static void
take_key(struct host *h, enum op_where where, const struct addr *local,
    const struct addr *remote)
{
	struct op_key *k = host_key(h, where, local, remote);
	size_t behind;

	if (k == NULL)
		return;
	behind = h->n_keys - (size_t)(k - h->keys) - 1;
	memmove(k, k + 1, behind * sizeof(*k));
	crypto_wipe(&h->keys[--h->n_keys], sizeof(*k));
}

void
host_remove_key(struct host *h, const struct addr *local,
    const struct addr *remote)
{
	struct addr a = *local, b = *remote;

	take_key(h, OP_RUNNING, &a, &b);
	take_key(h, OP_BOOT, &a, &b);
}

/*
 * A short hash, so that who reads it cannot find out a weak key by trying: too
 * many fit. The addresses are in it, so that equal keys of two sessions do not
 * look equal.
 */
void
host_key_mark(const struct op_key *k, uint8_t mark[HOST_KEY_MARK])
{
	static const char domain[] = "multihomed key mark";
	bool turned = addr_compare(&k->local, &k->remote) > 0;
	uint8_t hash[CRYPTO_HASH_LEN];
	struct crypto_hasher h;

	crypto_hasher_init(&h);
	crypto_hasher_add(&h, domain, sizeof(domain));
	crypto_hasher_add(&h, turned ? &k->remote : &k->local,
	    sizeof(k->local));
	crypto_hasher_add(&h, turned ? &k->local : &k->remote,
	    sizeof(k->local));
	crypto_hasher_add(&h, k->key, k->key_len);
	crypto_hasher_end(&h, hash);
	memcpy(mark, hash, HOST_KEY_MARK);
	crypto_wipe(hash, sizeof(hash));
}

void
host_mask_keys(struct host *h)
{
	uint8_t mark[HOST_KEY_MARK];
	size_t i;

	for (i = 0; i < h->n_keys; i++) {
		host_key_mark(&h->keys[i], mark);
		crypto_wipe(h->keys[i].key, sizeof(h->keys[i].key));
		memcpy(h->keys[i].key, mark, sizeof(mark));
		h->keys[i].key_len = HOST_KEY_MARK;
		h->keys[i].flaw &= (uint8_t)~OP_KEY_RAW;
	}
}
