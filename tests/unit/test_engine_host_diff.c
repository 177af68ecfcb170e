/* tests/unit/test_engine_host_diff.c - tunnels, routes, firewall compared. */
/* links: engine/host engine/host_key engine/host_diff engine/host_touch
 * wire/op wire/op_check wire/op_link wire/op_key wire/op_route
 * wire/op_firewall base/addr base/buf base/crypto base/err base/mem
 * base/log base/clock base/name base/number base/compat base/md5key
 * engine/host_diff_key */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/host.h"
#include "engine/host_diff.h"
#include "engine/host_touch.h"

static struct op_link
tunnel(const char *name)
{
	struct op_link link;

	memset(&link, 0, sizeof(link));
	memcpy(link.name, name, strlen(name));
	link.kind = OP_LINK_GRE;
	link.up = 1;
	link.mtu = 1476;
	link.mtu_set = 1;
	assert_int_equal(addr_parse(&link.local, "198.51.100.10", NULL), 0);
	assert_int_equal(addr_parse(&link.remote, "198.51.100.46", NULL), 0);
	memcpy(link.description, "route64", 8);
	link.n_addresses = 1;
	assert_int_equal(addr_parse(&link.addresses[0].address,
			     "2001:db8:400::2", NULL),
	    0);
	link.addresses[0].prefix_length = 64;
	return link;
}

static struct op_route
host_route_to(const char *prefix, const char *gateway)
{
	struct op_route route;

	memset(&route, 0, sizeof(route));
	route.kind = OP_ROUTE_GATEWAY;
	assert_int_equal(prefix_parse(&route.prefix, prefix, true, NULL), 0);
	assert_int_equal(addr_parse(&route.gateway, gateway, NULL), 0);
	return route;
}

static struct op_firewall_entry
entry(const char *interface, const char *peer)
{
	struct op_firewall_entry e;

	memset(&e, 0, sizeof(e));
	memcpy(e.interface, interface, strlen(interface));
	if (interface[0] != '\0') {
		e.kind = OP_LINK_GRE;
		assert_int_equal(addr_parse(&e.local, "198.51.100.10", NULL),
		    0);
		assert_int_equal(addr_parse(&e.remote, "198.51.100.46", NULL),
		    0);
	}
	assert_int_equal(addr_parse(&e.peer, peer, NULL), 0);
	return e;
}

/* The kinds of a phase, in order, ended by OP_COUNT. */
static void
assert_ops(const struct host *before, const struct host *after,
    enum host_phase phase, const enum op_kind *kinds)
{
	struct host_ops ops = { 0 };
	size_t i;

	host_diff(before, after, phase, &ops);
	for (i = 0; kinds[i] != OP_COUNT; i++) {
		assert_true(i < ops.n);
		assert_string_equal(op_name(ops.v[i].kind), op_name(kinds[i]));
	}
	assert_int_equal(ops.n, i);
	host_diff_clear(&ops);
}

static void
fill(struct host *h)
{
	struct op_link link = tunnel("gre1");
	struct op_route route =
	    host_route_to("2001:db8:9::1/128", "fe80::1%eth0");
	struct op_firewall_entry e = entry("gre1", "2001:db8:400::1");

	h->firewall_known = h->firewall_as_set = true;
	host_set_link(h, &link);
	host_set_route(h, &route);
	assert_int_equal(host_set_firewall_entry(h, &e, NULL), 0);
}

