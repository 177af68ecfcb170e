/* system/linux/paths.c - where Debian and its like put things. */
#include <stddef.h>

#include "system/paths.h"

static const char *const tools[] = { "/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip",
	"/bin/ip", "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", NULL };

const struct paths paths_default = {
	.platform = "linux",
	.config = "/etc/multihomed.conf",
	.frr_socket_dir = "/var/run/frr",
	.frr_config_file = "/etc/frr/frr.conf",
	.vtysh = "/usr/bin/vtysh",
	.boot_dir = "/etc/multihomed",
	.tools = tools,
};
