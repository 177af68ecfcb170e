/* tests/unit/test_engine_edit_key.c - the TCP-MD5 key of a session, edited. */
/* links: model/tag model/check engine/edit_key engine/edit_upstream
 * engine/edit_wanted engine/edit_neighbor engine/edit_policy engine/edit_tunnel
 * engine/edit_tunnel_check engine/edit_tunnel_overlap engine/edit_below
 * engine/leak engine/prefix_list engine/adopt engine/adopt_view
 * engine/adopt_host engine/host engine/host_key engine/target engine/naming
 * engine/route_map engine/route_map_users model/upstream model/upstream_order
 * model/tunnel model/tunnel_order model/order_options model/fields model/json
 * model/prefix_rule wire/op wire/op_check wire/op_link wire/op_key
 * wire/op_route wire/op_firewall frr/family frr/tree frr/tree_parse
 * frr/tree_index frr/section frr/diff frr/step frr/line frr/mask frr/version
 * base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/md5key base/mem base/name base/number engine/drain_lay engine/drain_map
 * engine/drain_marks engine/drain_want engine/edit_drain model/drain
 * model/drain_state */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "edit_conf.h"
#include "engine/change.h"
#include "engine/edit_key.h"

#define SOURCE "2001:db8:300::2"
#define NEIGHBOR "2001:db8:300::1"

static const char conf[] =
    "ipv6 prefix-list PL-MY-NET seq 5 permit 2a06:9801:1c::/48\n"
    "router bgp 65000\n"
    " neighbor GROUP peer-group\n"
    " neighbor GROUP password of-the-group\n"
    " neighbor 2001:db8:300::1 remote-as 65000\n"
    " neighbor 2001:db8:300::1 description first\n"
    " neighbor 2001:db8:300::1 password old-key\n"
    " neighbor 2001:db8:300::1 update-source 2001:db8:300::2\n"
    " neighbor 2001:db8:400::1 remote-as 2\n"
    " neighbor 2001:db8:400::1 description bare\n"
    " neighbor 2001:db8:500::1 remote-as 3\n"
    " neighbor 2001:db8:500::1 peer-group GROUP\n"
    " neighbor 2001:db8:500::1 description member\n"
    " address-family ipv6 unicast\n"
    "  neighbor 2001:db8:300::1 activate\n"
    "  neighbor 2001:db8:400::1 activate\n"
    "  neighbor 2001:db8:400::1 prefix-list PL-MY-NET out\n"
    "  neighbor 2001:db8:500::1 activate\n"
    " exit-address-family\n"
    "exit\n";

/* Both places; owned: by us. */
static void
kernel_key(struct edit_test *t, const char *local, const char *remote,
    const char *key, bool owned)
{
	struct op_key k;
	size_t i;

	memset(&k, 0, sizeof(k));
	k.local = edit_addr(local);
	k.remote = edit_addr(remote);
	k.key_len = (uint8_t)strlen(key);
	memcpy(k.key, key, k.key_len);
	host_set_key(&t->o.host, &k);
	for (i = 0; i < t->o.host.n_keys; i++)
		if (op_key_is_of(&t->o.host.keys[i], &k.local, &k.remote))
			t->o.host.keys[i].owned = owned;
}

static void
begin(struct edit_test *t, bool kernel_keys)
{
	edit_begin(t, conf_parse(conf));
	t->o.host.kernel_keys = kernel_keys;
	edit_interface(t, "vtnet1",
	    "2001:db8:300::2 2001:db8:300::3 2001:db8:400::2");
	edit_ready(t);
}

/* With the first one's key in the kernel. */
static void
begin_freebsd(struct edit_test *t, bool owned)
{
	begin(t, true);
	kernel_key(t, SOURCE, NEIGHBOR, "old-key", owned);
	/* Somebody else's, which nobody ever touches. */
	kernel_key(t, "192.0.2.1", "192.0.2.2", "foreign", false);
}

static int
change_key(struct edit_test *t, const char *name, bool gentle, bool adopt)
{
	const struct upstream *up = conf_upstream(&t->o.upstreams, name);
	struct change_key key;
	int rc;

	memset(&key, 0, sizeof(key));
	key.gentle = gentle;
	key.options.adopt.flag = adopt;
	(void)snprintf(key.key, sizeof(key.key), "new-key");
	frr_steps_clear(&t->steps);
	target_clear(&t->target);
	target_init(&t->target, &t->o);
	err_clear(&t->err);
	rc = edit_key(&t->o, up, &key, &t->target, &t->err);
	/* Whatever is said, the keys are not. */
	assert_null(strstr(t->err.text, "new-key"));
	assert_null(strstr(t->err.text, "old-key"));
	if (rc == 0 &&
	    frr_diff(t->o.tree, t->target.tree, &t->steps, &t->err) == -1)
		fail_msg("%s", t->err.text);
	return rc;
}

