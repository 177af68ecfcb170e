/* cli/body.h - request bodies from options and files. */
#ifndef CLI_BODY_H
#define CLI_BODY_H

#include <jansson.h>

#include "cli/exits.h"

struct app;

/* Each kind of resource has options of its own. */
enum body_of {
	BODY_UPSTREAM,
	BODY_DOWNSTREAM,
	BODY_ROUTER
};

/* The value's place in the body: members joined by dots, made as needed.
 * Takes value. */
void body_put(json_t *body, const char *path, json_t *value);
/*
 * Adds to body what options of this kind were given. EXITS_USAGE after having
 * said what is wrong; what only the router can know is left to it.
 */
enum exits body_read_options(struct app *, enum body_of, json_t *body);
/* An object from a file, "-" for standard input; NULL after a complaint. */
json_t *body_read_file(struct app *, const char *path);
/* --reason, --ticket, --shared, --allow-reset, --adopt, --confirm. */
enum exits body_add_options(struct app *, json_t *body);
/* The same as a query ("?a=b&c=d", "" for none) for DELETE: free() it. NULL
 * after a complaint. dry: dry_run too. */
char *body_query(struct app *, bool dry);

#endif
