/* wire/setup.h - what the parent tells a child when it starts it. */
#ifndef WIRE_SETUP_H
#define WIRE_SETUP_H

#include <stdint.h>

struct buf;
struct err;

/*
 * A child is started with descriptor SETUP_FD, a stream socket to the parent.
 * First comes struct setup_head and the child's setup struct, exact in size.
 * (Both binaries come from one build; the version says so.) Then control
 * messages follow on the same socket:
 *   'P' with a descriptor (SCM_RIGHTS): the new frame socket to the sibling.
 * The engine gets two more descriptors: SETUP_OP_FD, for wire/op, and
 * SETUP_KEY_FD, the master key file, to be read (from its start) and closed
 * before anything else. End of file on SETUP_FD means that the parent is gone:
 * the child ends.
 */
enum {
	SETUP_FD = 3,
	SETUP_OP_FD = 4,
	SETUP_KEY_FD = 5,
	SETUP_VERSION = 6,
	SETUP_PATH_MAX = 256,
	SETUP_LISTEN_MAX = 8,
	SETUP_USER_MAX = 32
};

struct setup_head {
	uint32_t magic;
	uint32_t version;
	uint32_t size; /* of what follows */
	uint32_t zero;
};

struct setup_engine {
	char router_name[64];      /* "" : host name */
	char platform[16];         /* "freebsd", "linux" */
	char user[SETUP_USER_MAX]; /* "": stay who we are */
	char database[SETUP_PATH_MAX];
	char frr_socket_dir[SETUP_PATH_MAX];
	char vtysh[SETUP_PATH_MAX];
	char pathspace[64];            /* "": no -N */
	char contexts[SETUP_PATH_MAX]; /* "": no other router is known */
	char drain_ask[64];            /* "": nobody is asked */
	char mhctl[SETUP_PATH_MAX];
	uint32_t peer_timeout_ms;
	uint32_t frr_timeout_ms;
	uint32_t vtysh_timeout_ms;
	uint32_t queue_max; /* changes waiting */
	uint32_t snapshot_ms;
	uint32_t drain_reminder_s;
	uint32_t auth_failures_per_minute;
	uint32_t log_level;
};

struct setup_http {
	char user[SETUP_USER_MAX];
	char chroot[SETUP_PATH_MAX];           /* "": none */
	char listen_tcp[SETUP_LISTEN_MAX][64]; /* "[::1]:8179" */
	char listen_unix[SETUP_PATH_MAX];
	uint32_t listen_unix_mode;
	uint32_t listen_unix_gid; /* UINT32_MAX: leave the group */
	uint32_t n_listen;
	uint32_t tls; /* 0 or 1: the PEM texts follow the struct */
	uint32_t tls_certificate_len;
	uint32_t tls_key_len;
	uint32_t tls_client_ca_len;
	uint32_t body_max;
	uint32_t header_max;
	uint32_t connections_max;
	uint32_t connections_per_address_max;
	uint32_t request_timeout_s; /* to receive a request, idle keep-alive */
	uint32_t reply_timeout_s;   /* until the engine must have answered */
	uint32_t log_level;
};

/* Sends / receives head and struct (blocking, 10 s deadline). extra is what
 * follows the struct: the PEM texts for http, nothing for the engine. */
int setup_send(int fd, const void *setup, uint32_t size, const void *extra,
    uint32_t extra_len, struct err *);
/* extra may be NULL when none is expected; its max limits what is accepted. */
int setup_recv(int fd, void *setup, uint32_t size, struct buf *extra,
    struct err *);

#endif
