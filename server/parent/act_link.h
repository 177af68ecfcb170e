/* parent/act_link.h - operations on tunnels, as far as those are ours. */
#ifndef PARENT_ACT_LINK_H
#define PARENT_ACT_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "wire/op.h"

struct err;
struct tool;

/* Running, then boot; owned is filled in. */
int act_link_list(const struct tool *, struct op_link *, size_t max, size_t *n,
    struct err *);
/* Every operation with struct op_link, under the rules of act_run. */
int act_link_change(const struct tool *, uint32_t kind, const struct op_link *,
    struct err *);
int act_link_address(const struct tool *, uint32_t kind,
    const struct op_address_of *, struct err *);

#endif
