/* engine/router_want.c - from a request to what the router shall be. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"
#include "base/err.h"
#include "engine/observe.h"
#include "engine/router_read.h"
#include "engine/router_want.h"
#include "model/downstream.h"
#include "model/router_order.h"
#include "wire/op.h"

static void PRINTFLIKE(4, 5)
    refuse(struct err *err, const char *member, size_t i, const char *fmt, ...)
{
	char pointer[48], text[192];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)snprintf(pointer, sizeof(pointer), "/%s/%zu", member, i);
	(void)err_field(err, pointer, "%s", text);
}

static bool
covers(const struct prefix *p, const struct prefix *q)
{
	return p->len <= q->len && prefix_contains(p, &q->addr);
}

/* --- AS, id and address -----------------------------------------------------
 */

static void
want_identity(const struct observation *o, const struct router_order *order,
    struct router_config *want, struct err *err)
{
	const char *id = order->router_id.text;
	bool bare = want->local_as == 0;
	bool needed = order->whole || order->has_prefixes ||
	    order->local_as.present || order->router_id.present;

	if (order->local_as.present && order->local_as.number == 23456)
		(void)err_field(err, "/local_as",
		    "23456 stands for AS numbers of four bytes and is nobody's "
		    "own");
	if (bare && needed && !order->local_as.present)
		(void)err_field(err, "/local_as",
		    "FRR has no \"router bgp\" yet: which AS are you?");
	if (bare && needed && !order->router_id.present)
		(void)err_field(err, "/router_id",
		    "FRR has no \"router bgp\" yet: give an IPv4 address of "
		    "this router");
	if (order->local_as.present)
		want->local_as = (uint32_t)order->local_as.number;
	/* What FRR chose by itself need not be written down. */
	if (order->router_id.present &&
	    (bare || want->router_id[0] != '\0' ||
		strcmp(id, o->router.router_id) != 0))
		(void)snprintf(want->router_id, sizeof(want->router_id),
		    "%.63s", id);
}

static bool
is_on_interface(const struct observation *o, const struct addr *a)
{
	struct addr have;
	size_t i, j;

	for (i = 0; i < o->n_interfaces; i++)
		for (j = 0; j < OP_INTERFACE_ADDRS; j++)
			if (o->interfaces[i].addrs[j][0] != '\0' &&
			    addr_parse(&have, o->interfaces[i].addrs[j],
				NULL) == 0 &&
			    addr_equal(&have, a))
				return true;
	return false;
}

/* Somebody whose traffic is translated to the address of this family. */
static const struct op_firewall_entry *
translated(const struct host *host, unsigned family)
{
	uint32_t i;

	for (i = 0; i < host->running.n_entries; i++) {
		const struct op_firewall_entry *e = &host->running.entries[i];

		if (e->nat && (e->peer.family == family || e->peer.family == 0))
			return e;
	}
	return NULL;
}

static void
want_address(const struct observation *o, const struct router_order *order,
    const struct router_config *now, struct router_config *want,
    struct err *err)
{
	const struct op_firewall_entry *e;
	char text[ADDR_TEXT_MAX];
	size_t i, n = 0;

	if (!order->has_address && !order->whole)
		return;
	for (i = 0; i < 2; i++) {
		const struct addr *a = &order->address[i];
		const struct addr *was = &now->address[i];

		want->address[i] = *a;
		if (a->family != 0 && !addr_equal(a, was) &&
		    !is_on_interface(o, a))
			refuse(err, "router_address", n,
			    "%s is on no interface of this router",
			    addr_print(a, text));
		n += a->family != 0;
		e = was->family == 0 || a->family != 0 ?
		    NULL :
		    translated(&o->host, was->family);
		if (e != NULL)
			(void)err_field(err, "/router_address",
			    "what leaves through %s is translated to %s: turn "
			    "its firewall.nat off first",
			    e->interface[0] != '\0' ? e->interface :
						      "an upstream",
			    addr_print(was, text));
	}
}

/* --- prefixes ---------------------------------------------------------------
 */

/* Two that are both there already may overlap: somebody meant it so. */
static void
check_overlap(const struct router_order *order, const struct router_config *now,
    size_t i, struct err *err)
{
	const struct prefix *p = &order->prefixes[i].prefix, *q;
	char text[PREFIX_TEXT_MAX];
	size_t j;

	if (router_find_prefix(now, p) != NULL)
		return;
	for (j = 0; j < order->n_prefixes; j++) {
		q = &order->prefixes[j].prefix;
		if (j != i && !prefix_equal(p, q) &&
		    (covers(p, q) || covers(q, p))) {
			refuse(err, "prefixes", i, "overlaps %s",
			    prefix_print(q, text));
			return;
		}
	}
}

