/* system/freebsd/firewall_boot.h - the anchor's file, which pf.conf loads. */
#ifndef SYSTEM_FREEBSD_FIREWALL_BOOT_H
#define SYSTEM_FREEBSD_FIREWALL_BOOT_H

#include <stdbool.h>

#include "system/tool.h"

struct err;
struct op_firewall;

/* boot_dir/pf.anchor */
int firewall_boot_path(const struct tool *, char path[TOOL_PATH_MAX],
    struct err *);
/* The file is there, with a comment when it never was: a missing one stops
 * pf.conf from loading at all, which leaves a router without rules. */
int firewall_boot_prepare(const struct tool *, struct err *);
/* What the file holds, when it is as we wrote it; else zeros. */
void firewall_boot_read(const struct tool *, struct op_firewall *);
/* Does the main rule set refer to our anchor? (firewall.c) */
int firewall_attached(const struct tool *, bool *filter, bool *nat,
    struct err *);
/* Is pf on? -1 and ERR_TOOL when its module is not loaded. (firewall.c) */
int firewall_enabled(const struct tool *, bool *, struct err *);

#endif
