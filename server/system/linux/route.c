/* system/linux/route.c - single routes: ip(8) makes them, the kernel is read
 * back. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/linux/route_read.h"
#include "system/linux/route_words.h"
#include "system/route.h"
#include "system/tool.h"

int
route_find(const struct tool *t, const struct prefix *p, struct op_route *list,
    size_t max, size_t *n, struct err *err)
{
	struct route_seen seen;
	bool found;

	(void)t;
	*n = 0;
	if (route_read_exact(p, false, &seen, &found, err) == -1)
		return -1;
	if (found && max > 0)
		list[(*n)++] = seen.route;
	return 0;
}

static int
run_words(const struct tool *t, const struct route_words *w, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;
	size_t i;

	tool_argv(t, &argv, "ip", path);
	for (i = 0; i < w->n; i++)
		argv_add(&argv, w->v[i]);
	return tool_run(t, &argv, NULL, true, NULL, err);
}

static int
not_applied(const struct op_route *r, struct err *err, const char *what)
{
	char text[PREFIX_TEXT_MAX];

	(void)prefix_print(&r->prefix, text);
	(void)err_set(err, ERR_NOT_APPLIED,
	    "%s: ip exited 0, but the route is %s; look at: ip route show "
	    "exact %s",
	    text, what, text);
	return err_reason(err, "not_applied");
}

int
route_add(const struct tool *t, const struct op_route *r, struct err *err)
{
	char text[PREFIX_TEXT_MAX];
	struct route_seen seen;
	struct route_words w;
	bool found;

	if (!t->dry && /* what would be run does not hang on what is there */
	    route_read_exact(&r->prefix, true, &seen, &found, err) == -1)
		return -1;
	if (!t->dry && found) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s has a route already; look at it with: ip route show "
		    "exact %s, and remove or adopt it",
		    prefix_print(&r->prefix, text), text);
		return err_reason(err, "route_exists");
	}
	route_words_add(&w, r);
	if (run_words(t, &w, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (route_read_exact(&r->prefix, true, &seen, &found, err) == -1)
		return -1;
	return found && op_route_same(&seen.route, r) ?
	    0 :
	    not_applied(r, err, found ? "another one" : "not there");
}

int
route_remove(const struct tool *t, const struct op_route *r, struct err *err)
{
	struct route_seen seen;
	struct route_words w;
	bool found;

	if (route_read_exact(&r->prefix, true, &seen, &found, err) == -1)
		return -1;
	/* In a plan the route may be one that is yet to come. */
	if (!found || !op_route_same(&seen.route, r)) {
		if (!t->dry)
			return 0;
		seen.protocol = ROUTE_READ_PROTOCOL;
		seen.metric = 0;
	}
	/* By who made it and its metric too: FRR may have the same one. */
	route_words_remove(&w, r, seen.protocol, seen.metric);
	if (run_words(t, &w, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	if (route_read_exact(&r->prefix, true, &seen, &found, err) == -1)
		return -1;
	return found && op_route_same(&seen.route, r) ?
	    not_applied(r, err, "still there") :
	    0;
}
