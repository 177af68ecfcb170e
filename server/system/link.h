/* system/link.h - tunnels of the running system. */
#ifndef SYSTEM_LINK_H
#define SYSTEM_LINK_H

#include <stddef.h>

#include "wire/op.h"

struct err;
struct tool;

/*
 * Every tunnel there is (kind OTHER for those of other kinds that are worth
 * telling: none on most systems), where OP_RUNNING, owned 0. Cheap: asked every
 * second. gre0, sit0 and what else the kernel makes by itself are not told.
 */
int link_list(const struct tool *, struct op_link *, size_t max, size_t *n,
    struct err *);
/* Any interface of this name, tunnel or not: 1, 0, or -1 when it cannot be
 * told. */
int link_exists(const struct tool *, const char *name, struct err *);
/* The payload is checked (op_link_check). Each reads back what it did. A
 * create that fails half way removes what it made. */
int link_create(const struct tool *, const struct op_link *, struct err *);
int link_endpoints(const struct tool *, const struct op_link *, struct err *);
int link_destroy(const struct tool *, const struct op_link *, struct err *);
int link_mtu(const struct tool *, const struct op_link *, struct err *);
int link_description(const struct tool *, const struct op_link *, struct err *);
int link_up(const struct tool *, const struct op_link *, struct err *);
int link_address_add(const struct tool *, const struct op_address_of *,
    struct err *);
int link_address_remove(const struct tool *, const struct op_address_of *,
    struct err *);

#endif
