/* system/linux/boot_dir.c - the directory of our boot files. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "system/linux/boot_dir.h"

int
boot_dir_path(const struct tool *t, const char *name, char path[TOOL_PATH_MAX],
    struct err *err)
{
	int n =
	    snprintf(path, TOOL_PATH_MAX, "%s/%s", t->config->boot_dir, name);

	if (n > 0 && n < TOOL_PATH_MAX)
		return 0;
	return err_set(err, ERR_INVALID, "system.boot_dir is too long");
}

int
boot_dir_make(const struct tool *t, struct err *err)
{
	if (mkdir(t->config->boot_dir, 0755) == -1 && errno != EEXIST)
		return err_set_errno(err, ERR_SYSTEM, "mkdir %s",
		    t->config->boot_dir);
	return 0;
}

void
boot_dir_show(const struct tool *t, const char *text, size_t n)
{
	const char *end = text + n, *newline;

	if (t->log == NULL)
		return;
	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (newline == NULL)
			newline = end;
		/* All or nothing of a line: the log is cut, never broken. */
		if (t->log->len + (size_t)(newline - text) + 3 > t->log->max)
			return;
		buf_puts(t->log, "< ");
		buf_add(t->log, text, (size_t)(newline - text));
		buf_putc(t->log, '\n');
	}
}