static void
test_add_and_remove(void **state)
{
	static const enum op_kind build[] = { OP_LINK_CREATE, OP_LINK_MTU,
		OP_LINK_DESCRIPTION, OP_LINK_UP, OP_ADDRESS_ADD, OP_ROUTE_ADD,
		OP_FIREWALL_REPLACE, OP_COUNT };
	static const enum op_kind clean[] = { OP_FIREWALL_REPLACE,
		OP_ROUTE_REMOVE, OP_LINK_DESTROY, OP_COUNT };
	static const enum op_kind boot[] = { OP_BOOT_LINK_SET,
		OP_BOOT_ROUTE_SET, OP_BOOT_FIREWALL, OP_COUNT };
	static const enum op_kind unboot[] = { OP_BOOT_ROUTE_REMOVE,
		OP_BOOT_LINK_REMOVE, OP_BOOT_FIREWALL, OP_COUNT };
	static const enum op_kind none[] = { OP_COUNT };
	struct host before = { .firewall_known = true,
		.firewall_as_set = true };
	struct host after = { 0 };

	(void)state;
	fill(&after);
	assert_ops(&before, &after, HOST_BUILD, build);
	assert_ops(&before, &after, HOST_CLEAN, none);
	assert_ops(&before, &after, HOST_BOOT, boot);
	assert_ops(&after, &before, HOST_BUILD, none);
	assert_ops(&after, &before, HOST_CLEAN, clean);
	assert_ops(&after, &before, HOST_BOOT, unboot);
	assert_true(host_diff_is_none(&after, &after));
	assert_false(host_diff_is_none(&before, &after));
	host_clear(&after);
}

/* Each member by itself: nothing is made anew that can be changed. */
static void
test_change(void **state)
{
	static const enum op_kind mtu[] = { OP_LINK_MTU, OP_COUNT };
	static const enum op_kind ends[] = { OP_LINK_ENDPOINTS, OP_COUNT };
	static const enum op_kind added[] = { OP_ADDRESS_ADD, OP_COUNT };
	static const enum op_kind removed[] = { OP_ADDRESS_REMOVE, OP_COUNT };
	static const enum op_kind kind[] = { OP_LINK_DESTROY, OP_LINK_CREATE,
		OP_LINK_MTU, OP_LINK_DESCRIPTION, OP_LINK_UP, OP_ADDRESS_ADD,
		OP_COUNT };
	struct host before = { 0 }, after = { 0 };
	struct op_link link = tunnel("gre1");

	(void)state;
	fill(&before);
	link.mtu = 1400;
	host_copy(&after, &before);
	host_set_link(&after, &link);
	assert_ops(&before, &after, HOST_BUILD, mtu);
	link = tunnel("gre1");
	link.remote.bytes[3] = 47;
	host_set_link(&after, &link);
	assert_ops(&before, &after, HOST_BUILD, ends);
	link = tunnel("gre1");
	link.addresses[0].address.bytes[15] = 9;
	host_set_link(&after, &link);
	assert_ops(&before, &after, HOST_BUILD, added);
	assert_ops(&before, &after, HOST_CLEAN, removed);
	link = tunnel("gre1");
	link.kind = OP_LINK_GIF;
	host_set_link(&after, &link);
	assert_ops(&before, &after, HOST_BUILD, kind);
	host_clear(&before);
	host_clear(&after);
}

/* What was made by hand is taken over first, and given back by the undo. */
static void
test_adopt(void **state)
{
	static const enum op_kind adopt[] = { OP_LINK_ADOPT, OP_LINK_MTU,
		OP_COUNT };
	static const enum op_kind disown[] = { OP_LINK_DISOWN, OP_COUNT };
	static const enum op_kind destroy[] = { OP_LINK_ADOPT, OP_LINK_DESTROY,
		OP_COUNT };
	static const enum op_kind back[] = { OP_LINK_CREATE, OP_LINK_MTU,
		OP_LINK_DESCRIPTION, OP_LINK_UP, OP_ADDRESS_ADD, OP_LINK_DISOWN,
		OP_COUNT };
	struct host before = { 0 }, after = { 0 }, gone = { 0 };
	struct op_link link = tunnel("gre1");

	(void)state;
	host_set_link(&before, &link);
	host_link(&before, OP_RUNNING, "gre1")->owned = 0;
	link.mtu = 1400;
	host_copy(&after, &before);
	host_set_link(&after, &link);
	assert_ops(&before, &after, HOST_BUILD, adopt);
	assert_ops(&after, &before, HOST_CLEAN, disown);
	assert_ops(&before, &gone, HOST_CLEAN, destroy);
	assert_ops(&gone, &before, HOST_BUILD, back);
	host_clear(&before);
	host_clear(&after);
}

