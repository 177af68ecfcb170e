/* system/freebsd/boot_link_parse.c - rc.conf's variables as a tunnel, and back.
 */
/* names: boot_link */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/number.h"
#include "system/freebsd/boot_link.h"
#include "system/freebsd/ifconfig.h"
#include "system/freebsd/inner.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/unit.h"
#include "system/freebsd/words.h"

enum {
	VALUE_WORDS = 32,
	VALUE_MAX = 512,
	VARIABLE_MAX = 64
};

struct parser {
	struct op_link *link;
	char **v;
	size_t n, i;
	uint8_t family; /* of what the next address must be */
};

static void
add_address(struct parser *p, const struct addr *a, const struct addr *peer,
    uint8_t length)
{
	struct op_address inner;

	if (p->link->n_addresses < OP_LINK_ADDRS &&
	    inner_make(a, peer, length, &inner))
		p->link->addresses[p->link->n_addresses++] = inner;
}

/* "ADDRESS[/LEN] [PEER] [prefixlen N | netmask M]" behind inet or inet6. */
static bool
address(struct parser *p)
{
	uint8_t length = p->family == 4 ? 32 : 128;
	struct addr a, peer;
	uint32_t value;
	char *slash;

	slash = strchr(p->v[p->i], '/');
	if (slash != NULL)
		*slash = '\0';
	if (addr_parse(&a, p->v[p->i], NULL) == -1 || a.family != p->family) {
		if (slash != NULL)
			*slash = '/';
		return false;
	}
	if (slash != NULL) {
		if (number_parse_u32(&value, slash + 1, 0, length, NULL) == -1)
			return false;
		length = (uint8_t)value;
	}
	p->i++;
	memset(&peer, 0, sizeof(peer));
	if (p->i < p->n && addr_parse(&peer, p->v[p->i], NULL) == 0)
		p->i++;
	if (p->i + 1 < p->n && strcmp(p->v[p->i], "prefixlen") == 0 &&
	    number_parse_u32(&value, p->v[p->i + 1], 0, 128, NULL) == 0) {
		length = (uint8_t)value;
		p->i += 2;
	} else if (p->i + 1 < p->n && strcmp(p->v[p->i], "netmask") == 0 &&
	    inner_mask(p->v[p->i + 1], &length)) {
		p->i += 2;
	}
	add_address(p, &a, &peer, length);
	return true;
}

/* One thing that we know, or false. */
static bool
thing(struct parser *p)
{
	const char *word = p->v[p->i];
	struct addr local, remote;

	if (strcmp(word, "inet") == 0 || strcmp(word, "inet6") == 0) {
		p->family = word[4] == '6' ? 6 : 4;
		p->i++;
		return true;
	}
	if (strcmp(word, "up") == 0 || strcmp(word, "alias") == 0) {
		p->i++;
		return true;
	}
	if (strcmp(word, "tunnel") == 0 && p->i + 2 < p->n &&
	    addr_parse(&local, p->v[p->i + 1], NULL) == 0 &&
	    addr_parse(&remote, p->v[p->i + 2], NULL) == 0 &&
	    local.family == p->family && remote.family == p->family) {
		p->link->local = local;
		p->link->remote = remote;
		p->i += 3;
		return true;
	}
	if (strcmp(word, "mtu") == 0 && p->i + 1 < p->n &&
	    number_parse_u32(&p->link->mtu, p->v[p->i + 1], 1, UINT16_MAX,
		NULL) == 0) {
		p->link->mtu_set = 1;
		p->i += 2;
		return true;
	}
	return address(p);
}

static bool
parse_value(const char *name, const char *value, struct op_link *link,
    char *unknown, size_t size)
{
	char text[VALUE_MAX], *v[VALUE_WORDS];
	struct parser p = { .link = link, .v = v, .family = 4 };
	bool known = true;
	int n = snprintf(text, sizeof(text), "%s", value);

	p.n = words_split(text, v, VALUE_WORDS);
	if (n < 0 || (size_t)n >= sizeof(text) || p.n == VALUE_WORDS) {
		(void)snprintf(unknown, size, "%s is too long", name);
		known = false;
	}
	while (p.i < p.n) {
		if (thing(&p))
			continue;
		if (known)
			(void)snprintf(unknown, size, "%s has \"%s\"", name,
			    v[p.i]);
		known = false;
		p.i++;
	}
	return known;
}

bool
boot_link_parse(const char *name, struct op_link *link, char *unknown,
    size_t size)
{
	char variable[VARIABLE_MAX];
	const char *value;
	bool known = true;
	unsigned i;

	memset(link, 0, sizeof(*link));
	(void)snprintf(link->name, sizeof(link->name), "%s", name);
	link->where = OP_BOOT;
	link->kind = unit_kind(name);
	link->up = 1;
	(void)snprintf(variable, sizeof(variable), "ifconfig_%s", name);
	value = rcconf_get(variable);
	if (value != NULL)
		known &= parse_value(variable, value, link, unknown, size);
	(void)snprintf(variable, sizeof(variable), "ifconfig_%s_ipv6", name);
	value = rcconf_get(variable);
	if (value != NULL)
		known &= parse_value(variable, value, link, unknown, size);
	/* rc stops at the first number that is missing. */
	for (i = 0;; i++) {
		(void)snprintf(variable, sizeof(variable),
		    "ifconfig_%s_alias%u", name, i);
		value = rcconf_get(variable);
		if (value == NULL)
			break;
		known &= parse_value(variable, value, link, unknown, size);
	}
	(void)snprintf(variable, sizeof(variable), "ifconfig_%s_descr", name);
	value = rcconf_get(variable);
	if (value != NULL)
		ifconfig_description(value, link);
	return known;
}

void
boot_link_print(const struct op_link *link, char value[BOOT_LINK_VALUE])
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX], mtu[16] = "";

	if (link->mtu != 0)
		(void)snprintf(mtu, sizeof(mtu), " mtu %u", link->mtu);
	/* The word inet6 must stand before tunnel, and what follows a tunnel
	 * must not begin with it. */
	(void)snprintf(value, BOOT_LINK_VALUE, "%stunnel %s %s%s",
	    link->local.family == 6 ? "inet6 " : "",
	    addr_print(&link->local, local), addr_print(&link->remote, remote),
	    mtu);
}
