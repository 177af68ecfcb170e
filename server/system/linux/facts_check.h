/* system/linux/facts_check.h - the doctor's findings, one by one. */
#ifndef SYSTEM_LINUX_FACTS_CHECK_H
#define SYSTEM_LINUX_FACTS_CHECK_H

#include "base/compat.h"
#include "wire/op.h"

struct tool;

/* A line more. fix is left out when the state is OP_CHECK_OK. */
void facts_check_add(struct op_facts *, const char *name, enum op_check_state,
    const char *fix, const char *fmt, ...) PRINTFLIKE(5, 6);

/* The kernel's kinds of tunnels, and whether modules may be loaded. */
void facts_kernel_check(struct op_facts *);
/* What is set up at boot. */
void facts_boot_check(const struct tool *, struct op_facts *);

#endif
