/* frr/state.c - sessions and tables as bgpd's JSON tells them, any version. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/json.h"
#include "frr/state.h"

/* bgpd's names of the families. */
static const char *const members[FAMILIES] = { "ipv4Unicast", "ipv6Unicast" };

/* clang-format off */
static const struct {
	const char *frr; /* how bgpd's word begins: "Idle (Admin)" is idle */
	const char *name;
} states[] = {
	[SESSION_IDLE]         = { "Idle", "idle" },
	[SESSION_CONNECT]      = { "Connect", "connect" },
	[SESSION_ACTIVE]       = { "Active", "active" },
	[SESSION_OPEN_SENT]    = { "OpenSent", "open_sent" },
	[SESSION_OPEN_CONFIRM] = { "OpenConfirm", "open_confirm" },
	[SESSION_ESTABLISHED]  = { "Established", "established" },
	[SESSION_CLEARING]     = { "Clearing", "clearing" },
	[SESSION_UNKNOWN]      = { "", "unknown" },
};
/* clang-format on */

const char *
session_state_name(enum session_state state)
{
	return (size_t)state < NITEMS(states) ? states[state].name : "unknown";
}

static enum session_state
parse_state(const char *word)
{
	size_t i, n;

	for (i = 0; i < SESSION_UNKNOWN; i++) {
		n = strlen(states[i].frr);
		if (strncmp(word, states[i].frr, n) == 0 &&
		    (word[n] == '\0' || word[n] == ' '))
			return (enum session_state)i;
	}
	return SESSION_UNKNOWN;
}

void
frr_state_clear(struct frr_state *state)
{
	free(state->sessions);
	memset(state, 0, sizeof(*state));
}

/* The session of this neighbor, made when there is none; NULL when the
 * neighbor goes by its interface. fresh tells whether it was made. */
static struct frr_session *
session_of(struct frr_state *state, const char *neighbor, bool *fresh)
{
	struct frr_session *s;
	struct addr addr;
	size_t i;

	*fresh = false;
	if (addr_parse(&addr, neighbor, NULL) == -1)
		return NULL;
	for (i = 0; i < state->n_sessions; i++)
		if (addr_equal(&state->sessions[i].neighbor, &addr))
			return &state->sessions[i];
	/* Doubles at every power of two. */
	if ((state->n_sessions & (state->n_sessions - 1)) == 0)
		state->sessions = mem_realloc(state->sessions,
		    state->n_sessions == 0 ? 1 : state->n_sessions * 2,
		    sizeof(*state->sessions));
	assert(state->sessions != NULL);
	s = &state->sessions[state->n_sessions++];
	memset(s, 0, sizeof(*s));
	s->neighbor = addr;
	s->state = SESSION_UNKNOWN;
	s->uptime_ms = -1;
	s->down_ms = -1;
	*fresh = true;
	return s;
}

static void
parse_uptime(struct frr_session *s, const json_t *peer, const char *member)
{
	if (s->state == SESSION_ESTABLISHED)
		s->uptime_ms =
		    (int64_t)(frr_json_u64(peer, member) & INT64_MAX);
}

static void
parse_downtime(struct frr_session *s, const json_t *peer)
{
	s->down_ms = -1;
	if (s->state != SESSION_ESTABLISHED && s->dropped_count > 0)
		s->down_ms =
		    (int64_t)(frr_json_u64(peer, "lastResetTimerMsecs") &
			INT64_MAX);
}