/* A journal holds what a change touches and nothing else, and comes back. */
static void
test_touch(void **state)
{
	struct host before = { .firewall_known = true,
		.firewall_as_set = true };
	struct host after = { 0 }, read = { 0 }, now = { 0 }, goal = { 0 };
	struct op_link other = tunnel("gre2");
	struct buf b = BUF_INIT;
	struct err err;

	(void)state;
	host_set_link(&before, &other);
	host_copy(&after, &before);
	fill(&after);
	host_copy(&now, &after);
	host_touch_reduce(&before, &after);
	assert_int_equal(before.n_links, 0);
	assert_int_equal(after.n_links, 2); /* gre1, running and boot */
	assert_int_equal(after.n_routes, 2);
	assert_true(before.firewall_known && after.firewall_known);
	host_touch_store(&after, &b);
	assert_int_equal(host_touch_load(&read, buf_text(&b), &err), 0);
	assert_true(host_diff_is_none(&read, &after));
	assert_true(host_diff_is_none(&after, &read));
	host_touch_goal(&now, &before, &read, &goal);
	assert_null(host_link(&goal, OP_RUNNING, "gre1"));
	assert_non_null(host_link(&goal, OP_RUNNING, "gre2"));
	assert_int_equal(goal.running.n_entries, 0);
	b.data[9] = 'x';
	host_clear(&read);
	assert_int_equal(host_touch_load(&read, buf_text(&b), &err), -1);
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_int_equal(host_touch_load(&read, "", &err), -1);
	buf_clear(&b);
	host_clear(&before);
	host_clear(&after);
	host_clear(&now);
	host_clear(&goal);
}

/* Somebody flushed our rules: a change puts them back. */
static void
test_firewall_by_hand(void **state)
{
	static const enum op_kind replace[] = { OP_FIREWALL_REPLACE, OP_COUNT };
	struct host before = { 0 }, after = { 0 };

	(void)state;
	fill(&before);
	host_copy(&after, &before);
	before.firewall_as_set = false;
	assert_ops(&before, &after, HOST_CLEAN, replace);
	host_clear(&before);
	host_clear(&after);
}

/* Entries keep their order and leave no trace behind. */
static void
test_entries(void **state)
{
	struct op_firewall_entry e = entry("gre2", "2001:db8:1::1");
	struct op_firewall empty;
	struct host h = { 0 };

	(void)state;
	memset(&empty, 0, sizeof(empty));
	assert_int_equal(host_set_firewall_entry(&h, &e, NULL), 0);
	e = entry("gre1", "2001:db8:2::1");
	assert_int_equal(host_set_firewall_entry(&h, &e, NULL), 0);
	e = entry("", "2001:db8:3::2");
	assert_int_equal(host_set_firewall_entry(&h, &e, NULL), 0);
	e = entry("", "2001:db8:3::1");
	assert_int_equal(host_set_firewall_entry(&h, &e, NULL), 0);
	assert_int_equal(h.running.n_entries, 4);
	assert_int_equal(h.running.entries[0].peer.bytes[15], 1);
	assert_string_equal(h.running.entries[2].interface, "gre1");
	assert_string_equal(h.running.entries[3].interface, "gre2");
	assert_int_equal(op_firewall_check(&h.running, NULL), 0);
	assert_non_null(host_firewall_entry(&h, "gre1", &e.peer));
	host_remove_firewall_entry(&h, "gre1", &e.peer);
	host_remove_firewall_entry(&h, "gre2", &e.peer);
	host_remove_firewall_entry(&h, "", &e.peer);
	e = entry("", "2001:db8:3::2");
	host_remove_firewall_entry(&h, "", &e.peer);
	assert_memory_equal(&h.running, &empty, sizeof(empty));
	assert_memory_equal(&h.boot, &empty, sizeof(empty));
}

