/* http/server.h - the whole of multihomed-http, one thread, one loop. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/conn.h"
#include "http/linger.h"
#include "http/link.h"
#include "http/wait.h"
#include "wire/setup.h"

struct buf;
struct err;
struct MHD_Connection;

enum {
	SERVER_LISTEN_MAX = SETUP_LISTEN_MAX + 1,
	SERVER_BODY_TOTAL_MAX = 32 * 1024 * 1024, /* of all uploads together */
	SERVER_STOP_MS = 3000 /* what is under way may finish */
};

struct server_listener {
	int fd;
	enum wait_daemon daemon;
};

/* Shared by the files of this room; the main only passes it around. */
struct server {
	struct setup_http conf;
	struct server_listener listener[SERVER_LISTEN_MAX];
	size_t n_listeners;
	int64_t accept_again_ms; /* out of descriptors until then */

	struct wait wait;
	struct conn_table conns;
	struct link link;
	struct linger_list lingers;
	struct conn *accepting; /* for server_on_connection */
	struct pollfd *sweep_fds;
	int64_t sweep_ms[CONN_PHASES]; /* last look for who hung up */

	int64_t now_ms;    /* once per turn of the loop */
	size_t body_bytes; /* held in conns */
	uint32_t n_parked; /* see request.c */
	char id_prefix[16];
	uint64_t id_count;

	bool stopping;
	int64_t stop_ms; /* when it must be over */
	int status;      /* of the process */
};

/* Opens the listeners of conf: before privileges are dropped. */
int server_init(struct server *, const struct setup_http *conf, struct err *);
/*
 * Starts libmicrohttpd: after privileges are dropped. pem holds the three PEM
 * texts of conf; it is wiped. use_select: wait as systems without epoll do.
 */
int server_start(struct server *, struct buf *pem, bool use_select,
    struct err *);
/*
 * Serves until a byte comes from signal_fd or the parent closes setup_fd.
 * Returns the exit status: 0, or 1 after the engine broke the frame protocol,
 * so that the parent starts us (and a new pair of sockets) again.
 */
int server_run(struct server *, int setup_fd, int signal_fd);
void server_clear(struct server *);

#endif
