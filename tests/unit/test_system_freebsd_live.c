/* tests/unit/test_system_freebsd_live.c - FreeBSD's part on stand-in tools. */
/* links: system/tool system/freebsd/paths system/freebsd/words
 * system/freebsd/unit system/freebsd/inner system/freebsd/ifconfig
 * system/freebsd/link system/freebsd/link_read system/freebsd/route
 * system/freebsd/route_get system/freebsd/firewall
 * system/freebsd/firewall_render system/freebsd/firewall_boot
 * system/firewall_memory system/freebsd/rcconf system/freebsd/sysrc
 * system/freebsd/boot system/freebsd/boot_link
 * system/freebsd/boot_link_parse system/freebsd/boot_route
 * system/freebsd/facts system/facts_line system/freebsd/facts_boot
 * system/freebsd/facts_modules system/freebsd/facts_pf wire/op
 * wire/op_check wire/op_link wire/op_key wire/op_route wire/op_firewall
 * base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/name base/number base/rfc3339 base/run base/md5key
 * system/freebsd/facts_keys system/freebsd/boot_key
 * system/freebsd/ipsec_conf system/freebsd/ipsec_edit
 * system/freebsd/key_pair */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/io.h"
#include "base/run.h"
#include "system/boot.h"
#include "system/facts.h"
#include "system/firewall.h"
#include "system/link.h"
#include "system/route.h"
#include "system/tool.h"

static char dir[] = "/tmp/mh-fbsd.XXXXXX";
static struct system_config config;
static char log_bytes[64 * 1024];
static struct buf words;
static struct tool tool = { &config, false, &words };

static const char rc_conf[] = "hostname=\"rtr\"   # by hand\n"
			      "cloned_interfaces='gif9  gre8'\n"
			      "ifconfig_gif9=\"tunnel 192.0.2.1 192.0.2.2\"\n"
			      "pf_enable=\"YES\"\n";

static void
put(const char *name, const char *text)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(io_replace_file(path, text, strlen(text), 0644, NULL),
	    0);
}

static void
get(const char *name, struct buf *out)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	buf_reset(out);
	assert_int_equal(io_read_file(path, out, NULL), 0);
}

static int
program(const char *path, const char *a, const char *b, const char *c,
    struct buf *out)
{
	static const struct run_limits limits = { 30000, 1 << 20 };
	struct run_result r = RUN_RESULT_INIT;
	struct argv argv;
	int rc;

	argv_init(&argv, path);
	if (a != NULL)
		argv_add(&argv, a);
	if (b != NULL)
		argv_add(&argv, b);
	if (c != NULL)
		argv_add(&argv, c);
	rc = run(&argv, NULL, &limits, &r, NULL) == 0 && r.exit_code == 0 ? 0 :
									    -1;
	if (out != NULL) {
		buf_reset(out);
		buf_add(out, buf_text(&r.out), r.out.len);
	}
	run_result_clear(&r);
	return rc;
}

/* What a person would see. */
static void
see(struct buf *out)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/ifconfig", dir);
	assert_int_equal(program(path, "-a", NULL, NULL, out), 0);
}

static int
new_machine(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/mh-fbsd.XXXXXX");
	if (mkdtemp(dir) == NULL ||
	    program("/usr/bin/python3", "tests/fake/freebsd/install", dir,
		"--modules=pf", NULL) == -1)
		return -1;
	memset(&config, 0, sizeof(config));
	(void)snprintf(config.tools_dir, sizeof(config.tools_dir), "%s", dir);
	(void)snprintf(config.boot_dir, sizeof(config.boot_dir), "%s/boot",
	    dir);
	(void)snprintf(config.state_dir, sizeof(config.state_dir), "%s/ours",
	    dir);
	(void)snprintf(config.rc_conf, sizeof(config.rc_conf), "%s/etc/rc.conf",
	    dir);
	config.timeout_ms = 10000;
	put("etc/rc.conf", rc_conf);
	buf_init_fixed(&words, log_bytes, sizeof(log_bytes));
	return 0;
}

