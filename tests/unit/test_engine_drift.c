/* tests/unit/test_engine_drift.c - what somebody else changes, told once. */
/* links: engine/drift engine/drift_diff engine/host engine/host_key
 * engine/host_touch model/plan model/json store/baseline store/audit
 * store/db store/sql store/migrations frr/diff frr/step frr/line frr/family
 * frr/mask frr/tree frr/tree_parse frr/tree_index frr/section wire/op
 * wire/op_check wire/op_link wire/op_key wire/op_route wire/op_firewall
 * base/addr base/buf base/clock base/crypto base/err base/io base/log
 * base/mem base/name base/number base/md5key engine/events engine/outbox
 * model/event store/operation store/seal store/keyring */
/* libs: -lsqlite3 -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/drift.h"
#include "engine/host.h"
#include "engine/parts.h"
#include "engine/watch.h"
#include "engine/worker.h"
#include "engine_conf.h"
#include "frr/tree.h"
#include "model/router.h"
#include "store/audit.h"
#include "store/baseline.h"
#include "temp_db.h"
struct test {
	struct temp_db *db;
	struct parts parts;
	struct worker_tools tools;
	struct err err;
};

/* The router, as anybody may change it. */
static struct {
	struct frr_node *tree;
	struct host host;
	bool silent;
} now;

int
watch_is_settled(const struct parts *parts, struct err *err)
{
	(void)parts;
	return now.silent ? err_set(err, ERR_UNAVAILABLE, "silence") : 0;
}

static void
run(const char *conf)
{
	frr_tree_free(&now.tree);
	now.tree = conf_parse(conf);
}

static const char base[] = "router bgp 1\n neighbor ::1 remote-as 2\n"
			   " neighbor ::1 password geheim\nexit\n";

static int
set_up(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	assert_int_equal(temp_db_set_up((void **)&t->db), 0);
	t->tools.parts = &t->parts;
	t->tools.db = t->db->db;
	memset(&now, 0, sizeof(now));
	now.host.firewall_known = now.host.firewall_as_set = true;
	run(base);
	drift_init(&t->parts);
	*state = t;
	return 0;
}

static int
tear_down(void **state)
{
	struct test *t = *state;

	drift_clear(&t->parts);
	frr_tree_free(&now.tree);
	host_clear(&now.host);
	(void)temp_db_tear_down((void **)&t->db);
	free(t);
	return 0;
}

static void
restart(struct test *t)
{
	drift_clear(&t->parts);
	drift_init(&t->parts);
}

/* "SEQ KIND DETAIL" of the newest row, or "" when there is none. */
static void
newest(struct test *t, const char *want)
{
	struct audit_filter filter = { .limit = 1 };
	struct audit_list list = { 0 };
	char text[512] = "";

	assert_int_equal(audit_list(t->db->db, &filter, &list, &t->err), 0);
	if (list.n > 0)
		(void)snprintf(text, sizeof(text), "%d %s %s",
		    (int)list.rows[0].seq, list.rows[0].kind,
		    list.rows[0].detail);
	/* A password is nobody's business, whatever was changed. */
	if (list.n > 0)
		assert_null(strstr(list.rows[0].commands, "geheim"));
	audit_list_clear(&list);
	assert_string_equal(text, want);
}

static void
check(struct test *t)
{
	drift_check(&t->tools, now.tree, &now.host, drift_mark(&t->parts));
}

static void
look(struct test *t, const char *want)
{
	check(t);
	newest(t, want);
}

static struct op_link
tunnel(const char *name)
{
	struct op_link link;

	memset(&link, 0, sizeof(link));
	memcpy(link.name, name, strlen(name));
	link.kind = OP_LINK_GRE;
	link.mtu = 1476;
	assert_int_equal(addr_parse(&link.local, "192.0.2.1", NULL), 0);
	assert_int_equal(addr_parse(&link.remote, "192.0.2.2", NULL), 0);
	return link;
}

