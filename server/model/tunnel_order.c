/* model/tunnel_order.c - the member "tunnel" of a request. */
#include <stddef.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/name.h"
#include "model/tunnel_order.h"

enum {
	MTU_MIN = 576, /* what every IPv4 host must take */
	MTU_MAX = 9216
};

static const char *const kind_names[] = { "gre", "gif", NULL };

static bool
is_zero(const struct addr *a, unsigned from, unsigned to)
{
	for (; from < to; from++)
		if (a->bytes[from] != 0)
			return false;
	return true;
}

static bool
is_usable(const struct addr *a)
{
	if (a->family == 4)
		return a->bytes[0] != 0 && a->bytes[0] != 127 &&
		    a->bytes[0] < 224;
	/* ::, ::1 and the IPv4 addresses written as IPv6; ff00::/8. */
	return !is_zero(a, 0, 10) && a->bytes[0] != 0xff;
}

int
tunnel_order_check_address(const char *text, struct err *err)
{
	struct addr a;

	if (addr_parse(&a, text, err) == -1)
		return -1;
	if (!is_usable(&a))
		return err_set(err, ERR_INVALID,
		    "must be the address of one machine: not a loopback, "
		    "multicast or unspecified one");
	if (addr_is_link_local(&a))
		return err_set(err, ERR_INVALID,
		    "must not be a link-local address");
	return 0;
}

static int
check_interface(const char *text, struct err *err)
{
	struct if_name name;

	return name_parse_tunnel(&name, text, err);
}

#define AT(member) offsetof(struct tunnel_order, member)

/* clang-format off */
static const struct field members[] = {
	{ .name = "kind", .kind = FIELD_ENUM, .offset = AT(kind),
	  .names = kind_names },
	{ .name = "interface", .kind = FIELD_TEXT, .offset = AT(interface),
	  .nullable = true, .check = check_interface },
	{ .name = "local", .kind = FIELD_TEXT, .offset = AT(local),
	  .check = tunnel_order_check_address },
	{ .name = "remote", .kind = FIELD_TEXT, .offset = AT(remote),
	  .check = tunnel_order_check_address },
	{ .name = "prefix_length", .kind = FIELD_UINT,
	  .offset = AT(prefix_length), .nullable = true, .min = 1, .max = 128 },
	{ .name = "mtu", .kind = FIELD_UINT, .offset = AT(mtu),
	  .nullable = true, .min = MTU_MIN, .max = MTU_MAX },
	{ .name = NULL }
};

const struct field tunnel_order_fields[] = {
	{ .name = "tunnel", .kind = FIELD_OBJECT, .offset = AT(tunnel),
	  .nullable = true, .members = members },
	{ .name = NULL }
};
/* clang-format on */
