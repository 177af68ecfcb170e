/* cli/secret_key.c - a TCP-MD5 key from the person, a pipe or a file. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/md5key.h"
#include "cli/app.h"
#include "cli/prompt.h"
#include "cli/secret_key.h"

enum {
	FILE_MAX = 4096
};

static int
ask(struct buf *b, struct err *err)
{
	struct buf again = BUF_SECRET;
	int rc = prompt_secret("New key: ", b, err);

	if (rc == 0 && isatty(STDIN_FILENO)) {
		rc = prompt_secret("Once more: ", &again, err);
		if (rc == 0 && strcmp(buf_text(b), buf_text(&again)) != 0)
			rc = err_set(err, ERR_INVALID, "the two differ");
	}
	buf_wipe(&again);
	return rc;
}

static int
read_file(const char *path, struct buf *b, struct err *err)
{
	size_t n;

	b->max = FILE_MAX;
	if (io_read_file(path, b, err) == -1)
		return -1;
	n = strcspn(buf_text(b), "\r\n");
	if (strspn(buf_text(b) + n, "\r\n") != b->len - n)
		return err_set(err, ERR_INVALID, "%s: more than one line",
		    path);
	b->len = n;
	if (b->data != NULL)
		b->data[n] = '\0';
	return 0;
}

enum exits
secret_key_read(struct app *app, const char *path, struct buf *b)
{
	struct err err;
	int rc;

	err_clear(&err);
	if (path == NULL || strcmp(path, "-") == 0)
		rc = ask(b, &err);
	else
		rc = read_file(path, b, &err);
	if (rc == -1)
		return app_fail(app, EXITS_USAGE, "the key: %s", err.text);
	if (md5key_check(buf_text(b), &err) == -1)
		return app_fail(app, EXITS_USAGE, "the key %s", err.text);
	return EXITS_DONE;
}
