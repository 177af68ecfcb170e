/* system/linux/link_read.c - tunnels as the kernel tells of them. */
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include <netinet/in.h>

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "base/name.h"
#include "system/linux/link_read.h"
#include "system/linux/netlink.h"

/* Since Linux 5.18; older headers have no names for them. */
enum {
	LINK_READ_ADDR_ORIGIN = 11, /* IFA_PROTO */
	LINK_READ_KERNEL_LOCAL = 3  /* IFAPROT_KERNEL_LL */
};

static const char *const reserved[] = { "gre0", "gretap0", "erspan0", "sit0",
	"tunl0", "ip6tnl0", "ip6gre0", "ip_vti0", "ip6_vti0", NULL };

bool
link_read_reserved(const char *name)
{
	size_t i;

	for (i = 0; reserved[i] != NULL; i++)
		if (strcmp(reserved[i], name) == 0)
			return true;
	return false;
}

/* What IFLA_INFO_DATA says of a GRE tunnel. */
static void
read_gre(struct netlink_attrs data, struct op_link *l)
{
	struct netlink_attrs value;
	bool more = false;
	uint16_t type;

	while (netlink_next(&data, &type, &value)) {
		if (type == IFLA_GRE_LOCAL)
			netlink_addr(&value, &l->local);
		else if (type == IFLA_GRE_REMOTE)
			netlink_addr(&value, &l->remote);
		else if (type == IFLA_GRE_LINK || type == IFLA_GRE_FWMARK)
			more |= netlink_u32(&value) != 0;
		else if (type == IFLA_GRE_IFLAGS || type == IFLA_GRE_OFLAGS ||
		    type == IFLA_GRE_ENCAP_TYPE)
			more |= netlink_u16(&value) != 0;
		else if (type == IFLA_GRE_COLLECT_METADATA)
			more = true;
	}
	l->kind = more ? OP_LINK_OTHER : OP_LINK_GRE;
}

/* And of the three that carry IP in IP. */
static void
read_ip(struct netlink_attrs data, struct op_link *l)
{
	struct netlink_attrs value;
	bool more = false;
	uint16_t type;
	int carried = 0;

	while (netlink_next(&data, &type, &value)) {
		if (type == IFLA_IPTUN_LOCAL)
			netlink_addr(&value, &l->local);
		else if (type == IFLA_IPTUN_REMOTE)
			netlink_addr(&value, &l->remote);
		else if (type == IFLA_IPTUN_PROTO)
			carried = netlink_u8(&value);
		else if (type == IFLA_IPTUN_LINK || type == IFLA_IPTUN_FWMARK)
			more |= netlink_u32(&value) != 0;
		else if (type == IFLA_IPTUN_ENCAP_TYPE)
			more |= netlink_u16(&value) != 0;
		else if (type == IFLA_IPTUN_COLLECT_METADATA)
			more = true;
	}
	l->kind = more ? OP_LINK_OTHER : OP_LINK_GIF;
	if (carried == IPPROTO_IPV6)
		l->inner = 6;
	else if (carried == IPPROTO_IPIP)
		l->inner = 4;
	else if (carried != 0)
		l->kind = OP_LINK_OTHER; /* MPLS */
}

static bool
unset(const struct addr *a)
{
	static const uint8_t zero[16];

	return a->family == 0 || memcmp(a->bytes, zero, sizeof(zero)) == 0;
}

static void
read_info(struct netlink_attrs info, struct link_seen *seen)
{
	struct netlink_attrs value, data = { NULL, 0 };
	struct op_link *l = &seen->link;
	uint16_t type;

	while (netlink_next(&info, &type, &value)) {
		if (type == IFLA_INFO_KIND)
			netlink_text(&value, seen->type, sizeof(seen->type));
		else if (type == IFLA_INFO_DATA)
			data = value;
	}
	if (strcmp(seen->type, "gre") == 0 || strcmp(seen->type, "ip6gre") == 0)
		read_gre(data, l);
	else if (strcmp(seen->type, "sit") == 0 ||
	    strcmp(seen->type, "ipip") == 0 ||
	    strcmp(seen->type, "ip6tnl") == 0)
		read_ip(data, l);
	else
		return;
	if (unset(&l->local) || unset(&l->remote)) {
		/* Far ends that are found as it goes. */
		l->kind = OP_LINK_OTHER;
		l->local = l->remote = (struct addr) { 0 };
	}
}

