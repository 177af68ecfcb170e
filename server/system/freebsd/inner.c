/* system/freebsd/inner.c - inner addresses as ifconfig writes and reads them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "system/freebsd/inner.h"

/* The other host of a /30 or /31; false for other lengths and for those
 * addresses of a /30 that no host has. */
static bool
other_end(const struct op_address *a, struct addr *peer)
{
	*peer = a->address;
	if (a->prefix_length == 31) {
		peer->bytes[3] ^= 1;
		return true;
	}
	if (a->prefix_length != 30 || (peer->bytes[3] & 3) == 0 ||
	    (peer->bytes[3] & 3) == 3)
		return false;
	peer->bytes[3] ^= 3;
	return true;
}

static void
print_mask(uint8_t length, char *out, size_t size)
{
	uint32_t mask = length == 0 ? 0 : UINT32_MAX << (32 - length);

	(void)snprintf(out, size, "%u.%u.%u.%u", mask >> 24, mask >> 16 & 255,
	    mask >> 8 & 255, mask & 255);
}

int
inner_print(const struct op_address *a, struct inner_words *w, struct err *err)
{
	struct addr peer = a->peer;

	w->n = 0;
	(void)addr_print(&a->address, w->address);
	if (a->address.family == 4 && peer.family == 0 && !other_end(a, &peer))
		return err_field(err, "/tunnel/prefix_length",
		    "on FreeBSD an IPv4 tunnel needs the address of its other "
		    "end: use 32 (point to point), 31 or 30 with %s",
		    w->address);
	w->v[w->n++] = a->address.family == 4 ? "inet" : "inet6";
	w->v[w->n++] = w->address;
	if (peer.family != 0)
		w->v[w->n++] = addr_print(&peer, w->peer);
	if (a->address.family == 4) {
		print_mask(a->prefix_length, w->length, sizeof(w->length));
		w->v[w->n++] = "netmask";
	} else {
		(void)snprintf(w->length, sizeof(w->length), "%u",
		    a->prefix_length);
		w->v[w->n++] = "prefixlen";
	}
	w->v[w->n++] = w->length;
	return 0;
}

/* IPv4's other end inside the prefix says nothing that the prefix does not. */
static bool
follows(const struct addr *address, const struct addr *peer, uint8_t length)
{
	uint8_t bits;
	size_t i;

	if (address->family != 4 || length >= 32)
		return false;
	for (i = 0; i < 4 && length > 0; i++) {
		bits = length >= 8 ? 8 : length;
		if ((address->bytes[i] ^ peer->bytes[i]) >> (8 - bits) != 0)
			return false;
		length = (uint8_t)(length - bits);
	}
	return true;
}

bool
inner_make(const struct addr *address, const struct addr *peer, uint8_t length,
    struct op_address *out)
{
	uint8_t max = address->family == 4 ? 32 : 128;

	memset(out, 0, sizeof(*out));
	if (address->family == 0 || length > max ||
	    (peer->family != 0 && peer->family != address->family))
		return false;
	out->address = *address;
	out->prefix_length = length;
	if (peer->family != 0 && !follows(address, peer, length)) {
		out->peer = *peer;
		out->prefix_length = max;
	}
	return true;
}

bool
inner_equal(const struct op_address *a, const struct op_address *b)
{
	return addr_equal(&a->address, &b->address) &&
	    a->peer.family == b->peer.family &&
	    (a->peer.family == 0 || addr_equal(&a->peer, &b->peer)) &&
	    a->prefix_length == b->prefix_length;
}

bool
inner_mask(const char *text, uint8_t *length)
{
	struct addr dotted;
	uint32_t mask = 0;
	char *end;
	size_t i;

	if (strncmp(text, "0x", 2) == 0) {
		if (strlen(text) != 10)
			return false;
		mask = (uint32_t)strtoul(text + 2, &end, 16);
		if (*end != '\0')
			return false;
	} else {
		if (addr_parse(&dotted, text, NULL) == -1 || dotted.family != 4)
			return false;
		for (i = 0; i < 4; i++)
			mask = mask << 8 | dotted.bytes[i];
	}
	for (*length = 0; *length < 32 && (mask & 0x80000000U) != 0;
	     (*length)++)
		mask <<= 1;
	return mask == 0;
}
