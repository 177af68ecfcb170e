/* test_system_linux_dry.c - exactly what ip and nft get, reviewed in
 * tests/golden/linux/operations.txt (GOLDEN_UPDATE=1 writes it). */
/* links: system/tool system/linux/paths system/linux/netlink
 * system/linux/link system/linux/link_address system/linux/link_read
 * system/linux/link_words system/linux/route system/linux/route_read
 * system/linux/route_cover system/linux/route_words system/linux/firewall
 * system/linux/firewall_render system/linux/firewall_set
 * system/linux/firewall_read system/firewall_memory system/linux/boot_id
 * system/linux/firewall_boot system/linux/boot system/linux/boot_dir
 * system/linux/boot_text system/linux/boot_text_read wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/name
 * base/number base/rfc3339 base/run base/md5key */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "system/boot.h"
#include "system/firewall.h"
#include "system/link.h"
#include "system/route.h"
#include "system/tool.h"

#define GOLDEN "tests/golden/linux/operations.txt"

static struct system_config config = {
	.tools_dir = "/tools",
	.boot_dir = "/etc/multihomed",
	.state_dir = "/nonexistent/state",
	.timeout_ms = 5000,
};
static char log_bytes[256 * 1024];
static struct buf all;
static struct tool tool = { &config, true, &all };

static struct addr
ip(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static struct prefix
net(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, true, NULL), 0);
	return p;
}

static struct op_link
link_of(const char *name, int kind, int inner, const char *local,
    const char *remote)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	(void)snprintf(l.name, sizeof(l.name), "%s", name);
	l.kind = (uint8_t)kind;
	l.inner = (uint8_t)inner;
	l.local = ip(local);
	l.remote = ip(remote);
	return l;
}

static struct op_address
address(const char *text, const char *peer, uint8_t length)
{
	struct op_address a;

	memset(&a, 0, sizeof(a));
	a.address = ip(text);
	if (peer != NULL)
		a.peer = ip(peer);
	a.prefix_length = length;
	return a;
}

static void
title(const char *text)
{
	buf_printf(&all, "\n## %s\n", text);
}

static void
put_creates(void)
{
	/* clang-format off */
	static const struct {
		const char *what, *name, *local, *remote;
		int kind, inner;
	} rows[] = {
		{ "gre, IPv4 outside", "gre1", "198.51.100.10",
		    "198.51.100.44", OP_LINK_GRE, 0 },
		{ "gre, IPv6 outside", "gre2", "2001:db8::10",
		    "2001:db8::44", OP_LINK_GRE, 6 },
		{ "gif, IPv6 in IPv4", "gif1", "198.51.100.10",
		    "203.0.113.20", OP_LINK_GIF, 6 },
		{ "gif, IPv4 in IPv4", "gif2", "198.51.100.10",
		    "203.0.113.20", OP_LINK_GIF, 4 },
		{ "gif, both in IPv4", "gif3", "198.51.100.10",
		    "203.0.113.20", OP_LINK_GIF, 0 },
		{ "gif, IPv6 in IPv6", "gif4", "2001:db8::10",
		    "2001:db8::20", OP_LINK_GIF, 6 },
		{ "gif, IPv4 in IPv6", "gif5", "2001:db8::10",
		    "2001:db8::20", OP_LINK_GIF, 4 },
		{ "gif, both in IPv6", "gif6", "2001:db8::10",
		    "2001:db8::20", OP_LINK_GIF, 0 },
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct op_link l = link_of(rows[i].name, rows[i].kind,
		    rows[i].inner, rows[i].local, rows[i].remote);

		buf_printf(&all, "\n## link-create, endpoints: %s\n",
		    rows[i].what);
		assert_int_equal(link_create(&tool, &l, NULL), 0);
		assert_int_equal(link_endpoints(&tool, &l, NULL), 0);
	}
}

