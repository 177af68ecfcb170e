/* system/freebsd/boot_key.c - keys that setkey loads at boot: ipsec.conf. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "system/boot.h"
#include "system/freebsd/boot_key.h"
#include "system/freebsd/ipsec_conf.h"
#include "system/freebsd/ipsec_edit.h"
#include "system/freebsd/key_pair.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/sysrc.h"

enum {
	TEXT_MAX = 1024 * 1024
};

/* No heap on the way of an operation. Wiped after each. */
static char old_bytes[TEXT_MAX], new_bytes[TEXT_MAX];
static struct ipsec_conf conf;

void
boot_key_path(const struct tool *t, char path[TOOL_PATH_MAX])
{
	const char *file = rcconf_get("ipsec_file");
	const char *slash = strrchr(t->config->rc_conf, '/');

	if (file != NULL && file[0] == '/' && strlen(file) < TOOL_PATH_MAX)
		(void)snprintf(path, TOOL_PATH_MAX, "%s", file);
	else if (t->config->tools_dir[0] != '\0' && slash != NULL)
		(void)snprintf(path, TOOL_PATH_MAX, "%.*s/ipsec.conf",
		    (int)(slash - t->config->rc_conf), t->config->rc_conf);
	else
		(void)snprintf(path, TOOL_PATH_MAX, "/etc/ipsec.conf");
}

/* The file before a change. */
struct file {
	char path[TOOL_PATH_MAX];
	struct buf text; /* empty where there is none */
	bool there;
	struct stat st;
};

static int
look(const struct tool *t, struct file *f, struct err *err)
{
	memset(f, 0, sizeof(*f));
	buf_init_fixed(&f->text, old_bytes, sizeof(old_bytes));
	if (rcconf_read(t->config->rc_conf, err) == -1)
		return -1;
	boot_key_path(t, f->path);
	f->there = lstat(f->path, &f->st) == 0;
	if (!f->there)
		return errno == ENOENT ?
		    0 :
		    err_set_errno(err, ERR_SYSTEM, "%s", f->path);
	return io_read_file(f->path, &f->text, err);
}

static void
forget(void)
{
	crypto_wipe(old_bytes, sizeof(old_bytes));
	crypto_wipe(new_bytes, sizeof(new_bytes));
}

int
boot_keys(const struct tool *t, struct op_key *list, size_t max, size_t *n,
    struct err *err)
{
	struct file f;
	size_t i;
	int rc;

	*n = 0;
	rc = look(t, &f, err);
	if (rc == 0)
		rc =
		    ipsec_conf_parse(&conf, buf_text(&f.text), f.text.len, err);
	if (rc == 0)
		for (i = 0; i < conf.n_adds; i++)
			key_pair_add(list, max, n, OP_BOOT, &conf.adds[i].way);
	crypto_wipe(conf.adds, conf.n_adds * sizeof(conf.adds[0]));
	conf.n_adds = 0;
	crypto_wipe(old_bytes, f.text.len);
	return rc;
}

/* The key's own lines, for a text that was made. */
static int
find(const char *text, size_t len, const struct op_key *want,
    struct op_key *found, size_t *n_other, struct err *err)
{
	size_t i, n = 0;

	memset(found, 0, sizeof(*found));
	*n_other = 0;
	if (ipsec_conf_parse(&conf, text, len, err) == -1)
		return -1;
	for (i = 0; i < conf.n_adds; i++)
		if (op_key_is_of(want, &conf.adds[i].way.src,
			&conf.adds[i].way.dst))
			key_pair_add(found, 1, &n, OP_BOOT, &conf.adds[i].way);
		else
			(*n_other)++;
	crypto_wipe(conf.adds, conf.n_adds * sizeof(conf.adds[0]));
	conf.n_adds = 0;
	return 0;
}

/* Before it is written: setkey has no way to only look at a file, so we read
 * it as it would. want NULL: the pair of k has no line any more. */
static int
check(const struct buf *old, const struct buf *new, const struct op_key *k,
    bool want, struct err *err)
{
	size_t before, after;
	struct op_key found;
	bool good;
	int rc;

	rc = find(buf_text(old), old->len, k, &found, &before, err);
	if (rc == 0)
		rc = find(buf_text(new), new->len, k, &found, &after, err);
	if (rc == 0) {
		good = before == after && conf.bad_line == 0 &&
		    (want ? op_key_same(&found, k) &&
				(found.flaw & ~OP_KEY_RAW) == 0 :
			    found.key_len == 0);
		if (!good)
			rc = err_set(err, ERR_INTERNAL,
			    "what was to be written is not what was meant");
	}
	crypto_wipe(&found, sizeof(found));
	return rc;
}

/* Tells of it; words: what is not to be seen in the lines that follow. */
static void
tell(const struct tool *t, const struct file *f, const struct op_key *k,
    const char *words, const struct err *failure)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	if (words == NULL)
		tool_note(t, failure, "write %s", f->path);
	else
		tool_note(t, failure, "write %s, %s between %s and %s", f->path,
		    words, addr_print(&k->local, local),
		    addr_print(&k->remote, remote));
}

