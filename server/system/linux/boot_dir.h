/* system/linux/boot_dir.h - the directory of our boot files. */
#ifndef SYSTEM_LINUX_BOOT_DIR_H
#define SYSTEM_LINUX_BOOT_DIR_H

#include <stddef.h>

#include "system/tool.h"

struct err;

/* boot_dir/NAME */
int boot_dir_path(const struct tool *, const char *name,
    char path[TOOL_PATH_MAX], struct err *);
/* Makes it, when it is not there. */
int boot_dir_make(const struct tool *, struct err *);
/* In a plan: the lines that would be written, each behind "< ". */
void boot_dir_show(const struct tool *, const char *text, size_t n);

#endif
