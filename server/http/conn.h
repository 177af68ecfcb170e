/* http/conn.h - the table of client connections and where each one stands. */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "http/backlog.h"
#include "wire/frame.h"

struct MHD_Connection;
struct MHD_Response;

/*
 * Where a connection stands. Each phase has one time limit, so that its list,
 * in order of entering, is also in order of deadlines.
 */
enum conn_phase {
	CONN_IDLE,      /* no request line yet: new, or kept alive */
	CONN_RECEIVING, /* request line seen, request not complete */
	CONN_WAITING,   /* for the engine: parked, later suspended */
	CONN_SENDING,   /* an answer is queued in libmicrohttpd */
	CONN_STREAMING, /* one without end is: http/stream.h; no time limit */
	CONN_CLOSING,   /* we shut it down; libmicrohttpd will notice */
	CONN_PHASES
};

enum {
	CONN_REQUEST_ID_MAX = 65
};

struct conn {
	TAILQ_ENTRY(conn) link; /* in its phase's list, or the free list */
	enum conn_phase phase;
	int64_t since_ms; /* when it entered the phase */
	uint64_t id;      /* slot and turn: names one request for the engine */
	uint32_t slot;
	uint32_t turn;   /* grows with each request: late replies miss */
	uint64_t number; /* of the connection; never used again */
	bool used;

	struct MHD_Connection *mhd;
	int fd; /* borrowed from libmicrohttpd */
	bool secure;
	bool linger;              /* unread input may be left when it closes */
	struct addr addr;         /* family 0: UNIX socket */
	char peer[ADDR_TEXT_MAX]; /* as the engine sees it; "unix" */
	size_t peer_len;

	/* The request under way; ends with conn_forget_request. */
	struct buf target;     /* as received: libmicrohttpd cuts up its own */
	const char *target_at; /* where that stands; compared, never read */
	struct buf body;       /* may hold a key: wiped */
	struct frame_bytes header[FRAME_REQUEST_HEADERS]; /* in its pool */
	bool head;      /* HEAD, for the engine a GET */
	bool begun;     /* the head has been looked at */
	bool suspended; /* in libmicrohttpd's sense */
	bool gone;      /* the client hung up while the engine worked */
	struct MHD_Response *answer; /* for a parked one, until it is asked */
	unsigned answer_status;
	struct backlog backlog; /* of a stream */
	bool ended;             /* the stream: nothing more will come */
	char request_id[CONN_REQUEST_ID_MAX];
};

TAILQ_HEAD(conn_list, conn);

struct conn_table {
	struct conn *v;
	uint32_t max;
	uint32_t used;
	uint32_t per_address_max;
	uint64_t next_number;
	struct conn_list free;
	struct conn_list phase[CONN_PHASES];
};

/* first_number: where the numbers of connections begin. Random, so that those
 * of two lives of http do not meet. */
void conn_table_init(struct conn_table *, uint32_t max,
    uint32_t per_address_max, uint64_t first_number);
void conn_table_clear(struct conn_table *);

enum conn_verdict {
	CONN_ACCEPTED,
	CONN_TOO_MANY,
	CONN_TOO_MANY_FROM_ADDRESS
};
/*
 * A slot for a client, in phase CONN_IDLE. addr is NULL for a UNIX socket,
 * which no per-address limit binds. IPv6 clients are counted by /64.
 */
enum conn_verdict conn_new(struct conn_table *, const struct addr *,
    int64_t now_ms, struct conn **);
/*
 * Whether its request may be answered with a stream, which lasts: at most half
 * of all connections may, and half of those of one address (but one each), so
 * that the rest is for requests.
 */
enum conn_verdict conn_may_stream(const struct conn_table *,
    const struct conn *);
void conn_free(struct conn_table *, struct conn *);
/* Moves to the end of the phase's list. */
void conn_enter(struct conn_table *, struct conn *, enum conn_phase,
    int64_t now_ms);
/* Forgets the request; memory that a large one needed is given back. */
void conn_forget_request(struct conn *);
/* The connection whose present request has this id, or NULL. */
struct conn *conn_find(const struct conn_table *, uint64_t id);
/* Longest in its phase, or NULL. */
struct conn *conn_oldest(const struct conn_table *, enum conn_phase);

#endif
