/* parent/act_link.c - operations on tunnels, as far as those are ours. */
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "parent/act_link.h"
#include "parent/owned.h"
#include "system/boot.h"
#include "system/link.h"
#include "system/tool.h"

/* For a look at the boot files; no heap on the way of an operation. */
static struct op_link scratch[OP_LINKS_MAX];

int
act_link_list(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	size_t i, running, boot;

	*n = 0;
	if (link_list(t, list, max, &running, err) == -1 ||
	    boot_links(t, list + running, max - running, &boot, err) == -1)
		return -1;
	*n = running + boot;
	for (i = 0; i < *n; i++)
		list[i].owned = owned_has_link(list[i].name);
	return 0;
}

/* The one of this name, NULL: none. */
static const struct op_link *
find(const struct op_link *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

static int
is_at_boot(const struct tool *t, const char *name, bool *is, struct err *err)
{
	size_t n;

	if (boot_links(t, scratch, OP_LINKS_MAX, &n, err) == -1)
		return -1;
	*is = find(scratch, n, name) != NULL;
	return 0;
}

static int
not_ours(const char *name, struct err *err)
{
	(void)err_set(err, ERR_CONFLICT,
	    "%s was made by hand; say \"adopt\": true to let multihomed manage "
	    "it",
	    name);
	return err_reason(err, "interface_not_ours");
}

/* Once it is neither running nor at boot, nobody needs the record: kept longer,
 * it would make ours what somebody makes by hand under the name. */
static void
forget_if_gone(const struct tool *t, const char *name)
{
	bool at_boot = true;
	struct err err;

	if (!owned_has_link(name) || link_exists(t, name, NULL) != 0)
		return;
	err_clear(&err);
	if (is_at_boot(t, name, &at_boot, &err) == -1 ||
	    (!at_boot && owned_drop_link(name, &err) == -1))
		log_warning("%s is gone, but stays in the list of what is "
			    "ours: %s",
		    name, err.text);
}

static int
create(const struct tool *t, const struct op_link *l, struct err *err)
{
	bool ours = owned_has_link(l->name), at_boot = false;
	int exists = link_exists(t, l->name, err);

	if (exists == -1)
		return -1;
	if (exists == 1) {
		(void)err_set(err, ERR_CONFLICT,
		    "there is an interface %s already%s", l->name,
		    ours ? ", made by multihomed" :
			   ", made by hand; choose another name, or say "
			   "\"adopt\": true if it is the tunnel that is meant");
		return err_reason(err, "interface_taken");
	}
	/* At boot it would come up beside ours, under the same name. */
	if (!ours && is_at_boot(t, l->name, &at_boot, err) == -1)
		return -1;
	if (at_boot) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s does not run, but stands in the boot files, written by "
		    "hand; choose another name",
		    l->name);
		return err_reason(err, "interface_taken");
	}
	if (owned_add_link(l->name, err) == -1)
		return -1;
	if (link_create(t, l, err) == 0)
		return 0;
	forget_if_gone(t, l->name);
	return -1;
}

static int
destroy(const struct tool *t, const struct op_link *l, struct err *err)
{
	int exists = link_exists(t, l->name, err);

	if (exists == -1)
		return -1;
	if (exists == 1) {
		if (!owned_has_link(l->name))
			return not_ours(l->name, err);
		if (link_destroy(t, l, err) == -1)
			return -1;
	}
	forget_if_gone(t, l->name);
	return 0;
}

/* Ours, and there? */
static int
check_ours(const struct tool *t, const char *name, struct err *err)
{
	int exists = link_exists(t, name, err);

	if (exists == -1)
		return -1;
	if (exists == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no interface %s",
		    name);
	return owned_has_link(name) ? 0 : not_ours(name, err);
}

/* Only a tunnel can be ours: never the machine's own interfaces. */
static int
adopt(const struct tool *t, const char *name, struct err *err)
{
	const struct op_link *found;
	size_t n;

	if (link_list(t, scratch, OP_LINKS_MAX, &n, err) == -1)
		return -1;
	found = find(scratch, n, name);
	if (found == NULL) {
		if (boot_links(t, scratch, OP_LINKS_MAX, &n, err) == -1)
			return -1;
		found = find(scratch, n, name);
	}
	if (found == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no tunnel %s",
		    name);
	if (found->kind != OP_LINK_GRE && found->kind != OP_LINK_GIF) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s is of a kind that multihomed does not manage", name);
		return err_reason(err, "interface_not_ours");
	}
	return owned_add_link(name, err);
}

