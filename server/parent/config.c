/* parent/config.c - the configuration file, parsed once into one value. */
#include <sys/types.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/name.h"
#include "base/number.h"
#include "parent/config.h"
#include "parent/config_keys.h"
#include "parent/ucltext.h"
#include "system/paths.h"

struct reading {
	struct config *config;
	struct config_lines lines;
};

#define SET(member, text) (void)snprintf(member, sizeof(member), "%s", text)

void
config_default(struct config *c)
{
	memset(c, 0, sizeof(*c));
	SET(c->libexec_dir, LIBEXECDIR);
	SET(c->database, "/var/db/multihomed/multihomed.db");
	c->snapshot_ms = 1000;
	c->drain_reminder_s = 24 * 3600;
	SET(c->listen.tcp[0], "[::1]:8179");
	c->listen.n_tcp = 1;
	c->listen.unix_mode = 0660;
	c->listen.unix_gid = UINT32_MAX;
	SET(c->users.engine, "_multihomed");
	SET(c->users.http, "_mhhttp");
	SET(c->users.chroot, "/var/empty");
	SET(c->frr.socket_dir, paths_default.frr_socket_dir);
	SET(c->frr.vtysh, paths_default.vtysh);
	SET(c->frr.config_file, paths_default.frr_config_file);
	c->frr.timeout_ms = 2000;
	c->frr.vtysh_timeout_ms = 10000;
	SET(c->system.boot_dir, paths_default.boot_dir);
	SET(c->system.state_dir, "/var/db/multihomed-parent");
	SET(c->system.rc_conf, "/etc/rc.conf");
	c->system.timeout_ms = 5000;
	c->limits.body_bytes = 1048576;
	c->limits.header_bytes = 16384;
	c->limits.connections = 256;
	c->limits.connections_per_address = 64;
	c->limits.request_timeout_s = 15;
	c->limits.reply_timeout_s = 120;
	c->limits.queue = 32;
	c->limits.auth_failures_per_minute = 10;
	SET(c->peers.mhctl, BINDIR "/mhctl");
	c->peers.timeout_ms = 10000;
	SET(c->log.to, "stderr");
	c->log.level = LOG_LEVEL_INFO;
}

const char *
config_default_file(void)
{
	return paths_default.config;
}

static void *
member_of(struct config *c, const struct config_key *key)
{
	return (char *)c + key->offset;
}

static int
set_uint(struct config *c, const struct config_key *key,
    const struct ucltext_item *item, struct err *err)
{
	uint32_t value;

	if (item->type != UCLTEXT_NUMBER || item->number < key->min ||
	    item->number > key->max)
		return err_set(err, ERR_INVALID,
		    "must be a whole number from %u to %u", key->min, key->max);
	value = (uint32_t)item->number;
	memcpy(member_of(c, key), &value, sizeof(value));
	return 0;
}

static int
set_bool(struct config *c, const struct config_key *key,
    const struct ucltext_item *item, struct err *err)
{
	if (item->type != UCLTEXT_BOOL)
		return err_set(err, ERR_INVALID, "must be true or false");
	memcpy(member_of(c, key), &item->boolean, sizeof(item->boolean));
	return 0;
}

static int
set_mode(struct config *c, const struct config_key *key,
    const struct ucltext_item *item, struct err *err)
{
	const char *s = item->string;
	uint32_t mode;

	if (item->type != UCLTEXT_STRING || strlen(s) != 4 || s[0] != '0' ||
	    strspn(s, "01234567") != 4)
		return err_set(err, ERR_INVALID,
		    "must be a mode in quotes, \"0600\" to \"0777\"");
	mode = (uint32_t)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
	memcpy(member_of(c, key), &mode, sizeof(mode));
	return 0;
}

static int
set_level(struct config *c, const struct config_key *key,
    const struct ucltext_item *item, struct err *err)
{
	int level =
	    item->type == UCLTEXT_STRING ? log_level_parse(item->string) : -1;
	uint32_t value;

	if (level == -1)
		return err_set(err, ERR_INVALID,
		    "must be \"error\", \"warning\", \"info\" or \"debug\"");
	value = (uint32_t)level;
	memcpy(member_of(c, key), &value, sizeof(value));
	return 0;
}

static int
check_text(const struct config_key *key, const char *s, struct err *err)
{
	const char *p;

	if (strlen(s) >= key->size)
		return err_set(err, ERR_INVALID, "at most %zu characters",
		    key->size - 1);
	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return err_set(err, ERR_INVALID, "a control character");
	if (!name_is_utf8(s, strlen(s)))
		return err_set(err, ERR_INVALID, "not UTF-8");
	return 0;
}

static int
check_kind(const struct config_key *key, const char *s, struct err *err)
{
	switch (key->type) {
	case CONFIG_WORD:
		if (s[0] == '-' || s[strspn(s, key->chars)] != '\0')
			return err_set(err, ERR_INVALID,
			    "only A-Z a-z 0-9 %s, and no '-' first",
			    strchr(key->chars, '.') != NULL ? ". _ -" : "_ -");
		return 0;
	case CONFIG_PATH:
		if (s[0] == '\0')
			return err_set(err, ERR_INVALID, "must be a path");
		return 0;
	case CONFIG_PATH_ABS:
		if (s[0] != '/')
			return err_set(err, ERR_INVALID,
			    "must be a path that starts with '/'");
		return 0;
	case CONFIG_LOG:
		if (s[0] != '/' && strcmp(s, "stderr") != 0 &&
		    strcmp(s, "syslog") != 0)
			return err_set(err, ERR_INVALID,
			    "must be \"stderr\", \"syslog\" or a path that "
			    "starts with '/'");
		return 0;
	default:
		return 0;
	}
}

