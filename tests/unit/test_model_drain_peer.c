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

#define UP(role, families, session, drain)               \
	"{\"role\":\"" role "\",\"families\":[" families \
	"],\"status\":{\"session\":\"" session "\",\"drain\":\"" drain "\"}}"
#define FOUR "\"ipv4-unicast\""
#define SIX "\"ipv6-unicast\""

static void
check_transit(const char *answer, const char *family, const char *want)
{
	char why[320] = "untouched";

	drain_peer_transit(answer, "vtbgp", family, why, sizeof(why));
	assert_string_equal(why, want);
}

static void
test_transit(void **state)
{
	static const char *const silent[] = { "", "[]", "{}",
		"{\"upstreams\":{}}", "{\"upstreams\":null}" };
	size_t i;

	(void)state;
	check_transit("{\"upstreams\":[" UP("transit", SIX, "active",
			  "in_service") "," UP("transit", SIX, "established",
			  "in_service") "]}",
	    NULL, "");
	check_transit("{\"upstreams\":[" UP("transit", SIX, "established",
			  "drained") "," UP("internal", SIX, "established",
			  "in_service") "," UP("transit", SIX, "idle",
			  "in_service") ","
					"7,null,{\"role\":\"transit\"}]}",
	    NULL, "vtbgp has no established transit session in service (of 3)");
	check_transit("{\"upstreams\":[]}", NULL,
	    "vtbgp has no established transit session in service (of 0)");
	for (i = 0; i < NITEMS(silent); i++)
		check_transit(silent[i], NULL,
		    "vtbgp does not name its upstreams");
}

static void
test_transit_of_a_family(void **state)
{
	static const char four[] = "{\"upstreams\":[" UP("transit", FOUR,
	    "established", "in_service") "," UP("transit", FOUR "," SIX,
	    "established", "drained") "]}";
	static const char both[] = "{\"upstreams\":[" UP("transit",
	    "7,null," FOUR "," SIX, "established", "in_service") "]}";
	static const char untold[] =
	    "{\"upstreams\":[{\"role\":\"transit\",\"families\":7,\"status\":"
	    "{\"session\":\"established\",\"drain\":\"in_service\"}}]}";

	(void)state;
	check_transit(four, "ipv4-unicast", "");
	check_transit(four, "ipv6-unicast",
	    "vtbgp has no established transit session for ipv6-unicast in "
	    "service (of 2)");
	check_transit(both, "ipv4-unicast", "");
	check_transit(both, "ipv6-unicast", "");
	check_transit(untold, "ipv4-unicast",
	    "vtbgp has no established transit session for ipv4-unicast in "
	    "service (of 1)");
	check_transit("{\"upstreams\":7}", "ipv4-unicast",
	    "vtbgp does not name its upstreams");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_router),
		cmocka_unit_test(test_transit),
		cmocka_unit_test(test_transit_of_a_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
