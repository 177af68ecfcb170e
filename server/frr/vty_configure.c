/* frr/vty_configure.c - configuration lines over a daemon's own socket. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "frr/vty.h"
#include "frr/vty_inside.h"

/* A configuration command: status 0 and nothing said, or it has failed. */
static int
say(struct vty *vty, const char *command, struct err *err)
{
	struct buf answer = BUF_SECRET;
	enum vty_status status = VTY_WARNING;
	int rc;

	rc = vty_command(vty, command, &answer, &status, err);
	if (rc == 0 && (status != VTY_SUCCESS || answer.len > 0))
		rc = vty_refused(vty, command, status, &answer, err);
	buf_clear(&answer);
	return rc;
}

/* The next line that is a command, trimmed; NULL at the end. mem_wipe() it. */
static char *
take_line(const char **pos)
{
	while (**pos != '\0') {
		const char *start = *pos + strspn(*pos, " \t");
		size_t len = strcspn(start, "\n");

		*pos = start + len + (start[len] == '\n');
		if (len > 0 && *start != '!' && *start != '#')
			return mem_strndup(start, len);
	}
	return NULL;
}

static size_t
count_lines(const char *lines)
{
	size_t n = 0;
	char *line;

	while ((line = take_line(&lines)) != NULL) {
		mem_wipe(line);
		n++;
	}
	return n;
}

int
vty_configure_check(const struct vty *vty, const char *lines, struct err *err)
{
	char *line;
	int rc = 0;

	while (rc == 0 && (line = take_line(&lines)) != NULL) {
		rc = vty_check(vty, line, err);
		mem_wipe(line);
	}
	return rc;
}

/* Back to enable mode, whatever node we are in; gives the connection up when
 * that fails, since the node is unknown then. Closing applies a batch too. */
static void
leave_configuration(struct vty *vty, bool batch)
{
	if (vty_is_open(vty) && batch)
		(void)say(vty, "XFRR_end_configuration", NULL);
	if (vty_is_open(vty) && say(vty, "end", NULL) == -1)
		vty_close(vty);
}

static int
enter_configuration(struct vty *vty, size_t n, bool *batch, struct err *err)
{
	struct err ignored;

	/* Nothing has been said yet, so a connection that the daemon closed
	 * may be opened again. */
	vty_close_stale(vty);
	if (say(vty, "configure terminal", err) == -1) {
		vty_close(vty);
		return -1;
	}
	*batch = false;
	if (n <= VTY_BATCH_MIN)
		return 0;
	*batch = say(vty, "XFRR_start_configuration", &ignored) == 0;
	if (vty_is_open(vty))
		return 0; /* a daemon that does not know it goes without */
	if (err != NULL)
		*err = ignored;
	return -1;
}

int
vty_configure(struct vty *vty, const char *lines, size_t *n_done,
    struct err *err)
{
	size_t n = count_lines(lines), done = 0;
	bool batch;
	char *line;
	int rc = 0;

	if (n == 0)
		return 0;
	if (vty_configure_check(vty, lines, err) == -1 ||
	    enter_configuration(vty, n, &batch, err) == -1)
		return -1;
	while (rc == 0 && (line = take_line(&lines)) != NULL) {
		rc = say(vty, line, err);
		mem_wipe(line);
		done += rc == 0;
		/* Never go on over a new connection, which is in no node. */
		assert(rc == -1 || vty_is_open(vty));
	}
	if (n_done != NULL)
		*n_done = done;
	if (rc == 0 && batch) {
		batch = false;
		rc = say(vty, "XFRR_end_configuration", err);
	}
	leave_configuration(vty, batch);
	return rc;
}
