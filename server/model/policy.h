/* model/policy.h - a change of an upstream's policy, as a request asks it. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/fields.h"

struct err;

enum {
	POLICY_PREPEND_MAX = 10,
	POLICY_REASON_MAX = 200,
	POLICY_TICKET_MAX = 64
};

/*
 * PATCH /v1/upstreams/{name}. Members that are absent are left alone (merge
 * patch, RFC 7396); null means FRR's default, or none for a description.
 * shared, reason and ticket are of the request, not of the upstream.
 */
struct policy_order {
	struct field_value description;
	struct field_value local_preference;
	struct field_value as_path_prepend;
	struct field_value shared;
	struct field_value reason;
	struct field_value ticket;
};

int policy_order_read(struct policy_order *, const char *json, size_t len,
    struct err *);
/* True when no member of the upstream is named at all. */
bool policy_order_is_empty(const struct policy_order *);

/* POST /v1/sessions/{address}/clear. */
enum policy_soft {
	POLICY_SOFT_IN,
	POLICY_SOFT_OUT,
	POLICY_SOFT_BOTH,
	POLICY_SOFT_NONE
};
struct policy_clear {
	struct field_value soft; /* null or absent: a hard clear */
	struct field_value reason;
	struct field_value ticket;
};

int policy_clear_read(struct policy_clear *, const char *json, size_t len,
    struct err *);
enum policy_soft policy_clear_soft(const struct policy_clear *);
/* "in", "out", "both", or NULL for a hard clear. */
const char *policy_soft_name(enum policy_soft);

#endif
