/* system/linux/boot.c - what the machine sets up by itself: boot_dir's files.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "system/boot.h"
#include "system/linux/boot_dir.h"
#include "system/linux/boot_text.h"
#include "system/linux/firewall_boot.h"
#include "system/tool.h"

enum {
	/* A full link has 11 lines; and what others wrote. */
	BOOT_FILE_MAX = 4 * 1024 * 1024,
	BOOT_SECTION_MAX = 8192
};

static const char first_lines[] =
    "# What ip(8) sets up at boot for multihomed, in the format of ip -batch.\n"
    "# multihomed writes the sections between \"# link\" or \"# route\" and\n"
    "# \"# end\"; it keeps everything else as it is.\n";

static char old_bytes[BOOT_FILE_MAX], new_bytes[BOOT_FILE_MAX];

static int
batch_path(const struct tool *t, char path[TOOL_PATH_MAX], struct err *err)
{
	return boot_dir_path(t, "links.batch", path, err);
}

/* The file as it is; as good as empty when there is none. */
static int
read_batch(const struct tool *t, struct buf *b, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct err why;

	err_clear(&why);
	buf_init_fixed(b, old_bytes, sizeof(old_bytes));
	if (batch_path(t, path, err) == -1)
		return -1;
	if (io_read_file(path, b, &why) == 0)
		return 0;
	buf_reset(b);
	if (why.code == ERR_NOT_FOUND)
		return 0;
	if (err != NULL)
		*err = why;
	return -1;
}

static int
check_written(const struct tool *t, const struct buf *want, const char *path,
    struct err *err)
{
	struct buf b;

	if (read_batch(t, &b, err) == -1)
		return -1;
	if (b.len == want->len && memcmp(b.data, want->data, b.len) == 0)
		return 0;
	return err_set(err, ERR_NOT_APPLIED,
	    "%s: what was written does not read back", path);
}

static int
write_batch(const struct tool *t, const struct buf *b, struct err *err)
{
	char path[TOOL_PATH_MAX];

	if (batch_path(t, path, err) == -1 || boot_dir_make(t, err) == -1 ||
	    io_replace_file(path, b->data, b->len, 0644, err) == -1)
		return -1;
	return check_written(t, b, path, err);
}

static int
put_file_if_none(const char *path, const char *text, struct err *err)
{
	if (access(path, F_OK) == 0)
		return 0;
	if (errno != ENOENT)
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	return io_replace_file(path, text, strlen(text), 0644, err);
}

/* multihomed-boot does without the files; that they are there shows an
 * operator where to look. */
int
boot_prepare(const struct tool *t, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct buf b;

	if (boot_dir_make(t, err) == -1 || batch_path(t, path, err) == -1 ||
	    put_file_if_none(path, first_lines, err) == -1)
		return -1;
	if (firewall_boot_prepare(t, err) == -1)
		return -1;
	return read_batch(t, &b, err);
}

int
boot_links(const struct tool *t, struct op_link *list, size_t max, size_t *n,
    struct err *err)
{
	struct boot_section s;
	const char *at;
	struct buf b;

	*n = 0;
	if (read_batch(t, &b, err) == -1)
		return -1;
	at = b.data;
	while (*n < max && boot_text_next(&at, b.data + b.len, &s))
		if (boot_text_read_link(&s, &list[*n]))
			(*n)++;
	return 0;
}

int
boot_routes(const struct tool *t, struct op_route *list, size_t max, size_t *n,
    struct err *err)
{
	struct boot_section s;
	const char *at;
	struct buf b;

	*n = 0;
	if (read_batch(t, &b, err) == -1)
		return -1;
	at = b.data;
	while (*n < max && boot_text_next(&at, b.data + b.len, &s))
		if (boot_text_read_route(&s, &list[*n]))
			(*n)++;
	return 0;
}

static int
edit(const struct tool *t, bool is_link, const char *title, const char *body,
    struct err *err)
{
	struct buf before, after;

	if (read_batch(t, &before, err) == -1)
		return -1;
	buf_init_fixed(&after, new_bytes, sizeof(new_bytes));
	if (before.len == 0 && body != NULL)
		buf_puts(&after, first_lines);
	boot_text_edit(before.data, before.len, is_link, title, body, &after);
	if (after.failed)
		return err_set(err, ERR_TOO_LARGE,
		    "links.batch would be over %d bytes", BOOT_FILE_MAX);
	if (after.len == before.len &&
	    memcmp(after.data, before.data, after.len) == 0)
		return 0;
	return write_batch(t, &after, err);
}

/* body NULL: the section goes. */
static int
change(const struct tool *t, bool is_link, const char *title, const char *body,
    struct err *err)
{
	const char *verb = body != NULL ? "write" : "remove from";
	char path[TOOL_PATH_MAX];
	struct err why;
	int rc = 0;

	err_clear(&why);
	if (batch_path(t, path, err) == -1)
		return -1;
	if (!t->dry)
		rc = edit(t, is_link, title, body, &why);
	tool_note(t, rc == -1 ? &why : NULL, "%s %s: %s %s", verb, path,
	    is_link ? "link" : "route", title);
	if (t->dry && body != NULL)
		boot_dir_show(t, body, strlen(body));
	if (rc == -1 && err != NULL)
		*err = why;
	return rc;
}

int
boot_link_set(const struct tool *t, const struct op_link *l, struct err *err)
{
	static char bytes[BOOT_SECTION_MAX];
	struct buf body;

	buf_init_fixed(&body, bytes, sizeof(bytes));
	boot_text_link(l, &body);
	return change(t, true, l->name, buf_text(&body), err);
}

int
boot_link_remove(const struct tool *t, const char *name, struct err *err)
{
	return change(t, true, name, NULL, err);
}

int
boot_route_set(const struct tool *t, const struct op_route *r, struct err *err)
{
	static char bytes[BOOT_SECTION_MAX];
	char title[PREFIX_TEXT_MAX];
	struct buf body;

	buf_init_fixed(&body, bytes, sizeof(bytes));
	boot_text_route(r, &body);
	return change(t, false, prefix_print(&r->prefix, title),
	    buf_text(&body), err);
}

int
boot_route_remove(const struct tool *t, const struct prefix *p, struct err *err)
{
	char title[PREFIX_TEXT_MAX];

	return change(t, false, prefix_print(p, title), NULL, err);
}
