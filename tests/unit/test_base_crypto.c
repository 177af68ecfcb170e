/* tests/unit/test_base_crypto.c - hashes, randomness and comparing. */
/* links: base/crypto base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crypto.h"

static void
test_known_hashes(void **state)
{
	char hex[CRYPTO_HASH_HEX_MAX];

	(void)state;
	assert_string_equal(crypto_blake2b_hex(hex, "", 0),
	    "0e5751c026e543b2e8ab2eb06099daa1"
	    "d1e5df47778f7787faab45cdf12fe3a8");
	assert_string_equal(crypto_blake2b_hex(hex, "abc", 3),
	    "bddd813c634239723171ef3fee98579b"
	    "94964e3bb1cb3e427262c8c068d52319");
}

static void
test_in_parts(void **state)
{
	uint8_t whole[CRYPTO_HASH_LEN], parts[CRYPTO_HASH_LEN];
	struct crypto_hasher hasher, zero;
	char text[300];
	size_t i, n;

	(void)state;
	memset(text, 'm', sizeof(text));
	crypto_blake2b(whole, text, sizeof(text));
	for (n = 1; n < sizeof(text); n += 37) {
		crypto_hasher_init(&hasher);
		for (i = 0; i < sizeof(text); i += n)
			crypto_hasher_add(&hasher, text + i,
			    i + n > sizeof(text) ? sizeof(text) - i : n);
		crypto_hasher_add(&hasher, text, 0);
		crypto_hasher_end(&hasher, parts);
		assert_memory_equal(whole, parts, sizeof(whole));
	}
	memset(&zero, 0, sizeof(zero));
	assert_memory_equal(&hasher, &zero, sizeof(zero));
}

static void
test_random_text(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char a[64], b[64];
	size_t n;

	(void)state;
	for (n = 1; n <= 32; n++) {
		crypto_random_text(a, sizeof(a), n);
		assert_int_equal(strlen(a), (4 * n + 2) / 3);
		assert_int_equal(strspn(a, alphabet), strlen(a));
	}
	crypto_random_text(a, 44, 32); /* exactly enough room */
	crypto_random_text(b, 44, 32);
	assert_int_equal(strlen(a), 43);
	assert_string_not_equal(a, b);
}

static void
test_equal_and_wipe(void **state)
{
	uint8_t a[16], b[16], zero[16] = { 0 };

	(void)state;
	crypto_random(a, sizeof(a));
	memcpy(b, a, sizeof(a));
	assert_true(crypto_equal(a, b, sizeof(a)));
	b[15] ^= 1;
	assert_false(crypto_equal(a, b, sizeof(a)));
	assert_true(crypto_equal(a, b, 15));
	assert_true(crypto_equal(a, b, 0));
	crypto_wipe(a, sizeof(a));
	assert_memory_equal(a, zero, sizeof(a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_hashes),
		cmocka_unit_test(test_in_parts),
		cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_equal_and_wipe),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
