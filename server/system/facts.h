/* system/facts.h - the platform, and what on it would make a change fail. */
#ifndef SYSTEM_FACTS_H
#define SYSTEM_FACTS_H

#include "wire/op.h"

struct err;
struct tool;

/* Takes up to a few hundred milliseconds: for the doctor, not for polling. */
int facts_read(const struct tool *, struct op_facts *, struct err *);

#endif
