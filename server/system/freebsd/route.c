/* system/freebsd/route.c - single routes through route(8), never the table. */
#include <string.h>

#include "base/err.h"
#include "system/freebsd/route_get.h"
#include "system/route.h"
#include "system/tool.h"

enum {
	GET_MAX = 8192,
	NO_ROUTE = 1 /* route's exit status for "route has not been found" */
};

static uint8_t
host_length(uint8_t family)
{
	return family == 4 ? 32 : 128;
}

/*
 * route -n get of one address, which tells the longest match. 1 when there is
 * a route, 0 when there is none.
 */
static int
get(const struct tool *t, const struct prefix *p, const struct addr *address,
    struct route_get *found, struct err *err)
{
	char path[TOOL_PATH_MAX], text[ADDR_TEXT_MAX], bytes[GET_MAX];
	struct argv argv;
	struct buf out;
	struct err why;

	buf_init_fixed(&out, bytes, sizeof(bytes));
	tool_argv(t, &argv, "route", path);
	argv_opt(&argv, "-n", "get");
	if (address->family == 6)
		argv_add(&argv, "-inet6");
	argv_add(&argv, p->len == 0 ? "default" : addr_print(address, text));
	err_clear(&why);
	if (tool_ask(t, &argv, &out, &why) == -1) {
		if (why.code == ERR_TOOL && why.exit_code == NO_ROUTE)
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	return route_get_parse(bytes, address->family, found);
}

/* The last address of the prefix. */
static struct addr
last_address(const struct prefix *p)
{
	struct addr a = p->addr;
	unsigned i, max = host_length(a.family);

	for (i = p->len; i < max; i++)
		a.bytes[i / 8] |= (uint8_t)(0x80 >> (i % 8));
	return a;
}

/*
 * What is there for exactly this prefix. A longer one may hide it from some of
 * its addresses: routers have their own first addresses routed, hardly ever
 * the last, so that one is asked for first.
 */
static int
look(const struct tool *t, const struct prefix *p, struct route_get *found,
    struct err *err)
{
	struct addr probes[2];
	unsigned i, n = p->len == host_length(p->addr.family) ? 1 : 2;
	int rc;

	probes[0] = p->len == 0 ? p->addr : last_address(p);
	probes[1] = p->addr;
	for (i = 0; i < n; i++) {
		rc = get(t, p, &probes[i], found, err);
		if (rc == -1)
			return -1;
		if (rc == 1 && prefix_equal(&found->route.prefix, p))
			return 1;
	}
	return 0;
}

int
route_find(const struct tool *t, const struct prefix *p, struct op_route *list,
    size_t max, size_t *n, struct err *err)
{
	struct route_get found;
	int rc = look(t, p, &found, err);

	*n = 0;
	if (rc == -1)
		return -1;
	/* What FRR put there is nobody's business here. */
	if (rc == 0 || max == 0 || (!found.by_hand && !found.connected))
		return 0;
	/* Nothing that we could have made. */
	if (found.connected || found.multipath) {
		found.route.kind = OP_ROUTE_OTHER;
		memset(found.route.interface, 0, sizeof(found.route.interface));
	}
	list[(*n)++] = found.route;
	return 0;
}

struct words {
	struct argv argv;
	char path[TOOL_PATH_MAX];
	char destination[PREFIX_TEXT_MAX];
	char gateway[ADDR_TEXT_MAX];
};

static void
build(const struct tool *t, const char *command, const struct op_route *r,
    struct words *w)
{
	const struct prefix *p = &r->prefix;
	bool host = p->len == host_length(p->addr.family);

