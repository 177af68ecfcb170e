/* model/tunnel_order.h - the member "tunnel" of a request. */
#ifndef MODEL_TUNNEL_ORDER_H
#define MODEL_TUNNEL_ORDER_H

#include "model/fields.h"

/*
 * What of {"kind", "interface", "local", "remote", "prefix_length", "mtu"} was
 * given; each is well-formed by itself, what they mean together is looked at
 * by engine/edit_tunnel.h. kind's number is an enum tunnel_kind minus 1.
 */
struct tunnel_order {
	struct field_value tunnel; /* present; null: none is wanted */
	struct field_value kind;
	struct field_value interface; /* null: the next free one */
	struct field_value local;
	struct field_value remote;
	struct field_value prefix_length; /* null: the default */
	struct field_value mtu;           /* null: the default */
};

/* For the table of an order that has such a member:
 * { .name = "", .kind = FIELD_ALSO, .base = offsetof(struct X, tunnel),
 *   .members = tunnel_order_fields }: the member "tunnel", nullable. */
extern const struct field tunnel_order_fields[];

struct err;
/* For struct field's check: an address that could be another machine's or our
 * own on the Internet (no loopback, multicast, unspecified or zone). */
int tunnel_order_check_address(const char *, struct err *);

#endif
