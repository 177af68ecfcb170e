/* engine/peer.c - the other routers of ours, by their own API. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/run.h"
#include "engine/parts.h"
#include "engine/peer.h"
#include "model/problem.h"

enum {
	ANSWER_MAX = 4 * 1024 * 1024
};

static void
fill_argv(struct argv *argv, const struct parts *parts, const char *router,
    const char *method, const char *path, bool body)
{
	argv_init(argv, parts->mhctl);
	argv_opt(argv, "--contexts", parts->contexts);
	argv_opt(argv, "-r", router);
	argv_add(argv, "--json");
	argv_add(argv, "api");
	argv_add(argv, method);
	argv_add(argv, path);
	if (body)
		argv_opt(argv, "--data", "-");
}

/* What the other router said against it, or what kept us from asking. */
static int
explain(const struct argv *argv, const struct run_result *run,
    const char *router, struct err *err)
{
	struct problem_told told;

	if (problem_read(buf_text(&run->out), &told)) {
		if (told.status >= 500) {
			(void)err_set(err, ERR_UNAVAILABLE, "%s cannot: %s",
			    router, told.detail);
			return err_reason(err, "peer_unreachable");
		}
		(void)err_set(err, ERR_CONFLICT, "%s refuses: %s", router,
		    told.detail);
		return err_reason(err, "peer_refused");
	}
	(void)run_check(argv, run, err);
	if (err != NULL)
		err->code = ERR_UNAVAILABLE;
	(void)err_prefix(err, "%s does not answer", router);
	return err_reason(err, "peer_unreachable");
}

int
peer_call(const struct parts *parts, const char *router, const char *method,
    const char *path, const struct buf *body, struct buf *answer,
    struct err *err)
{
	const struct run_limits limits = { .timeout_ms = parts->peer_timeout_ms,
		.max_output = ANSWER_MAX };
	struct run_result result = RUN_RESULT_INIT;
	struct argv argv;
	int rc = -1;

	if (parts->contexts[0] == '\0') {
		(void)err_set(err, ERR_CONFLICT,
		    "this router knows no other one: peers.contexts is not "
		    "set in its configuration");
		return err_reason(err, "no_peers");
	}
	fill_argv(&argv, parts, router, method, path, body != NULL);
	if (run(&argv, body, &limits, &result, err) == 0) {
		buf_add(answer, result.out.data, result.out.len);
		if (result.exit_code == 0 && !result.timed_out &&
		    !result.truncated)
			rc = 0;
		else
			rc = explain(&argv, &result, router, err);
	}
	run_result_clear(&result);
	return rc;
}
