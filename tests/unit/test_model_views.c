/* tests/unit/test_model_views.c - doctor, interfaces and firewall as JSON. */
/* links: model/doctor model/interface model/firewall_view model/json base/addr
 * base/buf base/clock base/err base/log base/mem base/name base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "model/doctor.h"
#include "model/firewall_view.h"
#include "model/interface.h"

static struct addr
address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static void
test_doctor(void **state)
{
	static struct doctor d;
	struct buf b = BUF_INIT;
	unsigned i;

	(void)state;
	doctor_render(&d, &b);
	assert_string_equal(buf_text(&b), "{\"ok\":true,\"checks\":[]}");
	buf_reset(&b);
	doctor_add(&d, "frr_bgpd", DOCTOR_OK, NULL, "FRRouting %s", "8.4.4");
	doctor_add(&d, "ipsec", DOCTOR_WARNING, "service ipsec enable", "off");
	doctor_render(&d, &b);
	assert_string_equal(buf_text(&b),
	    "{\"ok\":true,\"checks\":[{\"name\":\"frr_bgpd\",\"state\":\"ok\","
	    "\"detail\":\"FRRouting 8.4.4\",\"fix\":null},{\"name\":\"ipsec\","
	    "\"state\":\"warning\",\"detail\":\"off\","
	    "\"fix\":\"service ipsec enable\"}]}");
	buf_reset(&b);
	/* More than fits is dropped, and longer than fits is cut. */
	for (i = 0; i < 2 * DOCTOR_CHECKS_MAX; i++)
		doctor_add(&d, "a_name_that_is_longer_than_what_fits_here",
		    DOCTOR_FAILED, "", "%0400u", i);
	assert_int_equal(d.n, DOCTOR_CHECKS_MAX);
	assert_int_equal(strlen(d.checks[5].name), DOCTOR_NAME_MAX - 1);
	assert_int_equal(strlen(d.checks[5].detail), DOCTOR_TEXT_MAX - 1);
	doctor_render(&d, &b);
	assert_memory_equal(buf_text(&b), "{\"ok\":false,", 12);
	buf_clear(&b);
}

static void
test_interface(void **state)
{
	struct interface i = { .name = "gif0",
		.kind = "gif",
		.up = true,
		.mtu = 1480,
		.addresses = { "2001:db8::1 peer 2001:db8::2" },
		.n_addresses = 1,
		.description = "Tunnel-to-Radon-Server",
		.managed = INTERFACE_MULTIHOMED,
		.at_boot = true,
		.counted = true,
		.rx_bytes = 5000000000,
		.tx_bytes = 7,
		.downstream = "radon" };
	struct interface lo = { .name = "lo0", .kind = "other" };
	struct buf b = BUF_INIT;

	(void)state;
	i.local = address("198.51.100.10");
	i.remote = address("203.0.113.10");
	interface_render(&i, &b);
	assert_string_equal(buf_text(&b),
	    "{\"name\":\"gif0\",\"kind\":\"gif\",\"up\":true,\"mtu\":1480,"
	    "\"local\":\"198.51.100.10\",\"remote\":\"203.0.113.10\","
	    "\"addresses\":[\"2001:db8::1 peer 2001:db8::2\"],"
	    "\"description\":\"Tunnel-to-Radon-Server\","
	    "\"managed\":\"multihomed\",\"at_boot\":true,"
	    "\"rx_bytes\":5000000000,\"tx_bytes\":7,\"rx_bps\":null,"
	    "\"tx_bps\":null,\"upstream\":null,\"downstream\":\"radon\"}");
	buf_reset(&b);
	interface_render(&lo, &b);
	assert_string_equal(buf_text(&b),
	    "{\"name\":\"lo0\",\"kind\":\"other\",\"up\":false,\"mtu\":null,"
	    "\"local\":null,\"remote\":null,\"addresses\":[],"
	    "\"description\":null,\"managed\":null,\"at_boot\":false,"
	    "\"rx_bytes\":null,\"tx_bytes\":null,\"rx_bps\":null,"
	    "\"tx_bps\":null,\"upstream\":null,\"downstream\":null}");
	buf_clear(&b);
}

static void
test_firewall(void **state)
{
	struct firewall_view_entry entries[2] = {
		{ .interface = "", .peer = { 0 } },
		{ .kind = "gre", .interface = "gre1", .nat = true },
	};
	struct firewall_view v = { .platform = "freebsd",
		.enabled = true,
		.entries = entries,
		.n_entries = 2,
		.listing = "pass in \"x\"\n",
		.warnings = { "not attached" },
		.n_warnings = 1 };
	struct prefix prefix;
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(prefix_parse(&prefix, "2001:db8::/32", true, NULL), 0);
	v.router[1] = address("2001:db8::1");
	v.prefixes = &prefix;
	v.n_prefixes = 1;
	entries[0].peer = address("2001:19f0:ffff::1");
	entries[1].local = address("198.51.100.10");
	entries[1].remote = address("198.51.100.44");
	firewall_view_render(&v, &b);
	assert_string_equal(buf_text(&b),
	    "{\"platform\":\"freebsd\",\"enabled\":true,\"attached\":false,"
	    "\"loaded\":false,\"as_set\":false,"
	    "\"router_addresses\":[\"2001:db8::1\"],"
	    "\"prefixes\":[\"2001:db8::/32\"],\"entries\":[{"
	    "\"interface\":null,\"peer\":\"2001:19f0:ffff::1\",\"nat\":false,"
	    "\"kind\":null,\"local\":null,\"remote\":null},{"
	    "\"interface\":\"gre1\",\"peer\":null,\"nat\":true,"
	    "\"kind\":\"gre\",\"local\":\"198.51.100.10\","
	    "\"remote\":\"198.51.100.44\"}],"
	    "\"listing\":\"pass in \\\"x\\\"\\n\","
	    "\"warnings\":[\"not attached\"]}");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doctor),
		cmocka_unit_test(test_interface),
		cmocka_unit_test(test_firewall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