static int
set_text(struct config *c, const struct config_key *key,
    const struct ucltext_item *item, struct err *err)
{
	if (item->type != UCLTEXT_STRING)
		return err_set(err, ERR_INVALID,
		    "must be a text; put it in double quotes");
	if (check_text(key, item->string, err) == -1 ||
	    check_kind(key, item->string, err) == -1)
		return -1;
	memset(member_of(c, key), 0, key->size);
	memcpy(member_of(c, key), item->string, strlen(item->string));
	return 0;
}

static int
set_listen(struct config *c, const struct ucltext_item *item, struct err *err)
{
	char host[CONFIG_LISTEN_TEXT_MAX];
	uint32_t port, i;

	if (item->index == 0) {
		memset(c->listen.tcp, 0, sizeof(c->listen.tcp));
		c->listen.n_tcp = 0;
	}
	if (item->type == UCLTEXT_EMPTY_LIST)
		return 0;
	if (item->type != UCLTEXT_STRING ||
	    config_check_listen(item->string, host, sizeof(host), &port,
		NULL) == -1)
		return err_set(err, ERR_INVALID,
		    "must be a list like [\"[::1]:8179\", "
		    "\"127.0.0.1:8179\"]: addresses, no names");
	if (c->listen.n_tcp == SETUP_LISTEN_MAX)
		return err_set(err, ERR_INVALID, "at most %d addresses",
		    SETUP_LISTEN_MAX);
	for (i = 0; i < c->listen.n_tcp; i++)
		if (strcmp(c->listen.tcp[i], item->string) == 0)
			return err_set(err, ERR_INVALID, "%s: given twice",
			    item->string);
	memcpy(c->listen.tcp[c->listen.n_tcp++], item->string,
	    strlen(item->string) + 1);
	return 0;
}

static int
set_key(struct config *c, const struct config_key *key,
    const struct ucltext_item *item, struct err *err)
{
	if (key->type != CONFIG_LISTEN &&
	    (item->in_list || item->type == UCLTEXT_EMPTY_LIST))
		return err_set(err, ERR_INVALID, "must be one value, no list");
	switch (key->type) {
	case CONFIG_UINT:
		return set_uint(c, key, item, err);
	case CONFIG_BOOL:
		return set_bool(c, key, item, err);
	case CONFIG_MODE:
		return set_mode(c, key, item, err);
	case CONFIG_LEVEL:
		return set_level(c, key, item, err);
	case CONFIG_LISTEN:
		return set_listen(c, item, err);
	case CONFIG_WORD:
	case CONFIG_PATH:
	case CONFIG_PATH_OPT:
	case CONFIG_PATH_ABS:
	case CONFIG_LOG:
		return set_text(c, key, item, err);
	}
	return err_set(err, ERR_INTERNAL, "a key without a type");
}

static bool
is_section(const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < config_keys_n; i++)
		if (strncmp(config_keys[i].path, name, len) == 0 &&
		    config_keys[i].path[len] == '.')
			return true;
	return false;
}

static int
take_item(void *ctx, const struct ucltext_item *item, struct err *err)
{
	struct reading *r = ctx;
	size_t i;

	if (item->type == UCLTEXT_SECTION)
		return is_section(item->path) ?
		    0 :
		    err_set(err, ERR_INVALID, "line %u: %s: unknown section",
			item->line, item->path);
	for (i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].path, item->path) == 0)
			break;
	if (i == config_keys_n && is_section(item->path))
		return err_set(err, ERR_INVALID,
		    "line %u: %s: is a section, %s { ... }", item->line,
		    item->path, item->path);
	if (i == config_keys_n)
		return err_set(err, ERR_INVALID, "line %u: %s: unknown key",
		    item->line, item->path);
	if (set_key(r->config, &config_keys[i], item, err) == -1)
		return err_prefix(err, "line %u: %s", item->line, item->path);
	r->lines.line[i] = item->line;
	return 0;
}

/* "FILE: line 12: ..." becomes "FILE:12: ...", which editors can jump to. */
static int
blame(const char *file, struct err *err)
{
	static const char word[] = "line ";
	char text[ERR_TEXT_MAX];
	size_t digits;

	(void)snprintf(text, sizeof(text), "%s", err->text);
	if (strncmp(text, word, strlen(word)) != 0)
		return err_prefix(err, "%s", file);
	digits = strspn(text + strlen(word), "0123456789");
	return err_set(err, err->code, "%s:%.*s%s", file, (int)digits,
	    text + strlen(word), text + strlen(word) + digits);
}

static unsigned
line_of(const struct reading *r, const char *path)
{
	size_t i;

	for (i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].path, path) == 0)
			return r->lines.line[i];
	return 0;
}

int
config_parse(struct config *c, const char *file, const char *text, size_t len,
    struct err *err)
{
	struct reading r = { .config = c };
	struct err why;
	const char *key = "";

	err_clear(&why);
	config_default(c);
	if (ucltext_parse(text, len, take_item, &r, &why) == -1) {
		(void)blame(file, &why);
		goto refuse;
	}
	if (config_check(c, &key, &why) == -1) {
		if (line_of(&r, key) > 0)
			(void)err_prefix(&why, "line %u", line_of(&r, key));
		(void)blame(file, &why);
		goto refuse;
	}
	return 0;
refuse:
	if (err != NULL)
		*err = why;
	return -1;
}

int
config_load(struct config *c, const char *path, struct err *err)
{
	static char text[CONFIG_FILE_MAX];
	struct buf b;
	bool from_stdin = strcmp(path, "-") == 0;

	buf_init_fixed(&b, text, sizeof(text));
	if (io_read_file(from_stdin ? "/dev/stdin" : path, &b, err) == -1)
		return -1;
	return config_parse(c, from_stdin ? "stdin" : path, b.data, b.len, err);
}
