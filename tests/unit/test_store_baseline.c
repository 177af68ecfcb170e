/* tests/unit/test_store_baseline.c - how the router was, kept for drift. */
/* links: store/baseline store/audit store/db store/sql store/migrations
 * base/buf base/clock base/crypto base/err base/log base/mem */
/* libs: -lsqlite3 -lsodium */
#include "store/baseline.h"
#include "temp_db.h"

static void
check(struct temp_db *t, const char *part, const char *want)
{
	char *text;

	assert_int_equal(baseline_get(t->db, part, &text, &t->err), 0);
	if (want == NULL)
		assert_null(text);
	else
		assert_string_equal(text, want);
	free(text);
}

static void
test_parts(void **state)
{
	struct temp_db *t = *state;

	check(t, "frr", NULL);
	assert_int_equal(baseline_set(t->db, "frr", "one\n", &t->err), 0);
	assert_int_equal(baseline_set(t->db, "links", "", &t->err), 0);
	temp_db_reopen(t);
	check(t, "frr", "one\n");
	check(t, "links", "");
	assert_int_equal(baseline_set(t->db, "frr", "two\n", &t->err), 0);
	check(t, "frr", "two\n");
	check(t, "links", "");
	check(t, "routes", NULL);
}

/* A database that cannot be read is no empty one. */
static void
test_damaged(void **state)
{
	struct temp_db *t = *state;
	char *text;

	assert_int_equal(temp_db_raw(t, "DROP TABLE baseline"), SQLITE_OK);
	assert_int_equal(baseline_get(t->db, "frr", &text, &t->err), -1);
	assert_null(text);
	assert_int_equal(baseline_set(t->db, "frr", "x", &t->err), -1);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_parts),
		TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
