/* model/rotation_order.h - a rotation of a TCP-MD5 key as a request wants it */
#ifndef MODEL_ROTATION_ORDER_H
#define MODEL_ROTATION_ORDER_H

#include <stddef.h>

#include "model/fields.h"
#include "model/order_options.h"

struct err;

enum rotation_method {
	ROTATION_GENTLE, /* the kernel's keys alone: the session stays up */
	ROTATION_RESET   /* FRR's password, which resets the session */
};
extern const char *const rotation_order_methods[];

enum {
	ROTATION_VERIFY_S = 180, /* when verify_within_s is not given */
	ROTATION_AHEAD_MAX_S = 400 * 24 * 3600
};

/* POST /v1/upstreams/{name}/tcp-md5/rotations. */
struct rotation_order {
	struct order_options options; /* reason, ticket and adopt of it */
	struct field_value id;  /* of its operation, if the client chooses it */
	struct field_value key; /* one of these two: wipe it */
	struct field_value generate;
	struct field_value at; /* RFC 3339; absent: now */
	struct field_value verify_within_s;
	struct field_value drain_first;
	struct field_value method; /* enum; absent: gentle where possible */
	struct field_value with;   /* the router at the other end, ours too */
};

/* ERR_INVALID or ERR_UNPROCESSABLE as fields_read. */
int rotation_order_read(struct rotation_order *, const char *json, size_t len,
    struct err *);

#endif
