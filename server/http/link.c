/* http/link.c - the frame socket to the engine, in batches both ways. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/link.h"

enum {
	SOCKET_BUFFER = 1024 * 1024,
	READS_AT_ONCE = 16,   /* then clients get their turn */
	KEEP_OUT = 256 * 1024 /* a larger empty buffer is given back */
};

void
link_init(struct link *l)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	l->out = (struct buf)BUF_SECRET;
	l->in = mem_alloc(LINK_IN_SIZE);
}

void
link_drop(struct link *l)
{
	if (l->fd != -1)
		(void)close(l->fd);
	l->fd = -1;
	explicit_bzero(l->in, l->in_len);
	l->in_len = 0;
	MEM_FREE(l->big);
	l->big_len = 0;
	buf_clear(&l->out);
}

void
link_clear(struct link *l)
{
	link_drop(l);
	MEM_FREE(l->in);
}

int
link_set(struct link *l, int fd, struct err *err)
{
	const int size = SOCKET_BUFFER;

	link_drop(l);
	if (io_set_nonblock(fd, true, err) == -1) {
		(void)close(fd);
		return -1;
	}
	/* More in one system call; a refusal costs only speed. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	l->fd = fd;
	return 0;
}

bool
link_up(const struct link *l)
{
	return l->fd != -1;
}

bool
link_put_request(struct link *l, uint64_t id, const struct frame_request *req)
{
	if (l->fd == -1 ||
	    (l->out.len > 0 && l->out.len + req->body.len > LINK_OUT_MAX))
		return false;
	frame_put_request(&l->out, id, req);
	if (l->out.failed)
		log_fatal("out of memory");
	return true;
}

void
link_put_cancel(struct link *l, uint64_t id)
{
	if (l->fd == -1)
		return;
	frame_put_cancel(&l->out, id);
	if (l->out.failed)
		log_fatal("out of memory");
}

bool
link_wants_write(const struct link *l)
{
	return l->fd != -1 && l->out.len > 0;
}

int
link_flush(struct link *l, struct err *err)
{
	size_t done = 0;
	ssize_t n = 0;

	if (!link_wants_write(l))
		return 0;
	while (done < l->out.len) {
		n = send(l->fd, l->out.data + done, l->out.len - done,
		    MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		done += (size_t)n;
	}
	if (n == -1 && errno != EAGAIN && errno != EWOULDBLOCK)
		return err_set_errno(err, ERR_UNAVAILABLE, "send to engine");
	if (done < l->out.len)
		buf_drop(&l->out, done);
	else if (l->out.cap > KEEP_OUT)
		buf_clear(&l->out);
	else
		buf_reset(&l->out);
	return 0;
}

static int
read_payload(struct link_frame *frame, const char *payload, size_t size,
    struct err *err)
{
	switch (frame->kind) {
	case FRAME_REPLY:
	case FRAME_STREAM:
		if (frame_reply_read(&frame->reply, payload, size, err) == -1 ||
		    frame->reply.status < 200)
			break;
		return 0;
	case FRAME_DATA:
		if (frame_data_read(&frame->data, payload, size, err) == -1)
			break;
		return 0;
	case FRAME_END:
		return 0;
	case FRAME_REQUEST:
	case FRAME_CANCEL:
		break;
	}
	return err_set(err, ERR_PROTOCOL, "not a frame of an engine");
}

static int
handle_frame(const struct frame_head *head, const char *payload, void *owned,
    link_frame_fn *fn, void *cls, struct err *err)
{
	struct link_frame frame = { .kind = head->kind, .id = head->id };

	if (read_payload(&frame, payload, head->size, err) == -1) {
		free(owned);
		return -1;
	}
	fn(cls, &frame, owned);
	return 0;
}

/* The frame at *at does not fit into in: from here on it is read into place. */
static void
start_big(struct link *l, const struct frame_head *head, size_t *at)
{
	size_t have = l->in_len - *at - FRAME_HEAD_SIZE;

	l->big_head = *head;
	l->big = mem_alloc(head->size);
	memcpy(l->big, l->in + *at + FRAME_HEAD_SIZE, have);
	l->big_len = have;
	*at = l->in_len;
}

static int
handle_input(struct link *l, link_frame_fn *fn, void *cls, struct err *err)
{
	size_t at = 0, had = l->in_len;
	struct frame_head head;

	while (l->in_len - at >= FRAME_HEAD_SIZE) {
		if (frame_head_read(&head, l->in + at, err) == -1)
			return -1;
		if (l->in_len - at - FRAME_HEAD_SIZE < head.size) {
			if (head.size > LINK_IN_SIZE - FRAME_HEAD_SIZE)
				start_big(l, &head, &at);
			break;
		}
		if (handle_frame(&head, l->in + at + FRAME_HEAD_SIZE, NULL, fn,
			cls, err) == -1)
			return -1;
		at += FRAME_HEAD_SIZE + head.size;
	}
	memmove(l->in, l->in + at, l->in_len - at);
	l->in_len -= at;
	explicit_bzero(l->in + l->in_len, had - l->in_len);
	return 0;
}

static int
handle_big(struct link *l, link_frame_fn *fn, void *cls, struct err *err)
{
	char *payload = l->big;

	if (l->big_len < l->big_head.size)
		return 0;
	l->big = NULL;
	l->big_len = 0;
	return handle_frame(&l->big_head, payload, payload, fn, cls, err);
}

/* Room for what comes next: the large frame's own memory, or in. */
static char *
room(const struct link *l, size_t *n)
{
	if (l->big != NULL) {
		*n = l->big_head.size - l->big_len;
		return l->big + l->big_len;
	}
	*n = LINK_IN_SIZE - l->in_len;
	return l->in + l->in_len;
}

static int
handle_bytes(struct link *l, size_t n, link_frame_fn *fn, void *cls,
    struct err *err)
{
	if (l->big != NULL) {
		l->big_len += n;
		return handle_big(l, fn, cls, err);
	}
	l->in_len += n;
	return handle_input(l, fn, cls, err);
}

int
link_read(struct link *l, link_frame_fn *fn, void *cls, struct err *err)
{
	int turn;

	for (turn = 0; turn < READS_AT_ONCE; turn++) {
		size_t max;
		char *to = room(l, &max);
		ssize_t n = recv(l->fd, to, max, 0);

		if (n == 0)
			return err_set(err, ERR_UNAVAILABLE,
			    "the engine hung up");
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (n == -1)
			return err_set_errno(err, ERR_UNAVAILABLE,
			    "receive from engine");
		if (handle_bytes(l, (size_t)n, fn, cls, err) == -1)
			return -1;
		if ((size_t)n < max && l->big == NULL)
			return 0;
	}
	return 0;
}