static bool
has_interface(const struct observation *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->n_interfaces; i++)
		if (strcmp(o->interfaces[i].name, name) == 0)
			return true;
	return host_link(&o->host, OP_RUNNING, name) != NULL;
}

static void
check_prefix(const struct observation *o, const struct router_order *order,
    const struct router_config *now, size_t i, struct err *err)
{
	const struct router_prefix *p = &order->prefixes[i];
	const struct router_prefix *was = router_find_prefix(now, &p->prefix);
	char pointer[64];

	check_overlap(order, now, i, err);
	if (p->route != ROUTER_ROUTE_INTERFACE ||
	    (was != NULL && strcmp(was->interface, p->interface) == 0) ||
	    has_interface(o, p->interface))
		return;
	(void)snprintf(pointer, sizeof(pointer),
	    "/prefixes/%zu/route/interface", i);
	(void)err_field(err, pointer, "there is no interface %s", p->interface);
}

static int
compare(const void *a, const void *b)
{
	return router_read_compare(&((const struct router_prefix *)a)->prefix,
	    &((const struct router_prefix *)b)->prefix);
}

static void
want_prefixes(const struct observation *o, const struct router_order *order,
    const struct router_config *now, struct router_config *want,
    struct err *err)
{
	char text[PREFIX_TEXT_MAX];
	size_t i;

	if (!order->has_prefixes && !order->whole)
		return;
	if (!order->has_prefixes && now->n_prefixes > 0) {
		(void)err_field(err, "/prefixes",
		    "is missing, and PUT replaces everything: this would "
		    "withdraw %s%s (say [] to do that, or use PATCH)",
		    prefix_print(&now->prefixes[0].prefix, text),
		    now->n_prefixes > 1 ? " and more" : "");
		return;
	}
	for (i = 0; i < order->n_prefixes; i++)
		check_prefix(o, order, now, i, err);
	memcpy(want->prefixes, order->prefixes, sizeof(want->prefixes));
	want->n_prefixes = order->n_prefixes;
	qsort(want->prefixes, want->n_prefixes, sizeof(want->prefixes[0]),
	    compare);
}

/* What a customer was given out of a prefix keeps the prefix here. */
static int
check_downstreams(const struct observation *o, const struct router_config *now,
    const struct router_config *want, struct err *err)
{
	char text[PREFIX_TEXT_MAX];
	size_t i, j, k;

	for (i = 0; i < now->n_prefixes; i++) {
		const struct prefix *p = &now->prefixes[i].prefix;

		if (router_find_prefix(want, p) != NULL)
			continue;
		for (j = 0; j < o->n_downstreams; j++)
			for (k = 0; k < o->downstreams[j].n_prefixes; k++)
				if (covers(p, &o->downstreams[j].prefixes[k])) {
					(void)err_set(err, ERR_CONFLICT,
					    "the downstream %s has a part of "
					    "%s: remove it there first",
					    o->downstreams[j].name.s,
					    prefix_print(p, text));
					return err_reason(err, "prefix_in_use");
				}
	}
	return 0;
}

/* --- the rest ---------------------------------------------------------------
 */

static void
want_bogons(const struct router_order *order, struct router_config *want)
{
	if (!order->has_bogons && !order->whole)
		return;
	want->n_rules = 0;
	want->bogons =
	    order->has_bogons ? order->bogons : ROUTER_BOGONS_BUILTIN;
	if (want->bogons != ROUTER_BOGONS_LIST)
		return;
	memcpy(want->rules, order->rules, sizeof(want->rules));
	want->n_rules = order->n_rules;
}

int
router_want(const struct observation *o, const struct router_order *order,
    const struct router_config *now, struct router_config *want,
    struct err *err)
{
	*want = *now;
	want_identity(o, order, want, err);
	want_address(o, order, now, want, err);
	want_prefixes(o, order, now, want, err);
	want_bogons(order, want);
	if (order->kernel_routes.present || order->whole)
		want->announce_only = order->kernel_routes.present &&
		    !order->kernel_routes.null &&
		    order->kernel_routes.number == ROUTER_ORDER_ANNOUNCE_ONLY;
	if (err->code != ERR_NONE)
		return -1;
	return check_downstreams(o, now, want, err);
}
