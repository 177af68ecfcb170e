/* engine/edit_wanted.c - an order laid over an upstream as it is. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/name.h"
#include "engine/edit_wanted.h"
#include "engine/observe.h"
#include "engine/prefix_list.h"
#include "frr/state.h"
#include "model/upstream.h"
#include "model/upstream_order.h"

enum {
	WARNING_PERCENT_DEFAULT = 75 /* FRR's, which it does not print */
};

/* What everything here needs. */
struct laying {
	const struct observation *o;
	const struct upstream *up; /* NULL: new */
	const struct upstream_order *order;
	struct upstream *want;
	struct err *err;
};

/* Is there something to do: a value, or the default? */
static bool
asked(const struct laying *l, const struct field_value *v)
{
	return v->present || l->order->whole;
}

static bool
given(const struct field_value *v)
{
	return v->present && !v->null;
}

static void
lay_text(const struct laying *l, const struct field_value *v, char *to,
    size_t size, const char *otherwise)
{
	const char *text = given(v) ? v->text : otherwise;

	if (!asked(l, v))
		return;
	memset(to, 0, size);
	memcpy(to, text, strnlen(text, size - 1));
}

static void
lay_number(const struct laying *l, const struct field_value *v, uint32_t *to)
{
	if (asked(l, v))
		*to = given(v) ? (uint32_t)v->number : 0;
}

static void
lay_flag(const struct laying *l, const struct field_value *v, bool *to,
    bool otherwise)
{
	if (asked(l, v))
		*to = given(v) ? v->flag : otherwise;
}

static void
lay_families(const struct laying *l)
{
	const struct field_value *v = &l->order->families;
	unsigned i;

	if (given(v) && v->number == 0)
		(void)err_field(l->err, "/families",
		    "must name at least one family");
	for (i = 0; given(v) && i < UPSTREAM_FAMILIES; i++)
		l->want->family[i] = (v->number >> i & 1) != 0;
	if (given(v) || (l->up != NULL && !v->null))
		return;
	for (i = 0; i < UPSTREAM_FAMILIES; i++)
		l->want->family[i] = i == family_of(&l->want->neighbor);
}

static void
lay_role(const struct laying *l)
{
	const struct field_value *v = &l->order->role;
	struct upstream *want = l->want;
	uint32_t local_as = l->o->router.local_as;

	want->internal = want->remote_as == local_as;
	if (given(v) && (v->number == UPSTREAM_INTERNAL) != want->internal)
		(void)err_field(l->err, "/role",
		    want->internal ?
			"must be \"internal\": AS %u is this router's own" :
			"is internal only when remote_as is this router's own "
			"AS, %u",
		    local_as);
	if (given(v))
		want->role = (enum upstream_role)v->number;
	else if (asked(l, v) ||
	    want->internal != (want->role == UPSTREAM_INTERNAL))
		want->role =
		    want->internal ? UPSTREAM_INTERNAL : UPSTREAM_TRANSIT;
}

/* The first family of the upstream in which there is no such list, or -1. */
static int
lacks_list(const struct laying *l, const char *name)
{
	struct prefix_list list;
	unsigned i;
	bool exists;

	for (i = 0; i < UPSTREAM_FAMILIES; i++) {
		if (!l->want->family[i])
			continue;
		prefix_list_read(l->o->tree, i == FAMILY_IPV4_UNICAST ? 4 : 6,
		    name, &list);
		exists = list.exists;
		prefix_list_clear(&list);
		if (!exists)
			return (int)i;
	}
	return -1;
}

static void
lay_list(const struct laying *l, const struct field_value *v, char *to,
    size_t size, const char *usual)
{
	/* null is what GET tells of none, so it means none. */
	bool fits =
	    !v->present && !l->want->internal && lacks_list(l, usual) == -1;

	lay_text(l, v, to, size, fits ? usual : "");
}

static void
check_list(const struct laying *l, const char *name, const char *pointer)
{
	int lacks = name[0] == '\0' ? -1 : lacks_list(l, name);

	if (lacks != -1)
		(void)err_field(l->err, pointer,
		    "this router has no %s prefix list %s",
		    lacks == FAMILY_IPV4_UNICAST ? "ip" : "ipv6", name);
}

