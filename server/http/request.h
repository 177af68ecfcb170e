/* http/request.h - requests as libmicrohttpd parses them, into frames. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stddef.h>

#include <microhttpd.h>

/* The callbacks that libmicrohttpd wants; cls is the struct server. */

/* The request line is there: keeps the target before it is cut up. */
void *request_on_target(void *cls, const char *target, struct MHD_Connection *);
/* First with the head, then with each piece of the body, then to answer. */
enum MHD_Result request_on_part(void *cls, struct MHD_Connection *,
    const char *url, const char *method, const char *version,
    const char *upload, size_t *upload_len, void **conn);
/* The answer is out, or the connection broke. */
void request_on_end(void *cls, struct MHD_Connection *, void **conn,
    enum MHD_RequestTerminationCode);
/* Undecoded is what we want. */
size_t request_keep_escapes(void *cls, struct MHD_Connection *, char *);

#endif
