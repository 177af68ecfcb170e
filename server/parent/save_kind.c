/* parent/save_kind.c - did a whole kind of line go from FRR's boot file? */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "parent/save_kind.h"
#include "wire/op.h"

/* So many kinds are looked up once only; more cost time, nothing else. */
enum {
	SAVE_KIND_SEEN_MAX = 64
};

/* A word or two of a line, where they stand: nothing is copied. */
struct kind {
	const char *word[2];
	size_t len[2]; /* len[1] 0: one word */
	bool inside;   /* the line is indented */
};

struct lines {
	const char *next;
	const char *end;
};

struct seen {
	struct kind kind[SAVE_KIND_SEEN_MAX];
	size_t n;
};

/* After these the second word tells the kind, elsewhere it is a name. */
static const char *const two_words[] = { "ip", "ipv6", "key", "mac", "mpls",
	"router", "zebra" };

static const char *const ignored[] = { "access-list", "agentx",
	"allow-reserved-ranges", "banner", "bgp", "debug", "domainname",
	"enable", "end", "exit", "exit-address-family", "exit-vrf", "frr",
	"hostname", "ip access-list", "ip as-path", "ip community-list",
	"ip extcommunity-list", "ip forwarding", "ip large-community-list",
	"ip prefix-list", "ipv6 access-list", "ipv6 forwarding",
	"ipv6 prefix-list", "line", "log", "mac access-list", "no", "password",
	"route-map", "router-id" /* becomes "ip router-id" */, "service",
	"username" };

/* Sections: inside of another one the word means something else. */
static const char *const sections[] = { "bfd", "interface", "router",
	"segment-routing", "vrf" };

