/* cli/confirm.h - the change that waits for its confirmation. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "cli/client.h"
#include "cli/exits.h"

struct app;

/* Which one waits: free() it. EXITS_FAILED and a word when none does. */
enum exits confirm_find(struct app *, char **operation);
/* what: "confirm" or "cancel". Over a connection of its own. */
enum exits confirm_send(struct app *, const char *operation, const char *what,
    struct client_answer *);

#endif
