/* system/freebsd/link_read.c - tunnels as they are now, from ifconfig. */
/* names: link */
#include <string.h>

#include "base/err.h"
#include "system/freebsd/ifconfig.h"
#include "system/freebsd/link_read.h"
#include "system/freebsd/words.h"
#include "system/link.h"
#include "system/tool.h"

enum {
	/* Some 700 bytes for each tunnel with its addresses. */
	ALL_MAX = 2 * 1024 * 1024,
	ONE_MAX = 64 * 1024,
	NAMES_MAX = 17 * OP_INTERFACES_MAX
};

int
link_list(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	static char text[ALL_MAX];
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;

	*n = 0;
	buf_init_fixed(&out, text, sizeof(text));
	/* Without a name in it this never loads a module. */
	tool_argv(t, &argv, "ifconfig", path);
	argv_add(&argv, "-a");
	if (tool_ask(t, &argv, &out, err) == -1)
		return -1;
	*n = ifconfig_parse(out.len > 0 ? out.data : text, list, max);
	return 0;
}

int
link_exists(const struct tool *t, const char *name, struct err *err)
{
	static char text[NAMES_MAX];
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;

	buf_init_fixed(&out, text, sizeof(text));
	tool_argv(t, &argv, "ifconfig", path);
	argv_add(&argv, "-l");
	if (tool_ask(t, &argv, &out, err) == -1)
		return -1;
	return words_has(buf_text(&out), name);
}

int
link_read(const struct tool *t, const char *name, struct op_link *link,
    struct err *err)
{
	static char text[ONE_MAX];
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf out;

	buf_init_fixed(&out, text, sizeof(text));
	text[0] = '\0';
	tool_argv(t, &argv, "ifconfig", path);
	/* A missing gre in a query would load the module. */
	argv_opt(&argv, "-n", name);
	if (tool_ask(t, &argv, &out, err) == -1)
		return err_prefix(err, "reading %s", name);
	if (ifconfig_parse(text, link, 1) != 1 || strcmp(link->name, name) != 0)
		return err_set(err, ERR_NOT_FOUND, "there is no tunnel %s",
		    name);
	return 0;
}
