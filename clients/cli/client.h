/* cli/client.h - one question to the router's API, one answer. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/buf.h"

struct client;
struct err;
struct target;

struct client_options {
	bool verbose;
	unsigned timeout_s; /* 0: 30 for reads, 130 for writes */
};

struct client_request {
	const char *method;
	const char *path;          /* "/v1/router?x=y", escaped where needed */
	const json_t *body;        /* NULL: none */
	const char *content_type;  /* of the body */
	const char *if_match;      /* NULL: none */
	const char *accept;        /* NULL: JSON */
	const char *last_event_id; /* NULL: none */
	bool only_new;             /* refuse when there is one already */
	bool write; /* changes something: carries an Idempotency-Key */
};

enum {
	CLIENT_ETAG_MAX = 128
};

struct client_answer {
	long status;
	json_t *json; /* NULL: the body is no JSON */
	struct buf body;
	char etag[CLIENT_ETAG_MAX]; /* "" when none */
	char request_id[72];
	unsigned retry_after_s;
};

#define CLIENT_ANSWER_INIT                   \
	{                                    \
		0, NULL, BUF_INIT, "", "", 0 \
	}

enum client_end {
	CLIENT_ANSWERED,    /* whatever the status says */
	CLIENT_UNREACHABLE, /* nothing was done */
	CLIENT_UNKNOWN,     /* a write was sent, the connection broke, and broke
			     * again: nobody here knows whether it was done */
	CLIENT_TIMED_OUT,
	CLIENT_INTERRUPTED, /* Ctrl-C during a write */
	CLIENT_FOREIGN      /* answered, but not in a way that we understand */
};

/* target is borrowed for the client's life. NULL and err only when libcurl
 * cannot start. */
struct client *client_new(const struct target *, const struct client_options *,
    struct err *);
void client_free(struct client **);

/*
 * Sends and waits. A write carries one random Idempotency-Key; when its
 * connection breaks it is sent once more with the same key, and while the
 * router says that this key is still being worked on, the answer is waited
 * for. Redirects are not followed and no proxy is used, so the token goes to
 * the target and nowhere else. Anything but CLIENT_ANSWERED has its reason in
 * err.
 */
enum client_end client_send(struct client *, const struct client_request *,
    struct client_answer *, struct err *);
void client_answer_clear(struct client_answer *);

/* One path segment, %-escaped ('/' too). Returns new memory: free() it. */
char *client_escape(const char *);

#endif
