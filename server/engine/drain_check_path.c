/* engine/drain_check_path.c - if this upstream goes, does another way remain?
 */
#include <stdlib.h>

#include "base/mem.h"
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

/* By a reason of its own. The router's says nothing here: it ends, after a
 * reboot by itself, and what is then still drained must not be all there was.
 */
static bool
is_drained(const struct drain_checking *k, const struct addr *neighbor)
{
	const struct drain_list *rows = &k->c->o->drains;
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (!drain_is_router(&rows->v[i]) &&
		    drain_want_covers(&rows->v[i], neighbor))
			return true;
	return false;
}

/* Does a reason of its own take away as much already, and stay? */
static bool
is_taken(const struct drain_checking *k, const struct addr *neighbor)
{
	const struct drain_list *rows = &k->c->o->drains;
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (!drain_is_router(&rows->v[i]) &&
		    drain_covers(&rows->v[i], neighbor) &&
		    rows->v[i].phase != DRAIN_RETURNING &&
		    (k->c->wanted->mode == DRAIN_SHIFT ||
			drain_holds_down(&rows->v[i])))
			return true;
	return false;
}

/* The sessions that the router's reasons have shut, as they were before. */
static void
load_shut(struct drain_checking *k)
{
	const struct drain_list *rows = &k->c->o->drains;
	struct drain_facts *before = mem_calloc(1, sizeof(*before));
	size_t i, j;

	k->shut = mem_calloc(1, sizeof(*k->shut));
	for (i = 0; i < rows->n; i++) {
		if (!drain_is_router(&rows->v[i]) ||
		    !drain_holds_down(&rows->v[i]))
			continue;
		drain_facts_load(before, rows->v[i].before);
		for (j = 0; j < before->n; j++)
			if (before->v[j].established &&
			    k->shut->n < DRAIN_FACTS_MAX)
				k->shut->v[k->shut->n++] = before->v[j];
	}
	free(before);
}

/*
 * Not drained nor about to be, and established. Under a drained router that
 * means: when its reason ends. What that has shut comes back with it, and
 * counts when it was established before; what is down beside it does not.
 */
static bool
remains(const struct drain_checking *k, const struct upstream *up)
{
	return (up->session.established ||
		   drain_facts_find(k->shut, &up->neighbor) != NULL) &&
	    !drain_covers(k->c->wanted, &up->neighbor) &&
	    !is_drained(k, &up->neighbor);
}

/* The other router sends our prefixes as the last way. What we have made of
 * that ourselves, draining the session, tells nothing of it. */
static bool
is_drained_itself(const struct drain_checking *k, const struct upstream *up)
{
	char text[ADDR_TEXT_MAX];

	return up->role == UPSTREAM_INTERNAL &&
	    drain_map_find(&k->c->o->marks, addr_print(&up->neighbor, text)) ==
	    NULL &&
	    drain_sent_by_drained(k->c->sent, &up->neighbor);
}

/*
 * Who carries a transit's traffic then? Another transit. An internal session
 * only on a router that installs no routes: it forwards nothing anyway, and
 * what comes in goes to the router that originates the prefix by another way,
 * unless that one is on its way out. Elsewhere nobody here knows whether the
 * other router forwards.
 */
static bool
can_carry(const struct drain_checking *k, const struct upstream *up)
{
	if (up->role == UPSTREAM_INTERNAL)
		return k->router.announce_only && !is_drained_itself(k, up);
	return up->role == UPSTREAM_TRANSIT;
}

static bool
is_sent_any(const struct drain_checking *k, const struct upstream *up,
    unsigned family)
{
	const struct drain_fact *before =
	    drain_facts_find(k->shut, &up->neighbor);

	return up->session.table[family].prefixes_sent > 0 ||
	    (!up->session.established && before != NULL &&
		before->prefixes_sent > 0);
}

