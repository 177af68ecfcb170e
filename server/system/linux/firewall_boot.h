/* system/linux/firewall_boot.h - the file that nft loads at boot. */
#ifndef SYSTEM_LINUX_FIREWALL_BOOT_H
#define SYSTEM_LINUX_FIREWALL_BOOT_H

#include <stdbool.h>

#include "system/tool.h"

struct err;
struct op_firewall;

/* boot_dir/firewall.nft */
int firewall_boot_path(const struct tool *, char path[TOOL_PATH_MAX],
    struct err *);
/* Where there is none, one without rules is written: as it would be after the
 * last rule has gone. */
int firewall_boot_prepare(const struct tool *, struct err *);
/* What the file holds, when it is as we wrote it; else zeros. */
void firewall_boot_read(const struct tool *, struct op_firewall *);
/* Has somebody else written it? false when there is none. */
bool firewall_boot_is_foreign(const struct tool *);
/* nft -c: would these rules load? (firewall.c) */
int firewall_check(const struct tool *, const struct buf *text, struct err *);

#endif
