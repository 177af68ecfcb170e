/* tests/unit/test_model_policy.c - what a clear of a session may ask. */
/* links: model/policy model/order_options model/fields base/err base/name
 * base/number */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "model/policy.h"

static void
test_clear(void **state)
{
	static const struct {
		const char *json;
		enum policy_soft soft;
		const char *name;
	} all[] = {
		{ "{\"soft\":\"in\"}", POLICY_SOFT_IN, "in" },
		{ "{\"soft\":\"out\"}", POLICY_SOFT_OUT, "out" },
		{ "{\"soft\":\"both\"}", POLICY_SOFT_BOTH, "both" },
		{ "{\"soft\":null}", POLICY_SOFT_NONE, NULL },
		{ "{}", POLICY_SOFT_NONE, NULL },
	};
	struct policy_clear clear;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++) {
		memset(&clear, 0x5a, sizeof(clear));
		assert_int_equal(policy_clear_read(&clear, all[i].json,
				     strlen(all[i].json), NULL),
		    0);
		assert_int_equal(policy_clear_soft(&clear), all[i].soft);
		if (all[i].name == NULL)
			assert_null(policy_soft_name(all[i].soft));
		else
			assert_string_equal(policy_soft_name(all[i].soft),
			    all[i].name);
	}
	assert_int_equal(policy_clear_read(&clear, "{\"soft\":\"hard\"}", 15,
			     &err),
	    -1);
	assert_string_equal(err.fields[0].pointer, "/soft");
	assert_int_equal(policy_clear_read(&clear, "{\"soft\":true}", 13, &err),
	    -1);
	assert_int_equal(policy_clear_read(&clear, "{\"shared\":true}", 15,
			     &err),
	    -1);
	assert_string_equal(err.fields[0].pointer, "/shared");
	assert_int_equal(policy_clear_read(&clear, "", 0, &err), -1);
	assert_int_equal(err.code, ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
