/* parent/dispatch.c - the engine's operations: read, check, run, answer. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "parent/act.h"
#include "parent/dispatch.h"
#include "wire/op.h"

/* Over every operation's size: what is larger is no request at all. */
enum {
	DISPATCH_REQUEST_MAX = 64 * 1024
};
_Static_assert(sizeof(struct op_firewall) <= DISPATCH_REQUEST_MAX,
    "the largest operation must fit");
_Static_assert(OP_HEAD_SIZE % 16 == 0, "payloads are aligned");

static struct {
	const struct config *config; /* NULL: closed */
	int fd;
	_Alignas(16) unsigned char in[OP_HEAD_SIZE + DISPATCH_REQUEST_MAX];
	size_t in_len;
	struct op_head head; /* valid once in_len >= OP_HEAD_SIZE */
	struct buf out;      /* the answer; empty: reading */
	size_t out_done;
} peer;

static char out_bytes[OP_HEAD_SIZE + OP_REPLY_MAX + 1];

void
dispatch_open(int fd, const struct config *config)
{
	peer.config = config;
	peer.fd = fd;
	peer.in_len = 0;
	peer.out_done = 0;
	buf_init_fixed(&peer.out, out_bytes, sizeof(out_bytes));
	peer.out.secret = true;
}

void
dispatch_close(void)
{
	if (peer.config != NULL)
		buf_reset(&peer.out);
	peer.config = NULL;
	peer.fd = -1;
}

short
dispatch_events(void)
{
	if (peer.config == NULL)
		return 0;
	return peer.out.len > 0 ? POLLOUT : POLLIN;
}

/* A whole request is there: run it and leave the answer in peer.out. */
static void
handle(void)
{
	const struct op_head *head = &peer.head;
	uint32_t kind = head->dry ? head->kind | OP_DRY : head->kind;
	const void *payload = peer.in + OP_HEAD_SIZE, *data = NULL;
	size_t len = 0;
	struct err err;

	err_clear(&err);
	if (op_request_check(head, payload, &err) == -1 ||
	    act_run(peer.config, head, payload, &data, &len, &err) == -1) {
		log_warning("op %s: %s", op_name(head->kind), err.text);
		/* A log is a C string. */
		op_put_failed(&peer.out, kind, head->id, &err,
		    len > 0 ? data : "");
	} else {
		op_put_done(&peer.out, kind, head->id, data, len);
	}
	/* Configurations and keys went through here. */
	act_forget(data, len);
	explicit_bzero(peer.in, peer.in_len);
	peer.in_len = 0;
	peer.out_done = 0;
}

static int
read_some(struct err *err)
{
	size_t want = OP_HEAD_SIZE;
	ssize_t n;

	if (peer.in_len >= OP_HEAD_SIZE)
		want += peer.head.size;
	n = recv(peer.fd, peer.in + peer.in_len, want - peer.in_len, 0);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n == -1)
		return err_set_errno(err, ERR_UNAVAILABLE, "op socket");
	if (n == 0)
		return err_set(err, ERR_UNAVAILABLE,
		    "the engine closed its op socket");
	peer.in_len += (size_t)n;
	if (peer.in_len == OP_HEAD_SIZE && want == OP_HEAD_SIZE) {
		if (op_head_read(&peer.head, peer.in, DISPATCH_REQUEST_MAX,
			err) == -1)
			return -1;
		want += peer.head.size;
	}
	if (peer.in_len >= OP_HEAD_SIZE && peer.in_len == want)
		handle();
	return 0;
}

static int
write_some(struct err *err)
{
	ssize_t n = send(peer.fd, peer.out.data + peer.out_done,
	    peer.out.len - peer.out_done, MSG_NOSIGNAL);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n == -1)
		return err_set_errno(err, ERR_UNAVAILABLE, "op socket");
	peer.out_done += (size_t)n;
	if (peer.out_done == peer.out.len) {
		crypto_wipe(peer.out.data, peer.out.len);
		buf_reset(&peer.out);
	}
	return 0;
}

int
dispatch_ready(short revents, struct err *err)
{
	if (peer.config == NULL || revents == 0)
		return 0;
	return peer.out.len > 0 ? write_some(err) : read_some(err);
}
