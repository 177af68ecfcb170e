/* parent/owned.h - which tunnels, routes and keys are ours: the list on disk.
 */
#ifndef PARENT_OWNED_H
#define PARENT_OWNED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct err;

/*
 * STATE_DIR/owned holds a line for each, "link gre1", "route 2001:db8::/32" or
 * "key 2001:db8::1 2001:db8::2" (the addresses of a session, local first),
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

/* The same for the TCP-MD5 key of two addresses, in either order. first (may be
 * NULL): which of them is the local one in the list. */
bool owned_has_key(const struct addr *local, const struct addr *remote,
    struct addr *first);
int owned_add_key(const struct addr *local, const struct addr *remote,
    struct err *);
int owned_drop_key(const struct addr *local, const struct addr *remote,
    struct err *);

/* Every route of the list; the pointer is good until the next change. */
const struct prefix *owned_routes(size_t *n);

#endif
