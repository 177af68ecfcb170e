/* tests/unit/test_wire_op_check.c - every field of every payload, refused. */
/* links: wire/op wire/op_check wire/op_link wire/op_key wire/op_route
 * wire/op_firewall base/addr base/buf base/err base/name base/number
 * base/md5key base/crypto base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "wire/op.h"

/* No zero in them. */
#define INNER "2001:db8:1111:1111:1111:1111:1111:1112"
#define PEER "2001:db8:1111:1111:1111:1111:1111:1113"

static struct addr
addr(const char *text)
{
	struct addr a;

	memset(&a, 0, sizeof(a));
	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static struct prefix
prefix(const char *text)
{
	struct prefix p;

	assert_int_equal(prefix_parse(&p, text, true, NULL), 0);
	return p;
}

static void
name(char out[16], const char *text)
{
	memset(out, 0, 16);
	memcpy(out, text, strlen(text));
}

/* As the parent sees it: through op_request_check. */
static int
check(uint32_t kind, const void *payload, struct err *err)
{
	struct op_head head = { kind, 1, (uint32_t)op_size(kind), 0 };

	err_clear(err);
	return op_request_check(&head, payload, err);
}

static void
good(uint32_t kind, const void *payload)
{
	struct err err;

	if (check(kind, payload, &err) == -1)
		fail_msg("%s", err.text);
}

/* words: in the refusal. */
static void
bad(uint32_t kind, const void *payload, const char *words)
{
	struct err err;

	if (check(kind, payload, &err) == 0)
		fail_msg("%s passes, not refused with: %s", op_name(kind),
		    words);
	assert_int_equal(err.code, ERR_PROTOCOL);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", err.text, words);
}

static struct op_link
tunnel(void)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	name(l.name, "gre1");
	l.kind = OP_LINK_GRE;
	l.local = addr("192.5.2.1");
	l.remote = addr("198.51.100.1");
	return l;
}

static struct op_address
inner(const char *text, const char *peer, uint8_t length)
{
	struct op_address a;

	memset(&a, 0, sizeof(a));
	a.address = addr(text);
	if (peer != NULL)
		a.peer = addr(peer);
	a.prefix_length = length;
	return a;
}

static struct op_link
boot_tunnel(void)
{
	struct op_link l = tunnel();

	l.mtu = 1476;
	l.mtu_set = 1;
	memcpy(l.description, "to R64, 10G (spare)", 19);
	l.addresses[0] = inner(INNER, NULL, 64);
	l.addresses[1] = inner("10.1.1.1", "10.1.1.2", 32);
	l.n_addresses = 2;
	return l;
}

/* The payload has no zero byte where a value may stand (so its addresses have
 * none either): every zero, in padding too, must be one. */
static void
every_unused_byte(uint32_t kind, const void *payload)
{
	static unsigned char copy[sizeof(struct op_firewall)];
	size_t i, size = op_size(kind);
	unsigned char old;
	struct err err;

	memcpy(copy, payload, size);
	for (i = 0; i < size; i++) {
		old = copy[i];
		if (old != 0)
			continue;
		/* 200 is no member's value, and not ASCII. */
		copy[i] = 200;
		if (check(kind, copy, &err) == 0)
			fail_msg("%s: byte %zu", op_name(kind), i);
		copy[i] = old;
	}
}

static void
test_names(void **state)
{
	static const char *const refused[] = { "", "-a", "a b", "a\nb", "a;b",
		"a'b", "a\"b", "a$b", "a`b", "a.1", "A1", "0a", "_a", "a/b",
		"a%b", "lo", "all", "default", "sit0", "tunl0", "ip6tnl0",
		"ip6gre0", "gretap0", "erspan0" };
	static const char *const taken[] = { "gre0", "gre1", "gif0", "a",
		"tun-r64_x", "abcdefghijklmno" };
	struct op_link l;
	size_t i;

	(void)state;
	memset(&l, 0, sizeof(l));
	for (i = 0; i < NITEMS(refused); i++) {
		name(l.name, refused[i]);
		bad(OP_LINK_DESTROY, &l, "name: ");
	}
	for (i = 0; i < NITEMS(taken); i++) {
		name(l.name, taken[i]);
		good(OP_LINK_DESTROY, &l);
		good(OP_LINK_ADOPT, &l);
		good(OP_LINK_DISOWN, &l);
		good(OP_BOOT_LINK_REMOVE, &l);
	}
	memset(l.name, 'a', sizeof(l.name));
	bad(OP_LINK_DESTROY, &l, "name: is not a text");
	name(l.name, "gre1");
	l.name[7] = 'x';
	bad(OP_LINK_DESTROY, &l, "name: is not a text");
	name(l.name, "gre1");
	every_unused_byte(OP_LINK_DESTROY, &l);
	l.up = 1;
	bad(OP_LINK_DESTROY, &l, "not used is not zero");
}

