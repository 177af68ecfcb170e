/* system/linux/facts_boot.c - will the machine come back as it is? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "system/boot.h"
#include "system/linux/facts_check.h"
#include "system/linux/firewall_boot.h"
#include "system/tool.h"

#define FACTS_BOOT_UNIT "multihomed-boot.service"

static void
check_unit(struct op_facts *f)
{
	static const char *const places[] = {
		"/etc/systemd/system/multi-user.target.wants/" FACTS_BOOT_UNIT,
		"/usr/lib/systemd/system/multi-user.target.wants/" FACTS_BOOT_UNIT,
	};
	size_t i;

	if (access("/run/systemd/system", F_OK) == -1) {
		facts_line(f, "boot_unit", OP_CHECK_WARNING,
		    "have the init system run libexec/multihomed/"
		    "multihomed-boot before FRR starts",
		    "this machine is not run by systemd: whether the boot "
		    "files are applied cannot be told");
		return;
	}
	for (i = 0; i < NITEMS(places); i++) {
		if (access(places[i], F_OK) == 0) {
			facts_line(f, "boot_unit", OP_CHECK_OK, "",
			    FACTS_BOOT_UNIT " is enabled");
			return;
		}
	}
	facts_line(f, "boot_unit", OP_CHECK_WARNING,
	    "systemctl enable " FACTS_BOOT_UNIT,
	    FACTS_BOOT_UNIT " is not enabled: tunnels, routes and rules are "
			    "gone after the next boot");
}

static void
say_unreadable(struct op_facts *f, const char *name, const struct err *err)
{
	facts_line(f, name, OP_CHECK_FAILED,
	    "make system.boot_dir a directory that root can read and write",
	    "%.180s", err->text);
}

static void
check_batch(const struct tool *t, struct op_facts *f)
{
	static struct op_route routes[OP_ROUTES_MAX];
	static struct op_link links[OP_LINKS_MAX];
	static const char fix[] =
	    "look at the section in links.batch: take the change out, or take "
	    "the section's first and last line (\"# end\") out and keep it "
	    "as your own";
	size_t i, n, n_routes;
	char text[PREFIX_TEXT_MAX];
	struct err err;

	err_clear(&err);
	if (boot_links(t, links, OP_LINKS_MAX, &n, &err) == -1 ||
	    boot_routes(t, routes, OP_ROUTES_MAX, &n_routes, &err) == -1) {
		say_unreadable(f, "boot_links", &err);
		return;
	}
	for (i = 0; i < n; i++) {
		if (links[i].kind != OP_LINK_OTHER)
			continue;
		facts_line(f, "boot_links", OP_CHECK_WARNING, fix,
		    "links.batch: link %s is not as multihomed wrote it",
		    links[i].name);
		return;
	}
	for (i = 0; i < n_routes; i++) {
		if (routes[i].kind != OP_ROUTE_OTHER)
			continue;
		facts_line(f, "boot_links", OP_CHECK_WARNING, fix,
		    "links.batch: route %s is not as multihomed wrote it",
		    prefix_print(&routes[i].prefix, text));
		return;
	}
	facts_line(f, "boot_links", OP_CHECK_OK, "",
	    "links.batch: %zu tunnels and %zu routes", n, n_routes);
}

static void
check_firewall(const struct tool *t, struct op_facts *f)
{
	if (firewall_boot_is_foreign(t))
		facts_line(f, "boot_firewall", OP_CHECK_WARNING,
		    "move rules of your own to /etc/nftables.conf; the next "
		    "change writes the file anew",
		    "firewall.nft is not as multihomed wrote it");
	else
		facts_line(f, "boot_firewall", OP_CHECK_OK, "",
		    "firewall.nft is whole");
}

void
facts_boot_check(const struct tool *t, struct op_facts *f)
{
	check_unit(f);
	check_batch(t, f);
	check_firewall(t, f);
}
