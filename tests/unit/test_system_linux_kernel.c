/* test_system_linux_kernel.c - addresses, routes and rules for real, in a
 * network namespace of the test's own. Needs root; tunnels are for the lab. */
/* links: system/tool system/linux/paths system/linux/netlink
 * system/linux/link system/linux/link_address system/linux/link_read
 * system/linux/link_words system/linux/route system/linux/route_read
 * system/linux/route_cover system/linux/route_words system/linux/firewall
 * system/linux/firewall_render system/linux/firewall_set
 * system/linux/firewall_read system/firewall_memory system/linux/boot_id
 * system/linux/firewall_boot system/linux/boot_dir wire/op wire/op_check
 * wire/op_link wire/op_key wire/op_route wire/op_firewall base/addr
 * base/buf base/clock base/crypto base/err base/io base/log base/name
 * base/number base/rfc3339 base/run base/md5key */
#include <sys/types.h>

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "system/firewall.h"
#include "system/link.h"
#include "system/linux/link_read.h"
#include "system/route.h"
#include "system/tool.h"

static struct system_config config = { .timeout_ms = 10000 };
static char log_bytes[256 * 1024], listing_bytes[OP_FIREWALL_LISTING];
static struct buf log_buf;
static struct tool tool = { &config, false, &log_buf };
static char dir[64];
static bool ready;

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

/* A tool by hand, words separated by blanks. */
static int
by_hand(const char *program, const char *line)
{
	char text[256], path[TOOL_PATH_MAX], *word, *rest = text;
	struct argv argv;

	(void)snprintf(text, sizeof(text), "%s", line);
	tool_argv(&tool, &argv, program, path);
	while ((word = strsep(&rest, " ")) != NULL)
		argv_add(&argv, word);
	return tool_run(&tool, &argv, NULL, true, NULL, NULL);
}

static int
setup(void **state)
{
	(void)state;
	buf_init_fixed(&log_buf, log_bytes, sizeof(log_bytes));
	(void)snprintf(dir, sizeof(dir), "/tmp/mh-kernel.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(config.state_dir, sizeof(config.state_dir), "%s/state",
	    dir);
	(void)snprintf(config.boot_dir, sizeof(config.boot_dir), "%s/boot",
	    dir);
	ready = geteuid() == 0 && unshare(CLONE_NEWNET) == 0 &&
	    by_hand("ip", "link set dev lo up") == 0 &&
	    by_hand("ip", "link add v0 type veth peer name v1") == 0 &&
	    by_hand("ip", "link set dev v0 up") == 0 &&
	    by_hand("ip", "link set dev v1 up") == 0;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const files[] = { "state/firewall.running",
		"state/firewall.loading", "state/firewall.boot",
		"state/firewall.writing", "boot/firewall.nft" };
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		(void)unlink(path);
	}
	(void)rmdir(config.state_dir);
	(void)rmdir(config.boot_dir);
	return rmdir(dir);
}

static void
need_namespace(void)
{
	if (ready)
		return;
	print_message("skipped: needs root, ip and a kernel with veth\n");
	skip();
}

static void
test_addresses(void **state)
{
	struct op_address_of of;
	struct link_seen seen;
	struct err err = { 0 };

	(void)state;
	need_namespace();
	memset(&of, 0, sizeof(of));
	memcpy(of.link, "v0", 3);
	of.address.address = ip("2001:db8:1::1");
	of.address.prefix_length = 64;
	assert_int_equal(link_address_add(&tool, &of, &err), 0);
	assert_int_equal(link_address_add(&tool, &of, &err), 0);
	of.address.address = ip("192.0.2.1");
	of.address.peer = ip("192.0.2.2");
	of.address.prefix_length = 32;
	assert_int_equal(link_address_add(&tool, &of, &err), 0);
	assert_int_equal(link_read_one("v0", &seen, &err), 0);
	/* The kernel's own link-local address is not told. */
	assert_int_equal(seen.link.n_addresses, 2);
	assert_memory_equal(&seen.link.addresses[0], &of.address,
	    sizeof(of.address));
	assert_int_equal(link_address_remove(&tool, &of, &err), 0);
	assert_int_equal(link_address_remove(&tool, &of, &err), 0);
	assert_int_equal(link_read_one("v0", &seen, &err), 0);
	assert_int_equal(seen.link.n_addresses, 1);
	memcpy(of.link, "nosuch", 7);
	assert_int_equal(link_address_add(&tool, &of, &err), -1);
	assert_int_equal(err.code, ERR_TOOL);
	assert_non_null(strstr(err.output, "nosuch"));
}

