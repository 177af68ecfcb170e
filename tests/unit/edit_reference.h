/* tests/unit/edit_reference.h - the routers of ../shared/reference, whole. */
#ifndef TESTS_EDIT_REFERENCE_H
#define TESTS_EDIT_REFERENCE_H

#include "base/compat.h"
#include "edit_conf.h"

/* All made by hand, but for gre2: one that multihomed made. */
static inline void
reference_hobgp(struct edit_test *t)
{
	static const struct edit_link links[] = {
		{ "gre0", OP_LINK_GRE, "198.51.100.10", "198.51.100.44",
		    "2001:db8:300::2", NULL, 126, 1476,
		    "Transit-iFog-Frankfurt", false },
		{ "gre1", OP_LINK_GRE, "198.51.100.10", "198.51.100.45",
		    "fd00:ca::2", NULL, 64, 1476, "Transit-Lagrange-UK",
		    false },
		{ "gre2", OP_LINK_GRE, "198.51.100.10", "198.51.100.46",
		    "2001:db8:400::2", NULL, 64, 1476,
		    "Transit-route64-Frankfurt", true },
		{ "gif0", OP_LINK_GIF, "198.51.100.10", "203.0.113.10",
		    "2a06:9801:1c:ffff::1", "2a06:9801:1c:ffff::2", 128, 1480,
		    "Tunnel-to-Radon-Server", false },
		{ "gif1", OP_LINK_GIF, "198.51.100.10", "203.0.113.20",
		    "2a06:9801:1c:fffe::1", "2a06:9801:1c:fffe::2", 128, 1480,
		    "Tunnel-to-Vultr-Edge", false },
	};
	size_t i;

	edit_begin(t, conf_reference("reference/hobgp.frr.conf"));
	for (i = 0; i < NITEMS(links); i++)
		edit_tunnel_of(t, &links[i]);
	t->o.host.running.router[1] = edit_addr("2a06:9801:1c::1");
	t->o.host.boot.router[1] = edit_addr("2a06:9801:1c::1");
	edit_ready(t);
}

static inline void
reference_vtbgp(struct edit_test *t)
{
	static const struct edit_link gif0 = { "gif0", OP_LINK_GIF,
		"203.0.113.20", "198.51.100.10", "2a06:9801:1c:fffe::2",
		"2a06:9801:1c:fffe::1", 128, 1480, "Uplink-to-hobgp", false };
	struct op_route route;

	edit_begin(t, conf_reference("reference/vtbgp.frr.conf"));
	edit_tunnel_of(t, &gif0);
	edit_interface(t, "vtnet1", "203.0.113.20 2001:db8:f480::20");
	memset(&route, 0, sizeof(route));
	assert_int_equal(prefix_parse(&route.prefix, "2001:19f0:ffff::1", true,
			     NULL),
	    0);
	route.kind = OP_ROUTE_GATEWAY;
	route.gateway = edit_addr("fe80::1%vtnet0");
	host_set_route(&t->o.host, &route);
	t->o.host.routes[0].owned = t->o.host.routes[1].owned = 0;
	edit_ready(t);
}

#endif
