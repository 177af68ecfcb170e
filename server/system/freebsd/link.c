/* system/freebsd/link.c - tunnels through ifconfig, each change read back. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/freebsd/inner.h"
#include "system/freebsd/link_read.h"
#include "system/freebsd/unit.h"
#include "system/link.h"
#include "system/tool.h"

/* ifconfig NAME WORD... (NULL ends them), which must not say a word: a tunnel
 * that it could not set up is exit 0 with a complaint. */
static int
ifconfig(const struct tool *t, struct err *err, const char *name, ...)
{
	char path[TOOL_PATH_MAX];
	const char *word;
	struct argv argv;
	va_list ap;

	tool_argv(t, &argv, "ifconfig", path);
	argv_add(&argv, name);
	va_start(ap, name);
	while ((word = va_arg(ap, const char *)) != NULL)
		argv_add(&argv, word);
	va_end(ap);
	return tool_run(t, &argv, NULL, true, NULL, err);
}

static int
not_applied(struct err *err, const char *name, const char *what)
{
	return err_set(err, ERR_NOT_APPLIED,
	    "ifconfig reported success, but %s does not have %s", name, what);
}

static int
set_endpoints(const struct tool *t, const struct op_link *link, struct err *err)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];
	int rc;

	(void)addr_print(&link->local, local);
	(void)addr_print(&link->remote, remote);
	if (link->local.family == 6)
		rc = ifconfig(t, err, link->name, "inet6", "tunnel", local,
		    remote, (char *)NULL);
	else
		rc = ifconfig(t, err, link->name, "tunnel", local, remote,
		    (char *)NULL);
	if (rc == -1)
		(void)err_prefix(err,
		    "%s from %s to %s (each pair of endpoints can have one "
		    "tunnel of a kind)",
		    link->name, local, remote);
	return rc;
}

static int
check_endpoints(const struct tool *t, const struct op_link *want,
    struct err *err)
{
	struct op_link got;

	if (t->dry)
		return 0;
	if (link_read(t, want->name, &got, err) == -1)
		return -1;
	if (!addr_equal(&got.local, &want->local) ||
	    !addr_equal(&got.remote, &want->remote))
		return not_applied(err, want->name, "the new endpoints");
	return 0;
}

/* What "SIOCIFCREATE2: Invalid argument" means most often. */
static void
explain_create(const struct tool *t, const struct op_link *link,
    struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct err why;

	tool_argv(t, &argv, "kldstat", path);
	argv_add(&argv, "-q");
	argv_opt(&argv, "-m", unit_module(link->kind));
	err_clear(&why);
	if (tool_ask(t, &argv, NULL, &why) == -1 && why.code == ERR_TOOL &&
	    why.exit_code == 1)
		(void)err_prefix(err,
		    "the module %s is not loaded (from kern.securelevel 1 on "
		    "it can be loaded only at boot: add it to kld_list in "
		    "rc.conf and reboot)",
		    unit_module(link->kind));
}

/* Half a tunnel is none. */
static int
give_up(const struct tool *t, const struct op_link *link, struct err *err)
{
	struct err why;

	err_clear(&why);
	if (ifconfig(t, &why, link->name, "destroy", (char *)NULL) == -1)
		(void)err_prefix(err, "%s is left behind (%s)", link->name,
		    why.text);
	return -1;
}

int
link_create(const struct tool *t, const struct op_link *link, struct err *err)
{
	struct op_link got;
	int present;

	if (unit_check(link->name, link->kind, err) == -1)
		return -1;
	present = t->dry ? 0 : link_exists(t, link->name, err);
	if (present == -1)
		return -1;
	if (present == 1) {
		(void)err_set(err, ERR_CONFLICT,
		    "there is an interface %s already", link->name);
		return err_reason(err, "interface_taken");
	}
	/* Alone: with further words it would be content with an existing
	 * interface, and change it. */
	if (ifconfig(t, err, link->name, "create", (char *)NULL) == -1) {
		/* Killed at its deadline, it may have come that far. */
		if (link_exists(t, link->name, NULL) == 1)
			return give_up(t, link, err);
		explain_create(t, link, err);
		return -1;
	}
	if (set_endpoints(t, link, err) == -1 ||
	    ifconfig(t, err, link->name, "up", (char *)NULL) == -1 ||
	    check_endpoints(t, link, err) == -1)
		return give_up(t, link, err);
	if (t->dry)
		return 0;
	if (link_read(t, link->name, &got, err) == -1)
		return give_up(t, link, err);
	if (got.kind != link->kind || !got.up) {
		(void)not_applied(err, link->name, "come up");
		return give_up(t, link, err);
	}
	return 0;
}

int
link_endpoints(const struct tool *t, const struct op_link *link,
    struct err *err)
{
	if (set_endpoints(t, link, err) == -1)
		return -1;
	return check_endpoints(t, link, err);
}

