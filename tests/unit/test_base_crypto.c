/* tests/unit/test_base_crypto.c - hashes, randomness and comparing. */
/* links: base/crypto base/log base/clock base/buf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
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

/* draft-irtf-cfrg-xchacha-03, A.3.1. */
static void
test_open_known(void **state)
{
	static const char text[] =
	    "Ladies and Gentlemen of the class of '99: If I could offer you "
	    "only one tip for the future, sunscreen would be it.";
	static const uint8_t ad[] = { 0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2,
		0xc3, 0xc4, 0xc5, 0xc6, 0xc7 };
	struct buf sealed = BUF_INIT, plain = BUF_SECRET;
	struct crypto_key key;
	size_t i;

	(void)state;
	for (i = 0; i < CRYPTO_KEY_LEN; i++)
		key.bytes[i] = (uint8_t)(0x80 + i);
	assert_int_equal(buf_unhex(&sealed,
			     "404142434445464748494a4b4c4d4e4f"
			     "5051525354555657"
			     "bd6d179d3e83d43b9576579493c0e939572a1700252bfacc"
			     "bed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
			     "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945"
			     "b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
			     "21f9664c97637da9768812f615c68b13b52e"
			     "c0875924c1c7987947deafd8780acf49"),
	    0);
	assert_int_equal(crypto_open(&key, ad, sizeof(ad), sealed.data,
			     sealed.len, &plain),
	    0);
	assert_string_equal(buf_text(&plain), text);
	buf_clear(&sealed);
	buf_clear(&plain);
}

static void
test_seal(void **state)
{
	static const char ad[] = "operations.plan:op-1";
	struct buf sealed = BUF_INIT, again = BUF_INIT, plain = BUF_SECRET;
	struct crypto_key key, other;
	size_t i;

	(void)state;
	crypto_random(&key, sizeof(key));
	other = key;
	other.bytes[31] ^= 1;
	buf_puts(&plain, "before ");
	crypto_seal(&key, ad, sizeof(ad), "hush", 4, &sealed);
	crypto_seal(&key, ad, sizeof(ad), "hush", 4, &again);
	assert_int_equal(sealed.len, 4 + CRYPTO_SEAL_EXTRA);
	/* A nonce is used once. */
	assert_memory_not_equal(sealed.data, again.data, sealed.len);
	assert_int_equal(crypto_open(&other, ad, sizeof(ad), sealed.data,
			     sealed.len, &plain),
	    -1);
	assert_int_equal(crypto_open(&key, ad, sizeof(ad) - 1, sealed.data,
			     sealed.len, &plain),
	    -1);
	for (i = 0; i < sealed.len; i++) {
		assert_int_equal(crypto_open(&key, ad, sizeof(ad), sealed.data,
				     i, &plain),
		    -1);
		sealed.data[i] ^= 1;
		assert_int_equal(crypto_open(&key, ad, sizeof(ad), sealed.data,
				     sealed.len, &plain),
		    -1);
		sealed.data[i] ^= 1;
	}
	assert_string_equal(buf_text(&plain), "before ");
	assert_int_equal(crypto_open(&key, ad, sizeof(ad), sealed.data,
			     sealed.len, &plain),
	    0);
	assert_string_equal(buf_text(&plain), "before hush");
	buf_clear(&sealed);
	buf_clear(&again);
	buf_clear(&plain);
}

static void
test_base64(void **state)
{
	static const char *const bad[] = { "QQ",
		"QQ=", "QQ===", "Q Q=", "QQ==x", "QR==", "Q-==", "QQ==\n" };
	struct buf b = BUF_INIT, back = BUF_INIT;
	size_t i;

	(void)state;
	crypto_base64(&b, "A", 1);
	assert_string_equal(buf_text(&b), "QQ==");
	crypto_base64(&b, "\xff\xfe\xfd", 3);
	assert_string_equal(buf_text(&b), "QQ==//79");
	assert_int_equal(crypto_unbase64(&back, "//79QQ==", 8), 0);
	assert_int_equal(back.len, 4);
	assert_memory_equal(back.data, "\xff\xfe\xfd\x41", 4);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (crypto_unbase64(&back, bad[i], strlen(bad[i])) != -1)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(back.len, 4);
	assert_int_equal(crypto_unbase64(&back, "", 0), 0);
	buf_clear(&b);
	buf_clear(&back);
}

static void
test_keyed_hash(void **state)
{
	struct crypto_key a = { { 1 } }, b = { { 2 } };
	uint8_t one[16], two[16];

	(void)state;
	crypto_keyed_hash(one, sizeof(one), &a, "text", 4);
	crypto_keyed_hash(two, sizeof(two), &a, "text", 4);
	assert_memory_equal(one, two, sizeof(one));
	crypto_keyed_hash(two, sizeof(two), &b, "text", 4);
	assert_memory_not_equal(one, two, sizeof(one));
	crypto_keyed_hash(two, sizeof(two), &a, "texu", 4);
	assert_memory_not_equal(one, two, sizeof(one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_hashes),
		cmocka_unit_test(test_in_parts),
		cmocka_unit_test(test_random_text),
		cmocka_unit_test(test_equal_and_wipe),
		cmocka_unit_test(test_open_known),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_keyed_hash),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
