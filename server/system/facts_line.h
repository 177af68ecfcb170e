/* system/facts_line.h - one line of the doctor. */
#ifndef SYSTEM_FACTS_LINE_H
#define SYSTEM_FACTS_LINE_H

#include "base/compat.h"
#include "wire/op.h"

/* Adds it; fix is left out when the state is OP_CHECK_OK. Past OP_CHECKS
 * nothing is added. */
void facts_line(struct op_facts *, const char *name, enum op_check_state,
    const char *fix, const char *fmt, ...) PRINTFLIKE(5, 6);

#endif
