/* model/router.h - the router itself, as GET /v1/router shows it. */
#ifndef MODEL_ROUTER_H
#define MODEL_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct buf;

enum {
	ROUTER_PREFIXES_MAX = 64,
	ROUTER_WARNINGS_MAX = 4
};

/* How old what we tell is, and what is wrong with it. */
struct freshness {
	int64_t observed_ms; /* wall clock; 0: never */
	int64_t age_ms;
	bool stale; /* the last look failed */
	unsigned n_warnings;
	char warnings[ROUTER_WARNINGS_MAX][512];
};
/* ,"snapshot":{...},"warnings":[...] of a list's body. */
void router_render_freshness(const struct freshness *, struct buf *);

struct router_table {
	bool present;
	uint64_t version;
	uint64_t routes;
};

struct router {
	char name[64];
	char platform[32];
	char frr_version[32]; /* "": not known yet */
	uint32_t local_as;    /* 0: no router bgp, or not known yet */
	char router_id[ADDR_TEXT_MAX];
	char prefixes[ROUTER_PREFIXES_MAX][PREFIX_TEXT_MAX];
	size_t n_prefixes;
	size_t n_sessions;
	size_t n_established;
	struct router_table table[2];
	bool rates_known;
	uint64_t rx_bps; /* sum over the upstreams' interfaces */
	uint64_t tx_bps;
	bool writable; /* FRR answers and nothing waits for recovery */
	struct freshness freshness;
};
void router_render(const struct router *, struct buf *);

#endif