static void
test_create(void **state)
{
	struct op_link l = tunnel();

	(void)state;
	good(OP_LINK_CREATE, &l);
	good(OP_LINK_ENDPOINTS, &l);
	every_unused_byte(OP_LINK_CREATE, &l);
	l.inner = 5;
	bad(OP_LINK_CREATE, &l, "inner: ");
	l.inner = 6;
	l.kind = OP_LINK_GIF;
	good(OP_LINK_CREATE, &l);
	l.kind = OP_LINK_OTHER;
	bad(OP_LINK_CREATE, &l, "kind: ");
	l.kind = 0;
	bad(OP_LINK_CREATE, &l, "kind: ");
	l = tunnel();
	l.mtu = 1476;
	bad(OP_LINK_CREATE, &l, "not used is not zero");
	l = tunnel();
	l.owned = 1;
	bad(OP_LINK_CREATE, &l, "not used is not zero");
	l = tunnel();
	l.n_addresses = 1;
	bad(OP_LINK_CREATE, &l, "not used is not zero");
}

static void
test_endpoints(void **state)
{
	static const char *const never[] = { "0.0.0.0", "0.1.2.3", "127.0.0.1",
		"224.0.0.5", "255.255.255.255", "240.0.0.1", "169.254.1.1",
		"::", "::1", "ff02::1", "fe80::1", "fe80::1%eth0",
		"::ffff:192.5.2.1" };
	struct op_link l = tunnel();
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(never); i++) {
		l = tunnel();
		l.local = addr(never[i]);
		bad(OP_LINK_CREATE, &l, "local: is");
		l = tunnel();
		l.remote = addr(never[i]);
		bad(OP_LINK_CREATE, &l, "remote: is");
	}
	l = tunnel();
	l.remote = l.local;
	bad(OP_LINK_CREATE, &l, "remote: is equal to local");
	l.remote = addr("2001:db8::1");
	bad(OP_LINK_CREATE, &l, "remote: is not of the family");
	l.local = addr("2001:db8::2");
	good(OP_LINK_CREATE, &l);
	l = tunnel();
	memset(&l.remote, 0, sizeof(l.remote));
	bad(OP_LINK_CREATE, &l, "remote: is not an address");
	l = tunnel();
	l.local.family = 5;
	bad(OP_LINK_CREATE, &l, "local: is not an address");
	l = tunnel();
	l.local.bytes[15] = 1; /* behind the four of IPv4 */
	bad(OP_LINK_CREATE, &l, "local: is not an address");
	l = tunnel();
	l.local.zone[0] = 'a';
	bad(OP_LINK_CREATE, &l, "local: is not an address");
	memset(l.local.zone, 'a', sizeof(l.local.zone));
	bad(OP_LINK_CREATE, &l, "local: is not an address");
}

