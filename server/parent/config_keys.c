/* parent/config_keys.c - one row per key of the configuration file. */
#include "base/compat.h"
#include "parent/config.h"
#include "parent/config_keys.h"
#include "wire/frame.h"

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define AT(member) \
	offsetof(struct config, member), sizeof(((struct config *)0)->member)
#define UINT(path, member, min, max)                          \
	{                                                     \
		path, CONFIG_UINT, AT(member), min, max, NULL \
	}
#define TEXT(path, type, member)                   \
	{                                          \
		path, type, AT(member), 0, 0, NULL \
	}
#define WORD(path, member, chars)                          \
	{                                                  \
		path, CONFIG_WORD, AT(member), 0, 0, chars \
	}

/* In the order in which they are printed: sections stay together. */
/* clang-format off */
const struct config_key config_keys[] = {
	WORD("name", name, ALNUM "._-"),
	TEXT("libexec_dir", CONFIG_PATH, libexec_dir),
	TEXT("database", CONFIG_PATH, database),
	TEXT("master_key", CONFIG_PATH_OPT, master_key),
	UINT("snapshot_ms", snapshot_ms, 100, 60000),
	UINT("drain_reminder_s", drain_reminder_s, 0, 31536000),
	TEXT("listen.tcp", CONFIG_LISTEN, listen.tcp),
	TEXT("listen.plain_http", CONFIG_BOOL, listen.plain_http),
	TEXT("listen.unix", CONFIG_PATH_OPT, listen.unix_path),
	TEXT("listen.unix_mode", CONFIG_MODE, listen.unix_mode),
	WORD("listen.unix_group", listen.unix_group, ALNUM "._-"),
	TEXT("tls.certificate", CONFIG_PATH_OPT, tls.certificate),
	TEXT("tls.key", CONFIG_PATH_OPT, tls.key),
	TEXT("tls.client_ca", CONFIG_PATH_OPT, tls.client_ca),
	WORD("users.engine", users.engine, ALNUM "_-"),
	WORD("users.http", users.http, ALNUM "_-"),
	TEXT("users.chroot", CONFIG_PATH_OPT, users.chroot),
	TEXT("frr.socket_dir", CONFIG_PATH_ABS, frr.socket_dir),
	WORD("frr.pathspace", frr.pathspace, ALNUM "_-"),
	TEXT("frr.vtysh", CONFIG_PATH_ABS, frr.vtysh),
	TEXT("frr.config_file", CONFIG_PATH_ABS, frr.config_file),
	UINT("frr.timeout_ms", frr.timeout_ms, 100, 60000),
	UINT("frr.vtysh_timeout_ms", frr.vtysh_timeout_ms, 100, 120000),
	TEXT("system.tools_dir", CONFIG_PATH_OPT, system.tools_dir),
	TEXT("system.boot_dir", CONFIG_PATH_ABS, system.boot_dir),
	TEXT("system.state_dir", CONFIG_PATH_ABS, system.state_dir),
	TEXT("system.rc_conf", CONFIG_PATH_ABS, system.rc_conf),
	UINT("system.timeout_ms", system.timeout_ms, 100, 30000),
	UINT("limits.body_bytes", limits.body_bytes, 1024, FRAME_BODY_MAX),
	UINT("limits.header_bytes", limits.header_bytes, 1024, 65536),
	UINT("limits.connections", limits.connections, 1, 10000),
	UINT("limits.connections_per_address",
	    limits.connections_per_address, 1, 10000),
	UINT("limits.request_timeout_s", limits.request_timeout_s, 1, 300),
	UINT("limits.reply_timeout_s", limits.reply_timeout_s, 1, 3600),
	UINT("limits.queue", limits.queue, 1, 1000),
	UINT("limits.auth_failures_per_minute",
	    limits.auth_failures_per_minute, 1, 10000),
	TEXT("peers.contexts", CONFIG_PATH_OPT, peers.contexts),
	WORD("peers.drain_ask", peers.drain_ask, ALNUM "._-"),
	TEXT("peers.mhctl", CONFIG_PATH_ABS, peers.mhctl),
	UINT("peers.timeout_ms", peers.timeout_ms, 1000, 60000),
	TEXT("log.to", CONFIG_LOG, log.to),
	TEXT("log.level", CONFIG_LEVEL, log.level),
};
/* clang-format on */

const size_t config_keys_n = NITEMS(config_keys);
_Static_assert(NITEMS(config_keys) <= CONFIG_KEYS_MAX, "config_lines");
_Static_assert(sizeof(unsigned) == sizeof(uint32_t), "system.timeout_ms");
