/* tests/unit/test_engine_recover.c - what a former life had begun is ended. */
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
/* libs: -lsqlite3 -lsodium -Wl,--wrap=clock_ms */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/compat.h"
#include "engine/recover.h"
#include "engine_conf.h"
#include "store/idempotency.h"
#include "transition_standin.h"

static const char *const added[] = { "router bgp 1||neighbor ::1 remote-as 1",
	NULL };

static void
begin(struct journal *j, enum operation_state state)
{
	journal_begin(j, added, NULL, NULL);
	frr_tree_free(&standin.tree);
	standin.tree = conf_parse("router bgp 1\nexit\n");
	assert_int_equal(operation_set(j->tools.db, j->op.id, state, NULL, NULL,
			     &j->err),
	    0);
	journal_restart(j);
}

static void
recovered(struct journal *j, const char *trace)
{
	if (recover_now(&j->tools, &j->err) == -1)
		fail_msg("%s", j->err.text);
	journal_traced(trace);
	/* Once is enough. */
	assert_int_equal(recover_now(&j->tools, &j->err), 0);
	journal_traced("");
}

static int64_t now_ms;

int64_t __wrap_clock_ms(void);

int64_t
__wrap_clock_ms(void)
{
	return now_ms;
}

/* At its own pace until it has ended; how often that was in vain. Who comes
 * between is told to wait, and does not make it give up earlier. */
static unsigned
recover_in_the_end(struct journal *j)
{
	int64_t began = now_ms;
	unsigned n = 0, i;

	while (recover_when_due(&j->parts), !atomic_load(&j->parts.recovered)) {
		assert_true(++n < 100);
		for (i = 0; i < 30; i++) {
			assert_int_equal(recover_now(&j->tools, &j->err), -1);
			assert_int_equal(j->err.code, ERR_UNAVAILABLE);
			assert_string_equal(j->err.reason, "recovery_pending");
		}
		now_ms += 60 * 1000; /* the longest pause */
	}
	assert_int_equal(now_ms - began, (int64_t)n * 60 * 1000);
	return n;
}

/* Not as often as it is asked: after 1, 2, 4 s and so on. */
static void
test_pace(void **state)
{
	static const unsigned pauses_s[] = { 1, 2, 4, 8, 16, 32, 60, 60 };
	struct journal *j = *state;
	size_t i;
	int s;

	now_ms += 60 * 1000;
	begin(j, OPERATION_APPLYING);
	standin.fails = "undo 1";
	recover_when_due(&j->parts);
	journal_traced("undo 1\n");
	for (i = 0; i < NITEMS(pauses_s); i++)
		for (s = (int)pauses_s[i]; s > 0; s--) {
			recover_when_due(&j->parts);
			journal_traced("");
			now_ms += 1000;
			if (s == 1) {
				recover_when_due(&j->parts);
				journal_traced("undo 1\n");
			}
		}
}

static void
test_applying(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_APPLYING);
	/* The files are the old ones still. */
	recovered(j, "undo 1\n");
	journal_check(j, "undone",
	    "outcome undone multihomed was interrupted; the change was undone");
}

static void
test_undoing(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_UNDOING);
	recovered(j, "undo 1\nsave back\n");
	journal_check(j, "undone", "outcome undone multihomed was");
}

static void
test_persisting(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_PERSISTING);
	recovered(j, "save\ndone upstream\n");
	journal_check(j, "done", "outcome applied multihomed was");
}

static void
test_persisting_not_in_effect(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_PERSISTING);
	standin.in_effect = false;
	recovered(j, "undo 1\nsave back\n");
	journal_check(j, "undone", "outcome undone multihomed was");
}

/* A clear leaves nothing that could be looked for. */
static void
test_clear(void **state)
{
	static const char *const nothing[] = { NULL };
	struct journal *j = *state;

	journal_begin(j, nothing, NULL, NULL);
	journal_restart(j);
	recovered(j, "");
	journal_check(j, "undone",
	    "outcome failed multihomed was interrupted; "
	    "the clear may or may not");
}

/* FRR answers not, or only since a moment ago. */
static void
test_silence(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_APPLYING);
	standin.silent = true;
	assert_int_equal(recover_now(&j->tools, &j->err), -1);
	assert_int_equal(j->err.code, ERR_UNAVAILABLE);
	assert_string_equal(j->err.reason, "recovery_pending");
	journal_traced("");
	journal_check(j, "applying", "intent - -");
	standin.silent = false;
	recovered(j, "undo 1\n");
}

/*
 * What a removal has taken away, section and all, is put back: that it is not
 * there is our own doing. A section of the same name elsewhere does not count.
 */
static void
test_removed_section(void **state)
{
	static const char *const lines[] = {
		"|router bgp 1|",
		"router bgp 1|neighbor ::1 remote-as 1|",
		"router bgp 1|neighbor ::2 remote-as 1|",
		NULL,
	};
	struct journal *j = *state;

	journal_begin(j, lines, NULL, NULL);
	journal_restart(j);
	frr_tree_free(&standin.tree);
	standin.tree = conf_parse("hostname x\n");
	recovered(j, "undo 3\n");
	journal_check(j, "undone", "outcome undone multihomed was");
}