	tool_argv(t, &w->argv, "route", w->path);
	argv_add(&w->argv, command);
	if (p->addr.family == 6)
		argv_add(&w->argv, "-inet6");
	else
		argv_add(&w->argv, host ? "-host" : "-net");
	if (host)
		(void)addr_print(&p->addr, w->destination);
	else
		(void)prefix_print(p, w->destination);
	argv_add(&w->argv, w->destination);
	if (r->kind == OP_ROUTE_GATEWAY)
		argv_add(&w->argv, addr_print(&r->gateway, w->gateway));
}

static int
conflict(const struct op_route *there, const struct words *w, struct err *err)
{
	char gateway[ADDR_TEXT_MAX];
	const char *what = there->interface;

	if (there->kind == OP_ROUTE_GATEWAY)
		what = addr_print(&there->gateway, gateway);
	else if (there->kind == OP_ROUTE_BLACKHOLE)
		what = "a blackhole";
	else if (there->kind == OP_ROUTE_REJECT)
		what = "a reject route";
	else if (there->kind == OP_ROUTE_OTHER)
		what = "an interface or to several gateways";
	/* The kernel would take ours as a second path and share traffic. */
	(void)err_set(err, ERR_CONFLICT,
	    "%s already has a route, to %s; with another one the kernel would "
	    "use both",
	    w->destination, what);
	return err_reason(err, "route_exists");
}

int
route_add(const struct tool *t, const struct op_route *r, struct err *err)
{
	struct op_route there;
	struct words w;
	size_t n;

	build(t, "add", r, &w);
	if (r->kind == OP_ROUTE_INTERFACE)
		argv_opt(&w.argv, "-interface", r->interface);
	else if (r->kind == OP_ROUTE_REJECT)
		argv_add(&w.argv, "-reject");
	else if (r->kind == OP_ROUTE_BLACKHOLE)
		argv_add(&w.argv, "-blackhole");
	if (!t->dry) {
		if (route_find(t, &r->prefix, &there, 1, &n, err) == -1)
			return -1;
		if (n > 0)
			return conflict(&there, &w, err);
	}
	if (tool_run(t, &w.argv, NULL, false, NULL, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (route_find(t, &r->prefix, &there, 1, &n, err) == -1)
		return -1;
	if (n == 0 || !op_route_same(&there, r))
		return err_set(err, ERR_NOT_APPLIED,
		    "route reported success, but %s is not routed so",
		    w.destination);
	return 0;
}

/* 1: this one path is gone; 0: it was not there, or so it seems: *err has the
 * words. */
static int delete (const struct tool *t, const struct words *w, struct err *err)
{
	if (tool_run(t, &w->argv, NULL, false, NULL, err) == 0)
		return 1;
	return err->code == ERR_TOOL && err->exit_code == NO_ROUTE ? 0 : -1;
}

int
route_remove(const struct tool *t, const struct op_route *r, struct err *err)
{
	struct route_get there;
	struct words w;
	struct err why;
	int found, gone;

	build(t, "delete", r, &w);
	err_clear(&why);
	if (t->dry)
		return delete (t, &w, err) == -1 ? -1 : 0;
	found = look(t, &r->prefix, &there, err);
	if (found == -1)
		return -1;
	if (found == 0 || (!there.multipath && !op_route_same(&there.route, r)))
		return 0;
	/* Without a gateway nothing says which of several is meant. */
	if (there.multipath && r->kind != OP_ROUTE_GATEWAY)
		return err_set(err, ERR_CONFLICT,
		    "there are several routes to %s: remove those that are "
		    "not wanted by hand (route delete %s %s GATEWAY)",
		    w.destination, r->prefix.addr.family == 6 ? "-inet6" : "",
		    w.destination);
	gone = delete (t, &w, &why);
	found = gone == -1 ? 1 : look(t, &r->prefix, &there, err);
	if (found == -1)
		return -1;
	if (gone != -1 &&
	    (found == 0 || there.multipath || !op_route_same(&there.route, r)))
		return 0;
	if (gone == 1)
		return err_set(err, ERR_NOT_APPLIED,
		    "route reported success, but %s is still there",
		    w.destination);
	if (err != NULL)
		*err = why;
	return -1;
}
