/* tests/unit/router_standin.c - the functions of engine/supervisor.h,
 * engine/persist.h and frr/frr.h that a transition needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "engine/host_diff.h"
#include "engine/persist.h"
#include "engine/supervisor.h"
#include "frr/diff.h"
#include "frr/frr.h"
#include "frr/tree.h"
#include "router_standin.h"

struct router_standin router;

void
router_standin_clear(void)
{
	frr_tree_free(&router.tree);
	host_clear(&router.host);
	buf_clear(&router.trace);
	memset(&router, 0, sizeof(router));
}

/* Writes the line down; 0: do it. 1: only say so. */
static int
trace(const char *line, struct err *err)
{
	buf_printf(&router.trace, "%s\n", line);
	if (router.fails != NULL && strcmp(line, router.fails) == 0)
		return err_set(err, ERR_TOOL, "%s failed", line);
	return router.does_not != NULL && strcmp(line, router.does_not) == 0;
}

static void
take_link(size_t which)
{
	router.host.n_links--;
	memmove(&router.host.links[which], &router.host.links[which + 1],
	    (router.host.n_links - which) * sizeof(router.host.links[0]));
}

static void
drop_link(enum op_where where, const char *name)
{
	struct op_link *link = host_link(&router.host, where, name);

	if (link != NULL)
		take_link((size_t)(link - router.host.links));
}

static void
put_link(enum op_where where, const struct op_link *from)
{
	struct host *h = &router.host;

	drop_link(where, from->name);
	h->links = mem_realloc(h->links, h->n_links + 1, sizeof(*h->links));
	h->links[h->n_links] = *from;
	h->links[h->n_links].where = (uint8_t)where;
	h->links[h->n_links++].owned = 1;
	host_sort(h);
}

static void
change_link(enum op_kind kind, const struct op_link *p)
{
	struct op_link *link = host_link(&router.host, OP_RUNNING, p->name);
	struct op_link made = *p;

	if (kind == OP_LINK_CREATE) {
		made.mtu_set = 1;
		put_link(OP_RUNNING, &made);
	} else if (kind == OP_LINK_DESTROY) {
		drop_link(OP_RUNNING, p->name);
	} else if (kind == OP_BOOT_LINK_SET) {
		put_link(OP_BOOT, p);
	} else if (kind == OP_BOOT_LINK_REMOVE) {
		drop_link(OP_BOOT, p->name);
	} else if (link != NULL && kind == OP_LINK_MTU) {
		link->mtu = p->mtu;
	} else if (link != NULL && kind == OP_LINK_UP) {
		link->up = p->up;
	}
}

static void
change_route(enum op_kind kind, const struct op_route *p)
{
	if (kind == OP_ROUTE_ADD) {
		host_set_route(&router.host, p);
		/* Of the running ones only. */
		router.host.n_routes--;
	} else {
		router.host.n_routes = 0;
	}
}

static void
add_address(const struct op_address_of *p)
{
	struct op_link *link = host_link(&router.host, OP_RUNNING, p->link);

	assert_non_null(link);
	link->addresses[link->n_addresses++] = p->address;
}

int
supervisor_ask(struct supervisor *s, enum op_kind kind, int dry,
    const void *payload, struct buf *out, struct err *err)
{
	char line[128];
	int rc;

	(void)s;
	(void)snprintf(line, sizeof(line), "%s %s", op_name(kind),
	    host_diff_object(kind, payload));
	if (dry) {
		buf_printf(out, "%s\t\n", line);
		return 0;
	}
	rc = trace(line, err);
	if (rc == -1)
		return -1;
	buf_printf(out, "%s\tok\n", line);
	if (rc == 1)
		return 0;
	if (strcmp(host_diff_subsystem(kind), "routes") == 0)
		change_route(kind, payload);
	else if (kind == OP_FIREWALL_REPLACE)
		router.host.running = *(const struct op_firewall *)payload;
	else if (kind == OP_BOOT_FIREWALL)
		router.host.boot = *(const struct op_firewall *)payload;
	else if (kind == OP_ADDRESS_ADD)
		add_address(payload);
	else
		change_link(kind, payload);
	return 0;
}

int
host_observe(struct supervisor *s, bool wait, struct host *h, struct err *err)
{
	(void)s;
	(void)wait;
	(void)err;
	host_copy(h, &router.host);
	return 0;
}

int
frr_observe_config(struct frr *frr, bool expect_bgp, struct frr_node **tree,
    struct err *err)
{
	(void)frr;
	(void)expect_bgp;
	(void)err;
	*tree = frr_tree_copy(router.tree);
	return 0;
}

int
frr_apply(struct frr *frr, const struct frr_steps *steps,
    const struct frr_node *before, struct buf *log, struct err *err)
{
	int rc = trace("frr", err);
	size_t i;

	(void)frr;
	(void)before;
	buf_puts(log, "frr\tok\n");
	for (i = 0; rc == 0 && i < 2; i++) {
		if (frr_steps_verify(steps, router.trees[i], NULL) == -1)
			continue;
		frr_tree_free(&router.tree);
		router.tree = frr_tree_copy(router.trees[i]);
		break;
	}
	return rc == -1 ? -1 : 0;
}

int
frr_clear(struct frr *frr, unsigned family, const struct addr *neighbor,
    enum frr_clear how, struct buf *log, struct err *err)
{
	char line[128], text[ADDR_TEXT_MAX];

	(void)frr;
	(void)family;
	(void)log;
	(void)snprintf(line, sizeof(line), "clear %s %s",
	    addr_print(neighbor, text),
	    how == FRR_CLEAR_SOFT_IN ? "in" : "out");
	return trace(line, err) == -1 ? -1 : 0;
}

int
persist_save(struct worker_tools *tools, const struct frr_node *running,
    unsigned may_go, struct buf *log, bool *written, struct err *err)
{
	(void)tools;
	(void)log;
	assert_non_null(running);
	router.may_go = may_go;
	if (written != NULL)
		*written = true;
	return trace("write memory", err) == -1 ? -1 : 0;
}
