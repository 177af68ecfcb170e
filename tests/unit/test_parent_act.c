/* tests/unit/test_parent_act.c - what is not ours is never touched. */
/* links: parent/act parent/act_link parent/act_key parent/act_route
 * parent/owned system/tool tests/unit/system_standin
 * tests/unit/system_paths_standin wire/op wire/op_check wire/op_link
 * wire/op_key wire/op_route wire/op_firewall base/addr base/buf base/crypto
 * base/clock base/compat base/err base/io base/log base/name base/number
 * base/rfc3339 base/run base/md5key */
#include <sys/stat.h>

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
#include "parent/act.h"
#include "parent/config.h"
#include "parent/owned.h"
#include "unit/system_standin.h"

static struct config config;
static struct err err;
static const void *data;
static size_t len;

static int
setup(void **state)
{
	(void)state;
	memset(&config, 0, sizeof(config));
	(void)snprintf(config.system.state_dir, sizeof(config.system.state_dir),
	    "/tmp/mh_act.XXXXXX");
	if (mkdtemp(config.system.state_dir) == NULL)
		return -1;
	standin_reset();
	err_clear(&err);
	return act_prepare(&config, NULL);
}

static int
teardown(void **state)
{
	char path[TOOL_PATH_MAX + 8];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/owned", config.system.state_dir);
	(void)unlink(path);
	return rmdir(config.system.state_dir);
}

/* As the dispatcher does it. */
static int
run_op(uint32_t kind, int dry, const void *payload)
{
	struct op_head head = { kind, 1, (uint32_t)op_size(kind),
		(uint32_t)dry };

	err_clear(&err);
	assert_int_equal(op_request_check(&head, payload, &err), 0);
	return act_run(&config, &head, payload, &data, &len, &err);
}

static void
done(uint32_t kind, const void *payload)
{
	if (run_op(kind, 0, payload) == -1)
		fail_msg("%s: %s", op_name(kind), err.text);
}

static void
refused(uint32_t kind, const void *payload, const char *reason)
{
	unsigned before = standin.changes;

	assert_int_equal(run_op(kind, 0, payload), -1);
	assert_string_equal(err.reason, reason);
	assert_int_equal(standin.changes, before);
}

static struct op_link
named(const char *name)
{
	struct op_link l;

	memset(&l, 0, sizeof(l));
	memcpy(l.name, name, strlen(name));
	return l;
}

static struct op_link
tunnel(const char *name)
{
	struct op_link l = named(name);

	l.kind = OP_LINK_GRE;
	(void)addr_parse(&l.local, "192.0.2.1", NULL);
	(void)addr_parse(&l.remote, "192.0.2.2", NULL);
	return l;
}

static struct op_route
route(const char *prefix, uint8_t kind)
{
	struct op_route r;

	memset(&r, 0, sizeof(r));
	(void)prefix_parse(&r.prefix, prefix, true, NULL);
	r.kind = kind;
	return r;
}

/* text NULL: only the addresses. */
static struct op_key
key(const char *local, const char *remote, const char *text)
{
	struct op_key k;

	memset(&k, 0, sizeof(k));
	(void)addr_parse(&k.local, local, NULL);
	(void)addr_parse(&k.remote, remote, NULL);
	if (text != NULL) {
		k.key_len = (uint8_t)strlen(text);
		memcpy(k.key, text, strlen(text));
	}
	return k;
}

static void
assert_list(const char *text)
{
	char path[TOOL_PATH_MAX + 8];
	struct buf b = BUF_INIT;
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s/owned", config.system.state_dir);
	assert_int_equal(io_read_file(path, &b, NULL), 0);
	assert_string_equal(buf_text(&b), text);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	buf_clear(&b);
}

/* On disk before anything is made, and until all is gone. */
static void
recorded(void)
{
	assert_list("link gre1\n");
}