int
link_destroy(const struct tool *t, const struct op_link *link, struct err *err)
{
	int present = t->dry ? 1 : link_exists(t, link->name, err);

	if (present != 1)
		return present;
	if (ifconfig(t, err, link->name, "destroy", (char *)NULL) == -1)
		return -1;
	present = t->dry ? 0 : link_exists(t, link->name, err);
	if (present == 1)
		return err_set(err, ERR_NOT_APPLIED,
		    "ifconfig reported success, but %s is still there",
		    link->name);
	return present;
}

int
link_mtu(const struct tool *t, const struct op_link *link, struct err *err)
{
	uint8_t kind = unit_kind(link->name);
	uint32_t mtu = link->mtu;
	struct op_link got;
	char digits[16];

	memset(&got, 0, sizeof(got));
	if (!t->dry) {
		if (link_read(t, link->name, &got, err) == -1)
			return -1;
		kind = got.kind;
	}
	if (mtu == 0)
		mtu = unit_default_mtu(kind);
	if (kind != 0 && unit_mtu_check(kind, mtu, err) == -1)
		return -1;
	if (!t->dry && got.mtu == mtu)
		return 0;
	(void)snprintf(digits, sizeof(digits), "%u", mtu);
	if (ifconfig(t, err, link->name, "mtu", digits, (char *)NULL) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (link_read(t, link->name, &got, err) == -1)
		return -1;
	return got.mtu == mtu ? 0 : not_applied(err, link->name, "the new MTU");
}

int
link_description(const struct tool *t, const struct op_link *link,
    struct err *err)
{
	struct op_link got;
	int rc;

	if (link->description[0] == '\0')
		rc = ifconfig(t, err, link->name, "-descr", (char *)NULL);
	else
		rc = ifconfig(t, err, link->name, "descr", link->description,
		    (char *)NULL);
	if (rc == -1 || t->dry)
		return rc;
	if (link_read(t, link->name, &got, err) == -1)
		return -1;
	if (strcmp(got.description, link->description) != 0)
		return not_applied(err, link->name, "the new description");
	return 0;
}

int
link_up(const struct tool *t, const struct op_link *link, struct err *err)
{
	struct op_link got;

	if (ifconfig(t, err, link->name, link->up ? "up" : "down",
		(char *)NULL) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (link_read(t, link->name, &got, err) == -1)
		return -1;
	return got.up == link->up ?
	    0 :
	    not_applied(err, link->name, link->up ? "come up" : "gone down");
}

/* Which of the link's addresses it is; n_addresses when it is none. */
static unsigned
find(const struct op_link *link, const struct addr *address)
{
	unsigned i = 0;

	while (i < link->n_addresses &&
	    !addr_equal(&link->addresses[i].address, address))
		i++;
	return i;
}

int
link_address_add(const struct tool *t, const struct op_address_of *a,
    struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct inner_words words;
	struct op_link got;
	struct argv argv;
	unsigned i;

	if (inner_print(&a->address, &words, err) == -1)
		return -1;
	tool_argv(t, &argv, "ifconfig", path);
	argv_add(&argv, a->link);
	for (i = 0; i < words.n; i++)
		argv_add(&argv, words.v[i]);
	/* Without it an address that is there is removed first, with its
	 * routes, and an IPv4 one replaces another. */
	argv_add(&argv, "alias");
	if (tool_run(t, &argv, NULL, true, NULL, err) == -1)
		return err_prefix(err, "%s on %s", words.address, a->link);
	if (t->dry)
		return 0;
	if (link_read(t, a->link, &got, err) == -1)
		return -1;
	i = find(&got, &a->address.address);
	if (i == got.n_addresses ||
	    !inner_equal(&got.addresses[i], &a->address))
		return not_applied(err, a->link, words.address);
	return 0;
}

int
link_address_remove(const struct tool *t, const struct op_address_of *a,
    struct err *err)
{
	char text[ADDR_TEXT_MAX];
	struct op_link got;

	(void)addr_print(&a->address.address, text);
	if (!t->dry) {
		if (link_read(t, a->link, &got, err) == -1)
			return -1;
		if (find(&got, &a->address.address) == got.n_addresses)
			return 0;
	}
	if (ifconfig(t, err, a->link,
		a->address.address.family == 4 ? "inet" : "inet6", text,
		"-alias", (char *)NULL) == -1)
		return err_prefix(err, "%s on %s", text, a->link);
	if (t->dry)
		return 0;
	if (link_read(t, a->link, &got, err) == -1)
		return -1;
	if (find(&got, &a->address.address) < got.n_addresses)
		return err_set(err, ERR_NOT_APPLIED,
		    "ifconfig reported success, but %s still has %s", a->link,
		    text);
	return 0;
}