static int
disown(const char *name, struct err *err)
{
	if (!owned_has_link(name)) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s is not in the list of what is ours", name);
		return err_reason(err, "interface_not_ours");
	}
	return owned_drop_link(name, err);
}

static int
boot_set(const struct tool *t, const struct op_link *l, struct err *err)
{
	bool at_boot;
	int exists;

	if (!owned_has_link(l->name)) {
		exists = link_exists(t, l->name, err);
		if (exists == -1 || is_at_boot(t, l->name, &at_boot, err) == -1)
			return -1;
		if (at_boot || exists == 1)
			return not_ours(l->name, err);
		if (owned_add_link(l->name, err) == -1)
			return -1;
	}
	if (boot_link_set(t, l, err) == 0)
		return 0;
	forget_if_gone(t, l->name);
	return -1;
}

static int
boot_remove(const struct tool *t, const char *name, struct err *err)
{
	bool at_boot;

	if (is_at_boot(t, name, &at_boot, err) == -1)
		return -1;
	/* Ours: also what a write that was cut off has left. */
	if (at_boot && !owned_has_link(name))
		return not_ours(name, err);
	if (owned_has_link(name) && boot_link_remove(t, name, err) == -1)
		return -1;
	forget_if_gone(t, name);
	return 0;
}

/* A change of the list alone is told as the commands are. */
static int
note(const struct tool *t, const char *verb, const char *name, int rc,
    const struct err *err)
{
	tool_note(t, rc == -1 ? err : NULL, "multihomed: %s link %s", verb,
	    name);
	return rc;
}

static int
run_change(const struct tool *t, uint32_t kind, const struct op_link *l,
    struct err *err)
{
	switch (kind) {
	case OP_LINK_CREATE:
		return t->dry ? link_create(t, l, err) : create(t, l, err);
	case OP_LINK_DESTROY:
		return t->dry ? link_destroy(t, l, err) : destroy(t, l, err);
	case OP_LINK_ENDPOINTS:
		return link_endpoints(t, l, err);
	case OP_LINK_MTU:
		return link_mtu(t, l, err);
	case OP_LINK_DESCRIPTION:
		return link_description(t, l, err);
	case OP_LINK_UP:
		return link_up(t, l, err);
	case OP_LINK_ADOPT:
		return note(t, "adopt", l->name,
		    t->dry ? 0 : adopt(t, l->name, err), err);
	case OP_LINK_DISOWN:
		return note(t, "disown", l->name,
		    t->dry ? 0 : disown(l->name, err), err);
	case OP_BOOT_LINK_SET:
		return t->dry ? boot_link_set(t, l, err) : boot_set(t, l, err);
	case OP_BOOT_LINK_REMOVE:
		return t->dry ? boot_link_remove(t, l->name, err) :
				boot_remove(t, l->name, err);
	default:
		return err_set(err, ERR_PROTOCOL, "op %s has no code",
		    op_name(kind));
	}
}

int
act_link_change(const struct tool *t, uint32_t kind, const struct op_link *l,
    struct err *err)
{
	bool needs_ours = kind == OP_LINK_ENDPOINTS || kind == OP_LINK_MTU ||
	    kind == OP_LINK_DESCRIPTION || kind == OP_LINK_UP;

	if (needs_ours && !t->dry && check_ours(t, l->name, err) == -1)
		return -1;
	return run_change(t, kind, l, err);
}

int
act_link_address(const struct tool *t, uint32_t kind,
    const struct op_address_of *a, struct err *err)
{
	bool removes = kind == OP_ADDRESS_REMOVE;

	if (!t->dry) {
		/* Its addresses went with it. */
		if (removes && link_exists(t, a->link, NULL) == 0)
			return 0;
		if (check_ours(t, a->link, err) == -1)
			return -1;
	}
	return removes ? link_address_remove(t, a, err) :
			 link_address_add(t, a, err);
}