/* Running and at boot, and ours; NULL: there is none. */
static void
check_key(const struct edit_test *t, const char *local, const char *remote,
    const char *want)
{
	static const enum op_where places[] = { OP_RUNNING, OP_BOOT };
	struct addr a = edit_addr(local), b = edit_addr(remote);
	const struct op_key *k;
	size_t i;

	for (i = 0; i < NITEMS(places); i++) {
		k = host_key(&t->target.host, places[i], &a, &b);
		if (want == NULL) {
			assert_null(k);
			continue;
		}
		assert_non_null(k);
		assert_int_equal(k->key_len, strlen(want));
		assert_memory_equal(k->key, want, strlen(want));
		assert_true(k->owned);
	}
}

static void
check_foreign(const struct edit_test *t)
{
	struct addr a = edit_addr("192.0.2.1"), b = edit_addr("192.0.2.2");
	const struct op_key *k = host_key(&t->target.host, OP_RUNNING, &a, &b);

	assert_non_null(k);
	assert_false(k->owned);
	assert_memory_equal(k->key, "foreign", 7);
}

#define NEW_PASSWORD                                                     \
	"router bgp 65000\n neighbor 2001:db8:300::1 password new-key\n" \
	"exit\n"

static void
test_linux(void **state)
{
	struct edit_test t;

	(void)state;
	begin(&t, false);
	edit_done(&t, change_key(&t, "first", false, false));
	edit_check_steps(&t, NEW_PASSWORD);
	assert_int_equal(t.target.host.n_keys, 0);
	edit_refused(&t, change_key(&t, "first", true, false),
	    "no_kernel_keys");
	edit_refused(&t, change_key(&t, "bare", false, false), "no_key");
	edit_refused(&t, change_key(&t, "bare", true, false), "no_key");
	edit_refused(&t, change_key(&t, "member", false, false), "peer_group");
	edit_end(&t);
}

static void
test_freebsd(void **state)
{
	struct edit_test t;

	(void)state;
	begin_freebsd(&t, true);
	edit_done(&t, change_key(&t, "first", true, false));
	edit_check_steps(&t, "");
	check_key(&t, SOURCE, NEIGHBOR, "new-key");
	check_foreign(&t);
	edit_done(&t, change_key(&t, "first", false, false));
	edit_check_steps(&t, NEW_PASSWORD);
	check_key(&t, SOURCE, NEIGHBOR, "new-key");
	check_foreign(&t);
	edit_refused(&t, change_key(&t, "bare", true, false), "no_key");
	edit_end(&t);
}

static void
test_not_ours(void **state)
{
	struct edit_test t;
	size_t i;

	(void)state;
	begin_freebsd(&t, false);
	edit_refused(&t, change_key(&t, "first", true, false), "key_not_ours");
	edit_refused(&t, change_key(&t, "first", false, false), "key_not_ours");
	edit_done(&t, change_key(&t, "first", true, true));
	check_key(&t, SOURCE, NEIGHBOR, "new-key");
	check_foreign(&t);
	/* One that the file alone has is somebody's, too. */
	for (i = 0; i < t.o.host.n_keys; i++)
		t.o.host.keys[i].where = OP_BOOT;
	edit_refused(&t, change_key(&t, "first", true, false), "key_not_ours");
	/* The other way round, as setkey lists it, it is the same one. */
	edit_end(&t);
	begin(&t, true);
	kernel_key(&t, NEIGHBOR, SOURCE, "old-key", false);
	edit_refused(&t, change_key(&t, "first", true, false), "key_not_ours");
	edit_end(&t);
}

static void
test_local_address(void **state)
{
	struct upstream *up;
	struct edit_test t;

	(void)state;
	begin(&t, true);
	up = conf_upstream(&t.o.upstreams, "first");
	/* As configured, whatever the session says. */
	(void)snprintf(up->session.local_address,
	    sizeof(up->session.local_address), "2001:db8:300::99");
	edit_done(&t, change_key(&t, "first", true, false));
	check_key(&t, SOURCE, NEIGHBOR, "new-key");
	/* Where the session runs. */
	up->local_address[0] = '\0';
	edit_done(&t, change_key(&t, "first", true, false));
	check_key(&t, "2001:db8:300::99", NEIGHBOR, "new-key");
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	/* Nobody knows. */
	up->session.local_address[0] = '\0';
	edit_refused(&t, change_key(&t, "first", true, false),
	    "/local_address");
	/* One of the other family is none. */
	(void)snprintf(up->session.local_address,
	    sizeof(up->session.local_address), "192.0.2.9");
	edit_refused(&t, change_key(&t, "first", true, false),
	    "/local_address");
	/* What a key says that is there, in either direction. */
	kernel_key(&t, "2001:db8:300::77", NEIGHBOR, "old-key", true);
	edit_done(&t, change_key(&t, "first", true, false));
	check_key(&t, "2001:db8:300::77", NEIGHBOR, "new-key");
	edit_end(&t);
	begin(&t, true);
	conf_upstream(&t.o.upstreams, "first")->local_address[0] = '\0';
	kernel_key(&t, NEIGHBOR, "2001:db8:300::77", "old-key", true);
	edit_done(&t, change_key(&t, "first", true, false));
	check_key(&t, "2001:db8:300::77", NEIGHBOR, "new-key");
	edit_end(&t);
}

