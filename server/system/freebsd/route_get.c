/* system/freebsd/route_get.c - what route -n get prints. */
#include <string.h>

#include "base/addr.h"
#include "base/name.h"
#include "system/freebsd/inner.h"
#include "system/freebsd/route_get.h"
#include "system/freebsd/words.h"

enum {
	LINE_WORDS = 12,
	WEIGHT = 5 /* of the numbers in the last line */
};

struct fields {
	struct addr destination;
	struct addr gateway;
	struct if_name interface;
	uint8_t length;
	bool has_destination;
	bool has_mask;
	bool has_gateway;
	char flags[160];
};

/* "ffff:ffff:ffff::", "::", "255.255.255.0", "0.0.0.0" */
static bool
mask_length(const char *text, uint8_t *length)
{
	struct addr mask;
	size_t i;

	if (addr_parse(&mask, text, NULL) == -1)
		return false;
	if (mask.family == 4)
		return inner_mask(text, length);
	*length = 0;
	for (i = 0; i < 16 && mask.bytes[i] == 0xff; i++)
		*length = (uint8_t)(*length + 8);
	if (i < 16) {
		uint8_t byte = mask.bytes[i++];

		for (; (byte & 0x80) != 0; byte = (uint8_t)(byte << 1))
			(*length)++;
		if (byte != 0)
			return false;
	}
	for (; i < 16; i++)
		if (mask.bytes[i] != 0)
			return false;
	return true;
}

static void
field(char **v, struct fields *f)
{
	size_t len;

	if (strcmp(v[0], "destination:") == 0) {
		f->has_destination =
		    addr_parse(&f->destination, v[1], NULL) == 0;
	} else if (strcmp(v[0], "mask:") == 0) {
		f->has_mask = mask_length(v[1], &f->length);
		/* Not one that we understand: no exact match then. */
		if (!f->has_mask)
			f->has_destination = false;
	} else if (strcmp(v[0], "gateway:") == 0) {
		f->has_gateway = addr_parse(&f->gateway, v[1], NULL) == 0;
	} else if (strcmp(v[0], "interface:") == 0) {
		(void)if_name_parse(&f->interface, v[1], NULL);
	} else if (strcmp(v[0], "flags:") == 0) {
		len = strlen(v[1]);
		if (len < sizeof(f->flags))
			memcpy(f->flags, v[1], len + 1);
	}
}

/* One of "<UP,GATEWAY,HOST,DONE,STATIC>". */
static bool
flag(const struct fields *f, const char *name)
{
	size_t len = strlen(name);
	const char *p = f->flags;

	while ((p = strstr(p, name)) != NULL) {
		if (p > f->flags && strchr("<,", p[-1]) != NULL &&
		    strchr(",>", p[len]) != NULL)
			return true;
		p += len;
	}
	return false;
}

static void
kind(const struct fields *f, struct op_route *r)
{
	if (flag(f, "REJECT")) {
		r->kind = OP_ROUTE_REJECT;
	} else if (flag(f, "BLACKHOLE")) {
		r->kind = OP_ROUTE_BLACKHOLE;
	} else if (flag(f, "GATEWAY") && f->has_gateway) {
		r->kind = OP_ROUTE_GATEWAY;
		r->gateway = f->gateway;
	} else if (!flag(f, "GATEWAY") && f->interface.s[0] != '\0') {
		r->kind = OP_ROUTE_INTERFACE;
		memcpy(r->interface, f->interface.s, sizeof(r->interface));
	} else {
		r->kind = OP_ROUTE_OTHER;
	}
}

bool
route_get_parse(char *text, uint8_t family, struct route_get *get)
{
	struct fields f;
	char *line, *v[LINE_WORDS];
	uint8_t max = family == 4 ? 32 : 128;
	bool numbers = false;
	size_t n;

	memset(&f, 0, sizeof(f));
	memset(get, 0, sizeof(*get));
	while ((line = words_line(&text)) != NULL) {
		n = words_split(line, v, LINE_WORDS);
		if (n >= 2)
			field(v, &f);
		/* A path of several has no weight of its own. */
		if (numbers && n > WEIGHT)
			get->multipath = strcmp(v[WEIGHT], "0") == 0;
		numbers = n > WEIGHT && strcmp(v[WEIGHT], "weight") == 0;
	}
	if (!f.has_destination || f.destination.family != family)
		return false;
	if (!f.has_mask)
		f.length = max;
	if (f.length > max)
		return false;
	get->route.where = OP_RUNNING;
	get->route.prefix.addr = f.destination;
	get->route.prefix.addr.zone[0] = '\0';
	get->route.prefix.len = f.length;
	kind(&f, &get->route);
	get->connected = flag(&f, "PINNED");
	get->by_hand =
	    flag(&f, "STATIC") && !get->connected && !flag(&f, "PROTO1");
	return true;
}
