/* http/tls.c - what of GnuTLS libmicrohttpd does not do for us. */
#include <sys/types.h>

#include <gnutls/x509.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include "base/compat.h"
#include "base/err.h"
#include "http/tls.h"

static gnutls_datum_t
datum(const char *text)
{
	gnutls_datum_t d = { compat_unconst(text), (unsigned)strlen(text) };

	return d;
}

int
tls_check(const char *certificate, const char *key, const char *client_ca,
    struct err *err)
{
	gnutls_certificate_credentials_t cred = NULL;
	gnutls_datum_t c = datum(certificate);
	gnutls_datum_t k = datum(key);
	gnutls_datum_t ca = datum(client_ca);
	int rc;

	rc = gnutls_certificate_allocate_credentials(&cred);
	if (rc < 0)
		return err_set(err, ERR_NO_MEMORY, "tls: %s",
		    gnutls_strerror(rc));
	rc = gnutls_certificate_set_x509_key_mem(cred, &c, &k,
	    GNUTLS_X509_FMT_PEM);
	if (rc < 0) {
		(void)err_set(err, ERR_INVALID, "tls certificate and key: %s",
		    gnutls_strerror(rc));
		goto out;
	}
	rc = 1;
	if (client_ca[0] != '\0')
		rc = gnutls_certificate_set_x509_trust_mem(cred, &ca,
		    GNUTLS_X509_FMT_PEM);
	if (rc <= 0) {
		(void)err_set(err, ERR_INVALID, "tls client_ca: %s",
		    rc == 0 ? "no certificate in it" : gnutls_strerror(rc));
		rc = -1;
	}
out:
	gnutls_certificate_free_credentials(cred);
	return rc < 0 ? -1 : 0;
}

static gnutls_session_t
session_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection,
		MHD_CONNECTION_INFO_GNUTLS_SESSION);

	return info == NULL ? NULL : info->tls_session;
}

int
tls_require_client(struct MHD_Connection *connection)
{
	/* Must live as long as the session. */
	static unsigned char purpose_oid[] = GNUTLS_KP_TLS_WWW_CLIENT;
	static gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID,
		purpose_oid, 0 };
	gnutls_session_t session = session_of(connection);

	if (session == NULL)
		return -1;
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
	gnutls_session_set_verify_cert2(session, &purpose, 1, 0);
	return 0;
}

ssize_t
tls_send(struct MHD_Connection *connection, const void *bytes, size_t n)
{
	gnutls_session_t session = session_of(connection);

	if (session == NULL)
		return -1;
	return gnutls_record_send(session, bytes, n);
}
