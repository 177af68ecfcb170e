/* system/freebsd/paths.c - where FreeBSD's ports put things. */
#include "system/paths.h"

const struct paths paths_default = {
	.config = "/usr/local/etc/multihomed.conf",
	.frr_socket_dir = "/var/run/frr",
	.frr_config_file = "/usr/local/etc/frr/frr.conf",
	.vtysh = "/usr/local/bin/vtysh",
};
