/* tests/unit/test_base_md5key.c - the text of a TCP-MD5 key. */
/* links: base/md5key base/crypto base/err base/buf base/log base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/md5key.h"

static void
refuse_key(const char *key)
{
	struct err err;

	err_clear(&err);
	if (md5key_check(key, &err) != -1)
		fail_msg("\"%s\" was accepted", key);
	assert_int_equal(err.code, ERR_INVALID);
	/* A short one may be a part of the sentence by chance. */
	if (strlen(key) > 2)
		assert_null(strstr(err.text, key));
	/* Nobody has to be told why. */
	assert_int_equal(md5key_check(key, NULL), -1);
}

static void
accept_key(const char *key)
{
	struct err err;

	if (md5key_check(key, &err) == -1)
		fail_msg("\"%s\": %s", key, err.text);
}

/* Every byte there is, behind a good one. */
static void
test_alphabet(void **state)
{
	static const char signs[] = "-_.,:+/=@%~^*!#$&";
	char key[3] = "x";
	bool letter, good;
	unsigned byte;

	(void)state;
	for (byte = 1; byte < 256; byte++) {
		key[1] = (char)byte;
		letter = (byte >= 'a' && byte <= 'z') ||
		    (byte >= 'A' && byte <= 'Z') ||
		    (byte >= '0' && byte <= '9');
		good = letter || strchr(signs, (int)byte) != NULL;
		if ((md5key_check(key, NULL) == 0) != good)
			fail_msg("byte %u", byte);
	}
	assert_int_equal(md5key_check_bytes("x\0y", 3, NULL), -1);
	assert_int_equal(md5key_check_bytes("x", 1, NULL), 0);
}

static void
test_length(void **state)
{
	char key[MD5KEY_MAX + 2];

	(void)state;
	refuse_key("");
	accept_key("k");
	memset(key, 'k', sizeof(key));
	key[MD5KEY_MAX] = '\0';
	accept_key(key);
	key[MD5KEY_MAX] = 'k';
	key[MD5KEY_MAX + 1] = '\0';
	refuse_key(key);
}

/* What a tool takes for an option, a comment or a number. */
static void
test_beginning(void **state)
{
	static const char *const bad[] = { "-", "-key", "!key", "#key", "0x12",
		"0X12", "0x" };
	static const char *const good[] = { "0", "0a", "00x", "x0", "k-", "k!#",
		".key", "/key", "=", "a0x1" };
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		refuse_key(bad[i]);
	for (i = 0; i < NITEMS(good); i++)
		accept_key(good[i]);
	refuse_key("two words");
	refuse_key("pipe|include");
	refuse_key("quo\"te");
	refuse_key("line\nline");
}

static void
test_new(void **state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789";
	enum {
		KEYS = 400
	};
	static char keys[KEYS][MD5KEY_NEW + 1];
	bool seen[256] = { false };
	char key[MD5KEY_NEW + 1];
	size_t i, j;

	(void)state;
	crypto_init();
	for (i = 0; i < KEYS; i++) {
		memset(keys[i], '?', sizeof(keys[i]));
		md5key_new(keys[i]);
		assert_int_equal(strlen(keys[i]), MD5KEY_NEW);
		assert_int_equal(strspn(keys[i], letters), MD5KEY_NEW);
		accept_key(keys[i]);
		for (j = 0; j < i; j++)
			assert_string_not_equal(keys[i], keys[j]);
		for (j = 0; j < MD5KEY_NEW; j++)
			seen[(unsigned char)keys[i][j]] = true;
	}
	/* 0x in front is rare, and refused. */
	for (i = 0; i < 40000; i++) {
		md5key_new(key);
		accept_key(key);
	}
	/* 12800 draws: each of them comes, the last ones too. */
	for (i = 0; letters[i] != '\0'; i++)
		assert_true(seen[(unsigned char)letters[i]]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_beginning),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
