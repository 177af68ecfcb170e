/* tests/unit/test_system_freebsd_dry.c - exactly what FreeBSD's tools get. */
/* links: system/tool system/freebsd/paths system/freebsd/words
 * system/freebsd/unit system/freebsd/inner system/freebsd/ifconfig
 * system/freebsd/link system/freebsd/link_read system/freebsd/route
 * system/freebsd/route_get system/freebsd/firewall
 * system/freebsd/firewall_render system/freebsd/firewall_boot
 * system/firewall_memory system/freebsd/rcconf system/freebsd/sysrc
 * system/freebsd/boot_link system/freebsd/boot_link_parse
 * system/freebsd/boot_route wire/op wire/op_check wire/op_link wire/op_key
 * wire/op_route wire/op_firewall base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/name base/number base/rfc3339 base/run
 * base/md5key system/freebsd/key system/freebsd/key_dump
 * system/freebsd/key_pair system/freebsd/key_sysctl system/freebsd/pfkey
 * system/freebsd/pfkey_socket system/freebsd/ipsec_conf
 * system/freebsd/ipsec_edit system/freebsd/boot_key */
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
#include "shared_file.h"
#include "system/boot.h"
#include "system/firewall.h"
#include "system/key.h"
#include "system/link.h"
#include "system/route.h"
#include "system/tool.h"

static struct system_config config = {
	.boot_dir = "/usr/local/etc/multihomed",
	.timeout_ms = 5000,
};
static char log_bytes[256 * 1024];
static struct buf all;
static struct tool tool = { &config, true, &all };
static char rc_path[] = "/tmp/mh-rc-conf.XXXXXX";
static char tools_path[] = "/tmp/mh-dry-tools.XXXXXX"; /* for what is asked */
static char ipsec_path[64];

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
	r.prefix = net(prefix);
	r.kind = kind;
	if (kind == OP_ROUTE_GATEWAY)
		r.gateway = ip(to);
	else if (kind == OP_ROUTE_INTERFACE)
		(void)snprintf(r.interface, sizeof(r.interface), "%s", to);
	return r;
}

/* The file that sysrc changes, which in dry mode it never does. */
static void
rc_conf(const char *text)
{
	assert_int_equal(io_replace_file(rc_path, text, strlen(text), 0600,
			     NULL),
	    0);
}

static void
section(const char *name)
{
	buf_printf(&all, "%s== %s\n", all.len > 0 ? "\n" : "", name);
}

#define OK(call)                                              \
	do {                                                  \
		struct err err_;                              \
		err_clear(&err_);                             \
		if ((call) == -1)                             \
			fail_msg("%s: %s", #call, err_.text); \
	} while (0)

static void
links(void)
{
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.44");
	struct op_link six =
	    link_of("gif5", "2001:db8:f480::20", "2001:db8:f480::30");

	section("link-create: gre over IPv4");
	OK(link_create(&tool, &gre, &err_));
	section("link-create: gif over IPv6");
	OK(link_create(&tool, &six, &err_));
	gre.remote = ip("198.51.100.45");
	section("link-endpoints");
	OK(link_endpoints(&tool, &gre, &err_));
	section("link-destroy");
	OK(link_destroy(&tool, &gre, &err_));
	gre.mtu = 1480;
	section("link-mtu");
	OK(link_mtu(&tool, &gre, &err_));
	gre.mtu = 0;
	section("link-mtu: the default");
	OK(link_mtu(&tool, &gre, &err_));
	(void)snprintf(gre.description, sizeof(gre.description),
	    "Transit-iFog-Frankfurt BGPTunnel");
	section("link-description");
	OK(link_description(&tool, &gre, &err_));
	gre.description[0] = '\0';
	section("link-description: none");
	OK(link_description(&tool, &gre, &err_));
	gre.up = 1;
	section("link-up");
	OK(link_up(&tool, &gre, &err_));
	gre.up = 0;
	section("link-up: down");
	OK(link_up(&tool, &gre, &err_));
}

static void
addresses(void)
{
	static const struct {
		const char *title, *address, *peer;
		uint8_t length;
	} cases[] = {
		{ "IPv6", "2001:db8:300::2", NULL, 126 },
		{ "IPv6, point to point", "2a06:9801:1c:ffff::1",
		    "2a06:9801:1c:ffff::2", 128 },
		{ "IPv4, the other end of a /30", "10.0.0.1", NULL, 30 },
		{ "IPv4, point to point", "10.2.2.1", "10.2.2.2", 32 },
	};
	struct op_address_of of;
	char title[80];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		of = address_of("gre1", cases[i].address, cases[i].peer,
		    cases[i].length);
		(void)snprintf(title, sizeof(title), "address-add: %s",
		    cases[i].title);
		section(title);
		OK(link_address_add(&tool, &of, &err_));
		(void)snprintf(title, sizeof(title), "address-remove: %s",
		    cases[i].title);
		section(title);
		OK(link_address_remove(&tool, &of, &err_));
	}
}

