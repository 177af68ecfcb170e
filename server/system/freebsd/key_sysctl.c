/* system/freebsd/key_sysctl.c - which of two associations the kernel uses. */
#include <string.h>

#include "base/buf.h"
#include "system/freebsd/key_sysctl.h"
#include "system/tool.h"

bool
key_sysctl_prefers_old(const struct tool *t)
{
	char path[TOOL_PATH_MAX], value[32];
	struct argv argv;
	struct buf out;

	buf_init_fixed(&out, value, sizeof(value));
	tool_argv(t, &argv, "sysctl", path);
	argv_opt(&argv, "-n", "net.key.preferred_oldsa");
	return tool_ask(t, &argv, &out, NULL) == 0 &&
	    strcmp(buf_text(&out), "1\n") == 0;
}
