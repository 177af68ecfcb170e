/* parent/config_check.c - the keys of the configuration against each other. */
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/err.h"
#include "base/number.h"
#include "parent/config.h"
#include "parent/config_keys.h"

int
config_check_listen(const char *text, char *host, size_t size, uint32_t *port,
    struct err *err)
{
	const char *colon = strrchr(text, ':');
	struct addr addr;
	size_t len;
	bool bracketed = text[0] == '[';

	if (colon == NULL || strlen(text) >= CONFIG_LISTEN_TEXT_MAX)
		goto refuse;
	len = (size_t)(colon - text);
	if (bracketed) {
		if (len < 2 || text[len - 1] != ']')
			goto refuse;
		text++;
		len -= 2;
	}
	if (len >= size)
		goto refuse;
	memcpy(host, text, len);
	host[len] = '\0';
	if (addr_parse(&addr, host, NULL) == -1 ||
	    bracketed != (addr.family == 6) ||
	    number_parse_u32(port, colon + 1, 1, 65535, NULL) == -1)
		goto refuse;
	return 0;
refuse:
	return err_set(err, ERR_INVALID,
	    "must be an address and a port, \"[::1]:8179\"");
}

static bool
is_loopback(const char *text)
{
	static const uint8_t six[16] = { [15] = 1 };
	char host[CONFIG_LISTEN_TEXT_MAX];
	struct addr addr;
	uint32_t port;

	if (config_check_listen(text, host, sizeof(host), &port, NULL) == -1 ||
	    addr_parse(&addr, host, NULL) == -1)
		return false;
	if (addr.family == 4)
		return addr.bytes[0] == 127;
	return memcmp(addr.bytes, six, sizeof(six)) == 0;
}

static int
check_listen(const struct config *c, const char **key, struct err *err)
{
	uint32_t i;

	*key = "listen.unix_group";
	if (c->listen.unix_group[0] != '\0' && c->listen.unix_path[0] == '\0')
		return err_set(err, ERR_INVALID,
		    "listen.unix_group: needs listen.unix");
	*key = "listen.tcp";
	if (c->listen.n_tcp == 0 && c->listen.unix_path[0] == '\0')
		return err_set(err, ERR_INVALID,
		    "listen.tcp: nothing to listen on; give listen.tcp or "
		    "listen.unix");
	if (c->tls.certificate[0] != '\0' || c->listen.plain_http)
		return 0;
	for (i = 0; i < c->listen.n_tcp; i++) {
		if (is_loopback(c->listen.tcp[i]))
			continue;
		return err_set(err, ERR_INVALID,
		    "listen.tcp: %s is not a loopback address, and tokens "
		    "would cross the network in the clear: set "
		    "tls.certificate and tls.key, or listen.plain_http = true",
		    c->listen.tcp[i]);
	}
	return 0;
}

static int
check_tls(const struct config *c, const char **key, struct err *err)
{
	bool certificate = c->tls.certificate[0] != '\0';

	if (certificate != (c->tls.key[0] != '\0')) {
		*key = certificate ? "tls.certificate" : "tls.key";
		return err_set(err, ERR_INVALID,
		    "%s: tls.certificate and tls.key go together", *key);
	}
	*key = "tls.client_ca";
	if (c->tls.client_ca[0] != '\0' && !certificate)
		return err_set(err, ERR_INVALID,
		    "tls.client_ca: needs tls.certificate and tls.key");
	return 0;
}

/* Room for what stands in these directories, and for temporary files there:
 * a path that is cut would be another. */
static int
check_system(const struct config *c, const char **key, struct err *err)
{
	const struct {
		const char *key;
		const char *path;
	} paths[] = { { "system.tools_dir", c->system.tools_dir },
		{ "system.boot_dir", c->system.boot_dir },
		{ "system.state_dir", c->system.state_dir },
		{ "system.rc_conf", c->system.rc_conf } };
	size_t i;

	for (i = 0; i < NITEMS(paths); i++) {
		*key = paths[i].key;
		if (paths[i].path[0] != '\0' && paths[i].path[0] != '/')
			return err_set(err, ERR_INVALID,
			    "%s: must be a path that starts with '/', or empty",
			    *key);
		if (strlen(paths[i].path) > CONFIG_SYSTEM_PATH_MAX)
			return err_set(err, ERR_INVALID,
			    "%s: at most %d characters", *key,
			    CONFIG_SYSTEM_PATH_MAX);
	}
	*key = "system.boot_dir";
	if (strcmp(c->system.boot_dir, c->system.state_dir) == 0)
		return err_set(err, ERR_INVALID,
		    "system.boot_dir: must not be system.state_dir");
	return 0;
}

int
config_check(const struct config *c, const char **key, struct err *err)
{
	const char *base = strrchr(c->frr.config_file, '/');

	if (check_listen(c, key, err) == -1 || check_tls(c, key, err) == -1 ||
	    check_system(c, key, err) == -1)
		return -1;
	*key = "limits.connections_per_address";
	if (c->limits.connections_per_address > c->limits.connections)
		return err_set(err, ERR_INVALID,
		    "limits.connections_per_address: more than "
		    "limits.connections (%u)",
		    c->limits.connections);
	*key = "users.http";
	if (c->users.http[0] != '\0' &&
	    strcmp(c->users.http, c->users.engine) == 0)
		return err_set(err, ERR_INVALID,
		    "users.http: must not be users.engine: the network side "
		    "would own the database");
	*key = "frr.config_file";
	if (base == NULL || strcmp(base, "/frr.conf") != 0)
		return err_set(err, ERR_INVALID,
		    "frr.config_file: must be named frr.conf, since vtysh "
		    "writes no other");
	return 0;
}
