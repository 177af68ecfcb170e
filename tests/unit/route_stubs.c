/* tests/unit/route_stubs.c - handlers that do nothing, so that the table of
 * routes can be linked without the whole engine behind it. */
#include <stddef.h>

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
#include "api/rotation.h"
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
STUB(put_router)
STUB(patch_router)
STUB(get_router_route)
STUB(get_doctor)
STUB(get_event_stream)
STUB(list_upstreams)
STUB(get_upstream)
STUB(put_upstream)
STUB(patch_upstream)
STUB(delete_upstream)
STUB(drain_get_router)
STUB(drain_put_router)
STUB(drain_delete_router)
STUB(drain_get_upstream)
STUB(drain_put_upstream)
STUB(drain_delete_upstream)
STUB(list_downstreams)
STUB(get_downstream)
STUB(downstream_write_put)
STUB(downstream_write_patch)
STUB(downstream_write_delete)
STUB(list_interfaces)
STUB(get_firewall)
STUB(list_sessions)
STUB(get_session)
STUB(clear_session)
STUB(post_rotation)
STUB(list_operations)
STUB(get_operation)
STUB(confirm_patch)
STUB(confirm_post)
STUB(confirm_post_cancel)
STUB(list_audit)
STUB(verify_audit)
STUB(get_audit)
STUB(list_tokens)
/* clang-format on */
