/* wire/op_key.c - is this TCP-MD5 key what its operation may carry? */
#include <string.h>

#include "base/err.h"
#include "base/md5key.h"
#include "wire/op.h"
#include "wire/op_check.h"

/* The layout has no padding: what is not a member cannot differ. */
_Static_assert((int)OP_KEY_BYTES == (int)MD5KEY_MAX, "two lengths");
_Static_assert(sizeof(struct op_key) ==
	2 * sizeof(struct addr) + 6 + OP_KEY_BYTES,
    "a key has padding");

int
op_key_text_check(const char *key, size_t len, struct err *err)
{
	return md5key_check_bytes(key, len, err);
}

/* A text of ours, or marked as none; so there is one way to say it. */
static int
check_bytes(const struct op_key *k, struct err *err)
{
	if (k->key_len == 0 || k->key_len > OP_KEY_BYTES)
		return err_set(err, ERR_INVALID, "key_len: must be 1 to %d",
		    OP_KEY_BYTES);
	if (!op_check_zero(k->key + k->key_len, OP_KEY_BYTES - k->key_len))
		return err_set(err, ERR_INVALID, "key: is longer than key_len");
	if ((k->flaw & OP_KEY_RAW) == 0)
		return op_key_text_check(k->key, k->key_len, err) == -1 ?
		    err_prefix(err, "key") :
		    0;
	if (op_key_text_check(k->key, k->key_len, NULL) == 0)
		return err_set(err, ERR_INVALID,
		    "flaw: raw, but the key is a text");
	return 0;
}

int
op_key_check(const struct op_key *k, uint32_t kind, struct err *err)
{
	bool told = kind == OP_KEYS;
	bool whole = kind == OP_KEY_SET || kind == OP_BOOT_KEY_SET;

	if (!told && !whole && kind != OP_KEY_REMOVE && kind != OP_KEY_ADOPT &&
	    kind != OP_KEY_DISOWN && kind != OP_BOOT_KEY_REMOVE)
		return err_set(err, ERR_INVALID, "op %s is not about a key",
		    op_name(kind));
	if (op_check_endpoints(&k->local, &k->remote, err) == -1)
		return -1;
	if ((told || whole) && check_bytes(k, err) == -1)
		return -1;
	if (told &&
	    (k->where > OP_BOOT || k->owned > 1 || k->flaw >= 2 * OP_KEY_RAW))
		return err_set(err, ERR_INVALID,
		    "where, owned, flaw: out of range");
	if (whole && (k->flaw & ~OP_KEY_RAW) != 0)
		return err_set(err, ERR_INVALID, "flaw: only raw can be asked");
	if ((!told && (k->where != 0 || k->owned != 0)) ||
	    (!told && !whole &&
		(k->key_len != 0 || k->flaw != 0 ||
		    !op_check_zero(k->key, sizeof(k->key)))) ||
	    !op_check_zero(k->zero, sizeof(k->zero)))
		return err_set(err, ERR_INVALID,
		    "a member that is not used is not zero");
	return 0;
}

bool
op_key_is_of(const struct op_key *k, const struct addr *a, const struct addr *b)
{
	return (addr_equal(&k->local, a) && addr_equal(&k->remote, b)) ||
	    (addr_equal(&k->local, b) && addr_equal(&k->remote, a));
}

bool
op_key_same(const struct op_key *a, const struct op_key *b)
{
	return a->key_len == b->key_len &&
	    memcmp(a->key, b->key, a->key_len) == 0;
}