/* Would it carry what another transit brings of this family? */
static bool
stands_in(const struct drain_checking *k, const struct upstream *up,
    unsigned family)
{
	return remains(k, up) && up->family[family] && can_carry(k, up);
}

/* Would what comes for this prefix come in there? Of one that nobody has been
 * sent, or of a session that is shut, the counts tell as far as they can. */
static bool
carries(const struct drain_checking *k, const struct upstream *up,
    const struct drain_sent *sent)
{
	unsigned family = family_of(&sent->prefix.addr);

	if (!stands_in(k, up, family))
		return false;
	if (up->role == UPSTREAM_INTERNAL)
		return true;
	if (sent->n == 0 || !up->session.established)
		return is_sent_any(k, up, family);
	return drain_sent_to(sent, &up->neighbor);
}

static const char *
when(const struct drain_checking *k)
{
	const struct drain_list *rows = &k->c->o->drains;
	size_t i;

	for (i = 0; i < rows->n; i++)
		if (drain_is_router(&rows->v[i]))
			return "once the router's own drain ends, ";
	return "";
}

static void
check_prefix(const struct drain_checking *k, const struct drain_sent *sent)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	const struct upstream *gone = NULL;
	char text[PREFIX_TEXT_MAX];
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (carries(k, &list->v[i], sent))
			return;
		if (k->router.announce_only &&
		    is_drained_itself(k, &list->v[i]))
			gone = &list->v[i];
	}
	drain_check_unmet(k, true,
	    "only_path: %sno other established transit session announces %s "
	    "and would carry its traffic%s%s%s",
	    when(k), prefix_print(&sent->prefix, text),
	    gone == NULL ? "" : ", and ", gone == NULL ? "" : gone->name.s,
	    gone == NULL ? "" : " is drained itself");
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

/*
 * More is announced there than could be asked for by name: what a list lets out
 * with "le", an aggregate, or what is past DRAIN_SENT_MAX. Which, only a walk
 * through bgpd's table would tell, and bgpd does nothing else meanwhile. So
 * another way has to be there for its family at least.
 */
static void
check_unlisted(const struct drain_checking *k, const struct upstream *up,
    unsigned family)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	const struct drain_sent_list *sent = k->c->sent;
	uint64_t all = up->session.table[family].prefixes_sent, asked = 0;
	size_t i;

	for (i = 0; i < sent->n; i++)
		if (family_of(&sent->v[i].prefix.addr) == family &&
		    drain_sent_to(&sent->v[i], &up->neighbor))
			asked++;
	if (!up->session.established || !up->family[family] || all <= asked)
		return;
	for (i = 0; i < list->n; i++)
		if (stands_in(k, &list->v[i], family) &&
		    (list->v[i].role == UPSTREAM_INTERNAL ||
			is_sent_any(k, &list->v[i], family)))
			return;
	drain_check_unmet(k, true,
	    "only_path: %llu prefixes of %s are announced to %s, %llu of them "
	    "not looked at one by one, and no other established transit "
	    "announces any",
	    (unsigned long long)all, family_name(family), up->name.s,
	    (unsigned long long)(all - asked));
}

/* What the drained upstream is good for has to be there elsewhere. */
static void
check_upstream(const struct drain_checking *k, const struct upstream *up)
{
	const struct upstream_list *list = &k->c->o->upstreams;
	unsigned family;
	size_t i;

	if (up->role == UPSTREAM_TRANSIT) {
		check_prefixes(k, up);
		for (family = 0; family < FAMILIES; family++)
			check_unlisted(k, up, family);
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
	    "only_path: %sthis router has its prefixes from %s alone", when(k),
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
drain_check_path(struct drain_checking *k, const struct upstream *up)
{
	if (is_taken(k, &up->neighbor))
		return;
	load_shut(k);
	check_upstream(k, up);
	if (up->role == UPSTREAM_TRANSIT)
		check_capacity(k);
	free(k->shut);
	k->shut = NULL;
}
