/* wire/op_check.c - the checks that payloads of different kinds share. */
/* names: check */
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/name.h"
#include "wire/op.h"
#include "wire/op_check.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

bool
op_check_zero(const void *bytes, size_t size)
{
	const unsigned char *p = bytes;
	size_t i;

	for (i = 0; i < size; i++)
		if (p[i] != 0)
			return false;
	return true;
}

bool
op_check_text(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	return len < size && op_check_zero(text + len, size - len);
}

int
op_check_interface(const char name[16], const char *what, struct err *err)
{
	struct if_name parsed;

	if (!op_check_text(name, 16))
		return err_set(err, ERR_INVALID, "%s: is not a text", what);
	if (if_name_parse(&parsed, name, err) == -1)
		return err_prefix(err, "%s", what);
	return 0;
}

int
op_check_tunnel(const char name[16], const char *what, struct err *err)
{
	struct if_name parsed;

	if (op_check_interface(name, what, err) == -1)
		return -1;
	if (name_parse_tunnel(&parsed, name, err) == -1)
		return err_prefix(err, "%s", what);
	return 0;
}

int
op_description_check(const char *text, struct err *err)
{
	struct line_text parsed;

	if (strnlen(text, OP_DESCRIPTION_MAX) < OP_DESCRIPTION_MAX &&
	    text[strspn(text, UPPER LOWER DIGITS " .,:_+/()@#-")] != '\0')
		return err_set(err, ERR_INVALID,
		    "only A-Z a-z 0-9 blank . , : _ + / ( ) @ # -: it is also "
		    "written to a file that is executed at boot");
	if (text[0] == '-')
		return err_set(err, ERR_INVALID, "must not start with -");
	/* 1 to 80 of them, no # first, single blanks inside only. */
	return line_text_parse(&parsed, text, err);
}

/* One of the bytes' own: prints and parses to itself. */
static bool
is_canonical(const struct addr *a)
{
	char text[ADDR_TEXT_MAX];
	struct addr again;

	if ((a->family != 4 && a->family != 6) ||
	    !op_check_text(a->zone, sizeof(a->zone)))
		return false;
	(void)addr_print(a, text);
	return addr_parse(&again, text, NULL) == 0 &&
	    memcmp(&again, a, sizeof(again)) == 0;
}

/* Why this is no ordinary address, NULL: it is one. */
static const char *
peculiar(const struct addr *a)
{
	static const uint8_t zero[16];
	static const uint8_t loopback[16] = { [15] = 1 };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *b = a->bytes;

	if (memcmp(b, zero, sizeof(zero)) == 0)
		return "the unspecified address";
	if (a->family == 4) {
		if (b[0] == 127)
			return "a loopback address";
		if (b[0] == 0 || b[0] >= 240)
			return "a reserved address";
		return b[0] >= 224 ? "a multicast address" : NULL;
	}
	if (memcmp(b, loopback, sizeof(loopback)) == 0)
		return "the loopback address";
	if (memcmp(b, mapped, sizeof(mapped)) == 0)
		return "an IPv4 address in IPv6 form";
	return b[0] == 0xff ? "a multicast address" : NULL;
}

int
op_check_unicast(const struct addr *a, unsigned may, const char *what,
    struct err *err)
{
	bool local4 =
	    a->family == 4 && a->bytes[0] == 169 && a->bytes[1] == 254;
	const char *why;

	if ((may & OP_CHECK_MAY_NONE) != 0 && op_check_zero(a, sizeof(*a)))
		return 0;
	if (!is_canonical(a))
		return err_set(err, ERR_INVALID, "%s: is not an address", what);
	why = peculiar(a);
	if (why != NULL)
		return err_set(err, ERR_INVALID, "%s: is %s", what, why);
	if (!local4 && !addr_is_link_local(a))
		return 0;
	if ((may & (OP_CHECK_MAY_LINK_LOCAL | OP_CHECK_MAY_ZONE)) == 0)
		return err_set(err, ERR_INVALID, "%s: is a link-local address",
		    what);
	if ((may & OP_CHECK_MAY_LINK_LOCAL) != 0 && a->zone[0] != '\0')
		return err_set(err, ERR_INVALID,
		    "%s: must be without %%%s: the link says it", what,
		    a->zone);
	if ((may & OP_CHECK_MAY_ZONE) != 0 && !local4 && a->zone[0] == '\0')
		return err_set(err, ERR_INVALID,
		    "%s: is a link-local address and needs its %%interface",
		    what);
	if (a->zone[0] != '\0')
		return op_check_interface(a->zone, what, err);
	return 0;
}

int
op_check_prefix(const struct prefix *p, const char *what, struct err *err)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix again;

	if (!is_canonical(&p->addr) || p->addr.zone[0] != '\0')
		return err_set(err, ERR_INVALID, "%s: is not a prefix", what);
	if (p->len == 0)
		return err_set(err, ERR_INVALID,
		    "%s: the default route is never ours", what);
	(void)prefix_print(p, text);
	if (prefix_parse(&again, text, true, err) == -1)
		return err_prefix(err, "%s", what);
	return 0;
}

int
op_check_endpoints(const struct addr *local, const struct addr *remote,
    struct err *err)
{
	if (op_check_unicast(local, 0, "local", err) == -1 ||
	    op_check_unicast(remote, 0, "remote", err) == -1)
		return -1;
	if (local->family != remote->family)
		return err_set(err, ERR_INVALID,
		    "remote: is not of the family of local");
	if (addr_equal(local, remote))
		return err_set(err, ERR_INVALID, "remote: is equal to local");
	return 0;
}

int
op_address_check(const struct op_address *a, struct err *err)
{
	unsigned full = a->address.family == 4 ? 32 : 128;

	if (op_check_unicast(&a->address, OP_CHECK_MAY_LINK_LOCAL, "address",
		err) == -1 ||
	    op_check_unicast(&a->peer,
		OP_CHECK_MAY_LINK_LOCAL | OP_CHECK_MAY_NONE, "peer", err) == -1)
		return -1;
	if (a->prefix_length == 0 || a->prefix_length > full)
		return err_set(err, ERR_INVALID,
		    "prefix_length: must be 1 to %u", full);
	if (a->peer.family == 0)
		return 0;
	if (a->peer.family != a->address.family)
		return err_set(err, ERR_INVALID,
		    "peer: is not of the family of address");
	if (a->prefix_length != full)
		return err_set(err, ERR_INVALID,
		    "prefix_length: must be %u with a peer", full);
	if (addr_equal(&a->peer, &a->address))
		return err_set(err, ERR_INVALID, "peer: is equal to address");
	return 0;
}

int
op_address_of_check(const struct op_address_of *a, struct err *err)
{
	if (op_check_tunnel(a->link, "link", err) == -1)
		return -1;
	return op_address_check(&a->address, err);
}
