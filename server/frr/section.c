/* frr/section.c - which lines open a section, and what stands in it. */
#include <stddef.h>
#include <string.h>

#include "base/compat.h"
#include "frr/section.h"

struct section_row {
	enum frr_section parent;
	const char *words;
	bool exact; /* the words are the whole line */
	enum frr_section kind;
};

/* clang-format off */
static const struct section_row rows[] = {
	{ SECTION_ROOT, "router bgp", false, SECTION_BGP },
	{ SECTION_ROOT, "router", false, SECTION_OTHER },
	{ SECTION_ROOT, "interface", false, SECTION_INTERFACE },
	{ SECTION_ROOT, "vrf", false, SECTION_VRF },
	{ SECTION_ROOT, "vrf-policy", false, SECTION_OTHER },
	{ SECTION_ROOT, "line vty", false, SECTION_OTHER },
	{ SECTION_ROOT, "key chain", false, SECTION_KEY_CHAIN },
	{ SECTION_ROOT, "nexthop-group", false, SECTION_OTHER },
	{ SECTION_ROOT, "pbr-map", false, SECTION_OTHER },
	{ SECTION_ROOT, "l2vpn", false, SECTION_L2VPN },
	{ SECTION_ROOT, "bfd", true, SECTION_BFD },
	{ SECTION_ROOT, "rpki", true, SECTION_OTHER },
	{ SECTION_ROOT, "mpls ldp", true, SECTION_LDP },
	{ SECTION_ROOT, "segment-routing", true, SECTION_SEGMENT_ROUTING },
	{ SECTION_BGP, "address-family", false, SECTION_BGP_FAMILY },
	{ SECTION_BGP, "bmp targets", false, SECTION_OTHER },
	{ SECTION_BGP, "segment-routing srv6", true, SECTION_OTHER },
	{ SECTION_BGP, "vnc defaults", true, SECTION_OTHER },
	{ SECTION_BGP, "vnc nve-group", false, SECTION_OTHER },
	{ SECTION_BGP, "vnc l2-group", false, SECTION_OTHER },
	{ SECTION_BGP_FAMILY, "vni", false, SECTION_OTHER },
	{ SECTION_INTERFACE, "link-params", true, SECTION_OTHER },
	{ SECTION_VRF, "rpki", true, SECTION_OTHER },
	{ SECTION_KEY_CHAIN, "key", false, SECTION_OTHER },
	{ SECTION_L2VPN, "member pseudowire", false, SECTION_OTHER },
	{ SECTION_BFD, "peer", false, SECTION_OTHER },
	{ SECTION_BFD, "profile", false, SECTION_OTHER },
	{ SECTION_LDP, "address-family", false, SECTION_LDP_FAMILY },
	{ SECTION_LDP_FAMILY, "interface", false, SECTION_OTHER },
	{ SECTION_SEGMENT_ROUTING, "srv6", true, SECTION_SRV6 },
	{ SECTION_SEGMENT_ROUTING, "traffic-eng", true, SECTION_TRAFFIC_ENG },
	{ SECTION_SRV6, "locators", true, SECTION_LOCATORS },
	{ SECTION_SRV6, "encapsulation", true, SECTION_OTHER },
	{ SECTION_LOCATORS, "locator", false, SECTION_OTHER },
	{ SECTION_TRAFFIC_ENG, "segment-list", false, SECTION_OTHER },
	{ SECTION_TRAFFIC_ENG, "policy", false, SECTION_OTHER },
};

/* Plain lines that FRR knows at the top only, so that they end any section
 * whose "exit" is missing (configurations written for FRR 7 and older). */
static const char *const top_words[] = {
	"frr", "hostname", "domainname", "log", "service", "debug", "banner",
	"agentx", "zebra", "username", "enable", "password",
	"ip prefix-list", "ipv6 prefix-list", "access-list",
	"ip access-list", "ipv6 access-list", "mac access-list",
	"ip as-path", "ip community-list", "ip large-community-list",
	"ip extcommunity-list", "bgp community-list",
	"bgp large-community-list", "bgp extcommunity-list",
	"bgp as-path access-list", "bgp community alias",
	"bgp route-map delay-timer", "ip forwarding", "ipv6 forwarding",
	"ip multicast-routing", "allow-external-route-update",
};

/* At the top and in a vrf. */
static const char *const vrf_words[] = {
	"ip route", "ipv6 route", "ip mroute", "ip protocol", "ipv6 protocol",
	"ip nht", "ipv6 nht", "ip router-id", "ipv6 router-id",
	"ip import-table", "router-id",
};

static const char *const route_map_words[] = {
	"match", "set", "call", "on-match", "continue", "description",
};

static const char *const bgp_words[] = {
	"neighbor", "bgp", "network", "timers bgp", "redistribute",
	"maximum-paths", "distance", "coalesce-time", "read-quanta",
	"write-quanta", "update-delay", "aggregate-address", "table-map",
};