/* Whole, and nobody else can read it. */
static int
write_file(const struct file *f, const struct buf *text, struct err *err)
{
	struct buf now;
	int rc;

	if (f->there && S_ISLNK(f->st.st_mode)) {
		(void)err_set(err, ERR_CONFLICT,
		    "%s is a symbolic link, which a change would replace by a "
		    "file: set ipsec_file to the file that it leads to",
		    f->path);
		return err_reason(err, "ipsec_conf_link");
	}
	rc = io_replace_file(f->path, text->data, text->len, 0600, err);
	if (rc == 0 && f->there &&
	    (f->st.st_uid != geteuid() || f->st.st_gid != getegid()) &&
	    lchown(f->path, f->st.st_uid, f->st.st_gid) == -1)
		rc = err_set_errno(err, ERR_SYSTEM, "chown %s", f->path);
	if (rc == 0) {
		/* The old text is not needed any more. */
		buf_init_fixed(&now, old_bytes, sizeof(old_bytes));
		rc = io_read_file(f->path, &now, err);
		if (rc == 0 &&
		    (now.len != text->len ||
			memcmp(buf_text(&now), buf_text(text), now.len) != 0))
			rc = err_set(err, ERR_NOT_APPLIED,
			    "%s does not hold what was written to it", f->path);
	}
	return rc;
}

static int
replace(const struct tool *t, const struct file *f, const struct buf *text,
    const struct op_key *k, const char *words, struct err *err)
{
	struct err why;
	int rc = 0;

	err_clear(&why);
	if (!t->dry)
		rc = write_file(f, text, &why);
	tell(t, f, k, words, rc == -1 ? &why : NULL);
	if (rc == -1 && err != NULL)
		*err = why;
	return rc;
}

/* What stands in the file by the end of a change, without a key. */
static void
tell_lines(const struct tool *t, const struct op_key *k)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	if (!t->dry || t->log == NULL)
		return;
	(void)addr_print(&k->local, local);
	(void)addr_print(&k->remote, remote);
	buf_printf(t->log,
	    "< add %s %s tcp 0x1000 -A tcp-md5 ********;\n"
	    "< add %s %s tcp 0x1000 -A tcp-md5 ********;\n",
	    local, remote, remote, local);
}

/*
 * That the file is loaded, and the module that it needs, which neither setkey
 * nor rc.d/ipsec does (30-setkey.txt, the end). The file is there by now: rc
 * aborts the boot for want of it.
 */
static int
load_at_boot(const struct tool *t, struct err *err)
{
	const char *list = rcconf_get("kld_list");
	int rc;

	if (rcconf_yes("ipsec_enable") && list != NULL &&
	    strstr(list, "tcpmd5") != NULL)
		return 0;
	if (sysrc_begin(t, err) == -1)
		return -1;
	rc = rcconf_yes("ipsec_enable") ?
	    0 :
	    sysrc_set(t, "ipsec_enable", "YES", err);
	list = rcconf_get("kld_list");
	if (rc == 0 && (list == NULL || strstr(list, "tcpmd5") == NULL))
		rc = sysrc_add(t, "kld_list", "tcpmd5", err);
	return sysrc_end(t, rc, err);
}

/* A file that has not been loaded so far may hold what nobody wants. */
static int
check_enable(const struct file *f, const struct buf *text, struct err *err)
{
	if (rcconf_yes("ipsec_enable") ||
	    !ipsec_edit_has_others(buf_text(text), text->len))
		return 0;
	(void)err_set(err, ERR_CONFLICT,
	    "ipsec_enable is not YES in rc.conf, and %s holds lines of others, "
	    "which would come to life at the next boot: look at them, then "
	    "say sysrc ipsec_enable=YES",
	    f->path);
	return err_reason(err, "ipsec_disabled");
}

static bool
is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    memcmp(buf_text(a), buf_text(b), a->len) == 0;
}

int
boot_key_set(const struct tool *t, const struct op_key *k, struct err *err)
{
	struct file f;
	struct buf text;
	int rc;

	buf_init_fixed(&text, new_bytes, sizeof(new_bytes));
	rc = look(t, &f, err);
	if (rc == 0 &&
	    ipsec_edit_set(buf_text(&f.text), f.text.len, k, &text, err) == -1)
		rc = err_prefix(err, "%s", f.path);
	if (rc == 0)
		rc = check(&f.text, &text, k, true, err);
	if (rc == 0)
		rc = check_enable(&f, &text, err);
	if (rc == 0 && (!f.there || !is_same(&f.text, &text))) {
		rc = replace(t, &f, &text, k, NULL, err);
		tell_lines(t, k);
	}
	if (rc == 0)
		rc = load_at_boot(t, err);
	forget();
	return rc;
}

typedef int edit_fn(const char *text, size_t len, const struct addr *local,
    const struct addr *remote, struct buf *out, struct err *);

/* gone: no line of the pair may be left. The file stays when it is empty: rc
 * aborts the boot for want of it. */
static int
edit(const struct tool *t, const struct op_key *k, edit_fn *fn, bool gone,
    const char *words, struct err *err)
{
	struct file f;
	struct buf text;
	int rc;

	buf_init_fixed(&text, new_bytes, sizeof(new_bytes));
	rc = look(t, &f, err);
	if (rc == 0 &&
	    fn(buf_text(&f.text), f.text.len, &k->local, &k->remote, &text,
		err) == -1)
		rc = err_prefix(err, "%s", f.path);
	if (rc == 0 && gone)
		rc = check(&f.text, &text, k, false, err);
	if (rc == 0 && f.there && !is_same(&f.text, &text))
		rc = replace(t, &f, &text, k, words, err);
	forget();
	return rc;
}

int
boot_key_remove(const struct tool *t, const struct op_key *k, struct err *err)
{
	return edit(t, k, ipsec_edit_remove, true, "without the key", err);
}

int
boot_key_disown(const struct tool *t, const struct op_key *k, struct err *err)
{
	return edit(t, k, ipsec_edit_disown, false,
	    "as written by hand the key", err);
}