static void
put_links(void)
{
	struct op_link l =
	    link_of("gre1", OP_LINK_GRE, 0, "198.51.100.10", "198.51.100.44");

	title("link-mtu");
	l.mtu = 1400;
	assert_int_equal(link_mtu(&tool, &l, NULL), 0);
	title("link-description, and none");
	(void)snprintf(l.description, sizeof(l.description),
	    "Upstream iFog, customer #5 (Frankfurt)");
	assert_int_equal(link_description(&tool, &l, NULL), 0);
	l.description[0] = '\0';
	assert_int_equal(link_description(&tool, &l, NULL), 0);
	title("link-up, and down");
	l.up = 1;
	assert_int_equal(link_up(&tool, &l, NULL), 0);
	l.up = 0;
	assert_int_equal(link_up(&tool, &l, NULL), 0);
	title("link-destroy");
	assert_int_equal(link_destroy(&tool, &l, NULL), 0);
}

static void
put_addresses(void)
{
	struct op_address_of of = { "gre1", { { 0 }, { 0 }, 0 } };
	size_t i;
	const struct op_address rows[] = {
		address("2001:db8:300::2", NULL, 126),
		address("2a06:9801:1c:fffe::1", "2a06:9801:1c:fffe::2", 128),
		address("192.0.2.2", NULL, 30),
		address("192.0.2.5", "192.0.2.6", 32),
	};

	title("address-add, address-remove");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		of.address = rows[i];
		assert_int_equal(link_address_add(&tool, &of, NULL), 0);
		assert_int_equal(link_address_remove(&tool, &of, NULL), 0);
	}
}

static struct op_route
route(const char *prefix, int kind, const char *gateway, const char *name)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	r.prefix = net(prefix);
	r.kind = (uint8_t)kind;
	if (gateway != NULL)
		r.gateway = ip(gateway);
	if (name != NULL)
		(void)snprintf(r.interface, sizeof(r.interface), "%s", name);
	return r;
}

/* Prefixes that no machine has, since adding looks first. */
static void
put_routes(void)
{
	size_t i;
	const struct op_route rows[] = {
		route("3fff:1::1/128", OP_ROUTE_GATEWAY, "fe80::1%vtnet0",
		    NULL),
		route("3fff:2::/48", OP_ROUTE_GATEWAY, "3fff::2", NULL),
		route("3fff:3::/48", OP_ROUTE_INTERFACE, NULL, "gif0"),
		route("3fff:4::/48", OP_ROUTE_BLACKHOLE, NULL, NULL),
		route("3fff:5::/48", OP_ROUTE_REJECT, NULL, NULL),
		route("240.0.2.0/24", OP_ROUTE_GATEWAY, "192.0.2.1", NULL),
		route("240.0.3.0/24", OP_ROUTE_REJECT, NULL, NULL),
	};

	title("route-add, route-remove");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(route_add(&tool, &rows[i], NULL), 0);
		assert_int_equal(route_remove(&tool, &rows[i], NULL), 0);
	}
	title("boot-route-set, boot-route-remove");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(boot_route_set(&tool, &rows[i], NULL), 0);
	assert_int_equal(boot_route_remove(&tool, &rows[0].prefix, NULL), 0);
}

static void
put_boot_links(void)
{
	struct op_link l =
	    link_of("gre1", OP_LINK_GRE, 0, "198.51.100.10", "198.51.100.44");

	title("boot-link-set, boot-link-remove");
	assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
	l.mtu = 1476;
	l.n_addresses = 2;
	l.addresses[0] = address("192.0.2.5", "192.0.2.6", 32);
	l.addresses[1] = address("2001:db8:300::2", NULL, 126);
	(void)snprintf(l.description, sizeof(l.description), "Upstream iFog");
	assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
	(void)snprintf(l.description, sizeof(l.description), "Customer #5");
	assert_int_equal(boot_link_set(&tool, &l, NULL), 0);
	assert_int_equal(boot_link_remove(&tool, "gre1", NULL), 0);
}

static void
put_entry(struct op_firewall *f, int kind, int nat, const char *name,
    const char *ends[2], const char *peer)
{
	struct op_firewall_entry *e = &f->entries[f->n_entries++];

	e->kind = (uint8_t)kind;
	e->nat = (uint8_t)nat;
	(void)snprintf(e->interface, sizeof(e->interface), "%s", name);
	if (ends != NULL) {
		e->local = ip(ends[0]);
		e->remote = ip(ends[1]);
	}
	if (peer != NULL)
		e->peer = ip(peer);
}

