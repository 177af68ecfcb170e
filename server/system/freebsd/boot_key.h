/* system/freebsd/boot_key.h - where the keys for the next boot are. */
#ifndef SYSTEM_FREEBSD_BOOT_KEY_H
#define SYSTEM_FREEBSD_BOOT_KEY_H

#include "system/tool.h"

/* ipsec_file of rc.conf, which has been read; /etc/ipsec.conf where that says
 * nothing (the one beside rc.conf with stand-in tools). */
void boot_key_path(const struct tool *, char path[TOOL_PATH_MAX]);

#endif