static int
old_machine(void **state)
{
	(void)state;
	return program("/bin/rm", "-rf", dir, NULL, NULL);
}

static struct addr
ip(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static struct op_link
link_of(const char *name, const char *local, const char *remote)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	(void)snprintf(l.name, sizeof(l.name), "%s", name);
	l.kind = name[1] == 'r' ? OP_LINK_GRE : OP_LINK_GIF;
	l.local = ip(local);
	l.remote = ip(remote);
	return l;
}

static struct op_address_of
address_of(const char *name, const char *a, const char *peer, uint8_t length)
{
	struct op_address_of of;

	memset(&of, 0, sizeof(of));
	(void)snprintf(of.link, sizeof(of.link), "%s", name);
	of.address.address = ip(a);
	if (peer != NULL)
		of.address.peer = ip(peer);
	of.address.prefix_length = length;
	return of;
}

static struct op_route
route_of(const char *prefix, uint8_t kind, const char *to)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	assert_int_equal(prefix_parse(&r.prefix, prefix, true, NULL), 0);
	r.kind = kind;
	if (kind == OP_ROUTE_GATEWAY)
		r.gateway = ip(to);
	else if (kind == OP_ROUTE_INTERFACE)
		(void)snprintf(r.interface, sizeof(r.interface), "%s", to);
	return r;
}

