/* engine/host_observe.c - the parent's answers as one value. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "engine/host.h"
#include "engine/supervisor.h"

static const struct op_none nothing;

static int
ask(struct supervisor *s, bool wait, enum op_kind kind, struct buf *out,
    struct err *err)
{
	return wait ? supervisor_ask(s, kind, 0, &nothing, out, err) :
		      supervisor_try(s, kind, 0, &nothing, out, err);
}

/* An array of structs of this size; *n of them in *list, the caller's. */
static int
ask_list(struct supervisor *s, bool wait, enum op_kind kind, size_t size,
    void **list, size_t *n, struct err *err)
{
	struct buf out = BUF_INIT;

	*list = NULL;
	*n = 0;
	if (ask(s, wait, kind, &out, err) == -1) {
		buf_clear(&out);
		return -1;
	}
	if (out.len % size != 0) {
		buf_clear(&out);
		return err_set(err, ERR_PROTOCOL, "%s: odd size",
		    op_name(kind));
	}
	*n = out.len / size;
	if (*n > 0)
		*list = buf_take(&out);
	buf_clear(&out);
	return 0;
}

static int
observe_links(struct supervisor *s, bool wait, struct host *h, struct err *err)
{
	void *list;

	memset(h, 0, sizeof(*h));
	if (ask_list(s, wait, OP_LINKS, sizeof(*h->links), &list, &h->n_links,
		err) == -1)
		return -1;
	h->links = list;
	return 0;
}

static int
observe_firewall(struct supervisor *s, bool wait, struct host *h,
    struct err *err)
{
	struct buf out = BUF_INIT;
	const struct op_firewall_state *state;
	int rc = -1;

	if (ask(s, wait, OP_FIREWALL, &out, err) == -1)
		goto out;
	if (out.len < sizeof(*state)) {
		(void)err_set(err, ERR_PROTOCOL, "firewall: short answer");
		goto out;
	}
	state = (const void *)out.data;
	h->firewall_known = true;
	h->running = state->running;
	h->boot = state->boot;
	/* Nothing set and nothing there is as it was set, too. */
	h->firewall_as_set = state->as_set != 0 ||
	    (state->loaded == 0 && state->running.n_entries == 0 &&
		state->running.n_prefixes == 0);
	rc = 0;
out:
	buf_clear(&out);
	return rc;
}

static int
observe_keys(struct supervisor *s, bool wait, struct host *h, struct err *err)
{
	struct op_keys_head head;
	struct buf out = BUF_INIT;
	size_t size;
	int rc = -1;

	if (ask(s, wait, OP_KEYS, &out, err) == -1)
		goto out;
	size = out.len < sizeof(head) ? 1 : out.len - sizeof(head);
	if (size % sizeof(*h->keys) != 0) {
		(void)err_set(err, ERR_PROTOCOL, "keys: odd size");
		goto out;
	}
	memcpy(&head, out.data, sizeof(head));
	h->kernel_keys = head.kernel_keys != 0;
	h->n_keys = size / sizeof(*h->keys);
	if (h->n_keys > 0) {
		h->keys = mem_calloc(h->n_keys, sizeof(*h->keys));
		memcpy(h->keys, out.data + sizeof(head), size);
	}
	rc = 0;
out:
	buf_wipe(&out);
	return rc;
}

int
host_observe(struct supervisor *s, bool wait, struct host *h, struct err *err)
{
	void *list;

	if (observe_links(s, wait, h, err) == -1)
		return -1;
	if (ask_list(s, wait, OP_ROUTES, sizeof(*h->routes), &list,
		&h->n_routes, err) == -1)
		goto fail;
	h->routes = list;
	if (observe_firewall(s, wait, h, err) == -1 ||
	    observe_keys(s, wait, h, err) == -1)
		goto fail;
	host_sort(h);
	return 0;
fail:
	host_clear(h);
	return -1;
}

int
host_observe_interfaces(struct supervisor *s, bool wait,
    struct op_interface **list, size_t *n, struct err *err)
{
	void *all;

	if (ask_list(s, wait, OP_INTERFACES, sizeof(**list), &all, n, err) ==
	    -1) {
		*list = NULL;
		return -1;
	}
	*list = all;
	return 0;
}

int
host_observe_route(struct supervisor *s, struct host *h,
    const struct prefix *prefix, struct err *err)
{
	struct buf out = BUF_INIT;
	struct op_route ask_for;
	size_t n;
	int rc = -1;

	if (host_route(h, OP_RUNNING, prefix) != NULL)
		return 0;
	memset(&ask_for, 0, sizeof(ask_for));
	ask_for.prefix = *prefix;
	if (supervisor_ask(s, OP_ROUTE_FIND, 0, &ask_for, &out, err) == -1)
		goto out;
	n = out.len / sizeof(*h->routes);
	if (n > 0) {
		h->routes =
		    mem_realloc(h->routes, h->n_routes + 1, sizeof(*h->routes));
		memcpy(&h->routes[h->n_routes], out.data, sizeof(*h->routes));
		/* Several ways to one prefix are more than we can manage. */
		if (n > 1)
			h->routes[h->n_routes].kind = OP_ROUTE_OTHER;
		h->n_routes++;
		host_sort(h);
	}
	rc = 0;
out:
	buf_clear(&out);
	return rc;
}
