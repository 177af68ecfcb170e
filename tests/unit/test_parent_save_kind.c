/* tests/unit/test_parent_save_kind.c - kinds of lines that a save has lost. */
/* links: parent/save_kind base/buf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "parent/save_kind.h"

static const char *allowed[SAVE_KIND_ALLOWED_MAX + 1];
static struct save_kind lost;

/* What is lost between the two, "" for nothing. */
static const char *
between(const char *before, const char *now)
{
	struct buf a = BUF_INIT, b = BUF_INIT;

	buf_puts(&a, before);
	buf_puts(&b, now);
	if (!save_kind_lost(&a, &b, allowed, &lost))
		lost.name[0] = '\0';
	buf_clear(&a);
	buf_clear(&b);
	return lost.name;
}

static void
test_lost(void **state)
{
	(void)state;
	assert_string_equal(
	    between("ipv6 route ::/0 lo\nip route 0.0.0.0/0 lo\n",
		"ip route 0.0.0.0/0 lo\n"),
	    "ipv6 route");
	assert_string_equal(lost.owner, "staticd (or mgmtd)");
	assert_string_equal(between("router bgp 1\nexit\nrouter ospf6\n x\n",
				"router bgp 1\nexit\n"),
	    "router ospf6");
	assert_string_equal(lost.owner, "ospf6d");
	assert_string_equal(between("router bgp 1\n", "router ospf\n"),
	    "router bgp");
	assert_string_equal(between("bfd\n peer 10.0.0.1\n", "!\n"), "bfd");
	assert_string_equal(between("interface a\n ip ospf area 0\nexit\n",
				"! interface a\n"),
	    "interface");
	assert_string_equal(between("vrf red\n ip route 0.0.0.0/0 lo\n", ""),
	    "vrf");
	assert_string_equal(between("ipv6 protocol bgp route-map A", "x\n"),
	    "ipv6 protocol");
	assert_string_equal(between("key chain k\n key 1\n", "!\n"),
	    "key chain");
	assert_string_equal(between("new-thing 7\n", "\n"), "new-thing");
	assert_string_equal(lost.owner, "the daemon they belong to");
}

static void
test_kept(void **state)
{
	static const char whole[] = "frr version 8.4.4\nhostname a\n!\n"
				    "ipv6 route ::/0 lo\n!\n"
				    "interface a\n description b\nexit\n!\n"
				    "router bgp 1\n neighbor ::1 remote-as 2\n"
				    "exit\n";

	(void)state;
	assert_string_equal(between(whole, whole), "");
	assert_string_equal(between("", whole), "");
	assert_string_equal(between("", ""), "");
	/* Another one of the kind will do. */
	assert_string_equal(between("router bgp 1\ninterface a\n x\n",
				"interface b\n y\nrouter bgp 2\n"),
	    "");
	assert_string_equal(between("ipv6  route ::/0 lo\r\n",
				"ipv6 route ::/1 lo\n"),
	    "");
}

static void
test_ignored(void **state)
{
	(void)state;
	assert_string_equal(
	    between("frr version 8\nfrr defaults traditional\nhostname a\n"
		    "log syslog\nservice integrated-vtysh-config\n"
		    "debug bgp updates\npassword x\nenable password y\n"
		    "agentx\nip forwarding\nno ipv6 forwarding\n"
		    "domainname a.b\nline vty\n exec-timeout 0 0\n# x\n!\n"
		    "exit\nend\n",
		"!\n"),
	    "");
	assert_string_equal(
	    between("route-map A permit 10\n set metric 1\nexit\n"
		    "ip prefix-list A permit 0.0.0.0/0\n"
		    "ipv6 prefix-list A permit ::/0\n"
		    "bgp as-path access-list A permit .\n"
		    "bgp community-list standard A permit 1:1\n"
		    "bgp large-community-list standard A permit 1:1:1\n"
		    "ip community-list 1 permit 1:1\n"
		    "access-list A permit any\nipv6 access-list A permit any\n",
		"!\n"),
	    "");
	/* FRR does not write these: nothing stands in them. */
	assert_string_equal(between("interface a\nexit\n!\nvrf red\n", "!\n"),
	    "");
}

static void
test_hand_written(void **state)
{
	(void)state;
	/* Not indented, and routes that FRR writes inside of their VRF. */
	assert_string_equal(between("router bgp 1\nneighbor ::1 remote-as 2\n"
				    "address-family ipv6 unicast\n",
				"router bgp 1\n neighbor ::1 remote-as 2\n !\n"
				" address-family ipv6 unicast\nexit\n"),
	    "");
	assert_string_equal(between("ip route 10.0.0.0/8 lo vrf red\n",
				"vrf red\n ip route 10.0.0.0/8 lo\nexit-vrf\n"),
	    "");
	/* A section is one only outside of others. */
	assert_string_equal(between("interface a\n mpls enable\n",
				"mpls ldp\n address-family ipv4\n"
				"  interface a\n"),
	    "interface");
	assert_string_equal(between("segment-routing\n traffic-eng\n",
				"router isis a\n segment-routing on\n"),
	    "segment-routing");
}

static void
test_odd(void **state)
{
	char before[8192], want[SAVE_KIND_NAME_MAX];
	size_t i;

	(void)state;
	/* More kinds than are remembered, and the last one is lost. */
	before[0] = '\0';
	for (i = 0; i < 200; i++)
		(void)snprintf(before + strlen(before), 16, "kind%zu\n", i);
	assert_string_equal(between(before, before), "");
	before[strlen(before) - 1] = '\0';
	assert_string_equal(between("kind1\nlast\nkind0\n", before), "last");
	/* A word too long for its place, and one that is no text. */
	memset(before, 'a', 100);
	before[100] = '\0';
	memset(want, 'a', sizeof(want) - 1);
	want[sizeof(want) - 1] = '\0';
	assert_string_equal(between(before, "b"), want);
	assert_string_equal(between("\x1b\xff 1\n", ""), "??");
	assert_string_equal(between("ip\n", "ip route\n"), "ip");
}

/* The change has taken the last one away, and says so. */
static void
test_on_purpose(void **state)
{
	(void)state;
	save_kind_allowed(2 | 8, allowed);
	assert_string_equal(allowed[0], "ipv6 route");
	assert_string_equal(allowed[1], "ipv6 protocol");
	assert_null(allowed[2]);
	assert_string_equal(between("ipv6 route 2001:db8::/32 blackhole\n"
				    "ip route 192.0.2.0/24 blackhole\n",
				"ip route 192.0.2.0/24 blackhole\n"),
	    "");
	assert_string_equal(between("ipv6 route 2001:db8::/32 blackhole\n"
				    "ip route 192.0.2.0/24 blackhole\n",
				""),
	    "ip route");
	save_kind_allowed(0, allowed);
	assert_null(allowed[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_on_purpose),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_hand_written),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
