/* http/daemon.h - starting libmicrohttpd the way we want it. */
#ifndef HTTP_DAEMON_H
#define HTTP_DAEMON_H

struct buf;
struct err;
struct server;

/* Without a listening socket: connections are added by the server. */
int daemon_start(struct server *, struct err *);
/* The second one, which speaks TLS. pem: certificate, key and CA texts behind
 * one another, of the lengths in s->conf; checked first, so that a mistake in
 * them is told in words. */
int daemon_start_tls(struct server *, const struct buf *pem, struct err *);

#endif
