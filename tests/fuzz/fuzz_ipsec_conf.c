/* tests/fuzz/fuzz_ipsec_conf.c - a person's ipsec.conf, and what we make of it.
 */
/* links: system/freebsd/ipsec_conf system/freebsd/ipsec_edit
 * system/freebsd/pfkey system/freebsd/key_pair wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/clock base/crypto base/err base/log base/name base/number
 * base/rfc3339 base/md5key */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "system/freebsd/ipsec_conf.h"
#include "system/freebsd/ipsec_edit.h"

enum {
	TEXT_MAX = 64 * 1024
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ipsec_conf conf;

/* How many lines of other pairs, and the pair's own. */
static size_t
look(const char *text, size_t len, const struct op_key *want,
    struct op_key *found, size_t *n)
{
	size_t i, others = 0;

	*n = 0;
	memset(found, 0, sizeof(*found));
	assert(ipsec_conf_parse(&conf, text, len, NULL) == 0);
	for (i = 0; i < conf.n_adds; i++) {
		const struct ipsec_conf_add *add = &conf.adds[i];

		assert(add->lines.at <= add->key.at &&
		    add->key.at < add->key.end &&
		    add->key.end <= add->lines.end && add->lines.end <= len);
		assert(
		    add->way.key_len > 0 && add->way.key_len <= OP_KEY_BYTES);
		if (op_key_is_of(want, &add->way.src, &add->way.dst))
			key_pair_add(found, 1, n, OP_BOOT, &add->way);
		else
			others++;
	}
	return others;
}

static void
one(const char *text, size_t len, const struct op_key *k)
{
	static char set_bytes[TEXT_MAX], back_bytes[TEXT_MAX];
	struct op_key was, now;
	size_t others, n_was, n;
	struct buf set, back;
	struct err err;
	bool bad;

	others = look(text, len, k, &was, &n_was);
	bad = conf.bad_line != 0;
	buf_init_fixed(&set, set_bytes, sizeof(set_bytes));
	buf_init_fixed(&back, back_bytes, sizeof(back_bytes));
	err_clear(&err);
	if (ipsec_edit_set(text, len, k, &set, &err) == -1) {
		assert(err.code == ERR_CONFLICT || err.code == ERR_TOO_LARGE);
		return;
	}
	assert(!bad);
	/* Nobody else's line is touched, and ours is whole. */
	assert(look(buf_text(&set), set.len, k, &now, &n) == others);
	assert(conf.bad_line == 0);
	assert(n == 1 && now.flaw == 0 && op_key_same(&now, k));
	/* A key that was added goes without a trace. */
	if (n_was > 0)
		return;
	assert(ipsec_edit_remove(buf_text(&set), set.len, &k->local, &k->remote,
		   &back, NULL) == 0);
	if (memmem(text, len, "# multihomed ", 13) == NULL)
		assert(
		    back.len == len && memcmp(buf_text(&back), text, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct op_key k;
	char *text;

	if (size > 16 * 1024)
		return 0;
	text = malloc(size + 1);
	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	memset(&k, 0, sizeof(k));
	(void)addr_parse(&k.local, "10.0.0.1", NULL);
	(void)addr_parse(&k.remote, "10.0.0.2", NULL);
	k.key_len = 3;
	memcpy(k.key, "n3w", 3);
	one(text, size, &k);
	(void)ipsec_edit_has_others(text, size);
	free(text);
	return 0;
}
