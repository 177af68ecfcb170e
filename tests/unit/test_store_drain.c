/* tests/unit/test_store_drain.c - reasons, one row each. */
/* links: store/drain store/db store/sql store/migrations model/drain
 * base/addr base/buf base/clock base/crypto base/err base/log base/mem
 * base/number */
/* libs: -lsqlite3 -lsodium */
#include "store/drain.h"
#include "temp_db.h"

static struct drain
row(const char *subject, const char *owner, const char *neighbor)
{
	struct drain d = { .mode = DRAIN_SHUTDOWN,
		.on_timeout = DRAIN_REVERT,
		.max_wait_s = 600,
		.force = true,
		.prepend = 3,
		.stay = true,
		.return_after_s = 60,
		.created_ms = 1770000000000,
		.phase = DRAIN_RETURNING,
		.end = DRAIN_END_BLOCKED,
		.automatic = true };

	(void)snprintf(d.subject, sizeof(d.subject), "%s", subject);
	(void)snprintf(d.owner, sizeof(d.owner), "%s", owner);
	(void)snprintf(d.reason, sizeof(d.reason), "why \xc3\xbc");
	(void)snprintf(d.operation, sizeof(d.operation), "op-%s", owner);
	(void)snprintf(d.why, sizeof(d.why), "only_path");
	if (neighbor != NULL)
		assert_int_equal(addr_parse(&d.neighbor, neighbor, NULL), 0);
	return d;
}

static void
test_kept(void **state)
{
	struct temp_db *t = *state;
	struct drain d = row("upstreams/ifog", "operator", "2001:db8::1"), back;
	char before[] = "[]";

	d.before = before;
	assert_int_equal(drain_put(t->db, &d, &t->err), 0);
	temp_db_reopen(t);
	assert_int_equal(drain_get(t->db, d.subject, d.owner, &back, &t->err),
	    0);
	assert_true(addr_equal(&back.neighbor, &d.neighbor));
	assert_string_equal(back.reason, d.reason);
	assert_string_equal(back.why, "only_path");
	assert_string_equal(back.before, "[]");
	assert_null(back.after);
	assert_int_equal(back.mode, DRAIN_SHUTDOWN);
	assert_int_equal(back.on_timeout, DRAIN_REVERT);
	assert_int_equal(back.phase, DRAIN_RETURNING);
	assert_int_equal(back.end, DRAIN_END_BLOCKED);
	assert_int_equal(back.prepend, 3);
	assert_true(back.force && back.stay && back.automatic);
	assert_int_equal(back.created_ms, d.created_ms);
	drain_clear(&back);
	assert_int_equal(drain_get_of(t->db, "op-operator", &back, &t->err), 0);
	drain_clear(&back);
	assert_int_equal(drain_get_of(t->db, "op-none", &back, &t->err), -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
}

static void
test_layers(void **state)
{
	struct temp_db *t = *state;
	struct drain one = row("upstreams/ifog", "operator", "2001:db8::1");
	struct drain two = row("upstreams/ifog", "fleet", "2001:db8::1");
	struct drain all = row("router", "reboot", NULL);
	struct drain_list list;
	struct addr other;

	assert_int_equal(drain_put(t->db, &one, &t->err), 0);
	assert_int_equal(drain_put(t->db, &two, &t->err), 0);
	assert_int_equal(drain_put(t->db, &all, &t->err), 0);
	two.prepend = 1;
	assert_int_equal(drain_put(t->db, &two, &t->err), 0); /* replaced */
	assert_int_equal(drain_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.v[0].subject, "router");
	assert_true(drain_is_router(&list.v[0]));
	assert_string_equal(list.v[1].owner, "fleet");
	assert_int_equal(list.v[1].prepend, 1);
	assert_int_equal(addr_parse(&other, "2001:db8::2", NULL), 0);
	assert_true(drain_covers(&list.v[0], &other));
	assert_false(drain_covers(&list.v[1], &other));
	assert_true(drain_covers(&list.v[2], &one.neighbor));
	drain_list_clear(&list);
	assert_int_equal(drain_remove(t->db, "router", "reboot", &t->err), 0);
	assert_int_equal(drain_remove(t->db, "router", "reboot", &t->err), 0);
	assert_int_equal(drain_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 2);
	drain_list_clear(&list);
}

static void
test_damaged(void **state)
{
	struct temp_db *t = *state;
	struct drain d = row("router", "operator", NULL), back;

	assert_int_equal(drain_put(t->db, &d, &t->err), 0);
	assert_int_equal(temp_db_raw(t, "UPDATE drains SET phase = 'sleeping'"),
	    0);
	assert_int_equal(drain_get(t->db, "router", "operator", &back, &t->err),
	    -1);
	assert_int_not_equal(t->err.code, ERR_NOT_FOUND);
}

#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept),
		TEST(test_layers),
		TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
