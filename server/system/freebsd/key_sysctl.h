/* system/freebsd/key_sysctl.h - which of two associations the kernel uses. */
#ifndef SYSTEM_FREEBSD_KEY_SYSCTL_H
#define SYSTEM_FREEBSD_KEY_SYSCTL_H

#include <stdbool.h>

struct tool;

/* net.key.preferred_oldsa is 1: the older one is used, and is the one that a
 * delete takes. False as well when it cannot be told. */
bool key_sysctl_prefers_old(const struct tool *);

#endif
