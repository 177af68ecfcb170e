/* system/freebsd/unit.c - gre0, gif7: names of cloned tunnels. */
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "system/freebsd/unit.h"
#include "wire/op.h"

enum {
	UNIT_MAX = 32767, /* IF_MAXUNIT: 32768 is "No space left on device" */
	GRE_MTU = 1476,
	GRE_MTU_MIN = 576,
	GRE_MTU_MAX = 65535,
	GIF_MTU = 1280,
	GIF_MTU_MIN = 1280,
	GIF_MTU_MAX = 8192
};

static const char *
kind_name(uint8_t kind)
{
	return kind == OP_LINK_GRE ? "gre" : "gif";
}

uint8_t
unit_kind(const char *name)
{
	uint8_t kind;
	uint32_t unit;

	if (strncmp(name, "gre", 3) == 0)
		kind = OP_LINK_GRE;
	else if (strncmp(name, "gif", 3) == 0)
		kind = OP_LINK_GIF;
	else
		return 0;
	name += 3;
	/* gre01 is "Invalid argument". */
	if (number_parse_u32(&unit, name, 0, UNIT_MAX, NULL) == -1 ||
	    (name[0] == '0' && name[1] != '\0'))
		return 0;
	return kind;
}

int
unit_check(const char *name, uint8_t kind, struct err *err)
{
	if (kind != 0 && unit_kind(name) == kind)
		return 0;
	return err_field(err, "/tunnel/interface",
	    "on FreeBSD a %s tunnel is called %s0 to %s%d, not \"%s\"",
	    kind_name(kind), kind_name(kind), kind_name(kind), UNIT_MAX, name);
}

uint32_t
unit_default_mtu(uint8_t kind)
{
	return kind == OP_LINK_GRE ? GRE_MTU : GIF_MTU;
}

int
unit_mtu_check(uint8_t kind, uint32_t mtu, struct err *err)
{
	uint32_t min = kind == OP_LINK_GRE ? GRE_MTU_MIN : GIF_MTU_MIN;
	uint32_t max = kind == OP_LINK_GRE ? GRE_MTU_MAX : GIF_MTU_MAX;

	if (mtu >= min && mtu <= max)
		return 0;
	return err_field(err, "/tunnel/mtu",
	    "FreeBSD's %s takes an MTU of %u to %u, not %u", kind_name(kind),
	    min, max, mtu);
}

const char *
unit_module(uint8_t kind)
{
	return kind == OP_LINK_GRE ? "if_gre" : "if_gif";
}