static void
routes(void)
{
	static const struct {
		const char *prefix;
		uint8_t kind;
		const char *to;
	} cases[] = {
		{ "2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY, "fe80::1%vtnet0" },
		{ "2a06:9801:1c:1000::/64", OP_ROUTE_GATEWAY,
		    "2a06:9801:1c:ffff::2" },
		{ "2001:19f0:ffff::2/128", OP_ROUTE_INTERFACE, "gif0" },
		{ "2a06:9801:1c::/48", OP_ROUTE_INTERFACE, "gif0" },
		{ "2a06:9801:1c::/48", OP_ROUTE_REJECT, NULL },
		{ "2a06:9801:1c::/48", OP_ROUTE_BLACKHOLE, NULL },
		{ "203.0.113.0/24", OP_ROUTE_GATEWAY, "192.0.2.254" },
		{ "203.0.113.9/32", OP_ROUTE_GATEWAY, "192.0.2.99" },
		{ "203.0.113.0/24", OP_ROUTE_BLACKHOLE, NULL },
	};
	struct op_route r;
	size_t i;

	section("route-add");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = route_of(cases[i].prefix, cases[i].kind, cases[i].to);
		OK(route_add(&tool, &r, &err_));
	}
	section("route-remove");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = route_of(cases[i].prefix, cases[i].kind, cases[i].to);
		OK(route_remove(&tool, &r, &err_));
	}
}

static void
entry(struct op_firewall *f, uint8_t kind, const char *interface,
    const char *local, const char *remote, const char *peer, uint8_t nat)
{
	struct op_firewall_entry *e = &f->entries[f->n_entries++];

	e->kind = kind;
	e->nat = nat;
	(void)snprintf(e->interface, sizeof(e->interface), "%s", interface);
	if (kind != 0) {
		e->local = ip(local);
		e->remote = ip(remote);
	}
	if (peer != NULL)
		e->peer = ip(peer);
}

static void
firewalls(void)
{
	static struct op_firewall f;

	memset(&f, 0, sizeof(f));
	section("firewall-replace: nothing");
	OK(firewall_replace(&tool, &f, &err_));
	f.router[0] = ip("192.0.2.1");
	f.router[1] = ip("2a06:9801:1c::1");
	f.n_prefixes = 2;
	f.prefixes[0] = net("192.0.2.0/24");
	f.prefixes[1] = net("2a06:9801:1c::/48");
	entry(&f, 0, "", NULL, NULL, "2001:19f0:ffff::1", 0);
	entry(&f, 0, "", NULL, NULL, "fe80::1%vtnet0", 0);
	entry(&f, OP_LINK_GIF, "gif0", "198.51.100.10", "203.0.113.10", NULL,
	    0);
	entry(&f, OP_LINK_GRE, "gre0", "198.51.100.10", "198.51.100.44",
	    "10.0.0.2", 1);
	entry(&f, OP_LINK_GRE, "gre0", "198.51.100.10", "198.51.100.44",
	    "2001:db8:300::1", 1);
	assert_int_equal(op_firewall_check(&f, NULL), 0);
	section("firewall-replace");
	OK(firewall_replace(&tool, &f, &err_));
	section("boot-firewall");
	OK(firewall_boot(&tool, &f, &err_));
}

