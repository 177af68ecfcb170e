/* tests/unit/test_system_freebsd_parse.c - what FreeBSD's tools say, read. */
/* links: system/freebsd/words system/freebsd/unit system/freebsd/inner
 * system/freebsd/ifconfig system/freebsd/route_get system/freebsd/rcconf
 * system/freebsd/boot_link_parse wire/op wire/op_check wire/op_link
 * wire/op_key wire/op_route wire/op_firewall base/addr base/buf base/clock
 * base/err base/io base/log base/name base/number base/rfc3339 base/md5key
 * base/crypto */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "shared_file.h"
#include "system/freebsd/boot_link.h"
#include "system/freebsd/ifconfig.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/route_get.h"
#include "system/freebsd/words.h"

static struct op_link list[16];

static size_t
parse(const char *text)
{
	static char bytes[8192];

	assert_true(strlen(text) < sizeof(bytes));
	(void)snprintf(bytes, sizeof(bytes), "%s", text);
	return ifconfig_parse(bytes, list, 16);
}

static void
assert_addr(const struct addr *a, const char *want)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_print(a, text), want);
}

static void
test_ifconfig(void **state)
{
	size_t n, i;

	(void)state;
	n = parse("lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 "
		  "mtu 16384\n"
		  "\tinet 127.0.0.1 netmask 0xff000000\n"
		  "\tgroups: lo\n"
		  "gre0: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> metric 0 "
		  "mtu 1480\n"
		  "\tdescription: Transit-iFog-Frankfurt BGPTunnel\n"
		  "\toptions=80000<LINKSTATE>\n"
		  "\ttunnel inet 198.51.100.10 --> 198.51.100.44\n"
		  "\tinet6 fe80::7869:7f6e:e05e:1239%gre0 prefixlen 64 "
		  "scopeid 0x2\n"
		  "\tinet6 2001:db8:300::2 prefixlen 126 tentative\n"
		  "\tinet6 2a06:9801:1c:ffff::1 --> 2a06:9801:1c:ffff::2 "
		  "prefixlen 128\n"
		  "\tinet6 ff02::1%gre0 prefixlen 64 scopeid 0x2\n"
		  "\tinet 10.0.0.5 --> 10.0.0.6 netmask 0xfffffffc\n"
		  "\tinet 10.3.3.1 --> 10.2.2.2 netmask 0xffffffff\n"
		  "\tgroups: gre\n"
		  "\tnd6 options=21<PERFORMNUD,AUTO_LINKLOCAL>\n"
		  "up6: flags=8010<POINTOPOINT,MULTICAST> metric 0 mtu 1280\n"
		  "\tdescription: line1\n"
		  "line2\n"
		  "\ttunnel inet6 2001:db8:f480::20 --> 2001:db8:f480::30\n"
		  "\tgroups: gif\n");
	assert_int_equal(n, 2);
	assert_string_equal(list[0].name, "gre0");
	assert_int_equal(list[0].kind, OP_LINK_GRE);
	assert_int_equal(list[0].up, 1);
	assert_int_equal(list[0].mtu, 1480);
	assert_string_equal(list[0].description,
	    "Transit-iFog-Frankfurt BGPTunnel");
	assert_addr(&list[0].local, "198.51.100.10");
	assert_addr(&list[0].remote, "198.51.100.44");
	assert_int_equal(list[0].n_addresses, 4);
	assert_int_equal(list[0].addresses[0].prefix_length, 126);
	assert_addr(&list[0].addresses[1].peer, "2a06:9801:1c:ffff::2");
	assert_int_equal(list[0].addresses[2].peer.family, 0);
	assert_int_equal(list[0].addresses[2].prefix_length, 30);
	assert_addr(&list[0].addresses[3].peer, "10.2.2.2");
	assert_string_equal(list[1].name, "up6");
	assert_int_equal(list[1].kind, OP_LINK_GIF);
	assert_int_equal(list[1].up, 0);
	assert_string_equal(list[1].description, "line1");
	assert_addr(&list[1].remote, "2001:db8:f480::30");
	for (i = 0; i < n; i++)
		assert_int_equal(op_link_check(&list[i], OP_LINKS, NULL), 0);
}

