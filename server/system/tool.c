/* system/tool.c - run one of the platform's tools, or only tell how. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "system/paths.h"
#include "system/tool.h"

enum {
	TOOL_SAID_MAX = 64 * 1024,
	TOOL_LINE_MAX = 8192,  /* one command in the log */
	TOOL_ANSWER_MAX = 400, /* what it answered, there */
	TOOL_WORDS_MAX = 200   /* and in an error's text */
};

/* No heap on the way of an operation. */
static char out_bytes[TOOL_SAID_MAX], errout_bytes[TOOL_SAID_MAX];

/* What fits; the buffer never fails. */
static void
log_add(const struct tool *t, const char *text, size_t n)
{
	size_t room;

	if (t->log == NULL || t->log->failed)
		return;
	room = t->log->max - t->log->len;
	buf_add(t->log, text, n < room ? n : room);
}

/* Words of several lines as one without tabs and control characters. */
static void
one_line(const char *text, char *out, size_t size)
{
	size_t n = 0;

	for (; *text != '\0' && n + 3 < size; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n') {
			if (text[1] == '\0')
				break;
			out[n++] = ';';
			out[n++] = ' ';
		} else if (c == '\r') {
			continue;
		} else {
			/* ASCII alone: it ends up in JSON. */
			out[n++] = c == '\t'      ? ' ' :
			    c < 0x20 || c >= 0x7f ? '?' :
						    (char)c;
		}
	}
	out[n] = '\0';
}

/* "command<TAB>answer\n"; answer NULL: dry. */
static void
log_line(const struct tool *t, const char *command, size_t n,
    const char *answer)
{
	char words[TOOL_ANSWER_MAX];

	one_line(answer == NULL ? "" : answer, words, sizeof(words));
	log_add(t, command, n);
	log_add(t, "\t", 1);
	log_add(t, words, strlen(words));
	log_add(t, "\n", 1);
}

static void
log_run(const struct tool *t, const struct argv *argv, const char *answer)
{
	char line[TOOL_LINE_MAX];
	struct buf b;

	buf_init_fixed(&b, line, sizeof(line));
	argv_print(argv, &b);
	log_line(t, b.data, b.len, answer);
}

static void
log_input(const struct tool *t, const struct buf *input)
{
	const char *p, *end, *newline;

	if (input == NULL || input->len == 0)
		return;
	end = input->data + input->len;
	for (p = input->data; p < end; p = newline + 1) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (newline == NULL)
			newline = end;
		log_add(t, "< ", 2);
		log_add(t, p, (size_t)(newline - p));
		log_add(t, "\n", 1);
	}
}

static const char *
base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

void
tool_argv(const struct tool *t, struct argv *argv, const char *name,
    char path[TOOL_PATH_MAX])
{
	const char *const *place, *first = NULL;
	int n;

	/* Which tools there are is our own code's business alone. */
	for (place = paths_default.tools; *place != NULL; place++) {
		if (strcmp(base_name(*place), name) != 0)
			continue;
		if (first == NULL)
			first = *place;
		if (access(*place, X_OK) == 0)
			break;
	}
	assert(first != NULL);
	if (t->config->tools_dir[0] != '\0')
		n = snprintf(path, TOOL_PATH_MAX, "%s/%s", t->config->tools_dir,
		    name);
	else
		n = snprintf(path, TOOL_PATH_MAX, "%s",
		    *place != NULL ? *place : first);
	/* A cut path would be another program; config_check sees to it. */
	assert(n < TOOL_PATH_MAX);
	argv_init(argv, path);
}

/* Exit 0 is not enough for those who must have nothing to say. */
static int
check_said(const struct argv *argv, const struct run_result *r, bool quiet,
    bool wanted, struct err *err)
{
	const struct buf *said = r->errout.len > 0 ? &r->errout : &r->out;
	const char *name = base_name(argv->v[0]);
	char words[TOOL_WORDS_MAX];

	if (run_check(argv, r, err) == -1)
		return -1;
	if (wanted && r->truncated) {
		(void)err_set(err, ERR_TOOL, "%s: says more than %zu bytes",
		    name, r->out.max);
		return err_tool(err, name, r->exit_code, "", 0);
	}
	if (!quiet || (said->len == 0 && !r->truncated))
		return 0;
	one_line(said->data, words, sizeof(words));
	(void)err_set(err, ERR_TOOL, "%s: exit 0, but it says: %s", name,
	    words);
	return err_tool(err, name, r->exit_code, said->data, said->len);
}

static int
start(const struct tool *t, const struct argv *argv, const struct buf *input,
    struct run_result *r, struct err *err)
{
	struct run_limits limits = { .timeout_ms = t->config->timeout_ms,
		.max_output = r->out.max };
	struct err why;

	err_clear(&why);
	if (run(argv, input, &limits, r, &why) == 0)
		return 0;
	(void)err_set(err, ERR_TOOL, "%s", why.text);
	return err_tool(err, base_name(argv->v[0]), -1, why.text,
	    strlen(why.text));
}

/* Runs it; the answer for the log is in answer. */
static int
run_and_check(const struct tool *t, const struct argv *argv,
    const struct buf *input, bool quiet, struct buf *out, struct err *err)
{
	struct run_result r = RUN_RESULT_INIT;
	int rc;

	if (out != NULL)
		r.out = *out;
	else
		buf_init_fixed(&r.out, out_bytes, sizeof(out_bytes));
	buf_reset(&r.out);
	buf_init_fixed(&r.errout, errout_bytes, sizeof(errout_bytes));
	rc = start(t, argv, input, &r, err);
	if (rc == 0)
		rc = check_said(argv, &r, quiet, out != NULL, err);
	if (out != NULL)
		*out = r.out;
	return rc;
}

int
tool_run(const struct tool *t, const struct argv *argv, const struct buf *input,
    bool quiet, struct buf *out, struct err *err)
{
	struct err why;

	if (t->dry) {
		log_run(t, argv, NULL);
		log_input(t, input);
		if (out != NULL)
			buf_reset(out);
		return 0;
	}
	err_clear(&why);
	if (run_and_check(t, argv, input, quiet, out, &why) == 0) {
		log_run(t, argv, "ok");
		return 0;
	}
	log_run(t, argv,
	    why.code == ERR_TOOL && why.output[0] != '\0' ? why.output :
							    why.text);
	if (err != NULL)
		*err = why;
	return -1;
}

int
tool_ask(const struct tool *t, const struct argv *argv, struct buf *out,
    struct err *err)
{
	return run_and_check(t, argv, NULL, false, out, err);
}

void
tool_note(const struct tool *t, const struct err *failure, const char *fmt, ...)
{
	char line[TOOL_LINE_MAX], words[TOOL_LINE_MAX];
	const char *answer = NULL;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	one_line(line, words, sizeof(words));
	if (!t->dry)
		answer = failure != NULL ? failure->text : "ok";
	log_line(t, words, strlen(words), answer);
}