static void
test_create_and_destroy(void **state)
{
	struct op_link l = tunnel("gre1"), gone = named("gre1"),
		       mtu = named("gre1");

	(void)state;
	mtu.mtu = 1400;
	standin.before = recorded;
	done(OP_LINK_CREATE, &l);
	assert_true(len > 0);
	assert_string_equal(data, "create\tok\n");
	done(OP_LINK_MTU, &mtu);
	assert_int_equal(standin_link("gre1")->mtu, 1400);
	done(OP_LINK_DESTROY, &gone);
	assert_list("");
	done(OP_LINK_DESTROY, &gone); /* an undo comes twice */
	assert_int_equal(len, 0);
	assert_list("");
}

static void
test_not_ours(void **state)
{
	struct op_link l = tunnel("gre1"), n = named("gre1");
	struct op_address_of a;

	(void)state;
	standin_add_link("gre1", OP_LINK_GRE, true, false);
	refused(OP_LINK_CREATE, &l, "interface_taken");
	refused(OP_LINK_DESTROY, &n, "interface_not_ours");
	assert_non_null(strstr(err.text, "say \"adopt\": true"));
	refused(OP_LINK_ENDPOINTS, &l, "interface_not_ours");
	refused(OP_LINK_UP, &n, "interface_not_ours");
	refused(OP_LINK_MTU, &n, "interface_not_ours");
	refused(OP_LINK_DESCRIPTION, &n, "interface_not_ours");
	refused(OP_LINK_DISOWN, &n, "interface_not_ours");
	refused(OP_BOOT_LINK_SET, &l, "interface_not_ours");
	memset(&a, 0, sizeof(a));
	memcpy(a.link, "gre1", 4);
	(void)addr_parse(&a.address.address, "10.0.0.1", NULL);
	a.address.prefix_length = 30;
	refused(OP_ADDRESS_ADD, &a, "interface_not_ours");
	refused(OP_ADDRESS_REMOVE, &a, "interface_not_ours");
	memcpy(a.link, "gre2", 4);
	done(OP_ADDRESS_REMOVE, &a); /* gone with its tunnel */
	n = named("gre2");
	assert_int_equal(run_op(OP_LINK_UP, 0, &n), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* Somebody's boot file has it, but it does not run. */
static void
test_not_ours_at_boot(void **state)
{
	struct op_link l = tunnel("gre5"), n = named("gre5");

	(void)state;
	standin_add_link("gre5", OP_LINK_GRE, false, true);
	refused(OP_LINK_CREATE, &l, "interface_taken");
	refused(OP_BOOT_LINK_SET, &l, "interface_not_ours");
	refused(OP_BOOT_LINK_REMOVE, &n, "interface_not_ours");
	standin.fail_read_boot = true;
	assert_int_equal(run_op(OP_LINK_CREATE, 0, &l), -1);
	assert_string_equal(err.text, "boot files: no");
	assert_false(owned_has_link("gre5"));
}

static void
test_failed_create(void **state)
{
	struct op_link l = tunnel("gre1");
	struct op_route r = route("2001:db8::/32", OP_ROUTE_BLACKHOLE);

	(void)state;
	standin.fail_create = true;
	assert_int_equal(run_op(OP_LINK_CREATE, 0, &l), -1);
	assert_string_equal(err.text, "ip: exit 2");
	assert_true(len > 0);
	assert_list("");
	assert_int_equal(run_op(OP_BOOT_LINK_SET, 0, &l), -1);
	assert_list("");
	assert_int_equal(run_op(OP_ROUTE_ADD, 0, &r), -1);
	assert_list("");
}

/* Ours for as long as it comes up again at boot. */
static void
test_boot_keeps_the_record(void **state)
{
	struct op_link l = tunnel("gre1"), n = named("gre1");
	struct op_route r = route("2001:db8::/32", OP_ROUTE_BLACKHOLE);
	struct op_route p = route("2001:db8::/32", 0);

	(void)state;
	done(OP_LINK_CREATE, &l);
	done(OP_BOOT_LINK_SET, &l);
	done(OP_ROUTE_ADD, &r);
	done(OP_BOOT_ROUTE_SET, &r);
	done(OP_ROUTE_REMOVE, &r);
	done(OP_LINK_DESTROY, &n);
	assert_list("link gre1\nroute 2001:db8::/32\n");
	standin.fail_read_boot = true;
	done(OP_LINK_DESTROY, &n); /* kept in doubt */
	standin.fail_read_boot = false;
	done(OP_BOOT_LINK_REMOVE, &n);
	done(OP_BOOT_ROUTE_REMOVE, &p);
	assert_list("");
	assert_int_equal(standin.n_boot_links + standin.n_boot_routes, 0);
	done(OP_BOOT_LINK_REMOVE, &n);
	done(OP_BOOT_ROUTE_REMOVE, &p);
}

static void
test_adopt(void **state)
{
	struct op_link n = named("gre1"), at_boot = named("gif0"),
		       other = named("em0");

	(void)state;
	standin_add_link("gre1", OP_LINK_GRE, true, true);
	standin_add_link("gif0", OP_LINK_GIF, false, true);
	standin_add_link("em0", OP_LINK_OTHER, true, false);
	done(OP_LINK_ADOPT, &n);
	assert_string_equal(data, "multihomed: adopt link gre1\tok\n");
	done(OP_LINK_ADOPT, &n);
	done(OP_LINK_ADOPT, &at_boot);
	assert_list("link gif0\nlink gre1\n");
	refused(OP_LINK_ADOPT, &other, "interface_not_ours");
	other = named("gre9");
	assert_int_equal(run_op(OP_LINK_ADOPT, 0, &other), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	done(OP_LINK_DISOWN, &at_boot);
	refused(OP_LINK_DISOWN, &at_boot, "interface_not_ours");
	assert_list("link gre1\n");
	done(OP_LINK_DESTROY, &n);
	assert_null(standin_link("gre1"));
}

static void
test_routes(void **state)
{
	struct op_route hand = route("2001:db8::/32", OP_ROUTE_BLACKHOLE);
	struct op_route r = route("2001:db8:1::/48", OP_ROUTE_REJECT);
	struct op_route other = route("2001:db8::/32", OP_ROUTE_REJECT);
	struct op_route p = route("2001:db8::/32", 0);

	(void)state;
	standin_add_route(&hand, true, false);
	refused(OP_ROUTE_ADD, &hand, "route_exists");
	refused(OP_ROUTE_REMOVE, &hand, "route_not_ours");
	done(OP_ROUTE_REMOVE, &other); /* that one is gone already */
	assert_int_equal(standin.n_routes, 1);
	refused(OP_BOOT_ROUTE_SET, &hand, "route_not_ours");
	refused(OP_ROUTE_DISOWN, &p, "route_not_ours");
	done(OP_ROUTE_ADD, &r);
	assert_list("route 2001:db8:1::/48\n");
	done(OP_ROUTE_ADOPT, &p);
	assert_list("route 2001:db8::/32\nroute 2001:db8:1::/48\n");
	done(OP_ROUTE_DISOWN, &p);
	done(OP_ROUTE_ADOPT, &p);
	done(OP_ROUTE_REMOVE, &hand);
	done(OP_ROUTE_REMOVE, &hand);
	assert_list("route 2001:db8:1::/48\n");
	assert_int_equal(run_op(OP_ROUTE_ADOPT, 0, &p), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	standin_add_route(&hand, false, true);
	refused(OP_ROUTE_ADD, &hand, "route_exists");
	refused(OP_BOOT_ROUTE_REMOVE, &p, "route_not_ours");
}

static void
test_told(void **state)
{
	static const struct op_none none;
	struct op_route hand = route("2001:db8::/32", OP_ROUTE_BLACKHOLE);
	struct op_route ours = route("10.0.0.0/8", OP_ROUTE_BLACKHOLE);
	struct op_route p = route("10.0.0.0/8", 0);
	struct op_link l = tunnel("gre1");
	const struct op_link *links;
	const struct op_route *routes;

	(void)state;
	standin_add_link("gre0", OP_LINK_GRE, true, true);
	standin_add_route(&hand, true, true);
	done(OP_LINK_CREATE, &l);
	done(OP_ROUTE_ADD, &ours);
	done(OP_LINKS, &none);
	links = data;
	assert_int_equal(len, 3 * sizeof(*links));
	assert_string_equal(links[0].name, "gre0");
	assert_int_equal(links[0].owned, 0);
	assert_int_equal(links[1].owned, 1);
	assert_int_equal(links[2].where, OP_BOOT);
	done(OP_ROUTES, &none);
	routes = data;
	assert_int_equal(len, 3 * sizeof(*routes));
	assert_int_equal(routes[0].owned, 1);
	assert_int_equal(routes[1].owned, 0);
	done(OP_ROUTE_FIND, &p);
	routes = data;
	assert_int_equal(len, sizeof(*routes));
	assert_int_equal(routes[0].owned, 1);
	done(OP_FIREWALL, &none);
	assert_int_equal(len, sizeof(struct op_firewall_state) + 9);
	assert_string_equal((const char *)data +
		sizeof(struct op_firewall_state),
	    "pass all\n");
}

/* Dry, each that changes tells what it would do and asks nothing; wet, each
 * kind there is has code. */
static void
test_every_kind(void **state)
{
	static struct op_firewall f;
	struct op_link l;
	struct op_route r;
	struct op_address_of a;
	struct op_key k;
	const void *payload;
	uint32_t kind;

	(void)state;
	memset(&a, 0, sizeof(a));
	memcpy(a.link, "gre1", 4);
	(void)addr_parse(&a.address.address, "10.0.0.1", NULL);
	a.address.prefix_length = 30;
	for (kind = 0; kind < OP_COUNT; kind++) {
		l = named("gre1");
		if (kind == OP_LINK_CREATE || kind == OP_LINK_ENDPOINTS ||
		    kind == OP_BOOT_LINK_SET)
			l = tunnel("gre1");
		r = route("10.0.0.0/8",
		    kind == OP_ROUTE_ADD || kind == OP_ROUTE_REMOVE ||
			    kind == OP_BOOT_ROUTE_SET ?
			OP_ROUTE_REJECT :
			0);
		k = key("192.0.2.1", "192.0.2.9",
		    kind == OP_KEY_SET || kind == OP_BOOT_KEY_SET ? "k" : NULL);
		payload = op_size(kind) == sizeof(f) ? (const void *)&f :
		    op_size(kind) == sizeof(l)       ? (const void *)&l :
		    op_size(kind) == sizeof(a)       ? (const void *)&a :
		    op_size(kind) == sizeof(r)       ? (const void *)&r :
		    op_size(kind) == sizeof(k)       ? (const void *)&k :
						       (const void *)&f;
		if (op_changes(kind)) {
			assert_int_equal(run_op(kind, 1, payload), 0);
			assert_true(len > 2);
			assert_memory_equal((const char *)data + len - 2,
			    "\t\n", 2);
			assert_int_equal(standin.changes, 0);
		} else {
			done(kind, payload);
		}
	}
	assert_false(owned_has_link("gre1"));
}

static void
test_keys(void **state)
{
	const struct op_key bare = key("192.0.2.1", "192.0.2.9", NULL);
	const struct op_key back = key("192.0.2.9", "192.0.2.1", NULL);
	const struct op_key first = key("192.0.2.1", "192.0.2.9", "k1");
	const struct op_key second = key("192.0.2.9", "192.0.2.1", "k2");
	const struct op_none none = { { 0 } };
	const struct op_keys_head *head;
	const struct op_key *told;

	(void)state;
	done(OP_KEY_REMOVE, &bare);
	done(OP_BOOT_KEY_REMOVE, &bare);
	done(OP_KEY_SET, &first);
	done(OP_BOOT_KEY_SET, &first);
	assert_list("key 192.0.2.1 192.0.2.9\n");
	/* The same key, with the addresses the other way round. */
	done(OP_KEY_SET, &second);
	assert_list("key 192.0.2.1 192.0.2.9\n");
	assert_string_equal(standin.keys[0].key, "k2");
	done(OP_KEYS, &none);
	assert_int_equal(len, sizeof(*head) + 2 * sizeof(*told));
	head = data;
	told = (const struct op_key *)(head + 1);
	assert_int_equal(head->kernel_keys, 1);
	assert_int_equal(told[0].owned, 1);
	assert_true(addr_equal(&told[0].local, &bare.local));
	assert_string_equal(told[0].key, "k2");
	assert_int_equal(told[1].where, OP_BOOT);
	act_forget(data, len);
	assert_string_equal(told[0].key, "");
	done(OP_KEY_REMOVE, &back);
	assert_list("key 192.0.2.1 192.0.2.9\n");
	done(OP_BOOT_KEY_REMOVE, &bare);
	assert_list("");
	/* An undo may come twice. */
	done(OP_KEY_REMOVE, &bare);
}

static void
test_foreign_key(void **state)
{
	const struct op_key bare = key("192.0.2.1", "192.0.2.9", NULL);
	const struct op_key mine = key("192.0.2.1", "192.0.2.9", "mine");
	struct op_key hand = key("192.0.2.9", "192.0.2.1", "by hand");
	const struct op_none none = { { 0 } };
	const struct op_key *told;

	(void)state;
	hand.flaw = OP_KEY_RAW | OP_KEY_NO_IN;
	standin_add_key(&hand, true, true);
	refused(OP_KEY_SET, &mine, "key_exists");
	refused(OP_KEY_REMOVE, &bare, "key_not_ours");
	refused(OP_BOOT_KEY_SET, &mine, "key_not_ours");
	refused(OP_BOOT_KEY_REMOVE, &bare, "key_not_ours");
	refused(OP_KEY_DISOWN, &bare, "key_not_ours");
	refused(OP_KEY_ADOPT, &bare, "key_unclear");
	assert_non_null(strstr(err.text, "only one direction"));
	hand.flaw = OP_KEY_RAW;
	standin_add_key(&hand, true, true);
	done(OP_KEY_ADOPT, &bare);
	assert_list("key 192.0.2.1 192.0.2.9\n");
	done(OP_KEYS, &none);
	told = (const struct op_key *)((const struct op_keys_head *)data + 1);
	assert_true(addr_equal(&told[0].local, &bare.local));
	assert_int_equal(told[0].owned, 1);
	done(OP_KEY_SET, &mine);
	done(OP_BOOT_KEY_SET, &mine);
	done(OP_KEY_DISOWN, &bare);
	assert_list("");
	refused(OP_KEY_SET, &mine, "key_exists");
}

static void
test_key_elsewhere(void **state)
{
	const struct op_key mine = key("192.0.2.1", "192.0.2.9", "mine");
	const struct op_none none = { { 0 } };
	const struct op_key_counters *c;

	(void)state;
	done(OP_KEY_COUNTERS, &none);
	assert_int_equal(len, sizeof(*c));
	c = data;
	assert_int_equal(c->failed, 7);
	/* Record first; what failed leaves none. */
	standin.fail_create = true;
	assert_int_equal(run_op(OP_KEY_SET, 0, &mine), -1);
	assert_list("");
	standin.keeps_no_keys = true;
	done(OP_KEYS, &none);
	assert_int_equal(len, sizeof(struct op_keys_head));
	assert_int_equal(*(const uint8_t *)data, 0);
	assert_int_equal(run_op(OP_KEY_SET, 0, &mine), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_int_equal(run_op(OP_BOOT_KEY_SET, 0, &mine), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_create_and_destroy, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_not_ours, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_ours_at_boot, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_failed_create, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_boot_keeps_the_record,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_adopt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_routes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_kind, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_key, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_key_elsewhere, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
