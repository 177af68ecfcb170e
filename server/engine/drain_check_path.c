/* engine/drain_check_path.c - if this upstream goes, does another way remain?
 */
#include <stddef.h>

#include "engine/drain_check.h"
#include "engine/drain_check_path.h"
#include "engine/drain_proof.h"
#include "engine/drain_sent.h"
#include "engine/drain_want.h"
#include "engine/observe.h"
#include "frr/state.h"

enum {
	MEGA = 1000 * 1000
};

/* By reasons that are there already. */
static bool
is_drained(const struct drain_checking *k, const struct addr *neighbor)
{
	const struct drain_list *rows = &k->c->o->drains;
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (drain_want_covers(&rows->v[i], neighbor))
			return true;
	return false;
}

/* Established, and not drained nor about to be. */
static bool
remains(const struct drain_checking *k, const struct upstream *up)
{
	return up->session.established &&
	    !drain_covers(k->c->wanted, &up->neighbor) &&
	    !is_drained(k, &up->neighbor);
}

/*
 * Who carries a transit's traffic then? Another transit. An internal session
 * only on a router that installs no routes: it forwards nothing anyway, and
 * what comes in goes to the router that originates the prefix by another way.
 * Elsewhere nobody here knows whether the other router forwards.
 */
static bool
can_carry(const struct drain_checking *k, const struct upstream *up)
{
	if (up->role == UPSTREAM_INTERNAL)
		return k->router.announce_only;
	return up->role == UPSTREAM_TRANSIT;
}

/* Would what comes for this prefix come in there? Of one that nobody has been
 * sent, the sessions tell as far as they can. */
static bool
carries(const struct drain_checking *k, const struct upstream *up,
    const struct drain_sent *sent)
{
	unsigned family = sent->prefix.addr.family == 4 ? FAMILY_IPV4_UNICAST :
							  FAMILY_IPV6_UNICAST;

	if (!remains(k, up) || !up->family[family] || !can_carry(k, up))
		return false;
	if (up->role == UPSTREAM_INTERNAL)
		return true;
	if (sent->n == 0)
		return up->session.table[family].prefixes_sent > 0;
	return drain_sent_to(sent, &up->neighbor);
}

static void
check_prefix(const struct drain_checking *k, const struct drain_sent *sent)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	char text[PREFIX_TEXT_MAX];
	size_t i;

	for (i = 0; i < list->n; i++)
		if (carries(k, &list->v[i], sent))
			return;
	drain_check_unmet(k, true,
	    "only_path: no other established transit session announces %s and "
	    "would carry its traffic",
	    prefix_print(&sent->prefix, text));
}

/* What an established session has not been sent does not come in there. */
static void
check_prefixes(const struct drain_checking *k, const struct upstream *up)
{
	const struct drain_sent_list *list = k->c->sent;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!up->session.established ||
		    drain_sent_to(&list->v[i], &up->neighbor))
			check_prefix(k, &list->v[i]);
}

/* What the drained upstream is good for has to be there elsewhere. */
static void
check_upstream(const struct drain_checking *k, const struct upstream *up)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	size_t i;

	if (up->role == UPSTREAM_TRANSIT) {
		check_prefixes(k, up);
		return;
	}
	if (up->role != UPSTREAM_INTERNAL || !k->router.announce_only)
		return;
	/* It is where our prefixes come from. */
	for (i = 0; i < list->n; i++)
		if (list->v[i].role == UPSTREAM_INTERNAL &&
		    remains(k, &list->v[i]))
			return;
	drain_check_unmet(k, true,
	    "only_path: this router has its prefixes from %s alone",
	    up->name.s);
}

/* The present traffic of all transits against what the remaining ones can
 * carry; judged only where every one of them is known. */
static void
check_capacity(const struct drain_checking *k)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	char now[DRAIN_PROOF_RATE_MAX], room[DRAIN_PROOF_RATE_MAX];
	int64_t rx = 0, tx = 0, capacity = 0, most;
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		const struct upstream *up = &list->v[i];
		const struct drain_fact *f =
		    drain_facts_find(k->c->facts, &up->neighbor);

		if (up->role != UPSTREAM_TRANSIT)
			continue;
		if (f != NULL && f->rx_bps > 0)
			rx += f->rx_bps;
		if (f != NULL && f->tx_bps > 0)
			tx += f->tx_bps;
		if (!remains(k, up))
			continue;
		if (up->capacity_mbps == 0)
			return;
		capacity += (int64_t)up->capacity_mbps * MEGA;
		n++;
	}
	most = rx > tx ? rx : tx;
	if (n > 0 && most > capacity)
		drain_check_unmet(k, true,
		    "capacity: %s flow now, and the upstreams that remain have "
		    "%s together",
		    drain_proof_rate(most, now),
		    drain_proof_rate(capacity, room));
}

void
drain_check_path(const struct drain_checking *k, const struct upstream *up)
{
	/* Drained already, it takes nothing more away. */
	if (is_drained(k, &up->neighbor))
		return;
	check_upstream(k, up);
	if (up->role == UPSTREAM_TRANSIT)
		check_capacity(k);
}
