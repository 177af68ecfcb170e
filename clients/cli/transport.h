/* cli/transport.h - what libcurl is told about one request. */
#ifndef CLI_TRANSPORT_H
#define CLI_TRANSPORT_H

#include <curl/curl.h>

struct client_answer;
struct client_request;
struct target;

/*
 * Sets up the handle anew: where, how (no proxy, no redirect, TLS 1.2 or
 * newer), what, and that the answer goes into the last argument. url, body and
 * answer are borrowed until the transfer's end, as are the headers that it
 * returns: curl_slist_free_all() them after it.
 */
struct curl_slist *transport_prepare(CURL *, const struct target *,
    const struct client_request *, const char *key, const char *url,
    const char *body, struct client_answer *);

#endif
