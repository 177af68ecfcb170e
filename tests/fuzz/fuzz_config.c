/* tests/fuzz/fuzz_config.c - a configuration that is accepted prints and
 * parses to the same configuration. */
/* links: parent/config parent/config_keys parent/config_check
 * parent/config_print parent/ucltext base/addr base/buf base/err base/io
 * base/clock base/log base/name base/number */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "parent/config.h"
#include "system/paths.h"

/* The same on every platform here. */
const struct paths paths_default = { "/c", "/r", "/f/frr.conf", "/v" };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config first, second;
	struct buf b = BUF_INIT, again = BUF_INIT;
	struct err err;

	err_clear(&err);
	if (config_parse(&first, "fuzz", (const char *)data, size, &err) ==
	    -1) {
		assert(err.code != ERR_NONE && err.text[0] != '\0');
		return 0;
	}
	config_print(&first, &b);
	assert(!b.failed);
	assert(config_parse(&second, "fuzz", b.data, b.len, &err) == 0);
	config_print(&second, &again);
	assert(strcmp(buf_text(&b), buf_text(&again)) == 0);
	buf_clear(&b);
	buf_clear(&again);
	return 0;
}
