/* engine/outbox.c - replies from any thread, written by the main one. */
#include <sys/types.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "engine/outbox.h"

struct outbox {
	pthread_mutex_t lock;
	struct buf frames;
	unsigned generation;
	int pipe[2];
};

struct outbox *
outbox_new(void)
{
	struct outbox *box = mem_calloc(1, sizeof(*box));

	(void)pthread_mutex_init(&box->lock, NULL);
	if (pipe2(box->pipe, O_NONBLOCK | O_CLOEXEC) == -1)
		log_fatal("cannot make a pipe");
	return box;
}

void
outbox_free(struct outbox **boxp)
{
	struct outbox *box = *boxp;

	if (box == NULL)
		return;
	(void)close(box->pipe[0]);
	(void)close(box->pipe[1]);
	buf_clear(&box->frames);
	(void)pthread_mutex_destroy(&box->lock);
	MEM_FREE(*boxp);
}

void
outbox_post(struct outbox *box, unsigned generation, const struct buf *frames)
{
	(void)pthread_mutex_lock(&box->lock);
	if (generation != box->generation) {
		if (generation > box->generation) {
			buf_reset(&box->frames);
			box->generation = generation;
		} else {
			(void)pthread_mutex_unlock(&box->lock);
			return;
		}
	}
	buf_add(&box->frames, frames->data, frames->len);
	(void)pthread_mutex_unlock(&box->lock);
	outbox_wake(box);
}

void
outbox_wake(struct outbox *box)
{
	/* A full pipe is readable too: nothing is lost when this fails. */
	ssize_t ignored = write(box->pipe[1], "", 1);

	(void)ignored;
}

int
outbox_fd(const struct outbox *box)
{
	return box->pipe[0];
}

void
outbox_take(struct outbox *box, unsigned generation, struct buf *to)
{
	char drain[64];

	while (read(box->pipe[0], drain, sizeof(drain)) > 0)
		continue;
	(void)pthread_mutex_lock(&box->lock);
	if (generation == box->generation)
		buf_add(to, box->frames.data, box->frames.len);
	buf_reset(&box->frames);
	(void)pthread_mutex_unlock(&box->lock);
}
