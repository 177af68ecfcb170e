/* model/policy.h - a session's clear, as a request asks it. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/fields.h"

struct err;

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