/* What the summary knows; the neighbors' answer, read later, knows better. */
static void
parse_summary_peer(struct frr_session *s, unsigned family, const json_t *peer)
{
	const char *word = frr_json_text(peer, "state");
	const char *why = frr_json_text(peer, "peerState");

	s->family[family].present = true;
	s->family[family].prefixes_received = frr_json_u64(peer, "pfxRcd");
	s->family[family].prefixes_sent = frr_json_u64(peer, "pfxSnt");
	s->remote_as = frr_json_as(peer, "remoteAs");
	s->local_as = frr_json_as(peer, "localAs");
	s->state = parse_state(word);
	s->admin_shutdown =
	    strcmp(why, "Admin") == 0 || strstr(word, "(Admin)") != NULL;
	s->prefix_limit |=
	    strcmp(why, "PfxCt") == 0 || strstr(word, "(PfxCt)") != NULL;
	parse_uptime(s, peer, "peerUptimeMsec");
	s->established_count = frr_json_u64(peer, "connectionsEstablished");
	s->dropped_count = frr_json_u64(peer, "connectionsDropped");
	s->messages_received = frr_json_u64(peer, "msgRcvd");
	s->messages_sent = frr_json_u64(peer, "msgSent");
	s->in_queue = frr_json_u64(peer, "inq");
	s->out_queue = frr_json_u64(peer, "outq");
	frr_json_copy(s->description, sizeof(s->description),
	    frr_json_text(peer, "desc"));
	frr_json_copy(s->peer_hostname, sizeof(s->peer_hostname),
	    frr_json_text(peer, "hostname"));
}

static int
bad_shape(const char *what, const char *member, struct err *err)
{
	return err_set(err, ERR_TOOL, "bgpd: %s: \"%.60s\" is not an object",
	    what, member);
}

static int
parse_table(struct frr_state *state, unsigned family, json_t *table,
    struct err *err)
{
	struct frr_family_table *out = &state->table[family];
	json_t *peers = json_object_get(table, "peers");
	const char *name;
	json_t *peer;
	bool fresh;

	if (!json_is_object(table))
		return bad_shape("summary", members[family], err);
	if (peers != NULL && !json_is_object(peers))
		return bad_shape("summary", "peers", err);
	out->present = true;
	out->table_version = frr_json_u64(table, "tableVersion");
	out->rib_count = frr_json_u64(table, "ribCount");
	out->rib_memory = frr_json_u64(table, "ribMemory");
	frr_json_copy(state->router_id, sizeof(state->router_id),
	    frr_json_text(table, "routerId"));
	state->local_as = frr_json_as(table, "as");
	json_object_foreach(peers, name, peer)
	{
		struct frr_session *s = session_of(state, name, &fresh);

		if (!json_is_object(peer))
			return bad_shape("summary", name, err);
		if (s != NULL)
			parse_summary_peer(s, family, peer);
		else
			state->n_by_interface += family == FAMILY_IPV6_UNICAST;
	}
	return 0;
}

static int
parse_summary(struct frr_state *state, const char *text, size_t len,
    struct err *err)
{
	json_t *root = frr_json_load(text, len, "show bgp summary", err);
	const char *warning;
	unsigned family;
	int rc = 0;

	if (root == NULL)
		return -1;
	warning = frr_json_text(root, "warning");
	if (*warning != '\0')
		rc = err_set(err, ERR_TOOL, "bgpd: show bgp summary: %s",
		    warning);
	for (family = 0; rc == 0 && family < FAMILIES; family++) {
		json_t *table = json_object_get(root, members[family]);

		if (table != NULL)
			rc = parse_table(state, family, table, err);
	}
	json_decref(root);
	return rc;
}

static void
parse_families(struct frr_session *s, bool fresh, const json_t *infos)
{
	unsigned family;

	for (family = 0; family < FAMILIES; family++) {
		const json_t *info = json_object_get(infos, members[family]);
		struct session_family *f = &s->family[family];

		if (info == NULL)
			continue;
		f->present = true;
		f->soft_reconfiguration =
		    frr_json_bool(info, "inboundSoftConfigPermit");
		s->prefix_limit |=
		    frr_json_bool(info, "prefixesConfigExceedMax");
		if (!fresh)
			continue; /* the summary's counts, from one moment */
		f->prefixes_received =
		    frr_json_u64(info, "acceptedPrefixCounter");
		f->prefixes_sent = frr_json_u64(info, "sentPrefixCounter");
	}
}

static void
parse_end_of_rib(struct frr_session *s, const json_t *restart)
{
	const json_t *received = json_object_get(restart, "endOfRibRecv");
	unsigned family;

	for (family = 0; family < FAMILIES; family++)
		s->family[family].end_of_rib =
		    frr_json_bool(received, members[family]);
}

