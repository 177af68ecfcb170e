/* engine/token_options.h - the command line of `multihomed token`. */
#ifndef ENGINE_TOKEN_OPTIONS_H
#define ENGINE_TOKEN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/token.h"

struct err;

enum token_verb {
	TOKEN_CREATE,
	TOKEN_LIST,
	TOKEN_REVOKE,
	TOKEN_HELP
};

/* Words are borrowed from argv. */
struct token_options {
	enum token_verb verb;
	const char *database;
	const char *target; /* revoke: an id or a name */
	struct token token; /* create: what was asked for */
	bool json;
};

/*
 * argv is: "token" DATABASE create|list|revoke [OPTION...]; an option's value
 * is the next word or follows '='. -1 with the reason in words a person can
 * act on; now_ms is what --expires 30d counts from.
 */
int token_options_parse(struct token_options *, int argc, char **argv,
    int64_t now_ms, struct err *);
/* How it is called, and what the scopes mean. */
void token_options_usage(FILE *);

#endif
