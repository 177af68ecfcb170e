/* system/linux/paths.c - where Debian and its like put things. */
#include "system/paths.h"

const struct paths paths_default = {
	.config = "/etc/multihomed.conf",
	.frr_socket_dir = "/var/run/frr",
	.frr_config_file = "/etc/frr/frr.conf",
	.vtysh = "/usr/bin/vtysh",
};
