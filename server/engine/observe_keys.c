/* engine/observe_keys.c - which TCP-MD5 key is set, and since when. */
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "engine/adopt.h"
#include "engine/observe.h"
#include "engine/observe_keys.h"
#include "frr/tree.h"
#include "store/key_age.h"

/* As it is written, behind "neighbor X password" (of its group, too). */
static const char *
password(const struct observation *o, const struct upstream *up)
{
	const struct frr_node *bgp = adopt_bgp(o->tree);
	char neighbor[ADDR_TEXT_MAX];

	if (bgp == NULL)
		return NULL;
	return adopt_value(bgp, bgp, addr_print(&up->neighbor, neighbor),
	    "password", NULL);
}

/* The kernel's, as a text; it has its own place for each neighbor. */
static const char *
kernel_key(const struct observation *o, const struct upstream *up,
    char text[OP_KEY_BYTES + 1])
{
	const struct op_key *k;
	size_t i;

	for (i = 0; i < o->host.n_keys; i++) {
		k = &o->host.keys[i];
		if (k->where != OP_RUNNING ||
		    (!addr_equal(&k->local, &up->neighbor) &&
			!addr_equal(&k->remote, &up->neighbor)))
			continue;
		memcpy(text, k->key, OP_KEY_BYTES);
		text[k->key_len] = '\0';
		return text;
	}
	return NULL;
}

void
observe_keys(struct db *db, struct observation *o)
{
	struct key_age_list ages = { 0 };
	char text[OP_KEY_BYTES + 1];
	struct upstream *up;
	const char *key;
	struct err err;
	bool asked = false;
	size_t i;

	for (i = 0; i < o->upstreams.n; i++) {
		up = &o->upstreams.v[i];
		if (!up->tcp_md5)
			continue;
		key = o->host.kernel_keys ? kernel_key(o, up, text) :
					    password(o, up);
		up->tcp_md5_key_id[0] = '\0';
		up->tcp_md5_since_ms = 0;
		if (key == NULL)
			continue;
		if (!asked && key_age_list(db, &ages, &err) == -1)
			log_warning("%s", err.text);
		asked = true;
		(void)key_age_fingerprint(db, key, up->tcp_md5_key_id);
		up->tcp_md5_since_ms = key_age_since(&ages, &up->neighbor,
		    up->tcp_md5_key_id, key);
	}
	key_age_list_clear(&ages);
	crypto_wipe(text, sizeof(text));
}
