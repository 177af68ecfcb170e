/* tests/unit/test_engine_confirm.c - goes back by itself unless confirmed. */
/* links: model/tag tests/unit/transition_standin engine/confirm
 * engine/confirm_end engine/recover engine/record engine/names engine/host
 * engine/host_diff engine/adopt engine/adopt_view engine/naming
 * engine/route_map engine/route_map_users model/plan model/json model/upstream
 * model/fields model/tunnel store/operation store/seal store/keyring
 * store/audit store/idempotency store/friendly store/db store/sql
 * store/migrations frr/diff frr/step frr/line frr/family frr/mask frr/tree
 * frr/tree_parse frr/tree_index frr/section wire/op wire/op_check wire/op_link
 * wire/op_route wire/op_firewall base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/mem base/name base/number engine/host_key
 * wire/op_key base/md5key engine/events engine/outbox model/event
 * engine/host_diff_key engine/way_back */
/* libs: -lsqlite3 -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "engine/confirm.h"
#include "engine/recover.h"
#include "engine_conf.h"
#include "store/audit.h"
#include "transition_standin.h"

static const char *const line[] = { "router bgp 1||neighbor ::1 remote-as 1",
	NULL };
static const struct caller other = { .actor = "other",
	.token_id = "t0a1b2c3d4e",
	.peer = "::1",
	.request_id = "r-7",
	.method = "PATCH",
	.path = "/v1/operations/op" };

enum {
	SAME = 7,
	ANOTHER = 8
};

/* In effect, over connection SAME; seconds < 0: overdue. */
static void
await_lines(struct journal *j, const char *const *lines, int seconds)
{
	int64_t at = clock_wall_ms() + seconds * 1000;

	journal_begin(j, lines, "connection", "7");
	assert_int_equal(operation_await(j->tools.db, j->op.id, at, "{}",
			     &j->err),
	    0);
	confirm_set(&j->parts, &j->op, at);
}

static void
await(struct journal *j, int seconds)
{
	await_lines(j, line, seconds);
}

static bool
is_pending(struct journal *j)
{
	struct confirm_info info;

	return confirm_is_pending(&j->parts, &info);
}

static void
test_pending(void **state)
{
	struct journal *j = *state;
	char text[64], want[64];

	assert_int_equal(confirm_check_none(&j->parts, &j->err), 0);
	assert_false(confirm_pending_text(&j->parts, text, sizeof(text)));
	await(j, 60);
	assert_true(confirm_pending_text(&j->parts, text, sizeof(text)));
	(void)snprintf(want, sizeof(want), "%s; revert-in=60", j->op.id);
	assert_string_equal(text, want);
	assert_int_equal(confirm_check_none(&j->parts, &j->err), -1);
	assert_int_equal(j->err.code, ERR_CONFLICT);
	assert_string_equal(j->err.reason, "confirm_pending");
	assert_int_equal(j->err.retry_after_s, 60);
	/* Nothing is due. */
	confirm_when_due(&j->parts);
	journal_traced("");
}

/* Only a new connection shows that the router can still be reached. */
static void
test_confirm(void **state)
{
	struct journal *j = *state;

	await(j, 60);
	assert_int_equal(confirm_now(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    -1);
	assert_string_equal(j->err.reason, "same_connection");
	assert_int_equal(confirm_now(&j->tools, "op-none", ANOTHER, &other,
			     &j->err),
	    -1);
	assert_int_equal(j->err.code, ERR_NOT_FOUND);
	journal_traced("");
	journal_check(j, "awaiting_confirm", "intent - -");
	assert_int_equal(confirm_now(&j->tools, j->op.id, ANOTHER, &other,
			     &j->err),
	    0);
	journal_traced("save\ndone upstream\n");
	journal_check(j, "done", "outcome applied confirmed");
	assert_false(is_pending(j));
	assert_int_equal(confirm_now(&j->tools, j->op.id, ANOTHER, &other,
			     &j->err),
	    -1);
	assert_string_equal(j->err.reason, "not_pending");
}

static void
test_cancel(void **state)
{
	struct journal *j = *state;

	await(j, 60);
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    0);
	/* The boot files were never touched. */
	journal_traced("undo 1\n");
	journal_check(j, "undone", "outcome undone cancelled");
	assert_false(is_pending(j));
}

