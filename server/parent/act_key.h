/* parent/act_key.h - operations on TCP-MD5 keys, as far as those are ours. */
#ifndef PARENT_ACT_KEY_H
#define PARENT_ACT_KEY_H

#include <stddef.h>
#include <stdint.h>

struct err;
struct op_key;
struct tool;

/* Running and boot, whose they are said. */
int act_key_list(const struct tool *, struct op_key *, size_t max, size_t *n,
    struct err *);
/*
 * ERR_CONFLICT "key_exists" where somebody else has a key for the pair,
 * "key_not_ours" where it is to go, "key_unclear" where one to adopt is not
 * whole.
 */
int act_key_change(const struct tool *, uint32_t kind, const struct op_key *,
    struct err *);

#endif