static void
boots(void)
{
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.45");
	struct op_route r = route_of("2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY,
	    "fe80::1%vtnet0");

	gre.n_addresses = 3;
	gre.addresses[0] = address_of("", "fd00:ca::2", NULL, 64).address;
	gre.addresses[1] = address_of("", "10.0.0.1", NULL, 30).address;
	gre.addresses[2] =
	    address_of("", "2a06:9801:1c:ffff::1", "2a06:9801:1c:ffff::2", 128)
		.address;
	(void)snprintf(gre.description, sizeof(gre.description),
	    "Transit-Lagrange-UK");
	rc_conf("cloned_interfaces=\"gre0\"\n");
	section("boot-link-set: new");
	OK(boot_link_set(&tool, &gre, &err_));
	section("boot-route-set: new");
	OK(boot_route_set(&tool, &r, &err_));
	rc_conf("cloned_interfaces=\"gre0 gre1\"\n"
		"ifconfig_gre1=\"tunnel 198.51.100.10 198.51.100.45\"\n"
		"ifconfig_gre1_ipv6=\"inet6 fd00:ca::2 prefixlen 64\"\n"
		"ifconfig_gre1_alias0=\"inet6 fd00:cb::2 prefixlen 64\"\n"
		"ifconfig_gre1_alias1=\"inet6 fd00:cc::2 prefixlen 64\"\n"
		"ifconfig_gre1_descr=\"Transit-Lagrange-UK\"\n"
		"ipv6_static_routes=\"vultrbgp other\"\n"
		"ipv6_route_vultrbgp=\"2001:19f0:ffff::1 fe80::1%vtnet0\"\n"
		"ipv6_route_other=\"2001:db8::/32 -reject\"\n");
	gre.n_addresses = 1;
	memset(&gre.addresses[1], 0, 2 * sizeof(gre.addresses[1]));
	gre.remote = ip("198.51.100.46");
	gre.mtu = 1400;
	gre.mtu_set = 1;
	memset(gre.description, 0, sizeof(gre.description));
	section("boot-link-set: what differs");
	OK(boot_link_set(&tool, &gre, &err_));
	section("boot-link-remove");
	OK(boot_link_remove(&tool, "gre1", &err_));
	section("boot-route-set: there already");
	OK(boot_route_set(&tool, &r, &err_));
	section("boot-route-set: another gateway");
	r.gateway = ip("fe80::2%vtnet0");
	OK(boot_route_set(&tool, &r, &err_));
	section("boot-route-remove");
	OK(boot_route_remove(&tool, &r.prefix, &err_));
	rc_conf("cloned_interfaces=gre1\nifconfig_gre1='tunnel 192.0.2.1 "
		"192.0.2.2'\n");
	section("boot-link-remove: the last one");
	OK(boot_link_remove(&tool, "gre1", &err_));
}

/* The answer of a tool that is asked. */
static void
answers(const char *name, const char *text)
{
	char path[128];
	struct buf b = BUF_INIT;

	(void)snprintf(path, sizeof(path), "%s/%s", tools_path, name);
	buf_printf(&b, "#!/bin/sh\nprintf '%s'\n", text);
	assert_int_equal(io_replace_file(path, b.data, b.len, 0700, NULL), 0);
	buf_clear(&b);
}

#define DUMPED(src, dst, key)                                            \
	src " " dst "\\n\\ttcp mode=any spi=4096(0x00001000) reqid=0\\n" \
	    "\\tA: tcp-md5  " key "\\n\\tseq=0x00000000 state=mature \\n"

static void
keys(void)
{
	static const char here[] = "2001:db8:f480::20",
			  peer[] = "2001:19f0:ffff::1";
	static const char theirs[] =
	    "add 10.0.0.1 10.0.0.2 tcp 1 -A tcp-md5 \"s3\";\n"
	    "add 10.0.0.2 10.0.0.1 tcp 1 -A tcp-md5 \"s3\";\n";
	char rc[160];
	struct op_key k;

	memset(&k, 0, sizeof(k));
	k.local = ip(here);
	k.remote = ip(peer);
	k.key_len = 7;
	memcpy(k.key, "s3cret1", 7);
	assert_int_equal(op_key_check(&k, OP_KEY_SET, NULL), 0);
	(void)snprintf(config.tools_dir, sizeof(config.tools_dir), "%s",
	    tools_path);
	answers("setkey", "No SAD entries.\\n");
	answers("sysctl", "1\\n");
	section("key-set: the first");
	OK(key_set(&tool, &k, &err_));
	answers("setkey",
	    DUMPED("2001:19f0:ffff::1", "2001:db8:f480::20", "6b31")
		DUMPED("2001:db8:f480::20", "2001:19f0:ffff::1", "6b31"));
	section("key-set: another");
	OK(key_set(&tool, &k, &err_));
	answers("sysctl", "0\\n");
	section("key-set: another, where the newer one is preferred");
	OK(key_set(&tool, &k, &err_));
	section("key-remove");
	OK(key_remove(&tool, &k, &err_));
	(void)snprintf(rc, sizeof(rc),
	    "ipsec_file=\"%s\"\nkld_list=\"if_gre\"\n", ipsec_path);
	rc_conf(rc);
	section("boot-key-set: new");
	OK(boot_key_set(&tool, &k, &err_));
	assert_int_equal(io_replace_file(ipsec_path, theirs, strlen(theirs),
			     0600, NULL),
	    0);
	(void)snprintf(rc, sizeof(rc),
	    "ipsec_file=\"%s\"\nkld_list=\"tcpmd5\"\nipsec_enable=YES\n",
	    ipsec_path);
	rc_conf(rc);
	section("boot-key-set: loaded already");
	OK(boot_key_set(&tool, &k, &err_));
	k.local = ip("10.0.0.1");
	k.remote = ip("10.0.0.2");
	section("boot-key-remove");
	OK(boot_key_remove(&tool, &k, &err_));
	config.tools_dir[0] = '\0';
}

