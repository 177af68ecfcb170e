/* http/tls.h - what of GnuTLS libmicrohttpd does not do for us. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include <sys/types.h>

#include <stddef.h>

struct err;
struct MHD_Connection;

/* TLS 1.3 and 1.2 with at least 128 bits, without CBC and static RSA. */
#define TLS_PRIORITIES                                   \
	"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:" \
	"-RSA:-AES-128-CBC:-AES-256-CBC:%SERVER_PRECEDENCE"

/*
 * Do certificate and key belong together, and is the CA readable? client_ca
 * "" means none. So that a mistake is told in words at start.
 */
int tls_check(const char *certificate, const char *key, const char *client_ca,
    struct err *);
/*
 * To be called before the handshake: it fails unless the client shows a
 * certificate for client use that chains to the CA.
 */
int tls_require_client(struct MHD_Connection *);
/* Bytes inside the TLS stream, behind what libmicrohttpd has sent.
 * Non-blocking; what does not fit is lost. */
ssize_t tls_send(struct MHD_Connection *, const void *, size_t);

#endif