static void
test_links(void **state)
{
	struct op_link l, list[4];
	struct err err = { 0 };
	size_t n;

	(void)state;
	need_namespace();
	memset(&l, 0, sizeof(l));
	memcpy(l.name, "v0", 3);
	l.mtu = 1400;
	assert_int_equal(link_mtu(&tool, &l, &err), 0);
	memcpy(l.description, "a, b #3", 8);
	assert_int_equal(link_description(&tool, &l, &err), 0);
	memset(l.description, 0, sizeof(l.description));
	assert_int_equal(link_description(&tool, &l, &err), 0);
	assert_int_equal(link_up(&tool, &l, &err), 0);
	l.up = 1;
	assert_int_equal(link_up(&tool, &l, &err), 0);
	assert_int_equal(link_exists(&tool, "v0", &err), 1);
	assert_int_equal(link_exists(&tool, "nosuch", &err), 0);
	/* No tunnel among them. */
	assert_int_equal(link_list(&tool, list, 4, &n, &err), 0);
	assert_int_equal(n, 0);
	l.kind = OP_LINK_GRE;
	l.local = ip("192.0.2.1");
	l.remote = ip("192.0.2.9");
	assert_int_equal(link_create(&tool, &l, &err), -1);
	assert_string_equal(err.reason, "interface_taken");
}

static struct op_route
route(const char *prefix, int kind, const char *gateway)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	r.prefix = net(prefix);
	r.kind = (uint8_t)kind;
	if (gateway != NULL)
		r.gateway = ip(gateway);
	if (kind == OP_ROUTE_INTERFACE)
		memcpy(r.interface, "v0", 3);
	return r;
}

static size_t
count(const char *prefix, struct op_route *found)
{
	struct op_route list[4];
	struct err err = { 0 };
	struct prefix p = net(prefix);
	size_t n;

	assert_int_equal(route_find(&tool, &p, list, 4, &n, &err), 0);
	if (n > 0 && found != NULL)
		*found = list[0];
	return n;
}

static void
test_routes(void **state)
{
	const struct op_route rows[] = {
		route("2001:db8:a::/48", OP_ROUTE_GATEWAY, "fe80::7%v0"),
		route("2001:db8:b::1/128", OP_ROUTE_INTERFACE, NULL),
		route("2001:db8:c::/48", OP_ROUTE_BLACKHOLE, NULL),
		route("2001:db8:d::/48", OP_ROUTE_REJECT, NULL),
		route("198.51.100.0/24", OP_ROUTE_REJECT, NULL),
		route("203.0.113.0/24", OP_ROUTE_INTERFACE, NULL),
		route("0.0.0.0/0", OP_ROUTE_INTERFACE, NULL),
		route("::/0", OP_ROUTE_GATEWAY, "fe80::9%v0"),
	};
	struct op_route found;
	struct err err = { 0 };
	char text[PREFIX_TEXT_MAX];
	size_t i;

	(void)state;
	need_namespace();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)prefix_print(&rows[i].prefix, text);
		assert_int_equal(count(text, NULL), 0);
		assert_int_equal(route_add(&tool, &rows[i], &err), 0);
		assert_int_equal(count(text, &found), 1);
		assert_memory_equal(&found, &rows[i], sizeof(found));
		assert_int_equal(route_add(&tool, &rows[i], &err), -1);
		assert_string_equal(err.reason, "route_exists");
		assert_int_equal(route_remove(&tool, &rows[i], &err), 0);
		assert_int_equal(count(text, NULL), 0);
		assert_int_equal(route_remove(&tool, &rows[i], &err), 0);
	}
}

/* Longer ones over it, shorter ones around it, FRR's on top of it. */
static void
test_exact(void **state)
{
	struct op_route r = route("2001:db8:e::/48", OP_ROUTE_REJECT, NULL);
	struct op_route found;
	struct err err = { 0 };

	(void)state;
	need_namespace();
	assert_int_equal(by_hand("ip", "route add 2001:db8:e::/64 dev v0"), 0);
	assert_int_equal(by_hand("ip", "route add unreachable 2001:db8::/32"),
	    0);
	assert_int_equal(count("2001:db8:e::/48", NULL), 0);
	assert_int_equal(route_add(&tool, &r, &err), 0);
	assert_int_equal(count("2001:db8:e::/48", &found), 1);
	assert_int_equal(found.kind, OP_ROUTE_REJECT);
	assert_int_equal(
	    by_hand("ip",
		"route add 2001:db8:e::/48 dev v0 proto 186 metric 20"),
	    0);
	assert_int_equal(count("2001:db8:e::/48", &found), 1);
	assert_int_equal(found.kind, OP_ROUTE_REJECT);
	assert_int_equal(route_remove(&tool, &r, &err), 0);
	assert_int_equal(count("2001:db8:e::/48", NULL), 0);
	assert_int_equal(count("2001:db8:e::/64", NULL), 1);
	assert_int_equal(count("2001:db8:e::/56", NULL), 0);
}

