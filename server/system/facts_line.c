/* system/facts_line.c - one line of the doctor. */
#include <stdarg.h>
#include <stdio.h>

#include "system/facts_line.h"

void
facts_line(struct op_facts *f, const char *name, enum op_check_state state,
    const char *fix, const char *fmt, ...)
{
	struct op_check *c;
	va_list ap;

	if (f->n_checks == OP_CHECKS)
		return;
	c = &f->checks[f->n_checks++];
	(void)snprintf(c->name, sizeof(c->name), "%s", name);
	c->state = state;
	va_start(ap, fmt);
	(void)vsnprintf(c->detail, sizeof(c->detail), fmt, ap);
	va_end(ap);
	if (state != OP_CHECK_OK)
		(void)snprintf(c->fix, sizeof(c->fix), "%s", fix);
}
