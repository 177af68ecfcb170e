/* http/daemon.c - starting libmicrohttpd the way we want it. */
#include <sys/types.h>
#include <sys/socket.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/daemon.h"
#include "http/request.h"
#include "http/server.h"
#include "http/tls.h"

/*
 * Beside the largest head that we accept, in libmicrohttpd's memory for a
 * connection: its records of header lines, the answer's head, and room for
 * heads that are too large, so that it is us who say so, in problem form.
 */
enum {
	POOL_SLACK = 48 * 1024
};

/* libmicrohttpd's words, on its own bad days or a client's. */
static void on_log(void *, const char *fmt, va_list) PRINTFLIKE(2, 0);

static void
on_log(void *cls, const char *fmt, va_list ap)
{
	char text[512];
	size_t len;

	(void)cls;
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	len = strlen(text);
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	log_debug("libmicrohttpd: %s", text);
}

static void
on_connection(void *cls, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct server *s = cls;
	struct conn *c;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		c = s->accepting;
		*context = c;
		c->mhd = mhd;
		return;
	}
	c = *context;
	if (c == NULL)
		return;
	if (c->linger) {
		/* libmicrohttpd closes its descriptor right after this. */
		int fd = dup(c->fd);

		if (fd != -1)
			linger_add(&s->lingers, fd, s->now_ms);
	}
	conn_free(&s->conns, c);
	*context = NULL;
}

static void
set_option(struct MHD_OptionItem *item, enum MHD_OPTION option,
    const char *text)
{
	item->option = option;
	item->value = 0;
	item->ptr_value = compat_unconst(text);
}

static struct MHD_Daemon *
start(struct server *s, unsigned flags, struct MHD_OptionItem *more)
{
	flags |= MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
	    MHD_USE_ERROR_LOG;
	if (!s->wait.use_select)
		flags |= MHD_USE_EPOLL;
	return MHD_start_daemon(flags, 0, NULL, NULL, request_on_part, s,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, s, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)s->conf.connections_max, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)s->conf.request_timeout_s + 2,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)s->conf.header_max + POOL_SLACK,
	    MHD_OPTION_URI_LOG_CALLBACK, request_on_target, s,
	    MHD_OPTION_UNESCAPE_CALLBACK, request_keep_escapes, s,
	    MHD_OPTION_NOTIFY_COMPLETED, request_on_end, s,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_ARRAY,
	    more, MHD_OPTION_END);
}

int
daemon_start(struct server *s, struct err *err)
{
	struct MHD_OptionItem none = { MHD_OPTION_END, 0, NULL };

	s->wait.daemon[WAIT_PLAIN] = start(s, 0, &none);
	return s->wait.daemon[WAIT_PLAIN] != NULL ?
	    0 :
	    err_set(err, ERR_SYSTEM, "libmicrohttpd does not start");
}

static struct MHD_Daemon *
start_with(struct server *s, const char *certificate, const char *key,
    const char *client_ca)
{
	struct MHD_OptionItem item[5];

	set_option(&item[0], MHD_OPTION_HTTPS_MEM_CERT, certificate);
	set_option(&item[1], MHD_OPTION_HTTPS_MEM_KEY, key);
	set_option(&item[2], MHD_OPTION_HTTPS_PRIORITIES, TLS_PRIORITIES);
	set_option(&item[3],
	    client_ca[0] != '\0' ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END,
	    client_ca);
	set_option(&item[4], MHD_OPTION_END, NULL);
	return start(s, MHD_USE_TLS, item);
}

/* Cuts the PEM texts apart; each becomes a C string. */
int
daemon_start_tls(struct server *s, const struct buf *pem, struct err *err)
{
	const size_t len[3] = { s->conf.tls_certificate_len,
		s->conf.tls_key_len, s->conf.tls_client_ca_len };
	char *text[3] = { NULL, NULL, NULL };
	const char *at = buf_text(pem);
	size_t i;
	int rc = -1;

	if (len[0] > pem->len || len[1] > pem->len - len[0] ||
	    len[2] != pem->len - len[0] - len[1])
		return err_set(err, ERR_PROTOCOL, "setup: PEM lengths");
	for (i = 0; i < 3; i++) {
		text[i] = mem_strndup(at, len[i]);
		at += len[i];
	}
	if (tls_check(text[0], text[1], text[2], err) == 0) {
		s->wait.daemon[WAIT_TLS] =
		    start_with(s, text[0], text[1], text[2]);
		rc = s->wait.daemon[WAIT_TLS] != NULL ?
		    0 :
		    err_set(err, ERR_SYSTEM, "libmicrohttpd: no TLS");
	}
	for (i = 0; i < 3; i++) {
		explicit_bzero(text[i], len[i]);
		MEM_FREE(text[i]);
	}
	return rc;
}
