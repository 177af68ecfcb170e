/* parent/save.c - FRR writes its boot file; ours to put back if it fails. */
#include <sys/types.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/run.h"
#include "parent/config.h"
#include "parent/save.h"
#include "parent/save_file.h"
#include "parent/save_kind.h"
#include "wire/op.h"

/* One byte of an answer says that it went well. */
enum {
	SAVE_MAX = OP_REPLY_MAX - 1,
	SAVE_SAID_MAX = 16 * 1024,
	SAVE_SLACK_S = 2 /* between our copy and vtysh's start */
};

/* No heap on the way of an operation; untouched pages cost nothing. */
static char before_bytes[SAVE_MAX + 1];
static char now_bytes[SAVE_MAX + 1];
static char out_bytes[SAVE_SAID_MAX], errout_bytes[SAVE_SAID_MAX];

struct saving {
	const char *path; /* FRR's boot file */
	char copy_path[SETUP_PATH_MAX + 32];
	bool had; /* the file was there before */
	struct stat before_st;
	struct buf before;
	struct stat now_st;
	struct buf now;
	const char *allowed[SAVE_KIND_ALLOWED_MAX + 1]; /* to go */
};

/* Only what was used: the rest of the pages was never touched. */
static void
forget(struct buf *b)
{
	explicit_bzero(b->data, b->len);
	buf_reset(b);
}

static void
saving_init(struct saving *s, const struct config *config)
{
	const char *slash = strrchr(config->database, '/');
	int dir_len = slash == NULL ? 0 : (int)(slash + 1 - config->database);

	memset(s, 0, sizeof(*s));
	s->path = config->frr.config_file;
	(void)snprintf(s->copy_path, sizeof(s->copy_path),
	    "%.*sfrr.conf.before", dir_len, config->database);
	buf_init_fixed(&s->before, before_bytes, sizeof(before_bytes));
	buf_init_fixed(&s->now, now_bytes, sizeof(now_bytes));
}