static void
put_firewall(void)
{
	static struct op_firewall f;

	title("firewall-replace: nothing of ours");
	assert_int_equal(firewall_replace(&tool, &f, NULL), 0);
	title("boot-firewall: nothing of ours");
	assert_int_equal(firewall_boot(&tool, &f, NULL), 0);
	title("firewall-replace: the reference network");
	f.router[1] = ip("2a06:9801:1c::1");
	f.prefixes[f.n_prefixes++] = net("2a06:9801:1c::/48");
	put_entry(&f, 0, 0, "", NULL, "2001:19f0:ffff::1");
	put_entry(&f, OP_LINK_GIF, 0, "gif0",
	    (const char *[]) { "198.51.100.10", "203.0.113.10" }, NULL);
	put_entry(&f, OP_LINK_GIF, 1, "gif1",
	    (const char *[]) { "198.51.100.10", "203.0.113.20" },
	    "2a06:9801:1c:fffe::2");
	put_entry(&f, OP_LINK_GRE, 1, "gre1",
	    (const char *[]) { "198.51.100.10", "198.51.100.44" },
	    "2001:db8:300::1");
	assert_int_equal(firewall_replace(&tool, &f, NULL), 0);
	title("boot-firewall: both families, a prefix in a prefix");
	f.router[0] = ip("192.0.2.1");
	memmove(&f.prefixes[1], &f.prefixes[0], sizeof(f.prefixes[0]));
	f.prefixes[0] = net("192.0.2.0/24");
	f.prefixes[2] = net("2a06:9801:1c:1000::/64");
	f.n_prefixes = 3;
	put_entry(&f, OP_LINK_GIF, 1, "tun9",
	    (const char *[]) { "2001:db8::10", "2001:db8::20" }, "192.0.2.253");
	assert_int_equal(firewall_boot(&tool, &f, NULL), 0);
}

static void
test_golden(void **state)
{
	static char want_bytes[256 * 1024];
	struct err err = { 0 };
	struct buf want;

	(void)state;
	buf_init_fixed(&all, log_bytes, sizeof(log_bytes));
	buf_puts(&all,
	    "# What ip and nft get for each operation of Linux; \"<\" lines "
	    "are\n# standard input or a file's text.\n");
	put_creates();
	put_links();
	put_addresses();
	put_routes();
	put_boot_links();
	put_firewall();
	if (getenv("GOLDEN_UPDATE") != NULL)
		assert_int_equal(io_replace_file(GOLDEN, all.data, all.len,
				     0644, NULL),
		    0);
	buf_init_fixed(&want, want_bytes, sizeof(want_bytes));
	assert_int_equal(io_read_file(GOLDEN, &want, &err), 0);
	assert_string_equal(buf_text(&all), buf_text(&want));
}

static void
test_refused(void **state)
{
	struct op_link l =
	    link_of("gre0", OP_LINK_GRE, 0, "198.51.100.10", "198.51.100.44");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(link_create(&tool, &l, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.reason, "interface_taken");
	assert_non_null(strstr(err.text, "gre1"));
}

/* The fullest firewall there can be still has room. */
static void
test_full_firewall(void **state)
{
	static char bytes[1024 * 1024];
	static struct op_firewall f;
	struct buf b;
	unsigned i;

	(void)state;
	memset(&f, 0, sizeof(f));
	f.router[0] = ip("255.255.255.254");
	f.router[1] = ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
	for (i = 0; i < OP_FIREWALL_PREFIXES; i++) {
		struct prefix p = net("ffff:ffff:ffff:ffff::/64");

		p.addr.bytes[7] = (uint8_t)i;
		f.prefixes[f.n_prefixes++] = p;
	}
	for (i = 0; i < OP_FIREWALL_ENTRIES; i++) {
		char name[16], peer[64], end[64];

		(void)snprintf(name, sizeof(name), "abcdefghij%u", 10000 + i);
		(void)snprintf(peer, sizeof(peer),
		    "fdff:ffff:ffff:ffff:ffff:ffff:ffff:%x", 0x1000 + i);
		(void)snprintf(end, sizeof(end),
		    "2fff:ffff:ffff:ffff:ffff:ffff:ffff:%x", 0x1000 + i);
		put_entry(&f, OP_LINK_GIF, 1, name,
		    (const char *[]) {
			"2fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", end },
		    peer);
	}
	buf_init_fixed(&b, bytes, sizeof(bytes));
	firewall_render(&f, &b);
	assert_false(b.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_full_firewall),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