static struct op_key
key_of(const char *local, const char *remote, const char *text)
{
	struct op_key k;

	memset(&k, 0, sizeof(k));
	assert_int_equal(addr_parse(&k.local, local, NULL), 0);
	assert_int_equal(addr_parse(&k.remote, remote, NULL), 0);
	k.key_len = (uint8_t)strlen(text);
	memcpy(k.key, text, strlen(text));
	return k;
}

static void
test_keys(void **state)
{
	static const enum op_kind build[] = { OP_LINK_CREATE, OP_LINK_MTU,
		OP_LINK_DESCRIPTION, OP_LINK_UP, OP_ADDRESS_ADD, OP_ROUTE_ADD,
		OP_FIREWALL_REPLACE, OP_KEY_SET, OP_COUNT };
	static const enum op_kind clean[] = { OP_KEY_REMOVE,
		OP_FIREWALL_REPLACE, OP_ROUTE_REMOVE, OP_LINK_DESTROY,
		OP_COUNT };
	static const enum op_kind boot[] = { OP_BOOT_LINK_SET,
		OP_BOOT_ROUTE_SET, OP_BOOT_FIREWALL, OP_BOOT_KEY_SET,
		OP_COUNT };
	static const enum op_kind unboot[] = { OP_BOOT_KEY_REMOVE,
		OP_BOOT_ROUTE_REMOVE, OP_BOOT_LINK_REMOVE, OP_BOOT_FIREWALL,
		OP_COUNT };
	static const enum op_kind set[] = { OP_KEY_SET, OP_COUNT };
	static const enum op_kind boot_set[] = { OP_BOOT_KEY_SET, OP_COUNT };
	static const enum op_kind none[] = { OP_COUNT };
	struct host before = { .firewall_known = true,
		.firewall_as_set = true,
		.kernel_keys = true };
	struct host after = { .kernel_keys = true }, other = { 0 };
	struct op_key key =
	    key_of("2001:db8:400::2", "2001:db8:400::1", "first");
	struct op_key back =
	    key_of("2001:db8:400::1", "2001:db8:400::2", "second");
	struct host_ops ops = { 0 };

	(void)state;
	fill(&after);
	host_set_key(&after, &key);
	assert_int_equal(after.n_keys, 2);
	assert_ops(&before, &after, HOST_BUILD, build);
	assert_ops(&before, &after, HOST_CLEAN, none);
	assert_ops(&before, &after, HOST_BOOT, boot);
	assert_ops(&after, &before, HOST_BUILD, none);
	assert_ops(&after, &before, HOST_CLEAN, clean);
	assert_ops(&after, &before, HOST_BOOT, unboot);
	/* Another key, with the addresses the other way round. */
	host_copy(&other, &after);
	host_set_key(&other, &back);
	assert_int_equal(other.n_keys, 2);
	assert_ops(&after, &other, HOST_BUILD, set);
	assert_ops(&after, &other, HOST_CLEAN, none);
	assert_ops(&after, &other, HOST_BOOT, boot_set);
	host_diff(&after, &other, HOST_BUILD, &ops);
	assert_int_equal(op_key_check(ops.v[0].payload, OP_KEY_SET, NULL), 0);
	assert_string_equal(host_diff_subsystem(ops.v[0].kind), "keys");
	assert_string_equal(host_diff_object(ops.v[0].kind, ops.v[0].payload),
	    "the key to 2001:db8:400::2");
	host_diff_clear(&ops);
	host_remove_key(&other, &key.local, &key.remote);
	assert_int_equal(other.n_keys, 0);
	host_clear(&other);
	/* A platform whose kernel keeps none. */
	host_set_key(&other, &key);
	assert_int_equal(other.n_keys, 0);
	host_clear(&before);
	host_clear(&after);
}

