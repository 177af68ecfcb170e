/* cli/context.c - the file of routers we know, with our token for each. */
#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "cli/context.h"
#include "cli/field.h"

enum {
	FILE_MAX = 1 << 20,
	NAME_MAX_LEN = 64
};

static char *
find_path(const char *given, struct err *err)
{
	const char *s = getenv("MHCTL_CONTEXTS");

	if (given != NULL)
		return mem_strdup(given);
	if (s != NULL && *s != '\0')
		return mem_strdup(s);
	s = getenv("XDG_CONFIG_HOME");
	if (s != NULL && s[0] == '/')
		return mem_printf("%s/mhctl/contexts.json", s);
	s = getenv("HOME");
	if (s != NULL && s[0] == '/')
		return mem_printf("%s/.config/mhctl/contexts.json", s);
	(void)err_set(err, ERR_NOT_FOUND,
	    "no place for the contexts: HOME is not set");
	return NULL;
}

static int
check_owner(const char *path, int fd, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INVALID, "%s is not a file", path);
	if (st.st_uid != geteuid())
		return err_set(err, ERR_FORBIDDEN,
		    "%s belongs to another user (id %lu)", path,
		    (unsigned long)st.st_uid);
	if ((st.st_mode & 07777) != 0600)
		return err_set(err, ERR_FORBIDDEN,
		    "%s holds tokens and has mode %04o; it must be 0600: "
		    "chmod 0600 '%s'",
		    path, (unsigned)(st.st_mode & 07777), path);
	return 0;
}

/* Through one descriptor, so that what was checked is what is read. */
static int
read_all(const char *path, int fd, struct buf *b, struct err *err)
{
	ssize_t n;

	do {
		char *room = buf_room(b, 4096);

		if (room == NULL)
			return err_set(err, ERR_TOO_LARGE, "%s is too large",
			    path);
		n = read(fd, room, 4096);
		if (n > 0)
			b->len += (size_t)n;
	} while (n > 0 || (n == -1 && errno == EINTR));
	if (n == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", path);
	return 0;
}

static int
parse(struct context_file *f, struct buf *b, struct err *err)
{
	json_error_t bad;

	f->root = json_loadb(b->data, b->len, JSON_REJECT_DUPLICATES, &bad);
	if (f->root == NULL)
		return err_set(err, ERR_INVALID, "%s: line %d: %s", f->path,
		    bad.line, bad.text);
	if (!json_is_object(field_at(f->root, "contexts")))
		return err_set(err, ERR_INVALID,
		    "%s: there is no object \"contexts\" in it", f->path);
	return 0;
}

static int
load(struct context_file *f, struct err *err)
{
	struct buf b;
	int fd, rc = -1;

	fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR)) {
		f->root = json_pack("{s:n, s:{}}", "current", "contexts");
		return 0;
	}
	if (fd == -1)
		return err_set_errno(err, ERR_SYSTEM, "%s", f->path);
	buf_init(&b, FILE_MAX);
	if (check_owner(f->path, fd, err) == 0 &&
	    read_all(f->path, fd, &b, err) == 0)
		rc = parse(f, &b, err);
	buf_wipe(&b);
	(void)close(fd);
	return rc;
}

/* A dotfile is often a link into a repository: replace what it points to. */
static void
follow_link(struct context_file *f)
{
	char *real = realpath(f->path, NULL);

	if (real == NULL)
		return;
	free(f->path);
	f->path = real;
}

int
context_open(struct context_file *f, const char *path, struct err *err)
{
	f->path = find_path(path, err);
	if (f->path == NULL)
		return -1;
	return load(f, err);
}

/* Every missing directory above path. */
static int
make_directories(const char *path, struct err *err)
{
	char *copy = mem_strdup(path), *slash = copy;
	int rc = 0;

	while (rc == 0 && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		if (mkdir(copy, 0700) == -1 && errno != EEXIST)
			rc = err_set_errno(err, ERR_SYSTEM, "%s", copy);
		*slash = '/';
	}
	free(copy);
	return rc;
}

static int
lock_directory(struct context_file *f, struct err *err)
{
	char *dir = mem_strdup(f->path), *slash = strrchr(dir, '/');
	int rc = 0;

	if (slash != NULL)
		*(slash == dir ? slash + 1 : slash) = '\0';
	f->lock =
	    open(slash == NULL ? "." : dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->lock == -1)
		rc = err_set_errno(err, ERR_SYSTEM, "%s", dir);
	else
		while (flock(f->lock, LOCK_EX) == -1)
			if (errno != EINTR)
				break; /* no locks here: better than nothing */
	free(dir);
	return rc;
}

int
context_open_to_change(struct context_file *f, const char *path,
    struct err *err)
{
	f->path = find_path(path, err);
	if (f->path == NULL)
		return -1;
	follow_link(f);
	if (make_directories(f->path, err) == -1 ||
	    lock_directory(f, err) == -1)
		return -1;
	return load(f, err);
}

int
context_save(const struct context_file *f, struct err *err)
{
	char *text = json_dumps(f->root, JSON_INDENT(2));
	struct buf b = BUF_INIT;
	int rc;

	if (text == NULL)
		return err_set(err, ERR_INTERNAL, "%s: cannot be written",
		    f->path);
	buf_puts(&b, text);
	buf_putc(&b, '\n');
	crypto_wipe(text, strlen(text));
	free(text);
	rc = b.failed ? err_set(err, ERR_NO_MEMORY, "%s", f->path) :
			io_replace_file(f->path, b.data, b.len, 0600, err);
	buf_wipe(&b);
	return rc;
}

void
context_close(struct context_file *f)
{
	json_decref(f->root);
	f->root = NULL;
	if (f->lock != -1)
		(void)close(f->lock);
	f->lock = -1;
	free(f->path);
	f->path = NULL;
}

json_t *
context_find(const struct context_file *f, const char *name)
{
	json_t *found =
	    json_object_get(json_object_get(f->root, "contexts"), name);

	return json_is_object(found) ? found : NULL;
}

const char *
context_current(const struct context_file *f)
{
	return field_word(f->root, "current", NULL);
}

int
context_check_name(const char *name, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_LEN || strspn(name, allowed) != len ||
	    strchr("._-", name[0]) != NULL)
		return err_set(err, ERR_INVALID,
		    "a context's name is 1 to 64 of A-Z a-z 0-9 . _ -, "
		    "starting with a letter or digit");
	return 0;
}
