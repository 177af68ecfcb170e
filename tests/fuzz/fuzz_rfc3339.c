/* tests/fuzz/fuzz_rfc3339.c - a time that is accepted prints and parses to the
 * same time. */
/* links: base/rfc3339 base/clock base/err */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/rfc3339.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[128], printed[CLOCK_TEXT_MAX];
	int64_t ms = -1, again;
	struct err err;

	if (size >= sizeof(text))
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	err_clear(&err);
	if (rfc3339_parse(&ms, text, &err) == -1) {
		assert(err.code == ERR_INVALID && ms == -1);
		return 0;
	}
	assert(rfc3339_parse(&again, clock_print(ms, printed), &err) == 0);
	assert(again == ms);
	return 0;
}