static const struct {
	const char *name;
	const char *owner;
} owners[] = {
	{ "bfd", "bfdd" },
	{ "interface", "zebra (or mgmtd)" },
	{ "ip igmp", "pimd" },
	{ "ip msdp", "pimd" },
	{ "ip nht", "zebra (or mgmtd)" },
	{ "ip pim", "pimd" },
	{ "ip protocol", "zebra (or mgmtd)" },
	{ "ip route", "staticd (or mgmtd)" },
	{ "ip router-id", "zebra (or mgmtd)" },
	{ "ipv6 mld", "pim6d" },
	{ "ipv6 nht", "zebra (or mgmtd)" },
	{ "ipv6 pim", "pim6d" },
	{ "ipv6 protocol", "zebra (or mgmtd)" },
	{ "ipv6 route", "staticd (or mgmtd)" },
	{ "mpls ldp", "ldpd" },
	{ "pbr-map", "pbrd" },
	{ "router babel", "babeld" },
	{ "router bgp", "bgpd" },
	{ "router eigrp", "eigrpd" },
	{ "router isis", "isisd" },
	{ "router openfabric", "fabricd" },
	{ "router ospf", "ospfd" },
	{ "router ospf6", "ospf6d" },
	{ "router rip", "ripd" },
	{ "router ripng", "ripngd" },
	{ "rpki", "bgpd" },
	{ "segment-routing", "pathd" },
	{ "vrf", "zebra (or mgmtd)" },
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_word(const struct kind *k, size_t i, const char *word)
{
	return strlen(word) == k->len[i] &&
	    memcmp(word, k->word[i], k->len[i]) == 0;
}

static bool
is_first_word_of(const struct kind *k, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (is_word(k, 0, list[i]))
			return true;
	return false;
}

static void
kind_name(const struct kind *k, char *out, size_t size)
{
	(void)snprintf(out, size, "%.*s%s%.*s", (int)k->len[0], k->word[0],
	    k->len[1] > 0 ? " " : "", (int)k->len[1], k->word[1]);
	/* It goes into logs and JSON. */
	for (; *out != '\0'; out++)
		if (*out < ' ' || *out > '~')
			*out = '?';
}

static bool
same_kind(const struct kind *a, const struct kind *b)
{
	size_t i;

	for (i = 0; i < 2; i++)
		if (a->len[i] != b->len[i] ||
		    memcmp(a->word[i], b->word[i], a->len[i]) != 0)
			return false;
	return true;
}

static const char *
read_word(const char *p, const char *end, struct kind *k, size_t i)
{
	while (p < end && is_blank(*p))
		p++;
	k->word[i] = p;
	while (p < end && !is_blank(*p))
		p++;
	k->len[i] = (size_t)(p - k->word[i]);
	return p;
}

/* The next line that is neither empty nor a comment. */
static bool
next_kind(struct lines *l, struct kind *k)
{
	while (l->next < l->end) {
		const char *line = l->next;
		const char *end = memchr(line, '\n', (size_t)(l->end - line));
		const char *p;

		if (end == NULL)
			end = l->end;
		l->next = end < l->end ? end + 1 : end;
		p = read_word(line, end, k, 0);
		if (k->len[0] == 0 || k->word[0][0] == '!' ||
		    k->word[0][0] == '#')
			continue;
		k->inside = k->word[0] != line;
		k->word[1] = p;
		k->len[1] = 0;
		if (is_first_word_of(k, two_words, NITEMS(two_words)))
			(void)read_word(p, end, k, 1);
		return true;
	}
	return false;
}

/* Is this a line, at the place where l goes on, that must not get lost? */
static bool
matters(const struct kind *k, const struct lines *l)
{
	char name[SAVE_KIND_NAME_MAX];
	size_t i;

	if (k->inside)
		return false;
	kind_name(k, name, sizeof(name));
	for (i = 0; i < NITEMS(ignored); i++)
		if (strcmp(name, ignored[i]) == 0)
			return false;
	if (is_word(k, 0, "interface") || is_word(k, 0, "vrf"))
		return l->next < l->end && is_blank(*l->next);
	return true;
}

static bool
was_seen(struct seen *seen, const struct kind *k)
{
	size_t i;

	for (i = 0; i < seen->n; i++)
		if (same_kind(&seen->kind[i], k))
			return true;
	if (seen->n < NITEMS(seen->kind))
		seen->kind[seen->n++] = *k;
	return false;
}

static bool
has_kind(const struct buf *b, const struct kind *wanted)
{
	bool section = is_first_word_of(wanted, sections, NITEMS(sections));
	struct lines l = { b->data, b->data + b->len };
	struct kind k;

	while (next_kind(&l, &k))
		if (same_kind(&k, wanted) && !(section && k.inside))
			return true;
	return false;
}

void
save_kind_allowed(unsigned bits, const char *names[SAVE_KIND_ALLOWED_MAX + 1])
{
	static const struct {
		unsigned bit;
		const char *name;
	} kinds[SAVE_KIND_ALLOWED_MAX] = {
		{ OP_SAVE_IP_ROUTE, "ip route" },
		{ OP_SAVE_IPV6_ROUTE, "ipv6 route" },
		{ OP_SAVE_IP_PROTOCOL, "ip protocol" },
		{ OP_SAVE_IPV6_PROTOCOL, "ipv6 protocol" },
	};
	size_t i, n = 0;

	for (i = 0; i < NITEMS(kinds); i++)
		if ((bits & kinds[i].bit) != 0)
			names[n++] = kinds[i].name;
	names[n] = NULL;
}

static bool
is_allowed(const char *name, const char *const *allowed)
{
	for (; *allowed != NULL; allowed++)
		if (strcmp(name, *allowed) == 0)
			return true;
	return false;
}

bool
save_kind_lost(const struct buf *before, const struct buf *now,
    const char *const *allowed, struct save_kind *lost)
{
	struct lines l = { before->data, before->data + before->len };
	struct seen seen = { .n = 0 };
	struct kind k;
	size_t i;

	while (next_kind(&l, &k)) {
		if (!matters(&k, &l) || was_seen(&seen, &k) ||
		    has_kind(now, &k))
			continue;
		kind_name(&k, lost->name, sizeof(lost->name));
		if (is_allowed(lost->name, allowed))
			continue;
		lost->owner = "the daemon they belong to";
		for (i = 0; i < NITEMS(owners); i++)
			if (strcmp(lost->name, owners[i].name) == 0)
				lost->owner = owners[i].owner;
		return true;
	}
	return false;
}
