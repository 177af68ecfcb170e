/* parent/owned.h - which tunnels and routes are ours: the list on disk. */
#ifndef PARENT_OWNED_H
#define PARENT_OWNED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct err;

/*
 * STATE_DIR/owned holds a line for each, "link gre1" or "route 2001:db8::/32",
 * sorted. It is written anew as a whole and is on disk when a change of it
 * returns: record first, then create; destroy, then drop. So what exists and
 * is not in the list was made by hand, whenever we die. A record of something
 * that does not exist does no harm.
 */

/*
 * Once at start. A missing file is an empty list; one that is not understood is
 * ERR_INVALID and names the line, and nothing can be owned until it is mended.
 */
int owned_open(const char *state_dir, struct err *);

bool owned_has_link(const char *name);
bool owned_has_route(const struct prefix *);
/* No error when it is there already, or gone already. -1: ERR_UNAVAILABLE
 * without a list, ERR_SYSTEM; the list is as it was. */
int owned_add_link(const char *name, struct err *);
int owned_add_route(const struct prefix *, struct err *);
int owned_drop_link(const char *name, struct err *);
int owned_drop_route(const struct prefix *, struct err *);

/* Every route of the list; the pointer is good until the next change. */
const struct prefix *owned_routes(size_t *n);

#endif
