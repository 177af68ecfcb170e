/* model/firewall_view.h - our firewall rules as the API shows them. */
#ifndef MODEL_FIREWALL_VIEW_H
#define MODEL_FIREWALL_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct buf;

enum {
	FIREWALL_VIEW_WARNINGS = 6
};

/* Of one upstream or downstream. */
struct firewall_view_entry {
	const char *kind; /* "gre", "gif", NULL: native */
	char interface[16];
	struct addr peer;  /* family 0: no BGP */
	struct addr local; /* outer */
	struct addr remote;
	bool nat;
};

struct firewall_view {
	char platform[32];
	bool enabled;  /* the packet filter as such */
	bool attached; /* its own configuration refers to our rules */
	bool loaded;
	bool as_set; /* nobody changed our rules by hand */
	struct addr router[2];
	const struct prefix *prefixes;
	size_t n_prefixes;
	const struct firewall_view_entry *entries;
	size_t n_entries;
	const char *listing; /* the tool's words; not NULL */
	const char *warnings[FIREWALL_VIEW_WARNINGS];
	unsigned n_warnings;
};

void firewall_view_render(const struct firewall_view *, struct buf *);

#endif
