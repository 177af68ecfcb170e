/* system/freebsd/boot_route.c - routes that rc sets up at boot. */
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/name.h"
#include "system/boot.h"
#include "system/freebsd/boot_route.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/sysrc.h"
#include "system/freebsd/words.h"
#include "system/tool.h"

enum {
	NAME_MAX_CHARS = 64,
	VARIABLE_MAX = 80,
	VALUE_MAX = 256,
	VALUE_WORDS = 10,
	HASH_CHARS = 12
};

struct family {
	uint8_t family;
	const char *list;
	const char *variable;
};

static const struct family families[] = {
	{ 6, "ipv6_static_routes", "ipv6_route_" },
	{ 4, "static_routes", "route_" },
};

static const struct family *
family_of(const struct prefix *p)
{
	return &families[p->addr.family == 6 ? 0 : 1];
}

/* The words behind the prefix. */
static void
parse_rest(char **v, size_t n, uint8_t family, struct op_route *r)
{
	struct if_name interface;
	struct addr gateway;

	r->kind = OP_ROUTE_OTHER;
	/* "::1 -reject" is how it was written before there was -reject. */
	if (n == 2 && addr_parse(&gateway, v[0], NULL) == 0 &&
	    (strcmp(v[1], "-reject") == 0 || strcmp(v[1], "-blackhole") == 0)) {
		v++;
		n--;
	}
	if (n == 1 && strcmp(v[0], "-reject") == 0) {
		r->kind = OP_ROUTE_REJECT;
	} else if (n == 1 && strcmp(v[0], "-blackhole") == 0) {
		r->kind = OP_ROUTE_BLACKHOLE;
	} else if (n == 1 && addr_parse(&gateway, v[0], NULL) == 0 &&
	    gateway.family == family) {
		r->kind = OP_ROUTE_GATEWAY;
		r->gateway = gateway;
	} else if (n == 2 &&
	    (strcmp(v[0], "-interface") == 0 || strcmp(v[0], "-iface") == 0) &&
	    if_name_parse(&interface, v[1], NULL) == 0) {
		r->kind = OP_ROUTE_INTERFACE;
		memcpy(r->interface, interface.s, sizeof(r->interface));
	}
}

bool
boot_route_parse(const char *value, uint8_t family, struct op_route *r)
{
	char text[VALUE_MAX], *v[VALUE_WORDS];
	size_t n, i = 0;
	int len = snprintf(text, sizeof(text), "%s", value);

	memset(r, 0, sizeof(*r));
	r->where = OP_BOOT;
	if (len < 0 || (size_t)len >= sizeof(text))
		return false;
	n = words_split(text, v, VALUE_WORDS);
	while (i < n &&
	    (strcmp(v[i], "-net") == 0 || strcmp(v[i], "-host") == 0 ||
		strcmp(v[i], "-inet6") == 0 || strcmp(v[i], "-inet") == 0))
		i++;
	if (i == n || prefix_parse(&r->prefix, v[i], false, NULL) == -1 ||
	    r->prefix.addr.family != family)
		return false;
	parse_rest(v + i + 1, n - i - 1, family, r);
	return true;
}

void
boot_route_print(const struct op_route *r, char value[BOOT_ROUTE_VALUE])
{
	const struct prefix *p = &r->prefix;
	bool four = p->addr.family == 4, host = p->len == (four ? 32 : 128);
	char destination[PREFIX_TEXT_MAX], gateway[ADDR_TEXT_MAX];
	const char *first = "";

	/* A host by a gateway stands without its length, as people write it. */
	if (host && (four || r->kind == OP_ROUTE_GATEWAY))
		(void)addr_print(&p->addr, destination);
	else
		(void)prefix_print(p, destination);
	if (four)
		first = host ? "-host " : "-net ";
	(void)snprintf(value, BOOT_ROUTE_VALUE, "%s%s %s%s", first, destination,
	    r->kind == OP_ROUTE_REJECT        ? "-reject" :
		r->kind == OP_ROUTE_BLACKHOLE ? "-blackhole" :
		r->kind == OP_ROUTE_INTERFACE ? "-interface " :
						"",
	    r->kind == OP_ROUTE_GATEWAY ? addr_print(&r->gateway, gateway) :
		r->kind == OP_ROUTE_INTERFACE ? r->interface :
						"");
}

/* "NAME:IF" in a list waits for its interface; the variable is NAME's. */
static void
variable(const struct family *f, const char *name, char v[VARIABLE_MAX])
{
	(void)snprintf(v, VARIABLE_MAX, "%s%.*s", f->variable,
	    (int)strcspn(name, ":"), name);
}

