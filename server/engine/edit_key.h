/* engine/edit_key.h - the TCP-MD5 key of a session: FRR's and the kernel's. */
#ifndef ENGINE_EDIT_KEY_H
#define ENGINE_EDIT_KEY_H

#include <stdbool.h>

struct change_key;
struct err;
struct observation;
struct target;
struct upstream;

/*
 * Another key for an upstream that has one. gentle: the kernel's alone, which
 * ERR_CONFLICT "no_kernel_keys" refuses where FRR's sockets hold the keys; else
 * FRR's password too. ERR_CONFLICT "no_key" when none is set, "peer_group" when
 * it is the group's, "key_not_ours" when the kernel's was made by hand and
 * adopt is false.
 */
int edit_key(const struct observation *, const struct upstream *,
    const struct change_key *, struct target *, struct err *);

/*
 * Of an upstream that is made, changed (have, want) or removed (want NULL): the
 * kernel's keys follow it. key NULL: as it was. After the lines in FRR.
 */
int edit_key_below(const struct observation *, const struct upstream *have,
    const struct upstream *want, const char *key, bool adopt, struct target *,
    struct err *);

#endif
