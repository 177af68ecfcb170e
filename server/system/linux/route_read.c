/* system/linux/route_read.c - the kernel's routes for one prefix. */
#include <sys/types.h>
#include <sys/socket.h>

#include <net/if.h>

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "system/linux/netlink.h"
#include "system/linux/route_cover.h"
#include "system/linux/route_read.h"

enum {
	ROUTE_READ_LOOKUPS = 64,
	ROUTE_READ_BELIEVE_MS = 60000,
	ROUTE_READ_REMEMBERED = 64
};

/* What the look-ups say of a prefix. */
enum answer {
	ANSWER_NONE,  /* no route of this very prefix */
	ANSWER_THERE, /* this one */
	ANSWER_UNSURE
};

bool
route_read_is_frr(uint8_t protocol)
{
	return protocol == RTPROT_ZEBRA || (protocol >= 186 && protocol <= 199);
}

static void
read_kind(struct route_seen *seen, const struct addr *gateway, int index,
    bool special)
{
	struct op_route *r = &seen->route;
	char name[IF_NAMESIZE] = "";

	if (index != 0 && if_indextoname((unsigned)index, name) == NULL)
		name[0] = '\0';
	r->kind = OP_ROUTE_OTHER;
	if (seen->type == RTN_BLACKHOLE) {
		r->kind = OP_ROUTE_BLACKHOLE;
	} else if (seen->type == RTN_UNREACHABLE) {
		r->kind = OP_ROUTE_REJECT;
	} else if (seen->type != RTN_UNICAST || special) {
		return;
	} else if (gateway->family != 0) {
		r->kind = OP_ROUTE_GATEWAY;
		r->gateway = *gateway;
		if (addr_is_link_local(gateway))
			memcpy(r->gateway.zone, name, sizeof(name));
	} else if (name[0] != '\0') {
		r->kind = OP_ROUTE_INTERFACE;
		memcpy(r->interface, name, sizeof(name));
	}
}

bool
route_read_message(const struct netlink_message *m, struct route_seen *seen)
{
	struct netlink_attrs attrs, value;
	struct addr gateway = { 0 };
	struct rtmsg fixed;
	bool special = false;
	uint16_t type;
	int index = 0;

	memset(seen, 0, sizeof(*seen));
	if (m->type != RTM_NEWROUTE ||
	    !netlink_split(m, &fixed, sizeof(fixed), &attrs) ||
	    (fixed.rtm_family != AF_INET && fixed.rtm_family != AF_INET6))
		return false;
	seen->protocol = fixed.rtm_protocol;
	seen->type = fixed.rtm_type;
	seen->table = fixed.rtm_table;
	seen->route.prefix.addr.family = fixed.rtm_family == AF_INET ? 4 : 6;
	seen->route.prefix.len = fixed.rtm_dst_len;
	while (netlink_next(&attrs, &type, &value)) {
		if (type == RTA_DST)
			netlink_addr(&value, &seen->route.prefix.addr);
		else if (type == RTA_GATEWAY)
			netlink_addr(&value, &gateway);
		else if (type == RTA_OIF)
			index = (int)netlink_u32(&value);
		else if (type == RTA_PRIORITY)
			seen->metric = netlink_u32(&value);
		else if (type == RTA_TABLE)
			seen->table = netlink_u32(&value);
		else if (type == RTA_MULTIPATH || type == RTA_VIA ||
		    type == RTA_ENCAP || type == RTA_SRC)
			special = true;
	}
	seen->route.where = OP_RUNNING;
	read_kind(seen, &gateway, index, special);
	return true;
}

static void
each_match(const struct netlink_message *m, void *arg)
{
	struct route_seen *seen = arg;

	if (m == NULL)
		memset(seen, 0, sizeof(*seen));
	else
		(void)route_read_message(m, seen);
}

/* The route that a packet to this address takes; *refused is why none. */
static int
look_up(const struct addr *a, struct route_seen *seen, int *refused,
    struct err *err)
{
	struct rtmsg fixed = { 0 };
	struct netlink_request r;

	fixed.rtm_family = a->family == 4 ? AF_INET : AF_INET6;
	fixed.rtm_dst_len = a->family == 4 ? 32 : 128;
	fixed.rtm_flags = RTM_F_FIB_MATCH;
	netlink_request_init(&r, RTM_GETROUTE, 0, &fixed, sizeof(fixed));
	netlink_request_add(&r, RTA_DST, a->bytes, a->family == 4 ? 4 : 16);
	if (netlink_ask(NETLINK_ROUTE, &r, each_match, seen, refused, err) ==
	    -1)
		return -1;
	if (*refused == 0 && seen->route.prefix.addr.family == 0)
		return err_set(err, ERR_PROTOCOL,
		    "the kernel answered a route look-up with something else");
	return 0;
}

static bool
is_unspecified4(const struct addr *a)
{
	static const uint8_t zero[4];

	return a->family == 4 && memcmp(a->bytes, zero, sizeof(zero)) == 0;
}

/*
 * Looks at addresses in the prefix that no more specific route covers: the
 * route there is the one of this prefix, or there is none. why is what made
 * the answer unsure: the kernel's errno, or minus FRR's protocol.
 */