static void
test_mtu(void **state)
{
	struct op_link l;

	(void)state;
	memset(&l, 0, sizeof(l));
	name(l.name, "gif0");
	good(OP_LINK_MTU, &l); /* the default */
	l.mtu = 575;
	bad(OP_LINK_MTU, &l, "mtu: must be 576 to 65535");
	l.mtu = 576;
	good(OP_LINK_MTU, &l);
	l.mtu = 65535;
	good(OP_LINK_MTU, &l);
	l.mtu = 65536;
	bad(OP_LINK_MTU, &l, "mtu: ");
	l = boot_tunnel();
	l.mtu = 576;
	good(OP_BOOT_LINK_SET, &l);
	l.inner = 6;
	bad(OP_BOOT_LINK_SET, &l, "mtu: must be 1280 to 65535");
	l.inner = 0;
	l.kind = OP_LINK_GIF;
	bad(OP_BOOT_LINK_SET, &l, "mtu: must be 1280 to 8192");
	l.mtu = 8193;
	bad(OP_BOOT_LINK_SET, &l, "mtu: ");
	l.mtu = 8192;
	good(OP_BOOT_LINK_SET, &l);
	l.mtu_set = 2;
	bad(OP_BOOT_LINK_SET, &l, "mtu_set: ");
	l.mtu_set = 1;
	l.mtu = 0;
	bad(OP_BOOT_LINK_SET, &l, "mtu_set: ");
}

static void
test_description(void **state)
{
	static const char *const refused[] = { " a", "a ", "a  b", "-a", "#a",
		"a\"b", "a'b", "a$b", "a`b", "a\\b", "a\nb", "a;b", "a|b",
		"a&b", "a<b", "a!b", "a?b", "a*b", "a=b", "a{b", "a[b", "a~b",
		"a%b", "a\tb", "caf\xc3\xa9" };
	struct op_link l;
	size_t i;

	(void)state;
	memset(&l, 0, sizeof(l));
	name(l.name, "gre1");
	good(OP_LINK_DESCRIPTION, &l); /* none */
	for (i = 0; i < NITEMS(refused); i++) {
		memset(l.description, 0, sizeof(l.description));
		memcpy(l.description, refused[i], strlen(refused[i]));
		bad(OP_LINK_DESCRIPTION, &l, "description: ");
	}
	memset(l.description, 0, sizeof(l.description));
	memcpy(l.description, "Az 09.,:_+/()@#-", 16);
	good(OP_LINK_DESCRIPTION, &l);
	memset(l.description, 'a', 80);
	good(OP_LINK_DESCRIPTION, &l);
	every_unused_byte(OP_LINK_DESCRIPTION, &l);
	l.description[80] = 'a';
	bad(OP_LINK_DESCRIPTION, &l, "description: is not a text");
	assert_int_equal(op_description_check("", NULL), -1);
}

static void
test_up(void **state)
{
	struct op_link l;

	(void)state;
	memset(&l, 0, sizeof(l));
	name(l.name, "gre1");
	good(OP_LINK_UP, &l);
	l.up = 1;
	good(OP_LINK_UP, &l);
	l.up = 2;
	bad(OP_LINK_UP, &l, "up: ");
}

static void
test_boot_link(void **state)
{
	struct op_link l = boot_tunnel();

	(void)state;
	good(OP_BOOT_LINK_SET, &l);
	every_unused_byte(OP_BOOT_LINK_SET, &l);
	l.up = 1;
	bad(OP_BOOT_LINK_SET, &l, "not used is not zero");
	l = boot_tunnel();
	l.n_addresses = 7;
	bad(OP_BOOT_LINK_SET, &l, "addresses: at most 6");
	l.n_addresses = 1; /* the second is there still */
	bad(OP_BOOT_LINK_SET, &l, "not used is not zero");
	l = boot_tunnel();
	l.addresses[1] = l.addresses[0];
	bad(OP_BOOT_LINK_SET, &l, "addresses: number 2 is there twice");
}