/* Every output of ifconfig in the transcripts, whatever else they hold. */
static void
test_transcripts(void **state)
{
	static const struct {
		const char *file;
		size_t tunnels;
	} files[] = { { "freebsd/10-gre.txt", 28 },
		{ "freebsd/11-gif.txt", 15 },
		{ "freebsd/12-iface-followup.txt", 5 },
		{ "freebsd/42-boot.txt", 12 } };
	static struct op_link found[512];
	size_t i, j, n;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buf b = BUF_INIT;

		shared_file(files[i].file, &b);
		n = ifconfig_parse(b.data, found, 512);
		assert_int_equal(n, files[i].tunnels);
		for (j = 0; j < n; j++)
			assert_int_equal(op_link_check(&found[j], OP_LINKS,
					     NULL),
			    0);
		buf_clear(&b);
	}
}

static bool
get(const char *text, uint8_t family, struct route_get *g)
{
	static char bytes[4096];

	(void)snprintf(bytes, sizeof(bytes), "%s", text);
	return route_get_parse(bytes, family, g);
}

static void
check_route(const char *text, int weight, uint8_t family, const char *prefix,
    uint8_t kind, struct route_get *g)
{
	char all[2048], shown[PREFIX_TEXT_MAX];

	(void)snprintf(all, sizeof(all),
	    "%s recvpipe  sendpipe  ssthresh  rtt,msec    mtu        weight    "
	    "expire\n       0         0         0         0      1500         "
	    "%d         0 \n",
	    text, weight);
	assert_true(get(all, family, g));
	assert_string_equal(prefix_print(&g->route.prefix, shown), prefix);
	assert_int_equal(g->route.kind, kind);
	assert_int_equal(g->multipath, weight == 0);
}

