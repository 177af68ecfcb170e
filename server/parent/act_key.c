/* parent/act_key.c - operations on TCP-MD5 keys, as far as those are ours. */
#include <stdbool.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "parent/act_key.h"
#include "parent/owned.h"
#include "system/boot.h"
#include "system/key.h"
#include "system/tool.h"

/* No heap on the way of an operation; wiped after each. */
static struct op_key scratch[OP_KEYS_MAX];

static const struct op_key *
find(const struct op_key *list, size_t n, const struct op_key *k)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (op_key_is_of(&list[i], &k->local, &k->remote))
			return &list[i];
	return NULL;
}

/* Which of the two is local: as in our list, or in the boot file, where people
 * write what goes out first. */
static void
turn(struct op_key *k, const struct addr *local)
{
	uint8_t flaw = k->flaw & (uint8_t) ~(OP_KEY_NO_OUT | OP_KEY_NO_IN);
	struct addr was = k->local;

	if (addr_equal(&k->local, local))
		return;
	k->local = k->remote;
	k->remote = was;
	if ((k->flaw & OP_KEY_NO_OUT) != 0)
		flaw |= OP_KEY_NO_IN;
	if ((k->flaw & OP_KEY_NO_IN) != 0)
		flaw |= OP_KEY_NO_OUT;
	k->flaw = flaw;
}

int
act_key_list(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	const struct op_key *boot;
	size_t i, n_run, n_boot;
	struct addr local;

	*n = 0;
	if (key_list(t, list, max, &n_run, err) == -1 ||
	    boot_keys(t, list + n_run, max - n_run, &n_boot, err) == -1)
		return -1;
	for (i = n_run + n_boot; i > 0; i--) {
		struct op_key *k = &list[i - 1];

		boot = find(list + n_run, n_boot, k);
		k->owned = owned_has_key(&k->local, &k->remote, &local);
		if (k->owned)
			turn(k, &local);
		else if (boot != NULL)
			turn(k, &boot->local);
	}
	*n = n_run + n_boot;
	return 0;
}

/* What there is for the pair; NULL: nothing. Until wipe(). */
struct both {
	const struct op_key *running;
	const struct op_key *boot;
	size_t n; /* of scratch */
};

static int
look(const struct tool *t, const struct op_key *k, struct both *b,
    struct err *err)
{
	size_t n_run, n_boot = 0;

	memset(b, 0, sizeof(*b));
	if (key_list(t, scratch, OP_KEYS_MAX, &n_run, err) == -1)
		return -1;
	b->n = n_run;
	if (boot_keys(t, scratch + n_run, OP_KEYS_MAX - n_run, &n_boot, err) ==
	    -1) {
		crypto_wipe(scratch, n_run * sizeof(scratch[0]));
		return -1;
	}
	b->n += n_boot;
	b->running = find(scratch, n_run, k);
	b->boot = find(scratch + n_run, n_boot, k);
	return 0;
}

static void
wipe(const struct both *b)
{
	crypto_wipe(scratch, b->n * sizeof(scratch[0]));
}

static int
refuse(const struct op_key *k, const char *reason, struct err *err)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	(void)err_set(err, ERR_CONFLICT,
	    "the key between %s and %s was set by hand; say \"adopt\": true to "
	    "let multihomed manage it",
	    addr_print(&k->local, local), addr_print(&k->remote, remote));
	return err_reason(err, reason);
}

static bool
has(const struct op_key *k)
{
	return owned_has_key(&k->local, &k->remote, NULL);
}

static void
forget_if_gone(const struct tool *t, const struct op_key *k)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];
	struct both b;
	struct err err;
	bool gone;

	if (!has(k))
		return;
	err_clear(&err);
	if (look(t, k, &b, &err) == 0) {
		gone = b.running == NULL && b.boot == NULL;
		wipe(&b);
		if (!gone || owned_drop_key(&k->local, &k->remote, &err) == 0)
			return;
	}
	log_warning("whether there is still a key between %s and %s is not "
		    "known, so it stays in the list of what is ours: %s",
	    addr_print(&k->local, local), addr_print(&k->remote, remote),
	    err.text);
}

/* Records it, unless somebody else has a key there. */
static int
claim(const struct tool *t, const struct op_key *k, const char *reason,
    struct err *err)
{
	struct both b;
	bool is;

	if (has(k))
		return 0;
	if (look(t, k, &b, err) == -1)
		return -1;
	is = b.running != NULL || b.boot != NULL;
	wipe(&b);
	if (is)
		return refuse(k, reason, err);
	return owned_add_key(&k->local, &k->remote, err);
}