static void
test_address(void **state)
{
	struct op_address_of a;

	(void)state;
	memset(&a, 0, sizeof(a));
	name(a.link, "gre1");
	a.address = inner(INNER, NULL, 64);
	good(OP_ADDRESS_ADD, &a);
	good(OP_ADDRESS_REMOVE, &a);
	every_unused_byte(OP_ADDRESS_ADD, &a);
	a.address.prefix_length = 0;
	bad(OP_ADDRESS_ADD, &a, "prefix_length: must be 1 to 128");
	a.address.prefix_length = 129;
	bad(OP_ADDRESS_ADD, &a, "prefix_length: ");
	a.address = inner("10.1.1.1", NULL, 33);
	bad(OP_ADDRESS_ADD, &a, "prefix_length: must be 1 to 32");
	a.address = inner("10.1.1.1", "10.1.1.2", 31);
	bad(OP_ADDRESS_ADD, &a, "prefix_length: must be 32 with a peer");
	a.address = inner("10.1.1.1", "2001:db8::1", 32);
	bad(OP_ADDRESS_ADD, &a, "peer: is not of the family");
	a.address = inner("10.1.1.1", "10.1.1.1", 32);
	bad(OP_ADDRESS_ADD, &a, "peer: is equal");
	a.address = inner("10.1.1.1", "224.0.0.1", 32);
	bad(OP_ADDRESS_ADD, &a, "peer: is a multicast");
	a.address = inner("fe80::1", NULL, 64);
	good(OP_ADDRESS_ADD, &a);
	a.address = inner("fe80::1%gre1", NULL, 64);
	bad(OP_ADDRESS_ADD, &a, "address: must be without %gre1");
	a.address = inner("::1", NULL, 128);
	bad(OP_ADDRESS_ADD, &a, "address: is the loopback");
	a.address = inner(INNER, NULL, 64);
	name(a.link, "em0.5");
	bad(OP_ADDRESS_ADD, &a, "link: ");
}

static struct op_route
route(const char *to, uint8_t kind)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	r.prefix = prefix(to);
	r.kind = kind;
	return r;
}

static void
test_route(void **state)
{
	struct op_route r = route("2001:db8:1111::/48", OP_ROUTE_BLACKHOLE);

	(void)state;
	good(OP_ROUTE_ADD, &r);
	good(OP_ROUTE_REMOVE, &r);
	good(OP_BOOT_ROUTE_SET, &r);
	every_unused_byte(OP_ROUTE_ADD, &r);
	bad(OP_ROUTE_FIND, &r, "not used is not zero");
	r.kind = OP_ROUTE_REJECT;
	good(OP_ROUTE_ADD, &r);
	r.kind = OP_ROUTE_OTHER;
	bad(OP_ROUTE_ADD, &r, "kind: ");
	r.kind = 0;
	bad(OP_ROUTE_ADD, &r, "kind: ");
	good(OP_ROUTE_FIND, &r);
	good(OP_ROUTE_ADOPT, &r);
	good(OP_ROUTE_DISOWN, &r);
	good(OP_BOOT_ROUTE_REMOVE, &r);
	every_unused_byte(OP_ROUTE_FIND, &r);
	r.kind = OP_ROUTE_INTERFACE;
	bad(OP_ROUTE_ADD, &r, "interface: ");
	name(r.interface, "vtnet0.5");
	good(OP_ROUTE_ADD, &r);
	name(r.interface, "-x");
	bad(OP_ROUTE_ADD, &r, "interface: ");
	r.kind = OP_ROUTE_BLACKHOLE;
	name(r.interface, "gif0");
	bad(OP_ROUTE_ADD, &r, "not used is not zero");
}

static void
test_route_prefix(void **state)
{
	static const char *const never[] = { "127.0.0.0/8", "127.1.2.3/32",
		"224.0.0.0/4", "ff00::/8", "fe80::/10", "fe80::1/128",
		"::1/128" };
	struct op_route r;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(never); i++) {
		r = route(never[i], OP_ROUTE_BLACKHOLE);
		bad(OP_ROUTE_ADD, &r, "prefix: is one of");
		r.kind = 0;
		good(OP_ROUTE_FIND, &r);
	}
	r = route("0.0.0.0/0", OP_ROUTE_BLACKHOLE);
	bad(OP_ROUTE_ADD, &r, "prefix: the default route is never ours");
	r = route("::/0", 0);
	bad(OP_ROUTE_ADOPT, &r, "prefix: the default route is never ours");
	r = route("10.0.0.0/8", OP_ROUTE_BLACKHOLE);
	r.prefix.len = 33;
	bad(OP_ROUTE_ADD, &r, "prefix: ");
	r.prefix.len = 6;
	bad(OP_ROUTE_ADD, &r, "prefix: the prefix has bits set");
	r = route("2001:db8::/32", OP_ROUTE_BLACKHOLE);
	r.prefix.len = 129;
	bad(OP_ROUTE_ADD, &r, "prefix: ");
	r.prefix.len = 32;
	r.prefix.addr.family = 0;
	bad(OP_ROUTE_ADD, &r, "prefix: is not a prefix");
	r = route("2001:db8::/32", OP_ROUTE_BLACKHOLE);
	r.prefix.addr.zone[0] = 'a';
	bad(OP_ROUTE_ADD, &r, "prefix: is not a prefix");
}