/* What somebody had set: taken over, and given back as it was. */
static void
test_adopt_key(void **state)
{
	static const enum op_kind adopt[] = { OP_KEY_ADOPT, OP_KEY_SET,
		OP_COUNT };
	static const enum op_kind disown[] = { OP_KEY_DISOWN, OP_COUNT };
	static const enum op_kind set[] = { OP_KEY_SET, OP_COUNT };
	static const enum op_kind boot_set[] = { OP_BOOT_KEY_SET, OP_COUNT };
	static const enum op_kind boot_back[] = { OP_KEY_ADOPT, OP_BOOT_KEY_SET,
		OP_KEY_DISOWN, OP_COUNT };
	static const enum op_kind gone[] = { OP_KEY_ADOPT, OP_KEY_REMOVE,
		OP_COUNT };
	static const enum op_kind again[] = { OP_KEY_SET, OP_KEY_DISOWN,
		OP_COUNT };
	static const enum op_kind none[] = { OP_COUNT };
	struct host before = { .kernel_keys = true }, after = { 0 };
	struct host nothing = { .kernel_keys = true };
	struct op_key key = key_of("192.0.2.1", "192.0.2.9", "by hand");
	struct op_key ours = key_of("192.0.2.1", "192.0.2.9", "ours");
	struct host_ops ops = { 0 };
	size_t i;

	(void)state;
	host_set_key(&before, &key);
	for (i = 0; i < 2; i++)
		before.keys[i].owned = 0;
	assert_int_equal(before.keys[0].flaw, OP_KEY_RAW);
	host_copy(&after, &before);
	host_set_key(&after, &ours);
	assert_ops(&before, &after, HOST_BUILD, adopt);
	assert_ops(&before, &after, HOST_BOOT, boot_set);
	assert_ops(&before, &nothing, HOST_CLEAN, gone);
	assert_ops(&nothing, &before, HOST_BUILD, again);
	host_diff(&after, &before, HOST_BUILD, &ops);
	assert_int_equal(op_key_check(ops.v[0].payload, OP_KEY_SET, NULL), 0);
	host_diff_clear(&ops);
	assert_ops(&after, &before, HOST_CLEAN, disown);
	/* By then it is nobody's again. */
	for (i = 0; i < 2; i++)
		after.keys[i].owned = 0;
	assert_ops(&after, &before, HOST_BOOT, boot_back);
	/* One that lacks a direction is mended; to go back to it, a whole one
	 * with its bytes is as good. */
	for (i = 0; i < 2; i++)
		after.keys[i].owned = 1;
	host_clear(&before);
	host_copy(&before, &after);
	before.keys[0].flaw = OP_KEY_NO_IN;
	assert_ops(&before, &after, HOST_BUILD, set);
	assert_ops(&after, &before, HOST_BUILD, none);
	host_clear(&before);
	host_clear(&after);
}

static void
test_touch_keys(void **state)
{
	struct host before = { .kernel_keys = true }, after = { 0 };
	struct host now = { 0 }, read = { 0 }, goal = { 0 };
	struct op_key key = key_of("192.0.2.1", "192.0.2.9", "first");
	struct op_key other = key_of("192.0.2.1", "192.0.2.8", "other");
	const struct op_key *found;
	struct buf b = BUF_INIT;
	struct err err;

	(void)state;
	host_set_key(&before, &key);
	host_set_key(&before, &other);
	host_copy(&after, &before);
	memcpy(key.key, "secnd", 5);
	host_set_key(&after, &key);
	host_copy(&now, &after);
	host_touch_reduce(&before, &after);
	assert_int_equal(before.n_keys, 2);
	assert_int_equal(after.n_keys, 2);
	host_touch_store(&before, &b);
	assert_int_equal(host_touch_load(&read, buf_text(&b), &err), 0);
	assert_true(read.kernel_keys);
	host_touch_goal(&now, &read, &after, &goal);
	assert_int_equal(goal.n_keys, 4);
	found = host_key(&goal, OP_RUNNING, &key.remote, &key.local);
	assert_non_null(found);
	assert_string_equal(found->key, "first");
	/* One that was added goes. */
	host_clear(&goal);
	host_clear(&read);
	read.kernel_keys = true;
	host_touch_goal(&now, &read, &after, &goal);
	assert_int_equal(goal.n_keys, 2);
	assert_null(host_key(&goal, OP_BOOT, &key.local, &key.remote));
	buf_clear(&b);
	/* A count that was tampered with. */
	before.keys[0].key_len = 81;
	host_touch_store(&before, &b);
	assert_int_equal(host_touch_load(&read, buf_text(&b), &err), -1);
	buf_clear(&b);
	host_clear(&before);
	host_clear(&after);
	host_clear(&now);
	host_clear(&goal);
}

