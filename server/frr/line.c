/* frr/line.c - what one line overwrites, and how it is removed. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/mem.h"
#include "frr/line.h"

/*
 * Words stand for themselves, "=" is any word that belongs to the key, "*" any
 * word that is the value. What follows the last word is value too, except in
 * whole patterns, where nothing may follow. brief: removed without the value.
 * The first row that fits counts.
 */
struct line_row {
	enum frr_section kind;
	const char *pattern;
	bool whole;
	bool brief;
};

/* clang-format off */
static const struct line_row rows[] = {
	{ SECTION_ROUTE_MAP, "set local-preference", false, true },
	{ SECTION_ROUTE_MAP, "set as-path prepend", false, true },
	{ SECTION_ROUTE_MAP, "set as-path exclude", false, false },
	{ SECTION_ROUTE_MAP, "set metric", false, true },
	{ SECTION_ROUTE_MAP, "set weight", false, true },
	{ SECTION_ROUTE_MAP, "set tag", false, true },
	{ SECTION_ROUTE_MAP, "set origin", false, false },
	{ SECTION_ROUTE_MAP, "set src", false, false },
	{ SECTION_ROUTE_MAP, "set distance", false, false },
	{ SECTION_ROUTE_MAP, "set community", false, false },
	{ SECTION_ROUTE_MAP, "set large-community", false, false },
	{ SECTION_ROUTE_MAP, "set extcommunity =", false, false },
	{ SECTION_ROUTE_MAP, "set = next-hop =", true, false },
	{ SECTION_ROUTE_MAP, "set = next-hop = *", true, false },
	{ SECTION_ROUTE_MAP, "match = address prefix-list", false, false },
	{ SECTION_ROUTE_MAP, "match = address prefix-len", false, false },
	{ SECTION_ROUTE_MAP, "match = next-hop prefix-list", false, false },
	{ SECTION_ROUTE_MAP, "match = address *", true, false },
	{ SECTION_ROUTE_MAP, "match community", false, false },
	{ SECTION_ROUTE_MAP, "match large-community", false, false },
	{ SECTION_ROUTE_MAP, "match extcommunity", false, false },
	{ SECTION_ROUTE_MAP, "match as-path", false, false },
	{ SECTION_ROUTE_MAP, "match interface", false, false },
	{ SECTION_ROUTE_MAP, "match metric", false, false },
	{ SECTION_ROUTE_MAP, "match tag", false, false },
	{ SECTION_ROUTE_MAP, "match peer", false, false },
	{ SECTION_ROUTE_MAP, "match local-preference", false, false },
	{ SECTION_ROUTE_MAP, "match origin", false, false },
	{ SECTION_ROUTE_MAP, "call", false, true },
	{ SECTION_ROUTE_MAP, "on-match", false, false },
	{ SECTION_ROUTE_MAP, "description", false, true },

	{ SECTION_BGP, "neighbor = remote-as", false, false },
	{ SECTION_BGP, "neighbor = description", false, true },
	{ SECTION_BGP, "neighbor = password", false, true },
	{ SECTION_BGP, "neighbor = update-source", false, true },
	{ SECTION_BGP, "neighbor = ebgp-multihop", false, true },
	{ SECTION_BGP, "neighbor = ttl-security hops", false, false },
	{ SECTION_BGP, "neighbor = timers connect", false, true },
	{ SECTION_BGP, "neighbor = timers delayopen", false, true },
	{ SECTION_BGP, "neighbor = timers", false, true },
	{ SECTION_BGP, "neighbor = advertisement-interval", false, true },
	{ SECTION_BGP, "neighbor = local-as", false, true },
	{ SECTION_BGP, "neighbor = port", false, true },
	{ SECTION_BGP, "neighbor = tcp-mss", false, true },
	{ SECTION_BGP, "neighbor = shutdown", false, true },
	{ SECTION_BGP, "neighbor = peer-group", false, false },
	{ SECTION_BGP, "bgp router-id", false, true },
	{ SECTION_BGP, "bgp cluster-id", false, true },
	{ SECTION_BGP, "bgp confederation identifier", false, true },
	{ SECTION_BGP, "bgp default local-preference", false, true },
	{ SECTION_BGP, "bgp graceful-restart stalepath-time", false, true },
	{ SECTION_BGP, "bgp graceful-restart restart-time", false, true },
	{ SECTION_BGP, "bgp listen limit", false, true },
	{ SECTION_BGP, "bgp shutdown", false, true },
	{ SECTION_BGP, "timers bgp", false, true },

	{ SECTION_BGP_FAMILY, "neighbor = route-map * =", true, false },
	{ SECTION_BGP_FAMILY, "neighbor = prefix-list * =", true, false },
	{ SECTION_BGP_FAMILY, "neighbor = filter-list * =", true, false },
	{ SECTION_BGP_FAMILY, "neighbor = distribute-list * =", true, false },
	{ SECTION_BGP_FAMILY, "neighbor = maximum-prefix", false, true },
	{ SECTION_BGP_FAMILY, "neighbor = maximum-prefix-out", false, true },
	{ SECTION_BGP_FAMILY, "neighbor = weight", false, true },
	{ SECTION_BGP_FAMILY, "neighbor = unsuppress-map", false, false },
	{ SECTION_BGP_FAMILY, "neighbor = default-originate", false, true },
	{ SECTION_BGP_FAMILY, "neighbor = allowas-in", false, true },
	{ SECTION_BGP_FAMILY, "maximum-paths ibgp", false, true },
	{ SECTION_BGP_FAMILY, "maximum-paths", false, true },
	{ SECTION_BGP_FAMILY, "network =", false, false },
	{ SECTION_BGP_FAMILY, "aggregate-address =", false, false },
	{ SECTION_BGP_FAMILY, "redistribute =", false, false },
	{ SECTION_BGP_FAMILY, "table-map", false, false },

	{ SECTION_ROOT, "route-map = * =", true, false },
	{ SECTION_ROOT, "router bgp * vrf =", true, false },
	{ SECTION_ROOT, "router bgp *", true, false },
	{ SECTION_ROOT, "ip prefix-list = seq =", false, false },
	{ SECTION_ROOT, "ipv6 prefix-list = seq =", false, false },
	{ SECTION_ROOT, "ip prefix-list = description", false, true },
	{ SECTION_ROOT, "ipv6 prefix-list = description", false, true },
	{ SECTION_ROOT, "access-list = seq =", false, false },
	{ SECTION_ROOT, "ipv6 access-list = seq =", false, false },
	{ SECTION_ROOT, "bgp as-path access-list = seq =", false, false },
	{ SECTION_ROOT, "bgp community-list = = seq =", false, false },
	{ SECTION_ROOT, "bgp large-community-list = = seq =", false, false },
	{ SECTION_ROOT, "bgp extcommunity-list = = seq =", false, false },
	{ SECTION_ROOT, "bgp route-map delay-timer", false, true },
	{ SECTION_ROOT, "ip protocol = route-map", false, false },
	{ SECTION_ROOT, "ipv6 protocol = route-map", false, false },
	{ SECTION_ROOT, "ip router-id", false, false },
	{ SECTION_ROOT, "ipv6 router-id", false, false },
	{ SECTION_ROOT, "hostname", false, false },
	{ SECTION_ROOT, "log file", false, true },
	{ SECTION_ROOT, "log syslog", false, true },

	{ SECTION_VRF, "ip protocol = route-map", false, false },
	{ SECTION_VRF, "ipv6 protocol = route-map", false, false },
	{ SECTION_INTERFACE, "description", false, true },
};
/* clang-format on */

