/* cli/change.h - making, changing or removing one thing on the router. */
#ifndef CLI_CHANGE_H
#define CLI_CHANGE_H

#include <stdbool.h>

#include <jansson.h>

#include "cli/client.h"
#include "cli/exits.h"

struct app;

struct change {
	const char *method; /* "PUT" */
	const char *kind;   /* "upstream", "downstream", "router" */
	const char *name;   /* NULL: the router itself */
	const char *done;   /* "added" */
	json_t *body;       /* borrowed; NULL for DELETE */
	bool only_new;      /* PUT: refuse when there is one already */
	bool plan;          /* only show what it would do */
};

/* --dry-run, or a command that begins with plan. */
bool change_is_plan(const struct app *);
/* --if-match; a shell takes an ETag's own quotes away: they are put back.
 * free() it; NULL when not given. */
enum exits change_etag(struct app *, char **etag);
/*
 * The path of the resource: free() it. NULL after a complaint about the name.
 */
char *change_path(struct app *, const char *kind, const char *name);
/* Adds the options that every change takes, sends it, says what went wrong. */
enum exits change_send(struct app *, const struct change *,
    struct client_answer *);
/* Tells what it did, or would do (not with --json). */
enum exits change_print(struct app *, const struct change *,
    const json_t *answer);
/* The two together. */
enum exits change_make(struct app *, const struct change *);

#endif