/* The next route of a list; name is its word there. */
static bool
next(const struct family *f, const char **list, char *name, size_t size,
    struct op_route *r)
{
	char v[VARIABLE_MAX];
	const char *value;

	while (words_next(list, name, size)) {
		variable(f, name, v);
		value = rcconf_get(v);
		if (value != NULL && boot_route_parse(value, f->family, r))
			return true;
	}
	return false;
}

int
boot_routes(const struct tool *t, struct op_route *list, size_t max, size_t *n,
    struct err *err)
{
	char name[NAME_MAX_CHARS];
	const char *names;
	size_t i;

	*n = 0;
	if (rcconf_read(t->config->rc_conf, err) == -1)
		return -1;
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		names = rcconf_get(families[i].list);
		while (names != NULL && *n < max &&
		    next(&families[i], &names, name, sizeof(name), &list[*n]))
			(*n)++;
	}
	return 0;
}

/* The nth name in the list that has this prefix. */
static bool
find(const struct prefix *p, unsigned nth, char *name, size_t size,
    struct op_route *r)
{
	const struct family *f = family_of(p);
	const char *names = rcconf_get(f->list);

	while (names != NULL && next(f, &names, name, size, r))
		if (prefix_equal(&r->prefix, p) && nth-- == 0)
			return true;
	return false;
}

/* A name of our own: letters and digits, the same for a prefix each time. */
static void
make_name(const struct prefix *p, char *name, size_t size)
{
	char text[PREFIX_TEXT_MAX], hex[CRYPTO_HASH_HEX_MAX];

	(void)prefix_print(p, text);
	(void)crypto_blake2b_hex(hex, text, strlen(text));
	(void)snprintf(name, size, "mh%.*s", HASH_CHARS, hex);
}

/* The variable before the list; a list's name without one is an error line at
 * boot, and nothing else. */
static int
set_variables(const struct tool *t, const struct op_route *r, struct err *err)
{
	const struct family *f = family_of(&r->prefix);
	char name[NAME_MAX_CHARS], v[VARIABLE_MAX], value[BOOT_ROUTE_VALUE];
	struct op_route old;

	if (!find(&r->prefix, 0, name, sizeof(name), &old))
		make_name(&r->prefix, name, sizeof(name));
	else if (op_route_same(&old, r))
		return 0;
	if (!sysrc_safe(name))
		return err_set(err, ERR_CONFLICT,
		    "rc.conf has this route as \"%s\": change it there by hand",
		    name);
	variable(f, name, v);
	boot_route_print(r, value);
	if (sysrc_set(t, v, value, err) == -1)
		return -1;
	return sysrc_add(t, f->list, name, err);
}

static int
read_back(const struct tool *t, const struct op_route *want, struct err *err)
{
	char name[NAME_MAX_CHARS], text[PREFIX_TEXT_MAX];
	struct op_route got;

	if (t->dry)
		return 0;
	if (rcconf_read(sysrc_file(), err) == -1)
		return -1;
	if (!find(&want->prefix, 0, name, sizeof(name), &got) ||
	    !op_route_same(&got, want))
		return err_set(err, ERR_NOT_APPLIED,
		    "sysrc reported success, but %s does not have the route "
		    "to %s as asked",
		    t->config->rc_conf, prefix_print(&want->prefix, text));
	return 0;
}

int
boot_route_set(const struct tool *t, const struct op_route *r, struct err *err)
{
	int rc;

	if (sysrc_begin(t, err) == -1)
		return -1;
	rc = set_variables(t, r, err);
	if (rc == 0)
		rc = read_back(t, r, err);
	return sysrc_end(t, rc, err);
}

static int
remove_variables(const struct tool *t, const struct prefix *p, struct err *err)
{
	const struct family *f = family_of(p);
	char name[NAME_MAX_CHARS], v[VARIABLE_MAX];
	struct op_route old;
	unsigned i;

	/* By hand there may be more than one. */
	for (i = 0; find(p, i, name, sizeof(name), &old); i++) {
		variable(f, name, v);
		/* A word that sysrc must not see is nothing of ours. */
		if (!sysrc_safe(name))
			continue;
		if (sysrc_drop(t, f->list, name, err) == -1 ||
		    sysrc_remove(t, v, err) == -1)
			return -1;
	}
	return 0;
}

int
boot_route_remove(const struct tool *t, const struct prefix *p, struct err *err)
{
	if (sysrc_begin(t, err) == -1)
		return -1;
	return sysrc_end(t, remove_variables(t, p, err), err);
}
