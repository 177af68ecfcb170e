/* system/linux/facts_kernel.c - can this kernel make our tunnels? Only looks,
 * since a try would load a module. */
#include <sys/types.h>
#include <sys/utsname.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "system/linux/facts_check.h"

enum {
	FACTS_KERNEL_PATH = 160,
	/* modules.dep of a distribution's kernel has some 700 kB. */
	FACTS_KERNEL_LIST = 4 * 1024 * 1024
};

struct module {
	const char *name;
	const char *check;
	const char *makes;
};

static const struct module modules[] = {
	{ "ip_gre", "module_ip_gre", "gre with IPv4 outside" },
	{ "ip6_gre", "module_ip6_gre", "gre with IPv6 outside" },
	{ "sit", "module_sit", "gif that carries IPv6 in IPv4" },
	{ "ipip", "module_ipip", "gif that carries IPv4 in IPv4" },
	{ "ip6_tunnel", "module_ip6_tunnel", "gif with IPv6 outside" },
};

static bool
is_loaded(const char *name)
{
	char path[FACTS_KERNEL_PATH];

	(void)snprintf(path, sizeof(path), "/sys/module/%s", name);
	return access(path, F_OK) == 0;
}

static void
list_path(char *path, const char *release, const char *list)
{
	(void)snprintf(path, FACTS_KERNEL_PATH, "/lib/modules/%s/%s", release,
	    list);
}

/* Can the distribution's lists be read at all? */
static bool
is_told(const char *release)
{
	char path[FACTS_KERNEL_PATH];

	list_path(path, release, "modules.dep");
	return access(path, R_OK) == 0;
}

/* Is there a line "...NAME.ko...": in a list of modules? */
static bool
is_listed(const char *list, const char *release, const char *name)
{
	static char bytes[FACTS_KERNEL_LIST];
	char path[FACTS_KERNEL_PATH], word[64];
	struct buf b;

	(void)snprintf(path, sizeof(path), "/lib/modules/%s/%s", release, list);
	(void)snprintf(word, sizeof(word), "/%s.ko", name);
	buf_init_fixed(&b, bytes, sizeof(bytes));
	return io_read_file(path, &b, NULL) == 0 && strstr(bytes, word) != NULL;
}

static bool
is_locked(void)
{
	char bytes[16];
	struct buf b;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	return io_read_file("/proc/sys/kernel/modules_disabled", &b, NULL) ==
	    0 &&
	    bytes[0] == '1';
}

static void
check_module(struct op_facts *f, const struct module *m, const char *release)
{
	char fix[200];

	if (is_loaded(m->name)) {
		facts_line(f, m->check, OP_CHECK_OK, "", "%s is loaded: %s",
		    m->name, m->makes);
	} else if (is_listed("modules.builtin", release, m->name)) {
		facts_line(f, m->check, OP_CHECK_OK, "", "%s is built in: %s",
		    m->name, m->makes);
	} else if (!is_told(release)) {
		facts_line(f, m->check, OP_CHECK_WARNING,
		    "install the kernel's modules below /lib/modules, or "
		    "build them in",
		    "%s is not loaded, and /lib/modules/%.60s does not tell "
		    "whether it can be: %s",
		    m->name, release, m->makes);
	} else if (!is_listed("modules.dep", release, m->name)) {
		(void)snprintf(fix, sizeof(fix),
		    "run a kernel with %s (Debian: linux-image-amd64), or "
		    "make no tunnel of this kind",
		    m->name);
		facts_line(f, m->check, OP_CHECK_WARNING, fix,
		    "this kernel has no %s: no %s", m->name, m->makes);
	} else if (is_locked()) {
		(void)snprintf(fix, sizeof(fix),
		    "echo %s >>/etc/modules-load.d/multihomed.conf, and boot",
		    m->name);
		facts_line(f, m->check, OP_CHECK_WARNING, fix,
		    "%s is not loaded, and kernel.modules_disabled is 1: no "
		    "%s",
		    m->name, m->makes);
	} else {
		facts_line(f, m->check, OP_CHECK_OK, "",
		    "%s is loaded when it is needed: %s", m->name, m->makes);
	}
}

void
facts_kernel_check(struct op_facts *f)
{
	struct utsname u;
	size_t i;

	if (uname(&u) == -1)
		return;
	for (i = 0; i < NITEMS(modules); i++)
		check_module(f, &modules[i], u.release);
}
