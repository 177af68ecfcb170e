/* http/head.h - is this request head one that we pass on? */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "http/problem.h"

struct conn;
struct MHD_Connection;

struct head_limits {
	uint32_t body_max;
	uint32_t header_max;
};

struct head_refusal {
	enum problem_kind kind;
	const char *detail; /* a literal */
};

/*
 * Everything that frame_request_read or HTTP itself would refuse, and more
 * strictly than libmicrohttpd where two readers might disagree on where a
 * request ends. True: fills c->header (and c->request_id when the client gave
 * a good one). False: *why.
 */
bool head_check(struct conn *, struct MHD_Connection *, const char *method,
    const char *version, const struct head_limits *, struct head_refusal *why);

#endif