static int
search(const struct prefix *p, struct route_seen *seen, enum answer *answer,
    int *why, struct err *err)
{
	static struct route_cover cover;
	int i, refused = 0;
	struct addr at;

	*answer = ANSWER_UNSURE;
	*why = 0;
	route_cover_init(&cover, p);
	for (i = 0; i < ROUTE_READ_LOOKUPS; i++) {
		if (!route_cover_next(&cover, &at))
			return 0;
		/* The kernel takes 0.0.0.0 for itself. */
		if (is_unspecified4(&at)) {
			route_cover_take(&cover, &at, 8);
			continue;
		}
		if (look_up(&at, seen, &refused, err) == -1)
			return -1;
		if (refused == ENETUNREACH) {
			*answer = ANSWER_NONE;
			return 0;
		}
		if (refused != 0) {
			*why = refused;
			return 0;
		}
		if (seen->route.prefix.len < p->len) {
			*answer = ANSWER_NONE;
			return 0;
		}
		if (seen->route.prefix.len == p->len &&
		    seen->table == RT_TABLE_MAIN) {
			if (route_read_is_frr(seen->protocol))
				*why = -seen->protocol;
			else
				*answer = ANSWER_THERE;
			return 0;
		}
		route_cover_take(&cover, &at, seen->route.prefix.len);
	}
	return 0;
}

struct walk {
	const struct prefix *prefix;
	struct route_seen found;
	bool any;
};

static void
each_walked(const struct netlink_message *m, void *arg)
{
	struct walk *w = arg;
	struct route_seen seen;

	if (m == NULL) {
		w->any = false;
		return;
	}
	/* The kernel filters; what it did not is no answer of ours. */
	if (!w->any && route_read_message(m, &seen) &&
	    seen.table == RT_TABLE_MAIN && !route_read_is_frr(seen.protocol) &&
	    prefix_equal(&seen.route.prefix, w->prefix)) {
		w->found = seen;
		w->any = true;
	}
}

/* Goes through the table in the kernel: 35 ms for 240,000 routes. */
static int
walk(struct walk *w, uint8_t type, uint8_t protocol, struct err *err)
{
	struct rtmsg fixed = { 0 };
	struct netlink_request r;
	int refused;

	fixed.rtm_family = w->prefix->addr.family == 4 ? AF_INET : AF_INET6;
	fixed.rtm_table = RT_TABLE_MAIN;
	fixed.rtm_type = type;
	fixed.rtm_protocol = protocol;
	netlink_request_init(&r, RTM_GETROUTE, NLM_F_DUMP, &fixed,
	    sizeof(fixed));
	if (netlink_ask(NETLINK_ROUTE, &r, each_walked, w, &refused, err) == -1)
		return -1;
	if (refused != 0 && refused != ENOENT) {
		errno = refused;
		return err_set_errno(err, ERR_SYSTEM, "read routes");
	}
	return 0;
}

/* By what made the look-ups unsure. */
static int
walk_for(struct walk *w, int why, struct err *err)
{
	static const uint8_t by_hand[] = { ROUTE_READ_PROTOCOL, RTPROT_STATIC,
		RTPROT_BOOT };
	size_t i;

	if (why == EINVAL)
		return walk(w, RTN_BLACKHOLE, 0, err);
	if (why == EHOSTUNREACH)
		return walk(w, RTN_UNREACHABLE, 0, err);
	if (why == EACCES)
		return walk(w, RTN_PROHIBIT, 0, err);
	for (i = 0; i < NITEMS(by_hand) && !w->any; i++)
		if (walk(w, 0, by_hand[i], err) == -1)
			return -1;
	return 0;
}

/* What walks have found, so that they are rare. */
static struct remembered {
	struct prefix prefix;
	int why;
	int64_t until_ms;
	bool any;
	struct route_seen found;
} memory[ROUTE_READ_REMEMBERED];
static size_t memory_next;

static struct remembered *
recall(const struct prefix *p)
{
	size_t i;

	for (i = 0; i < NITEMS(memory); i++)
		if (memory[i].prefix.addr.family != 0 &&
		    prefix_equal(&memory[i].prefix, p))
			return &memory[i];
	return NULL;
}

static void
remember(const struct walk *w, int why)
{
	struct remembered *one = recall(w->prefix);

	if (one == NULL) {
		one = &memory[memory_next];
		memory_next = (memory_next + 1) % NITEMS(memory);
	}
	*one = (struct remembered) { *w->prefix, why,
		clock_ms() + ROUTE_READ_BELIEVE_MS, w->any, w->found };
}

int
route_read_exact(const struct prefix *p, bool fresh, struct route_seen *seen,
    bool *found, struct err *err)
{
	struct walk w = { .prefix = p };
	const struct remembered *old;
	enum answer answer;
	int why;

	if (search(p, seen, &answer, &why, err) == -1)
		return -1;
	*found = answer == ANSWER_THERE;
	if (answer != ANSWER_UNSURE)
		return 0;
	old = recall(p);
	if (!fresh && old != NULL && old->why == why &&
	    clock_ms() < old->until_ms) {
		*found = old->any;
		*seen = old->found;
		return 0;
	}
	if (walk_for(&w, why, err) == -1)
		return -1;
	remember(&w, why);
	*found = w.any;
	*seen = w.found;
	return 0;
}
