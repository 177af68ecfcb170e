/* system/linux/facts_check.h - the doctor's findings, one by one. */
#ifndef SYSTEM_LINUX_FACTS_CHECK_H
#define SYSTEM_LINUX_FACTS_CHECK_H

#include "system/facts_line.h"
#include "wire/op.h"

struct tool;

/* The kernel's kinds of tunnels, and whether modules may be loaded. */
void facts_kernel_check(struct op_facts *);
/* What is set up at boot. */
void facts_boot_check(const struct tool *, struct op_facts *);

#endif
