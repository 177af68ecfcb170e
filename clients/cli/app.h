/* cli/app.h - what every command works with. */
#ifndef CLI_APP_H
#define CLI_APP_H

#include <stdbool.h>

#include "base/compat.h"
#include "cli/args.h"
#include "cli/client.h"
#include "cli/exits.h"
#include "cli/style.h"
#include "cli/target.h"

struct buf;
struct err;

struct app {
	struct args args;
	size_t n_words; /* of the command itself */
	struct target target;
	struct client *client; /* NULL until app_call */
	bool lines; /* answers are printed as they came, a line each */
	struct style out;
	struct style err;
};

/* The i-th word behind the command's own, NULL when there is none. */
const char *app_word(const struct app *, size_t i);

/* Finds the router: afterwards target is filled. Once; app_call does it, too.
 */
enum exits app_prepare(struct app *);
/*
 * Finds the router, sends, and says on standard error what went wrong
 * when it did. EXITS_DONE: a 2xx with JSON in the answer. hint: what to do
 * about a 404, NULL for the general words. With --json the problem document
 * goes to standard output too.
 */
enum exits app_call(struct app *, const struct client_request *,
    const char *hint, struct client_answer *);
/* What app_call does about an answer that is no 2xx. */
enum exits app_refused(struct app *, const struct client_request *,
    const char *hint, const struct client_answer *);
/* GET with the same. */
enum exits app_get(struct app *, const char *path, const char *hint,
    struct client_answer *);
/* An answer as a picture for people; appended. */
typedef void app_render_fn(struct buf *, const struct style *, const json_t *);
/* GET, then its JSON (--json) or its picture to standard output. */
enum exits app_show(struct app *, const char *path, const char *hint,
    app_render_fn *);
/* The same as app_get for what is good to know but not needed: an answer of
 * that status is EXITS_DONE with no JSON. */
enum exits app_peek(struct app *, const char *path, const char *hint,
    long status, struct client_answer *);

/* What app_call() says when there was no answer. */
enum exits app_say_end(struct app *, enum client_end, bool write,
    const struct err *);

/* Says "mhctl: ..." on standard error and returns the code. */
enum exits app_fail(const struct app *, enum exits, const char *fmt, ...)
    PRINTFLIKE(3, 4);
/* Text, or JSON pretty-printed, to standard output; clears the buffer.
 * EXITS_FAILED when it does not go there. */
enum exits app_print(struct app *, struct buf *);
enum exits app_print_json(struct app *, const json_t *);
/* The answer's JSON: pretty-printed, or with lines as it came. */
enum exits app_print_answer(struct app *, const struct client_answer *);
void app_clear(struct app *);

#endif
