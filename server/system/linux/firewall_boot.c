/* system/linux/firewall_boot.c - the file that nft loads at boot. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "system/firewall.h"
#include "system/firewall_memory.h"
#include "system/linux/boot_dir.h"
#include "system/linux/firewall_boot.h"
#include "system/linux/firewall_render.h"

/* Without rules the file holds this alone, and takes nothing away. */
static const char head[] =
    "# The packet filter's rules that multihomed loads at boot. Written by\n"
    "# multihomed as a whole: what is changed here is lost.\n";

static char text_bytes[FIREWALL_RENDER_MAX], file_bytes[FIREWALL_RENDER_MAX];

int
firewall_boot_path(const struct tool *t, char path[TOOL_PATH_MAX],
    struct err *err)
{
	return boot_dir_path(t, "firewall.nft", path, err);
}

static bool
read_file(const struct tool *t, struct buf *b)
{
	char path[TOOL_PATH_MAX];

	buf_init_fixed(b, file_bytes, sizeof(file_bytes));
	return firewall_boot_path(t, path, NULL) == 0 &&
	    io_read_file(path, b, NULL) == 0;
}

static void
render(const struct op_firewall *f, struct buf *b)
{
	buf_init_fixed(b, text_bytes, sizeof(text_bytes));
	buf_puts(b, head);
	firewall_render(f, b);
}

static bool
is_in_file(const struct op_firewall *f, const struct buf *file)
{
	struct buf text;

	render(f, &text);
	return !text.failed && text.len == file->len &&
	    memcmp(text.data, file->data, file->len) == 0;
}

/* true: the file is the text of one of our records, or holds no rules. */
static bool
read_known(const struct tool *t, const struct buf *file, struct op_firewall *f)
{
	static const char *const names[] = { FIREWALL_MEMORY_BOOT,
		FIREWALL_MEMORY_WRITING };
	static struct firewall_memory m;
	size_t i;

	for (i = 0; i < NITEMS(names); i++) {
		if (firewall_memory_read(t, names[i], &m) &&
		    is_in_file(&m.firewall, file)) {
			*f = m.firewall;
			return true;
		}
	}
	memset(f, 0, sizeof(*f));
	return is_in_file(f, file);
}

void
firewall_boot_read(const struct tool *t, struct op_firewall *f)
{
	struct buf file;

	memset(f, 0, sizeof(*f));
	if (read_file(t, &file))
		(void)read_known(t, &file, f);
}

bool
firewall_boot_is_foreign(const struct tool *t)
{
	static struct op_firewall f;
	struct buf file;

	return read_file(t, &file) && !read_known(t, &file, &f);
}

/* Each record before and after the file: one of the two fits, whenever we
 * die. */
static int
write_all(const struct tool *t, const char *path, const struct op_firewall *f,
    struct err *err)
{
	static struct firewall_memory m;
	struct buf text, file;

	memset(&m, 0, sizeof(m));
	m.firewall = *f;
	if (firewall_memory_write(t, FIREWALL_MEMORY_WRITING, &m, err) == -1 ||
	    boot_dir_make(t, err) == -1)
		return -1;
	render(f, &text);
	if (io_replace_file(path, text.data, text.len, 0644, err) == -1)
		return -1;
	if (!read_file(t, &file) || !is_in_file(f, &file))
		return err_set(err, ERR_NOT_APPLIED,
		    "%s: what was written does not read back", path);
	return firewall_memory_write(t, FIREWALL_MEMORY_BOOT, &m, err);
}

int
firewall_boot_prepare(const struct tool *t, struct err *err)
{
	static const struct op_firewall none;
	char path[TOOL_PATH_MAX];

	if (firewall_boot_path(t, path, err) == -1)
		return -1;
	return access(path, F_OK) == 0 ? 0 : write_all(t, path, &none, err);
}

int
firewall_boot(const struct tool *t, const struct op_firewall *f,
    struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct err why;
	struct buf text;
	int rc;

	err_clear(&why);
	if (firewall_boot_path(t, path, err) == -1)
		return -1;
	render(f, &text);
	if (text.failed)
		return err_set(err, ERR_TOO_LARGE,
		    "the firewall's rules are over %d bytes",
		    FIREWALL_RENDER_MAX);
	/* Rules that do not load leave the machine without any at boot. */
	if (firewall_check(t, &text, err) == -1)
		return -1;
	if (t->dry) {
		tool_note(t, NULL, "write %s", path);
		boot_dir_show(t, text.data, text.len);
		return 0;
	}
	rc = write_all(t, path, f, &why);
	tool_note(t, rc == -1 ? &why : NULL, "write %s", path);
	if (rc == -1 && err != NULL)
		*err = why;
	return rc;
}
