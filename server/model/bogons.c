/* model/bogons.c - the built-in list of what nobody should announce to us. */
#include <stdlib.h>

#include "base/compat.h"
#include "model/bogons.h"

struct row {
	unsigned seq;
	const char *rule;
};

/* clang-format off */
/* Not global unicast, or given back: 6bone, ORCHID, 6to4, site-local. */
static const struct row ipv6[] = {
	{  10, "deny ::/8 le 128" },
	{  15, "deny 100::/64 le 128" },
	{  20, "deny 2001:2::/48 le 128" },
	{  25, "deny 2001:10::/28 le 128" },
	{  30, "deny 2001:db8::/32 le 128" },
	{  35, "deny 2002::/16 le 128" },
	{  40, "deny 3ffe::/16 le 128" },
	{  45, "deny 5f00::/16 le 128" },
	{  50, "deny fc00::/7 le 128" },
	{  55, "deny fe80::/10 le 128" },
	{  60, "deny fec0::/10 le 128" },
	{  65, "deny ff00::/8 le 128" },
	{ BOGONS_PERMIT_SEQ, "permit 2000::/3 le 48" },
};

/* RFC 6890 and what followed it; class E and multicast as a whole. */
static const struct row ipv4[] = {
	{  10, "deny 0.0.0.0/8 le 32" },
	{  15, "deny 10.0.0.0/8 le 32" },
	{  20, "deny 100.64.0.0/10 le 32" },
	{  25, "deny 127.0.0.0/8 le 32" },
	{  30, "deny 169.254.0.0/16 le 32" },
	{  35, "deny 172.16.0.0/12 le 32" },
	{  40, "deny 192.0.0.0/24 le 32" },
	{  45, "deny 192.0.2.0/24 le 32" },
	{  50, "deny 192.168.0.0/16 le 32" },
	{  55, "deny 198.18.0.0/15 le 32" },
	{  60, "deny 198.51.100.0/24 le 32" },
	{  65, "deny 203.0.113.0/24 le 32" },
	{  70, "deny 224.0.0.0/3 le 32" },
	{ BOGONS_PERMIT_SEQ, "permit 0.0.0.0/0 ge 8 le 24" },
};
/* clang-format on */

static int
by_seq(const void *a, const void *b)
{
	const struct bogons_rule *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static bool
is_used(const struct bogons_rule *v, size_t n, unsigned seq)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].seq == seq)
			return true;
	return false;
}

static bool
is_there(const struct bogons_rule *v, size_t n, const struct prefix_rule *rule)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (prefix_rule_equal(&v[i].rule, rule))
			return true;
	return false;
}

size_t
bogons_builtin(unsigned family, const struct prefix *own, size_t n_own,
    struct bogons_rule out[BOGONS_MAX])
{
	const struct row *rows = family == 4 ? ipv4 : ipv6;
	size_t n_rows = family == 4 ? NITEMS(ipv4) : NITEMS(ipv6), i, n;
	unsigned seq = 5;

	for (n = 0; n < n_rows; n++) {
		out[n].seq = rows[n].seq;
		(void)prefix_rule_parse(&out[n].rule, rows[n].rule, family,
		    NULL);
	}
	for (i = 0; i < n_own && n < BOGONS_MAX; i++) {
		struct prefix_rule rule = { .prefix = own[i],
			.le = family == 4 ? 32 : 128 };

		/* FRR keeps the same rule once, at whatever sequence. */
		if (own[i].addr.family != family || is_there(out, n, &rule))
			continue;
		while (is_used(out, n_rows, seq))
			seq++;
		out[n++] = (struct bogons_rule) { rule, seq++ };
	}
	qsort(out, n, sizeof(*out), by_seq);
	return n;
}
