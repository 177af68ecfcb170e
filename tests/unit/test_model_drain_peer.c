/* tests/unit/test_model_drain_peer.c - what the other router says of itself. */
/* links: model/drain_peer */
/* libs: -ljansson */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compat.h"
#include "model/drain_peer.h"

typedef void read_fn(const char *, const char *, char *, size_t);

static void
check(read_fn *read, const char *answer, const char *want)
{
	char why[320] = "untouched";

	read(answer, "vtbgp", why, sizeof(why));
	assert_string_equal(why, want);
}

#define STATE(word) "{\"name\":\"x\",\"state\":\"" word "\""

static void
test_router(void **state)
{
	static const char *const silent[] = { "", "{", "[]", "null", "7", "{}",
		"{\"state\":7}", "{\"state\":null}" };
	char text[400], long_one[300], why[64];
	size_t i;

	(void)state;
	check(drain_peer_router,
	    STATE("in_service") ",\"state_reason\":null,"
				"\"snapshot\":{\"stale\":false}}",
	    "");
	check(drain_peer_router, STATE("in_service") "}", "");
	check(drain_peer_router,
	    STATE("drained") ",\"state_reason\":\"the router by operator\"}",
	    "vtbgp is drained: the router by operator");
	check(drain_peer_router, STATE("draining") "}", "vtbgp is draining");
	check(drain_peer_router, STATE("returning") ",\"state_reason\":7}",
	    "vtbgp is returning");
	check(drain_peer_router,
	    STATE("in_service") ",\"snapshot\":{\"stale\":true}}",
	    "vtbgp does not know how it is: it cannot look at its FRR");
	for (i = 0; i < NITEMS(silent); i++)
		check(drain_peer_router, silent[i],
		    "vtbgp does not say how it is");
	/* However long it talks. */
	memset(long_one, 'y', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	(void)snprintf(text, sizeof(text),
	    STATE("drained") ",\"state_reason\":\"%s\"}", long_one);
	drain_peer_router(text, "vtbgp", why, sizeof(why));
	assert_int_equal(strlen(why), sizeof(why) - 1);
}

#define UP(role, session, drain)                                    \
	"{\"role\":\"" role "\",\"status\":{\"session\":\"" session \
	"\",\"drain\":\"" drain "\"}}"

static void
test_transit(void **state)
{
	static const char *const silent[] = { "", "[]", "{}",
		"{\"upstreams\":{}}", "{\"upstreams\":null}" };
	size_t i;

	(void)state;
	check(drain_peer_transit,
	    "{\"upstreams\":[" UP("transit", "active",
		"in_service") "," UP("transit", "established",
		"in_service") "]}",
	    "");
	check(drain_peer_transit,
	    "{\"upstreams\":[" UP("transit", "established",
		"drained") "," UP("internal", "established",
		"in_service") "," UP("transit", "idle",
		"in_service") ","
			      "7,null,{\"role\":\"transit\"}]}",
	    "vtbgp has no established transit session in service (of 3)");
	check(drain_peer_transit, "{\"upstreams\":[]}",
	    "vtbgp has no established transit session in service (of 0)");
	for (i = 0; i < NITEMS(silent); i++)
		check(drain_peer_transit, silent[i],
		    "vtbgp does not name its upstreams");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_router),
		cmocka_unit_test(test_transit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
