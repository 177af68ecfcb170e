/* model/upstream.h - one neighbor as the API shows it, and its live session. */
#ifndef MODEL_UPSTREAM_H
#define MODEL_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/name.h"
#include "model/tag.h"
#include "model/tunnel.h"

struct buf;

enum {
	UPSTREAM_FAMILIES = 2, /* ipv4-unicast, ipv6-unicast */
	UPSTREAM_TEXT_MAX = 256,
	UPSTREAM_WARNINGS_MAX = 4,
	UPSTREAM_ETAG_MAX = TAG_MAX
};
/* "ipv4-unicast", "ipv6-unicast". */
const char *upstream_family_name(unsigned family);

/* Bits per second and totals of the interface that carries a session. */
struct traffic {
	bool known;
	char interface[16];
	bool rates_known; /* false until two samples exist */
	uint64_t rx_bps;
	uint64_t tx_bps;
	uint64_t rx_bytes;
	uint64_t tx_bytes;
};

struct session_table {
	bool present;
	uint64_t prefixes_received;
	uint64_t prefixes_sent;
	bool soft_reconfiguration;
	bool end_of_rib;
};

/* What is going on right now: never mixed with what is configured. */
struct session {
	bool known;     /* bgpd has told of it */
	char state[20]; /* "established" */
	bool established;
	bool admin_shutdown;
	int64_t uptime_s; /* -1: not established */
	uint32_t local_as;
	char local_address[ADDR_TEXT_MAX];
	char peer_hostname[64];
	uint64_t established_count;
	uint64_t dropped_count;
	uint64_t messages_received;
	uint64_t messages_sent;
	uint64_t updates_sent;
	uint64_t in_queue;
	uint64_t out_queue;
	struct session_table table[UPSTREAM_FAMILIES];
	char last_reset[128];
	char last_error[128];
	char last_shutdown_message[300];
	struct traffic traffic;
};

struct maximum_prefix {
	uint32_t limit;           /* 0: none */
	uint32_t warning_percent; /* 0: FRR's default */
	uint32_t restart_minutes; /* 0: no restart */
};

enum upstream_role {
	UPSTREAM_TRANSIT,
	UPSTREAM_PEER,
	UPSTREAM_INTERNAL
};
const char *upstream_role_name(enum upstream_role);

struct upstream {
	/* configured */
	struct name name;
	struct addr neighbor;
	uint32_t remote_as;
	enum upstream_role role; /* UPSTREAM_INTERNAL exactly when internal */
	bool internal;
	uint32_t capacity_mbps;              /* 0: not told */
	char description[UPSTREAM_TEXT_MAX]; /* "": none */
	char local_address[ADDR_TEXT_MAX];   /* update-source, "": none */
	uint32_t ebgp_multihop;              /* 0: none */
	bool next_hop_self;
	bool family[UPSTREAM_FAMILIES];
	bool soft_reconfiguration;
	struct maximum_prefix maximum_prefix;
	bool tcp_md5;
	/* Of the key, where it is known: engine/observe_keys.h. */
	char tcp_md5_key_id[12];
	int64_t tcp_md5_since_ms; /* wall clock; 0: not known */
	char route_map_in[128];   /* "": none */
	char route_map_out[128];
	char import_prefix_list[128]; /* "": none, or not one */
	char export_prefix_list[128];
	bool has_local_preference;
	uint32_t local_preference;
	unsigned as_path_prepend;
	/* What lies below it; filled by adopt_host(). */
	struct tunnel tunnel;
	bool has_host_route;
	struct addr gateway; /* of the host route */
	bool host_route_owned;
	bool nat;
	unsigned n_warnings;
	char warnings[UPSTREAM_WARNINGS_MAX][200];
	/* observed */
	const char *drain;      /* "in_service", "draining" ...; NULL: the
				   first */
	char drain_reason[400]; /* in words, "": none */
	struct session session;
};

/* printf one more warning; what does not fit is dropped. */
void upstream_warn(struct upstream *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * JSON text as openapi.yaml has it, and the strong entity tag
 * "CONFIGURATION.STATUS" (16 hexadecimal digits each, quotes included).
 */
void upstream_render(const struct upstream *, struct buf *,
    char etag[UPSTREAM_ETAG_MAX]);
/* The part that If-Match compares: a hash of the configuration alone. out
 * holds 17. */
void upstream_version(const struct upstream *, char *out);
/* The whole configuration, without status: for the audit. */
void upstream_render_policy(const struct upstream *, struct buf *);
void upstream_render_session(const struct upstream *, struct buf *);

#endif