/* What is stored of a key to compare it later. */
static void
test_mask_keys(void **state)
{
	struct host h = { .kernel_keys = true };
	struct op_key key = key_of("192.0.2.1", "192.0.2.9", "a-secret-key");
	struct op_key turned = key_of("192.0.2.9", "192.0.2.1", "a-secret-key");
	struct op_key other = key_of("192.0.2.1", "192.0.2.8", "a-secret-key");
	uint8_t a[HOST_KEY_MARK], b[HOST_KEY_MARK];
	struct buf stored = BUF_INIT, plain = BUF_INIT;

	(void)state;
	host_key_mark(&key, a);
	host_key_mark(&turned, b);
	assert_memory_equal(a, b, sizeof(a));
	host_key_mark(&other, b);
	assert_true(memcmp(a, b, sizeof(a)) != 0);
	host_set_key(&h, &key);
	host_mask_keys(&h);
	assert_memory_equal(h.keys[0].key, a, sizeof(a));
	host_touch_store(&h, &stored);
	assert_int_equal(buf_unhex(&plain, buf_text(&stored)), 0);
	assert_null(memmem(plain.data, plain.len, "secret", 6));
	buf_clear(&stored);
	buf_clear(&plain);
	host_clear(&h);
}

/* An adoption that is undone after the boot files were written: given up by
 * then, it is taken up for as long as they are put back. */
static void
test_back_by_hand(void **state)
{
	struct host now = { 0 }, was = { 0 };
	struct op_link link = tunnel("gre1");
	struct host_ops ops = { 0 };

	(void)state;
	host_set_link(&now, &link);
	link.mtu = 1400;
	host_set_link(&was, &link);
	host_link(&now, OP_RUNNING, "gre1")->owned = 0;
	host_link(&now, OP_BOOT, "gre1")->owned = 0;
	host_link(&was, OP_RUNNING, "gre1")->owned = 0;
	host_link(&was, OP_BOOT, "gre1")->owned = 0;
	host_diff(&now, &was, HOST_BOOT, &ops);
	assert_int_equal(ops.n, 3);
	assert_int_equal(ops.v[0].kind, OP_LINK_ADOPT);
	assert_int_equal(ops.v[1].kind, OP_BOOT_LINK_SET);
	assert_int_equal(ops.v[2].kind, OP_LINK_DISOWN);
	host_diff_clear(&ops);
	/* It was not in them at all. */
	host_clear(&was);
	host_copy(&was, &now);
	was.n_links = 1;
	assert_int_equal(was.links[0].where, OP_RUNNING);
	host_diff(&now, &was, HOST_BOOT, &ops);
	assert_int_equal(ops.n, 3);
	assert_int_equal(ops.v[1].kind, OP_BOOT_LINK_REMOVE);
	host_diff_clear(&ops);
	host_clear(&now);
	host_clear(&was);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_and_remove),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_adopt),
		cmocka_unit_test(test_touch),
		cmocka_unit_test(test_firewall_by_hand),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_adopt_key),
		cmocka_unit_test(test_touch_keys),
		cmocka_unit_test(test_mask_keys),
		cmocka_unit_test(test_back_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
