/* system/linux/link.c - tunnels: ip(8) makes them, the kernel is read back. */
#include <net/if.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/link.h"
#include "system/linux/link_read.h"
#include "system/linux/link_words.h"
#include "system/tool.h"

int
link_list(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	(void)t;
	return link_read_all(list, max, n, err);
}

int
link_exists(const struct tool *t, const char *name, struct err *err)
{
	(void)t;
	if (if_nametoindex(name) != 0)
		return 1;
	if (errno == ENODEV || errno == ENXIO)
		return 0;
	return err_set_errno(err, ERR_SYSTEM, "looking for %s", name);
}

/* Nothing is to be heard from ip when it did what it was told. */
static int
run_words(const struct tool *t, const struct link_words *w, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "ip", path);
	link_words_argv(w, &argv);
	return tool_run(t, &argv, NULL, true, NULL, err);
}

static int
not_applied(const char *name, struct err *err, const char *what)
{
	(void)err_set(err, ERR_NOT_APPLIED,
	    "%s: ip exited 0, but %s; look at: ip -d address show dev %s", name,
	    what, name);
	return err_reason(err, "not_applied");
}

static int
read_back(const char *name, struct link_seen *seen, struct err *err)
{
	if (link_read_one(name, seen, err) == -1)
		return -1;
	if (seen->index == 0)
		return not_applied(name, err, "there is no such interface");
	return 0;
}

static bool
same_ends(const struct op_link *a, const struct op_link *b)
{
	return addr_equal(&a->local, &b->local) &&
	    addr_equal(&a->remote, &b->remote);
}

static bool
is_as_asked(const struct link_seen *seen, const struct op_link *l)
{
	return seen->link.kind == l->kind && same_ends(&seen->link, l) &&
	    (l->kind == OP_LINK_GRE || seen->link.inner == l->inner);
}

static int
check_kind(const struct op_link *l, struct err *err)
{
	if (link_words_kind_of(l) == NULL) {
		(void)err_set(err, ERR_UNSUPPORTED,
		    "%s: Linux has no such tunnel: kind %u, outer IPv%u, "
		    "inner %u",
		    l->name, l->kind, l->local.family, l->inner);
		return -1;
	}
	return 0;
}

static int
check_free(const struct tool *t, const struct op_link *l, struct err *err)
{
	int present;

	if (link_read_reserved(l->name)) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s: the Linux kernel keeps this name for itself; take "
		    "another one, gre1 for instance",
		    l->name);
		return err_reason(err, "interface_taken");
	}
	/* What is there now may be gone by then in a plan. */
	present = t->dry ? 0 : link_exists(t, l->name, err);
	if (present == 1) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s: there is an interface of this name already; take "
		    "another name, or remove it: ip link delete dev %s",
		    l->name, l->name);
		return err_reason(err, "interface_taken");
	}
	return present;
}

/* What a failed create left, when that is what was to be made. */
static void
take_away(const struct tool *t, const struct op_link *l)
{
	struct link_seen seen;
	struct link_words w;

	if (link_read_one(l->name, &seen, NULL) == -1 || seen.index == 0 ||
	    seen.link.kind == 0)
		return;
	link_words_destroy(&w, l->name);
	(void)run_words(t, &w, NULL);
}

int
link_create(const struct tool *t, const struct op_link *l, struct err *err)
{
	struct link_seen seen;
	struct link_words w;

	if (check_kind(l, err) == -1 || check_free(t, l, err) == -1)
		return -1;
	link_words_create(&w, l);
	if (run_words(t, &w, err) == -1) {
		take_away(t, l);
		return -1;
	}
	if (t->dry)
		return 0;
	if (read_back(l->name, &seen, err) == -1)
		return -1;
	if (!is_as_asked(&seen, l)) {
		(void)not_applied(l->name, err, "the tunnel is another one");
		take_away(t, l);
		return -1;
	}
	return 0;
}

/* A change of ends computes the MTU anew on some kinds. */
static int
keep_mtu(const struct tool *t, const char *name, uint32_t before,
    struct link_seen *seen, struct err *err)
{
	struct link_words w;

	if (seen->link.mtu == before)
		return 0;
	link_words_mtu(&w, name, before);
	if (run_words(t, &w, err) == -1)
		return -1;
	return read_back(name, seen, err);
}

