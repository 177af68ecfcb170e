/* wire/op_link.c - is this tunnel what its operation may carry? */
/* names: link_check */
#include <string.h>

#include "base/err.h"
#include "wire/op.h"
#include "wire/op_check.h"

/* The members an operation uses. */
enum {
	USES_NAME = 0,
	USES_KIND = 1, /* inner too */
	USES_ENDPOINTS = 2,
	USES_MTU = 4,
	USES_DESCRIPTION = 8,
	USES_UP = 16,
	USES_ADDRESSES = 32,
	USES_TOLD = 64 /* where, owned */
};

static const unsigned told = USES_KIND | USES_ENDPOINTS | USES_MTU |
    USES_DESCRIPTION | USES_UP | USES_ADDRESSES | USES_TOLD;

static int
uses_of(uint32_t kind, unsigned *uses, struct err *err)
{
	switch (kind) {
	case OP_LINKS:
		*uses = told;
		return 0;
	case OP_LINK_CREATE:
	case OP_LINK_ENDPOINTS:
		*uses = USES_KIND | USES_ENDPOINTS;
		return 0;
	case OP_LINK_DESTROY:
	case OP_LINK_ADOPT:
	case OP_LINK_DISOWN:
	case OP_BOOT_LINK_REMOVE:
		*uses = USES_NAME;
		return 0;
	case OP_LINK_MTU:
		*uses = USES_MTU;
		return 0;
	case OP_LINK_DESCRIPTION:
		*uses = USES_DESCRIPTION;
		return 0;
	case OP_LINK_UP:
		*uses = USES_UP;
		return 0;
	case OP_BOOT_LINK_SET:
		*uses = USES_KIND | USES_ENDPOINTS | USES_MTU |
		    USES_DESCRIPTION | USES_ADDRESSES;
		return 0;
	default:
		return err_set(err, ERR_INVALID, "op %s is not about a tunnel",
		    op_name(kind));
	}
}

static int
check_kind(const struct op_link *l, struct err *err)
{
	if (l->kind != OP_LINK_GRE && l->kind != OP_LINK_GIF)
		return err_set(err, ERR_INVALID, "kind: must be gre or gif");
	if (l->inner != 0 && l->inner != 4 && l->inner != 6)
		return err_set(err, ERR_INVALID, "inner: must be 0, 4 or 6");
	return 0;
}

/* 0 is the platform's default. LINK_MTU has no kind: the wider range. */
static int
check_mtu(const struct op_link *l, struct err *err)
{
	unsigned least = l->kind == OP_LINK_GIF || l->inner == 6 ? 1280 : 576;
	unsigned most = l->kind == OP_LINK_GIF ? 8192 : 65535;

	if (l->mtu != 0 && (l->mtu < least || l->mtu > most))
		return err_set(err, ERR_INVALID,
		    "mtu: must be %u to %u, or 0 for the platform's default",
		    least, most);
	return 0;
}

static int
check_description(const struct op_link *l, struct err *err)
{
	if (!op_check_text(l->description, sizeof(l->description)))
		return err_set(err, ERR_INVALID, "description: is not a text");
	if (l->description[0] != '\0' &&
	    op_description_check(l->description, err) == -1)
		return err_prefix(err, "description");
	return 0;
}

static int
check_addresses(const struct op_link *l, struct err *err)
{
	unsigned i, j;

	if (l->n_addresses > OP_LINK_ADDRS)
		return err_set(err, ERR_INVALID, "addresses: at most %d",
		    OP_LINK_ADDRS);
	for (i = 0; i < l->n_addresses; i++) {
		if (op_address_check(&l->addresses[i], err) == -1)
			return err_prefix(err, "addresses: number %u", i + 1);
		for (j = 0; j < i; j++)
			if (addr_equal(&l->addresses[i].address,
				&l->addresses[j].address))
				return err_set(err, ERR_INVALID,
				    "addresses: number %u is there twice",
				    i + 1);
	}
	return 0;
}

static int
check_used(const struct op_link *l, unsigned uses, struct err *err)
{
	if ((uses & USES_KIND) != 0 && check_kind(l, err) == -1)
		return -1;
	if ((uses & USES_ENDPOINTS) != 0 &&
	    op_check_endpoints(&l->local, &l->remote, err) == -1)
		return -1;
	if ((uses & USES_MTU) != 0 && check_mtu(l, err) == -1)
		return -1;
	if ((uses & USES_DESCRIPTION) != 0 && check_description(l, err) == -1)
		return -1;
	if ((uses & USES_UP) != 0 && l->up > 1)
		return err_set(err, ERR_INVALID, "up: must be 0 or 1");
	if ((uses & USES_ADDRESSES) == 0)
		return 0;
	if (l->mtu_set > 1 || (l->mtu_set == 1 && l->mtu == 0))
		return err_set(err, ERR_INVALID,
		    "mtu_set: must be 0 or 1, and 1 only with an MTU");
	return check_addresses(l, err);
}

/* Whatever somebody made by hand, as long as it can be told of. */
static int
check_told(const struct op_link *l, struct err *err)
{
	if (l->where > OP_BOOT || l->owned > 1 || l->up > 1 || l->mtu_set > 1)
		return err_set(err, ERR_INVALID,
		    "where, owned, up, mtu_set: out of range");
	if (l->kind < OP_LINK_GRE || l->kind > OP_LINK_OTHER)
		return err_set(err, ERR_INVALID, "kind: out of range");
	if (!op_check_text(l->description, sizeof(l->description)))
		return err_set(err, ERR_INVALID, "description: is not a text");
	if (l->n_addresses > OP_LINK_ADDRS)
		return err_set(err, ERR_INVALID, "addresses: at most %d",
		    OP_LINK_ADDRS);
	return op_check_interface(l->name, "name", err);
}

/* All that is used and nothing else: what is left, padding too, is zero. */
static int
check_rest(const struct op_link *l, unsigned uses, struct err *err)
{
	struct op_link want;

	memset(&want, 0, sizeof(want));
	memcpy(want.name, l->name, sizeof(want.name));
	if ((uses & USES_KIND) != 0) {
		want.kind = l->kind;
		want.inner = l->inner;
	}
	if ((uses & USES_ENDPOINTS) != 0) {
		want.local = l->local;
		want.remote = l->remote;
	}
	if ((uses & USES_MTU) != 0)
		want.mtu = l->mtu;
	if ((uses & USES_DESCRIPTION) != 0)
		memcpy(want.description, l->description,
		    sizeof(want.description));
	if ((uses & USES_UP) != 0)
		want.up = l->up;
	if ((uses & USES_ADDRESSES) != 0) {
		want.mtu_set = l->mtu_set;
		want.n_addresses = l->n_addresses;
		memcpy(want.addresses, l->addresses,
		    l->n_addresses * sizeof(want.addresses[0]));
	}
	if ((uses & USES_TOLD) != 0) {
		want.where = l->where;
		want.owned = l->owned;
	}
	if (!op_same(&want, l, sizeof(want)))
		return err_set(err, ERR_INVALID,
		    "a member that is not used is not zero");
	return 0;
}

int
op_link_check(const struct op_link *l, uint32_t kind, struct err *err)
{
	unsigned uses;

	if (uses_of(kind, &uses, err) == -1)
		return -1;
	if ((uses & USES_TOLD) != 0) {
		if (check_told(l, err) == -1)
			return -1;
	} else if (op_check_tunnel(l->name, "name", err) == -1 ||
	    check_used(l, uses, err) == -1) {
		return -1;
	}
	return check_rest(l, uses, err);
}
