/* system/freebsd/facts_boot.c - what the next boot will make of rc.conf. */
/* names: facts_check */
#include <sys/types.h>
#include <sys/stat.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "system/freebsd/facts_check.h"
#include "system/freebsd/rcconf.h"

enum {
	LOCAL_MAX = 256 * 1024
};

static void
check_syntax(const struct tool *t, struct op_facts *f)
{
	const char *path = t->config->rc_conf;
	struct argv argv;
	struct stat st;
	struct err err;

	argv_init(&argv, "/bin/sh");
	argv_opt(&argv, "-n", path);
	err_clear(&err);
	if (tool_ask(t, &argv, NULL, &err) == -1)
		facts_line(f, "rc_conf", OP_CHECK_FAILED,
		    "mend it at once; sh -n tells where",
		    "%.60s is no shell script, and the next boot stops: %.90s",
		    path, err.output[0] != '\0' ? err.output : err.text);
	else if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		facts_line(f, "rc_conf", OP_CHECK_FAILED,
		    "set system.rc_conf to the file that it leads to",
		    "%.60s is a symbolic link, which sysrc would replace by a "
		    "file",
		    path);
	else
		facts_line(f, "rc_conf", OP_CHECK_OK, "", "%.150s can be read",
		    path);
}

/* What it sets wins over ours. */
static void
check_local(const struct tool *t, struct op_facts *f)
{
	static const char *const lists[] = { "cloned_interfaces=",
		"ipv6_static_routes=", "static_routes=" };
	static char bytes[LOCAL_MAX];
	char path[TOOL_PATH_MAX + 8];
	struct buf b;
	size_t i;

	(void)snprintf(path, sizeof(path), "%s.local", t->config->rc_conf);
	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (io_read_file(path, &b, NULL) == -1)
		return;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strstr(b.data, lists[i]) != NULL) {
			facts_line(f, "rc_conf_local", OP_CHECK_WARNING,
			    "move the line to rc.conf",
			    "%.80s has %s..., which wins over rc.conf: what "
			    "multihomed adds there is lost at boot",
			    path, lists[i]);
			return;
		}
}

static void
check_forwarding(const struct tool *t, struct op_facts *f)
{
	char value[64];
	bool now, boot = rcconf_yes("ipv6_gateway_enable");

	now = facts_check_sysctl(t, "net.inet6.ip6.forwarding", value,
		  sizeof(value)) &&
	    strcmp(value, "0") != 0;
	facts_line(f, "forwarding_ipv6",
	    now && boot ? OP_CHECK_OK : OP_CHECK_WARNING,
	    "sysrc ipv6_gateway_enable=YES; sysctl net.inet6.ip6.forwarding=1",
	    "IPv6 is %s, and %s after a boot",
	    now ? "forwarded" : "not forwarded",
	    boot ? "will be" : "will not be");
	boot = rcconf_yes("gateway_enable");
	now = facts_check_sysctl(t, "net.inet.ip.forwarding", value,
		  sizeof(value)) &&
	    strcmp(value, "0") != 0;
	/* A router of IPv6 alone needs none. */
	facts_line(f, "forwarding_ipv4",
	    now == boot ? OP_CHECK_OK : OP_CHECK_WARNING,
	    "sysrc gateway_enable=YES; sysctl net.inet.ip.forwarding=1, or "
	    "neither",
	    "IPv4 is %s, and %s after a boot",
	    now ? "forwarded" : "not forwarded",
	    boot ? "will be" : "will not be");
}

/* Tokens and confirmations have times, and so has the audit log. */
static void
check_time(struct op_facts *f)
{
	static const char *const daemons[] = { "ntpd_enable", "chronyd_enable",
		"openntpd_enable" };
	size_t i;

	for (i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++)
		if (rcconf_yes(daemons[i])) {
			facts_line(f, "time", OP_CHECK_OK, "", "%s is YES",
			    daemons[i]);
			return;
		}
	facts_line(f, "time", OP_CHECK_WARNING,
	    "sysrc ntpd_enable=YES ntpd_sync_on_start=YES; service ntpd start",
	    "nothing in rc.conf keeps the clock right");
}

void
facts_check_boot(const struct tool *t, struct op_facts *f)
{
	check_syntax(t, f);
	check_local(t, f);
	check_forwarding(t, f);
	check_time(f);
}
