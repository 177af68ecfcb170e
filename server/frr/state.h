/* frr/state.h - BGP state as bgpd's JSON tells it, any version. */
#ifndef FRR_STATE_H
#define FRR_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct err;

enum session_state {
	SESSION_IDLE,
	SESSION_CONNECT,
	SESSION_ACTIVE,
	SESSION_OPEN_SENT,
	SESSION_OPEN_CONFIRM,
	SESSION_ESTABLISHED,
	SESSION_CLEARING,
	SESSION_UNKNOWN
};
/* "established", "open_sent": RFC 4271's names in snake case. */
const char *session_state_name(enum session_state);

enum {
	FAMILY_IPV4_UNICAST,
	FAMILY_IPV6_UNICAST,
	FAMILIES
};
/* "ipv4-unicast"; FRR's words "ipv4 unicast". */
const char *family_name(unsigned family);
const char *family_frr_words(unsigned family);
/* Unicast of this kind of address. */
unsigned family_of(const struct addr *);

struct session_family {
	bool present;
	uint64_t prefixes_received;
	uint64_t prefixes_sent;
	bool soft_reconfiguration;
	bool end_of_rib; /* the neighbor has sent all it has */
};

struct frr_session {
	struct addr neighbor;
	uint32_t remote_as;
	uint32_t local_as;
	enum session_state state;
	bool admin_shutdown;        /* shut down by configuration */
	bool prefix_limit;          /* stopped by maximum-prefix */
	int64_t uptime_ms;          /* since established; -1 when it is not */
	int64_t down_ms;            /* since it was lost; -1 when it is up, or
				       never was (whole seconds) */
	int64_t hold_ms;            /* hold time agreed on; 0: none, unknown */
	uint64_t established_count; /* connectionsEstablished */
	uint64_t dropped_count;     /* connectionsDropped */
	uint64_t messages_received;
	uint64_t messages_sent;
	uint64_t updates_sent; /* UPDATE messages alone */
	uint64_t in_queue;
	uint64_t out_queue;
	bool tcp_md5;                      /* authenticationEnabled */
	char local_address[ADDR_TEXT_MAX]; /* hostLocal, "" unknown */
	char description[256];
	char peer_hostname[64];
	char last_reset[128]; /* lastResetDueTo: history, not the present */
	char last_error[128]; /* last notification in words, "" none */
	char last_shutdown_message[300]; /* the peer's, RFC 9003 */
	struct session_family family[FAMILIES];
};

struct frr_family_table {
	bool present;
	uint64_t table_version;
	uint64_t rib_count;
	uint64_t rib_memory;
};

struct frr_state {
	char version[32]; /* "8.4.4" */
	char router_id[ADDR_TEXT_MAX];
	uint32_t local_as;            /* 0: no router bgp */
	struct frr_session *sessions; /* sorted by address */
	size_t n_sessions;
	/* IPv6 neighbors named by interface ("neighbor eth0 interface ...");
	 * they have no address of their own and are not among the sessions. */
	unsigned n_by_interface;
	struct frr_family_table table[FAMILIES];
};

void frr_state_clear(struct frr_state *);
/*
 * "show bgp summary json" and "show bgp neighbors json" of bgpd's socket.
 * Sessions are the union of both. -1 and ERR_TOOL when either is not whole
 * JSON of the expected shape: a cut answer is a failed read, never a part.
 * Unknown members are ignored, missing ones leave zero. Descriptions that are
 * not UTF-8 are repaired with U+FFFD before decoding.
 */
int frr_state_parse(struct frr_state *, const char *summary, size_t summary_len,
    const char *neighbors, size_t neighbors_len, struct err *);
/* First line of "show version": "FRRouting 8.4.4 (vm) on Linux(...)". */
int frr_version_parse(const char *text, char *out, size_t size, struct err *);
/* Is a version as parsed this one or a later one? false for "". */
bool frr_version_is_from(const char *version, unsigned major, unsigned minor);
/* tableVersion and queues only, from the summary alone. */
int frr_state_parse_summary(struct frr_state *, const char *summary, size_t,
    struct err *);
/* "show bgp ipv6 unicast neighbors A prefix-counts json": how many best paths
 * of this table go through the neighbor ("PfxCt Best Selected"). */
int frr_prefix_counts_parse(const char *json, size_t, uint64_t *best,
    struct err *);

enum {
	PATH_COMMUNITIES_MAX = 512,
	PATH_AS_PATH_MAX = 1024
};
struct frr_path {
	bool valid;
	bool best;
	char best_reason[64]; /* selectionReason, "" where FRR gives none */
	bool internal;        /* learned by iBGP */
	bool local;           /* ours: network statement */
	struct addr neighbor; /* family 0 when local */
	struct addr next_hop;
	uint32_t local_preference;
	bool has_local_preference;
	uint32_t med;
	bool has_med;
	char as_path[PATH_AS_PATH_MAX]; /* "209533 64500", "" local */
	unsigned as_path_length;
	char origin[16];                        /* igp egp incomplete */
	char communities[PATH_COMMUNITIES_MAX]; /* blanks between, "" none */
	char large_communities[PATH_COMMUNITIES_MAX];
};
struct frr_route {
	bool found;
	char prefix[PREFIX_TEXT_MAX]; /* that matched */
	struct frr_path *paths;
	size_t n_paths;
	/* The neighbors that have been sent it: what stands in their adj-out.
	 */
	struct addr *sent_to;
	size_t n_sent_to;
};
void frr_route_clear(struct frr_route *);
/* "show bgp ipv6 unicast PREFIX json" (or of one address). */
int frr_route_parse(struct frr_route *, const char *json, size_t, struct err *);

#endif