static int
set(const struct tool *t, const struct op_key *k, bool boot, struct err *err)
{
	if (!key_is_kept())
		return key_set(t, k, err);
	if (claim(t, k, boot ? "key_not_ours" : "key_exists", err) == -1)
		return -1;
	if ((boot ? boot_key_set(t, k, err) : key_set(t, k, err)) == 0)
		return 0;
	forget_if_gone(t, k);
	return -1;
}

static int
remove_key(const struct tool *t, const struct op_key *k, bool boot,
    struct err *err)
{
	struct both b;
	bool is;

	if (!key_is_kept())
		return key_remove(t, k, err);
	if (!has(k)) {
		if (look(t, k, &b, err) == -1)
			return -1;
		is = (boot ? b.boot : b.running) != NULL;
		wipe(&b);
		return is ? refuse(k, "key_not_ours", err) : 0;
	}
	if ((boot ? boot_key_remove(t, k, err) : key_remove(t, k, err)) == -1)
		return -1;
	forget_if_gone(t, k);
	return 0;
}

/* One that is not whole could not be put back as it was. */
static int
check_whole(const struct op_key *k, const char *where, struct err *err)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];
	const char *what;

	if (k == NULL || (k->flaw & ~OP_KEY_RAW) == 0)
		return 0;
	if ((k->flaw & (OP_KEY_NO_OUT | OP_KEY_NO_IN)) != 0)
		what = "has only one direction";
	else if ((k->flaw & OP_KEY_DIFFERS) != 0)
		what = "is not the same in both directions";
	else
		what = "is there more than once";
	(void)err_set(err, ERR_CONFLICT,
	    "the key between %s and %s %s in %s: mend that by hand first",
	    addr_print(&k->local, local), addr_print(&k->remote, remote), what,
	    where);
	return err_reason(err, "key_unclear");
}

static int
adopt(const struct tool *t, const struct op_key *k, struct err *err)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];
	struct both b;
	int rc = 0;

	if (look(t, k, &b, err) == -1)
		return -1;
	if (b.running == NULL && b.boot == NULL)
		rc = err_set(err, ERR_NOT_FOUND,
		    "there is no key between %s and %s",
		    addr_print(&k->local, local),
		    addr_print(&k->remote, remote));
	else if (check_whole(b.running, "the kernel", err) == -1 ||
	    check_whole(b.boot, "the boot file", err) == -1)
		rc = -1;
	wipe(&b);
	return rc == -1 ? -1 : owned_add_key(&k->local, &k->remote, err);
}

/* The lines of the boot file first: as long as it is in the list, whoever comes
 * after us can do it again. */
static int
disown(const struct tool *t, const struct op_key *k, struct err *err)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	if (!has(k)) {
		(void)err_set(err, ERR_CONFLICT,
		    "the key between %s and %s is not in the list of what is "
		    "ours",
		    addr_print(&k->local, local),
		    addr_print(&k->remote, remote));
		return err_reason(err, "key_not_ours");
	}
	if (boot_key_disown(t, k, err) == -1)
		return -1;
	return owned_drop_key(&k->local, &k->remote, err);
}

/* A change of the list alone is told as the commands are. */
static int
note(const struct tool *t, const char *verb, const struct op_key *k, int rc,
    const struct err *err)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	tool_note(t, rc == -1 ? err : NULL, "multihomed: %s key %s %s", verb,
	    addr_print(&k->local, local), addr_print(&k->remote, remote));
	return rc;
}

int
act_key_change(const struct tool *t, uint32_t kind, const struct op_key *k,
    struct err *err)
{
	switch (kind) {
	case OP_KEY_SET:
		return t->dry ? key_set(t, k, err) : set(t, k, false, err);
	case OP_KEY_REMOVE:
		return t->dry ? key_remove(t, k, err) :
				remove_key(t, k, false, err);
	case OP_KEY_ADOPT:
		return note(t, "adopt", k, t->dry ? 0 : adopt(t, k, err), err);
	case OP_KEY_DISOWN:
		return note(t, "disown", k, t->dry ? 0 : disown(t, k, err),
		    err);
	case OP_BOOT_KEY_SET:
		return t->dry ? boot_key_set(t, k, err) : set(t, k, true, err);
	case OP_BOOT_KEY_REMOVE:
		return t->dry ? boot_key_remove(t, k, err) :
				remove_key(t, k, true, err);
	default:
		return err_set(err, ERR_PROTOCOL, "op %s has no code",
		    op_name(kind));
	}
}
