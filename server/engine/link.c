/* engine/link.c - the frame socket to http, as buffers and whole frames. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "engine/link.h"
#include "wire/frame.h"

enum {
	READ_ROOM = 64 * 1024,
	OUT_MAX = 256 * 1024 * 1024
};

void
link_init(struct link *link)
{
	link->fd = -1;
	link->generation = 0;
	/* A request may set a password, an answer tell a token. */
	link->in = (struct buf)BUF_SECRET;
	link->out = (struct buf)BUF_SECRET;
}

void
link_close(struct link *link)
{
	if (link->fd != -1)
		(void)close(link->fd);
	link->fd = -1;
	buf_clear(&link->in);
	buf_clear(&link->out);
}

void
link_replace(struct link *link, int fd)
{
	link_close(link);
	link->fd = fd;
	link->generation++;
	(void)io_set_nonblock(fd, true, NULL);
}

/* Calls fn for each whole frame at the front of in. */
static int
take_frames(struct link *link, link_request_fn *fn, link_cancel_fn *cancel,
    void *arg)
{
	struct frame_head head;
	size_t done = 0;
	struct err err;
	int rc = 0;

	while (rc == 0 && link->in.len - done >= FRAME_HEAD_SIZE) {
		const char *at = link->in.data + done;

		if (frame_head_read(&head, at, &err) == -1 ||
		    (head.kind != FRAME_REQUEST && head.kind != FRAME_CANCEL)) {
			log_error("http sent something that is no request");
			rc = -1;
			break;
		}
		if (link->in.len - done - FRAME_HEAD_SIZE < head.size)
			break;
		/* A cancelled change runs on: half of one is no change, and
		 * nobody hears the answer. */
		if (head.kind == FRAME_REQUEST)
			rc = fn(arg, link, head.id, at + FRAME_HEAD_SIZE,
			    head.size);
		else
			cancel(arg, head.id);
		done += FRAME_HEAD_SIZE + head.size;
	}
	buf_drop(&link->in, done);
	return rc;
}

int
link_read(struct link *link, link_request_fn *fn, link_cancel_fn *cancel,
    void *arg)
{
	char *to = buf_room(&link->in, READ_ROOM);
	ssize_t n;

	if (to == NULL)
		log_fatal("out of memory (frames)");
	n = recv(link->fd, to, READ_ROOM, 0);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		link_close(link);
		return -1;
	}
	link->in.len += (size_t)n;
	link->in.data[link->in.len] = '\0';
	if (take_frames(link, fn, cancel, arg) == -1) {
		link_close(link);
		return -1;
	}
	return 0;
}

int
link_write(struct link *link)
{
	size_t done = 0;
	ssize_t n;

	if (link->out.failed)
		log_fatal("out of memory (answers)");
	while (done < link->out.len) {
		n = send(link->fd, link->out.data + done, link->out.len - done,
		    MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			break;
		if (n == -1) {
			link_close(link);
			return -1;
		}
		done += (size_t)n;
	}
	buf_drop(&link->out, done);
	if (link->out.len > OUT_MAX) {
		log_error("http does not read its answers");
		link_close(link);
		return -1;
	}
	return 0;
}
