/* api/request.h - one request on the main thread, and who sent it. */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/token.h"
#include "wire/frame.h"

struct db;
struct err;
struct parts;
struct route;

enum {
	REQUEST_ARG_MAX = 256,
	REQUEST_ID_MAX = 72,
	REQUEST_QUERY_MAX = 8
};

struct request_query {
	char name[32];
	char value[256];
};

struct request {
	struct parts *parts;
	struct db *db;       /* the main thread's own connection */
	uint64_t id;         /* of the frame */
	unsigned generation; /* of the frame socket */
	const struct frame_request *frame; /* only while the handler runs */
	char method[16];
	char path[FRAME_TARGET_MAX + 1]; /* as received, without the query */
	char arg[REQUEST_ARG_MAX];       /* what {name} stood for, decoded */
	struct request_query query[REQUEST_QUERY_MAX];
	unsigned n_query;
	char request_id[REQUEST_ID_MAX];
	char peer_text[ADDR_TEXT_MAX];
	bool has_peer; /* false: the UNIX socket */
	struct addr peer;
	const struct token *token; /* NULL where none is needed */
};

/*
 * Copies method, path, query, peer and request id out of the frame; makes an
 * id when the client's is missing or not 1-64 of A-Za-z0-9._-. ERR_INVALID:
 * a path or query that cannot be decoded, or a query member twice.
 */
int request_read(struct request *, struct err *);
/* The query member's value, NULL when absent. */
const char *request_query_value(const struct request *, const char *name);
/* ERR_INVALID naming the first member that is not in the NULL-ended list. */
int request_query_check(const struct request *, const char *const *known,
    struct err *);
/* A header as a C string in out; "" when absent. */
void request_header(const struct request *, enum frame_request_header,
    char *out, size_t size);
/* Percent-decodes n bytes; -1 for a bad escape, a control byte, or no room. */
int request_decode(char *out, size_t size, const char *in, size_t n);
/* true/false of a query flag; ERR_INVALID for any other word. */
int request_flag(const struct request *, const char *name, bool *out,
    struct err *);

#endif