int
link_endpoints(const struct tool *t, const struct op_link *l, struct err *err)
{
	struct link_seen before, seen;
	struct link_words w;

	if (check_kind(l, err) == -1)
		return -1;
	link_words_endpoints(&w, l);
	if (t->dry)
		return run_words(t, &w, err);
	if (link_read_one(l->name, &before, err) == -1)
		return -1;
	if (before.index == 0)
		return err_set(err, ERR_NOT_FOUND, "no interface %s", l->name);
	if (strcmp(before.type, link_words_kind_of(l)->type) != 0 ||
	    (l->kind != OP_LINK_GRE && before.link.inner != l->inner))
		return err_set(err, ERR_CONFLICT,
		    "%s is a %s tunnel; the new ends need another kind: remove "
		    "it and create it anew",
		    l->name, before.type[0] != '\0' ? before.type : "other");
	if (run_words(t, &w, err) == -1 ||
	    read_back(l->name, &seen, err) == -1 ||
	    keep_mtu(t, l->name, before.link.mtu, &seen, err) == -1)
		return -1;
	return is_as_asked(&seen, l) ?
	    0 :
	    not_applied(l->name, err, "it leads from or to elsewhere");
}

int
link_destroy(const struct tool *t, const struct op_link *l, struct err *err)
{
	int present = t->dry ? 1 : link_exists(t, l->name, err);
	struct link_words w;

	if (present != 1)
		return present;
	link_words_destroy(&w, l->name);
	if (run_words(t, &w, err) == -1)
		return -1;
	present = t->dry ? 0 : link_exists(t, l->name, err);
	if (present == 1)
		return not_applied(l->name, err, "it is still there");
	return present;
}

/* What the platform gives when nobody says; in a plan the link may not be
 * there yet. */
static uint32_t
default_mtu(const struct op_link *l)
{
	const struct link_words_kind *k = NULL;
	struct link_seen seen;

	if (link_read_one(l->name, &seen, NULL) == 0 && seen.index != 0)
		k = link_words_kind_of(&seen.link);
	return k != NULL ? link_words_default_mtu(k) : 1476;
}

int
link_mtu(const struct tool *t, const struct op_link *l, struct err *err)
{
	uint32_t mtu = l->mtu != 0 ? l->mtu : default_mtu(l);
	struct link_seen seen;
	struct link_words w;

	link_words_mtu(&w, l->name, mtu);
	if (run_words(t, &w, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (read_back(l->name, &seen, err) == -1)
		return -1;
	return seen.link.mtu == mtu ?
	    0 :
	    not_applied(l->name, err, "its MTU is another one");
}

int
link_description(const struct tool *t, const struct op_link *l, struct err *err)
{
	struct link_seen seen;
	struct link_words w;

	link_words_description(&w, l->name, l->description);
	if (run_words(t, &w, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (read_back(l->name, &seen, err) == -1)
		return -1;
	return strcmp(seen.link.description, l->description) == 0 ?
	    0 :
	    not_applied(l->name, err, "its description is another one");
}

/*
 * An IPv6 address with another end that was set while the link was down has no
 * route to that end: the kernel (6.1) forgets it. Set again it has.
 */
static int
mend_peers(const struct tool *t, const struct op_link *l, struct err *err)
{
	struct link_words w;
	size_t i;

	for (i = 0; i < l->n_addresses; i++) {
		if (l->addresses[i].peer.family != 6)
			continue;
		link_words_address(&w, l->name, &l->addresses[i], "replace");
		if (run_words(t, &w, err) == -1)
			return -1;
	}
	return 0;
}

int
link_up(const struct tool *t, const struct op_link *l, struct err *err)
{
	struct link_seen before, seen;
	struct link_words w;

	link_words_up(&w, l->name, l->up);
	if (t->dry)
		return run_words(t, &w, err);
	if (link_read_one(l->name, &before, err) == -1 ||
	    run_words(t, &w, err) == -1 ||
	    (l->up && !before.link.up &&
		mend_peers(t, &before.link, err) == -1))
		return -1;
	if (read_back(l->name, &seen, err) == -1)
		return -1;
	if (seen.link.up != (l->up != 0))
		return not_applied(l->name, err,
		    l->up ? "it is down" : "it is up");
	return 0;
}
