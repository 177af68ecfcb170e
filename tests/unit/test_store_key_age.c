/* links: store/key_age store/former_key store/reseal store/seal store/keyring
 * store/db store/sql
 * store/migrations base/addr base/buf base/clock base/crypto base/err base/log
 * base/mem base/name base/number */
/* libs: -lsqlite3 -lsodium */
/* tests/unit/test_store_key_age.c - since when a key is in use. */
#include "store/key_age.h"
#include "store/reseal.h"
#include "temp_db.h"
#include "temp_key.h"

static struct addr
address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, NULL), 0);
	return a;
}

static void
set(struct temp_db *t, const char *neighbor, const char *key, int64_t now)
{
	struct addr a = address(neighbor);

	if (key_age_set(t->db, &a, key, now, &t->err) == -1)
		fail_msg("%s", t->err.text);
}

static int64_t
since(struct temp_db *t, const char *neighbor, const char *key)
{
	struct addr a = address(neighbor);
	char id[SEAL_FINGERPRINT_MAX];
	struct key_age_list list;
	int64_t at;

	assert_int_equal(key_age_list(t->db, &list, &t->err), 0);
	at = key_age_since(&list, &a, key_age_fingerprint(t->db, key, id), key);
	key_age_list_clear(&list);
	assert_null(list.v);
	assert_int_equal(list.n, 0);
	return at;
}

/* The database's keyring, until it is freed. */
static struct keyring *
use(struct temp_db *t, struct keyring *k)
{
	db_set_keyring(t->db, k);
	return k;
}

static void
test_since(void **state)
{
	struct temp_db *t = *state;
	struct keyring *k = use(t, temp_key(1, 0));

	assert_int_equal(since(t, "2001:db8::1", "ka"), 0);
	set(t, "2001:db8::1", "ka", 1000);
	set(t, "192.0.2.1", "ka", 2000);
	temp_db_reopen(t);
	(void)use(t, k);
	assert_int_equal(since(t, "2001:db8::1", "ka"), 1000);
	assert_int_equal(since(t, "2001:0db8:0::0:1", "ka"), 1000);
	assert_int_equal(since(t, "192.0.2.1", "ka"), 2000);
	/* Another key, another neighbor. */
	assert_int_equal(since(t, "2001:db8::1", "kb"), 0);
	assert_int_equal(since(t, "2001:db8::2", "ka"), 0);
	keyring_free(&k);
}

/* A rotation that failed: the old key is as old as it was. */
static void
test_comes_back(void **state)
{
	struct temp_db *t = *state;
	struct keyring *k = use(t, temp_key(1, 0));

	set(t, "2001:db8::1", "old", 1000);
	set(t, "2001:db8::1", "new", 5000);
	set(t, "2001:0db8::1", "old", 9000);
	assert_int_equal(since(t, "2001:db8::1", "old"), 1000);
	assert_int_equal(since(t, "2001:db8::1", "new"), 5000);
	keyring_free(&k);
}

static void
rekey(struct temp_db *t, const struct keyring *both)
{
	struct reseal_count n;

	db_set_keyring(t->db, both);
	assert_int_equal(since(t, "2001:db8::1", "old"), 1000);
	if (reseal_all(t->db, &n, &t->err) == -1)
		fail_msg("%s", t->err.text);
	assert_int_equal(n.sealed + n.kept + n.lost, 0);
}