static void
parse_history(struct frr_session *s, const json_t *peer)
{
	const char *code = frr_json_text(peer, "lastErrorCodeSubcode");
	const char *reason = frr_json_text(peer, "lastNotificationReason");

	frr_json_copy(s->last_reset, sizeof(s->last_reset),
	    frr_json_text(peer, "lastResetDueTo"));
	frr_json_copy(s->last_error, sizeof(s->last_error), reason);
	if (*reason == '\0' && *code != '\0')
		(void)snprintf(s->last_error, sizeof(s->last_error),
		    "notification %.8s", code);
	frr_json_copy(s->last_shutdown_message,
	    sizeof(s->last_shutdown_message),
	    frr_json_text(peer, "lastShutdownDescription"));
}

static void
parse_neighbor(struct frr_session *s, bool fresh, const json_t *peer)
{
	const json_t *stats = json_object_get(peer, "messageStats");
	const char *local = frr_json_text(peer, "hostLocal");
	const char *text;

	s->remote_as = frr_json_as(peer, "remoteAs");
	s->local_as = frr_json_as(peer, "localAs");
	s->state = parse_state(frr_json_text(peer, "bgpState"));
	s->admin_shutdown |= frr_json_bool(peer, "adminShutDown");
	s->uptime_ms = -1;
	parse_uptime(s, peer, "bgpTimerUpMsec");
	s->hold_ms =
	    (int64_t)(frr_json_u64(peer, "bgpTimerHoldTimeMsecs") & INT32_MAX);
	s->established_count = frr_json_u64(peer, "connectionsEstablished");
	s->dropped_count = frr_json_u64(peer, "connectionsDropped");
	parse_downtime(s, peer);
	if (stats != NULL) {
		s->messages_received = frr_json_u64(stats, "totalRecv");
		s->messages_sent = frr_json_u64(stats, "totalSent");
		s->updates_sent = frr_json_u64(stats, "updatesSent");
		s->in_queue = frr_json_u64(stats, "depthInq");
		s->out_queue = frr_json_u64(stats, "depthOutq");
	}
	s->tcp_md5 = frr_json_bool(peer, "authenticationEnabled");
	frr_json_copy(s->local_address, sizeof(s->local_address),
	    strcmp(local, "Unknown") == 0 ? "" : local);
	text = frr_json_text(peer, "nbrDesc");
	if (*text != '\0')
		frr_json_copy(s->description, sizeof(s->description), text);
	text = frr_json_text(peer, "hostname");
	if (*text != '\0')
		frr_json_copy(s->peer_hostname, sizeof(s->peer_hostname), text);
	parse_history(s, peer);
	parse_families(s, fresh, json_object_get(peer, "addressFamilyInfo"));
	parse_end_of_rib(s, json_object_get(peer, "gracefulRestartInfo"));
}

static int
parse_neighbors(struct frr_state *state, const char *text, size_t len,
    struct err *err)
{
	json_t *peer,
	    *root = frr_json_load(text, len, "show bgp neighbors", err);
	const char *name;
	bool fresh;
	int rc = 0;

	if (root == NULL)
		return -1;
	json_object_foreach(root, name, peer)
	{
		struct frr_session *s;

		/* Beside the neighbors: "vrfId", "bgpNoSuchNeighbor" ... */
		if (!json_is_object(peer))
			continue;
		s = session_of(state, name, &fresh);
		if (s != NULL)
			parse_neighbor(s, fresh, peer);
	}
	json_decref(root);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	return addr_compare(&((const struct frr_session *)a)->neighbor,
	    &((const struct frr_session *)b)->neighbor);
}

int
frr_state_parse(struct frr_state *state, const char *summary,
    size_t summary_len, const char *neighbors, size_t neighbors_len,
    struct err *err)
{
	memset(state, 0, sizeof(*state));
	if (parse_summary(state, summary, summary_len, err) == -1 ||
	    parse_neighbors(state, neighbors, neighbors_len, err) == -1) {
		frr_state_clear(state);
		return -1;
	}
	if (state->n_sessions > 1)
		qsort(state->sessions, state->n_sessions,
		    sizeof(*state->sessions), compare);
	return 0;
}

int
frr_state_parse_summary(struct frr_state *state, const char *summary,
    size_t len, struct err *err)
{
	memset(state, 0, sizeof(*state));
	if (parse_summary(state, summary, len, err) == -1) {
		frr_state_clear(state);
		return -1;
	}
	return 0;
}
