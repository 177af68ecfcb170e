/* base/addr.c - IP addresses and prefixes, parsed once. */
/* names: prefix */
#include <sys/types.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/number.h"

static const char zone_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

bool
addr_is_link_local(const struct addr *a)
{
	return a->family == 6 && a->bytes[0] == 0xfe &&
	    (a->bytes[1] & 0xc0) == 0x80;
}

static int
parse_zone(struct addr *a, const char *zone)
{
	size_t len = strlen(zone);

	if (!addr_is_link_local(a) || len == 0 || len >= sizeof(a->zone) ||
	    strspn(zone, zone_chars) != len || zone[0] == '-')
		return -1;
	memcpy(a->zone, zone, len + 1);
	return 0;
}

int
addr_parse(struct addr *out, const char *text, struct err *err)
{
	struct addr a = { 0 };
	char host[ADDR_TEXT_MAX];
	const char *percent = strchr(text, '%');
	size_t len = percent != NULL ? (size_t)(percent - text) : strlen(text);

	if (len >= sizeof(host))
		return err_set(err, ERR_INVALID, "not an IP address");
	memcpy(host, text, len);
	host[len] = '\0';
	if (inet_pton(AF_INET, host, a.bytes) == 1)
		a.family = 4;
	else if (inet_pton(AF_INET6, host, a.bytes) == 1)
		a.family = 6;
	else
		return err_set(err, ERR_INVALID, "not an IP address");
	if (percent != NULL && parse_zone(&a, percent + 1) == -1)
		return err_set(err, ERR_INVALID,
		    "a %%zone is for link-local IPv6 addresses and names an "
		    "interface of 1-15 characters");
	*out = a;
	return 0;
}

const char *
addr_print(const struct addr *a, char *out)
{
	size_t len;

	out[0] = '\0';
	if (a->family == 0)
		return out;
	(void)inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->bytes, out,
	    ADDR_TEXT_MAX);
	if (a->zone[0] != '\0') {
		len = strlen(out);
		(void)snprintf(out + len, ADDR_TEXT_MAX - len, "%%%s", a->zone);
	}
	return out;
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	int c;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	c = memcmp(a->bytes, b->bytes, sizeof(a->bytes));
	return c != 0 ? c : strcmp(a->zone, b->zone);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_compare(a, b) == 0;
}

/* Zeroes the host bits; true when one was set. */
static bool
mask(struct prefix *p)
{
	unsigned i, bits = p->addr.family == 4 ? 32 : 128;
	bool had = false;

	for (i = p->len; i < bits; i++) {
		uint8_t bit = (uint8_t)(0x80 >> (i % 8));

		if (p->addr.bytes[i / 8] & bit) {
			had = true;
			p->addr.bytes[i / 8] &= (uint8_t)~bit;
		}
	}
	return had;
}

int
prefix_parse(struct prefix *out, const char *text, bool strict, struct err *err)
{
	struct prefix p = { 0 };
	char host[ADDR_TEXT_MAX];
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	uint32_t bits, n;

	if (len >= sizeof(host) || memchr(text, '%', len) != NULL)
		return err_set(err, ERR_INVALID, "not an IP prefix");
	memcpy(host, text, len);
	host[len] = '\0';
	if (addr_parse(&p.addr, host, NULL) == -1)
		return err_set(err, ERR_INVALID, "not an IP prefix");
	bits = p.addr.family == 4 ? 32 : 128;
	n = bits;
	if (slash != NULL &&
	    number_parse_u32(&n, slash + 1, 0, bits, NULL) == -1)
		return err_set(err, ERR_INVALID,
		    "the prefix length must be 0 to %u", (unsigned)bits);
	p.len = (uint8_t)n;
	if (mask(&p) && strict)
		return err_set(err, ERR_INVALID,
		    "the prefix has bits set behind its length");
	*out = p;
	return 0;
}

const char *
prefix_print(const struct prefix *p, char *out)
{
	size_t len;

	(void)addr_print(&p->addr, out);
	len = strlen(out);
	(void)snprintf(out + len, PREFIX_TEXT_MAX - len, "/%u",
	    (unsigned)p->len);
	return out;
}

bool
prefix_contains(const struct prefix *p, const struct addr *a)
{
	struct prefix q = { *a, p->len };

	if (a->family != p->addr.family)
		return false;
	q.addr.zone[0] = '\0';
	(void)mask(&q);
	return memcmp(q.addr.bytes, p->addr.bytes, sizeof(q.addr.bytes)) == 0;
}

bool
prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && addr_equal(&a->addr, &b->addr);
}