static void
test_first_key(void **state)
{
	struct edit_test t;

	(void)state;
	begin_freebsd(&t, true);
	edit_refused(&t,
	    edit_order(&t, "bare", false,
		"{\"tcp_md5\":{\"key\":\"first-key\"}}"),
	    "/local_address");
	edit_done(&t,
	    edit_order(&t, "bare", false,
		"{\"tcp_md5\":{\"key\":\"first-key\"},"
		"\"local_address\":\"2001:db8:400::2\"}"));
	check_key(&t, "2001:db8:400::2", "2001:db8:400::1", "first-key");
	check_key(&t, SOURCE, NEIGHBOR, "old-key");
	check_foreign(&t);
	edit_end(&t);
	/* Where FRR's sockets hold the keys there is nothing else to do. */
	begin(&t, false);
	edit_done(&t,
	    edit_order(&t, "bare", false,
		"{\"tcp_md5\":{\"key\":\"first-key\"}}"));
	edit_check_steps(&t,
	    "router bgp 65000\n neighbor 2001:db8:400::1 password first-key\n"
	    "exit\n");
	assert_int_equal(t.target.host.n_keys, 0);
	edit_end(&t);
	/* Somebody has a key there, for another use. */
	begin(&t, true);
	kernel_key(&t, "2001:db8:400::2", "2001:db8:400::1", "hers", false);
	edit_refused(&t,
	    edit_order(&t, "bare", false,
		"{\"tcp_md5\":{\"key\":\"first-key\"}}"),
	    "key_not_ours");
	edit_end(&t);
}

static void
test_removed(void **state)
{
	struct edit_test t;

	(void)state;
	begin_freebsd(&t, true);
	edit_done(&t, edit_order(&t, "first", false, "{\"tcp_md5\":null}"));
	edit_check_steps(&t,
	    "router bgp 65000\n no neighbor 2001:db8:300::1 password\n"
	    "exit\n");
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	check_foreign(&t);
	edit_done(&t, edit_remove(&t, "first", false));
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	check_foreign(&t);
	edit_end(&t);
	begin_freebsd(&t, false);
	edit_refused(&t, edit_order(&t, "first", false, "{\"tcp_md5\":null}"),
	    "key_not_ours");
	edit_refused(&t, edit_remove(&t, "first", false), "key_not_ours");
	edit_done(&t, edit_remove(&t, "first", true));
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	edit_end(&t);
}

/* The key goes along, between other addresses. */
static void
test_moved(void **state)
{
	struct edit_test t;

	(void)state;
	begin_freebsd(&t, true);
	edit_done(&t,
	    edit_order(&t, "first", false,
		"{\"local_address\":\"2001:db8:300::3\"}"));
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	check_key(&t, "2001:db8:300::3", NEIGHBOR, "old-key");
	check_foreign(&t);
	edit_done(&t,
	    edit_order(&t, "first", false,
		"{\"neighbor\":\"2001:db8:300::9\"}"));
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	check_key(&t, SOURCE, "2001:db8:300::9", "old-key");
	/* With another key at once. */
	edit_done(&t,
	    edit_order(&t, "first", false,
		"{\"neighbor\":\"2001:db8:300::9\","
		"\"tcp_md5\":{\"key\":\"third\"}}"));
	check_key(&t, SOURCE, NEIGHBOR, NULL);
	check_key(&t, SOURCE, "2001:db8:300::9", "third");
	/* The same addresses, written otherwise, and something else. */
	edit_done(&t,
	    edit_order(&t, "first", false,
		"{\"neighbor\":\"2001:0db8:0300:0::1\","
		"\"description\":\"First\"}"));
	check_key(&t, SOURCE, NEIGHBOR, "old-key");
	edit_end(&t);
	begin_freebsd(&t, false);
	edit_refused(&t,
	    edit_order(&t, "first", false,
		"{\"local_address\":\"2001:db8:300::3\"}"),
	    "key_not_ours");
	edit_done(&t,
	    edit_order(&t, "first", false, "{\"description\":\"First\"}"));
	edit_done(&t,
	    edit_order(&t, "first", false,
		"{\"local_address\":\"2001:db8:300::3\",\"adopt\":true}"));
	check_key(&t, "2001:db8:300::3", NEIGHBOR, "old-key");
	edit_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linux),
		cmocka_unit_test(test_freebsd),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_local_address),
		cmocka_unit_test(test_first_key),
		cmocka_unit_test(test_removed),
		cmocka_unit_test(test_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
