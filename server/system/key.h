/* system/key.h - TCP-MD5 keys that the kernel keeps by address. */
#ifndef SYSTEM_KEY_H
#define SYSTEM_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/op.h"

struct err;
struct tool;

/* False: each socket has its own key, which is FRR's business. Then there are
 * no keys to tell, and to set or remove one is ERR_UNSUPPORTED. */
bool key_is_kept(void);
/*
 * Every pair of addresses that has a key, where OP_RUNNING, owned 0; pairs with
 * link-local addresses are not told. Cheap: asked every second.
 */
int key_list(const struct tool *, struct op_key *, size_t max, size_t *n,
    struct err *);
/*
 * Sets both directions, whatever is there for the pair. Where a key is there
 * already, no moment is without one (or the log says that there was). Read
 * back.
 */
int key_set(const struct tool *, const struct op_key *, struct err *);
/* Both directions; it is no error when they are gone already. Read back. */
int key_remove(const struct tool *, const struct op_key *, struct err *);
int key_counters(const struct tool *, struct op_key_counters *, struct err *);

#endif
