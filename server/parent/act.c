/* parent/act.c - one operation, checked already: carry it out. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "parent/act.h"
#include "parent/act_key.h"
#include "parent/act_link.h"
#include "parent/act_route.h"
#include "parent/config.h"
#include "parent/owned.h"
#include "parent/save.h"
#include "system/boot.h"
#include "system/facts.h"
#include "system/firewall.h"
#include "system/interface.h"
#include "system/key.h"
#include "system/tool.h"
#include "wire/op.h"

enum {
	ACT_LOG_MAX = 2 * 1024 * 1024,
	ACT_FOUND_MAX = 16
};

/* No heap on the way of an operation; untouched pages cost nothing. */
static char log_bytes[ACT_LOG_MAX];

struct firewall_answer {
	struct op_firewall_state state;
	char listing[OP_FIREWALL_LISTING];
};
_Static_assert(offsetof(struct firewall_answer, listing) ==
	sizeof(struct op_firewall_state),
    "the listing follows at once");

struct keys_answer {
	struct op_keys_head head;
	struct op_key list[OP_KEYS_MAX];
};
_Static_assert(offsetof(struct keys_answer, list) ==
	sizeof(struct op_keys_head),
    "the keys follow at once");

static struct keys_answer keys;
static size_t n_keys; /* in it, until act_forget */

struct answer {
	const void *data;
	size_t len;
};

static struct tool
tool_of(const struct config *config, bool dry, struct buf *log)
{
	struct tool t = { &config->system, dry, log };

	return t;
}

int
act_prepare(const struct config *config, struct err *err)
{
	struct buf log;
	struct tool t = tool_of(config, false, &log);
	struct err why;
	int rc = 0;

	buf_init_fixed(&log, log_bytes, sizeof(log_bytes));
	/* The machine must boot whatever is wrong with the list. */
	err_clear(&why);
	if (boot_prepare(&t, &why) == -1)
		rc = err_prefix(&why, "boot files");
	if (owned_open(config->system.state_dir, rc == 0 ? &why : NULL) == -1)
		rc = -1;
	if (rc == -1 && err != NULL)
		*err = why;
	return rc;
}

static int
save(const struct config *config, const struct op_frr_save *order,
    struct answer *a, struct err *err)
{
	const char *data;

	if (save_run(config, order->may_go, &data, &a->len, err) == -1)
		return -1;
	log_info("FRR's configuration is saved: %zu bytes", a->len);
	a->data = data;
	return 0;
}

static int
tell_saved(const struct config *config, struct answer *a, struct err *err)
{
	const char *data;

	if (save_read(config, &data, &a->len, err) == -1)
		return -1;
	a->data = data;
	return 0;
}

static int
tell_interfaces(struct answer *a, struct err *err)
{
	static struct op_interface list[OP_INTERFACES_MAX];
	size_t n;

	if (interface_list(list, OP_INTERFACES_MAX, &n, err) == -1)
		return -1;
	a->data = list;
	a->len = n * sizeof(list[0]);
	return 0;
}

static int
tell_facts(const struct tool *t, struct answer *a, struct err *err)
{
	static struct op_facts facts;

	memset(&facts, 0, sizeof(facts));
	a->data = &facts;
	a->len = sizeof(facts);
	return facts_read(t, &facts, err);
}

static int
tell_links(const struct tool *t, struct answer *a, struct err *err)
{
	static struct op_link list[OP_LINKS_MAX];
	size_t n;

	if (act_link_list(t, list, OP_LINKS_MAX, &n, err) == -1)
		return -1;
	a->data = list;
	a->len = n * sizeof(list[0]);
	return 0;
}

static int
tell_routes(const struct tool *t, struct answer *a, struct err *err)
{
	static struct op_route list[OP_ROUTES_MAX];
	size_t n;

	if (act_route_list(t, list, OP_ROUTES_MAX, &n, err) == -1)
		return -1;
	a->data = list;
	a->len = n * sizeof(list[0]);
	return 0;
}

static int
find_route(const struct tool *t, const struct op_route *r, struct answer *a,
    struct err *err)
{
	static struct op_route list[ACT_FOUND_MAX];
	size_t n;

	if (act_route_find(t, &r->prefix, list, ACT_FOUND_MAX, &n, err) == -1)
		return -1;
	a->data = list;
	a->len = n * sizeof(list[0]);
	return 0;
}

static int
tell_firewall(const struct tool *t, struct answer *a, struct err *err)
{
	static struct firewall_answer both;
	struct buf listing;

	memset(&both.state, 0, sizeof(both.state));
	buf_init_fixed(&listing, both.listing, sizeof(both.listing));
	if (firewall_state(t, &both.state, &listing, err) == -1)
		return -1;
	a->data = &both;
	a->len = sizeof(both.state) + listing.len;
	return 0;
}

static int
tell_keys(const struct tool *t, struct answer *a, struct err *err)
{
	keys.head.kernel_keys = key_is_kept();
	if (act_key_list(t, keys.list, OP_KEYS_MAX, &n_keys, err) == -1) {
		/* Whatever had been read by then. */
		n_keys = OP_KEYS_MAX;
		return -1;
	}
	a->data = &keys;
	a->len = sizeof(keys.head) + n_keys * sizeof(keys.list[0]);
	return 0;
}

