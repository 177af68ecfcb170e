/* system/freebsd/boot_link.c - tunnels that rc sets up at boot. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/boot.h"
#include "system/freebsd/boot_link.h"
#include "system/freebsd/inner.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/sysrc.h"
#include "system/freebsd/unit.h"
#include "system/freebsd/words.h"
#include "system/tool.h"

enum {
	VARIABLE_MAX = 64,
	UNKNOWN_MAX = 128
};

static const char list_name[] = "cloned_interfaces";

int
boot_links(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	char name[16], unknown[UNKNOWN_MAX];
	const char *names;

	*n = 0;
	if (rcconf_read(t->config->rc_conf, err) == -1)
		return -1;
	names = rcconf_get(list_name);
	while (
	    names != NULL && *n < max && words_next(&names, name, sizeof(name)))
		if (unit_kind(name) != 0)
			(void)boot_link_parse(name, &list[(*n)++], unknown,
			    sizeof(unknown));
	return 0;
}

static const char *
variable(char out[VARIABLE_MAX], const char *name, const char *suffix)
{
	(void)snprintf(out, VARIABLE_MAX, "ifconfig_%s%s", name, suffix);
	return out;
}

static const char *
alias_variable(char out[VARIABLE_MAX], const char *name, unsigned i)
{
	(void)snprintf(out, VARIABLE_MAX, "ifconfig_%s_alias%u", name, i);
	return out;
}

/* From the last on: a gap would hide what is behind it. */
static int
remove_aliases(const struct tool *t, const char *name, unsigned first,
    struct err *err)
{
	char v[VARIABLE_MAX];
	unsigned i = first;

	while (rcconf_get(alias_variable(v, name, i)) != NULL)
		i++;
	while (i-- > first)
		if (sysrc_remove(t, alias_variable(v, name, i), err) == -1)
			return -1;
	return 0;
}

static int
print_inner(const struct op_address *a, char value[BOOT_LINK_VALUE],
    struct err *err)
{
	struct inner_words words;
	struct buf b;
	size_t i;

	if (inner_print(a, &words, err) == -1)
		return -1;
	buf_init_fixed(&b, value, BOOT_LINK_VALUE);
	for (i = 0; i < words.n; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : " ", words.v[i]);
	return 0;
}

/* The first IPv6 address has a variable of its own (without it rc disables
 * IPv6 on the interface), everything else is an alias. */
static int
set_addresses(const struct tool *t, const struct op_link *link, struct err *err)
{
	char v[VARIABLE_MAX], value[BOOT_LINK_VALUE];
	unsigned i, alias = 0;
	bool six = false;

	for (i = 0; i < link->n_addresses; i++) {
		if (print_inner(&link->addresses[i], value, err) == -1)
			return -1;
		if (link->addresses[i].address.family == 6 && !six) {
			six = true;
			(void)variable(v, link->name, "_ipv6");
		} else {
			(void)alias_variable(v, link->name, alias++);
		}
		if (sysrc_set(t, v, value, err) == -1)
			return -1;
	}
	if (remove_aliases(t, link->name, alias, err) == -1)
		return -1;
	return six ? 0 : sysrc_remove(t, variable(v, link->name, "_ipv6"), err);
}

/* cloned_interfaces last: rc does nothing for what is not in it. */
static int
set_variables(const struct tool *t, const struct op_link *link, struct err *err)
{
	char v[VARIABLE_MAX], value[BOOT_LINK_VALUE];

	boot_link_print(link, value);
	if (sysrc_set(t, variable(v, link->name, ""), value, err) == -1 ||
	    set_addresses(t, link, err) == -1)
		return -1;
	(void)variable(v, link->name, "_descr");
	if ((link->description[0] == '\0' ?
		    sysrc_remove(t, v, err) :
		    sysrc_set(t, v, link->description, err)) == -1)
		return -1;
	return sysrc_add(t, list_name, link->name, err);
}

static bool
same_address(const struct op_link *link, const struct op_address *a)
{
	unsigned i;

	for (i = 0; i < link->n_addresses; i++)
		if (inner_equal(&link->addresses[i], a))
			return true;
	return false;
}

static bool
same(const struct op_link *got, const struct op_link *want)
{
	unsigned i;

	if (!addr_equal(&got->local, &want->local) ||
	    !addr_equal(&got->remote, &want->remote) || got->mtu != want->mtu ||
	    strcmp(got->description, want->description) != 0 ||
	    got->n_addresses != want->n_addresses)
		return false;
	for (i = 0; i < want->n_addresses; i++)
		if (!same_address(got, &want->addresses[i]))
			return false;
	return true;
}

/* As boot_links will tell it from now on. */
static int
read_back(const struct tool *t, const struct op_link *want, struct err *err)
{
	char unknown[UNKNOWN_MAX];
	struct op_link got;
	const char *names;

	if (t->dry)
		return 0;
	if (rcconf_read(sysrc_file(), err) == -1)
		return -1;
	names = rcconf_get(list_name);
	if (names == NULL || !words_has(names, want->name) ||
	    !boot_link_parse(want->name, &got, unknown, sizeof(unknown)) ||
	    !same(&got, want))
		return err_set(err, ERR_NOT_APPLIED,
		    "sysrc reported success, but %s does not describe %s as "
		    "asked",
		    t->config->rc_conf, want->name);
	return 0;
}

/* Words that set would lose. */
static int
check_known(const struct tool *t, const char *name, struct err *err)
{
	char unknown[UNKNOWN_MAX];
	struct op_link link;

	if (boot_link_parse(name, &link, unknown, sizeof(unknown)))
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "%s: %s, which multihomed does not know and would lose: change "
	    "this tunnel there by hand",
	    t->config->rc_conf, unknown);
	return err_reason(err, "boot_link_unknown");
}

int
boot_link_set(const struct tool *t, const struct op_link *link, struct err *err)
{
	int rc;

	if (unit_check(link->name, link->kind, err) == -1)
		return -1;
	if (link->description[0] != '\0' &&
	    op_description_check(link->description, err) == -1)
		return -1;
	if (sysrc_begin(t, err) == -1)
		return -1;
	rc = check_known(t, link->name, err);
	if (rc == 0)
		rc = set_variables(t, link, err);
	if (rc == 0)
		rc = read_back(t, link, err);
	return sysrc_end(t, rc, err);
}

static int
remove_variables(const struct tool *t, const char *name, struct err *err)
{
	char v[VARIABLE_MAX];

	if (sysrc_drop(t, list_name, name, err) == -1 ||
	    sysrc_remove(t, variable(v, name, "_descr"), err) == -1 ||
	    remove_aliases(t, name, 0, err) == -1 ||
	    sysrc_remove(t, variable(v, name, "_ipv6"), err) == -1)
		return -1;
	return sysrc_remove(t, variable(v, name, ""), err);
}

int
boot_link_remove(const struct tool *t, const char *name, struct err *err)
{
	/* No other name is ever in our part of rc.conf. */
	if (unit_kind(name) == 0)
		return 0;
	if (sysrc_begin(t, err) == -1)
		return -1;
	return sysrc_end(t, remove_variables(t, name, err), err);
}
