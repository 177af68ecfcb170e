/* echo_engine.c - the quickest engine there can be, for measuring http alone.
 *
 * usage: echo_engine FD
 * Answers each request frame on FD with one JSON body of 2 kB, in batches. */
/* links: wire/frame base/buf base/err */
#include <sys/types.h>
#include <sys/socket.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/frame.h"

enum {
	BODY_SIZE = 2048,
	IN_SIZE = 256 * 1024
};

static void
answer(struct buf *out, uint64_t id, const char *body)
{
	struct frame_reply reply = { .status = 200,
		.body = { body, BODY_SIZE } };

	reply.header[FRAME_R_CONTENT_TYPE].data = "application/json";
	reply.header[FRAME_R_CONTENT_TYPE].len = 16;
	reply.header[FRAME_R_ETAG].data = "\"0123456789abcdef\"";
	reply.header[FRAME_R_ETAG].len = 18;
	frame_put_reply(out, id, &reply);
}

static int
send_all(int fd, struct buf *out)
{
	size_t done = 0;
	ssize_t n;

	while (done < out->len) {
		n = send(fd, out->data + done, out->len - done, MSG_NOSIGNAL);
		if (n <= 0)
			return -1;
		done += (size_t)n;
	}
	buf_reset(out);
	return 0;
}

int
main(int argc, char **argv)
{
	static char in[IN_SIZE], body[BODY_SIZE + 1];
	struct frame_request req;
	struct frame_head head;
	struct buf out = BUF_INIT;
	size_t len = 0, at;
	ssize_t n;
	int fd;

	if (argc != 2)
		return 2;
	fd = (int)strtol(argv[1], NULL, 10);
	memset(body, 'x', BODY_SIZE);
	while ((n = recv(fd, in + len, sizeof(in) - len, 0)) > 0) {
		len += (size_t)n;
		for (at = 0; len - at >= FRAME_HEAD_SIZE;
		     at += FRAME_HEAD_SIZE + head.size) {
			if (frame_head_read(&head, in + at, NULL) == -1)
				return 1;
			if (len - at - FRAME_HEAD_SIZE < head.size)
				break;
			if (head.kind == FRAME_REQUEST &&
			    frame_request_read(&req, in + at + FRAME_HEAD_SIZE,
				head.size, NULL) == 0)
				answer(&out, head.id, body);
		}
		memmove(in, in + at, len - at);
		len -= at;
		if (out.failed || send_all(fd, &out) == -1)
			return 1;
	}
	return 0;
}
