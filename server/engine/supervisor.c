/* engine/supervisor.c - the engine's side of the operations of the parent. */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/supervisor.h"

/* Longer than anything that the parent does: frr.vtysh_timeout_ms is at most
 * two minutes. */
static const int answer_ms = 180 * 1000;

struct supervisor {
	pthread_mutex_t lock;
	int fd;
	uint32_t next_id;
};

struct supervisor *
supervisor_new(int fd)
{
	struct supervisor *s = mem_calloc(1, sizeof(*s));

	(void)pthread_mutex_init(&s->lock, NULL);
	s->fd = fd;
	return s;
}

void
supervisor_free(struct supervisor **sp)
{
	if (*sp == NULL)
		return;
	(void)pthread_mutex_destroy(&(*sp)->lock);
	MEM_FREE(*sp);
}

/* One answer, whole, to the request with this id. */
static int
receive(struct supervisor *s, enum op_kind kind, uint32_t dry, uint32_t id,
    struct buf *payload, struct err *err)
{
	int64_t deadline = clock_ms() + answer_ms;
	unsigned char bytes[OP_HEAD_SIZE];
	struct op_head head;
	char *to;

	if (io_read_all(s->fd, bytes, sizeof(bytes), deadline, err) == -1 ||
	    op_head_read(&head, bytes, OP_REPLY_MAX, err) == -1)
		return -1;
	if (head.kind != (uint32_t)kind || head.dry != dry || head.id != id)
		return err_set(err, ERR_PROTOCOL,
		    "the parent answered another question");
	to = buf_room(payload, head.size);
	if (to == NULL)
		return err_set(err, ERR_NO_MEMORY, "answer of the parent");
	if (io_read_all(s->fd, to, head.size, deadline, err) == -1)
		return -1;
	payload->len += head.size;
	return 0;
}

/* Called with the lock held; gives it back. */
static int
ask_locked(struct supervisor *s, enum op_kind kind, int dry,
    const void *payload, struct buf *out, struct err *err)
{
	struct buf request = BUF_INIT, answer = BUF_INIT;
	struct err broken;
	const void *data;
	size_t n;
	uint32_t id;
	int rc;

	err_clear(&broken);
	id = ++s->next_id;
	op_put_request(&request, kind, id, dry, payload);
	if (io_write_all(s->fd, request.data, request.len,
		clock_ms() + answer_ms, &broken) == -1 ||
	    receive(s, kind, dry != 0, id, &answer, &broken) == -1)
		/* Out of step with root: start over rather than guess. */
		log_fatal("parent: %s: %s", op_name(kind), broken.text);
	(void)pthread_mutex_unlock(&s->lock);
	rc = op_reply_read(answer.data, answer.len, &data, &n, err);
	if (n > 0)
		buf_add(out, data, n);
	/* There may be a key in the one, passwords in the other. */
	buf_wipe(&request);
	buf_wipe(&answer);
	return rc;
}

int
supervisor_ask(struct supervisor *s, enum op_kind kind, int dry,
    const void *payload, struct buf *out, struct err *err)
{
	(void)pthread_mutex_lock(&s->lock);
	return ask_locked(s, kind, dry, payload, out, err);
}

int
supervisor_try(struct supervisor *s, enum op_kind kind, int dry,
    const void *payload, struct buf *out, struct err *err)
{
	if (pthread_mutex_trylock(&s->lock) != 0)
		return err_set(err, ERR_BUSY, "the parent is at work");
	return ask_locked(s, kind, dry, payload, out, err);
}

int
supervisor_save(struct supervisor *s, unsigned may_go, struct buf *file,
    struct err *err)
{
	struct op_frr_save order = { .may_go = may_go };

	return supervisor_ask(s, OP_FRR_SAVE, 0, &order, file, err);
}
