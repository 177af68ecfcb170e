/* system/linux/facts.c - the platform, and what on it would make a change fail.
 */
/* names: facts_check */
#include <sys/types.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "system/facts.h"
#include "system/linux/boot_id.h"
#include "system/linux/facts_check.h"
#include "system/linux/firewall_read.h"
#include "system/tool.h"

static void
check_tool(const struct tool *t, struct op_facts *f, const char *name,
    const char *check, const char *fix)
{
	char path[TOOL_PATH_MAX], bytes[512];
	struct argv argv;
	struct err err;
	struct buf out;

	err_clear(&err);
	buf_init_fixed(&out, bytes, sizeof(bytes));
	tool_argv(t, &argv, name, path);
	argv_add(&argv, "-V");
	if (tool_ask(t, &argv, &out, &err) == -1) {
		facts_line(f, check, OP_CHECK_FAILED, fix, "%.180s", err.text);
		return;
	}
	bytes[strcspn(bytes, "\n")] = '\0';
	facts_line(f, check, OP_CHECK_OK, "", "%.180s", bytes);
}

static void
check_nftables(const struct tool *t, struct op_facts *f)
{
	const char *listing;
	struct err err;
	bool loaded;

	err_clear(&err);
	if (firewall_read(t, &loaded, &listing, &err) == -1)
		facts_line(f, "nftables", OP_CHECK_FAILED,
		    "load the module now and at boot: modprobe nf_tables; echo "
		    "nf_tables >/etc/modules-load.d/multihomed.conf",
		    "%.180s", err.text);
	else
		facts_line(f, "nftables", OP_CHECK_OK, "",
		    "the kernel answers; table inet " FIREWALL_READ_TABLE
		    " is %s",
		    loaded ? "loaded" : "not loaded");
}

/* The first character of a file in /proc; 0: there is none. */
static char
first_of(const char *path)
{
	char bytes[64];
	struct buf b;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	return io_read_file(path, &b, NULL) == 0 ? bytes[0] : '\0';
}

static void
check_forwarding(struct op_facts *f, const char *name, const char *path,
    const char *sysctl)
{
	char fix[160];

	(void)snprintf(fix, sizeof(fix),
	    "sysctl -w %s=1, and the same line (%s = 1) in a file of "
	    "/etc/sysctl.d",
	    sysctl, sysctl);
	if (first_of(path) == '1')
		facts_line(f, name, OP_CHECK_OK, "", "%s is 1", sysctl);
	else
		facts_line(f, name, OP_CHECK_WARNING, fix,
		    "%s is not 1: nothing is forwarded", sysctl);
}

/* Paths are asymmetric here: strict checks drop good packets. */
static void
check_rp_filter(struct op_facts *f)
{
	if (first_of("/proc/sys/net/ipv4/conf/all/rp_filter") != '1')
		facts_line(f, "rp_filter", OP_CHECK_OK, "",
		    "IPv4 sources are not checked strictly");
	else
		facts_line(f, "rp_filter", OP_CHECK_WARNING,
		    "sysctl -w net.ipv4.conf.all.rp_filter=2 (or 0), and the "
		    "same in a file of /etc/sysctl.d",
		    "net.ipv4.conf.all.rp_filter is 1: IPv4 packets that come "
		    "in by another way than they go out are dropped");
}

static void
check_clock(struct op_facts *f)
{
	struct timex now = { .modes = 0 };
	int state = adjtimex(&now);

	if (state == -1)
		facts_line(f, "time_in_sync", OP_CHECK_WARNING,
		    "let the daemon call adjtimex (in its systemd unit: no "
		    "ProtectClock)",
		    "whether the clock is synchronised cannot be told: %s",
		    strerror(errno));
	else if (state == TIME_ERROR)
		facts_line(f, "time_in_sync", OP_CHECK_WARNING,
		    "run an NTP client: apt install chrony (or systemctl "
		    "enable --now systemd-timesyncd)",
		    "the clock is not synchronised: times in the audit log "
		    "and of certificates may be wrong");
	else
		facts_line(f, "time_in_sync", OP_CHECK_OK, "",
		    "the clock is synchronised");
}

static void
check_state_dir(const struct tool *t, struct op_facts *f)
{
	const char *dir = t->config->state_dir;
	struct stat st;
	char fix[200];

	(void)snprintf(fix, sizeof(fix), "install -d -m 700 -o root %.120s",
	    dir);
	if (stat(dir, &st) == -1)
		facts_line(f, "state_dir", OP_CHECK_FAILED, fix, "%.120s: %s",
		    dir, strerror(errno));
	else if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 077) != 0)
		facts_line(f, "state_dir", OP_CHECK_FAILED, fix,
		    "%.120s is not a directory that only the parent's user "
		    "can look into",
		    dir);
	else if (access(dir, W_OK | X_OK) == -1)
		facts_line(f, "state_dir", OP_CHECK_FAILED, fix, "%.120s: %s",
		    dir, strerror(errno));
	else
		facts_line(f, "state_dir", OP_CHECK_OK, "", "%.120s", dir);
}

int
facts_read(const struct tool *t, struct op_facts *f, struct err *err)
{
	struct utsname u;

	memset(f, 0, sizeof(*f));
	if (uname(&u) == -1)
		return err_set_errno(err, ERR_SYSTEM, "uname");
	(void)snprintf(f->platform, sizeof(f->platform), "linux");
	(void)snprintf(f->release, sizeof(f->release), "%.63s", u.release);
	boot_id_read(f->boot_id);
	f->securelevel = -2;
	check_tool(t, f, "ip", "tool_ip",
	    "install iproute2 (apt install iproute2), or set "
	    "system.tools_dir");
	check_tool(t, f, "nft", "tool_nft",
	    "install nftables (apt install nftables), or set "
	    "system.tools_dir");
	check_nftables(t, f);
	facts_kernel_check(f);
	check_forwarding(f, "forwarding_ipv4", "/proc/sys/net/ipv4/ip_forward",
	    "net.ipv4.ip_forward");
	check_forwarding(f, "forwarding_ipv6",
	    "/proc/sys/net/ipv6/conf/all/forwarding",
	    "net.ipv6.conf.all.forwarding");
	check_rp_filter(f);
	check_clock(f);
	check_state_dir(t, f);
	facts_boot_check(t, f);
	return 0;
}
