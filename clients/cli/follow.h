/* cli/follow.h - waiting for an operation that lasts. */
#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

#include <stdbool.h>

#include "cli/client.h"
#include "cli/exits.h"

struct app;

/*
 * Listens until it has ended, whatever came of it (EXITS_DONE, with the
 * operation in the answer), and shows how far it is: one line on a terminal,
 * else (but when quiet) a line on standard error for each step. A router that
 * does not answer for a while is asked again, which is said. EXITS_RUNNING
 * after that many seconds (0: however long it takes), after Ctrl-C, or when a
 * drain is held past its time, having said that it goes on and how to follow or
 * cancel it, or that it has ended unseen. instead: what is said of one that
 * cannot be cancelled; NULL: it can.
 */
enum exits follow_operation(struct app *, const char *operation,
    unsigned within_s, bool quiet, const char *instead, struct client_answer *);

#endif
