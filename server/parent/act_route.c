/* parent/act_route.c - operations on routes, as far as those are ours. */
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "parent/act_route.h"
#include "parent/owned.h"
#include "system/boot.h"
#include "system/route.h"
#include "system/tool.h"

enum {
	FOUND_MAX = 16 /* routes for one prefix */
};

/* For a look at the boot files; no heap on the way of an operation. */
static struct op_route scratch[OP_ROUTES_MAX];

int
act_route_find(const struct tool *t, const struct prefix *prefix,
    struct op_route *list, size_t max, size_t *n, struct err *err)
{
	size_t i;

	if (route_find(t, prefix, list, max, n, err) == -1)
		return -1;
	for (i = 0; i < *n; i++)
		list[i].owned = owned_has_route(prefix);
	return 0;
}

/* Adds what runs for one more prefix. */
static int
append(const struct tool *t, const struct prefix *prefix, struct op_route *list,
    size_t max, size_t *n, struct err *err)
{
	size_t found;

	if (*n == max)
		return 0;
	if (act_route_find(t, prefix, list + *n, max - *n, &found, err) == -1)
		return -1;
	*n += found;
	return 0;
}

int
act_route_list(const struct tool *t, struct op_route *list, size_t max,
    size_t *n, struct err *err)
{
	const struct prefix *ours;
	size_t i, n_ours, n_boot;

	*n = 0;
	if (boot_routes(t, scratch, OP_ROUTES_MAX, &n_boot, err) == -1)
		return -1;
	ours = owned_routes(&n_ours);
	for (i = 0; i < n_ours; i++)
		if (append(t, &ours[i], list, max, n, err) == -1)
			return -1;
	for (i = 0; i < n_boot; i++)
		if (!owned_has_route(&scratch[i].prefix) &&
		    append(t, &scratch[i].prefix, list, max, n, err) == -1)
			return -1;
	for (i = 0; i < n_boot && *n < max; i++) {
		list[*n] = scratch[i];
		list[*n].owned = owned_has_route(&scratch[i].prefix);
		(*n)++;
	}
	return 0;
}

static int
is_at_boot(const struct tool *t, const struct prefix *prefix, bool *is,
    struct err *err)
{
	size_t i, n;

	*is = false;
	if (boot_routes(t, scratch, OP_ROUTES_MAX, &n, err) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (prefix_equal(&scratch[i].prefix, prefix))
			*is = true;
	return 0;
}

static int
is_running(const struct tool *t, const struct prefix *prefix, bool *is,
    struct err *err)
{
	struct op_route found[FOUND_MAX];
	size_t n;

	if (route_find(t, prefix, found, FOUND_MAX, &n, err) == -1)
		return -1;
	*is = n > 0;
	return 0;
}

static int
is_anywhere(const struct tool *t, const struct prefix *prefix, bool *is,
    struct err *err)
{
	if (is_running(t, prefix, is, err) == -1)
		return -1;
	return *is ? 0 : is_at_boot(t, prefix, is, err);
}

static int
refuse(const struct prefix *prefix, const char *reason, struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	(void)err_set(err, ERR_CONFLICT,
	    "a route for %s was made by hand; say \"adopt\": true to let "
	    "multihomed manage it",
	    prefix_print(prefix, text));
	return err_reason(err, reason);
}

static void
forget_if_gone(const struct tool *t, const struct prefix *prefix)
{
	char text[PREFIX_TEXT_MAX];
	struct err err;
	bool is = true;

	if (!owned_has_route(prefix))
		return;
	err_clear(&err);
	if (is_anywhere(t, prefix, &is, &err) == -1 ||
	    (!is && owned_drop_route(prefix, &err) == -1))
		log_warning("the route for %s is gone, but stays in the list "
			    "of what is ours: %s",
		    prefix_print(prefix, text), err.text);
}

/* Records it, unless somebody else has a route for the prefix. */
static int
claim(const struct tool *t, const struct prefix *prefix, const char *reason,
    struct err *err)
{
	bool is;