/* Puts what FRR runs meanwhile; whoever changed that has had his reasons. */
static void
change_by_hand(const char *conf)
{
	frr_tree_free(&standin.tree);
	standin.tree = conf_parse(conf);
}

static const char *const prepend[] = {
	"route-map OUT permit 10|set as-path prepend 1 1|set as-path prepend 1",
	"router bgp 1||neighbor ::1 remote-as 1", NULL
};

/* An entry that is gone is not made again: without its matches it would let
 * out everything. The rest of the change goes back. */
static void
test_cancel_section_gone(void **state)
{
	struct journal *j = *state;

	await_lines(j, prepend, 60);
	change_by_hand("route-map OUT permit 20\n match as-path mine\nexit\n"
		       "router bgp 1\n neighbor ::1 remote-as 1\nexit\n");
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    0);
	journal_traced("undo 1\n");
	journal_check(j, "undone",
	    "outcome failed cancelled; \"set as-path prepend 1 1\" in "
	    "route-map OUT permit 10 was not put back: that was changed by "
	    "hand meanwhile, and stays so");
	assert_false(is_pending(j));
}

static void
test_due_line_changed(void **state)
{
	struct journal *j = *state;

	await_lines(j, prepend, -1);
	change_by_hand("route-map OUT permit 10\n"
		       " set as-path prepend 1 1 1\nexit\n");
	confirm_when_due(&j->parts);
	journal_traced("undo 1\n");
	journal_check(j, "undone",
	    "outcome failed not confirmed in time; \"set as-path prepend");
}

/* What the change made, or had not made yet, is not somebody else's. */
static void
test_cancel_not_by_hand(void **state)
{
	static const char *const ours[] = {
		"route-map OUT permit 10\n set as-path prepend 1 1\nexit\n",
		"route-map OUT permit 10\n set as-path prepend 1\nexit\n"
	};
	struct journal *j = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		operation_clear(&j->op);
		await_lines(j, prepend, 60);
		change_by_hand(ours[i]);
		assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME,
				     &other, &j->err),
		    0);
		journal_traced("undo 2\n");
		journal_check(j, "undone", "outcome undone cancelled");
	}
}

/* A configuration that is still being loaded looks as if it were changed. */
static void
test_cancel_while_loading(void **state)
{
	struct journal *j = *state;

	await_lines(j, prepend, 60);
	change_by_hand("router bgp 1\nexit\n");
	standin.silent = true;
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    -1);
	journal_traced("");
	journal_check(j, "undoing", "intent - -");
	change_by_hand("route-map OUT permit 10\n"
		       " set as-path prepend 1 1\nexit\n");
	standin.silent = false;
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("undo 2\nsave back\n");
}

/* Somebody says write memory while a change waits: FRR's file has it then. */
static void
test_cancel_saved(void **state)
{
	static const char before[] =
	    "route-map OUT permit 10\n set as-path prepend 1 1\nexit\n"
	    "router bgp 1\nexit\n";
	static const struct {
		const char *was, *file, *trace;
	} cases[] = {
		{ before, before, "undo 2\n" },
		{ before,
		    "route-map OUT permit 10\n set as-path prepend 1\nexit\n"
		    "router bgp 1\n neighbor ::1 remote-as 1\nexit\n",
		    "undo 2\nsave back\n" },
		/* A file of somebody's own, and with other lines since. */
		{ "router bgp 1\n", "router bgp 1\n", "undo 2\n" },
		{ "! mine\n",
		    "route-map OUT permit 10\n set as-path prepend 1 1\nexit\n"
		    "router bgp 1\n no bgp ebgp-requires-policy\nexit\n",
		    "undo 2\n" },
		{ NULL, NULL, "undo 2\n" },
		{ NULL, "router bgp 1\n neighbor ::1 remote-as 1\nexit\n",
		    "undo 2\nsave back\n" },
	};
	struct journal *j = *state;
	size_t i;

	change_by_hand("route-map OUT permit 10\n"
		       " set as-path prepend 1\nexit\n");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		operation_clear(&j->op);
		standin.saved = cases[i].was;
		await_lines(j, prepend, 60);
		standin.saved = cases[i].file;
		assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME,
				     &other, &j->err),
		    0);
		journal_traced(cases[i].trace);
		journal_check(j, "undone", "outcome undone cancelled");
	}
}

