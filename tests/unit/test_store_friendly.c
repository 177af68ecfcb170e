/* links: store/friendly store/db store/sql store/migrations base/addr base/buf
 * base/clock base/crypto base/err base/log base/mem base/name base/number */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_friendly.c - names of neighbors. */
#include "store/friendly.h"
#include "temp_db.h"

static int
set(struct temp_db *t, const char *neighbor, const char *word)
{
	struct addr addr;
	struct name name;

	assert_int_equal(addr_parse(&addr, neighbor, NULL), 0);
	assert_int_equal(name_parse(&name, word, NULL), 0);
	return friendly_set(t->db, &addr, &name, &t->err);
}

static int
remove_name(struct temp_db *t, const char *neighbor)
{
	struct addr addr;

	assert_int_equal(addr_parse(&addr, neighbor, NULL), 0);
	return friendly_remove(t->db, &addr, &t->err);
}

static void
test_set_and_list(void **state)
{
	struct temp_db *t = *state;
	struct friendly_list list;
	char text[ADDR_TEXT_MAX];

	assert_int_equal(set(t, "2001:db8:0::1", "ifog"), 0);
	assert_int_equal(set(t, "fe80::1%gre0", "edge"), 0);
	assert_int_equal(set(t, "192.0.2.1", "old"), 0);
	assert_int_equal(set(t, "192.0.2.1", "vultr"), 0);
	temp_db_reopen(t);
	assert_int_equal(friendly_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.v[0].name.s, "edge");
	assert_string_equal(addr_print(&list.v[0].neighbor, text),
	    "fe80::1%gre0");
	assert_string_equal(list.v[1].name.s, "ifog");
	assert_string_equal(addr_print(&list.v[1].neighbor, text),
	    "2001:db8::1");
	assert_string_equal(list.v[2].name.s, "vultr");
	friendly_list_clear(&list);
}

static void
test_conflict(void **state)
{
	struct temp_db *t = *state;

	assert_int_equal(set(t, "2001:db8::1", "ifog"), 0);
	assert_int_equal(set(t, "2001:db8::1", "ifog"), 0);
	assert_int_equal(set(t, "2001:db8::2", "ifog"), -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	/* Another spelling of the address is the same neighbor. */
	assert_int_equal(set(t, "2001:DB8:0:0::1", "ifog2"), 0);
	assert_int_equal(set(t, "2001:db8::2", "ifog"), 0);
}

static void
test_remove(void **state)
{
	struct temp_db *t = *state;
	struct friendly_list list;

	assert_int_equal(remove_name(t, "2001:db8::1"), -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
	assert_int_equal(set(t, "2001:db8::1", "ifog"), 0);
	assert_int_equal(remove_name(t, "2001:db8::1"), 0);
	assert_int_equal(friendly_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 0);
	friendly_list_clear(&list);
}

static void
test_damaged_row(void **state)
{
	struct temp_db *t = *state;
	struct friendly_list list;

	assert_int_equal(set(t, "2001:db8::1", "ifog"), 0);
	assert_int_equal(temp_db_raw(t, "UPDATE friendly SET name = 'A B'"),
	    SQLITE_OK);
	assert_int_equal(friendly_list(t->db, &list, &t->err), -1);
	assert_int_equal(t->err.code, ERR_UNAVAILABLE);
	assert_int_equal(list.n, 0);
}

static struct friendly
one(const char *neighbor, const char *word, const char *role, uint32_t mbps)
{
	struct friendly f;

	memset(&f, 0, sizeof(f));
	assert_int_equal(addr_parse(&f.neighbor, neighbor, NULL), 0);
	assert_int_equal(name_parse(&f.name, word, NULL), 0);
	(void)snprintf(f.role, sizeof(f.role), "%s", role);
	f.capacity_mbps = mbps;
	return f;
}

static void
test_put(void **state)
{
	struct friendly a = one("2001:db8::1", "ifog", "peer", 100),
			b = one("2001:db8::2", "ifog", "", 4294967295U);
	struct temp_db *t = *state;
	struct friendly_list list;

	assert_int_equal(friendly_put(t->db, &a, &t->err), 0);
	assert_int_equal(friendly_put(t->db, &a, &t->err), 0);
	/* The name alone. */
	assert_int_equal(set(t, "2001:db8::1", "ifog-main"), 0);
	temp_db_reopen(t);
	assert_int_equal(friendly_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.v[0].name.s, "ifog-main");
	assert_string_equal(list.v[0].role, "peer");
	assert_int_equal(list.v[0].capacity_mbps, 100);
	friendly_list_clear(&list);
	/* Another neighbor takes the name over. */
	assert_int_equal(friendly_put(t->db, &a, &t->err), 0);
	assert_int_equal(friendly_put(t->db, &b, &t->err), 0);
	assert_int_equal(friendly_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 1);
	assert_true(addr_equal(&list.v[0].neighbor, &b.neighbor));
	assert_string_equal(list.v[0].role, "");
	assert_true(list.v[0].capacity_mbps == 4294967295U);
	friendly_list_clear(&list);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_set_and_list),
		TEST(test_conflict),
		TEST(test_remove),
		TEST(test_damaged_row),
		TEST(test_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
