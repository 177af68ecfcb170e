/* api/routes.h - every route with its method, scope and handler in a row. */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct reply;
struct request;

/* 0: reply is filled in. -1: err says why not. ROUTES_LATER: a worker will
 * answer. */
typedef int route_handler(struct request *, struct reply *, struct err *);
enum {
	ROUTES_LATER = 1
};

/* What a token that is limited to some upstreams may do with a route. */
enum route_sees {
	ROUTE_ANY,  /* nothing of an upstream, or the handler looks itself */
	ROUTE_NAME, /* the argument is an upstream's name */
	ROUTE_WHOLE /* tells of all upstreams: not for such a token */
};

struct route {
	const char *method;
	/* "{name}" stands for one segment, "{prefix}" for all that is left. */
	const char *path;
	unsigned scope; /* enum token_scope; 0: no token needed */
	enum route_sees sees;
	route_handler *handler;
};

/*
 * The row of this method and raw path; decodes the argument into arg. NULL:
 * allow lists the methods of the path's other rows, "" when there are none
 * (404). HEAD finds the rows of GET.
 */
const struct route *routes_find(const char *method, const char *path, char *arg,
    size_t arg_size, char *allow, size_t allow_size);
/* Prints "METHOD path scope" for each row: for tests/check/contract. */
void routes_print(void);

#endif