static void
lay_maximum_prefix(const struct laying *l)
{
	const struct upstream_order *o = l->order;
	struct maximum_prefix *max = &l->want->maximum_prefix;

	if (!asked(l, &o->maximum_prefix))
		return;
	if (!given(&o->maximum_prefix)) {
		memset(max, 0, sizeof(*max));
		return;
	}
	if (o->maximum_prefix_limit.present)
		max->limit = (uint32_t)o->maximum_prefix_limit.number;
	lay_number(l, &o->maximum_prefix_warning, &max->warning_percent);
	lay_number(l, &o->maximum_prefix_restart, &max->restart_minutes);
	if (max->warning_percent == WARNING_PERCENT_DEFAULT)
		max->warning_percent = 0;
	if (max->limit == 0)
		(void)err_field(l->err, "/import/maximum_prefix/limit",
		    "is missing");
}

static void
lay_tcp_md5(const struct laying *l)
{
	const struct upstream_order *o = l->order;

	if (o->tcp_md5.present && o->tcp_md5.null)
		l->want->tcp_md5 = false;
	else if (o->tcp_md5_key.present)
		l->want->tcp_md5 = true;
	if (o->tcp_md5_set.present && o->tcp_md5_set.flag != l->want->tcp_md5)
		(void)err_field(l->err, "/tcp_md5/set", "is %s: %s",
		    l->want->tcp_md5 ? "true" : "false",
		    l->want->tcp_md5 ?
			"say \"tcp_md5\": null to remove the key" :
			"say which with \"tcp_md5\": {\"key\": ...}");
}

static void
lay_policy(const struct laying *l)
{
	const struct upstream_order *o = l->order;
	struct upstream *want = l->want;

	lay_list(l, &o->import_prefix_list, want->import_prefix_list,
	    sizeof(want->import_prefix_list), "PL-BOGONS");
	lay_list(l, &o->export_prefix_list, want->export_prefix_list,
	    sizeof(want->export_prefix_list), "PL-MY-NET");
	if (asked(l, &o->local_preference))
		want->has_local_preference = given(&o->local_preference);
	lay_number(l, &o->local_preference, &want->local_preference);
	if (asked(l, &o->as_path_prepend))
		want->as_path_prepend = given(&o->as_path_prepend) ?
		    (unsigned)o->as_path_prepend.number :
		    0;
	lay_flag(l, &o->soft_reconfiguration, &want->soft_reconfiguration,
	    true);
	lay_maximum_prefix(l);
}

/* As FRR prints it, so that it compares. */
static void
lay_local_address(const struct laying *l)
{
	struct upstream *want = l->want;
	struct addr a;

	lay_text(l, &l->order->local_address, want->local_address,
	    sizeof(want->local_address), "");
	if (addr_parse(&a, want->local_address, NULL) == 0)
		(void)addr_print(&a, want->local_address);
}

static void
lay_all(const struct laying *l)
{
	const struct upstream_order *o = l->order;
	struct upstream *want = l->want;

	lay_text(l, &o->description, want->description,
	    sizeof(want->description), "");
	if (o->remote_as.present)
		want->remote_as = (uint32_t)o->remote_as.number;
	if (o->neighbor.present)
		(void)addr_parse(&want->neighbor, o->neighbor.text, NULL);
	lay_role(l);
	lay_families(l);
	lay_local_address(l);
	lay_number(l, &o->ebgp_multihop, &want->ebgp_multihop);
	if (want->ebgp_multihop == 1)
		want->ebgp_multihop = 0; /* FRR's default, not printed */
	lay_flag(l, &o->next_hop_self, &want->next_hop_self, false);
	lay_number(l, &o->capacity_mbps, &want->capacity_mbps);
	lay_policy(l);
	lay_tcp_md5(l);
}

/* The interface of this router that has the address, or NULL. */
static const char *
owner_of(const struct observation *o, const struct addr *a)
{
	struct addr other;
	size_t i, j;

	for (i = 0; i < o->n_interfaces; i++)
		for (j = 0; j < OP_INTERFACE_ADDRS; j++)
			if (addr_parse(&other, o->interfaces[i].addrs[j],
				NULL) == 0 &&
			    addr_equal(&other, a))
				return o->interfaces[i].name;
	return NULL;
}

