/* tests/unit/test_store_reseal.c - everything under another master key. */
/* links: store/reseal store/former_key store/operation store/seal
 * store/keyring store/db store/sql store/migrations base/buf base/clock
 * base/crypto base/err base/io base/log base/mem */
/* libs: -lsqlite3 -lsodium */
#include "store/operation.h"
#include "store/reseal.h"
#include "temp_db.h"
#include "temp_key.h"

static void
begin(struct temp_db *t, const char *id, char *plan)
{
	struct operation op = { .kind = "upstream", .plan = plan };

	(void)snprintf(op.id, sizeof(op.id), "%s", id);
	if (operation_begin(t->db, &op, &t->err) == -1)
		fail_msg("%s", t->err.text);
}

static void
holds(struct temp_db *t, const char *id, const char *plan)
{
	struct operation op;

	assert_int_equal(operation_get(t->db, id, &op, &t->err), 0);
	if (plan == NULL)
		assert_null(operation_plan(&op, &t->err));
	else
		assert_string_equal(operation_plan(&op, &t->err), plan);
	operation_clear(&op);
}

static void
reseal(struct temp_db *t, size_t sealed, size_t kept, size_t lost)
{
	struct reseal_count n;

	if (reseal_all(t->db, &n, &t->err) == -1)
		fail_msg("%s", t->err.text);
	assert_int_equal(n.sealed, sealed);
	assert_int_equal(n.kept, kept);
	assert_int_equal(n.lost, lost);
}

/* In the file, its log, or anywhere beside them? */
static bool
on_disk(const struct temp_db *t, const char *text)
{
	static const char *const ends[] = { "", "-wal", "-journal" };
	static char bytes[1 << 20];
	char path[96];
	bool found = false;
	size_t i, n;
	FILE *f;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", t->path, ends[i]);
		f = fopen(path, "rb");
		if (f == NULL)
			continue;
		n = fread(bytes, 1, sizeof(bytes), f);
		assert_true(n < sizeof(bytes));
		found = found || memmem(bytes, n, text, strlen(text)) != NULL;
		(void)fclose(f);
	}
	return found;
}

static void
test_reseal(void **state)
{
	static char one[] = "{\"x\":\"hush-one\"}", two[] = "{\"y\":2}",
		    clear[] = "{\"z\":\"hush-clear\"}";
	struct keyring *a = temp_key(1, 0), *lost = temp_key(9, 0),
		       *both = temp_key(2, 1), *b = temp_key(2, 0);
	struct temp_db *t = *state;

	db_set_keyring(t->db, lost);
	begin(t, "op-lost", two);
	db_set_keyring(t->db, a);
	begin(t, "op-one", one);
	begin(t, "op-none", NULL);
	begin(t, "op-clear", two);
	assert_int_equal(temp_db_raw(t,
			     "UPDATE operations SET plan ="
			     " '{\"z\":\"hush-clear\"}'"
			     " WHERE id = 'op-clear'"),
	    SQLITE_OK);
	holds(t, "op-clear", clear);
	assert_true(on_disk(t, "hush-clear"));
	assert_false(on_disk(t, "hush-one"));

	db_set_keyring(t->db, both);
	reseal(t, 2, 0, 1);
	/* Died before the file lost the old key: again, to no effect. */
	reseal(t, 0, 2, 1);
	db_set_keyring(t->db, b);
	holds(t, "op-one", one);
	holds(t, "op-clear", clear);
	holds(t, "op-none", NULL);
	holds(t, "op-lost", NULL);
	assert_false(on_disk(t, "hush-clear"));
	assert_false(on_disk(t, keyring_id(a, 0)));
	assert_true(on_disk(t, keyring_id(lost, 0)));
	/* The one that is lost is not made worse. */
	db_set_keyring(t->db, lost);
	holds(t, "op-lost", two);
	db_set_keyring(t->db, NULL);
	holds(t, "op-one", NULL);
	keyring_free(&a);
	keyring_free(&b);
	keyring_free(&both);
	keyring_free(&lost);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reseal, temp_db_set_up,
		    temp_db_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
