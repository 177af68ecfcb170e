/* links: store/idempotency store/operation store/seal store/keyring store/db
 * store/sql store/migrations base/buf base/clock base/crypto base/err base/log
 * base/mem base/io */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_idempotency.c - the first answer, again. */
#include "store/idempotency.h"
#include "store/operation.h"
#include "temp_db.h"

static const int64_t day_ms = 24 * 3600 * 1000;
static const uint8_t one[CRYPTO_HASH_LEN] = { 1 };
static const uint8_t two[CRYPTO_HASH_LEN] = { 2 };

static enum idempotency_state
begin(struct temp_db *t, const char *key, const uint8_t *fingerprint,
    int64_t now_ms)
{
	struct idempotency idem;
	enum idempotency_state what;

	if (idempotency_begin(t->db, key, fingerprint, now_ms, &idem,
		&t->err) == -1)
		fail_msg("%s", t->err.text);
	what = idem.state;
	idempotency_clear(&idem);
	return what;
}

static void
test_replay(void **state)
{
	struct temp_db *t = *state;
	struct idempotency idem;

	assert_int_equal(begin(t, "t1 a", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(begin(t, "t1 a", one, 1001), IDEMPOTENCY_RUNNING);
	assert_int_equal(begin(t, "t1 a", two, 1001), IDEMPOTENCY_MISMATCH);
	assert_int_equal(begin(t, "t2 a", two, 1001), IDEMPOTENCY_NEW);
	assert_int_equal(idempotency_finish(t->db, "t1 a", 200,
			     "application/json", "\"x.y\"", "{\"a\":1}",
			     &t->err),
	    0);
	temp_db_reopen(t);
	assert_int_equal(idempotency_begin(t->db, "t1 a", one, 2000, &idem,
			     &t->err),
	    0);
	assert_int_equal(idem.state, IDEMPOTENCY_REPLAY);
	assert_int_equal(idem.status, 200);
	assert_string_equal(idem.content_type, "application/json");
	assert_string_equal(idem.etag, "\"x.y\"");
	assert_string_equal(idem.body, "{\"a\":1}");
	idempotency_clear(&idem);
	assert_int_equal(begin(t, "t1 a", two, 2000), IDEMPOTENCY_MISMATCH);
}

static void
test_finish(void **state)
{
	struct temp_db *t = *state;
	struct idempotency idem;

	assert_int_equal(idempotency_finish(t->db, "t1 a", 200, NULL, NULL, "x",
			     &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_NOT_FOUND);
	assert_int_equal(begin(t, "t1 a", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(idempotency_finish(t->db, "t1 a", 204, NULL, NULL,
			     NULL, &t->err),
	    0);
	assert_int_equal(idempotency_finish(t->db, "t1 a", 500, NULL, NULL, "x",
			     &t->err),
	    -1);
	assert_int_equal(t->err.code, ERR_CONFLICT);
	assert_int_equal(idempotency_forget(t->db, "t1 a", &t->err), 0);
	assert_int_equal(idempotency_begin(t->db, "t1 a", one, 1000, &idem,
			     &t->err),
	    0);
	assert_int_equal(idem.state, IDEMPOTENCY_REPLAY);
	assert_int_equal(idem.status, 204);
	assert_null(idem.body);
	assert_string_equal(idem.etag, "");
	idempotency_clear(&idem);
}

static void
test_forget(void **state)
{
	struct temp_db *t = *state;

	assert_int_equal(begin(t, "t1 a", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(idempotency_forget(t->db, "t1 a", &t->err), 0);
	assert_int_equal(idempotency_forget(t->db, "t1 a", &t->err), 0);
	assert_int_equal(begin(t, "t1 a", two, 1000), IDEMPOTENCY_NEW);
}

static void
begin_operation(struct temp_db *t, struct operation *op, const char *key)
{
	memset(op, 0, sizeof(*op));
	(void)snprintf(op->idempotency_key, sizeof(op->idempotency_key), "%s",
	    key);
	assert_int_equal(operation_begin(t->db, op, &t->err), 0);
}

static void
test_a_day(void **state)
{
	struct temp_db *t = *state;
	struct operation op;

	assert_int_equal(begin(t, "t1 done", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(idempotency_finish(t->db, "t1 done", 200, NULL, NULL,
			     "x", &t->err),
	    0);
	assert_int_equal(begin(t, "t1 lost", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(begin(t, "t1 long", one, 1000), IDEMPOTENCY_NEW);
	begin_operation(t, &op, "t1 long");
	assert_int_equal(begin(t, "t1 done", one, 999 + day_ms),
	    IDEMPOTENCY_REPLAY);
	assert_int_equal(begin(t, "t1 done", two, 1000 + day_ms),
	    IDEMPOTENCY_NEW);
	assert_int_equal(begin(t, "t1 lost", two, 1000 + day_ms),
	    IDEMPOTENCY_NEW);
	/* What is still under way is not begun a second time. */
	assert_int_equal(begin(t, "t1 long", one, 9 * day_ms),
	    IDEMPOTENCY_RUNNING);
	assert_int_equal(operation_set(t->db, op.id, OPERATION_UNDONE, NULL,
			     NULL, &t->err),
	    0);
	assert_int_equal(begin(t, "t1 long", one, 9 * day_ms), IDEMPOTENCY_NEW);
}

static void
test_recover(void **state)
{
	struct temp_db *t = *state;
	struct operation op;

	assert_int_equal(begin(t, "t1 lost", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(begin(t, "t1 pending", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(begin(t, "t1 done", one, 1000), IDEMPOTENCY_NEW);
	begin_operation(t, &op, "t1 pending");
	assert_int_equal(idempotency_finish(t->db, "t1 done", 200, NULL, NULL,
			     "x", &t->err),
	    0);
	temp_db_reopen(t);
	assert_int_equal(idempotency_recover(t->db, &t->err), 0);
	assert_int_equal(begin(t, "t1 lost", one, 1000), IDEMPOTENCY_NEW);
	assert_int_equal(begin(t, "t1 pending", one, 1000),
	    IDEMPOTENCY_RUNNING);
	assert_int_equal(begin(t, "t1 done", one, 1000), IDEMPOTENCY_REPLAY);
}

static void
test_in_the_callers_transaction(void **state)
{
	struct temp_db *t = *state;

	assert_int_equal(db_begin(t->db, &t->err), 0);
	assert_int_equal(begin(t, "t1 a", one, 1000), IDEMPOTENCY_NEW);
	db_abort(t->db);
	assert_int_equal(begin(t, "t1 a", two, 1000), IDEMPOTENCY_NEW);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_replay),
		TEST(test_finish),
		TEST(test_forget),
		TEST(test_a_day),
		TEST(test_recover),
		TEST(test_in_the_callers_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
