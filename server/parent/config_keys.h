/* parent/config_keys.h - one row per key of the configuration file. */
#ifndef PARENT_CONFIG_KEYS_H
#define PARENT_CONFIG_KEYS_H

#include <stddef.h>
#include <stdint.h>

struct config;
struct err;

enum config_type {
	CONFIG_UINT, /* min to max */
	CONFIG_BOOL,
	CONFIG_MODE,     /* "0660" */
	CONFIG_LEVEL,    /* a log level's name */
	CONFIG_WORD,     /* text of the characters in chars, or "" */
	CONFIG_PATH,     /* a path, not empty */
	CONFIG_PATH_OPT, /* a path or "" */
	CONFIG_PATH_ABS, /* a path that starts with '/' */
	CONFIG_LOG,      /* stderr, syslog or an absolute path */
	CONFIG_LISTEN /* a list of ADDRESS:PORT; the count follows the array */
};

struct config_key {
	const char *path;
	enum config_type type;
	size_t offset;
	size_t size;
	uint32_t min;
	uint32_t max;
	const char *chars;
};

enum {
	CONFIG_KEYS_MAX = 48,
	CONFIG_SYSTEM_PATH_MAX = 200 /* of TOOL_PATH_MAX */
};
extern const struct config_key config_keys[];
extern const size_t config_keys_n;

/* Where each key was given, 0: nowhere. */
struct config_lines {
	unsigned line[CONFIG_KEYS_MAX];
};

/* Splits "[v6]:port" or "v4:port": host gets the address alone. */
int config_check_listen(const char *text, char *host, size_t size,
    uint32_t *port, struct err *);
/* The keys against each other. -1: err is "KEY: ...", *key the row to blame. */
int config_check(const struct config *, const char **key, struct err *);

#endif
