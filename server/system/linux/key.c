/* system/linux/key.c - TCP-MD5 on Linux: FRR's sockets hold the keys. */
/* names: boot_key key */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "system/boot.h"
#include "system/key.h"

enum {
	KEY_NETSTAT_MAX = 64 * 1024
};

bool
key_is_kept(void)
{
	return false;
}

static int
not_here(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED,
	    "Linux keeps TCP-MD5 keys with each socket: FRR has them");
}

int
key_list(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	(void)list;
	(void)max;
	(void)err;
	*n = 0;
	return 0;
}

int
boot_keys(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	return key_list(t, list, max, n, err);
}

int
key_set(const struct tool *t, const struct op_key *k, struct err *err)
{
	(void)t;
	(void)k;
	return not_here(err);
}

int
key_remove(const struct tool *t, const struct op_key *k, struct err *err)
{
	return key_set(t, k, err);
}

int
boot_key_set(const struct tool *t, const struct op_key *k, struct err *err)
{
	return key_set(t, k, err);
}

int
boot_key_remove(const struct tool *t, const struct op_key *k, struct err *err)
{
	return key_set(t, k, err);
}

int
boot_key_disown(const struct tool *t, const struct op_key *k, struct err *err)
{
	return key_set(t, k, err);
}

/* The nth word of a line; "" when it has fewer. */
static const char *
word(const char *line, size_t nth)
{
	for (; nth > 0; nth--) {
		line += strcspn(line, " \n");
		line += strspn(line, " ");
	}
	return line;
}

/* Two lines with the same first word, names and then numbers. */
static uint64_t
counter(const char *text, const char *name)
{
	const char *names = strstr(text, "TcpExt:"), *numbers, *end;
	size_t i, len = strlen(name);

	numbers = names == NULL ? NULL : strstr(names + 1, "\nTcpExt:");
	if (numbers == NULL)
		return OP_KEY_NOT_COUNTED;
	end = names + strcspn(names, "\n");
	numbers++;
	for (i = 1; word(names, i) < end; i++)
		if (strncmp(word(names, i), name, len) == 0 &&
		    strchr(" \n", word(names, i)[len]) != NULL)
			break;
	if (word(names, i) >= end || word(numbers, i)[0] < '0' ||
	    word(numbers, i)[0] > '9')
		return OP_KEY_NOT_COUNTED;
	return strtoull(word(numbers, i), NULL, 10);
}

int
key_counters(const struct tool *t, struct op_key_counters *c, struct err *err)
{
	static char bytes[KEY_NETSTAT_MAX];
	struct buf b;

	(void)t;
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (io_read_file("/proc/net/netstat", &b, err) == -1)
		return -1;
	c->matching = OP_KEY_NOT_COUNTED;
	c->failed = counter(buf_text(&b), "TCPMD5Failure");
	c->missing = counter(buf_text(&b), "TCPMD5NotFound");
	c->unexpected = counter(buf_text(&b), "TCPMD5Unexpected");
	c->no_sa = OP_KEY_NOT_COUNTED;
	return 0;
}