/* The change made the first "router bgp": that there is none is the undo. */
static void
test_cancel_first_bgp(void **state)
{
	static const char *const first[] = { "||router bgp 1",
		"router bgp 1||bgp router-id 192.0.2.1", NULL };
	struct journal *j = *state;

	await_lines(j, first, 60);
	atomic_store(&j->parts.bgp_seen, true);
	if (confirm_cancel(&j->tools, j->op.id, SAME, &other, &j->err) == -1)
		fail_msg("%s", j->err.text);
	journal_traced("undo 2\n");
	journal_check(j, "undone", "outcome undone cancelled");
	/* Of any other, an empty bgpd is one that still loads. */
	operation_clear(&j->op);
	await(j, 60);
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    -1);
	assert_int_equal(j->err.code, ERR_UNAVAILABLE);
}

static void
test_due(void **state)
{
	struct journal *j = *state;

	await(j, -1);
	confirm_when_due(&j->parts);
	journal_traced("undo 1\n");
	journal_check(j, "undone", "outcome undone not confirmed in time");
	confirm_when_due(&j->parts);
	journal_traced("");
}

/* Who gave it how much more time is the audit's newest row. */
static void
check_extended(struct journal *j)
{
	struct audit_filter newest = { .limit = 2 };
	struct audit_list list = { 0 };
	const struct audit_row *row;
	struct operation op;

	assert_int_equal(operation_get(j->db->db, j->op.id, &op, &j->err), 0);
	assert_int_equal(op.state, OPERATION_AWAITING_CONFIRM);
	assert_int_equal(audit_list(j->db->db, &newest, &list, &j->err), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.rows[1].kind, "intent");
	row = &list.rows[0];
	assert_string_equal(row->kind, "extend");
	assert_string_equal(row->detail, "30 s left");
	assert_string_equal(row->operation, j->op.id);
	assert_string_equal(row->resource, op.resource);
	assert_string_equal(row->actor, other.actor);
	assert_string_equal(row->token_id, other.token_id);
	assert_string_equal(row->peer, other.peer);
	assert_string_equal(row->request_id, other.request_id);
	assert_string_equal(row->path, other.path);
	assert_int_equal(row->about, 0);
	assert_null(row->outcome);
	operation_clear(&op);
	audit_list_clear(&list);
}

static void
test_extend(void **state)
{
	struct journal *j = *state;
	struct confirm_info info;

	await(j, -1);
	assert_int_equal(confirm_extend(&j->tools, j->op.id, 30, &other,
			     &j->err),
	    0);
	assert_true(confirm_is_pending(&j->parts, &info));
	assert_int_equal(info.seconds_left, 30);
	confirm_when_due(&j->parts);
	journal_traced("");
	check_extended(j);
	/* Somebody else's operation, or none: nothing is told. */
	assert_int_equal(confirm_extend(&j->tools, "op-none", 30, &other,
			     &j->err),
	    -1);
	check_extended(j);
}

/* What is not in effect any more must not be called saved. */
static void
test_changed_by_hand(void **state)
{
	struct journal *j = *state;

	await(j, 60);
	standin.in_effect = false;
	assert_int_equal(confirm_now(&j->tools, j->op.id, ANOTHER, &other,
			     &j->err),
	    -1);
	assert_string_equal(j->err.reason, "changed_by_hand");
	journal_traced("");
	journal_check(j, "awaiting_confirm", "intent - -");
	assert_true(is_pending(j));
}

static void
fail_to_save(struct journal *j)
{
	await(j, 60);
	standin.fails = "save";
	assert_int_equal(confirm_now(&j->tools, j->op.id, ANOTHER, &other,
			     &j->err),
	    -1);
	assert_string_equal(j->err.text, "save failed");
	journal_traced("save\n");
	journal_check(j, "awaiting_confirm", "intent - -");
	assert_true(is_pending(j));
	standin.fails = NULL;
}

/* It waits on; the boot files may be new: they go back with it. */
static void
test_not_saved(void **state)
{
	struct journal *j = *state;

	fail_to_save(j);
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    0);
	journal_traced("undo 1\nsave back\n");
	journal_check(j, "undone", "outcome undone cancelled");
}

static void
test_not_saved_then_saved(void **state)
{
	struct journal *j = *state;
	struct operation op;

	fail_to_save(j);
	assert_int_equal(confirm_now(&j->tools, j->op.id, ANOTHER, &other,
			     &j->err),
	    0);
	journal_check(j, "done", "outcome applied confirmed");
	assert_int_equal(operation_get(j->tools.db, j->op.id, &op, &j->err), 0);
	assert_null(op.error);
	operation_clear(&op);
}

