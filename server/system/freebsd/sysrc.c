/* system/freebsd/sysrc.c - changes to rc.conf, so that every boot works. */
#include <sys/types.h>
#include <sys/stat.h>

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/sysrc.h"
#include "system/freebsd/words.h"
#include "system/tool.h"

enum {
	FILE_MAX = 1024 * 1024,
	VALUE_MAX = 64 * 1024,
	WORD_MAX = 512,
	UNKNOWN = 1 /* sysrc's exit status for a variable that is not set */
};

/* The file before the change, and where the change is made. */
static char before_bytes[FILE_MAX], draft[TOOL_PATH_MAX];
static struct buf before;
static bool there;
static mode_t mode;
static unsigned edits;

const char *
sysrc_file(void)
{
	return draft;
}

bool
sysrc_safe(const char *text)
{
	static const char safe[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789 .:%/_,+()@#-";

	return text[strspn(text, safe)] == '\0';
}

static bool
is_name(const char *text)
{
	static const char chars[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_";

	return text[0] != '\0' && strchr("0123456789", text[0]) == NULL &&
	    text[strspn(text, chars)] == '\0';
}

/* What is there, and whether sysrc can be let loose on it. */
static int
look(const char *path, struct err *err)
{
	struct stat st;

	buf_init_fixed(&before, before_bytes, sizeof(before_bytes));
	there = lstat(path, &st) == 0;
	if (!there && errno != ENOENT)
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	mode = there ? st.st_mode & 07777 : 0644;
	if (there && S_ISLNK(st.st_mode)) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s is a symbolic link, which a change would replace by a "
		    "file: set system.rc_conf to the file it leads to",
		    path);
		return err_reason(err, "rc_conf_link");
	}
	if (there && io_read_file(path, &before, err) == -1)
		return -1;
	return rcconf_read(path, err);
}

int
sysrc_begin(const struct tool *t, struct err *err)
{
	const char *path = t->config->rc_conf;
	int n = snprintf(draft, sizeof(draft), "%s.multihomed", path);

	if (n < 0 || (size_t)n >= sizeof(draft))
		return err_set(err, ERR_INVALID, "system.rc_conf is too long");
	edits = 0;
	if (look(path, err) == -1)
		return -1;
	return t->dry ? 0 :
			io_replace_file(draft, there ? before.data : "",
			    before.len, mode, err);
}

/* Would the next boot's shell read it? */
static int
check(const struct tool *t, struct err *err)
{
	struct argv argv;

	argv_init(&argv, "/bin/sh");
	argv_opt(&argv, "-n", draft);
	if (tool_ask(t, &argv, NULL, err) == -1)
		return err_prefix(err, "%s would stop the next boot",
		    t->config->rc_conf);
	return 0;
}

static bool
is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* The file becomes the draft, at once; somebody else's change is not lost. */
static int
replace(const struct tool *t, struct err *err)
{
	static char now_bytes[FILE_MAX], new_bytes[FILE_MAX];
	const char *path = t->config->rc_conf;
	struct buf now, new;

	buf_init_fixed(&now, now_bytes, sizeof(now_bytes));
	buf_init_fixed(&new, new_bytes, sizeof(new_bytes));
	if (io_read_file(draft, &new, err) == -1 ||
	    (there && io_read_file(path, &now, err) == -1))
		return -1;
	if (is_same(&new, &before))
		return 0;
	if (!is_same(&now, &before))
		return err_set(err, ERR_CONFLICT,
		    "%s was changed by somebody else meanwhile", path);
	return io_replace_file(path, new.data, new.len, mode, err);
}

int
sysrc_end(const struct tool *t, int rc, struct err *err)
{
	bool did = false;

	if (rc == 0 && edits > 0 && !t->dry)
		rc = check(t, err);
	if (rc == 0 && edits > 0) {
		rc = t->dry ? 0 : replace(t, err);
		did = true;
	}
	if (did)
		tool_note(t, rc == -1 ? err : NULL, "mv %s %s", draft,
		    t->config->rc_conf);
	if (!t->dry)
		(void)unlink(draft);
	return rc;
}

static void
sysrc(const struct tool *t, struct argv *argv, char path[TOOL_PATH_MAX])
{
	tool_argv(t, argv, "sysrc", path);
}

