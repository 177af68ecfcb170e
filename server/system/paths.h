/* system/paths.h - where things are on this platform, unless configured. */
#ifndef SYSTEM_PATHS_H
#define SYSTEM_PATHS_H

struct paths {
	const char *config; /* multihomed.conf itself */
	const char *frr_socket_dir;
	const char *frr_config_file;
	const char *vtysh;
};

extern const struct paths paths_default;

#endif