/* Takes the next word; false at the end. */
static bool
take_word(const char **pos, const char **word, size_t *len)
{
	*word = *pos;
	*len = strcspn(*pos, " ");
	*pos += *len;
	if (**pos == ' ')
		(*pos)++;
	return *len > 0;
}

/* Fills key (reset first) when the line fits the pattern. */
static bool
match(const struct line_row *row, const char *line, struct buf *key)
{
	const char *pattern = row->pattern;
	const char *p, *w;
	size_t p_len, w_len;

	buf_reset(key);
	while (take_word(&pattern, &p, &p_len)) {
		if (!take_word(&line, &w, &w_len))
			return false;
		if (key->len > 0)
			buf_putc(key, ' ');
		if (p_len == 1 && *p == '*') {
			buf_putc(key, '*');
			continue;
		}
		if (!(p_len == 1 && *p == '=') &&
		    (p_len != w_len || memcmp(p, w, p_len) != 0))
			return false;
		buf_add(key, w, w_len);
	}
	return !row->whole || *line == '\0';
}

static const struct line_row *
find(enum frr_section kind, const char *line, struct buf *key)
{
	size_t i;

	for (i = 0; i < NITEMS(rows); i++)
		if (rows[i].kind == kind && match(&rows[i], line, key))
			return &rows[i];
	return NULL;
}

char *
frr_line_key(enum frr_section kind, const char *line)
{
	struct buf key = BUF_INIT;
	char *out = NULL;

	if (find(kind, line, &key) != NULL)
		out = mem_strdup(buf_text(&key));
	buf_clear(&key);
	return out;
}

char *
frr_line_removal(enum frr_section kind, const char *line)
{
	struct buf key = BUF_INIT;
	const struct line_row *row;
	char *out;

	if (frr_section_starts(line, "no") && line[2] == ' ')
		return mem_strdup(line + 3);
	row = find(kind, line, &key);
	if (row != NULL && row->brief)
		out = mem_printf("no %s", buf_text(&key));
	else
		out = mem_printf("no %s", line);
	buf_clear(&key);
	return out;
}
