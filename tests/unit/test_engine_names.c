/* tests/unit/test_engine_names.c - names that a change gives and takes back. */
/* links: engine/names model/plan model/json store/friendly store/db store/sql
 * store/migrations store/audit base/addr base/buf base/clock base/crypto
 * base/err base/io base/log base/mem base/name base/number */
/* libs: -lsqlite3 -lsodium */
#include "base/buf.h"
#include "engine/names.h"
#include "engine/target.h"
#include "model/plan.h"
#include "temp_db.h"

static struct friendly
named(const char *address, const char *name, const char *role, unsigned mbps)
{
	struct friendly f;

	memset(&f, 0, sizeof(f));
	assert_int_equal(addr_parse(&f.neighbor, address, NULL), 0);
	assert_int_equal(name_parse(&f.name, name, NULL), 0);
	(void)snprintf(f.role, sizeof(f.role), "%s", role);
	f.capacity_mbps = mbps;
	return f;
}

static void
put(struct temp_db *t, const char *address, const char *name)
{
	struct friendly f = named(address, name, "peer", 10);

	assert_int_equal(friendly_put(t->db, &f, &t->err), 0);
}

/* "ADDRESS NAME ROLE CAPACITY;" for each. */
static void
check(struct temp_db *t, const char *want)
{
	struct friendly_list list = { 0 };
	char text[512] = "", address[ADDR_TEXT_MAX];
	size_t i, n = 0;

	assert_int_equal(friendly_list(t->db, &list, &t->err), 0);
	for (i = 0; i < list.n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%s %s %s %u;", addr_print(&list.v[i].neighbor, address),
		    list.v[i].name.s, list.v[i].role, list.v[i].capacity_mbps);
	friendly_list_clear(&list);
	assert_string_equal(text, want);
}

/* Into the journal and out of it, as recovery would have it. */
static void
plan_for(struct temp_db *t, const struct target *target, struct plan *plan)
{
	struct buf stored = BUF_INIT;

	plan_init(plan);
	assert_int_equal(names_store(t->db, target, plan, &t->err), 0);
	plan_store(plan, &stored);
	plan_clear(plan);
	assert_int_equal(plan_load(plan, buf_text(&stored), &t->err), 0);
	buf_clear(&stored);
}

static void
test_nothing(void **state)
{
	struct temp_db *t = *state;
	struct target target = { 0 };
	struct plan plan;

	assert_false(names_change(&target));
	plan_for(t, &target, &plan);
	assert_string_equal(plan_extra(&plan, "names"), "");
	assert_int_equal(names_give(t->db, &plan, &t->err), 0);
	assert_int_equal(names_forget(t->db, &plan, &t->err), 0);
	assert_int_equal(names_take_back(t->db, &plan, &t->err), 0);
	plan_clear(&plan);
}

static void
test_new(void **state)
{
	struct temp_db *t = *state;
	struct target target = { 0 };
	struct plan plan;

	put(t, "::1", "ifog");
	target.set[0] = named("::2", "route64", "", 0);
	target.n_set = 1;
	assert_true(names_change(&target));
	plan_for(t, &target, &plan);
	assert_int_equal(names_give(t->db, &plan, &t->err), 0);
	check(t, "::1 ifog peer 10;::2 route64  0;");
	/* It may be taken back more than once. */
	assert_int_equal(names_take_back(t->db, &plan, &t->err), 0);
	check(t, "::1 ifog peer 10;");
	assert_int_equal(names_take_back(t->db, &plan, &t->err), 0);
	check(t, "::1 ifog peer 10;");
	plan_clear(&plan);
}

/* An upstream that gets another neighbor: the name moves, and the old address
 * has none any more. */
static void
test_moved(void **state)
{
	struct temp_db *t = *state;
	struct target target = { 0 };
	struct plan plan;

	put(t, "::1", "ifog");
	target.set[0] = named("::2", "ifog", "transit", 100);
	target.n_set = 1;
	target.forget[0] = named("::1", "x", "", 0).neighbor;
	target.n_forget = 1;
	plan_for(t, &target, &plan);
	assert_int_equal(names_give(t->db, &plan, &t->err), 0);
	assert_int_equal(names_forget(t->db, &plan, &t->err), 0);
	check(t, "::2 ifog transit 100;");
	assert_int_equal(names_take_back(t->db, &plan, &t->err), 0);
	check(t, "::1 ifog peer 10;");
	plan_clear(&plan);
}

/* The address had a name of its own (one that was made up for it). */
static void
test_replaced(void **state)
{
	struct temp_db *t = *state;
	struct target target = { 0 };
	struct plan plan;

	put(t, "::2", "n---2");
	target.set[0] = named("::2", "ifog", "transit", 100);
	target.n_set = 1;
	plan_for(t, &target, &plan);
	assert_int_equal(names_give(t->db, &plan, &t->err), 0);
	check(t, "::2 ifog transit 100;");
	assert_int_equal(names_take_back(t->db, &plan, &t->err), 0);
	check(t, "::2 n---2 peer 10;");
	plan_clear(&plan);
}

static void
test_damaged(void **state)
{
	static const char *const bad[] = { "set ::1\n", "set x ifog - 0\n",
		"set ::1 Ifog! - 0\n", "set ::1 ifog - x\n", "forget ::1 x\n",
		"\n" };
	struct temp_db *t = *state;
	struct plan plan;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		plan_init(&plan);
		plan_set_extra(&plan, "names", bad[i]);
		assert_int_equal(names_give(t->db, &plan, &t->err), -1);
		assert_int_equal(t->err.code, ERR_INTERNAL);
		plan_clear(&plan);
	}
	check(t, "");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_new),
		TEST(test_moved),
		TEST(test_replaced),
		TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
