/* system/freebsd/ifconfig.c - what ifconfig prints, as tunnels. */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/name.h"
#include "base/number.h"
#include "system/freebsd/ifconfig.h"
#include "system/freebsd/inner.h"
#include "system/freebsd/words.h"

enum {
	LINE_WORDS = 24
};

/* "gre0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> metric 0 mtu 1476" */
static bool
head(char *line, struct op_link *link)
{
	char *colon = strstr(line, ": flags="), *v[LINE_WORDS], *flags;
	struct if_name name;
	size_t n, i;

	if (line[0] == '\t' || line[0] == ' ' || colon == NULL)
		return false;
	memset(link, 0, sizeof(*link));
	link->where = OP_RUNNING;
	link->kind = OP_LINK_OTHER;
	link->mtu_set = 1;
	*colon = '\0';
	/* A name with blanks or the like is nothing that we could touch. */
	if (if_name_parse(&name, line, NULL) == 0)
		memcpy(link->name, name.s, sizeof(link->name));
	n = words_split(colon + 1, v, LINE_WORDS);
	flags = n > 0 ? strchr(v[0], '<') : NULL;
	if (flags != NULL)
		link->up = strncmp(flags + 1, "UP", 2) == 0 &&
		    (flags[3] == ',' || flags[3] == '>');
	for (i = 1; i + 1 < n; i++)
		if (strcmp(v[i], "mtu") == 0)
			(void)number_parse_u32(&link->mtu, v[i + 1], 0,
			    UINT32_MAX, NULL);
	return true;
}

void
ifconfig_description(const char *text, struct op_link *link)
{
	size_t i, len = strlen(text);

	if (len >= sizeof(link->description)) {
		len = sizeof(link->description) - 1;
		/* Not in the middle of a character. */
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	memset(link->description, 0, sizeof(link->description));
	memcpy(link->description, text, len);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			link->description[i] = '?';
	}
	if (name_is_utf8(link->description, len))
		return;
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			link->description[i] = '?';
}

/* "tunnel inet 198.51.100.10 --> 198.51.100.44" */
static void
tunnel(char **v, size_t n, struct op_link *link)
{
	struct addr local, remote;

	if (n < 5 || strcmp(v[3], "-->") != 0 ||
	    addr_parse(&local, v[2], NULL) == -1 ||
	    addr_parse(&remote, v[4], NULL) == -1)
		return;
	link->local = local;
	link->remote = remote;
}

/* "inet6 A prefixlen 126 tentative", "inet6 A --> B prefixlen 128",
 * "inet A --> B netmask 0xfffffffc" */
static void
address(char **v, size_t n, struct op_link *link)
{
	struct addr a, peer = { 0 };
	struct op_address inner;
	uint32_t value;
	uint8_t length = 0;
	bool found = false;
	size_t i;

	if (link->n_addresses == OP_LINK_ADDRS ||
	    addr_parse(&a, v[1], NULL) == -1 || addr_is_link_local(&a))
		return;
	for (i = 2; i + 1 < n; i++) {
		if (strcmp(v[i], "-->") == 0 &&
		    addr_parse(&peer, v[i + 1], NULL) == -1)
			return;
		if (strcmp(v[i], "prefixlen") == 0 &&
		    number_parse_u32(&value, v[i + 1], 0, 128, NULL) == 0) {
			length = (uint8_t)value;
			found = true;
		}
		if (strcmp(v[i], "netmask") == 0)
			found = inner_mask(v[i + 1], &length);
	}
	if (found && inner_make(&a, &peer, length, &inner))
		link->addresses[link->n_addresses++] = inner;
}

static void
groups(char **v, size_t n, struct op_link *link)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (strcmp(v[i], "gre") == 0)
			link->kind = OP_LINK_GRE;
		else if (strcmp(v[i], "gif") == 0)
			link->kind = OP_LINK_GIF;
	}
}

static void
body(char *line, struct op_link *link)
{
	static const char descr[] = "\tdescription: ";
	char *v[LINE_WORDS];
	size_t n;

	if (strncmp(line, descr, sizeof(descr) - 1) == 0) {
		ifconfig_description(line + sizeof(descr) - 1, link);
		return;
	}
	n = line[0] == '\t' ? words_split(line, v, LINE_WORDS) : 0;
	if (n < 2)
		return;
	if (strcmp(v[0], "tunnel") == 0)
		tunnel(v, n, link);
	else if (strcmp(v[0], "inet") == 0 || strcmp(v[0], "inet6") == 0)
		address(v, n, link);
	else if (strcmp(v[0], "groups:") == 0)
		groups(v, n, link);
}

size_t
ifconfig_parse(char *text, struct op_link *list, size_t max)
{
	struct op_link link, next;
	size_t n = 0;
	bool some = false, ends;
	char *line;

	memset(&link, 0, sizeof(link));
	memset(&next, 0, sizeof(next));
	while (n < max) {
		line = words_line(&text);
		ends = line == NULL || head(line, &next);
		if (!ends) {
			body(line, &link);
			continue;
		}
		if (some && link.kind != OP_LINK_OTHER && link.name[0] != '\0')
			memcpy(&list[n++], &link, sizeof(link));
		if (line == NULL)
			break;
		memcpy(&link, &next, sizeof(link));
		some = true;
	}
	return n;
}
