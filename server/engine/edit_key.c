/* engine/edit_key.c - the TCP-MD5 key of a session: FRR's and the kernel's. */
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "engine/change.h"
#include "engine/edit_key.h"
#include "engine/edit_neighbor.h"
#include "engine/observe.h"
#include "engine/target.h"
#include "model/upstream.h"

/* The two addresses by which the kernel finds a key. */
struct ends {
	struct addr local;
	struct addr remote;
};

/* A session that has moved to another neighbor may have been of the other
 * family. */
static bool
take_local(struct ends *e, const char *address)
{
	if (addr_parse(&e->local, address, NULL) == 0 &&
	    e->local.family == e->remote.family)
		return true;
	memset(&e->local, 0, sizeof(e->local));
	return false;
}

/*
 * This end's address: what is configured, where the session runs, or what a key
 * that is there says. family 0: nobody knows.
 */
static void
find_ends(const struct host *h, const struct upstream *up, struct ends *e)
{
	size_t i;

	memset(e, 0, sizeof(*e));
	e->remote = up->neighbor;
	if (take_local(e, up->local_address) ||
	    take_local(e, up->session.local_address))
		return;
	for (i = 0; i < h->n_keys; i++) {
		if (addr_equal(&h->keys[i].remote, &e->remote))
			e->local = h->keys[i].local;
		else if (addr_equal(&h->keys[i].local, &e->remote))
			e->local = h->keys[i].remote;
	}
}

static const struct op_key *
key_of(const struct host *h, const struct ends *e)
{
	const struct op_key *k = host_key(h, OP_RUNNING, &e->local, &e->remote);

	return k != NULL ? k : host_key(h, OP_BOOT, &e->local, &e->remote);
}

static int
check_ours(const struct host *h, const struct ends *e, bool adopt,
    struct err *err)
{
	const struct op_key *k = key_of(h, e);
	char text[ADDR_TEXT_MAX];

	if (k == NULL || k->owned || adopt)
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "the kernel's key for %s was made by hand (setkey, ipsec.conf); "
	    "say \"adopt\": true to let multihomed manage it",
	    addr_print(&e->remote, text));
	return err_reason(err, "key_not_ours");
}

static int
set_kernel_key(const struct upstream *up, const char *text, bool adopt,
    struct target *target, struct err *err)
{
	struct op_key key;
	struct ends e;

	find_ends(&target->host, up, &e);
	if (e.local.family == 0)
		return err_field(err, "/local_address",
		    "must be there: the kernel finds a key by both addresses "
		    "of the session");
	if (check_ours(&target->host, &e, adopt, err) == -1)
		return -1;
	memset(&key, 0, sizeof(key));
	key.local = e.local;
	key.remote = e.remote;
	key.key_len = (uint8_t)strlen(text);
	memcpy(key.key, text, key.key_len);
	host_set_key(&target->host, &key);
	crypto_wipe(&key, sizeof(key));
	return 0;
}

static int
remove_kernel_key(const struct upstream *up, bool adopt, struct target *target,
    struct err *err)
{
	struct ends e;

	find_ends(&target->host, up, &e);
	if (e.local.family == 0 || key_of(&target->host, &e) == NULL)
		return 0;
	if (check_ours(&target->host, &e, adopt, err) == -1)
		return -1;
	host_remove_key(&target->host, &e.local, &e.remote);
	return 0;
}

int
edit_key(const struct observation *o, const struct upstream *up,
    const struct change_key *change, struct target *target, struct err *err)
{
	if (!up->tcp_md5) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s has no TCP-MD5 key to rotate: set one with PATCH "
		    "/v1/upstreams/%s, {\"tcp_md5\": {\"key\": ...}}",
		    up->name.s, up->name.s);
		return err_reason(err, "no_key");
	}
	if (change->gentle && !o->host.kernel_keys) {
		(void)err_set(err, ERR_CONFLICT,
		    "method gentle: on this platform the key belongs to FRR's "
		    "sockets, and another one resets the session: say reset, "
		    "or leave method out");
		return err_reason(err, "no_kernel_keys");
	}
	if (o->host.kernel_keys &&
	    set_kernel_key(up, change->key, change->options.adopt.flag, target,
		err) == -1)
		return -1;
	return change->gentle ? 0 :
				edit_neighbor_password(target->tree,
				    &up->neighbor, change->key, err);
}

int
edit_key_below(const struct observation *o, const struct upstream *have,
    const struct upstream *want, const char *key, bool adopt,
    struct target *target, struct err *err)
{
	const struct op_key *now = NULL;
	char text[MD5KEY_MAX + 1] = "";
	struct ends was = { 0 }, is;
	int rc = -1;

	if (!o->host.kernel_keys)
		return 0;
	if (have != NULL && have->tcp_md5) {
		find_ends(&o->host, have, &was);
		now = key_of(&o->host, &was);
	}
	if (want == NULL || !want->tcp_md5)
		return now == NULL ?
		    0 :
		    remove_kernel_key(have, adopt, target, err);
	find_ends(&o->host, want, &is);
	if (key != NULL)
		(void)snprintf(text, sizeof(text), "%s", key);
	else if (now != NULL && (now->flaw & OP_KEY_RAW) == 0)
		memcpy(text, now->key, now->key_len);
	/* The same key between the same two: nothing to do. */
	if (text[0] == '\0' ||
	    (key == NULL && addr_equal(&was.local, &is.local) &&
		addr_equal(&was.remote, &is.remote))) {
		rc = 0;
	} else if (now == NULL ||
	    (addr_equal(&was.local, &is.local) &&
		addr_equal(&was.remote, &is.remote)) ||
	    remove_kernel_key(have, adopt, target, err) == 0) {
		rc = set_kernel_key(want, text, adopt, target, err);
	}
	crypto_wipe(text, sizeof(text));
	return rc;
}