static void
test_route_gateway(void **state)
{
	struct op_route r = route("2001:19f0:ffff::1/128", OP_ROUTE_GATEWAY);

	(void)state;
	bad(OP_ROUTE_ADD, &r, "gateway: is not an address");
	r.gateway = addr("fe80::1%vtnet0");
	good(OP_ROUTE_ADD, &r);
	r.gateway = addr("fe80::1");
	bad(OP_ROUTE_ADD, &r, "gateway: is a link-local address and needs");
	r.gateway = addr("fe80::1%0a");
	bad(OP_ROUTE_ADD, &r, "gateway: ");
	r.gateway = addr("192.5.2.1");
	bad(OP_ROUTE_ADD, &r, "gateway: is not of the family");
	r.gateway = addr("ff02::1");
	bad(OP_ROUTE_ADD, &r, "gateway: is a multicast");
	r.gateway = r.prefix.addr;
	bad(OP_ROUTE_ADD, &r, "gateway: is what the route leads to");
	r.gateway = addr("2001:db8::1");
	good(OP_ROUTE_ADD, &r);
	r.kind = OP_ROUTE_BLACKHOLE;
	bad(OP_ROUTE_ADD, &r, "not used is not zero");
}

static struct op_firewall fw;

static struct op_firewall_entry *
entry(uint32_t at, const char *interface, const char *peer)
{
	struct op_firewall_entry *e = &fw.entries[at];

	memset(e, 0, sizeof(*e));
	if (interface[0] != '\0') {
		e->kind = OP_LINK_GRE;
		name(e->interface, interface);
		e->local = addr("192.5.2.1");
		e->remote = addr("198.51.100.1");
		e->nat = 1;
	}
	if (peer[0] != '\0')
		e->peer = addr(peer);
	return e;
}

static void
firewall(void)
{
	memset(&fw, 0, sizeof(fw));
	fw.router[1] = addr(INNER);
	fw.n_prefixes = 2;
	fw.prefixes[0] = prefix("10.0.0.0/8");
	fw.prefixes[1] = prefix("2001:db8::/32");
	fw.n_entries = 3;
	(void)entry(0, "", PEER);
	(void)entry(1, "gif0", "");
	(void)entry(2, "gre1", PEER);
}

static void
test_firewall(void **state)
{
	(void)state;
	memset(&fw, 0, sizeof(fw));
	good(OP_FIREWALL_REPLACE, &fw); /* none at all */
	firewall();
	good(OP_FIREWALL_REPLACE, &fw);
	good(OP_BOOT_FIREWALL, &fw);
	every_unused_byte(OP_FIREWALL_REPLACE, &fw);
	fw.router[0] = addr("2001:db8::1");
	bad(OP_FIREWALL_REPLACE, &fw, "router: IPv4: is of the other family");
	firewall();
	fw.router[1] = addr("fe80::1%em0");
	bad(OP_FIREWALL_REPLACE, &fw, "router: IPv6: is a link-local");
	firewall();
	memset(&fw.router[1], 0, sizeof(fw.router[1]));
	bad(OP_FIREWALL_REPLACE, &fw, "nat: needs an address of the router");
	firewall();
	fw.n_prefixes = OP_FIREWALL_PREFIXES + 1;
	bad(OP_FIREWALL_REPLACE, &fw, "prefixes: at most 64");
	fw.n_prefixes = 3;
	bad(OP_FIREWALL_REPLACE, &fw, "prefixes: is not a prefix");
	fw.n_prefixes = 1;
	bad(OP_FIREWALL_REPLACE, &fw, "not used is not zero");
	firewall();
	fw.prefixes[0] = fw.prefixes[1];
	bad(OP_FIREWALL_REPLACE, &fw, "prefixes: not in ascending order");
	fw.prefixes[0] = prefix("::/0");
	bad(OP_FIREWALL_REPLACE, &fw, "prefixes: the default route");
}