	if (owned_has_route(prefix))
		return 0;
	if (is_anywhere(t, prefix, &is, err) == -1)
		return -1;
	if (is)
		return refuse(prefix, reason, err);
	return owned_add_route(prefix, err);
}

static int
add(const struct tool *t, const struct op_route *r, struct err *err)
{
	if (claim(t, &r->prefix, "route_exists", err) == -1)
		return -1;
	if (route_add(t, r, err) == 0)
		return 0;
	forget_if_gone(t, &r->prefix);
	return -1;
}

static bool
same(const struct op_route *a, const struct op_route *b)
{
	return a->kind == b->kind && addr_equal(&a->gateway, &b->gateway) &&
	    (a->kind != OP_ROUTE_INTERFACE ||
		strcmp(a->interface, b->interface) == 0);
}

/* Is this very route there, made by somebody else? */
static int
check_foreign(const struct tool *t, const struct op_route *r, struct err *err)
{
	struct op_route found[FOUND_MAX];
	size_t i, n;

	if (route_find(t, &r->prefix, found, FOUND_MAX, &n, err) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if (same(&found[i], r))
			return refuse(&r->prefix, "route_not_ours", err);
	return 0;
}

/* Without a record: another route of the prefix is somebody else's, and the one
 * to remove is gone already. */
static int
remove_one(const struct tool *t, const struct op_route *r, struct err *err)
{
	if (!owned_has_route(&r->prefix))
		return check_foreign(t, r, err);
	if (route_remove(t, r, err) == -1)
		return -1;
	forget_if_gone(t, &r->prefix);
	return 0;
}

static int
adopt(const struct tool *t, const struct prefix *prefix, struct err *err)
{
	char text[PREFIX_TEXT_MAX];
	bool is;

	if (is_anywhere(t, prefix, &is, err) == -1)
		return -1;
	if (!is)
		return err_set(err, ERR_NOT_FOUND, "there is no route for %s",
		    prefix_print(prefix, text));
	return owned_add_route(prefix, err);
}

static int
disown(const struct prefix *prefix, struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	if (!owned_has_route(prefix)) {
		(void)err_set(err, ERR_CONFLICT,
		    "the route for %s is not in the list of what is ours",
		    prefix_print(prefix, text));
		return err_reason(err, "route_not_ours");
	}
	return owned_drop_route(prefix, err);
}

static int
boot_set(const struct tool *t, const struct op_route *r, struct err *err)
{
	if (claim(t, &r->prefix, "route_not_ours", err) == -1)
		return -1;
	if (boot_route_set(t, r, err) == 0)
		return 0;
	forget_if_gone(t, &r->prefix);
	return -1;
}

static int
boot_remove(const struct tool *t, const struct prefix *prefix, struct err *err)
{
	bool at_boot;

	if (!owned_has_route(prefix)) {
		if (is_at_boot(t, prefix, &at_boot, err) == -1)
			return -1;
		return at_boot ? refuse(prefix, "route_not_ours", err) : 0;
	}
	if (boot_route_remove(t, prefix, err) == -1)
		return -1;
	forget_if_gone(t, prefix);
	return 0;
}

/* A change of the list alone is told as the commands are. */
static int
note(const struct tool *t, const char *verb, const struct prefix *prefix,
    int rc, const struct err *err)
{
	char text[PREFIX_TEXT_MAX];

	tool_note(t, rc == -1 ? err : NULL, "multihomed: %s route %s", verb,
	    prefix_print(prefix, text));
	return rc;
}

int
act_route_change(const struct tool *t, uint32_t kind, const struct op_route *r,
    struct err *err)
{
	switch (kind) {
	case OP_ROUTE_ADD:
		return t->dry ? route_add(t, r, err) : add(t, r, err);
	case OP_ROUTE_REMOVE:
		return t->dry ? route_remove(t, r, err) : remove_one(t, r, err);
	case OP_ROUTE_ADOPT:
		return note(t, "adopt", &r->prefix,
		    t->dry ? 0 : adopt(t, &r->prefix, err), err);
	case OP_ROUTE_DISOWN:
		return note(t, "disown", &r->prefix,
		    t->dry ? 0 : disown(&r->prefix, err), err);
	case OP_BOOT_ROUTE_SET:
		return t->dry ? boot_route_set(t, r, err) : boot_set(t, r, err);
	case OP_BOOT_ROUTE_REMOVE:
		return t->dry ? boot_route_remove(t, &r->prefix, err) :
				boot_remove(t, &r->prefix, err);
	default:
		return err_set(err, ERR_PROTOCOL, "op %s has no code",
		    op_name(kind));
	}
}
