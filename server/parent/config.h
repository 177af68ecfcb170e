/* parent/config.h - the configuration file, parsed once into one value. */
#ifndef PARENT_CONFIG_H
#define PARENT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "system/tool.h"
#include "wire/setup.h"

struct buf;
struct err;

enum {
	CONFIG_FILE_MAX = 128 * 1024,
	CONFIG_LISTEN_TEXT_MAX = 64
};

/* A plain value: no member is owned, "" means not set. */
struct config {
	char name[64]; /* "": the host's name */
	char libexec_dir[SETUP_PATH_MAX];
	char database[SETUP_PATH_MAX];
	char master_key[SETUP_PATH_MAX]; /* "": in system.state_dir */
	uint32_t snapshot_ms;
	uint32_t drain_reminder_s;
	struct {
		char tcp[SETUP_LISTEN_MAX][CONFIG_LISTEN_TEXT_MAX];
		uint32_t n_tcp;
		bool plain_http;
		char unix_path[104];
		uint32_t unix_mode;
		char unix_group[SETUP_USER_MAX];
		uint32_t unix_gid; /* no key: start_check resolves it */
	} listen;
	struct {
		char certificate[SETUP_PATH_MAX];
		char key[SETUP_PATH_MAX];
		char client_ca[SETUP_PATH_MAX];
	} tls;
	struct {
		char engine[SETUP_USER_MAX];
		char http[SETUP_USER_MAX];
		char chroot[SETUP_PATH_MAX];
	} users;
	struct {
		char socket_dir[SETUP_PATH_MAX];
		char pathspace[64];
		char vtysh[SETUP_PATH_MAX];
		char config_file[SETUP_PATH_MAX];
		uint32_t timeout_ms;
		uint32_t vtysh_timeout_ms;
	} frr;
	struct system_config system;
	struct {
		uint32_t body_bytes;
		uint32_t header_bytes;
		uint32_t connections;
		uint32_t connections_per_address;
		uint32_t request_timeout_s;
		uint32_t reply_timeout_s;
		uint32_t queue;
		uint32_t auth_failures_per_minute;
	} limits;
	struct {
		char contexts[SETUP_PATH_MAX]; /* "": no other router */
		char drain_ask[64];            /* "": nobody */
		char mhctl[SETUP_PATH_MAX];
		uint32_t timeout_ms;
	} peers;
	struct {
		char to[SETUP_PATH_MAX]; /* "stderr", "syslog" or a path */
		uint32_t level;          /* enum log_level */
	} log;
};

void config_default(struct config *);
/* Where the file is on this platform, without -c. */
const char *config_default_file(void);
/*
 * Reads path ("-": standard input) over the defaults and checks it, keys
 * against each other too. -1: ERR_INVALID "FILE:LINE: KEY: what is allowed",
 * ERR_NOT_FOUND, ERR_SYSTEM.
 */
int config_load(struct config *, const char *path, struct err *);
/* The same from memory; file is the name for messages. */
int config_parse(struct config *, const char *file, const char *text,
    size_t len, struct err *);
/* Every key with its value, in one fixed order; parses to the same value. */
void config_print(const struct config *, struct buf *);

#endif