static void
test_firewall_entries(void **state)
{
	(void)state;
	firewall();
	fw.n_entries = OP_FIREWALL_ENTRIES + 1;
	bad(OP_FIREWALL_REPLACE, &fw, "entries: at most 520");
	fw.n_entries = 2;
	bad(OP_FIREWALL_REPLACE, &fw, "not used is not zero");
	fw.n_entries = 4;
	bad(OP_FIREWALL_REPLACE, &fw, "entries: number 4: ");
	firewall();
	(void)entry(1, "gre1", PEER);
	bad(OP_FIREWALL_REPLACE, &fw, "entries: not in ascending order");
	(void)entry(1, "gre2", "");
	bad(OP_FIREWALL_REPLACE, &fw, "entries: not in ascending order");
	firewall();
	entry(0, "", PEER)->nat = 1;
	bad(OP_FIREWALL_REPLACE, &fw, "nat: must be 0 for a native");
	entry(0, "", PEER)->interface[0] = 'a';
	bad(OP_FIREWALL_REPLACE, &fw, "kind: a native neighbor has no");
	(void)entry(0, "", "");
	bad(OP_FIREWALL_REPLACE, &fw, "peer: is not an address");
	(void)entry(0, "", "fe80::1");
	bad(OP_FIREWALL_REPLACE, &fw, "peer: is a link-local address and");
	firewall();
	entry(1, "gif0", "")->kind = 3;
	bad(OP_FIREWALL_REPLACE, &fw, "kind: must be gre, gif or 0");
	entry(1, "gif0", "")->nat = 2;
	bad(OP_FIREWALL_REPLACE, &fw, "nat: must be 0 or 1");
	entry(1, "gif0", "")->remote = addr("192.5.2.1");
	bad(OP_FIREWALL_REPLACE, &fw, "remote: is equal to local");
	entry(1, "gif0", "")->interface[0] = '\n';
	bad(OP_FIREWALL_REPLACE, &fw, "interface: ");
	(void)entry(1, "gif0", "fe80::1%gif0");
	good(OP_FIREWALL_REPLACE, &fw);
	(void)entry(1, "gif0", "fe80::1%gif1");
	bad(OP_FIREWALL_REPLACE, &fw, "peer: has the zone of another");
}

