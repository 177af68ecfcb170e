/* tests/unit/test_api_routes.c - which row a method and path belong to. */
/* links: api/routes api/request base/addr base/buf base/clock base/crypto
 * base/err base/log base/name base/number model/token tests/unit/route_stubs
 * */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/request.h"
#include "api/routes.h"
#include "base/compat.h"
#include "model/token.h"

static char arg[REQUEST_ARG_MAX], allow[64];

static const struct route *
find(const char *method, const char *path)
{
	return routes_find(method, path, arg, sizeof(arg), allow,
	    sizeof(allow));
}

static void
check_found(const char *method, const char *path, const char *row,
    const char *want)
{
	const struct route *route = find(method, path);

	if (route == NULL)
		fail_msg("%s %s: nothing found", method, path);
	assert_string_equal(route->path, row);
	assert_string_equal(route->method,
	    strcmp(method, "HEAD") == 0 ? "GET" : method);
	assert_string_equal(arg, want);
	assert_non_null(route->handler);
}

static void
check_none(const char *method, const char *path, const char *methods)
{
	const struct route *route = find(method, path);

	if (route != NULL)
		fail_msg("%s %s: found %s", method, path, route->path);
	assert_string_equal(allow, methods);
}

static void
test_found(void **state)
{
	(void)state;
	check_found("GET", "/livez", "/livez", "");
	check_found("HEAD", "/readyz", "/readyz", "");
	check_found("GET", "/v1/upstreams", "/v1/upstreams", "");
	check_found("GET", "/v1/upstreams/ifog", "/v1/upstreams/{name}",
	    "ifog");
	check_found("PATCH", "/v1/upstreams/ifog", "/v1/upstreams/{name}",
	    "ifog");
	check_found("HEAD", "/v1/sessions/2001:db8::1",
	    "/v1/sessions/{address}", "2001:db8::1");
	check_found("POST", "/v1/sessions/fe80::1%25gre0/clear",
	    "/v1/sessions/{address}/clear", "fe80::1%gre0");
	check_found("GET", "/v1/audit/17", "/v1/audit/{seq}", "17");
	check_found("GET", "/v1/operations/op-x", "/v1/operations/{id}",
	    "op-x");
	check_found("POST", "/v1/operations/op-x/confirm",
	    "/v1/operations/{id}/confirm", "op-x");
	check_found("POST", "/v1/operations/op-x/cancel",
	    "/v1/operations/{id}/cancel", "op-x");
	check_found("PATCH", "/v1/operations/op-x", "/v1/operations/{id}",
	    "op-x");
	check_found("PUT", "/v1/upstreams/ifog", "/v1/upstreams/{name}",
	    "ifog");
	check_found("DELETE", "/v1/downstreams/radon", "/v1/downstreams/{name}",
	    "radon");
	check_found("GET", "/v1/router/doctor", "/v1/router/doctor", "");
}

/* A word of ours is not somebody's number. */
static void
test_fixed_before_argument(void **state)
{
	(void)state;
	check_found("GET", "/v1/audit/verify", "/v1/audit/verify", "");
	check_none("POST", "/v1/audit/verify", "GET, HEAD");
	check_found("GET", "/v1/audit/verif", "/v1/audit/{seq}", "verif");
	check_found("GET", "/v1/audit/verifyx", "/v1/audit/{seq}", "verifyx");
}

static void
test_prefix_takes_the_rest(void **state)
{
	(void)state;
	check_found("GET", "/v1/routes/2001:db8::/32", "/v1/routes/{prefix}",
	    "2001:db8::/32");
	check_found("GET", "/v1/routes/2001:db8::%2F32", "/v1/routes/{prefix}",
	    "2001:db8::/32");
	check_found("GET", "/v1/routes/10.0.0.1", "/v1/routes/{prefix}",
	    "10.0.0.1");
	check_none("GET", "/v1/routes/", "");
	check_none("GET", "/v1/routes", "");
}

/* %2F stays inside its segment: it neither splits nor joins one. */
static void
test_escapes(void **state)
{
	(void)state;
	check_found("GET", "/v1/upstreams/a%2fb", "/v1/upstreams/{name}",
	    "a/b");
	check_found("GET", "/v1/upstreams/%69fog", "/v1/upstreams/{name}",
	    "ifog");
	check_none("GET", "/v1%2Fupstreams", "");
	check_none("GET", "/v1/%75pstreams", "");
	check_none("POST", "/v1/sessions/::1%2Fclear", "GET, HEAD");
	check_none("GET", "/v1/upstreams/%", "");
	check_none("GET", "/v1/upstreams/%4", "");
	check_none("GET", "/v1/upstreams/%zz", "");
	check_none("GET", "/v1/upstreams/a%00", "");
	check_none("GET", "/v1/upstreams/%00", "");
	check_none("GET", "/v1/upstreams/a%0a", "");
	check_none("GET", "/v1/upstreams/a%7F", "");
	check_none("GET", "/v1/upstreams/%ff", "");
	check_none("GET", "/v1/routes/::%2F0%00", "");
}

