/* base/md5key.c - the text of a TCP-MD5 key (RFC 2385). */
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/md5key.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

int
md5key_check(const char *text, struct err *err)
{
	size_t len = strlen(text);

	if (len == 0 || len > MD5KEY_MAX)
		return err_set(err, ERR_INVALID, "must be 1 to %d characters",
		    MD5KEY_MAX);
	if (strspn(text, LETTERS DIGITS "-_.,:+/=@%~^*!#$&") != len)
		return err_set(err, ERR_INVALID,
		    "must be of letters, digits and -_.,:+/=@%%~^*!#$& alone: "
		    "FRR, the kernel's tools and other routers read the rest "
		    "differently");
	if (strchr("-!#", text[0]) != NULL ||
	    (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')))
		return err_set(err, ERR_INVALID,
		    "must not begin with -, !, # or 0x");
	return 0;
}

void
md5key_new(char out[MD5KEY_NEW + 1])
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
