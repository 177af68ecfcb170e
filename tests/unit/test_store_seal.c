/* tests/unit/test_store_seal.c - sealed texts open only where they belong. */
/* links: store/seal store/keyring base/buf base/clock base/crypto base/err
 * base/io base/log */
/* libs: -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/seal.h"
#include "temp_key.h"

static const char what[] = "operations.plan:op-1";
static struct keyring *k;
static struct buf sealed = BUF_INIT, plain = BUF_SECRET;
static struct err err;

static int
set_up(void **state)
{
	(void)state;
	k = temp_key(1, 0);
	err_clear(&err);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	keyring_free(&k);
	keyring_free(&k);
	buf_clear(&sealed);
	buf_clear(&plain);
	return 0;
}

static void
use(uint8_t a, uint8_t b)
{
	keyring_free(&k);
	k = temp_key(a, b);
}

static void
opens(const char *text)
{
	buf_reset(&plain);
	if (seal_open(k, what, buf_text(&sealed), &plain, &err) == -1)
		fail_msg("%s", err.text);
	assert_string_equal(buf_text(&plain), text);
}

static void
refused(const char *name, const char *text, const char *reason)
{
	buf_reset(&plain);
	if (seal_open(k, name, text, &plain, &err) != -1)
		fail_msg("opened: %s", text);
	assert_int_equal(err.code, ERR_UNAVAILABLE);
	assert_string_equal(err.reason, reason);
	assert_int_equal(plain.len, 0);
}

static void
test_round(void **state)
{
	static const char *const texts[] = { "", "x", "{\"lines\":[]}",
		"a password \xff of any bytes\n" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&sealed);
		seal_text(k, what, texts[i], &sealed);
		assert_true(seal_is_sealed(buf_text(&sealed)));
		assert_true(seal_is_current(k, buf_text(&sealed)));
		opens(texts[i]);
	}
	assert_memory_equal(sealed.data, "s1:", 3);
	assert_memory_equal(sealed.data + 3, keyring_id(k, 0),
	    KEYRING_ID_MAX - 1);
	assert_int_equal(strspn(keyring_id(k, 0), "0123456789abcdef"), 16);
	assert_null(strstr(buf_text(&sealed), "password"));
}

static void
test_moved(void **state)
{
	(void)state;
	seal_text(k, what, "secret", &sealed);
	refused("operations.plan:op-2", buf_text(&sealed), "seal_broken");
	refused("operations.plan:op-", buf_text(&sealed), "seal_broken");
	refused("", buf_text(&sealed), "seal_broken");
}

static void
test_altered(void **state)
{
	size_t i, len;
	char saved;

	(void)state;
	seal_text(k, what, "secret", &sealed);
	len = sealed.len;
	for (i = 0; i < len; i++) {
		saved = sealed.data[i];
		sealed.data[i] = saved == '0' ? '1' : '0';
		/* Another id is one of a key that is not there. */
		refused(what, buf_text(&sealed),
		    i >= 3 && i < 19 ? "sealed_with_another_key" :
				       "seal_broken");
		sealed.data[i] = '\0';
		refused(what, buf_text(&sealed), "seal_broken");
		sealed.data[i] = saved;
	}
	opens("secret");
	buf_putc(&sealed, '=');
	refused(what, buf_text(&sealed), "seal_broken");
	refused(what, "", "seal_broken");
	refused(what, "{}", "seal_broken");
	refused(what, "s1:", "seal_broken");
}

static void
test_keys(void **state)
{
	struct keyring *old;

	(void)state;
	seal_text(k, what, "secret", &sealed);
	use(2, 1); /* a rekey is at work */
	opens("secret");
	assert_false(seal_is_current(k, buf_text(&sealed)));
	old = temp_key(1, 0);
	buf_reset(&sealed);
	seal_text(k, what, "anew", &sealed);
	assert_true(seal_is_current(k, buf_text(&sealed)));
	assert_false(seal_is_current(old, buf_text(&sealed)));
	assert_string_equal(keyring_id(k, 1), keyring_id(old, 0));
	keyring_free(&old);
	use(2, 0); /* and done */
	opens("anew");
	use(3, 1);
	refused(what, buf_text(&sealed), "sealed_with_another_key");
	assert_non_null(strstr(err.text, "master key"));
	assert_non_null(strstr(err.text, keyring_id(k, 0)));
	assert_null(strstr(err.text, "anew"));
}

static void
test_fingerprint(void **state)
{
	char a[SEAL_FINGERPRINT_MAX], b[SEAL_FINGERPRINT_MAX];

	(void)state;
	assert_ptr_equal(seal_fingerprint(k, "secret", a), a);
	assert_int_equal(strlen(a), 11);
	assert_int_equal(a[0], 'k');
	assert_int_equal(strspn(a + 1, "0123456789abcdef"), 10);
	assert_string_equal(seal_fingerprint(k, "secret", b), a);
	assert_string_not_equal(seal_fingerprint(k, "secreu", b), a);
	use(2, 1);
	assert_string_not_equal(seal_fingerprint(k, "secret", b), a);
}

static void
test_key_file(void **state)
{
	static const size_t sizes[] = { 0, 31, 33, 63, 65, 1000 };
	uint8_t bytes[1000] = { 7 };
	char path[] = "/tmp/mh-key-XXXXXX";
	struct keyring *from_file;
	size_t i;
	int fd = mkstemp(path);

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(unlink(path), 0);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_null(keyring_new(bytes, sizes[i], &err));
		assert_int_equal(err.code, ERR_INVALID);
		assert_int_equal(ftruncate(fd, (off_t)sizes[i]), 0);
		assert_null(keyring_read(dup(fd), &err));
	}
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, bytes, 64, 0), 64);
	/* Wherever it stands. */
	from_file = keyring_read(dup(fd), &err);
	assert_non_null(from_file);
	assert_int_equal(keyring_count(from_file), 2);
	assert_memory_equal(keyring_key(from_file, 0)->bytes, bytes, 32);
	assert_memory_equal(keyring_key(from_file, 1)->bytes, bytes + 32, 32);
	keyring_free(&from_file);
	(void)close(fd);
	assert_null(keyring_read(fd, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
}

static void
test_what(void **state)
{
	char out[SEAL_WHAT_MAX];

	(void)state;
	assert_string_equal(seal_what(out, "operations.plan", "op-1"), what);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_round),
		TEST(test_moved),
		TEST(test_altered),
		TEST(test_keys),
		TEST(test_fingerprint),
		TEST(test_key_file),
		TEST(test_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
