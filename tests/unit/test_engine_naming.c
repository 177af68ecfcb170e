/* tests/unit/test_engine_naming.c - short names for neighbors made by hand. */
/* links: engine/naming base/name base/err */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "base/err.h"
#include "engine/naming.h"

static void
check_name(const char *description, const char *address, unsigned n,
    const char *want)
{
	struct name name;

	memset(&name, 0x5a, sizeof(name));
	naming_suggest(&name, description, address, n);
	if (strcmp(name.s, want) != 0)
		fail_msg("\"%s\" (%u): %s, not %s", description, n, name.s,
		    want);
}

static void
test_first_telling_word(void **state)
{
	static const char *const pairs[][2] = {
		{ "Upstream-iFog-Frankfurt", "ifog" },
		{ "Upstream-Lagrange-UK", "lagrange" },
		{ "Upstream-Route64-FRA", "route64" },
		{ "Edge-Vultr-Frankfurt", "vultr" },
		{ "Vultr-Core", "vultr" },
		{ "Core-hobgp", "hobgp" },
		{ "eBGP to the AS209533 via gre0", "as209533" },
		{ "  (42) iFog  ", "ifog" },
		{ "6939 Hurricane Electric", "hurricane" },
		{ "Hurricane 6939", "hurricane" },
		/* Nothing but what everybody has. */
		{ "Transit", "transit" },
		{ "UPSTREAM PEER", "upstream" },
		{ "Z\xc3\xbcrich", "z" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(pairs); i++)
		check_name(pairs[i][0], "::1", 0, pairs[i][1]);
}

static void
test_more_words_then_numbers(void **state)
{
	static const char *const names[] = { "ifog", "ifog-frankfurt",
		"ifog-frankfurt-1", "ifog-frankfurt-1-2", "ifog-frankfurt-1-3",
		"ifog-frankfurt-1-4" };
	unsigned i;

	(void)state;
	for (i = 0; i < NITEMS(names); i++)
		check_name("Upstream-iFog-Frankfurt-1", "::1", i, names[i]);
}

static void
test_from_the_address(void **state)
{
	(void)state;
	check_name("", "2001:db8:300::1", 0, "n-2001-db8-300--1");
	check_name("", "2001:db8:300::1", 1, "n-2001-db8-300--1-2");
	check_name("", "192.0.2.1", 0, "n-192-0-2-1");
	check_name("42 64500", "192.0.2.1", 0, "n-192-0-2-1");
	check_name("\xc3\xa4\xc3\xb6", "::", 0, "n");
	check_name("--- ---", "fe80::1%gre0", 2, "n-fe80--1-gre0-3");
	check_name("", "2001:db8:1111:2222:3333:4444:5555:6666", 0,
	    "n-2001-db8-1111-2222-3333-4444");
	check_name("", "2001:db8:1111:2222:3333:4444:5555:6666", 9,
	    "n-2001-db8-1111-2222-3333-4-10");
}

/* Each suggestion is a name that parses, and no number repeats an earlier
 * one for ever: somebody who looks for a free name finds it. */
static void
test_always_names(void **state)
{
	static const char *const descriptions[] = { "", "a", "iFog",
		"Upstream-iFog-Frankfurt-am-Main-Germany-Europe-Earth",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"aaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbb ccc",
		"a b c d e f g h i j k l m n o p q r s t u v w x y z",
		"1 2 3 a4", "\x80\xff\xfe", "'; drop table upstreams; --" };
	static const char *const addresses[] = { "::1", "192.0.2.255",
		"2001:db8:1111:2222:3333:4444:5555:6666",
		"fe80::ffff:ffff:ffff:ffff%vtnet0" };
	struct name name, parsed, last;
	size_t i, j;
	unsigned n;

	(void)state;
	for (i = 0; i < NITEMS(descriptions); i++) {
		for (j = 0; j < NITEMS(addresses); j++) {
			memset(&last, 0, sizeof(last));
			for (n = 0; n < 300; n++) {
				naming_suggest(&name, descriptions[i],
				    addresses[j], n);
				if (name_parse(&parsed, name.s, NULL) == -1)
					fail_msg("\"%s\" %s %u: \"%s\"",
					    descriptions[i], addresses[j], n,
					    name.s);
				if (n >= 8)
					assert_string_not_equal(name.s, last.s);
				last = name;
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_telling_word),
		cmocka_unit_test(test_more_words_then_numbers),
		cmocka_unit_test(test_from_the_address),
		cmocka_unit_test(test_always_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
