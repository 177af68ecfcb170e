/* tests/unit/test_engine_etag.c - If-Match and If-None-Match (RFC 9110). */
/* links: engine/etag */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "engine/etag.h"

#define VERSION_NOW "0123456789abcdef"
#define TAG_NOW "\"0123456789abcdef.fedcba9876543210\""

static void
test_version(void **state)
{
	static const struct {
		const char *header;
		bool matches;
	} all[] = {
		{ "*", true },
		{ " * ", true },
		{ TAG_NOW, true },
		/* The live half has moved on: that is no other configuration.
		 */
		{ "\"" VERSION_NOW ".0000000000000000\"", true },
		{ "\"" VERSION_NOW "\"", true },
		{ "\"" VERSION_NOW ".\"", true },
		{ "\"x\", " TAG_NOW, true },
		{ "\"x\",," TAG_NOW " ,", true },
		{ "W/\"x\", " TAG_NOW, true },
		{ "\"a,b\"\t,\t" TAG_NOW, true },
		{ "", false },
		{ " , ", false },
		{ "W/" TAG_NOW, false },
		{ "w/" TAG_NOW, false },
		{ "\"" VERSION_NOW "0\"", false },
		{ "\"" VERSION_NOW "-x\"", false },
		{ "\"0123456789abcde\"", false },
		{ "\"0123456789ABCDEF\"", false },
		{ "\".\"", false },
		{ "\"\"", false },
		{ VERSION_NOW, false },
		{ "\"" VERSION_NOW, false },
		{ "**", false },
		{ "*, " TAG_NOW, false },
		{ "\"*\"", false },
		{ "x " TAG_NOW, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++)
		if (etag_matches_version(all[i].header, VERSION_NOW) !=
		    all[i].matches)
			fail_msg("%s", all[i].header);
}

static void
test_whole(void **state)
{
	static const struct {
		const char *header;
		bool matches;
	} all[] = {
		{ "*", true },
		{ TAG_NOW, true },
		{ "W/" TAG_NOW, true }, /* weak comparison */
		{ "\"x\", W/\"y\", " TAG_NOW, true },
		{ "\"" VERSION_NOW ".0000000000000000\"", false },
		{ "\"" VERSION_NOW "\"", false },
		{ "\"" VERSION_NOW ".fedcba987654321\"", false },
		{ "\"" VERSION_NOW ".fedcba98765432100\"", false },
		{ "\"\"", false },
		{ "", false },
		{ VERSION_NOW ".fedcba9876543210", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++)
		if (etag_matches(all[i].header, TAG_NOW) != all[i].matches)
			fail_msg("%s", all[i].header);
	assert_true(etag_matches("\"\"", "\"\""));
}

static void
test_valid(void **state)
{
	static const char *const good[] = { "*", "\t*", "* ", "\"\"", "\"a\"",
		"W/\"a\"", "\"a\",\"b\"", ", \"a\" ,, W/\"b\" ,", "\"a, b\"" };
	static const char *const bad[] = { "", " ", ",", "a", "\"a", "a\"",
		"W/", "W/a", "w/\"a\"", "\"a\" b", "\"a\", b", "**", "*,*",
		"\"a\", *", "'a'", "W/ \"a\"" };
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++)
		if (!etag_is_valid(good[i]))
			fail_msg("%s was refused", good[i]);
	for (i = 0; i < NITEMS(bad); i++)
		if (etag_is_valid(bad[i]))
			fail_msg("%s was accepted", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_valid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