static struct op_firewall_state
firewall(void)
{
	static struct op_firewall_state s;
	struct err err = { 0 };
	struct buf listing;

	buf_init_fixed(&listing, listing_bytes, sizeof(listing_bytes));
	assert_int_equal(firewall_state(&tool, &s, &listing, &err), 0);
	return s;
}

static void
fill(struct op_firewall *f, unsigned entries)
{
	unsigned i;

	memset(f, 0, sizeof(*f));
	f->router[0] = ip("192.0.2.1");
	f->router[1] = ip("2001:db8:1c::1");
	f->prefixes[f->n_prefixes++] = net("192.0.2.0/24");
	f->prefixes[f->n_prefixes++] = net("192.0.2.128/25");
	f->prefixes[f->n_prefixes++] = net("2001:db8:1c::/48");
	f->prefixes[f->n_prefixes++] = net("2001:db8:1d::/48");
	for (i = 0; i < entries; i++) {
		struct op_firewall_entry *e = &f->entries[f->n_entries++];
		char text[64];

		e->kind = i % 2 ? OP_LINK_GRE : OP_LINK_GIF;
		e->nat = i % 3 != 0;
		(void)snprintf(e->interface, sizeof(e->interface), "gre%03u",
		    i + 1);
		e->local = ip("198.51.100.10");
		e->remote = e->local;
		e->remote.bytes[2] = (uint8_t)(i / 250);
		e->remote.bytes[3] = (uint8_t)(i % 250);
		(void)snprintf(text, sizeof(text), "2001:db8:3::%x", i + 1);
		e->peer = ip(text);
	}
}

static void
test_firewall(void **state)
{
	static const unsigned sizes[] = { 1, 2, 7, 500 };
	static struct op_firewall f, none;
	static struct op_firewall_state s;
	struct err err = { 0 };
	size_t i;

	(void)state;
	need_namespace();
	assert_int_equal(firewall().loaded, 0);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fill(&f, sizes[i]);
		assert_int_equal(firewall_replace(&tool, &f, &err), 0);
		s = firewall();
		assert_true(s.loaded && s.as_set);
		assert_memory_equal(&s.running, &f, sizeof(f));
		assert_int_equal(s.boot.n_entries, 0);
	}
	/* Loaded again it is the same text. */
	assert_int_equal(firewall_replace(&tool, &f, &err), 0);
	assert_true(firewall().as_set);
	/* A change by hand is seen; what was set is still known. */
	assert_int_equal(by_hand("nft",
			     "add rule inet multihomed incoming drop"),
	    0);
	s = firewall();
	assert_true(s.loaded && !s.as_set);
	assert_memory_equal(&s.running, &f, sizeof(f));
	/* The boot file is apart from what runs. */
	fill(&f, 3);
	assert_int_equal(firewall_boot(&tool, &f, &err), 0);
	s = firewall();
	assert_true(s.loaded && !s.as_set);
	assert_int_equal(s.running.n_entries, 500);
	assert_memory_equal(&s.boot, &f, sizeof(f));
	/* As after a boot: what the boot file loads is known again. */
	assert_int_equal(by_hand("nft", "delete table inet multihomed"), 0);
	s = firewall();
	assert_true(!s.loaded && !s.as_set);
	(void)snprintf(listing_bytes, sizeof(listing_bytes),
	    "-f %s/firewall.nft", config.boot_dir);
	assert_int_equal(by_hand("nft", listing_bytes), 0);
	s = firewall();
	assert_true(s.loaded && s.as_set);
	assert_memory_equal(&s.running, &f, sizeof(f));
	/* And gone, twice. */
	assert_int_equal(firewall_replace(&tool, &none, &err), 0);
	assert_int_equal(firewall_replace(&tool, &none, &err), 0);
	s = firewall();
	assert_true(!s.loaded && s.as_set);
}

/* A table of somebody else under our name is not taken for ours. */
static void
test_foreign_table(void **state)
{
	static struct op_firewall_state s;

	(void)state;
	need_namespace();
	assert_int_equal(by_hand("nft", "add table inet multihomed"), 0);
	s = firewall();
	assert_true(s.loaded && !s.as_set);
	assert_int_equal(by_hand("nft", "delete table inet multihomed"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_firewall),
		cmocka_unit_test(test_foreign_table),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, setup, teardown);
}