static void
check_neighbor(const struct laying *l)
{
	const struct addr *neighbor = &l->want->neighbor;
	const char *interface = owner_of(l->o, neighbor);

	if (l->up != NULL && addr_equal(&l->up->neighbor, neighbor))
		return;
	if (addr_is_link_local(neighbor))
		(void)err_field(l->err, "/neighbor",
		    "must not be a link-local address");
	if (interface != NULL)
		(void)err_field(l->err, "/neighbor",
		    "is an address of this router itself (on %s)", interface);
}

static void
check_local_address(const struct laying *l, bool tunnel)
{
	const struct upstream *want = l->want;
	const char *text = want->local_address;
	char neighbor[ADDR_TEXT_MAX];
	struct addr local;

	if (text[0] == '\0' ||
	    (l->up != NULL && strcmp(text, l->up->local_address) == 0 &&
		addr_equal(&l->up->neighbor, &want->neighbor)))
		return;
	if (addr_parse(&local, text, NULL) == -1) {
		(void)err_field(l->err, "/local_address",
		    "must be an address of this router, not an interface");
		return;
	}
	(void)addr_print(&want->neighbor, neighbor);
	if (local.family != want->neighbor.family)
		(void)err_field(l->err, "/local_address",
		    "must be of the family of the neighbor, %s", neighbor);
	else if (addr_equal(&local, &want->neighbor))
		(void)err_field(l->err, "/local_address",
		    "is the neighbor's own address");
	else if (!tunnel && owner_of(l->o, &local) == NULL)
		(void)err_field(l->err, "/local_address",
		    "is not an address of this router");
}

static void
check_internal(const struct laying *l)
{
	const struct upstream *want = l->want;

	if (!want->internal)
		return;
	if (want->as_path_prepend > 0 &&
	    (l->up == NULL || l->order->as_path_prepend.present ||
		!l->up->internal))
		(void)err_field(l->err, "/export/as_path_prepend",
		    "%s is internal: prepending is for other AS", want->name.s);
	if (want->ebgp_multihop != 0 &&
	    (l->up == NULL || l->order->ebgp_multihop.present ||
		!l->up->internal))
		(void)err_field(l->err, "/ebgp_multihop",
		    "%s is internal: this is for other AS", want->name.s);
}

/* Will there be a tunnel? */
static bool
with_tunnel(const struct laying *l)
{
	const struct field_value *v = &l->order->tunnel.tunnel;

	if (asked(l, v))
		return given(v);
	return l->want->tunnel.present;
}

/* A list is looked for where it is new, or new to a family. */
static bool
lists_changed(const struct laying *l, const char *was, const char *is)
{
	return l->up == NULL || strcmp(was, is) != 0 ||
	    memcmp(l->up->family, l->want->family, sizeof(l->want->family)) !=
	    0;
}

static int
check_exists(const struct laying *l)
{
	const struct upstream *other =
	    adopt_find_neighbor(&l->o->upstreams, &l->want->neighbor);
	char text[ADDR_TEXT_MAX];

	if (other == NULL ||
	    (l->up != NULL && addr_equal(&other->neighbor, &l->up->neighbor)))
		return 0;
	(void)err_set(l->err, ERR_CONFLICT,
	    "the neighbor %s exists already: it is the upstream %s",
	    addr_print(&other->neighbor, text), other->name.s);
	return err_reason(l->err, "neighbor_exists");
}

int
edit_wanted(const struct observation *o, const struct upstream *up,
    const struct name *name, const struct upstream_order *order,
    struct upstream *want, struct err *err)
{
	struct laying l = { o, up, order, want, err };

	err_clear(err);
	if (up != NULL)
		*want = *up;
	else
		memset(want, 0, sizeof(*want));
	want->name = *name;
	if (order->name.present && strcmp(order->name.text, name->s) != 0)
		(void)err_field(err, "/name",
		    "must be %s, as in the path: there is no renaming",
		    name->s);
	lay_all(&l);
	check_neighbor(&l);
	check_local_address(&l, with_tunnel(&l));
	check_internal(&l);
	if (lists_changed(&l, up == NULL ? "" : up->import_prefix_list,
		want->import_prefix_list))
		check_list(&l, want->import_prefix_list, "/import/prefix_list");
	if (lists_changed(&l, up == NULL ? "" : up->export_prefix_list,
		want->export_prefix_list))
		check_list(&l, want->export_prefix_list, "/export/prefix_list");
	return err->code == ERR_NONE ? check_exists(&l) : -1;
}
