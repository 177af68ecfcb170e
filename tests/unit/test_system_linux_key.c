/* tests/unit/test_system_linux_key.c - Linux keeps no keys, and counts. */
/* links: system/linux/key base/buf base/err base/io base/clock */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "system/boot.h"
#include "system/key.h"

static void
test_none(void **state)
{
	struct op_key list[1], k;
	struct err err;
	size_t n = 7;

	(void)state;
	memset(&k, 0, sizeof(k));
	assert_false(key_is_kept());
	assert_int_equal(key_list(NULL, list, 1, &n, NULL), 0);
	assert_int_equal(n, 0);
	n = 7;
	assert_int_equal(boot_keys(NULL, list, 1, &n, NULL), 0);
	assert_int_equal(n, 0);
	assert_int_equal(key_set(NULL, &k, &err), -1);
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_int_equal(key_remove(NULL, &k, NULL), -1);
	assert_int_equal(boot_key_set(NULL, &k, NULL), -1);
	assert_int_equal(boot_key_remove(NULL, &k, NULL), -1);
	assert_int_equal(boot_key_disown(NULL, &k, NULL), -1);
}

/* A kernel that has the words has the numbers; one without says so. */
static void
test_counters(void **state)
{
	struct buf b = BUF_INIT;
	struct op_key_counters c;
	bool counts;

	(void)state;
	if (io_read_file("/proc/net/netstat", &b, NULL) == -1) {
		buf_clear(&b);
		skip();
	}
	counts = strstr(buf_text(&b), " TCPMD5Failure") != NULL;
	buf_clear(&b);
	assert_int_equal(key_counters(NULL, &c, NULL), 0);
	assert_int_equal(c.failed != OP_KEY_NOT_COUNTED, counts);
	assert_int_equal(c.missing != OP_KEY_NOT_COUNTED, counts);
	assert_int_equal(c.unexpected != OP_KEY_NOT_COUNTED, counts);
	assert_true(c.matching == OP_KEY_NOT_COUNTED);
	assert_true(c.no_sa == OP_KEY_NOT_COUNTED);
	/* Not the number of another column. */
	if (counts)
		assert_true(c.failed < 1000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
