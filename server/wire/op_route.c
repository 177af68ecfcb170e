/* wire/op_route.c - is this route what its operation may carry? */
/* names: route_check */
#include <string.h>

#include "base/err.h"
#include "wire/op.h"
#include "wire/op_check.h"

/* What the system keeps for itself, and a route of ours would break. */
static int
check_ordinary(const struct prefix *p, struct err *err)
{
	const uint8_t *b = p->addr.bytes;
	static const uint8_t loopback[16] = { [15] = 1 };
	const char *why = NULL;

	if (p->addr.family == 4) {
		if (b[0] == 127)
			why = "loopback addresses";
		else if (b[0] >= 224 && b[0] < 240)
			why = "multicast addresses";
	} else if (b[0] == 0xff) {
		why = "multicast addresses";
	} else if (addr_is_link_local(&p->addr)) {
		why = "link-local addresses";
	} else if (p->len == 128 &&
	    memcmp(b, loopback, sizeof(loopback)) == 0) {
		why = "the loopback address";
	}
	if (why != NULL)
		return err_set(err, ERR_INVALID, "prefix: is one of %s", why);
	return 0;
}

static int
check_gateway(const struct op_route *r, struct err *err)
{
	if (op_check_unicast(&r->gateway, OP_CHECK_MAY_ZONE, "gateway", err) ==
	    -1)
		return -1;
	if (r->gateway.family != r->prefix.addr.family)
		return err_set(err, ERR_INVALID,
		    "gateway: is not of the family of the prefix");
	if (r->prefix.len == (r->gateway.family == 4 ? 32 : 128) &&
	    addr_equal(&r->gateway, &r->prefix.addr))
		return err_set(err, ERR_INVALID,
		    "gateway: is what the route leads to");
	return 0;
}

static int
check_whole(const struct op_route *r, struct err *err)
{
	switch (r->kind) {
	case OP_ROUTE_GATEWAY:
		if (check_gateway(r, err) == -1)
			return -1;
		break;
	case OP_ROUTE_INTERFACE:
		if (op_check_interface(r->interface, "interface", err) == -1)
			return -1;
		break;
	case OP_ROUTE_BLACKHOLE:
	case OP_ROUTE_REJECT:
		break;
	default:
		return err_set(err, ERR_INVALID,
		    "kind: must be gateway, interface, blackhole or reject");
	}
	return check_ordinary(&r->prefix, err);
}

/* Whatever somebody made by hand, as long as it can be told of. */
static int
check_told(const struct op_route *r, struct err *err)
{
	if (r->where > OP_BOOT || r->owned > 1)
		return err_set(err, ERR_INVALID, "where, owned: out of range");
	if (r->kind < OP_ROUTE_GATEWAY || r->kind > OP_ROUTE_OTHER)
		return err_set(err, ERR_INVALID, "kind: out of range");
	if (!op_check_text(r->interface, sizeof(r->interface)) ||
	    !op_check_text(r->gateway.zone, sizeof(r->gateway.zone)))
		return err_set(err, ERR_INVALID, "interface: is not a text");
	return 0;
}

static int
check_rest(const struct op_route *r, int is_told, int is_whole, struct err *err)
{
	struct op_route want;

	memset(&want, 0, sizeof(want));
	want.prefix = r->prefix;
	if (is_whole || is_told)
		want.kind = r->kind;
	if (is_told || (is_whole && r->kind == OP_ROUTE_GATEWAY))
		want.gateway = r->gateway;
	if (is_told || (is_whole && r->kind == OP_ROUTE_INTERFACE))
		memcpy(want.interface, r->interface, sizeof(want.interface));
	if (is_told) {
		want.where = r->where;
		want.owned = r->owned;
	}
	if (memcmp(&want, r, sizeof(want)) != 0)
		return err_set(err, ERR_INVALID,
		    "a member that is not used is not zero");
	return 0;
}

int
op_route_check(const struct op_route *r, uint32_t kind, struct err *err)
{
	int is_told = kind == OP_ROUTES;
	int is_whole = kind == OP_ROUTE_ADD || kind == OP_ROUTE_REMOVE ||
	    kind == OP_BOOT_ROUTE_SET;

	if (!is_told && !is_whole && kind != OP_ROUTE_FIND &&
	    kind != OP_ROUTE_ADOPT && kind != OP_ROUTE_DISOWN &&
	    kind != OP_BOOT_ROUTE_REMOVE)
		return err_set(err, ERR_INVALID, "op %s is not about a route",
		    op_name(kind));
	if (op_check_prefix(&r->prefix, "prefix", err) == -1 ||
	    (is_whole && check_whole(r, err) == -1) ||
	    (is_told && check_told(r, err) == -1))
		return -1;
	return check_rest(r, is_told, is_whole, err);
}

bool
op_route_same(const struct op_route *a, const struct op_route *b)
{
	if (a->kind != b->kind || !prefix_equal(&a->prefix, &b->prefix))
		return false;
	if (a->kind == OP_ROUTE_GATEWAY)
		return addr_equal(&a->gateway, &b->gateway);
	if (a->kind == OP_ROUTE_INTERFACE)
		return strcmp(a->interface, b->interface) == 0;
	return true;
}
