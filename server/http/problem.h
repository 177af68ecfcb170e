/* http/problem.h - what http itself refuses, as RFC 9457 documents. */
#ifndef HTTP_PROBLEM_H
#define HTTP_PROBLEM_H

#include <stdint.h>

struct buf;

/* clang-format off */
#define PROBLEMS(X) \
	X(PROBLEM_MALFORMED,    400, "invalid",                0, "Bad Request") \
	X(PROBLEM_SLOW,         408, "request_timeout",        0, "Request Timeout") \
	X(PROBLEM_TOO_LARGE,    413, "too_large",              0, "Content Too Large") \
	X(PROBLEM_LONG_TARGET,  414, "target_too_long",        0, "URI Too Long") \
	X(PROBLEM_STREAMS,      429, "too_many_streams",       5, "Too Many Requests") \
	X(PROBLEM_LONG_HEADERS, 431, "headers_too_large",      0, "Request Header Fields Too Large") \
	X(PROBLEM_CODING,       501, "unsupported",            0, "Not Implemented") \
	X(PROBLEM_NO_ENGINE,    503, "engine_unavailable",     1, "Service Unavailable") \
	X(PROBLEM_SLOW_ENGINE,  503, "engine_timeout",         5, "Service Unavailable") \
	X(PROBLEM_STOPPING,     503, "stopping",               5, "Service Unavailable") \
	X(PROBLEM_BUSY,         503, "busy",                   1, "Service Unavailable") \
	X(PROBLEM_CONNECTIONS,  503, "too_many_connections",   1, "Service Unavailable")
/* clang-format on */

struct problem {
	uint16_t status;
	uint16_t retry_after_s; /* 0: not told */
	const char *code;
	const char *title; /* also the reason phrase */
};

#define PROBLEM_ENUM(id, status, code, retry, title) id,
enum problem_kind {
	PROBLEMS(PROBLEM_ENUM) PROBLEM_COUNT
};

extern const struct problem problems[PROBLEM_COUNT];

/* The JSON document. detail and request_id must need no JSON escapes: they
 * are our own literals, or checked to be A-Za-z0-9._- */
void problem_print(struct buf *, const struct problem *, const char *detail,
    const char *request_id);
/* A whole HTTP/1.1 answer that ends the connection, for where libmicrohttpd
 * cannot be asked: before it has the connection, or in mid-upload. */
void problem_print_answer(struct buf *, const struct problem *,
    const char *detail, const char *request_id);

#endif
