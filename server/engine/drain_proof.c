/* engine/drain_proof.c - has the traffic really gone, and may it come back? */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/compat.h"
#include "engine/drain_proof.h"
#include "model/drain_progress.h"
#include "model/upstream.h"

enum {
	QUIET_CHANGES = 100,
	QUIET_SHARE = 500, /* or one of so many routes */
	RETURN_PERCENT = 90,
	/* 240,000 take bgpd 90 ms, and it does nothing else meanwhile. */
	COUNT_ROUTES = 50 * 1000,
	UPTIME_BLUR_MS = 3000 /* it is told in whole seconds */
};

static void lacks(struct drain_gate *, const char *why, const char *fmt, ...)
    PRINTFLIKE(3, 4);

static void
lacks(struct drain_gate *gate, const char *why, const char *fmt, ...)
{
	va_list ap;

	(void)snprintf(gate->why, sizeof(gate->why), "%s", why);
	va_start(ap, fmt);
	(void)vsnprintf(gate->text, sizeof(gate->text), fmt, ap);
	va_end(ap);
}

const char *
drain_proof_rate(int64_t bps, char out[DRAIN_PROOF_RATE_MAX])
{
	static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s",
		"Gbit/s" };
	double rate = (double)bps;
	size_t unit = 0;

	while (rate >= 1000 && unit + 1 < NITEMS(units)) {
		rate /= 1000;
		unit++;
	}
	(void)snprintf(out, DRAIN_PROOF_RATE_MAX,
	    unit == 0 || rate >= 100 ? "%.0f %s" : "%.1f %s", rate,
	    units[unit]);
	return out;
}

static int64_t
floor_of(const struct drain_fact *before)
{
	int64_t share = before->rx_bps * DRAIN_PROOF_PERCENT / 100;

	return share > DRAIN_PROOF_FLOOR_BPS ? share : DRAIN_PROOF_FLOOR_BPS;
}

/* Another one than before: it was reset, or bgpd began anew, which counts from
 * zero. */
static bool
is_new_session(const struct drain_fact *before, const struct drain_fact *now)
{
	return now->established_count != before->established_count ||
	    now->updates_sent < before->updates_sent ||
	    (before->established_ms != 0 &&
		now->established_ms - before->established_ms > UPTIME_BLUR_MS);
}

/* A session that was reset meanwhile has sent everything anew. */
static bool
has_announced(const struct drain_fact *before, const struct drain_fact *now)
{
	if (before->prefixes_sent <= 0)
		return true;
	if (is_new_session(before, now))
		return now->updates_sent > 0;
	return now->updates_sent > before->updates_sent;
}

static void
judge_rate(const struct drain_proof *p, struct drain_gate *gate)
{
	char rate[DRAIN_PROOF_RATE_MAX], limit[DRAIN_PROOF_RATE_MAX];
	int64_t most = floor_of(p->before);

	if (p->now->interface[0] == '\0') {
		(void)snprintf(gate->text, sizeof(gate->text),
		    "no interface of its own: its rate is not known");
		return;
	}
	if (p->now->rx_bps == -1)
		lacks(gate, "rate_above_floor",
		    "the rate on %s is not known yet", p->now->interface);
	else if (p->now->rx_bps >= most)
		lacks(gate, p->alone ? "only_path" : "rate_above_floor",
		    "inbound %s on %s, waiting for under %s%s",
		    drain_proof_rate(p->now->rx_bps, rate), p->now->interface,
		    drain_proof_rate(most, limit),
		    p->alone ? "; there is no other transit" : "");
}

void
drain_proof_judge(const struct drain_proof *p, struct drain_gate *gate)
{
	memset(gate, 0, sizeof(*gate));
	gate->seconds_left = -1;
	(void)snprintf(gate->upstream, sizeof(gate->upstream), "%s",
	    p->now->upstream);
	if (!p->before->established)
		(void)snprintf(gate->text, sizeof(gate->text),
		    "was down before: nothing to take off");
	else if (!p->now->established)
		lacks(gate, "session_down", "the session is down");
	else if (!has_announced(p->before, p->now))
		lacks(gate, "not_announced",
		    "the changed announcement has not been sent yet");
	else if (p->now->out_queue > 0)
		lacks(gate, "not_announced",
		    "%lld messages wait in the out queue",
		    (long long)p->now->out_queue);
	else if (!p->quiet)
		lacks(gate, "paths_in_use",
		    "best paths still move to other upstreams");
	else
		judge_rate(p, gate);
}

bool
drain_proof_is_quiet(uint64_t version_before, uint64_t version_now,
    uint64_t routes)
{
	uint64_t most = routes / QUIET_SHARE;

	if (most < QUIET_CHANGES)
		most = QUIET_CHANGES;
	return version_now >= version_before &&
	    version_now - version_before <= most;
}

bool
drain_proof_may_count(uint64_t routes)
{
	return routes <= COUNT_ROUTES;
}

/* End-of-RIB in every family that is there, or 90 % of what was there. */
static bool
has_routes(const struct drain_fact *before, const struct session *now,
    int64_t *received)
{
	bool ended = true;
	unsigned i;

	*received = 0;
	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!now->table[i].present)
			continue;
		*received += (int64_t)now->table[i].prefixes_received;
		ended = ended && now->table[i].end_of_rib;
	}
	return ended || before->prefixes_received <= 0 ||
	    *received * 100 >= before->prefixes_received * RETURN_PERCENT;
}

void
drain_proof_may_return(const struct drain_fact *before,
    const struct session *now, uint32_t min_s, struct drain_gate *gate)
{
	int64_t received;

	gate->why[0] = gate->text[0] = '\0';
	gate->seconds_left = -1;
	if (!now->established)
		lacks(gate, "session_down", "the session is %s",
		    now->known ? now->state : "not known");
	else if (!has_routes(before, now, &received))
		lacks(gate, "prefixes_missing",
		    "%lld of %lld prefixes before are there, waiting for "
		    "%d %% or the end-of-RIB",
		    (long long)received, (long long)before->prefixes_received,
		    RETURN_PERCENT);
	else if (now->uptime_s < (int64_t)min_s) {
		gate->seconds_left = (int64_t)min_s - now->uptime_s;
		lacks(gate, "too_early", "up for %lld s, waiting for %u s",
		    (long long)now->uptime_s, min_s);
	}
}