#define OK(call)                                              \
	do {                                                  \
		struct err err_;                              \
		err_clear(&err_);                             \
		if ((call) == -1)                             \
			fail_msg("%s: %s", #call, err_.text); \
	} while (0)

#define FAILS(call, want)                                     \
	do {                                                  \
		struct err err_;                              \
		err_clear(&err_);                             \
		if ((call) != -1)                             \
			fail_msg("%s is content", #call);     \
		if (err_.code != (want))                      \
			fail_msg("%s: %s", #call, err_.text); \
	} while (0)

/* A whole tunnel, seen as it should be; and nothing of it afterwards. */
static void
test_link(void **state)
{
	static const struct {
		const char *address, *peer;
		uint8_t length;
	} inner[] = { { "2001:db8:300::2", NULL, 126 },
		{ "2a06:9801:1c:ffff::1", "2a06:9801:1c:ffff::2", 128 },
		{ "10.0.0.1", NULL, 30 }, { "10.2.2.1", "10.2.2.2", 32 } };
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.44");
	struct op_link list[4];
	struct op_address_of of;
	struct buf before = BUF_INIT, after = BUF_INIT;
	size_t i, n;

	(void)state;
	see(&before);
	OK(link_create(&tool, &gre, &err_));
	FAILS(link_create(&tool, &gre, &err_), ERR_CONFLICT);
	for (i = 0; i < 4; i++) {
		of = address_of("gre1", inner[i].address, inner[i].peer,
		    inner[i].length);
		OK(link_address_add(&tool, &of, &err_));
		OK(link_address_add(&tool, &of, &err_));
	}
	gre.mtu = 1400;
	OK(link_mtu(&tool, &gre, &err_));
	(void)snprintf(gre.description, sizeof(gre.description), "Transit (x)");
	OK(link_description(&tool, &gre, &err_));
	OK(link_list(&tool, list, 4, &n, &err_));
	assert_int_equal(n, 1);
	assert_int_equal(op_link_check(&list[0], OP_LINKS, NULL), 0);
	assert_string_equal(list[0].description, "Transit (x)");
	assert_int_equal(list[0].mtu, 1400);
	assert_int_equal(list[0].up, 1);
	assert_int_equal(list[0].n_addresses, 4);
	gre.remote = ip("198.51.100.45");
	OK(link_endpoints(&tool, &gre, &err_));
	gre.remote = ip("2001:db8::2");
	gre.local = ip("2001:db8::1");
	OK(link_endpoints(&tool, &gre, &err_));
	for (i = 0; i < 4; i++) {
		of = address_of("gre1", inner[i].address, inner[i].peer,
		    inner[i].length);
		OK(link_address_remove(&tool, &of, &err_));
		OK(link_address_remove(&tool, &of, &err_));
	}
	memset(gre.description, 0, sizeof(gre.description));
	OK(link_description(&tool, &gre, &err_));
	OK(link_up(&tool, &gre, &err_));
	OK(link_destroy(&tool, &gre, &err_));
	OK(link_destroy(&tool, &gre, &err_));
	see(&after);
	assert_string_equal(buf_text(&after), buf_text(&before));
	buf_clear(&before);
	buf_clear(&after);
}

/* The pair of endpoints is in use: exit 0, and no tunnel. */
static void
test_link_pair_taken(void **state)
{
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.44");
	struct op_link two = gre;
	struct buf before = BUF_INIT, after = BUF_INIT;

	(void)state;
	OK(link_create(&tool, &gre, &err_));
	see(&before);
	(void)snprintf(two.name, sizeof(two.name), "gre2");
	FAILS(link_create(&tool, &two, &err_), ERR_TOOL);
	see(&after);
	assert_string_equal(buf_text(&after), buf_text(&before));
	buf_clear(&before);
	buf_clear(&after);
}

static void
test_route(void **state)
{
	struct op_link gif = link_of("gif1", "198.51.100.10", "198.51.100.44");
	struct op_address_of of =
	    address_of("gif1", "2001:db8:300::2", NULL, 126);
	const struct op_route routes[] = {
		route_of("2a06:9801:1c::/48", OP_ROUTE_REJECT, NULL),
		route_of("2a06:9801:1d::/48", OP_ROUTE_BLACKHOLE, NULL),
		route_of("2001:db8:a00::/48", OP_ROUTE_GATEWAY,
		    "2001:db8:300::1"),
		route_of("2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY,
		    "2001:db8:300::1"),
		route_of("2001:db8:b00::/48", OP_ROUTE_INTERFACE, "gif1"),
		route_of("203.0.113.0/24", OP_ROUTE_BLACKHOLE, NULL),
	};
	struct op_route found, other;
	size_t i, n;

	(void)state;
	OK(link_create(&tool, &gif, &err_));
	OK(link_address_add(&tool, &of, &err_));
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		OK(route_find(&tool, &routes[i].prefix, &found, 1, &n, &err_));
		assert_int_equal(n, 0);
		OK(route_add(&tool, &routes[i], &err_));
		FAILS(route_add(&tool, &routes[i], &err_), ERR_CONFLICT);
		OK(route_find(&tool, &routes[i].prefix, &found, 1, &n, &err_));
		assert_int_equal(n, 1);
		assert_memory_equal(&found, &routes[i], sizeof(found));
	}
	/* Somebody else's is left alone. */
	other = routes[2];
	other.gateway = ip("2001:db8:300::3");
	OK(route_remove(&tool, &other, &err_));
	OK(route_find(&tool, &other.prefix, &found, 1, &n, &err_));
	assert_int_equal(n, 1);
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		OK(route_remove(&tool, &routes[i], &err_));
		OK(route_remove(&tool, &routes[i], &err_));
		OK(route_find(&tool, &routes[i].prefix, &found, 1, &n, &err_));
		assert_int_equal(n, 0);
	}
}

static void
description_of(struct op_firewall *f)
{
	memset(f, 0, sizeof(*f));
	f->router[1] = ip("2a06:9801:1c::1");
	f->n_prefixes = 1;
	assert_int_equal(prefix_parse(&f->prefixes[0], "2a06:9801:1c::/48",
			     true, NULL),
	    0);
	f->n_entries = 1;
	f->entries[0].kind = OP_LINK_GRE;
	f->entries[0].nat = 1;
	(void)snprintf(f->entries[0].interface, 16, "gre1");
	f->entries[0].local = ip("198.51.100.10");
	f->entries[0].remote = ip("198.51.100.44");
	f->entries[0].peer = ip("2001:db8:300::1");
	assert_int_equal(op_firewall_check(f, NULL), 0);
}

static void
test_firewall(void **state)
{
	static char listing_bytes[OP_FIREWALL_LISTING];
	static struct op_firewall f, none;
	static struct op_firewall_state s;
	struct buf listing;

	(void)state;
	buf_init_fixed(&listing, listing_bytes, sizeof(listing_bytes));
	description_of(&f);
	OK(firewall_state(&tool, &s, &listing, &err_));
	assert_int_equal(s.loaded, 0);
	assert_int_equal(s.as_set, 1);
	OK(firewall_replace(&tool, &f, &err_));
	OK(firewall_boot(&tool, &f, &err_));
	OK(firewall_state(&tool, &s, &listing, &err_));
	assert_int_equal(s.loaded, 1);
	assert_int_equal(s.as_set, 1);
	assert_int_equal(s.attached, 0);
	assert_memory_equal(&s.running, &f, sizeof(f));
	assert_memory_equal(&s.boot, &f, sizeof(f));
	assert_non_null(strstr(buf_text(&listing), "port = bgp"));
	OK(firewall_replace(&tool, &none, &err_));
	OK(firewall_boot(&tool, &none, &err_));
	OK(firewall_state(&tool, &s, &listing, &err_));
	assert_int_equal(s.loaded, 0);
	assert_int_equal(s.as_set, 1);
	assert_memory_equal(&s.boot, &none, sizeof(none));
	put("boot/pf.anchor", "pass quick\n");
	OK(firewall_state(&tool, &s, &listing, &err_));
	assert_memory_equal(&s.boot, &none, sizeof(none));
}

static struct op_link
whole_link(void)
{
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.44");

	gre.n_addresses = 2;
	gre.addresses[0] = address_of("", "2001:db8:300::2", NULL, 126).address;
	gre.addresses[1] = address_of("", "10.0.0.1", NULL, 30).address;
	(void)snprintf(gre.description, sizeof(gre.description),
	    "Transit-iFog BGPTunnel");
	return gre;
}

static void
test_boot(void **state)
{
	struct op_link gre = whole_link(), links[4];
	struct op_route r = route_of("2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY,
	    "fe80::1%vtnet0");
	struct op_route routes[4];
	struct buf after = BUF_INIT;
	size_t n;

	(void)state;
	OK(boot_prepare(&tool, &err_));
	OK(boot_link_set(&tool, &gre, &err_));
	OK(boot_route_set(&tool, &r, &err_));
	get("etc/rc.conf", &after);
	assert_non_null(
	    strstr(after.data, "cloned_interfaces='gif9 gre8 gre1'\n"));
	OK(boot_links(&tool, links, 4, &n, &err_));
	assert_int_equal(n, 3);
	assert_string_equal(links[2].description, "Transit-iFog BGPTunnel");
	assert_int_equal(links[2].n_addresses, 2);
	OK(boot_routes(&tool, routes, 4, &n, &err_));
	assert_int_equal(n, 1);
	assert_true(addr_equal(&routes[0].gateway, &r.gateway));
	OK(boot_route_remove(&tool, &r.prefix, &err_));
	OK(boot_link_remove(&tool, "gre1", &err_));
	OK(boot_link_remove(&tool, "gre1", &err_));
	get("etc/rc.conf", &after);
	assert_null(strstr(after.data, "gre1"));
	assert_null(strstr(after.data, "static_routes"));
	assert_non_null(strstr(after.data, "hostname=\"rtr\"   # by hand\n"));
	buf_clear(&after);
}

/* Each run of sysrc in turn fails, or does nothing and says so to nobody: the
 * file is the old one, byte for byte. */
static void
test_boot_faults(void **state)
{
	static const char *const modes[] = { "fail", "lie" };
	struct op_link gre = whole_link();
	struct buf after = BUF_INIT;
	char fault[64];
	unsigned i, nth;

	(void)state;
	for (i = 0; i < 2; i++)
		for (nth = 1; nth <= 5; nth++) {
			put("etc/rc.conf", rc_conf);
			(void)snprintf(fault, sizeof(fault), "sysrc %u %s\n",
			    nth, modes[i]);
			put("fault", fault);
			assert_int_equal(boot_link_set(&tool, &gre, NULL), -1);
			get("etc/rc.conf", &after);
			assert_string_equal(after.data, rc_conf);
		}
	buf_clear(&after);
}

static void
test_link_faults(void **state)
{
	static const char *const modes[] = { "fail", "lie" };
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.44");
	struct buf before = BUF_INIT, after = BUF_INIT;
	char fault[64];
	unsigned i, nth;

	(void)state;
	see(&before);
	for (i = 0; i < 2; i++)
		for (nth = 1; nth <= 3; nth++) {
			(void)snprintf(fault, sizeof(fault), "ifconfig %u %s\n",
			    nth, modes[i]);
			put("fault", fault);
			assert_int_equal(link_create(&tool, &gre, NULL), -1);
			see(&after);
			assert_string_equal(buf_text(&after),
			    buf_text(&before));
		}
	buf_clear(&before);
	buf_clear(&after);
}

static void
test_firewall_faults(void **state)
{
	static const char *const modes[] = { "fail", "lie" };
	static struct op_firewall f, none;
	char fault[64];
	unsigned i;

	(void)state;
	description_of(&f);
	for (i = 0; i < 2; i++) {
		(void)snprintf(fault, sizeof(fault), "pfctl 1 %s\n", modes[i]);
		put("fault", fault);
		assert_int_equal(firewall_replace(&tool, &f, NULL), -1);
		OK(firewall_replace(&tool, &f, &err_));
		put("fault", fault);
		assert_int_equal(firewall_replace(&tool, &none, NULL), -1);
		OK(firewall_replace(&tool, &none, &err_));
	}
}

static const struct op_check *
check_of(const struct op_facts *f, const char *name)
{
	uint32_t i;

	for (i = 0; i < f->n_checks; i++)
		if (strcmp(f->checks[i].name, name) == 0)
			return &f->checks[i];
	fail_msg("no check %s", name);
	return NULL;
}

static void
test_facts(void **state)
{
	static struct op_facts f;
	uint32_t i;

	(void)state;
	OK(facts_read(&tool, &f, &err_));
	assert_string_equal(f.platform, "freebsd");
	assert_string_equal(f.release, "14.0 (1400063)");
	assert_int_equal(f.securelevel, -1);
	assert_int_equal(check_of(&f, "module_pf")->state, OP_CHECK_OK);
	assert_int_equal(check_of(&f, "pf_enabled")->state, OP_CHECK_WARNING);
	assert_int_equal(check_of(&f, "rc_conf")->state, OP_CHECK_OK);
	put("etc/rc.conf",
	    "ipsec_enable=YES\nipsec_file=/no/where\n"
	    "hostname=\"no end\n");
	OK(facts_read(&tool, &f, &err_));
	assert_int_equal(check_of(&f, "rc_conf")->state, OP_CHECK_FAILED);
	assert_int_equal(check_of(&f, "ipsec_conf")->state, OP_CHECK_FAILED);
	for (i = 0; i < f.n_checks; i++)
		assert_true((f.checks[i].fix[0] == '\0') ==
		    (f.checks[i].state == OP_CHECK_OK));
}

#define MACHINE(test) \
	cmocka_unit_test_setup_teardown(test, new_machine, old_machine)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE(test_link),
		MACHINE(test_link_pair_taken),
		MACHINE(test_route),
		MACHINE(test_firewall),
		MACHINE(test_boot),
		MACHINE(test_boot_faults),
		MACHINE(test_link_faults),
		MACHINE(test_firewall_faults),
		MACHINE(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
