/* system/boot.h - what the machine sets up by itself after a reboot. */
#ifndef SYSTEM_BOOT_H
#define SYSTEM_BOOT_H

#include <stddef.h>

#include "wire/op.h"

struct err;
struct tool;

/* Once at the parent's start: our boot files exist and are whole (an empty one
 * where the boot needs it), so that no boot fails for want of them. */
int boot_prepare(const struct tool *, struct err *);
/* where OP_BOOT. FreeBSD: every gre and gif of rc.conf, also hand-written. */
int boot_links(const struct tool *, struct op_link *, size_t max, size_t *n,
    struct err *);
int boot_routes(const struct tool *, struct op_route *, size_t max, size_t *n,
    struct err *);
/* set replaces what is there for this link or prefix and keeps everything else
 * byte for byte; remove of what is not there is no error. Each either writes
 * the whole new file or leaves the old one, and reads it back. */
int boot_link_set(const struct tool *, const struct op_link *, struct err *);
int boot_link_remove(const struct tool *, const char *name, struct err *);
int boot_route_set(const struct tool *, const struct op_route *, struct err *);
int boot_route_remove(const struct tool *, const struct prefix *, struct err *);
/*
 * TCP-MD5 keys, where the kernel keeps them (system/key.h). owned 0, also for
 * hand-written ones. set may make ready besides what loads them at boot.
 * disown leaves the lines, as if they had been written by hand.
 */
int boot_keys(const struct tool *, struct op_key *, size_t max, size_t *n,
    struct err *);
int boot_key_set(const struct tool *, const struct op_key *, struct err *);
int boot_key_remove(const struct tool *, const struct op_key *, struct err *);
int boot_key_disown(const struct tool *, const struct op_key *, struct err *);

#endif
