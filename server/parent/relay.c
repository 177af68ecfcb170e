/* parent/relay.c - a child's standard error becomes lines in our log. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "parent/relay.h"

enum {
	RELAY_READS_AT_END = 64
}; /* so that a flood cannot hold us */

void
relay_open(struct relay *r, const char *name, int fd)
{
	r->name = name;
	r->fd = fd;
	r->len = 0;
}

/* Behind "2026-03-01T02:00:00.000Z info ident[12]: ": the text and the level;
 * NULL when the line is not base/log's. */
static const char *
strip_prefix(const char *line, int *level)
{
	static const char date[] = "dddd-dd-ddTdd:dd:dd.dddZ ";
	char name[16];
	const char *p = line, *end;
	size_t i;

	for (i = 0; date[i] != '\0'; i++, p++) {
		if (date[i] == 'd' ? *p < '0' || *p > '9' : *p != date[i])
			return NULL;
	}
	end = strchr(p, ' ');
	if (end == NULL || (size_t)(end - p) >= sizeof(name))
		return NULL;
	memcpy(name, p, (size_t)(end - p));
	name[end - p] = '\0';
	*level = log_level_parse(name);
	end = strstr(end, ": ");
	return *level == -1 || end == NULL ? NULL : end + 2;
}

static void
log_line(const struct relay *r)
{
	int level = LOG_LEVEL_WARNING;
	const char *text = strip_prefix(r->line, &level);

	if (text == NULL) {
		text = r->line;
		level = LOG_LEVEL_WARNING;
	}
	switch ((enum log_level)level) {
	case LOG_LEVEL_ERROR:
		log_error("%s: %s", r->name, text);
		return;
	case LOG_LEVEL_WARNING:
		log_warning("%s: %s", r->name, text);
		return;
	case LOG_LEVEL_INFO:
		log_info("%s: %s", r->name, text);
		return;
	case LOG_LEVEL_DEBUG:
		log_debug("%s: %s", r->name, text);
		return;
	}
}

static void
flush(struct relay *r)
{
	if (r->len == 0)
		return;
	r->line[r->len] = '\0';
	r->len = 0;
	log_line(r);
}

static void
take(struct relay *r, const char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (bytes[i] == '\n' || r->len == sizeof(r->line) - 1)
			flush(r);
		if (bytes[i] != '\n')
			r->line[r->len++] = bytes[i] == '\0' ? '?' : bytes[i];
	}
}

/* Returns how many bytes came, 0 when there is nothing (more) to read. */
static size_t
read_once(struct relay *r)
{
	char block[4096];
	ssize_t n = read(r->fd, block, sizeof(block));

	if (n > 0) {
		take(r, block, (size_t)n);
		return (size_t)n;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	flush(r);
	(void)close(r->fd);
	r->fd = -1;
	return 0;
}

void
relay_read(struct relay *r)
{
	if (r->fd != -1)
		(void)read_once(r);
}

void
relay_close(struct relay *r)
{
	int i;

	for (i = 0; r->fd != -1 && i < RELAY_READS_AT_END; i++)
		if (read_once(r) == 0)
			break;
	flush(r);
	if (r->fd != -1)
		(void)close(r->fd);
	r->fd = -1;
}
