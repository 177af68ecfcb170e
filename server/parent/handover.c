/* parent/handover.c - what each child needs to know, sent when it starts. */
#include <sys/types.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "parent/child.h"
#include "parent/config.h"
#include "parent/handover.h"
#include "system/paths.h"
#include "wire/setup.h"

enum {
	HANDOVER_EXTRA_MAX = 3 * HANDOVER_PEM_MAX
};

static char extra_bytes[HANDOVER_EXTRA_MAX + 1];

#define SET(member, text) (void)snprintf(member, sizeof(member), "%s", text)

int
handover_engine(struct child *child, const struct config *c,
    enum log_level level, struct err *err)
{
	struct setup_engine s;

	memset(&s, 0, sizeof(s));
	SET(s.router_name, c->name);
	SET(s.platform, paths_default.platform);
	if (geteuid() == 0)
		SET(s.user, c->users.engine);
	SET(s.database, c->database);
	SET(s.frr_socket_dir, c->frr.socket_dir);
	SET(s.vtysh, c->frr.vtysh);
	SET(s.pathspace, c->frr.pathspace);
	SET(s.contexts, c->peers.contexts);
	SET(s.drain_ask, c->peers.drain_ask);
	SET(s.mhctl, c->peers.mhctl);
	s.peer_timeout_ms = c->peers.timeout_ms;
	s.frr_timeout_ms = c->frr.timeout_ms;
	s.vtysh_timeout_ms = c->frr.vtysh_timeout_ms;
	s.queue_max = c->limits.queue;
	s.snapshot_ms = c->snapshot_ms;
	s.drain_reminder_s = c->drain_reminder_s;
	s.auth_failures_per_minute = c->limits.auth_failures_per_minute;
	s.log_level = (uint32_t)level;
	return child_send_setup(child, &s, sizeof(s), NULL, 0, err);
}

/* Appends one PEM file; *len is its size. */
static int
add_pem(struct buf *b, const char *key, const char *path, uint32_t *len,
    struct err *err)
{
	size_t before = b->len;

	*len = 0;
	if (path[0] == '\0')
		return 0;
	if (io_read_file(path, b, err) == -1)
		return err_prefix(err, "%s", key);
	if (b->len - before > HANDOVER_PEM_MAX)
		return err_set(err, ERR_TOO_LARGE, "%s: %s: over %d bytes", key,
		    path, HANDOVER_PEM_MAX);
	*len = (uint32_t)(b->len - before);
	if (*len == 0)
		return err_set(err, ERR_INVALID, "%s: %s: empty", key, path);
	return 0;
}

static int
read_tls(const struct config *c, struct setup_http *s, struct buf *extra,
    struct err *err)
{
	if (add_pem(extra, "tls.certificate", c->tls.certificate,
		&s->tls_certificate_len, err) == -1 ||
	    add_pem(extra, "tls.key", c->tls.key, &s->tls_key_len, err) == -1 ||
	    add_pem(extra, "tls.client_ca", c->tls.client_ca,
		&s->tls_client_ca_len, err) == -1)
		return -1;
	s->tls = c->tls.certificate[0] != '\0';
	return 0;
}

int
handover_check_tls(const struct config *c, struct err *err)
{
	struct setup_http s;
	struct buf extra;
	int rc;

	memset(&s, 0, sizeof(s));
	buf_init_fixed(&extra, extra_bytes, sizeof(extra_bytes));
	rc = read_tls(c, &s, &extra, err);
	buf_wipe(&extra);
	return rc;
}

int
handover_http(struct child *child, const struct config *c, enum log_level level,
    struct err *err)
{
	struct setup_http s;
	struct buf extra;
	uint32_t i;
	int rc = -1;

	memset(&s, 0, sizeof(s));
	buf_init_fixed(&extra, extra_bytes, sizeof(extra_bytes));
	if (geteuid() == 0) {
		SET(s.user, c->users.http);
		SET(s.chroot, c->users.chroot);
	}
	for (i = 0; i < c->listen.n_tcp; i++)
		SET(s.listen_tcp[i], c->listen.tcp[i]);
	s.n_listen = c->listen.n_tcp;
	SET(s.listen_unix, c->listen.unix_path);
	s.listen_unix_mode = c->listen.unix_mode;
	s.listen_unix_gid = c->listen.unix_gid;
	s.body_max = c->limits.body_bytes;
	s.header_max = c->limits.header_bytes;
	s.connections_max = c->limits.connections;
	s.connections_per_address_max = c->limits.connections_per_address;
	s.request_timeout_s = c->limits.request_timeout_s;
	s.reply_timeout_s = c->limits.reply_timeout_s;
	s.log_level = (uint32_t)level;
	if (read_tls(c, &s, &extra, err) == 0)
		rc = child_send_setup(child, &s, sizeof(s), extra.data,
		    (uint32_t)extra.len, err);
	buf_wipe(&extra);
	return rc;
}
