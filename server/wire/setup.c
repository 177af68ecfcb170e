/* wire/setup.c - what the parent tells a child when it starts it. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "wire/setup.h"

#define SETUP_MAGIC 0x4d480053U

enum {
	SETUP_DEADLINE_MS = 10 * 1000,
	SETUP_EXTRA_MAX = 1024 * 1024 /* when the receiver's buf has no max */
};

int
setup_send(int fd, const void *setup, uint32_t size, const void *extra,
    uint32_t extra_len, struct err *err)
{
	struct setup_head head = { SETUP_MAGIC, SETUP_VERSION, size + extra_len,
		0 };
	int64_t deadline = clock_ms() + SETUP_DEADLINE_MS;

	if (extra_len > SETUP_EXTRA_MAX)
		return err_set(err, ERR_TOO_LARGE, "setup: %u extra bytes",
		    extra_len);
	if (io_write_all(fd, &head, sizeof(head), deadline, err) == -1 ||
	    io_write_all(fd, setup, size, deadline, err) == -1 ||
	    (extra_len > 0 &&
		io_write_all(fd, extra, extra_len, deadline, err) == -1))
		return err_prefix(err, "setup");
	return 0;
}

static int
recv_extra(int fd, struct buf *extra, uint32_t len, int64_t deadline,
    struct err *err)
{
	char *room;

	if (extra == NULL)
		return err_set(err, ERR_PROTOCOL,
		    "setup: %u bytes more than expected", len);
	if (len > (extra->max != 0 ? extra->max : SETUP_EXTRA_MAX))
		return err_set(err, ERR_TOO_LARGE, "setup: %u extra bytes",
		    len);
	room = buf_room(extra, len);
	if (room == NULL)
		return err_set(err, ERR_NO_MEMORY, "setup: %u extra bytes",
		    len);
	if (io_read_all(fd, room, len, deadline, err) == -1)
		return err_prefix(err, "setup");
	extra->len += len;
	extra->data[extra->len] = '\0';
	return 0;
}

int
setup_recv(int fd, void *setup, uint32_t size, struct buf *extra,
    struct err *err)
{
	struct setup_head head;
	int64_t deadline = clock_ms() + SETUP_DEADLINE_MS;

	if (io_read_all(fd, &head, sizeof(head), deadline, err) == -1)
		return err_prefix(err, "setup");
	if (head.magic != SETUP_MAGIC || head.zero != 0)
		return err_set(err, ERR_PROTOCOL, "setup: wrong magic");
	if (head.version != SETUP_VERSION)
		return err_set(err, ERR_PROTOCOL,
		    "setup: version %u, this program speaks %d: all three "
		    "programs must come from one build",
		    head.version, SETUP_VERSION);
	if (head.size < size)
		return err_set(err, ERR_PROTOCOL, "setup: %u bytes, not %u",
		    head.size, size);
	if (io_read_all(fd, setup, size, deadline, err) == -1)
		return err_prefix(err, "setup");
	if (head.size == size)
		return 0;
	return recv_extra(fd, extra, head.size - size, deadline, err);
}
