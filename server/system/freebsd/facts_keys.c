/* system/freebsd/facts_keys.c - TCP-MD5: would its keys be there, and change?
 */
/* names: facts_check */
#include <sys/types.h>
#include <sys/stat.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/io.h"
#include "system/freebsd/boot_key.h"
#include "system/freebsd/facts_check.h"
#include "system/freebsd/ipsec_conf.h"
#include "system/freebsd/rcconf.h"

enum {
	TEXT_MAX = 1024 * 1024
};

/* What the file says, without its keys. */
struct seen {
	size_t n_keys;
	size_t bad_line;
	bool others_read; /* its mode lets them */
};

static bool
look(const char *path, struct seen *s)
{
	static char bytes[TEXT_MAX];
	static struct ipsec_conf conf;
	struct stat st;
	struct buf b;
	bool there;

	memset(s, 0, sizeof(*s));
	buf_init_fixed(&b, bytes, sizeof(bytes));
	there = io_read_file(path, &b, NULL) == 0;
	if (there) {
		(void)ipsec_conf_parse(&conf, buf_text(&b), b.len, NULL);
		s->n_keys = conf.n_adds;
		s->bad_line = conf.bad_line;
		s->others_read =
		    stat(path, &st) == 0 && (st.st_mode & 077) != 0;
	}
	crypto_wipe(bytes, b.len);
	crypto_wipe(&conf, sizeof(conf));
	return there;
}

static void
check_file(const char *path, const struct seen *s, struct op_facts *f)
{
	char fix[200];

	if (s->bad_line > 0) {
		(void)snprintf(fix, sizeof(fix), "mend line %zu of %.100s",
		    s->bad_line, path);
		facts_line(f, "ipsec_conf", OP_CHECK_WARNING, fix,
		    "setkey stops at line %zu of %.80s: what stands behind is "
		    "not loaded at boot",
		    s->bad_line, path);
	} else if (s->others_read && s->n_keys > 0) {
		(void)snprintf(fix, sizeof(fix), "chmod 600 %.100s", path);
		facts_line(f, "ipsec_conf", OP_CHECK_WARNING, fix,
		    "%.80s holds keys, and not only root can read it", path);
	} else {
		facts_line(f, "ipsec_conf", OP_CHECK_OK, "", "%.150s is there",
		    path);
	}
}

/* A file that is missing where it is wanted aborts the boot (43). */
static void
check_ipsec(const struct tool *t, struct op_facts *f)
{
	bool enabled = rcconf_yes("ipsec_enable"), there;
	char path[TOOL_PATH_MAX];
	struct seen s;

	boot_key_path(t, path);
	there = look(path, &s);
	if (!there && enabled) {
		facts_line(f, "ipsec_conf", OP_CHECK_FAILED,
		    "create the file (it may be empty), or sysrc "
		    "ipsec_enable=NO",
		    "ipsec_enable is YES, but %.80s is missing: the next boot "
		    "is aborted",
		    path);
		return;
	}
	if (!there)
		return;
	check_file(path, &s, f);
	if (enabled)
		facts_line(f, "ipsec_at_boot", OP_CHECK_OK, "",
		    "ipsec_enable is YES");
	else if (s.n_keys > 0)
		facts_line(f, "ipsec_at_boot", OP_CHECK_WARNING,
		    "sysrc ipsec_enable=YES",
		    "%.80s holds keys for TCP-MD5, and nothing loads it at "
		    "boot",
		    path);
}

void
facts_check_keys(const struct tool *t, struct op_facts *f)
{
	char value[64];

	check_ipsec(t, f);
	/* Unknown: a kernel without IPsec. */
	if (!facts_check_sysctl(t, "net.key.preferred_oldsa", value,
		sizeof(value)))
		return;
	if (strcmp(value, "1") == 0)
		facts_line(f, "preferred_oldsa", OP_CHECK_OK, "",
		    "net.key.preferred_oldsa is 1: a TCP-MD5 key is changed "
		    "without a gap");
	else
		facts_line(f, "preferred_oldsa", OP_CHECK_WARNING,
		    "sysctl net.key.preferred_oldsa=1, and take it out of "
		    "/etc/sysctl.conf",
		    "net.key.preferred_oldsa is %.20s: changing a TCP-MD5 key "
		    "leaves a moment without one",
		    value);
}
