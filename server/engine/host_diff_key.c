/* engine/host_diff_key.c - TCP-MD5 keys of two host values into operations. */
#include <string.h>

#include "base/crypto.h"
#include "engine/host.h"
#include "engine/host_diff_key.h"

static void
add_key(struct host_ops *ops, enum op_kind kind, const struct op_key *key)
{
	struct op_key p;

	memset(&p, 0, sizeof(p));
	p.local = key->local;
	p.remote = key->remote;
	if (kind == OP_KEY_SET || kind == OP_BOOT_KEY_SET) {
		p.flaw = key->flaw & OP_KEY_RAW;
		p.key_len = key->key_len;
		memcpy(p.key, key->key, key->key_len);
	}
	host_diff_add(ops, kind, &p);
	crypto_wipe(&p, sizeof(p));
}

/* Is nothing to be done to have key? One that is not whole is never made: a
 * whole one with its bytes is as good, to go back to. */
static bool
same_key(const struct op_key *old, const struct op_key *key)
{
	return old != NULL && op_key_same(old, key) &&
	    ((old->flaw & ~OP_KEY_RAW) == 0 || old->flaw == key->flaw);
}

static void
build_key(const struct op_key *old, const struct op_key *key,
    struct host_ops *ops)
{
	if (old != NULL && !old->owned && key->owned)
		add_key(ops, OP_KEY_ADOPT, key);
	if (same_key(old, key))
		return;
	add_key(ops, OP_KEY_SET, key);
	if (!key->owned)
		add_key(ops, OP_KEY_DISOWN, key);
}

static void
clean_key(const struct op_key *old, const struct op_key *key,
    struct host_ops *ops)
{
	if (key == NULL && !old->owned)
		add_key(ops, OP_KEY_ADOPT, old);
	if (key == NULL)
		add_key(ops, OP_KEY_REMOVE, old);
	else if (old->owned && !key->owned)
		add_key(ops, OP_KEY_DISOWN, key);
}

/* Back to what had been written by hand, after it was given up. */
static void
boot_key(const struct op_key *old, const struct op_key *key,
    struct host_ops *ops)
{
	bool by_hand = !key->owned;

	if (same_key(old, key))
		return;
	if (by_hand && old != NULL && !old->owned)
		add_key(ops, OP_KEY_ADOPT, key);
	add_key(ops, OP_BOOT_KEY_SET, key);
	if (by_hand)
		add_key(ops, OP_KEY_DISOWN, key);
}

void
host_diff_key_set(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	enum op_where where = phase == HOST_BOOT ? OP_BOOT : OP_RUNNING;
	const struct op_key *old, *key;
	size_t i;

	for (i = 0; i < after->n_keys; i++) {
		key = &after->keys[i];
		if (key->where != where)
			continue;
		old = host_key(before, where, &key->local, &key->remote);
		if (phase == HOST_BUILD)
			build_key(old, key, ops);
		else
			boot_key(old, key, ops);
	}
}

void
host_diff_key_drop(const struct host *before, const struct host *after,
    enum host_phase phase, struct host_ops *ops)
{
	enum op_where where = phase == HOST_BOOT ? OP_BOOT : OP_RUNNING;
	const struct op_key *old, *key;
	size_t i;

	for (i = 0; i < before->n_keys; i++) {
		old = &before->keys[i];
		if (old->where != where)
			continue;
		key = host_key(after, where, &old->local, &old->remote);
		if (phase == HOST_CLEAN)
			clean_key(old, key, ops);
		else if (key == NULL)
			add_key(ops, OP_BOOT_KEY_REMOVE, old);
	}
}