static const char *const family_words[] = {
	"network", "redistribute", "maximum-paths", "distance",
	"aggregate-address", "table-map", "bgp dampening", "rd", "rt",
	"route-target", "label", "import", "export", "advertise",
	"advertise-all-vni", "advertise-default-gw", "advertise-svi-ip",
	"nexthop", "route-map", "sid",
};

/* The second half of "neighbor X ..." that no address family has. */
static const char *const session_words[] = {
	"remote-as", "description", "password", "update-source", "shutdown",
	"ebgp-multihop", "timers", "interface", "local-as", "port", "passive",
	"ttl-security", "disable-connected-check", "bfd", "tcp-mss",
	"capability", "advertisement-interval", "graceful-restart",
	"enforce-first-as", "strict-capability-match", "solo",
	"dont-capability-negotiate", "override-capability", "local-role",
};
/* clang-format on */

bool
frr_section_starts(const char *line, const char *words)
{
	size_t n = strlen(words);

	return strncmp(line, words, n) == 0 &&
	    (line[n] == ' ' || line[n] == '\0');
}

static bool
in_list(const char *line, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (frr_section_starts(line, list[i]))
			return true;
	return false;
}

/* The rest of line behind n words; "" when there are fewer. */
static const char *
skip_words(const char *line, unsigned n)
{
	while (n-- > 0) {
		line += strcspn(line, " ");
		if (*line == ' ')
			line++;
	}
	return line;
}

/* "route-map NAME permit 10", but not "route-map NAME optimization". */
static bool
is_route_map_entry(const char *line)
{
	const char *action = skip_words(line, 2);

	return frr_section_starts(line, "route-map") &&
	    (frr_section_starts(action, "permit") ||
		frr_section_starts(action, "deny")) &&
	    *skip_words(line, 3) != '\0';
}

enum frr_section
frr_section_kind(enum frr_section parent, const char *line)
{
	size_t i;

	if (parent == SECTION_ROOT && is_route_map_entry(line))
		return SECTION_ROUTE_MAP;
	for (i = 0; i < NITEMS(rows); i++)
		if (rows[i].parent == parent &&
		    (rows[i].exact ? strcmp(line, rows[i].words) == 0 :
				     frr_section_starts(line, rows[i].words)))
			return rows[i].kind;
	return SECTION_NONE;
}

static bool
is_family_line(const char *line)
{
	if (frr_section_starts(line, "neighbor"))
		return !in_list(skip_words(line, 2), session_words,
		    NITEMS(session_words));
	return in_list(line, family_words, NITEMS(family_words));
}

enum frr_belongs
frr_section_belongs(enum frr_section kind, const char *line)
{
	if (kind == SECTION_ROOT)
		return BELONGS_YES;
	if (frr_section_kind(kind, line) != SECTION_NONE)
		return BELONGS_YES;
	if (frr_section_starts(line, "no"))
		line = skip_words(line, 1);
	if (kind == SECTION_VRF && in_list(line, vrf_words, NITEMS(vrf_words)))
		return BELONGS_YES;
	if (kind == SECTION_BGP_FAMILY && is_family_line(line))
		return BELONGS_YES;
	if (frr_section_kind(SECTION_ROOT, line) != SECTION_NONE ||
	    in_list(line, top_words, NITEMS(top_words)) ||
	    in_list(line, vrf_words, NITEMS(vrf_words)))
		return BELONGS_NO;
	if (kind == SECTION_ROUTE_MAP)
		return in_list(line, route_map_words, NITEMS(route_map_words)) ?
		    BELONGS_YES :
		    BELONGS_MAYBE;
	if (kind == SECTION_BGP)
		return in_list(line, bgp_words, NITEMS(bgp_words)) ?
		    BELONGS_YES :
		    BELONGS_MAYBE;
	if (kind == SECTION_BGP_FAMILY &&
	    (in_list(line, bgp_words, NITEMS(bgp_words)) ||
		frr_section_kind(SECTION_BGP, line) != SECTION_NONE))
		return BELONGS_NO;
	return BELONGS_MAYBE;
}

bool
frr_section_is_implied(enum frr_section parent, const char *line)
{
	return parent == SECTION_BGP &&
	    frr_section_kind(parent, line) == SECTION_BGP_FAMILY;
}

const char *
frr_section_exit(const char *head)
{
	/* clang-format off */
	static const char *const own[][2] = {
		{ "address-family", "exit-address-family" },
		{ "vrf", "exit-vrf" },
		{ "vrf-policy", "exit-vrf-policy" },
		{ "vni", "exit-vni" },
		{ "vnc", "exit-vnc" },
		{ "link-params", "exit-link-params" },
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < NITEMS(own); i++)
		if (frr_section_starts(head, own[i][0]))
			return own[i][1];
	return "exit";
}
