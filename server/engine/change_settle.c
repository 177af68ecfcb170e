/* engine/change_settle.c - for a change that nobody waits for. */
#include <stddef.h>

#include "engine/change_settle.h"

int
change_settle_nothing(void *arg, struct db *db,
    const struct change_result *result, const struct err *failure,
    const char **reply, struct err *err)
{
	(void)arg;
	(void)db;
	(void)result;
	(void)failure;
	(void)err;
	*reply = NULL;
	return 0;
}