void
act_forget(const void *data, size_t len)
{
	save_forget(data, len);
	crypto_wipe(keys.list, n_keys * sizeof(keys.list[0]));
	n_keys = 0;
}

static int
tell_key_counters(const struct tool *t, struct answer *a, struct err *err)
{
	static struct op_key_counters counters;

	if (key_counters(t, &counters, err) == -1)
		return -1;
	a->data = &counters;
	a->len = sizeof(counters);
	return 0;
}

static int
tell(const struct config *config, const struct tool *t,
    const struct op_head *head, const void *payload, struct answer *a,
    struct err *err)
{
	switch (head->kind) {
	case OP_FRR_SAVE:
		return save(config, payload, a, err);
	case OP_FRR_SAVED:
		return tell_saved(config, a, err);
	case OP_INTERFACES:
		return tell_interfaces(a, err);
	case OP_FACTS:
		return tell_facts(t, a, err);
	case OP_LINKS:
		return tell_links(t, a, err);
	case OP_ROUTES:
		return tell_routes(t, a, err);
	case OP_ROUTE_FIND:
		return find_route(t, payload, a, err);
	case OP_FIREWALL:
		return tell_firewall(t, a, err);
	case OP_KEYS:
		return tell_keys(t, a, err);
	case OP_KEY_COUNTERS:
		return tell_key_counters(t, a, err);
	default:
		return err_set(err, ERR_PROTOCOL, "op %u has no code",
		    head->kind);
	}
}

/* What it is about, for our own log. */
static void
subject_of(uint32_t kind, const void *payload, char *out, size_t size)
{
	char text[PREFIX_TEXT_MAX], remote[ADDR_TEXT_MAX];
	const struct op_route *r;
	const struct op_key *k;

	out[0] = '\0';
	switch (kind) {
	case OP_ROUTE_ADD:
	case OP_ROUTE_REMOVE:
	case OP_ROUTE_ADOPT:
	case OP_ROUTE_DISOWN:
	case OP_BOOT_ROUTE_SET:
	case OP_BOOT_ROUTE_REMOVE:
		r = payload;
		(void)snprintf(out, size, " %s",
		    prefix_print(&r->prefix, text));
		return;
	case OP_KEY_SET:
	case OP_KEY_REMOVE:
	case OP_KEY_ADOPT:
	case OP_KEY_DISOWN:
	case OP_BOOT_KEY_SET:
	case OP_BOOT_KEY_REMOVE:
		k = payload;
		(void)snprintf(out, size, " %s %s", addr_print(&k->local, text),
		    addr_print(&k->remote, remote));
		return;
	case OP_FIREWALL_REPLACE:
	case OP_BOOT_FIREWALL:
		return;
	default: /* each of the others begins with a link's name */
		(void)snprintf(out, size, " %.15s", (const char *)payload);
		return;
	}
}

static int
change(const struct tool *t, const struct op_head *head, const void *payload,
    struct err *err)
{
	switch (head->kind) {
	case OP_LINK_CREATE:
	case OP_LINK_ENDPOINTS:
	case OP_LINK_DESTROY:
	case OP_LINK_MTU:
	case OP_LINK_DESCRIPTION:
	case OP_LINK_UP:
	case OP_LINK_ADOPT:
	case OP_LINK_DISOWN:
	case OP_BOOT_LINK_SET:
	case OP_BOOT_LINK_REMOVE:
		return act_link_change(t, head->kind, payload, err);
	case OP_ADDRESS_ADD:
	case OP_ADDRESS_REMOVE:
		return act_link_address(t, head->kind, payload, err);
	case OP_ROUTE_ADD:
	case OP_ROUTE_REMOVE:
	case OP_ROUTE_ADOPT:
	case OP_ROUTE_DISOWN:
	case OP_BOOT_ROUTE_SET:
	case OP_BOOT_ROUTE_REMOVE:
		return act_route_change(t, head->kind, payload, err);
	case OP_KEY_SET:
	case OP_KEY_REMOVE:
	case OP_KEY_ADOPT:
	case OP_KEY_DISOWN:
	case OP_BOOT_KEY_SET:
	case OP_BOOT_KEY_REMOVE:
		return act_key_change(t, head->kind, payload, err);
	case OP_FIREWALL_REPLACE:
		return firewall_replace(t, payload, err);
	case OP_BOOT_FIREWALL:
		return firewall_boot(t, payload, err);
	default:
		return err_set(err, ERR_PROTOCOL, "op %u has no code",
		    head->kind);
	}
}

int
act_run(const struct config *config, const struct op_head *head,
    const void *payload, const void **data, size_t *len, struct err *err)
{
	struct answer a = { NULL, 0 };
	char subject[2 * PREFIX_TEXT_MAX];
	struct buf log;
	struct tool t = tool_of(config, head->dry != 0, &log);
	int rc;

	buf_init_fixed(&log, log_bytes, sizeof(log_bytes));
	if (op_changes(head->kind)) {
		rc = change(&t, head, payload, err);
		a.data = log.data;
		a.len = log.len;
		if (rc == 0 && !head->dry) {
			subject_of(head->kind, payload, subject,
			    sizeof(subject));
			log_info("op %s%s: done", op_name(head->kind), subject);
		}
	} else {
		rc = tell(config, &t, head, payload, &a, err);
		if (rc == -1)
			a.len = 0;
	}
	*data = a.data;
	*len = a.len;
	return rc;
}
