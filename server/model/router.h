/* model/router.h - the router itself, as GET /v1/router shows it. */
#ifndef MODEL_ROUTER_H
#define MODEL_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/prefix_rule.h"
#include "model/tag.h"

struct buf;

enum {
	ROUTER_PREFIXES_MAX = 64,
	ROUTER_RULES_MAX = 128,
	ROUTER_WARNINGS_MAX = 8,
	ROUTER_DRIFT_MAX = 8,
	ROUTER_ETAG_MAX = TAG_MAX
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

/* Where what nobody asked for more precisely ends up on this router. */
enum router_route {
	ROUTER_ROUTE_NONE,
	ROUTER_ROUTE_BLACKHOLE, /* a static route of FRR's */
	ROUTER_ROUTE_REJECT,    /* a route of the system */
	ROUTER_ROUTE_INTERFACE  /* likewise, through one interface */
};

/* A prefix of ours: in PL-MY-NET, and announced when originate is set. */
struct router_prefix {
	struct prefix prefix;
	bool originate;
	enum router_route route;
	char interface[16];
};

enum router_bogons {
	ROUTER_BOGONS_NONE,
	ROUTER_BOGONS_BUILTIN,
	ROUTER_BOGONS_LIST
};

/* What is configured, all of it; engine/router_read.h fills it in. */
struct router_config {
	uint32_t local_as; /* 0: no router bgp, or not known yet */
	char router_id[ADDR_TEXT_MAX];
	struct addr address[2]; /* IPv4, IPv6; family 0: none */
	struct router_prefix prefixes[ROUTER_PREFIXES_MAX]; /* ascending */
	size_t n_prefixes;
	enum router_bogons bogons;
	struct prefix_rule rules[ROUTER_RULES_MAX]; /* of a list: IPv6 first */
	size_t n_rules;
	bool announce_only;
};

/* NULL when it is not one of them. */
const struct router_prefix *router_find_prefix(const struct router_config *,
    const struct prefix *);

struct router_table {
	bool present;
	uint64_t version;
	uint64_t routes;
};

/* A change that was made behind our back. */
struct router_drift {
	int64_t seen_ms; /* wall clock */
	char subsystem[16];
	char detail[200];
	int64_t audit_seq;
};

struct router {
	char name[64];
	char platform[32];
	int32_t securelevel;  /* -2: there is none, or not known yet */
	char frr_version[32]; /* "": not known yet */
	const char *state;    /* "in_service", "draining" ...; NULL: the
				 first */
	char state_reason[400];
	struct router_config config;
	char router_id[ADDR_TEXT_MAX]; /* in use, where none is configured */
	size_t n_sessions;
	size_t n_established;
	struct router_table table[2];
	bool rates_known;
	uint64_t rx_bps; /* sum over the upstreams' interfaces */
	uint64_t tx_bps;
	bool writable; /* FRR answers and nothing waits for recovery */
	/* The change that waits to be confirmed; "": none. */
	char pending_operation[24];
	int64_t pending_reverts_at_ms; /* wall clock */
	unsigned pending_seconds;
	struct router_drift drift[ROUTER_DRIFT_MAX]; /* newest first */
	unsigned n_drift;
	struct freshness freshness;
};

/* JSON text as openapi.yaml has it, and the strong entity tag
 * "CONFIGURATION.WHOLE" (16 hexadecimal digits each, quotes included). */
void router_render(const struct router *, struct buf *,
    char etag[ROUTER_ETAG_MAX]);
/* The part that If-Match compares: a hash of the configuration alone. out
 * holds 17. */
void router_version(const struct router_config *, char *out);
/* The configuration alone, for the audit: what PUT takes. */
void router_render_config(const struct router_config *, struct buf *);

#endif
