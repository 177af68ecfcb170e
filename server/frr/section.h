/* frr/section.h - which lines open a section, and what stands in it. */
#ifndef FRR_SECTION_H
#define FRR_SECTION_H

#include <stdbool.h>

/* As FRR's nodes, as far as we must tell them apart. */
enum frr_section {
	SECTION_NONE, /* a plain line */
	SECTION_ROOT,
	SECTION_ROUTE_MAP,
	SECTION_BGP,
	SECTION_BGP_FAMILY,
	SECTION_INTERFACE,
	SECTION_VRF,
	SECTION_KEY_CHAIN,
	SECTION_L2VPN,
	SECTION_BFD,
	SECTION_LDP,
	SECTION_LDP_FAMILY,
	SECTION_SEGMENT_ROUTING,
	SECTION_SRV6,
	SECTION_LOCATORS,
	SECTION_TRAFFIC_ENG,
	SECTION_OTHER /* known by its words, content not looked into */
};

enum frr_belongs {
	BELONGS_NO,
	BELONGS_MAYBE,
	BELONGS_YES
};

/* What line is inside parent; SECTION_NONE when it opens nothing there. */
enum frr_section frr_section_kind(enum frr_section parent, const char *line);
/* Would FRR take this line in such a section? */
enum frr_belongs frr_section_belongs(enum frr_section, const char *line);
/* Is it a section that FRR shows while it holds something, and that no command
 * makes or removes: "address-family ..."? */
bool frr_section_is_implied(enum frr_section parent, const char *line);
/* The word that FRR prints at the end of a section with this head:
 * "exit-address-family", "exit-vrf", most often "exit". */
const char *frr_section_exit(const char *head);
/* Does line start with these words, ending on a word boundary? */
bool frr_section_starts(const char *line, const char *words);

#endif