/* sysrc -n -f FILE NAME: 1 and what the shell makes of it, 0: not set. */
static int
ask(const struct tool *t, const char *name, struct buf *out, struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct err why;

	sysrc(t, &argv, path);
	argv_add(&argv, "-n");
	argv_opt(&argv, "-f", draft);
	argv_add(&argv, name);
	err_clear(&why);
	if (tool_ask(t, &argv, out, &why) == -1) {
		if (why.code == ERR_TOOL && why.exit_code == UNKNOWN)
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (out->len > 0 && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	return 1;
}

static int
run_one(const struct tool *t, const char *option, const char *word,
    struct err *err)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	sysrc(t, &argv, path);
	argv_opt(&argv, "-f", draft);
	if (option != NULL)
		argv_add(&argv, option);
	argv_add(&argv, word);
	if (edits++ == 0 && there)
		tool_note(t, NULL, "cp -p %s %s", t->config->rc_conf, draft);
	return tool_run(t, &argv, NULL, false, NULL, err);
}

static int
not_applied(struct err *err, const char *name)
{
	return err_set(err, ERR_NOT_APPLIED,
	    "sysrc reported success, but %s is not so", name);
}

int
sysrc_set(const struct tool *t, const char *name, const char *value,
    struct err *err)
{
	static char bytes[VALUE_MAX];
	const char *old = rcconf_get(name);
	char word[WORD_MAX];
	struct buf now;
	int rc;

	assert(is_name(name) && sysrc_safe(value));
	if (old != NULL && strcmp(old, value) == 0)
		return 0;
	rc = snprintf(word, sizeof(word), "%s=%s", name, value);
	assert(rc > 0 && (size_t)rc < sizeof(word));
	if (run_one(t, NULL, word, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	buf_init_fixed(&now, bytes, sizeof(bytes));
	rc = ask(t, name, &now, err);
	if (rc == -1)
		return -1;
	return rc == 1 && strcmp(buf_text(&now), value) == 0 ?
	    0 :
	    not_applied(err, name);
}

/* Its words are what the shell makes of the list. */
static int
check_list(const struct tool *t, const char *list, const char *word, bool want,
    struct err *err)
{
	static char bytes[VALUE_MAX];
	struct buf now;
	int rc;

	if (t->dry)
		return 0;
	buf_init_fixed(&now, bytes, sizeof(bytes));
	rc = ask(t, list, &now, err);
	if (rc == -1)
		return -1;
	return words_has(buf_text(&now), word) == want ? 0 :
							 not_applied(err, list);
}

static int
change_list(const struct tool *t, const char *list, char sign, const char *word,
    struct err *err)
{
	char text[WORD_MAX];
	int n;

	assert(is_name(list) && sysrc_safe(word) && strchr(word, ' ') == NULL);
	n = snprintf(text, sizeof(text), "%s%c=%s", list, sign, word);
	assert(n > 0 && (size_t)n < sizeof(text));
	return run_one(t, NULL, text, err);
}

int
sysrc_add(const struct tool *t, const char *list, const char *word,
    struct err *err)
{
	const char *old = rcconf_get(list);

	if (old != NULL && words_has(old, word))
		return 0;
	if (change_list(t, list, '+', word, err) == -1)
		return -1;
	return check_list(t, list, word, true, err);
}

int
sysrc_drop(const struct tool *t, const char *list, const char *word,
    struct err *err)
{
	const char *old = rcconf_get(list);

	if (old == NULL || !words_has(old, word))
		return 0;
	/* A list that we began goes with its last word. */
	if (strcmp(old, word) == 0)
		return sysrc_remove(t, list, err);
	if (change_list(t, list, '-', word, err) == -1)
		return -1;
	return check_list(t, list, word, false, err);
}

int
sysrc_remove(const struct tool *t, const char *name, struct err *err)
{
	static char bytes[VALUE_MAX];
	struct buf now;
	int rc;

	assert(is_name(name));
	if (rcconf_get(name) == NULL)
		return 0;
	if (run_one(t, "-x", name, err) == -1)
		return -1;
	if (t->dry)
		return 0;
	buf_init_fixed(&now, bytes, sizeof(bytes));
	rc = ask(t, name, &now, err);
	if (rc == -1)
		return -1;
	/* One that /etc/defaults/rc.conf has too is empty then. */
	return rc == 0 || now.len == 0 ? 0 : not_applied(err, name);
}