/* Any bytes may have been set by hand; what is told on is plain text. */
static void
read_description(const struct netlink_attrs *value, struct op_link *l)
{
	char *p;

	netlink_text(value, l->description, sizeof(l->description));
	for (p = l->description; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
}

bool
link_read_message(const struct netlink_message *m, struct link_seen *seen)
{
	struct netlink_attrs attrs, value, info = { NULL, 0 };
	struct op_link *l = &seen->link;
	struct ifinfomsg fixed;
	struct if_name safe;
	uint16_t type;

	memset(seen, 0, sizeof(*seen));
	if (m->type != RTM_NEWLINK ||
	    !netlink_split(m, &fixed, sizeof(fixed), &attrs))
		return false;
	seen->index = fixed.ifi_index;
	l->where = OP_RUNNING;
	l->up = (fixed.ifi_flags & IFF_UP) != 0;
	l->mtu_set = 1;
	while (netlink_next(&attrs, &type, &value)) {
		if (type == IFLA_IFNAME)
			netlink_text(&value, l->name, sizeof(l->name));
		else if (type == IFLA_MTU)
			l->mtu = netlink_u32(&value);
		else if (type == IFLA_IFALIAS)
			read_description(&value, l);
		else if (type == IFLA_LINKINFO)
			info = value;
	}
	/* What Linux allows in a name and nobody else does is not told. */
	if (!link_read_reserved(l->name) &&
	    if_name_parse(&safe, l->name, NULL) == 0)
		read_info(info, seen);
	return true;
}

/* Before 5.18 the kernel does not say which addresses it made itself. */
static bool
origin_is_told(void)
{
	static int told = -1;
	struct utsname u;
	long major, minor = 0;
	char *end;

	if (told == -1 && uname(&u) == 0) {
		major = strtol(u.release, &end, 10);
		if (*end == '.')
			minor = strtol(end + 1, NULL, 10);
		told = major > 5 || (major == 5 && minor >= 18);
	}
	return told == 1;
}

static bool
read_address(const struct netlink_message *m, int *index, struct op_address *a)
{
	struct netlink_attrs attrs, value;
	struct addr local = { 0 }, far = { 0 };
	struct ifaddrmsg fixed;
	uint8_t origin = 0;
	uint16_t type;

	memset(a, 0, sizeof(*a));
	if (m->type != RTM_NEWADDR ||
	    !netlink_split(m, &fixed, sizeof(fixed), &attrs))
		return false;
	while (netlink_next(&attrs, &type, &value)) {
		if (type == IFA_LOCAL)
			netlink_addr(&value, &local);
		else if (type == IFA_ADDRESS)
			netlink_addr(&value, &far);
		else if (type == LINK_READ_ADDR_ORIGIN)
			origin = netlink_u8(&value);
	}
	*index = (int)fixed.ifa_index;
	a->prefix_length = fixed.ifa_prefixlen;
	a->address = local.family != 0 ? local : far;
	if (local.family != 0 && far.family != 0 && !addr_equal(&local, &far))
		a->peer = far;
	if (addr_is_link_local(&a->address) &&
	    (origin == LINK_READ_KERNEL_LOCAL || !origin_is_told()))
		return false;
	return a->address.family != 0;
}

/* On a sit tunnel the kernel makes fe80:: with the IPv4 address at the end, and
 * does not say so. */
static bool
is_of_sit(const struct op_link *l, const struct addr *a)
{
	static const uint8_t zero[10];

	return l->kind != OP_LINK_GRE && addr_is_link_local(a) &&
	    memcmp(a->bytes + 2, zero, sizeof(zero)) == 0 && a->bytes[12] != 0;
}

/* In ascending order: the kernel's own order changes with each up and down. */
static void
add_address(struct op_link *l, const struct op_address *a)
{
	size_t i = l->n_addresses;

	if (i == OP_LINK_ADDRS || is_of_sit(l, &a->address))
		return;
	for (; i > 0 &&
	     addr_compare(&l->addresses[i - 1].address, &a->address) > 0;
	     i--)
		l->addresses[i] = l->addresses[i - 1];
	l->addresses[i] = *a;
	l->n_addresses++;
}

struct all {
	struct op_link *list;
	int index[OP_LINKS_MAX];
	size_t max, n;
	size_t last; /* where the last address went: they come in order */
};

static void
each_link(const struct netlink_message *m, void *arg)
{
	struct all *all = arg;
	struct link_seen seen;

	if (m == NULL) {
		all->n = 0;
		return;
	}
	if (!link_read_message(m, &seen) || seen.link.kind == 0 ||
	    all->n == all->max)
		return;
	all->index[all->n] = seen.index;
	all->list[all->n++] = seen.link;
}

static void
each_address(const struct netlink_message *m, void *arg)
{
	struct all *all = arg;
	struct op_address a;
	size_t i, at;
	int index;

	if (m == NULL) {
		for (i = 0; i < all->n; i++)
			all->list[i].n_addresses = 0;
		all->last = 0;
		return;
	}
	if (!read_address(m, &index, &a))
		return;
	for (i = 0; i < all->n; i++) {
		at = (all->last + i) % all->n;
		if (all->index[at] == index) {
			add_address(&all->list[at], &a);
			all->last = at;
			return;
		}
	}
}

static int
ask_addresses(int index, struct all *all, struct err *err)
{
	struct ifaddrmsg fixed = { .ifa_index = (unsigned)index };
	struct netlink_request r;
	int refused;

	netlink_request_init(&r, RTM_GETADDR, NLM_F_DUMP, &fixed,
	    sizeof(fixed));
	if (netlink_ask(NETLINK_ROUTE, &r, each_address, all, &refused, err) ==
	    -1)
		return -1;
	/* Gone since it was told: an interface without addresses. */
	if (refused != 0 && refused != ENODEV) {
		errno = refused;
		return err_set_errno(err, ERR_SYSTEM, "read addresses");
	}
	return 0;
}

/* Statistics are most of what the kernel says of a link, and not wanted. */
static void
link_request(struct netlink_request *r, uint16_t flags)
{
	struct ifinfomsg fixed = { 0 };
	uint32_t mask = RTEXT_FILTER_SKIP_STATS;

	netlink_request_init(r, RTM_GETLINK, flags, &fixed, sizeof(fixed));
	netlink_request_add(r, IFLA_EXT_MASK, &mask, sizeof(mask));
}

int
link_read_all(struct op_link *list, size_t max, size_t *n, struct err *err)
{
	static struct all all;
	struct netlink_request r;
	size_t i;
	int refused;

	*n = 0;
	all.list = list;
	all.max = max < NITEMS(all.index) ? max : NITEMS(all.index);
	link_request(&r, NLM_F_DUMP);
	if (netlink_ask(NETLINK_ROUTE, &r, each_link, &all, &refused, err) ==
	    -1)
		return -1;
	if (refused != 0) {
		errno = refused;
		return err_set_errno(err, ERR_SYSTEM, "read interfaces");
	}
	for (i = 0; i < all.n; i++)
		memset(list[i].addresses, 0, sizeof(list[i].addresses));
	if (all.n > 0 && ask_addresses(0, &all, err) == -1)
		return -1;
	*n = all.n;
	return 0;
}

static void
each_one(const struct netlink_message *m, void *arg)
{
	if (m != NULL)
		(void)link_read_message(m, arg);
}

int
link_read_one(const char *name, struct link_seen *seen, struct err *err)
{
	static struct all all;
	struct netlink_request r;
	int refused;

	memset(seen, 0, sizeof(*seen));
	link_request(&r, 0);
	netlink_request_add(&r, IFLA_IFNAME, name, strlen(name) + 1);
	if (netlink_ask(NETLINK_ROUTE, &r, each_one, seen, &refused, err) == -1)
		return -1;
	if (refused == ENODEV) {
		memset(seen, 0, sizeof(*seen));
		return 0;
	}
	if (refused != 0 || seen->index == 0) {
		errno = refused;
		return err_set_errno(err, ERR_SYSTEM, "read interface %s",
		    name);
	}
	all.list = &seen->link;
	all.index[0] = seen->index;
	all.n = all.max = 1;
	return ask_addresses(seen->index, &all, err);
}