static void
test_route_get(void **state)
{
	struct route_get g;

	(void)state;
	check_route("   route to: 2001:19f0:ffff::1\n"
		    "destination: 2001:19f0:ffff::1\n"
		    "    gateway: fe80::1%vtnet0\n        fib: 0\n"
		    "  interface: vtnet0\n"
		    "      flags: <UP,GATEWAY,HOST,DONE,STATIC>\n",
	    1, 6, "2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY, &g);
	assert_addr(&g.route.gateway, "fe80::1%vtnet0");
	assert_true(g.by_hand);
	check_route("   route to: 2001:19f0:ffff::1\n"
		    "destination: 2001:19f0:ffff::1\n"
		    "    gateway: 2001:db8:f480::1\n  interface: epair0a\n"
		    "      flags: <UP,GATEWAY,HOST,DONE,STATIC>\n",
	    0, 6, "2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY, &g);
	check_route(
	    "destination: 2a06:9801:1c::\n       mask: ffff:ffff:ffff::\n"
	    "    gateway: ::1\n        fib: 0\n  interface: lo0\n"
	    "      flags: <UP,GATEWAY,REJECT,DONE,STATIC>\n",
	    1, 6, "2a06:9801:1c::/48", OP_ROUTE_REJECT, &g);
	check_route(
	    "destination: 2001:db8:400::\n       mask: ffff:ffff:ffff::\n"
	    "        fib: 0\n  interface: gif0\n"
	    "      flags: <UP,DONE,STATIC>\n",
	    1, 6, "2001:db8:400::/48", OP_ROUTE_INTERFACE, &g);
	assert_string_equal(g.route.interface, "gif0");
	check_route("destination: 203.0.113.0\n       mask: 255.255.255.0\n"
		    "    gateway: 192.0.2.254\n  interface: epair0a\n"
		    "      flags: <UP,GATEWAY,DONE,STATIC>\n",
	    1, 4, "203.0.113.0/24", OP_ROUTE_GATEWAY, &g);
	check_route("destination: ::\n       mask: ::\n"
		    "    gateway: 2001:db8:f480::1\n  interface: epair0a\n"
		    "      flags: <UP,GATEWAY,DONE,STATIC>\n",
	    1, 6, "::/0", OP_ROUTE_GATEWAY, &g);
	check_route("destination: 2001:db8:f480::\n"
		    "       mask: ffff:ffff:ffff:ffff::\n  interface: epair0a\n"
		    "      flags: <UP,DONE,PINNED>\n",
	    1, 6, "2001:db8:f480::/64", OP_ROUTE_INTERFACE, &g);
	assert_true(g.connected && !g.by_hand);
	assert_false(get("route: route has not been found\n", 6, &g));
	assert_false(
	    get("destination: 2001:db8::\n mask: ff00:ff00::\n", 6, &g));
	assert_false(get("", 6, &g));
}

static void
test_rcconf(void **state)
{
	(void)state;
	assert_int_equal(
	    rcconf_parse("# my router\n"
			 "hostname=\"rtr\"   # the name\n"
			 "  gateway_enable=YES\n"
			 "cloned_interfaces=\"gre0\" # first\n"
			 "cloned_interfaces=\"gre0 \\\n gre1\"\n"
			 ": ${foo:=bar}\n"
			 "if true; then ifconfig_em0=\"DHCP\"; fi\n"
			 "ifconfig_gre0='tunnel 198.51.100.10 198.51.100.44'\n"
			 "a=1; b=\"two\"three'four'\n"
			 "bad-name=x\n9x=y\nempty=\"\"\n"
			 "cut=\"no end\n",
		NULL),
	    0);
	assert_string_equal(rcconf_get("hostname"), "rtr");
	assert_true(rcconf_yes("gateway_enable"));
	assert_true(words_has(rcconf_get("cloned_interfaces"), "gre1"));
	assert_null(rcconf_get("ifconfig_em0"));
	assert_string_equal(rcconf_get("ifconfig_gre0"),
	    "tunnel 198.51.100.10 198.51.100.44");
	assert_string_equal(rcconf_get("a"), "1");
	assert_string_equal(rcconf_get("b"), "twothreefour");
	assert_string_equal(rcconf_get("empty"), "");
	assert_null(rcconf_get("cut"));
	assert_null(rcconf_get("name"));
	assert_null(rcconf_get("9x"));
}

static void
test_boot_link(void **state)
{
	char unknown[128], value[BOOT_LINK_VALUE];
	struct op_link l;

	(void)state;
	assert_int_equal(
	    rcconf_parse("ifconfig_gif5=\"inet6 tunnel 2001:db8:f480::20 "
			 "2001:db8:f480::30 mtu 1460\"\n"
			 "ifconfig_gif5_ipv6=\"inet6 2001:db8:305::2/126\"\n"
			 "ifconfig_gif5_alias0=\"inet 10.0.0.1 10.0.0.2 "
			 "netmask 255.255.255.252\"\n",
		NULL),
	    0);
	assert_true(boot_link_parse("gif5", &l, unknown, sizeof(unknown)));
	assert_int_equal(op_link_check(&l, OP_LINKS, NULL), 0);
	assert_addr(&l.local, "2001:db8:f480::20");
	assert_int_equal(l.mtu, 1460);
	assert_int_equal(l.n_addresses, 2);
	assert_int_equal(l.addresses[0].prefix_length, 126);
	assert_int_equal(l.addresses[1].prefix_length, 30);
	boot_link_print(&l, value);
	assert_string_equal(value,
	    "inet6 tunnel 2001:db8:f480::20 2001:db8:f480::30 mtu 1460");
	assert_int_equal(rcconf_parse("ifconfig_gre2=\"tunnel $A 192.0.2.1\"\n",
			     NULL),
	    0);
	assert_false(boot_link_parse("gre2", &l, unknown, sizeof(unknown)));
	assert_non_null(strstr(unknown, "ifconfig_gre2 has \"tunnel\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ifconfig),
		cmocka_unit_test(test_transcripts),
		cmocka_unit_test(test_route_get),
		cmocka_unit_test(test_rcconf),
		cmocka_unit_test(test_boot_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