/* Changed by hand since: looked at again, for a configuration that is still
 * being loaded looks alike; then left alone. */
static void
test_superseded(void **state)
{
	static const char *const lines[] = {
		"router bgp 1|neighbor ::1 description a|"
		"neighbor ::1 description b",
		"router bgp 1||neighbor ::2 description c",
		NULL,
	};
	struct journal *j = *state;

	journal_begin(j, lines, NULL, NULL);
	journal_restart(j);
	frr_tree_free(&standin.tree);
	standin.tree = conf_parse("router bgp 1\n neighbor ::1 remote-as 1\n"
				  " neighbor ::1 description by hand\nexit\n");
	assert_int_equal(recover_in_the_end(j), 2);
	journal_traced("undo 1\n");
	journal_check(j, "undone",
	    "outcome failed multihomed was interrupted; what the change had "
	    "touched was changed by hand");
}

/* A router must not be locked for ever. */
static void
test_gives_up(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_APPLYING);
	standin.fails = "undo 1";
	assert_int_equal(recover_in_the_end(j), 19);
	journal_check(j, "undone",
	    "outcome failed multihomed was interrupted, and the change could "
	    "neither be finished nor undone: undo 1 failed. Look");
}

static void
test_damaged_journal(void **state)
{
	struct journal *j = *state;

	begin(j, OPERATION_APPLYING);
	assert_int_equal(temp_db_raw(j->db, "UPDATE operations SET plan = '{'"),
	    SQLITE_OK);
	recovered(j, "");
	journal_check(j, "undone",
	    "outcome failed multihomed was interrupted, "
	    "and the change could neither");
}

/* Whatever else is true, the router can be changed again. */
static void
test_lost_master_key(void **state)
{
	static const enum operation_state states[] = { OPERATION_APPLYING,
		OPERATION_UNDOING, OPERATION_PERSISTING,
		OPERATION_AWAITING_CONFIRM };
	struct keyring *other = temp_key(7, 0);
	struct journal *j = *state;
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		db_set_keyring(j->tools.db, j->keyring);
		operation_clear(&j->op);
		begin(j, states[i]);
		db_set_keyring(j->tools.db, other);
		recovered(j, "");
		journal_check(j, "undone",
		    "outcome failed multihomed was interrupted, and the "
		    "change could neither be finished nor undone: "
		    "operations.plan:");
	}
	keyring_free(&other);
}

/* Names go back as well, and only with the rest. */
static void
test_names(void **state)
{
	struct journal *j = *state;
	struct friendly_list list = { 0 };
	struct friendly f = { .role = "peer" };

	assert_int_equal(addr_parse(&f.neighbor, "::1", NULL), 0);
	assert_int_equal(name_parse(&f.name, "ifog", NULL), 0);
	assert_int_equal(friendly_put(j->tools.db, &f, &j->err), 0);
	journal_begin(j, added, "names", "set ::1 ifog peer 0\n");
	journal_restart(j);
	frr_tree_free(&standin.tree);
	standin.tree = conf_parse("router bgp 1\nexit\n");
	recovered(j, "undo 1\n");
	assert_int_equal(friendly_list(j->tools.db, &list, &j->err), 0);
	assert_int_equal(list.n, 0);
	friendly_list_clear(&list);
}

static void
ask_again(struct journal *j, enum idempotency_state want, const char *body)
{
	static const uint8_t fingerprint[CRYPTO_HASH_LEN];
	struct idempotency i;

	assert_int_equal(idempotency_begin(j->tools.db, "t key", fingerprint,
			     1000, &i, &j->err),
	    0);
	assert_int_equal(i.state, want);
	if (body != NULL)
		assert_non_null(strstr(i.body, body));
	idempotency_clear(&i);
}

/* The client that waited is gone; its key tells it what became of it. */
static void
test_key(void **state)
{
	struct journal *j = *state;

	ask_again(j, IDEMPOTENCY_NEW, NULL);
	begin(j, OPERATION_PERSISTING);
	assert_int_equal(temp_db_raw(j->db,
			     "UPDATE operations SET idempotency_key = 't key'"),
	    SQLITE_OK);
	recovered(j, "save\ndone upstream\n");
	ask_again(j, IDEMPOTENCY_REPLAY, "\"confirm\":null");
	ask_again(j, IDEMPOTENCY_REPLAY, "\"upstream\":null");
}

static void
test_key_of_nothing(void **state)
{
	struct journal *j = *state;

	ask_again(j, IDEMPOTENCY_NEW, NULL);
	begin(j, OPERATION_APPLYING);
	assert_int_equal(temp_db_raw(j->db,
			     "UPDATE operations SET idempotency_key = 't key'"),
	    SQLITE_OK);
	recovered(j, "undo 1\n");
	ask_again(j, IDEMPOTENCY_NEW, NULL);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, journal_set_up, journal_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_applying),
		TEST(test_undoing),
		TEST(test_persisting),
		TEST(test_persisting_not_in_effect),
		TEST(test_clear),
		TEST(test_silence),
		TEST(test_removed_section),
		TEST(test_superseded),
		TEST(test_gives_up),
		TEST(test_pace),
		TEST(test_damaged_journal),
		TEST(test_lost_master_key),
		TEST(test_names),
		TEST(test_key),
		TEST(test_key_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
