/* system/freebsd/facts_modules.c - kernel modules, now and after a boot. */
/* names: facts_check */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/number.h"
#include "system/freebsd/facts_check.h"
#include "system/freebsd/rcconf.h"
#include "system/freebsd/words.h"

enum {
	LOADER_MAX = 64 * 1024,
	NAME_MAX_CHARS = 32
};

struct module {
	const char *name;
	const char *check;
	/* A change loads it by itself while the securelevel lets it. */
	bool by_itself;
	/* rc loads it in any case: what it is for is set up at boot. */
	bool (*at_boot)(void);
	const char *what; /* needs it */
	/* Nothing loads it by itself, and what needs it does not complain. */
	bool silent;
};

static bool
lists(const char *prefix)
{
	const char *list = rcconf_get("cloned_interfaces");
	char name[NAME_MAX_CHARS];

	while (list != NULL && words_next(&list, name, sizeof(name)))
		if (strncmp(name, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

static bool
gre_at_boot(void)
{
	return lists("gre");
}

static bool
gif_at_boot(void)
{
	return lists("gif");
}

static bool
pf_at_boot(void)
{
	return rcconf_yes("pf_enable");
}

static bool
ipsec_at_boot(void)
{
	return rcconf_yes("ipsec_enable");
}

static bool
never(void)
{
	return false;
}

static const struct module modules[] = {
	{ "if_gre", "module_gre", true, gre_at_boot, "a GRE tunnel", false },
	{ "if_gif", "module_gif", true, gif_at_boot, "a GIF tunnel", false },
	{ "pf", "module_pf", false, pf_at_boot, "the firewall", false },
	{ "ipsec", "module_ipsec", false, ipsec_at_boot, "TCP-MD5", false },
	{ "tcpmd5", "module_tcpmd5", false, never, "TCP-MD5", true },
};

/* if_gre_load="YES" in loader.conf, which has the form of rc.conf. */
static bool
in_loader(const char *name)
{
	static char bytes[LOADER_MAX];
	char variable[NAME_MAX_CHARS + 8];
	struct buf b;
	const char *p;
	size_t len;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (io_read_file("/boot/loader.conf", &b, NULL) == -1)
		return false;
	(void)snprintf(variable, sizeof(variable), "%s_load=", name);
	len = strlen(variable);
	for (p = b.data; *p != '\0'; p += *p == '\n') {
		p += strspn(p, " \t");
		if (strncmp(p, variable, len) == 0 &&
		    (strncmp(p + len, "\"YES\"", 5) == 0 ||
			strncmp(p + len, "YES", 3) == 0))
			return true;
		p += strcspn(p, "\n");
	}
	return false;
}

/* kld_list has names or paths, with or without .ko. */
static bool
in_kld_list(const char *name)
{
	const char *list = rcconf_get("kld_list"), *base;
	char word[128];
	size_t len = strlen(name);

	while (list != NULL && words_next(&list, word, sizeof(word))) {
		base = strrchr(word, '/');
		base = base == NULL ? word : base + 1;
		if (strncmp(base, name, len) == 0 &&
		    (base[len] == '\0' || strcmp(base + len, ".ko") == 0))
			return true;
	}
	return false;
}

static bool
raises_securelevel(void)
{
	const char *level = rcconf_get("kern_securelevel");

	return rcconf_yes("kern_securelevel_enable") && level != NULL &&
	    strcmp(level, "-1") != 0;
}

static void
check_missing(const struct module *m, struct op_facts *f, bool after_boot)
{
	char fix[200];

	(void)snprintf(fix, sizeof(fix),
	    f->securelevel >= 1 ?
		"sysrc kld_list+=%s and reboot: modules cannot be loaded at "
		"this securelevel" :
		"kldload %s; sysrc kld_list+=%s",
	    m->name, m->name);
	if (f->securelevel < 1 && m->by_itself && after_boot)
		facts_line(f, m->check, OP_CHECK_OK, "",
		    "%s is not loaded; it will be with %s", m->name, m->what);
	else if (f->securelevel < 1 && m->by_itself)
		facts_line(f, m->check, OP_CHECK_WARNING, fix,
		    "%s is loaded only when %s first needs it, which fails "
		    "once kern.securelevel is raised",
		    m->name, m->what);
	else
		facts_line(f, m->check,
		    f->securelevel >= 1 && m->by_itself ? OP_CHECK_FAILED :
							  OP_CHECK_WARNING,
		    fix, "%s is not loaded: %s does not work", m->name,
		    m->what);
}

static void
check_module(const struct tool *t, const struct module *m, struct op_facts *f)
{
	/* gif is compiled into GENERIC; loader.conf and kld_list say nothing
	 * of it, and nothing is wrong then. */
	bool listed = in_kld_list(m->name) || in_loader(m->name);
	bool after_boot = listed || m->at_boot() || !raises_securelevel();
	char fix[200];

	(void)snprintf(fix, sizeof(fix), "sysrc kld_list+=%s", m->name);
	if (!facts_check_module(t, m->name)) {
		check_missing(m, f, after_boot);
	} else if (m->silent && !listed) {
		facts_line(f, m->check, OP_CHECK_WARNING, fix,
		    "%s is loaded, but nothing loads it at boot: %s fails "
		    "then without a word",
		    m->name, m->what);
	} else if (after_boot || strcmp(m->name, "if_gif") == 0) {
		facts_line(f, m->check, OP_CHECK_OK, "", "%s is loaded",
		    m->name);
	} else {
		facts_line(f, m->check, OP_CHECK_WARNING, fix,
		    "%s is loaded, but nothing loads it at boot before "
		    "kern_securelevel is set",
		    m->name);
	}
}

void
facts_check_modules(const struct tool *t, struct op_facts *f)
{
	size_t i;

	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		check_module(t, &modules[i], f);
}