/* Names of temporary files are not the same twice. */
static void
put_line(struct buf *out, const char *line, size_t len)
{
	const struct {
		const char *is, *should;
	} names[] = { { rc_path, "/etc/rc.conf" },
		{ ipsec_path, "/etc/ipsec.conf" }, { tools_path, "/sbin" } };
	const char *end = line + len;
	size_t i;

	while (line < end) {
		for (i = 0; i < 3; i++)
			if ((size_t)(end - line) >= strlen(names[i].is) &&
			    memcmp(line, names[i].is, strlen(names[i].is)) == 0)
				break;
		if (i == 3) {
			buf_putc(out, *line++);
			continue;
		}
		buf_puts(out, names[i].should);
		line += strlen(names[i].is);
	}
	buf_putc(out, '\n');
}

/* Without the remarks, and without the tab before an empty answer. */
static void
plain(const char *text, struct buf *out)
{
	const char *end;
	size_t len;

	for (; *text != '\0'; text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		len = (size_t)(end - text);
		if (text[0] == '#')
			continue;
		if (len > 0 && text[len - 1] == '\t')
			len--;
		put_line(out, text, len);
	}
}

static void
test_golden(void **state)
{
	static const char file[] = "tests/golden/freebsd/operations.txt";
	struct buf want = BUF_INIT, said = BUF_INIT, have = BUF_INIT;
	const char *text;

	(void)state;
	buf_init_fixed(&all, log_bytes, sizeof(log_bytes));
	links();
	addresses();
	routes();
	firewalls();
	boots();
	keys();
	assert_false(all.failed);
	assert_null(strstr(buf_text(&all), "s3cret1"));
	plain(buf_text(&all), &have);
	assert_int_equal(io_read_file(file, &want, NULL), 0);
	text = strstr(buf_text(&want), "== ");
	assert_non_null(text);
	plain(text, &said);
	if (strcmp(buf_text(&have), buf_text(&said)) != 0) {
		printf("%s", buf_text(&have));
		fail_msg("not as in %s", file);
	}
	buf_clear(&want);
	buf_clear(&said);
	buf_clear(&have);
}

/* Each variable that would be set stands in the reference network's file. */
static void
expect_lines(const char *file, const char *log)
{
	static const char q[] = "'", copy[] = ".multihomed ";
	const char *end, *p, *equals;
	char line[400];
	int n = 0;

	for (; *log != '\0'; log = end + (*end == '\n')) {
		end = log + strcspn(log, "\n");
		if (strncmp(log, "cp ", 3) == 0 || strncmp(log, "mv ", 3) == 0)
			continue;
		p = memmem(log, (size_t)(end - log), copy, strlen(copy));
		assert_non_null(p);
		p += strlen(copy);
		p += *p == q[0];
		equals = strchr(p, '=');
		assert_non_null(equals);
		/* A list grows by a word. */
		if (equals[-1] == '+')
			continue;
		(void)snprintf(line, sizeof(line), "%.*s=\"%.*s\"\n",
		    (int)(equals - p), p, (int)strcspn(equals + 1, "'\t"),
		    equals + 1);
		if (strstr(file, line) == NULL)
			fail_msg("not in the reference: %s", line);
		n++;
	}
	assert_true(n > 0);
}