/* Saved as confirmed, but nobody could write down so: recovery ends it, and
 * other changes have not to wait for it any longer. */
static void
test_not_told(void **state)
{
	struct journal *j = *state;

	await(j, 60);
	assert_int_equal(temp_db_raw(j->db,
			     "CREATE TRIGGER full BEFORE INSERT ON audit "
			     "BEGIN SELECT RAISE(ABORT, 'disk full'); END"),
	    SQLITE_OK);
	assert_int_equal(confirm_now(&j->tools, j->op.id, ANOTHER, &other,
			     &j->err),
	    -1);
	assert_int_equal(recover_now(&j->tools, &j->err), -1);
	assert_true(is_pending(j));
	assert_int_equal(temp_db_raw(j->db, "DROP TRIGGER full"), SQLITE_OK);
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_check(j, "done", "outcome applied multihomed was interrupted");
	assert_false(is_pending(j));
	assert_int_equal(confirm_check_none(&j->parts, &j->err), 0);
}

/* The engine is started again: it goes on waiting, and knows of the files. */
static void
test_restart(void **state)
{
	struct journal *j = *state;

	fail_to_save(j);
	journal_restart(j);
	assert_false(is_pending(j));
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	assert_true(is_pending(j));
	journal_traced("");
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    0);
	journal_traced("undo 1\nsave back\n");
}

/* The machine was started again: what runs now came from its boot files. */
static void
test_reboot(void **state)
{
	struct journal *j = *state;

	await(j, 60);
	journal_restart(j);
	standin.boot_id = "boot-2";
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("undo 1\n");
	journal_check(j, "undone", "outcome undone multihomed or the machine");
	assert_false(is_pending(j));
}

/* Then it comes up with a change that nobody has confirmed. */
static void
test_reboot_saved(void **state)
{
	struct journal *j = *state;

	standin.saved = "router bgp 1\nexit\n";
	await(j, 60);
	standin.saved = "router bgp 1\n neighbor ::1 remote-as 1\nexit\n";
	journal_restart(j);
	standin.boot_id = "boot-2";
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("undo 1\nsave back\n");
	journal_check(j, "undone", "outcome undone multihomed or the machine");
}

static void
test_reboot_half_saved(void **state)
{
	struct journal *j = *state;

	fail_to_save(j);
	journal_restart(j);
	standin.boot_id = "boot-2";
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("undo 1\nsave back\n");
	journal_check(j, "undone", "outcome undone multihomed or the machine");
}

/* A time that is over while the engine is away. */
static void
test_overdue_after_restart(void **state)
{
	struct journal *j = *state;

	await(j, -1);
	journal_restart(j);
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("undo 1\n");
	journal_check(j, "undone", "outcome undone multihomed or the machine");
}

/* It did not go back: no other change until recovery has managed. */
static void
test_undo_fails(void **state)
{
	struct journal *j = *state;

	await(j, 60);
	standin.fails = "undo 1";
	assert_int_equal(confirm_cancel(&j->tools, j->op.id, SAME, &other,
			     &j->err),
	    -1);
	journal_check(j, "undoing", "intent - -");
	assert_int_equal(recover_now(&j->tools, &j->err), -1);
	assert_string_equal(j->err.reason, "recovery_pending");
	standin.fails = NULL;
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("undo 1\nundo 1\nundo 1\nsave back\n");
	journal_check(j, "undone", "outcome undone multihomed was interr");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, journal_set_up, journal_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_pending),
		TEST(test_confirm),
		TEST(test_cancel),
		TEST(test_cancel_section_gone),
		TEST(test_cancel_not_by_hand),
		TEST(test_cancel_while_loading),
		TEST(test_cancel_first_bgp),
		TEST(test_cancel_saved),
		TEST(test_due),
		TEST(test_due_line_changed),
		TEST(test_extend),
		TEST(test_changed_by_hand),
		TEST(test_not_saved),
		TEST(test_not_saved_then_saved),
		TEST(test_not_told),
		TEST(test_restart),
		TEST(test_reboot),
		TEST(test_reboot_saved),
		TEST(test_reboot_half_saved),
		TEST(test_overdue_after_restart),
		TEST(test_undo_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
