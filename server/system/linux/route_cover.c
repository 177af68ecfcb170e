/* system/linux/route_cover.c - addresses of a prefix that nothing covers. */
#include <string.h>

#include "base/compat.h"
#include "system/linux/route_cover.h"

void
route_cover_init(struct route_cover *c, const struct prefix *p)
{
	c->parts[0] = *p;
	c->n = 1;
}

bool
route_cover_next(struct route_cover *c, struct addr *at)
{
	if (c->n == 0)
		return false;
	*at = c->parts[c->n - 1].addr;
	return true;
}

/*
 * The part is halved again and again down to what was found; the halves
 * without it remain. The largest is left on top.
 */
void
route_cover_take(struct route_cover *c, const struct addr *at, uint8_t len)
{
	struct prefix part, half;
	int l;

	if (c->n == 0)
		return;
	part = c->parts[--c->n];
	for (l = len; l > part.len; l--) {
		/* at is the part's first address: its bit is not set. */
		half.addr = *at;
		half.addr.bytes[(l - 1) / 8] |=
		    (uint8_t)(0x80 >> ((l - 1) % 8));
		half.len = (uint8_t)l;
		if (c->n < NITEMS(c->parts))
			c->parts[c->n++] = half;
	}
}
