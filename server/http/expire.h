/* http/expire.h - time limits, and clients that hang up while we wait. */
#ifndef HTTP_EXPIRE_H
#define HTTP_EXPIRE_H

#include <stdint.h>

#include "http/problem.h"

struct conn;
struct server;

/*
 * Applies what is due at s->now_ms; returns when to come back, INT64_MAX for
 * never:
 *   idle       request_timeout_s without a request line: closed
 *   receiving  request_timeout_s after its request line: 408, closed
 *   waiting    reply_timeout_s: 503 engine_timeout; hung up: cancelled
 *   sending    reply_timeout_s to take the whole answer: closed
 */
int64_t expire_run(struct server *);
/* Shuts the connection down; libmicrohttpd notices and frees it. */
void expire_close(struct server *, struct conn *);
/* All that have no request under way. */
void expire_idle(struct server *);
/* All that wait for the engine are refused. */
void expire_waiting(struct server *, enum problem_kind, const char *detail);

#endif
