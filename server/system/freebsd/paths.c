/* system/freebsd/paths.c - where FreeBSD and its ports put things. */
#include <stddef.h>

#include "system/paths.h"

static const char *const tools[] = { "/sbin/ifconfig", "/sbin/pfctl",
	"/sbin/route", "/sbin/sysctl", "/sbin/kldstat", "/sbin/setkey",
	"/usr/bin/netstat", "/usr/sbin/sysrc", "/usr/sbin/service", "/bin/sh",
	NULL };

const struct paths paths_default = {
	.platform = "freebsd",
	.config = "/usr/local/etc/multihomed.conf",
	.frr_socket_dir = "/var/run/frr",
	.frr_config_file = "/usr/local/etc/frr/frr.conf",
	.vtysh = "/usr/local/bin/vtysh",
	.boot_dir = "/usr/local/etc/multihomed",
	.tools = tools,
};
