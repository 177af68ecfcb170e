/* system/freebsd/key.c - TCP-MD5 keys: security associations by address. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "system/freebsd/ipsec_edit.h"
#include "system/freebsd/key_dump.h"
#include "system/freebsd/key_pair.h"
#include "system/freebsd/key_sysctl.h"
#include "system/freebsd/pfkey_socket.h"
#include "system/key.h"
#include "system/tool.h"

enum {
	/* One has some 600 bytes, and more with an 80-byte key. */
	KEY_DUMP_BYTES = 2 * 1024 * 1024,
	KEY_WAYS_MAX = 2 * OP_KEYS_MAX,
	KEY_TRIES = 8, /* nobody else adds to them meanwhile */
	KEY_SCRIPT_MAX = 2048,
	KEY_SAID_MAX = 64 * 1024
};

bool
key_is_kept(void)
{
	return true;
}

/* All that there are; the caller wipes the list. */
static int
dump(const struct tool *t, struct key_way list[KEY_WAYS_MAX], size_t *n,
    struct err *err)
{
	static char bytes[KEY_DUMP_BYTES];
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;
	struct err why;
	int rc;

	*n = 0;
	err_clear(&why);
	buf_init_fixed(&out, bytes, sizeof(bytes));
	tool_argv(t, &argv, "setkey", path);
	argv_add(&argv, "-D");
	rc = tool_ask(t, &argv, &out, &why);
	if (rc == 0) {
		*n = key_dump_parse(bytes, list, KEY_WAYS_MAX);
	} else if (out.len > 0) {
		/* What it said may have keys in it. */
		(void)err_set(err, ERR_TOOL, "setkey -D: exit %d",
		    why.exit_code);
	} else if (err != NULL) {
		*err = why;
	}
	crypto_wipe(bytes, out.len);
	crypto_wipe(&why, sizeof(why));
	return rc;
}

/* No heap on the way of an operation. */
static struct key_way found[KEY_WAYS_MAX];

/* Without PF_KEY in the kernel (or in this jail), or on a system that was built
 * without setkey, there are no keys either. */
static bool
has_no_keys(const struct tool *t, const struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "setkey", path);
	return err->code == ERR_TOOL &&
	    (strstr(err->output, "pfkey_open") != NULL ||
		(access(path, F_OK) == -1 && errno == ENOENT));
}

int
key_list(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	size_t i, n_found;
	struct err why;

	*n = 0;
	err_clear(&why);
	if (dump(t, found, &n_found, &why) == -1) {
		if (has_no_keys(t, &why))
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	for (i = 0; i < n_found; i++)
		key_pair_add(list, max, n, OP_RUNNING, &found[i]);
	crypto_wipe(found, n_found * sizeof(found[0]));
	return 0;
}

/* How many associations a direction has, and whether the last of them that was
 * told has the key that it should. */
struct seen {
	unsigned n;
	bool same;
};

static int
look(const struct tool *t, const struct key_way ways[2], struct seen seen[2],
    struct err *err)
{
	size_t i, n;
	unsigned j;

	memset(seen, 0, 2 * sizeof(*seen));
	if (dump(t, found, &n, err) == -1)
		return -1;
	for (i = 0; i < n; i++)
		for (j = 0; j < 2; j++) {
			if (!addr_equal(&found[i].src, &ways[j].src) ||
			    !addr_equal(&found[i].dst, &ways[j].dst))
				continue;
			seen[j].n++;
			seen[j].same = found[i].key_len == ways[j].key_len &&
			    memcmp(found[i].key, ways[j].key,
				ways[j].key_len) == 0;
		}
	crypto_wipe(found, n * sizeof(found[0]));
	return 0;
}

/* A new one with the new key beside the old one, which then goes: there is no
 * moment without (34-md5-atomic.txt). */
static int
swap(const struct tool *t, int fd, const struct key_way *way, struct err *err)
{
	uint32_t spi = 0;

	if (pfkey_socket_ask(t, fd, PFKEY_GETSPI, way, &spi, err) == -1 ||
	    pfkey_socket_ask(t, fd, PFKEY_UPDATE, way, &spi, err) == -1)
		return -1;
	return pfkey_socket_ask(t, fd, PFKEY_DELETE, way, NULL, err);
}

/* One direction; 1: there are several, of which one has gone now. */
static int
set_way(const struct tool *t, int fd, const struct key_way *way,
    const struct seen *s, struct err *err)
{
	if (s->n == 0)
		return pfkey_socket_ask(t, fd, PFKEY_ADD, way, NULL, err);
	if (s->n == 1)
		return s->same ? 0 : swap(t, fd, way, err);
	/* A change that was cut off has left them: the older one goes. */
	if (pfkey_socket_ask(t, fd, PFKEY_DELETE, way, NULL, err) == -1)
		return -1;
	return t->dry ? 0 : 1;
}

/* Until there is nothing more to do, and no longer than it can take. */
static int
set_ways(const struct tool *t, int fd, const struct key_way ways[2],
    struct seen seen[2], struct err *err)
{
	unsigned tries;
	int one, other;

	for (tries = 0; tries < KEY_TRIES; tries++) {
		one = set_way(t, fd, &ways[0], &seen[0], err);
		other =
		    one == -1 ? -1 : set_way(t, fd, &ways[1], &seen[1], err);
		if (one == -1 || other == -1)
			return -1;
		if (one == 0 && other == 0)
			return 0;
		if (look(t, ways, seen, err) == -1)
			return -1;
	}
	return err_set(err, ERR_NOT_APPLIED,
	    "there are several keys for one pair of addresses, and they do "
	    "not go");
}

/* One command of setkey for a direction, with the key or with stars. */
static void
add_command(struct buf *b, const struct key_way *way, bool masked)
{
	char src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];

	(void)addr_print(&way->src, src);
	(void)addr_print(&way->dst, dst);
	buf_printf(b, "deleteall %s %s tcp;\n", src, dst);
	buf_printf(b, "add %s %s tcp 0x%x -A tcp-md5 ", src, dst, PFKEY_SPI);
	if (masked)
		buf_puts(b, "********");
	else
		ipsec_edit_put_key(b, way->key, way->key_len);
	buf_puts(b, ";\n");
}

