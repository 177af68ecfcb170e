/* engine/host_diff_key.h - TCP-MD5 keys of two host values into operations. */
#ifndef ENGINE_HOST_DIFF_KEY_H
#define ENGINE_HOST_DIFF_KEY_H

#include "engine/host_diff.h"

/* The parts of host_diff() that are about keys: what is to be there (BUILD and
 * BOOT), and what is to go (CLEAN and BOOT). */
void host_diff_key_set(const struct host *before, const struct host *after,
    enum host_phase, struct host_ops *);
void host_diff_key_drop(const struct host *before, const struct host *after,
    enum host_phase, struct host_ops *);

#endif
