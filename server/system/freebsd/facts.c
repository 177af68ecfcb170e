/* system/freebsd/facts.c - the platform, and what is wrong with it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "system/facts.h"
#include "system/freebsd/facts_check.h"
#include "system/freebsd/rcconf.h"

enum {
	LINE_MAX_CHARS = 256
};

bool
facts_check_sysctl(const struct tool *t, const char *name, char *out,
    size_t size)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;
	struct buf b;

	buf_init_fixed(&b, out, size);
	tool_argv(t, &argv, "sysctl", path);
	argv_opt(&argv, "-n", name);
	if (tool_ask(t, &argv, &b, NULL) == -1 || b.len == 0) {
		out[0] = '\0';
		return false;
	}
	out[strcspn(out, "\n")] = '\0';
	return true;
}

bool
facts_check_module(const struct tool *t, const char *name)
{
	char path[TOOL_PATH_MAX];
	struct argv argv;

	tool_argv(t, &argv, "kldstat", path);
	argv_add(&argv, "-q");
	argv_opt(&argv, "-m", name);
	return tool_ask(t, &argv, NULL, NULL) == 0;
}

static int32_t
securelevel(const struct tool *t)
{
	char text[LINE_MAX_CHARS];
	uint32_t level;

	if (!facts_check_sysctl(t, "kern.securelevel", text, sizeof(text)) ||
	    strcmp(text, "-1") == 0 ||
	    number_parse_u32(&level, text, 0, 3, NULL) == -1)
		return -1;
	return (int32_t)level;
}

/* 1400063: 14.0, and the number itself for what is between releases. */
static void
release(const struct tool *t, struct op_facts *f)
{
	char text[LINE_MAX_CHARS];
	uint32_t n;

	if (!facts_check_sysctl(t, "kern.osreldate", text, sizeof(text)) ||
	    number_parse_u32(&n, text, 100000, 99999999, NULL) == -1)
		return;
	(void)snprintf(f->release, sizeof(f->release), "%u.%u (%u)", n / 100000,
	    n / 1000 % 100, n);
}

/* "{ sec = 1795366397, usec = 512000 } Sun Nov 22 ...": the microseconds move
 * with the clock's adjustment, the seconds only when it is set. */
static void
boot_id(const struct tool *t, struct op_facts *f)
{
	char text[LINE_MAX_CHARS];
	const char *sec;

	if (!facts_check_sysctl(t, "kern.boottime", text, sizeof(text)))
		return;
	sec = strstr(text, "sec = ");
	if (sec == NULL)
		return;
	sec += strlen("sec = ");
	(void)snprintf(f->boot_id, sizeof(f->boot_id), "boottime-%.*s",
	    (int)strspn(sec, "0123456789"), sec);
}

int
facts_read(const struct tool *t, struct op_facts *f, struct err *err)
{
	memset(f, 0, sizeof(*f));
	(void)snprintf(f->platform, sizeof(f->platform), "freebsd");
	if (rcconf_read(t->config->rc_conf, err) == -1)
		return -1;
	f->securelevel = securelevel(t);
	release(t, f);
	boot_id(t, f);
	if (f->securelevel >= 3)
		facts_line(f, "securelevel", OP_CHECK_FAILED,
		    "set kern_securelevel to 2 in rc.conf and reboot",
		    "kern.securelevel is %d: pf takes no new rules",
		    f->securelevel);
	else
		facts_line(f, "securelevel", OP_CHECK_OK, "",
		    "kern.securelevel is %d", f->securelevel);
	facts_check_modules(t, f);
	facts_check_pf(t, f);
	facts_check_keys(t, f);
	facts_check_boot(t, f);
	return 0;
}