/* setkey exits 0 whatever the kernel says, but not without a word. */
static int
script(const struct tool *t, const struct buf *input, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "setkey", path);
	argv_add(&argv, "-c");
	return tool_run(t, &argv, input, true, NULL, err);
}

/* The way with a gap: an established session may lose a write. */
static int
replace(const struct tool *t, const struct key_way ways[2], struct err *err)
{
	char bytes[KEY_SCRIPT_MAX];
	struct buf b;
	int rc;

	tool_note(t, NULL,
	    "multihomed: net.key.preferred_oldsa is not 1, so the key is "
	    "changed with a gap of about a millisecond");
	buf_init_fixed(&b, bytes, sizeof(bytes));
	add_command(&b, &ways[0], t->dry);
	add_command(&b, &ways[1], t->dry);
	rc = script(t, &b, err);
	crypto_wipe(bytes, sizeof(bytes));
	return rc;
}

static int
read_back(const struct tool *t, const struct key_way ways[2], struct err *err)
{
	char src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];
	struct seen seen[2];
	unsigned i;

	if (look(t, ways, seen, err) == -1)
		return -1;
	for (i = 0; i < 2; i++)
		if (seen[i].n != 1 || !seen[i].same)
			return err_set(err, ERR_NOT_APPLIED,
			    "the kernel reported success, but from %s to %s "
			    "there %s",
			    addr_print(&ways[i].src, src),
			    addr_print(&ways[i].dst, dst),
			    seen[i].n == 0     ? "is no key" :
				seen[i].n == 1 ? "is another key" :
						 "are several keys");
	return 0;
}

static int
set_both(const struct tool *t, const struct key_way ways[2],
    struct seen seen[2], struct err *err)
{
	int fd = -1, rc;

	/* Where the newer one is preferred, the delete of a swap would take
	 * the new one (34-md5-atomic.txt, the end). */
	if (((seen[0].n == 1 && !seen[0].same) ||
		(seen[1].n == 1 && !seen[1].same) || seen[0].n > 1 ||
		seen[1].n > 1) &&
	    !key_sysctl_prefers_old(t))
		return replace(t, ways, err);
	if (!t->dry && pfkey_socket_open(t, &fd, err) == -1)
		return -1;
	rc = set_ways(t, fd, ways, seen, err);
	if (fd != -1)
		(void)close(fd);
	return rc;
}

int
key_set(const struct tool *t, const struct op_key *k, struct err *err)
{
	struct key_way ways[2] = { key_pair_way(k, false),
		key_pair_way(k, true) };
	struct seen seen[2];
	int rc;

	rc = look(t, ways, seen, err);
	if (rc == 0)
		rc = set_both(t, ways, seen, err);
	if (rc == 0 && !t->dry)
		rc = read_back(t, ways, err);
	crypto_wipe(ways, sizeof(ways));
	return rc;
}

int
key_remove(const struct tool *t, const struct op_key *k, struct err *err)
{
	char bytes[KEY_SCRIPT_MAX], src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];
	struct key_way ways[2];
	struct seen seen[2];
	struct buf b;

	(void)addr_print(&k->local, src);
	(void)addr_print(&k->remote, dst);
	buf_init_fixed(&b, bytes, sizeof(bytes));
	buf_printf(&b, "deleteall %s %s tcp;\ndeleteall %s %s tcp;\n", src, dst,
	    dst, src);
	if (script(t, &b, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	ways[0] = key_pair_way(k, false);
	ways[1] = key_pair_way(k, true);
	if (look(t, ways, seen, err) == -1)
		return -1;
	if (seen[0].n == 0 && seen[1].n == 0)
		return 0;
	return err_set(err, ERR_NOT_APPLIED,
	    "setkey reported success, but there is still a key between %s and "
	    "%s",
	    src, dst);
}

/* The line that has these words begins with the number. */
static uint64_t
counter(const char *text, const char *words)
{
	const char *at = strstr(text, words);

	if (at == NULL)
		return OP_KEY_NOT_COUNTED;
	while (at > text && at[-1] != '\n')
		at--;
	at += strspn(at, " \t");
	if (*at < '0' || *at > '9')
		return OP_KEY_NOT_COUNTED;
	return strtoull(at, NULL, 10);
}

int
key_counters(const struct tool *t, struct op_key_counters *c, struct err *err)
{
	static char bytes[KEY_SAID_MAX];
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;

	buf_init_fixed(&out, bytes, sizeof(bytes));
	tool_argv(t, &argv, "netstat", path);
	argv_add(&argv, "-s");
	argv_opt(&argv, "-p", "tcp");
	if (tool_ask(t, &argv, &out, err) == -1)
		return -1;
	/* As in 31-md5-connect.txt; what stands before is one or many. */
	c->matching = counter(bytes, "with matching signature received");
	c->failed = counter(bytes, "with bad signature received");
	c->missing = counter(bytes, "no signature provided by segment");
	c->unexpected = counter(bytes, "unexpected signature received");
	c->no_sa = counter(bytes, "failed to make signature due to no SA");
	return 0;
}
