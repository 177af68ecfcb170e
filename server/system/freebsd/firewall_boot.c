/* system/freebsd/firewall_boot.c - the anchor's file, which pf.conf loads. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "system/firewall.h"
#include "system/firewall_memory.h"
#include "system/freebsd/firewall_boot.h"

enum {
	TEXT_MAX = OP_FIREWALL_LISTING
};

static const char header[] =
    "# Written by multihomed; changes made here are lost. pf.conf has\n"
    "# load anchor \"multihomed\" from this file: it must not be removed.\n";

int
firewall_boot_path(const struct tool *t, char path[TOOL_PATH_MAX],
    struct err *err)
{
	int n =
	    snprintf(path, TOOL_PATH_MAX, "%s/pf.anchor", t->config->boot_dir);

	if (n > 0 && n < TOOL_PATH_MAX)
		return 0;
	return err_set(err, ERR_INVALID, "system.boot_dir is too long");
}

static int
write_file(const struct tool *t, const char *path, const struct buf *text,
    struct err *err)
{
	if (mkdir(t->config->boot_dir, 0755) == -1 && errno != EEXIST)
		return err_set_errno(err, ERR_SYSTEM, "mkdir %s",
		    t->config->boot_dir);
	return io_replace_file(path, text->data, text->len, 0600, err);
}

int
firewall_boot_prepare(const struct tool *t, struct err *err)
{
	static char bytes[sizeof(header)];
	char path[TOOL_PATH_MAX];
	struct stat st;
	struct buf text;

	if (firewall_boot_path(t, path, err) == -1)
		return -1;
	if (stat(path, &st) == 0)
		return 0;
	if (errno != ENOENT)
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	buf_init_fixed(&text, bytes, sizeof(bytes));
	buf_puts(&text, header);
	return write_file(t, path, &text, err);
}

/* pfctl reads the file as it does at boot, and loads nothing. */
static int
check_file(const struct tool *t, const struct buf *text, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "pfctl", path);
	argv_add(&argv, "-n");
	argv_opt(&argv, "-a", "multihomed");
	argv_opt(&argv, "-f", "-");
	return tool_run(t, &argv, text, true, NULL, err);
}

static void
log_lines(const struct tool *t, const char *path, const struct buf *text)
{
	const char *p = buf_text(text), *end;

	tool_note(t, NULL, "write %s", path);
	for (; *p != '\0'; p = end + (*end == '\n')) {
		end = p + strcspn(p, "\n");
		if (t->log != NULL) {
			buf_puts(t->log, "< ");
			buf_add(t->log, p, (size_t)(end - p));
			buf_putc(t->log, '\n');
		}
	}
}

static int
read_back(const char *path, const struct buf *text, struct err *err)
{
	static char bytes[TEXT_MAX];
	struct buf b;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (io_read_file(path, &b, err) == -1)
		return -1;
	if (b.len != text->len || memcmp(b.data, text->data, b.len) != 0)
		return err_set(err, ERR_NOT_APPLIED,
		    "%s does not hold what was written to it", path);
	return 0;
}

int
firewall_boot(const struct tool *t, const struct op_firewall *f,
    struct err *err)
{
	static struct firewall_memory memory;
	static char bytes[TEXT_MAX];
	char path[TOOL_PATH_MAX];
	struct buf text;

	buf_init_fixed(&text, bytes, sizeof(bytes));
	buf_puts(&text, header);
	firewall_render(f, &text);
	if (text.failed)
		return err_set(err, ERR_TOO_LARGE,
		    "the rules are more than %d bytes", TEXT_MAX);
	if (firewall_boot_path(t, path, err) == -1)
		return -1;
	if (t->dry) {
		log_lines(t, path, &text);
		return 0;
	}
	/* Before it is there: a file that does not load would leave the router
	 * without any rules after the next boot. */
	if (check_file(t, &text, err) == -1)
		return err_prefix(err, "not written to %s", path);
	memory.firewall = *f;
	firewall_memory_digest(&memory, text.data, text.len);
	/* Whenever we die, one of the two records is that of the file. */
	if (firewall_memory_write(t, FIREWALL_MEMORY_WRITING, &memory, err) ==
	    -1)
		return -1;
	if (write_file(t, path, &text, err) == -1 ||
	    read_back(path, &text, err) == -1) {
		tool_note(t, err, "write %s", path);
		return -1;
	}
	tool_note(t, NULL, "write %s", path);
	return firewall_memory_write(t, FIREWALL_MEMORY_BOOT, &memory, err);
}

void
firewall_boot_read(const struct tool *t, struct op_firewall *f)
{
	static const char *const names[] = { FIREWALL_MEMORY_BOOT,
		FIREWALL_MEMORY_WRITING };
	static struct firewall_memory memory, now;
	static char bytes[TEXT_MAX];
	char path[TOOL_PATH_MAX];
	struct buf b;
	size_t i;

	memset(f, 0, sizeof(*f));
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (firewall_boot_path(t, path, NULL) == -1 ||
	    io_read_file(path, &b, NULL) == -1)
		return;
	firewall_memory_digest(&now, b.data, b.len);
	for (i = 0; i < 2; i++) {
		(void)firewall_memory_read(t, names[i], &memory);
		if (strcmp(memory.digest, now.digest) == 0) {
			*f = memory.firewall;
			return;
		}
	}
}