/* The first look has nothing to compare with; what is told is told once. */
static void
test_told_once(void **state)
{
	static const char told[] =
	    "1 external router bgp 1; neighbor ::1 description x;exit";
	struct test *t = *state;
	struct router r;

	look(t, "");
	look(t, "");
	run("router bgp 1\n neighbor ::1 remote-as 2\n"
	    " neighbor ::1 description x\n"
	    " neighbor ::1 password geheim\nexit\n");
	look(t, told);
	look(t, told);
	drift_fill_router(&t->parts, &r);
	assert_int_equal(r.n_drift, 1);
	assert_string_equal(r.drift[0].subsystem, "frr");
	assert_int_equal(r.drift[0].audit_seq, 1);
	/* Back again is a change as well. */
	run(base);
	look(t, "2 external router bgp 1; no neighbor ::1 description;exit");
	drift_fill_router(&t->parts, &r);
	assert_int_equal(r.n_drift, 2);
	assert_int_equal(r.drift[0].audit_seq, 2);
}

/* That it changed is told; what to, is not. */
static void
test_password(void **state)
{
	struct test *t = *state;

	look(t, "");
	run("router bgp 1\n neighbor ::1 remote-as 2\n"
	    " neighbor ::1 password geheim2\nexit\n");
	look(t, "1 external router bgp 1; neighbor ::1 password ***;exit");
}

static void
test_below(void **state)
{
	struct test *t = *state;
	struct op_link link = tunnel("gre1");
	struct op_route route = { .kind = OP_ROUTE_REJECT };

	look(t, "");
	host_set_link(&now.host, &link);
	look(t,
	    "1 external + gre1 gre local 192.0.2.1 remote 192.0.2.2 mtu 1476 "
	    "down");
	host_link(&now.host, OP_RUNNING, "gre1")->up = 1;
	look(t,
	    "2 external - gre1 gre local 192.0.2.1 remote 192.0.2.2 mtu 1476 "
	    "down;+ gre1 gre local 192.0.2.1 remote 192.0.2.2 mtu 1476 up");
	host_remove_link(&now.host, "gre1");
	look(t,
	    "3 external - gre1 gre local 192.0.2.1 remote 192.0.2.2 mtu 1476 "
	    "up");
	assert_int_equal(prefix_parse(&route.prefix, "2001:db8::/48", true,
			     NULL),
	    0);
	host_set_route(&now.host, &route);
	look(t, "4 external + 2001:db8::/48 reject");
	now.host.firewall_as_set = false;
	look(t,
	    "5 external - the firewall rules of multihomed are not as it had "
	    "set them");
}

static void
set_key(const char *text, uint8_t flaw)
{
	struct op_key k;

	memset(&k, 0, sizeof(k));
	assert_int_equal(addr_parse(&k.local, "192.0.2.1", NULL), 0);
	assert_int_equal(addr_parse(&k.remote, "192.0.2.9", NULL), 0);
	k.key_len = (uint8_t)strlen(text);
	memcpy(k.key, text, strlen(text));
	now.host.kernel_keys = true;
	host_set_key(&now.host, &k);
	host_key(&now.host, OP_RUNNING, &k.local, &k.remote)->flaw = flaw;
}

/* That a key is another one, also after a restart; never what it is. */
static void
test_keys(void **state)
{
	static const char one[] = "key between 192.0.2.1 and 192.0.2.9";
	struct test *t = *state;
	char want[256], *stored = NULL;
	struct buf plain = BUF_INIT;

	look(t, "");
	set_key("geheim-1", 0);
	(void)snprintf(want, sizeof(want), "1 external + %s", one);
	look(t, want);
	look(t, want);
	restart(t);
	look(t, want);
	set_key("geheim-2", 0);
	restart(t);
	(void)snprintf(want, sizeof(want), "2 external - %s;+ %s, another one",
	    one, one);
	look(t, want);
	set_key("geheim-2", OP_KEY_NO_IN);
	(void)snprintf(want, sizeof(want),
	    "3 external - %s;+ %s, not for what comes in", one, one);
	look(t, want);
	assert_int_equal(baseline_get(t->db->db, "links", &stored, NULL), 0);
	assert_non_null(stored);
	assert_int_equal(buf_unhex(&plain, stored), 0);
	assert_null(memmem(plain.data, plain.len, "geheim", 6));
	free(stored);
	buf_clear(&plain);
	host_remove_key(&now.host, &now.host.keys[0].local,
	    &now.host.keys[0].remote);
	(void)snprintf(want, sizeof(want),
	    "4 external - %s, not for what comes in", one);
	look(t, want);
}

