/* tests/unit/test_engine_drain_check_peer.c - what the other router is asked.
 */
/* links: engine/drain_check_peer frr/family model/drain_peer base/buf
 * base/crypto base/err base/log base/mem base/clock */
/* libs: -ljansson -lsodium */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/drain_check.h"
#include "engine/parts.h"
#include "engine/peer.h"
#include "frr/state.h"

/* NULL: it does not answer. drain: what router says, in this moment. */
static const char *router, *upstreams, *drain;
static unsigned calls;

int
peer_call(const struct parts *parts, const char *name, const char *method,
    const char *path, const struct buf *body, struct buf *answer,
    struct err *err)
{
	const char *said = strcmp(path, "/v1/router") == 0 ? router :
	    strcmp(path, "/v1/upstreams") == 0             ? upstreams :
							     drain;

	assert_string_equal(name, parts->drain_ask);
	assert_string_equal(method, "GET");
	assert_null(body);
	calls++;
	if (said == NULL)
		return err_set(err, ERR_UNAVAILABLE, "vtbgp does not answer");
	buf_puts(answer, said);
	return 0;
}

static void
check_of(unsigned families, const char *want, unsigned asked)
{
	const struct parts parts = { .drain_ask = "vtbgp" };
	char out[DRAIN_CHECK_PEER_MAX];

	calls = 0;
	assert_string_equal(drain_check_peer(&parts, families, out), want);
	assert_int_equal(calls, asked);
}

static void
check(const char *want, unsigned asked)
{
	check_of(0, want, asked);
}

/* Asked once, and a transit is needed for each. */
static void
test_families(void **state)
{
	(void)state;
	router = drain = "{\"state\":\"in_service\"}";
	upstreams = "{\"upstreams\":[{\"role\":\"transit\",\"families\":["
		    "\"ipv4-unicast\"],\"status\":{\"session\":"
		    "\"established\",\"drain\":\"in_service\"}}]}";
	check("", 3);
	check_of(1U << FAMILY_IPV4_UNICAST, "", 3);
	check_of(1U << FAMILY_IPV6_UNICAST,
	    "vtbgp has no established transit session for ipv6-unicast in "
	    "service (of 1)",
	    2);
	check_of(1U << FAMILY_IPV4_UNICAST | 1U << FAMILY_IPV6_UNICAST,
	    "vtbgp has no established transit session for ipv6-unicast in "
	    "service (of 1)",
	    2);
}

static void
test_asked(void **state)
{
	(void)state;
	router = "{\"state\":\"in_service\"}";
	upstreams = "{\"upstreams\":[{\"role\":\"transit\",\"status\":{"
		    "\"session\":\"established\",\"drain\":\"in_service\"}}]}";
	drain = "{\"state\":\"in_service\",\"layers\":[]}";
	check("", 3);
	/* It wanted to go in the same moment. */
	drain = "{\"state\":\"draining\",\"layers\":[{}]}";
	check("vtbgp is draining", 3);
	drain = NULL;
	check("vtbgp does not answer", 3);
	upstreams = "{\"upstreams\":[]}";
	check("vtbgp has no established transit session in service (of 0)", 2);
	upstreams = NULL;
	check("vtbgp does not answer", 2);
	router = "{\"state\":\"drained\"}";
	check("vtbgp is drained", 1);
	router = NULL;
	check("vtbgp does not answer", 1);
}

static void
test_nobody(void **state)
{
	const struct parts none = { .drain_ask = "" };
	char out[DRAIN_CHECK_PEER_MAX];

	(void)state;
	calls = 0;
	assert_null(drain_check_peer(&none, 0, out));
	assert_int_equal(calls, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
