/* api/routes.c - every route with its method, scope and handler in a row. */
#include <stdio.h>
#include <string.h>

#include "api/audit.h"
#include "api/confirm.h"
#include "api/doctor.h"
#include "api/downstream.h"
#include "api/downstream_write.h"
#include "api/drain.h"
#include "api/event_stream.h"
#include "api/firewall.h"
#include "api/health.h"
#include "api/interface.h"
#include "api/operation.h"
#include "api/request.h"
#include "api/rotation.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/session.h"
#include "api/token.h"
#include "api/upstream.h"
#include "model/token.h"

/* clang-format off */
static const struct route routes[] = {
	{ "GET",    "/livez",                          0,               ROUTE_ANY,   get_health_live },
	{ "GET",    "/readyz",                         0,               ROUTE_ANY,   get_health_ready },
	{ "GET",    "/v1/router",                      SCOPE_READ,      ROUTE_ANY,   get_router },
	{ "PUT",    "/v1/router",                      SCOPE_CONFIGURE, ROUTE_WHOLE, put_router },
	{ "PATCH",  "/v1/router",                      SCOPE_CONFIGURE, ROUTE_WHOLE, patch_router },
	{ "GET",    "/v1/router/doctor",               SCOPE_READ,      ROUTE_WHOLE, get_doctor },
	{ "GET",    "/v1/upstreams",                   SCOPE_READ,      ROUTE_ANY,   list_upstreams },
	{ "GET",    "/v1/upstreams/{name}",            SCOPE_READ,      ROUTE_NAME,  get_upstream },
	{ "PUT",    "/v1/upstreams/{name}",            SCOPE_CONFIGURE, ROUTE_NAME,  put_upstream },
	{ "PATCH",  "/v1/upstreams/{name}",            SCOPE_OPERATE,   ROUTE_NAME,  patch_upstream },
	{ "DELETE", "/v1/upstreams/{name}",            SCOPE_CONFIGURE, ROUTE_NAME,  delete_upstream },
	{ "POST",   "/v1/upstreams/{name}/tcp-md5/rotations", SCOPE_CONFIGURE, ROUTE_NAME, post_rotation },
	{ "GET",    "/v1/router/drain",                SCOPE_READ,      ROUTE_ANY,   drain_get_router },
	{ "PUT",    "/v1/router/drain",                SCOPE_OPERATE,   ROUTE_WHOLE, drain_put_router },
	{ "DELETE", "/v1/router/drain",                SCOPE_OPERATE,   ROUTE_WHOLE, drain_delete_router },
	{ "GET",    "/v1/upstreams/{name}/drain",      SCOPE_READ,      ROUTE_NAME,  drain_get_upstream },
	{ "PUT",    "/v1/upstreams/{name}/drain",      SCOPE_OPERATE,   ROUTE_NAME,  drain_put_upstream },
	{ "DELETE", "/v1/upstreams/{name}/drain",      SCOPE_OPERATE,   ROUTE_NAME,  drain_delete_upstream },
	{ "GET",    "/v1/downstreams",                 SCOPE_READ,      ROUTE_WHOLE, list_downstreams },
	{ "GET",    "/v1/downstreams/{name}",          SCOPE_READ,      ROUTE_WHOLE, get_downstream },
	{ "PUT",    "/v1/downstreams/{name}",          SCOPE_CONFIGURE, ROUTE_WHOLE, downstream_write_put },
	{ "PATCH",  "/v1/downstreams/{name}",          SCOPE_CONFIGURE, ROUTE_WHOLE, downstream_write_patch },
	{ "DELETE", "/v1/downstreams/{name}",          SCOPE_CONFIGURE, ROUTE_WHOLE, downstream_write_delete },
	{ "GET",    "/v1/sessions",                    SCOPE_READ,      ROUTE_ANY,   list_sessions },
	{ "GET",    "/v1/sessions/{address}",          SCOPE_READ,      ROUTE_ANY,   get_session },
	{ "POST",   "/v1/sessions/{address}/clear",    SCOPE_OPERATE,   ROUTE_ANY,   clear_session },
	{ "GET",    "/v1/routes/{prefix}",             SCOPE_READ,      ROUTE_ANY,   get_router_route },
	{ "GET",    "/v1/interfaces",                  SCOPE_READ,      ROUTE_WHOLE, list_interfaces },
	{ "GET",    "/v1/firewall",                    SCOPE_READ,      ROUTE_WHOLE, get_firewall },
	{ "GET",    "/v1/operations",                  SCOPE_READ,      ROUTE_WHOLE, list_operations },
	{ "GET",    "/v1/operations/{id}",             SCOPE_READ,      ROUTE_ANY,   get_operation },
	{ "PATCH",  "/v1/operations/{id}",             SCOPE_OPERATE,   ROUTE_ANY,   confirm_patch },
	{ "POST",   "/v1/operations/{id}/confirm",     SCOPE_OPERATE,   ROUTE_ANY,   confirm_post },
	{ "POST",   "/v1/operations/{id}/cancel",      SCOPE_OPERATE,   ROUTE_ANY,   confirm_post_cancel },
	{ "GET",    "/v1/audit",                       SCOPE_READ,      ROUTE_WHOLE, list_audit },
	{ "GET",    "/v1/audit/verify",                SCOPE_READ,      ROUTE_WHOLE, verify_audit },
	{ "GET",    "/v1/audit/{seq}",                 SCOPE_READ,      ROUTE_WHOLE, get_audit },
	{ "GET",    "/v1/events",                      SCOPE_READ,      ROUTE_ANY,   get_event_stream },
	{ "GET",    "/v1/tokens",                      SCOPE_ADMIN,     ROUTE_WHOLE, list_tokens },
};
/* clang-format on */