/* Between pause and resume all is our own doing; what is there then is the
 * truth, and what had been told is over. */
static void
test_our_own(void **state)
{
	struct test *t = *state;
	struct host seen = { 0 };
	struct router r;
	unsigned mark;

	look(t, "");
	now.host.firewall_as_set = false;
	check(t);
	drift_fill_router(&t->parts, &r);
	assert_int_equal(r.n_drift, 1);
	mark = drift_mark(&t->parts);
	host_copy(&seen, &now.host);
	drift_pause(&t->parts);
	run("router bgp 1\nexit\n");
	now.host.firewall_as_set = true;
	check(t);
	drift_resume(&t->parts);
	check(t);
	/* Seen before the change: says nothing. */
	drift_check(&t->tools, now.tree, &seen, mark);
	newest(t,
	    "1 external - the firewall rules of multihomed are not as it had "
	    "set them");
	drift_fill_router(&t->parts, &r);
	assert_int_equal(r.n_drift, 0);
	host_clear(&seen);
}

/* What happened while we were not there is seen as well, and what was told
 * before is not told again. */
static void
test_restart(void **state)
{
	struct test *t = *state;
	struct op_link link = tunnel("gre1");

	now.host.firewall_as_set = false;
	host_set_link(&now.host, &link);
	look(t, "");
	restart(t);
	look(t, "");
	restart(t);
	run("router bgp 1\n neighbor ::1 remote-as 3\n"
	    " neighbor ::1 password geheim\nexit\n");
	look(t, "1 external router bgp 1; neighbor ::1 remote-as 3;exit");
}

/* Our change is done and told, and then we die: what it left is not taken for
 * somebody else's doing. A row of another kind is no change of the router. */
static void
test_died_after_our_own(void **state)
{
	struct test *t = *state;
	struct audit_row row = { .kind = "outcome", .resource = "tokens/x" };

	look(t, "");
	assert_int_equal(audit_append(t->db->db, &row, &t->err), 0);
	row = (struct audit_row) { .kind = "extend", .operation = "op-1" };
	assert_int_equal(audit_append(t->db->db, &row, &t->err), 0);
	restart(t);
	run("router bgp 1\n neighbor ::1 remote-as 3\n"
	    " neighbor ::1 password geheim\nexit\n");
	look(t, "3 external router bgp 1; neighbor ::1 remote-as 3;exit");
	memset(&row, 0, sizeof(row));
	row.kind = "outcome";
	row.operation = "op-1";
	row.detail = "ours";
	row.commands = "[]";
	assert_int_equal(audit_append(t->db->db, &row, &t->err), 0);
	restart(t);
	run("router bgp 1\n neighbor ::1 remote-as 4\n"
	    " neighbor ::1 password geheim\nexit\n");
	look(t, "4 outcome ours");
	run(base);
	look(t, "5 external router bgp 1; neighbor ::1 remote-as 2;exit");
}

/* Who does not answer has lost nothing. */
static void
test_silence(void **state)
{
	struct test *t = *state;

	look(t, "");
	run("hostname x\n");
	now.silent = true;
	look(t, "");
	run(base);
	now.silent = false;
	look(t, "");
}

/* What is not on disk has not been told. */
static void
test_not_stored(void **state)
{
	struct test *t = *state;

	look(t, "");
	run("router bgp 1\nexit\n");
	assert_int_equal(temp_db_raw(t->db,
			     "ALTER TABLE audit RENAME TO elsewhere"),
	    SQLITE_OK);
	check(t);
	assert_int_equal(temp_db_raw(t->db,
			     "ALTER TABLE elsewhere RENAME TO audit"),
	    SQLITE_OK);
	check(t);
	look(t, "1 external router bgp 1; no neighbor ::1 remote-as 2;exit");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_told_once),
		TEST(test_password),
		TEST(test_below),
		TEST(test_keys),
		TEST(test_our_own),
		TEST(test_restart),
		TEST(test_died_after_our_own),
		TEST(test_silence),
		TEST(test_not_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
