/* tests/fuzz/fuzz_mhctl_render.c - any JSON through every renderer of mhctl. */
/* links: clients/cli/cell clients/cli/render clients/cli/render_audit
 * clients/cli/render_change
 * clients/cli/render_doctor clients/cli/render_downstream
 * clients/cli/render_event
 * clients/cli/render_firewall clients/cli/render_interface
 * clients/cli/render_operation clients/cli/render_problem
 * clients/cli/render_resource clients/cli/render_rotation
 * clients/cli/render_route
 * clients/cli/render_router clients/cli/render_session
 * clients/cli/render_status clients/cli/render_token
 * clients/cli/render_upstream clients/cli/field clients/cli/style
 * clients/cli/table clients/cli/text base/buf base/clock base/log base/mem */
/* libs: -ljansson */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/buf.h"
#include "cli/field.h"
#include "cli/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Without colour there is no control character but the newline. */
static void
check(struct buf *b)
{
	size_t i;

	if (b->failed)
		abort();
	for (i = 0; i < b->len; i++)
		if (((unsigned char)b->data[i] < ' ' && b->data[i] != '\n') ||
		    b->data[i] == 0x7f)
			abort();
	buf_clear(b);
}

static void
render_lists(struct buf *b, const struct style *st, const json_t *json)
{
	render_status(b, st, json, json);
	render_upstreams(b, st, json);
	render_sessions(b, st, json);
	render_routes(b, st, json);
	render_operations(b, st, field_at(json, "operations"));
	render_audits(b, st, field_at(json, "rows"));
	render_tokens(b, st, json);
	render_downstreams(b, st, json);
	render_interfaces(b, st, json);
	render_firewall(b, st, json);
	render_doctor(b, st, json);
	render_router(b, st, json);
}

static void
render_details(struct buf *b, const struct style *st, const json_t *json)
{
	const struct render_change change = { "router", "ifog",
		"local preference", NULL, "250" };
	const struct render_problem problem = { .router = "router",
		.status = 502,
		.request_id = "r-1",
		.write = true };

	const struct render_resource resource = { "router", "upstream", "ifog",
		"added" };

	render_upstream(b, st, json, "");
	render_downstream(b, st, json);
	render_resource(b, st, &resource, json);
	render_resource_plan(b, st, &resource, json, true);
	render_operation_confirmed(b, st, "router", "kept", json);
	render_rotation(b, st, "router", json, false);
	render_rotation(b, st, "router", json, true);
	render_rotation_plan(b, st, "router", json, true);
	render_rotation_done(b, st, json);
	render_rotation_failed(b, json);
	render_session(b, st, json);
	render_operation(b, st, json);
	render_audit(b, st, json, json);
	render_audit_verdict(b, st, json);
	render_change(b, st, &change, json);
	render_change_plan(b, st, &change, json, true);
	render_change_cleared(b, st, "router", json);
	render_problem(b, st, &problem, json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct style plain, narrow = { true, false, 40 };
	struct buf b = BUF_INIT;
	json_t *json;

	json = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);
	render_lists(&b, &plain, json);
	check(&b);
	render_lists(&b, &narrow, json);
	check(&b);
	render_details(&b, &plain, json);
	check(&b);
	json_decref(json);
	return 0;
}