static int
keep_copy(struct saving *s, struct err *err)
{
	struct err why;

	err_clear(&why);
	if (save_file_read(s->path, &s->before, &s->before_st, &why) == -1) {
		if (why.code == ERR_NOT_FOUND) /* FRR's first save ever */
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	s->had = true;
	if (save_file_room(s->path, s->before.len, err) == -1 ||
	    io_replace_file(s->copy_path, s->before.data, s->before.len, 0600,
		err) == -1)
		return err_prefix(err, "before saving");
	return 0;
}

static void
drop_copy(const struct saving *s)
{
	if (unlink(s->copy_path) == -1 && errno != ENOENT)
		log_warning("%s: cannot remove: errno %d", s->copy_path, errno);
}

static void
make_argv(struct argv *a, const struct config *config, char *dir, size_t size)
{
	const char *slash = strrchr(config->frr.config_file, '/');

	argv_init(a, config->frr.vtysh);
	if (config->frr.pathspace[0] != '\0') {
		argv_opt(a, "-N", config->frr.pathspace);
	} else {
		(void)snprintf(dir, size, "%.*s",
		    (int)(slash - config->frr.config_file),
		    config->frr.config_file);
		argv_opt(a, "--vty_socket", config->frr.socket_dir);
		argv_opt(a, "--config_dir", dir[0] == '\0' ? "/" : dir);
	}
	argv_opt(a, "-H", "/dev/null");
	argv_opt(a, "-c", "write memory");
}

static bool
same_bytes(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

/* Reads back; -1 and ERR_TOOL when what is there is not a saved file. */
static int
read_back(struct saving *s, const struct run_result *r, struct err *err)
{
	const struct buf *said = r->out.len > 0 ? &r->out : &r->errout;
	struct save_kind lost;
	const char *fault;
	struct err why;

	err_clear(&why);
	if (save_file_read(s->path, &s->now, &s->now_st, &why) == -1) {
		(void)err_set(err, ERR_TOOL, "vtysh wrote no file: %s",
		    why.text);
		return err_tool(err, "vtysh", r->exit_code, buf_text(said),
		    said->len);
	}
	fault = save_file_fault(&s->now);
	/* vtysh renames the old file away, so a new one is another inode. */
	if (fault == NULL && s->had &&
	    s->before_st.st_ino == s->now_st.st_ino &&
	    s->before_st.st_mtim.tv_sec == s->now_st.st_mtim.tv_sec &&
	    s->before_st.st_mtim.tv_nsec == s->now_st.st_mtim.tv_nsec)
		fault = "it was not written; is it the file that FRR uses?";
	if (fault != NULL)
		(void)err_set(err, ERR_TOOL,
		    "vtysh reported success, but did not save %s: %s", s->path,
		    fault);
	else if (save_kind_lost(&s->before, &s->now, s->allowed, &lost))
		(void)err_set(err, ERR_TOOL,
		    "%s had \"%s\" lines and FRR's running configuration has "
		    "none: is %s running? If it is meant so, run \"write "
		    "memory\" in vtysh by hand",
		    s->path, lost.name, lost.owner);
	else
		return 0;
	return err_tool(err, "vtysh", r->exit_code, buf_text(said), said->len);
}

/* After a failure: the old file again, told in the log and in err. */
static void
put_back(struct saving *s, struct err *err)
{
	struct err why;
	struct stat st;

	if (!s->had)
		return;
	err_clear(&why);
	if (save_file_read(s->path, &s->now, &st, NULL) == 0 &&
	    same_bytes(&s->before, &s->now)) {
		drop_copy(s);
		return;
	}
	if (save_file_restore(s->path, &s->before, &s->before_st, &s->now,
		&why) == -1) {
		log_error("%s could not be put back: %s; the old one is in %s",
		    s->path, why.text, s->copy_path);
		(void)err_prefix(err,
		    "%s is damaged and could not be put "
		    "back, the old one is in %s",
		    s->path, s->copy_path);
		return;
	}
	drop_copy(s);
	log_warning("%s was put back as it was before the save", s->path);
	(void)err_prefix(err, "the old %s was put back", s->path);
}

static int
run_and_read(struct saving *s, const struct config *config, struct err *err)
{
	struct run_limits limits = { .timeout_ms = config->frr.vtysh_timeout_ms,
		.max_output = SAVE_SAID_MAX - 1 };
	struct run_result result = RUN_RESULT_INIT;
	char dir[SETUP_PATH_MAX];
	struct argv argv;

	buf_init_fixed(&result.out, out_bytes, sizeof(out_bytes));
	buf_init_fixed(&result.errout, errout_bytes, sizeof(errout_bytes));
	make_argv(&argv, config, dir, sizeof(dir));
	if (keep_copy(s, err) == -1)
		return -1;
	if (run(&argv, NULL, &limits, &result, err) == -1) {
		if (s->had)
			drop_copy(s);
		return -1;
	}
	if (run_check(&argv, &result, err) == -1 ||
	    read_back(s, &result, err) == -1) {
		put_back(s, err);
		return -1;
	}
	drop_copy(s);
	return 0;
}

int
save_run(const struct config *config, unsigned may_go, const char **data,
    size_t *len, struct err *err)
{
	static struct saving s;
	int rc;

	saving_init(&s, config);
	save_kind_allowed(may_go, s.allowed);
	rc = run_and_read(&s, config, err);
	forget(&s.before);
	if (rc == -1) {
		forget(&s.now);
		return -1;
	}
	*data = s.now.data;
	*len = s.now.len;
	return 0;
}

int
save_read(const struct config *config, const char **data, size_t *len,
    struct err *err)
{
	struct saving s;

	saving_init(&s, config);
	if (save_file_read(s.path, &s.now, &s.now_st, err) == -1)
		return -1;
	*data = s.now.data;
	*len = s.now.len;
	return 0;
}

void
save_forget(const char *data, size_t len)
{
	if (data == now_bytes)
		explicit_bzero(now_bytes, len);
}

/* Could the vtysh of before our death have written what is there now? */
static bool
written_then(const struct saving *s, const struct stat *copy_st,
    const struct config *config)
{
	return s->now_st.st_mtim.tv_sec <= copy_st->st_mtim.tv_sec +
	    SAVE_SLACK_S + (time_t)config->frr.vtysh_timeout_ms / 1000;
}

/* What is wrong with the file in s->now, NULL: nothing. */
static const char *
recover_fault(struct saving *s, const struct stat *copy_st,
    const struct config *config)
{
	static char text[SAVE_KIND_NAME_MAX + 64];
	const char *fault = save_file_fault(&s->now);
	struct save_kind lost;

	if (fault != NULL ||
	    !save_kind_lost(&s->before, &s->now, s->allowed, &lost))
		return fault;
	(void)snprintf(text, sizeof(text), "it has lost its \"%s\" lines",
	    lost.name);
	if (written_then(s, copy_st, config))
		return text;
	log_warning("%s: %s, but was saved by hand since: left as it is",
	    s->path, text);
	return NULL;
}

static void
recover(struct saving *s, const struct config *config)
{
	const char *fault = "it is missing";
	struct stat copy_st;
	struct err err;

	err_clear(&err);
	if (save_file_read(s->copy_path, &s->before, &copy_st, &err) == -1) {
		if (err.code != ERR_NOT_FOUND)
			log_warning("an interrupted save: %s", err.text);
		return;
	}
	/* The directory is the engine's: trust only what we wrote. */
	if (copy_st.st_uid != geteuid() || (copy_st.st_mode & 0777) != 0600) {
		log_error("%s: not ours, left alone", s->copy_path);
		return;
	}
	if (save_file_read(s->path, &s->now, &s->now_st, &err) == 0)
		fault = recover_fault(s, &copy_st, config);
	else if (stat(s->path, &s->now_st) == -1)
		s->now_st = copy_st;
	if (fault == NULL) {
		log_info("a save of %s was cut off, but the file is whole",
		    s->path);
		drop_copy(s);
		return;
	}
	s->now_st.st_mode = 0640;
	if (save_file_restore(s->path, &s->before, &s->now_st, &s->now, &err) ==
	    -1) {
		log_error("%s: %s, and cannot be put back: %s; the old one is "
			  "in %s",
		    s->path, fault, err.text, s->copy_path);
		return;
	}
	log_warning("%s: %s: a save was cut off; put back what was there "
		    "before it",
	    s->path, fault);
	drop_copy(s);
}

void
save_recover(const struct config *config)
{
	static struct saving s;

	saving_init(&s, config);
	recover(&s, config);
	forget(&s.before);
	forget(&s.now);
}