static void
check_reference(const char *name, size_t want_links, size_t want_routes)
{
	static struct op_link list[16];
	static struct op_route found[16];
	struct buf file = BUF_INIT;
	size_t i, n, n_routes;

	shared_file(name, &file);
	rc_conf(buf_text(&file));
	OK(boot_links(&tool, list, 16, &n, &err_));
	OK(boot_routes(&tool, found, 16, &n_routes, &err_));
	assert_int_equal(n, want_links);
	assert_int_equal(n_routes, want_routes);
	rc_conf("");
	buf_init_fixed(&all, log_bytes, sizeof(log_bytes));
	for (i = 0; i < n; i++) {
		OK(op_link_check(&list[i], OP_LINKS, &err_));
		OK(boot_link_set(&tool, &list[i], &err_));
	}
	expect_lines(buf_text(&file), buf_text(&all));
	/* With the names that are there. */
	rc_conf(buf_text(&file));
	buf_reset(&all);
	for (i = 0; i < n; i++)
		OK(boot_link_set(&tool, &list[i], &err_));
	for (i = 0; i < n_routes; i++)
		OK(boot_route_set(&tool, &found[i], &err_));
	assert_string_equal(buf_text(&all), "");
	buf_clear(&file);
}

static void
test_reference(void **state)
{
	(void)state;
	check_reference("reference/hobgp.rc.conf", 5, 3);
	check_reference("reference/vtbgp.rc.conf", 1, 2);
}

/* Words of a person's that writing anew would lose. */
static void
test_unknown_words(void **state)
{
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.45");
	struct err err;

	(void)state;
	buf_init_fixed(&all, log_bytes, sizeof(log_bytes));
	rc_conf("cloned_interfaces=\"gre1\"\nifconfig_gre1=\"tunnel 192.0.2.1 "
		"192.0.2.2 grekey 7\"\n");
	err_clear(&err);
	assert_int_equal(boot_link_set(&tool, &gre, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_non_null(strstr(err.text, "ifconfig_gre1 has \"grekey\""));
	assert_string_equal(buf_text(&all), "");
}

static void
test_refused(void **state)
{
	static const char *const names[] = { "gre01", "gre32768", "tun0", "gre",
		"gif1", "gre-1" };
	struct op_link gre = link_of("gre1", "198.51.100.10", "198.51.100.45");
	struct op_address_of of = address_of("gre1", "10.0.0.4", NULL, 30);
	struct err err;
	size_t i;

	(void)state;
	buf_init_fixed(&all, log_bytes, sizeof(log_bytes));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(gre.name, sizeof(gre.name), "%s", names[i]);
		err_clear(&err);
		assert_int_equal(link_create(&tool, &gre, &err), -1);
		assert_int_equal(err.code, ERR_UNPROCESSABLE);
		assert_int_equal(boot_link_set(&tool, &gre, NULL), -1);
	}
	err_clear(&err);
	assert_int_equal(link_address_add(&tool, &of, &err), -1);
	assert_int_equal(err.code, ERR_UNPROCESSABLE);
	of = address_of("gre1", "10.0.0.5", NULL, 24);
	assert_int_equal(link_address_add(&tool, &of, NULL), -1);
	(void)snprintf(gre.name, sizeof(gre.name), "gif1");
	gre.mtu = 1279;
	assert_int_equal(link_mtu(&tool, &gre, NULL), -1);
	gre.mtu = 8193;
	assert_int_equal(link_mtu(&tool, &gre, NULL), -1);
	assert_string_equal(buf_text(&all), "");
}

static int
set_up(void **state)
{
	int fd = mkstemp(rc_path);

	(void)state;
	if (fd == -1)
		return -1;
	(void)close(fd);
	(void)snprintf(config.rc_conf, sizeof(config.rc_conf), "%s", rc_path);
	if (mkdtemp(tools_path) == NULL)
		return -1;
	(void)snprintf(ipsec_path, sizeof(ipsec_path), "%s/ipsec.conf",
	    tools_path);
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = { "setkey", "sysctl", "ipsec.conf" };
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", tools_path,
		    names[i]);
		(void)unlink(path);
	}
	(void)rmdir(tools_path);
	return unlink(rc_path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_unknown_words),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
