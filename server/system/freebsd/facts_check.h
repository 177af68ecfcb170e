/* system/freebsd/facts_check.h - lines of the doctor, and what they need. */
#ifndef SYSTEM_FREEBSD_FACTS_CHECK_H
#define SYSTEM_FREEBSD_FACTS_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "system/facts_line.h"
#include "system/tool.h"
#include "wire/op.h"

/* sysctl -n NAME as one line; false when it cannot be told. */
bool facts_check_sysctl(const struct tool *, const char *name, char *out,
    size_t size);
bool facts_check_module(const struct tool *, const char *name);

/* The parts; each adds its lines. rcconf_read has been called. */
void facts_check_modules(const struct tool *, struct op_facts *);
void facts_check_pf(const struct tool *, struct op_facts *);
void facts_check_boot(const struct tool *, struct op_facts *);
void facts_check_keys(const struct tool *, struct op_facts *);

#endif
