/* tests/unit/system_paths_standin.c - tools that are on every machine. */
#include <stddef.h>

#include "system/paths.h"

static const char *const tools[] = { "/nonexistent/sh", "/bin/sh",
	"/nonexistent/gone", NULL };

const struct paths paths_default = { .tools = tools };
