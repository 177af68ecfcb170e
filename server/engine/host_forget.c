/* engine/host_forget.c - what vanished by itself is no longer ours. */
#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "engine/host.h"
#include "engine/host_apply.h"
#include "engine/host_diff.h"
#include "engine/host_forget.h"

static bool
has_link(const struct host *h, const char *name)
{
	return host_link(h, OP_RUNNING, name) != NULL ||
	    host_link(h, OP_BOOT, name) != NULL;
}

static bool
has_route(const struct host *h, const struct prefix *p)
{
	return host_route(h, OP_RUNNING, p) != NULL ||
	    host_route(h, OP_BOOT, p) != NULL;
}

static bool
has_key(const struct host *h, const struct op_key *k)
{
	return host_key(h, OP_RUNNING, &k->local, &k->remote) != NULL ||
	    host_key(h, OP_BOOT, &k->local, &k->remote) != NULL;
}

/* Was ours, is nobody's: their difference is what to do. */
static void
find_gone(const struct host *now, const struct host *goal,
    const struct host *made, struct host *was, struct host *is)
{
	size_t i;

	host_copy(was, made);
	if (was->n_keys > 0)
		crypto_wipe(was->keys, was->n_keys * sizeof(*was->keys));
	was->firewall_known = false;
	was->n_links = was->n_routes = was->n_keys = 0;
	for (i = 0; i < made->n_links; i++)
		if (made->links[i].owned &&
		    made->links[i].where == OP_RUNNING &&
		    !has_link(now, made->links[i].name) &&
		    !has_link(goal, made->links[i].name))
			was->links[was->n_links++] = made->links[i];
	for (i = 0; i < made->n_routes; i++)
		if (made->routes[i].owned &&
		    made->routes[i].where == OP_RUNNING &&
		    !has_route(now, &made->routes[i].prefix) &&
		    !has_route(goal, &made->routes[i].prefix))
			was->routes[was->n_routes++] = made->routes[i];
	for (i = 0; i < made->n_keys; i++)
		if (made->keys[i].owned && made->keys[i].where == OP_RUNNING &&
		    !has_key(now, &made->keys[i]) &&
		    !has_key(goal, &made->keys[i]))
			was->keys[was->n_keys++] = made->keys[i];
	host_copy(is, was);
	for (i = 0; i < is->n_links; i++)
		is->links[i].owned = 0;
	for (i = 0; i < is->n_routes; i++)
		is->routes[i].owned = 0;
	for (i = 0; i < is->n_keys; i++)
		is->keys[i].owned = 0;
}

void
host_forget(struct worker_tools *tools, const struct host *now,
    const struct host *goal, const struct host *made, struct buf *log)
{
	struct host was = { 0 }, is = { 0 };
	struct host_ops ops = { 0 }, one = { 0 };
	struct buf answer = BUF_INIT;
	struct err why;
	size_t i;

	find_gone(now, goal, made, &was, &is);
	host_diff(&was, &is, HOST_CLEAN, &ops);
	for (i = 0; i < ops.n; i++) {
		one.v = &ops.v[i];
		one.n = 1;
		buf_reset(&answer);
		/* One that was never made has no record: not worth a word. */
		if (host_apply(tools, &one, &answer, &why) == 0)
			buf_add(log, answer.data, answer.len);
	}
	host_diff_clear(&ops);
	host_clear(&was);
	host_clear(&is);
	buf_clear(&answer);
}