static void
test_not_found(void **state)
{
	static const char *const paths[] = { "", "/", "//", "*", "livez",
		"/livez/", "/livez?", "/Livez", "/LIVEZ", "//livez", "/v1",
		"/v1/", "/v2/upstreams", "/v1//upstreams", "/v1/upstreams/",
		"/v1/upstreams//", "/v1/upstreams/ifog/",
		"/v1/upstreams/ifog/x", "/v1/sessions//clear",
		"/v1/sessions/::1/clear/", "/v1/sessions/::1/Clear",
		"/v1/../livez", "/./livez", "/v1/upstreams/../sessions",
		"/v1/sessions/../audit/verify", "/v1/upstream",
		"/v1/upstreamsx", "http://h/livez", "/v1/upstreams/..",
		"/v1/upstreams/.", "/v1/upstreams/%2e%2E", "/v1/upstreams/.%2e",
		"/v1/sessions/../clear", "/v1/routes//", "/v1/routes/::/0/",
		"/v1/routes/../tokens", "/v1/routes/::%2F0/../x" };
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(paths); i++)
		check_none("GET", paths[i], "");
}

static void
test_other_methods(void **state)
{
	(void)state;
	check_none("POST", "/v1/upstreams/ifog",
	    "GET, HEAD, PUT, PATCH, DELETE");
	check_none("POST", "/v1/router/doctor", "GET, HEAD");
	check_none("DELETE", "/v1/router", "GET, HEAD, PUT, PATCH");
	check_none("DELETE", "/v1/operations/op-x", "GET, HEAD, PATCH");
	check_none("GET", "/v1/operations/op-x/confirm", "POST");
	check_none("POST", "/v1/upstreams", "GET, HEAD");
	check_none("GET", "/v1/sessions/::1/clear", "POST");
	check_none("HEAD", "/v1/sessions/::1/clear", "POST");
	check_none("get", "/livez", "GET, HEAD");
	check_none("", "/livez", "GET, HEAD");
	check_none("GETT", "/livez", "GET, HEAD");
	check_none("OPTIONS", "/nothing", "");
}

static void
test_long_argument(void **state)
{
	char path[1000];

	(void)state;
	(void)snprintf(path, sizeof(path), "/v1/upstreams/%0255d", 7);
	assert_non_null(find("GET", path));
	assert_int_equal(strlen(arg), 255);
	(void)snprintf(path, sizeof(path), "/v1/upstreams/%0256d", 7);
	check_none("GET", path, "");
	(void)snprintf(path, sizeof(path), "/v1/routes/%0900d", 7);
	check_none("GET", path, "");
}

static void
test_scopes(void **state)
{
	static const struct {
		const char *method;
		const char *path;
		unsigned scope;
	} all[] = {
		{ "GET", "/livez", 0 },
		{ "GET", "/readyz", 0 },
		{ "GET", "/v1/router", SCOPE_READ },
		{ "GET", "/v1/upstreams/x", SCOPE_READ },
		{ "PATCH", "/v1/upstreams/x", SCOPE_OPERATE },
		{ "PUT", "/v1/upstreams/x", SCOPE_CONFIGURE },
		{ "DELETE", "/v1/upstreams/x", SCOPE_CONFIGURE },
		{ "PUT", "/v1/router", SCOPE_CONFIGURE },
		{ "PATCH", "/v1/router", SCOPE_CONFIGURE },
		{ "PUT", "/v1/downstreams/x", SCOPE_CONFIGURE },
		{ "GET", "/v1/firewall", SCOPE_READ },
		{ "GET", "/v1/router/doctor", SCOPE_READ },
		{ "POST", "/v1/operations/x/confirm", SCOPE_OPERATE },
		{ "POST", "/v1/sessions/::1/clear", SCOPE_OPERATE },
		{ "GET", "/v1/audit", SCOPE_READ },
		{ "GET", "/v1/tokens", SCOPE_ADMIN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < NITEMS(all); i++) {
		const struct route *route = find(all[i].method, all[i].path);

		assert_non_null(route);
		assert_int_equal(route->scope, all[i].scope);
	}
	/* What a token for some upstreams may not see of the others. */
	assert_int_equal(find("PATCH", "/v1/upstreams/x")->sees, ROUTE_NAME);
	assert_int_equal(find("GET", "/v1/upstreams/x")->sees, ROUTE_NAME);
	assert_int_equal(find("PUT", "/v1/upstreams/x")->sees, ROUTE_NAME);
	assert_int_equal(find("DELETE", "/v1/upstreams/x")->sees, ROUTE_NAME);
	assert_int_equal(find("PUT", "/v1/router")->sees, ROUTE_WHOLE);
	assert_int_equal(find("PUT", "/v1/downstreams/x")->sees, ROUTE_WHOLE);
	assert_int_equal(find("GET", "/v1/interfaces")->sees, ROUTE_WHOLE);
	assert_int_equal(find("GET", "/v1/audit/verify")->sees, ROUTE_WHOLE);
	assert_int_equal(find("GET", "/v1/audit/1")->sees, ROUTE_WHOLE);
	assert_int_equal(find("GET", "/v1/operations")->sees, ROUTE_WHOLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_fixed_before_argument),
		cmocka_unit_test(test_prefix_takes_the_rest),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_other_methods),
		cmocka_unit_test(test_long_argument),
		cmocka_unit_test(test_scopes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
