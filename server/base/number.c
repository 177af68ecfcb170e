/* base/number.c - text to unsigned numbers, with nothing left over. */
#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"

int
number_parse_u64(uint64_t *out, const char *text, uint64_t min, uint64_t max,
    struct err *err)
{
	const char *p;
	uint64_t value = 0;
	unsigned digit;

	if (text[0] == '\0' || strlen(text) > 20)
		goto bad;
	for (p = text; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			goto bad;
		digit = (unsigned)(*p - '0');
		if (value > (UINT64_MAX - digit) / 10)
			goto bad;
		value = value * 10 + digit;
	}
	if (value < min || value > max)
		goto bad;
	*out = value;
	return 0;
bad:
	return err_set(err, ERR_INVALID,
	    "must be a whole number from %" PRIu64 " to %" PRIu64, min, max);
}

int
number_parse_u32(uint32_t *out, const char *text, uint32_t min, uint32_t max,
    struct err *err)
{
	uint64_t value;

	if (number_parse_u64(&value, text, min, max, err) == -1)
		return -1;
	*out = (uint32_t)value;
	return 0;
}