/* What somebody made by hand can be told of. */
static void
test_told(void **state)
{
	struct op_link l = boot_tunnel();
	struct op_route r = route("::/1", OP_ROUTE_OTHER);
	struct err err;

	(void)state;
	name(l.name, "Tunnel.1");
	l.kind = OP_LINK_OTHER;
	l.up = l.owned = 1;
	l.where = OP_BOOT;
	memset(&l.remote, 0, sizeof(l.remote));
	assert_int_equal(op_link_check(&l, OP_LINKS, &err), 0);
	l.where = 2;
	assert_int_equal(op_link_check(&l, OP_LINKS, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
	assert_int_equal(op_link_check(&l, OP_ROUTES, &err), -1);
	r.where = OP_BOOT;
	r.owned = 1;
	assert_int_equal(op_route_check(&r, OP_ROUTES, &err), 0);
	r.owned = 2;
	assert_int_equal(op_route_check(&r, OP_ROUTES, &err), -1);
	assert_int_equal(op_route_check(&r, OP_LINKS, &err), -1);
}

static struct op_key
key(const char *text)
{
	struct op_key k;

	memset(&k, 0, sizeof(k));
	k.local = addr("192.5.2.1");
	k.remote = addr("198.51.100.1");
	if (text != NULL) {
		k.key_len = (uint8_t)strlen(text);
		memcpy(k.key, text, strlen(text));
	}
	return k;
}

static void
test_key_text(void **state)
{
	static const char *const goods[] = { "k", "your-shared-secret",
		"A1-_.,:+/=@%~^*!#$&", "00x", "1", "x0x", ".-!#" };
	static const char *const bads[] = { "", "-k", "!k", "#k", "0x12", "0X1",
		"a b", "a\"b", "a'b", "a\\b", "a;b", "a?b", "a|b", "a(b",
		"a\tb", "a\nb", "\xc3\x9c", "a`b", "a<b", "a{b" };
	char longest[OP_KEY_BYTES + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(goods) / sizeof(goods[0]); i++)
		assert_int_equal(op_key_text_check(goods[i], strlen(goods[i]),
				     NULL),
		    0);
	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++)
		if (op_key_text_check(bads[i], strlen(bads[i]), NULL) == 0)
			fail_msg("\"%s\" passes", bads[i]);
	assert_int_equal(op_key_text_check("a\0b", 3, NULL), -1);
	memset(longest, 'k', sizeof(longest));
	assert_int_equal(op_key_text_check(longest, OP_KEY_BYTES, NULL), 0);
	assert_int_equal(op_key_text_check(longest, OP_KEY_BYTES + 1, NULL),
	    -1);
}

static void
test_key(void **state)
{
	static const uint32_t bare[] = { OP_KEY_REMOVE, OP_KEY_ADOPT,
		OP_KEY_DISOWN, OP_BOOT_KEY_REMOVE };
	static const uint32_t whole[] = { OP_KEY_SET, OP_BOOT_KEY_SET };
	struct op_key k, none = key(NULL);
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bare) / sizeof(bare[0]); i++) {
		good(bare[i], &none);
		k = key("secret");
		bad(bare[i], &k, "not used");
		k = key(NULL);
		k.zero[1] = 1;
		bad(bare[i], &k, "not used");
		k = key(NULL);
		k.remote = k.local;
		bad(bare[i], &k, "remote: is equal to local");
	}
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		k = key("secret");
		good(whole[i], &k);
		bad(whole[i], &none, "key_len: must be 1 to 80");
		k.key_len = 81;
		bad(whole[i], &k, "key_len");
		k.key_len = 5;
		bad(whole[i], &k, "longer than key_len");
		k = key("a secret");
		bad(whole[i], &k, "key: must be of letters");
		/* Back to what somebody had, and only then. */
		k.flaw = OP_KEY_RAW;
		good(whole[i], &k);
		k.flaw = OP_KEY_RAW | OP_KEY_NO_IN;
		bad(whole[i], &k, "flaw");
		k = key("secret");
		k.flaw = OP_KEY_RAW;
		bad(whole[i], &k, "the key is a text");
		k = key("secret");
		k.where = OP_BOOT;
		bad(whole[i], &k, "not used");
		k = key("secret");
		k.owned = 1;
		bad(whole[i], &k, "not used");
		k = key("secret");
		k.remote = addr("fe80::1");
		bad(whole[i], &k, "remote: is a link-local address");
		k.remote = addr("2001:db8::1");
		bad(whole[i], &k, "family");
	}
	k = key("secret");
	k.where = OP_BOOT;
	k.owned = 1;
	k.flaw = OP_KEY_NO_IN | OP_KEY_SEVERAL | OP_KEY_DIFFERS;
	assert_int_equal(op_key_check(&k, OP_KEYS, &err), 0);
	k.flaw = 2 * OP_KEY_RAW;
	assert_int_equal(op_key_check(&k, OP_KEYS, &err), -1);
	assert_int_equal(op_key_check(&k, OP_LINKS, &err), -1);
	assert_true(op_key_is_of(&k, &k.remote, &k.local));
	assert_false(op_key_is_of(&k, &k.remote, &k.remote));
	none = key("secreT");
	assert_false(op_key_same(&k, &none));
	none = key("secret");
	assert_true(op_key_same(&k, &none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_mtu),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_up),
		cmocka_unit_test(test_boot_link),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_route_prefix),
		cmocka_unit_test(test_route_gateway),
		cmocka_unit_test(test_firewall),
		cmocka_unit_test(test_firewall_entries),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_key_text),
		cmocka_unit_test(test_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
