/* base/md5key.c - the text of a TCP-MD5 key (RFC 2385). */
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/md5key.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

int
md5key_check_bytes(const char *key, size_t len, struct err *err)
{
	static const char letters[] = LETTERS DIGITS "-_.,:+/=@%~^*!#$&";
	size_t i;

	if (len == 0 || len > MD5KEY_MAX)
		return err_set(err, ERR_INVALID, "must have 1 to %d characters",
		    MD5KEY_MAX);
	for (i = 0; i < len; i++)
		if (key[i] == '\0' || strchr(letters, key[i]) == NULL)
			return err_set(err, ERR_INVALID,
			    "must be of letters, digits and "
			    "-_.,:+/=@%%~^*!#$& alone: what FRR, the kernel's "
			    "tools and other routers all take");
	if (strchr("-!#", key[0]) != NULL ||
	    (len > 1 && key[0] == '0' && (key[1] == 'x' || key[1] == 'X')))
		return err_set(err, ERR_INVALID,
		    "must not begin with -, !, # or 0x");
	return 0;
}

int
md5key_check(const char *key, struct err *err)
{
	return md5key_check_bytes(key, strlen(key), err);
}

static void
draw(char out[MD5KEY_NEW + 1])
{
	static const char letters[] = LETTERS DIGITS;
	/* A byte past the last whole round would favour the first letters. */
	const unsigned rounds = 256 / (sizeof(letters) - 1);
	unsigned char byte;
	size_t n = 0;

	while (n < MD5KEY_NEW) {
		crypto_random(&byte, 1);
		if (byte < rounds * (sizeof(letters) - 1))
			out[n++] = letters[byte % (sizeof(letters) - 1)];
	}
	out[n] = '\0';
}

void
md5key_new(char out[MD5KEY_NEW + 1])
{
	/* One of two thousand begins with 0x. */
	do
		draw(out);
	while (md5key_check(out, NULL) == -1);
}
