/* system/freebsd/facts_pf.c - pf: on, loadable, and with our anchor in it. */
/* names: facts_check */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "system/freebsd/facts_check.h"
#include "system/freebsd/firewall_boot.h"
#include "system/freebsd/rcconf.h"

enum {
	CONF_MAX = 256 * 1024
};

static const char *
pf_conf(void)
{
	const char *rules = rcconf_get("pf_rules");

	return rules != NULL && rules[0] == '/' ? rules : "/etc/pf.conf";
}

static void
check_running(const struct tool *t, struct op_facts *f)
{
	bool enabled, filter, nat;
	struct err err;

	err_clear(&err);
	if (firewall_enabled(t, &enabled, &err) == -1) {
		facts_line(f, "pf_enabled", OP_CHECK_WARNING,
		    "kldload pf; service pf start",
		    "pf does not answer: %.120s", err.text);
		return;
	}
	facts_line(f, "pf_enabled", enabled ? OP_CHECK_OK : OP_CHECK_WARNING,
	    "pfctl -e", "pf is %s",
	    enabled ? "on" : "off: none of its rules has effect");
	if (firewall_attached(t, &filter, &nat, &err) == -1)
		return;
	facts_line(f, "pf_anchor", filter ? OP_CHECK_OK : OP_CHECK_WARNING,
	    "add the line: anchor \"multihomed\" to pf.conf, among the first "
	    "filter rules, and reload it",
	    filter ? "the running rules lead to our anchor" :
		     "the running rules do not lead to the anchor "
		     "\"multihomed\"");
	facts_line(f, "pf_nat_anchor", nat ? OP_CHECK_OK : OP_CHECK_WARNING,
	    "add the line: nat-anchor \"multihomed\" to pf.conf, before the "
	    "filter rules, and reload it",
	    nat ? "the running translation rules lead to our anchor" :
		  "the running translation rules do not lead to the anchor "
		  "\"multihomed\"");
}

/* load anchor "multihomed" from "/usr/local/etc/multihomed/pf.anchor" */
static bool
loads_our_file(const char *text, const char *path)
{
	const char *p, *end;
	char line[512], want[TOOL_PATH_MAX + 8];

	(void)snprintf(want, sizeof(want), "%s", path);
	for (p = text; *p != '\0'; p = end + (*end == '\n')) {
		size_t len;

		p += strspn(p, " \t");
		end = p + strcspn(p, "\n");
		len = (size_t)(end - p);
		if (len >= sizeof(line))
			continue;
		memcpy(line, p, len);
		line[len] = '\0';
		if (strncmp(line, "load anchor", 11) == 0 &&
		    strstr(line, "multihomed") != NULL &&
		    strstr(line, want) != NULL)
			return true;
	}
	return false;
}

static void
check_load(const struct tool *t, struct op_facts *f)
{
	static char bytes[CONF_MAX];
	char path[TOOL_PATH_MAX], fix[200];
	struct buf b;
	bool loads;

	buf_init_fixed(&b, bytes, sizeof(bytes));
	if (firewall_boot_path(t, path, NULL) == -1 ||
	    io_read_file(pf_conf(), &b, NULL) == -1) {
		facts_line(f, "pf_load_anchor", OP_CHECK_WARNING,
		    "write it; there is an example with the package",
		    "%.150s cannot be read", pf_conf());
		return;
	}
	loads = loads_our_file(b.data, path);
	(void)snprintf(fix, sizeof(fix),
	    "add the line: load anchor \"multihomed\" from \"%.120s\" at its end",
	    path);
	facts_line(f, "pf_load_anchor", loads ? OP_CHECK_OK : OP_CHECK_WARNING,
	    fix,
	    loads ? "%.150s loads our rules at boot" :
		    "%.100s does not load our rules: they are gone after a "
		    "reboot",
	    pf_conf());
}

/* A file that does not load leaves pf on without a single rule at boot. */
static void
check_conf(const struct tool *t, struct op_facts *f)
{
	char path[TOOL_PATH_MAX], fix[200];
	struct argv argv;
	struct err err;

	tool_argv(t, &argv, "pfctl", path);
	argv_add(&argv, "-n");
	argv_opt(&argv, "-f", pf_conf());
	err_clear(&err);
	(void)snprintf(fix, sizeof(fix), "mend %.80s; pfctl -n -f %.80s tells",
	    pf_conf(), pf_conf());
	if (tool_ask(t, &argv, NULL, &err) == 0)
		facts_line(f, "pf_conf", OP_CHECK_OK, "", "%.150s loads",
		    pf_conf());
	else
		facts_line(f, "pf_conf", OP_CHECK_FAILED, fix,
		    "%.50s does not load, and at boot pf is on without rules: "
		    "%.90s",
		    pf_conf(), err.output[0] != '\0' ? err.output : err.text);
}

void
facts_check_pf(const struct tool *t, struct op_facts *f)
{
	check_running(t, f);
	if (rcconf_yes("pf_enable"))
		facts_line(f, "pf_at_boot", OP_CHECK_OK, "",
		    "pf_enable is YES");
	else
		facts_line(f, "pf_at_boot", OP_CHECK_WARNING,
		    "sysrc pf_enable=YES", "pf is not started at boot");
	check_load(t, f);
	check_conf(t, f);
}
