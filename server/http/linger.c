/* http/linger.c - closing so that the client still reads our last words. */
#include <sys/types.h>
#include <sys/socket.h>

#include <errno.h>
#include <unistd.h>

#include "http/linger.h"

static void
remove_at(struct linger_list *list, size_t i)
{
	(void)close(list->v[i].fd);
	list->v[i] = list->v[--list->n];
}

void
linger_add(struct linger_list *list, int fd, int64_t now_ms)
{
	if (list->n == LINGER_MAX || shutdown(fd, SHUT_WR) == -1) {
		(void)close(fd);
		return;
	}
	list->v[list->n].fd = fd;
	list->v[list->n].until_ms = now_ms + LINGER_MS;
	list->v[list->n].left = LINGER_BYTES;
	list->n++;
	linger_read(list, list->n - 1);
}

void
linger_read(struct linger_list *list, size_t i)
{
	char nowhere[16384];
	ssize_t n = recv(list->v[i].fd, nowhere, sizeof(nowhere), 0);

	if (n == -1 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (n <= 0 || (size_t)n >= list->v[i].left) {
		remove_at(list, i);
		return;
	}
	list->v[i].left -= (size_t)n;
}

int64_t
linger_expire(struct linger_list *list, int64_t now_ms)
{
	int64_t next = INT64_MAX;
	size_t i;

	for (i = list->n; i-- > 0;) {
		if (list->v[i].until_ms <= now_ms)
			remove_at(list, i);
		else if (list->v[i].until_ms < next)
			next = list->v[i].until_ms;
	}
	return next;
}

void
linger_clear(struct linger_list *list)
{
	while (list->n > 0)
		remove_at(list, list->n - 1);
}
