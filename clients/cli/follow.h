/* cli/follow.h - an operation that lasts, watched until it ends. */
#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

#include <jansson.h>

#include "cli/exits.h"

struct app;

/*
 * On a terminal one line that changes, else a line for each change. Ctrl-C
 * and the end of --timeout leave the operation running and say how to follow
 * or cancel it: EXITS_RUNNING, as when it is held. EXITS_DONE or EXITS_FAILED
 * when it has ended; *operation (the caller's, may be NULL) is its last state.
 */
enum exits follow_operation(struct app *, const char *id, json_t **operation);

#endif
