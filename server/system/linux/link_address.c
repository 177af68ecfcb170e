/* system/linux/link_address.c - a tunnel's inner addresses. */
#include <string.h>

#include "base/err.h"
#include "system/link.h"
#include "system/linux/link_read.h"
#include "system/linux/link_words.h"
#include "system/tool.h"

static bool
same(const struct op_address *a, const struct op_address *b)
{
	return memcmp(a->address.bytes, b->address.bytes,
		   sizeof(a->address.bytes)) == 0 &&
	    a->address.family == b->address.family &&
	    addr_equal(&a->peer, &b->peer) &&
	    a->prefix_length == b->prefix_length;
}

static int
look(const struct op_address_of *a, bool *there, size_t *n, struct err *err)
{
	struct link_seen seen;
	size_t i;

	*there = false;
	*n = 0;
	if (link_read_one(a->link, &seen, err) == -1)
		return -1;
	for (i = 0; i < seen.link.n_addresses; i++)
		if (same(&seen.link.addresses[i], &a->address))
			*there = true;
	*n = seen.link.n_addresses;
	return 0;
}

/* What could not be told of later is not made. */
static int
check_room(const struct op_address_of *a, size_t n, struct err *err)
{
	if (n < OP_LINK_ADDRS)
		return 0;
	return err_set(err, ERR_CONFLICT,
	    "%s has %d addresses already, and no more are kept track of; "
	    "remove one first",
	    a->link, OP_LINK_ADDRS);
}

static int
change(const struct tool *t, const struct op_address_of *a, bool add,
    struct err *err)
{
	char path[TOOL_PATH_MAX], text[ADDR_TEXT_MAX];
	struct link_words w;
	struct argv argv;
	bool there;
	size_t n;

	if (!t->dry) {
		if (look(a, &there, &n, err) == -1)
			return -1;
		if (there == add)
			return 0;
		if (add && check_room(a, n, err) == -1)
			return -1;
	}
	link_words_address(&w, a->link, &a->address, add ? "add" : "delete");
	tool_argv(t, &argv, "ip", path);
	link_words_argv(&w, &argv);
	if (tool_run(t, &argv, NULL, true, NULL, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (look(a, &there, &n, err) == -1)
		return -1;
	if (there == add)
		return 0;
	(void)err_set(err, ERR_NOT_APPLIED,
	    "%s: ip exited 0, but %s is %s; look at: ip address show dev %s",
	    a->link, addr_print(&a->address.address, text),
	    add ? "not there" : "still there", a->link);
	return err_reason(err, "not_applied");
}

int
link_address_add(const struct tool *t, const struct op_address_of *a,
    struct err *err)
{
	return change(t, a, true, err);
}

int
link_address_remove(const struct tool *t, const struct op_address_of *a,
    struct err *err)
{
	return change(t, a, false, err);
}