/* Its fingerprint is another one after each rekey, its age is not. */
static void
test_rekey(void **state)
{
	static const uint8_t seeds[] = { 2, 3, 4, 5, 6 };
	char first[SEAL_FINGERPRINT_MAX], now[SEAL_FINGERPRINT_MAX];
	struct temp_db *t = *state;
	struct keyring *k = use(t, temp_key(1, 0)), *both;
	uint8_t before = 1;
	size_t i;

	set(t, "2001:db8::1", "old", 1000);
	(void)key_age_fingerprint(t->db, "old", first);
	for (i = 0; i < 4; i++) {
		both = temp_key(seeds[i], before);
		rekey(t, both);
		rekey(t, both); /* it was cut off */
		keyring_free(&k);
		k = use(t, temp_key(seeds[i], 0));
		keyring_free(&both);
		before = seeds[i];
		assert_string_not_equal(key_age_fingerprint(t->db, "old", now),
		    first);
		assert_int_equal(since(t, "2001:db8::1", "old"), 1000);
		assert_int_equal(since(t, "2001:db8::1", "new"), 0);
		assert_int_equal(since(t, "2001:db8::2", "old"), 0);
	}
	/* Set once more, it is known by its new fingerprint as well. */
	set(t, "2001:db8::1", "old", 9000);
	assert_int_equal(since(t, "2001:db8::1", "old"), 1000);
	both = temp_key(seeds[4], before);
	rekey(t, both);
	keyring_free(&k);
	k = use(t, temp_key(seeds[4], 0));
	assert_int_equal(since(t, "2001:db8::1", "old"), 1000);
	/* Without the master keys nothing of that can be read, nor fails. */
	keyring_free(&k);
	k = use(t, temp_key(99, 0));
	assert_int_equal(since(t, "2001:db8::1", "old"), 0);
	keyring_free(&both);
	keyring_free(&k);
}

static void
test_pruned(void **state)
{
	struct temp_db *t = *state;
	struct keyring *k = use(t, temp_key(1, 0));
	struct key_age_list list;
	char id[8];
	int i;

	set(t, "2001:db8::2", "other", 1);
	for (i = 1; i <= 9; i++) {
		(void)snprintf(id, sizeof(id), "k%d", i);
		set(t, "2001:db8::1", id, i * 1000);
	}
	assert_int_equal(key_age_list(t->db, &list, &t->err), 0);
	assert_int_equal(list.n, 5);
	key_age_list_clear(&list);
	assert_int_equal(since(t, "2001:db8::1", "k5"), 0);
	for (i = 6; i <= 9; i++) {
		(void)snprintf(id, sizeof(id), "k%d", i);
		assert_int_equal(since(t, "2001:db8::1", id), i * 1000);
	}
	assert_int_equal(since(t, "2001:db8::2", "other"), 1);
	keyring_free(&k);
}

static void
test_damaged(void **state)
{
	static const char *const rows[] = { "('x', 'ka', 1)",
		"('2001:db8::1', 'this is too long for an id', 1)" };
	struct temp_db *t = *state;
	struct key_age_list list;
	char sql[160];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(sql, sizeof(sql),
		    "DELETE FROM key_ages; INSERT INTO key_ages"
		    " (neighbor, key_id, since_ms) VALUES %s",
		    rows[i]);
		assert_int_equal(temp_db_raw(t, sql), SQLITE_OK);
		assert_int_equal(key_age_list(t->db, &list, &t->err), -1);
		assert_null(list.v);
	}
}

static void
test_fingerprint(void **state)
{
	struct temp_db *t = *state;
	char a[SEAL_FINGERPRINT_MAX], b[SEAL_FINGERPRINT_MAX];
	struct keyring *one = temp_key(1, 0), *two = temp_key(2, 0);

	assert_string_equal(key_age_fingerprint(t->db, "secret", a), "");
	db_set_keyring(t->db, one);
	assert_string_equal(key_age_fingerprint(t->db, "secret", a), a);
	assert_int_equal(a[0], 'k');
	assert_int_equal(strlen(a), 11);
	assert_string_equal(key_age_fingerprint(t->db, "secret", b), a);
	assert_string_not_equal(key_age_fingerprint(t->db, "secret2", b), a);
	/* Not to be found out without the master key. */
	db_set_keyring(t->db, two);
	assert_string_not_equal(key_age_fingerprint(t->db, "secret", b), a);
	keyring_free(&one);
	keyring_free(&two);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, temp_db_set_up, temp_db_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_since),
		TEST(test_comes_back),
		TEST(test_rekey),
		TEST(test_pruned),
		TEST(test_damaged),
		TEST(test_fingerprint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