enum {
	ROUTES = sizeof(routes) / sizeof(routes[0])
};

/* Nothing is normalised, so what would be is refused: empty segments and "."
 * and "..", however they are written. */
static bool
is_plain(const char *path)
{
	char segment[REQUEST_ARG_MAX];
	size_t n;

	while (*path == '/') {
		path++;
		n = strcspn(path, "/");
		if (n == 0 ||
		    (request_decode(segment, sizeof(segment), path, n) == 0 &&
			(strcmp(segment, ".") == 0 ||
			    strcmp(segment, "..") == 0)))
			return false;
		path += n;
	}
	return *path == '\0';
}

/* Does the raw path fit the pattern? %2F stays inside its segment. */
static bool
matches(const char *pattern, const char *path, char *arg, size_t arg_size)
{
	const char *end;
	size_t n;

	for (;;) {
		if (*pattern == '{') {
			n = strcspn(path, "/");
			if (strncmp(pattern, "{prefix}", 8) == 0)
				n = strlen(path);
			end = strchr(pattern, '}');
			if (n == 0 || end == NULL ||
			    request_decode(arg, arg_size, path, n) == -1)
				return false;
			pattern = end + 1;
			path += n;
			continue;
		}
		if (*pattern != *path)
			return false;
		if (*pattern == '\0')
			return true;
		pattern++;
		path++;
	}
}

const struct route *
routes_find(const char *method, const char *path, char *arg, size_t arg_size,
    char *allow, size_t allow_size)
{
	size_t i, len = 0;
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	const char *fixed = NULL; /* a row without argument hides {seq} */

	allow[0] = '\0';
	arg[0] = '\0';
	if (!is_plain(path))
		return NULL;
	for (i = 0; i < ROUTES; i++) {
		const struct route *r = &routes[i];

		if (!matches(r->path, path, arg, arg_size) ||
		    (fixed != NULL && strcmp(fixed, r->path) != 0))
			continue;
		if (strcmp(r->method, wanted) == 0)
			return r;
		if (strchr(r->path, '{') == NULL)
			fixed = r->path;
		if (strstr(allow, r->method) == NULL && len < allow_size)
			len += (size_t)snprintf(allow + len, allow_size - len,
			    "%s%s%s", len > 0 ? ", " : "", r->method,
			    strcmp(r->method, "GET") == 0 ? ", HEAD" : "");
	}
	return NULL;
}

void
routes_print(void)
{
	size_t i;

	for (i = 0; i < ROUTES; i++)
		printf("%s %s %s\n", routes[i].method, routes[i].path,
		    routes[i].scope == 0 ?
			"none" :
			token_scope_name((enum token_scope)routes[i].scope));
}
