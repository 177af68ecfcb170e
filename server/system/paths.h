/* system/paths.h - where things are on this platform, unless configured. */
#ifndef SYSTEM_PATHS_H
#define SYSTEM_PATHS_H

struct paths {
	const char *platform; /* "freebsd" */
	const char *config;   /* multihomed.conf itself */
	const char *frr_socket_dir;
	const char *frr_config_file;
	const char *vtysh;
	const char *boot_dir; /* our boot files */
	/* Where each tool may be, absolute, the likeliest place of each first;
	 * NULL ends the list. What is not in it is never run. */
	const char *const *tools;
};

extern const struct paths paths_default;

#endif
