/* tests/unit/route_stubs.c - handlers that do nothing, so that the table of
 * routes can be linked without the whole engine behind it. */
#include <stddef.h>

#include "api/audit.h"
#include "api/health.h"
#include "api/operation.h"
#include "api/router.h"
#include "api/session.h"
#include "api/token.h"
#include "api/upstream.h"

#define STUB(name)                                                          \
	int name(struct request *req, struct reply *reply, struct err *err) \
	{                                                                   \
		(void)req;                                                  \
		(void)reply;                                                \
		(void)err;                                                  \
		return 0;                                                   \
	}

/* clang-format off */
STUB(get_health_live)
STUB(get_health_ready)
STUB(get_router)
STUB(get_router_route)
STUB(list_upstreams)
STUB(get_upstream)
STUB(patch_upstream)
STUB(list_sessions)
STUB(get_session)
STUB(clear_session)
STUB(list_operations)
STUB(get_operation)
STUB(list_audit)
STUB(verify_audit)
STUB(get_audit)
STUB(list_tokens)
/* clang-format on */
