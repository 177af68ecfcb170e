/* cli/render.h - answers of the API as text for people; one file each. */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include <stdbool.h>

#include <jansson.h>

#include "cli/style.h"

struct buf;

/*
 * All of these only add to the buffer. They accept any JSON whatever: what is
 * missing or of another type shows as "-" or is left out. Foreign text reaches
 * the buffer through text_add alone.
 */

/* ROUTER and the body of /v1/upstreams: the first picture. */
void render_status(struct buf *, const struct style *, const json_t *router,
    const json_t *upstreams);

/* "upstreams" of a body; ROW: one of them, with its ETag ("" none). */
void render_upstreams(struct buf *, const struct style *, const json_t *body);
void render_upstream(struct buf *, const struct style *, const json_t *row,
    const char *etag);

void render_sessions(struct buf *, const struct style *, const json_t *body);
void render_session(struct buf *, const struct style *, const json_t *row);

void render_routes(struct buf *, const struct style *, const json_t *body);

/* One event, one line. */
void render_event(struct buf *, const struct style *, const json_t *);
/* An operation, or an event of it, in one line: how far it is. */
void render_operation_state(struct buf *, const struct style *, const json_t *);
void render_operations(struct buf *, const struct style *, const json_t *rows);
void render_operation(struct buf *, const struct style *, const json_t *row);
/* What one that was cancelled did not put back, in words; NULL: nothing. */
const char *render_operation_left(const json_t *row);
/* An operation whose waiting was ended (or goes on), with these words. */
void render_operation_confirmed(struct buf *, const struct style *,
    const char *router, const char *words, const json_t *row);

/* rows: an array, newest first. An intent whose outcome is among them is left
 * out, so that one change is one line. */
void render_audits(struct buf *, const struct style *, const json_t *rows);
/* One row in full; outcome: the row that ended this intent, or NULL. */
void render_audit(struct buf *, const struct style *, const json_t *row,
    const json_t *outcome);
void render_audit_verdict(struct buf *, const struct style *,
    const json_t *verdict);

void render_tokens(struct buf *, const struct style *, const json_t *body);

/* The body of /v1/router, as it is set. */
void render_router(struct buf *, const struct style *, const json_t *router);
/* A warning when a change waits for its confirmation. */
void render_router_pending(struct buf *, const struct style *,
    const json_t *router);
void render_downstreams(struct buf *, const struct style *, const json_t *body);
void render_downstream(struct buf *, const struct style *, const json_t *row);
void render_interfaces(struct buf *, const struct style *, const json_t *body);
void render_firewall(struct buf *, const struct style *, const json_t *body);
void render_doctor(struct buf *, const struct style *, const json_t *body);

/* What a change was about, in words. */
struct render_change {
	const char *router;
	const char *name; /* of the upstream */
	const char *what; /* "local preference" */
	const char *from; /* NULL: not known */
	const char *to;
};
void render_change(struct buf *, const struct style *,
    const struct render_change *, const json_t *answer);
/* The answer to a dry run: the commands, as they can be typed. */
void render_change_plan(struct buf *, const struct style *,
    const struct render_change *, const json_t *answer, bool undo);
/* The plan's commands, and with undo how to take them back. */
void render_change_steps(struct buf *, const struct style *,
    const json_t *answer, bool undo);
/* "operation ..., audit 41 (mhctl audit show 41)" */
void render_change_numbers(struct buf *, const json_t *answer);
/* "no session was reset, saved for the next start" */
void render_change_effects(struct buf *, const struct style *,
    const json_t *answer);
void render_change_cleared(struct buf *, const struct style *,
    const char *router, const json_t *answer);

/* A resource that was made, changed or removed; or that would be. */
struct render_resource {
	const char *router;
	const char *kind; /* "upstream" */
	const char *name; /* NULL: the router itself */
	const char *done; /* "added" */
};
void render_resource(struct buf *, const struct style *,
    const struct render_resource *, const json_t *answer);
void render_resource_plan(struct buf *, const struct style *,
    const struct render_resource *, const json_t *answer, bool undo);

/* The answer to the order of a new TCP-MD5 key; never the key. ahead: its time
 * is to come. */
void render_rotation(struct buf *, const struct style *, const char *router,
    const json_t *answer, bool ahead);
void render_rotation_plan(struct buf *, const struct style *,
    const char *router, const json_t *answer, bool undo);
/* What came of it: its operation, ended. failed: without a final newline. */
void render_rotation_done(struct buf *, const struct style *,
    const json_t *operation);
void render_rotation_failed(struct buf *, const json_t *operation);

/* A problem document: what was refused, why, what to do next. hint: the
 * command's own advice, used before the general one; NULL none. */
struct render_problem {
	const char *router;
	long status;
	const char *request_id;
	unsigned retry_after_s;
	bool write;
	const char *hint;
};
void render_problem(struct buf *, const struct style *,
    const struct render_problem *, const json_t *problem);

/* "! text" lines: an array of strings, each behind "prefix: " if not NULL. */
void render_warnings(struct buf *, const struct style *, const char *prefix,
    const json_t *warnings);
/* A warning when the snapshot is stale. */
void render_snapshot(struct buf *, const struct style *,
    const json_t *snapshot);
/* The lines of a tunnel; nothing when it is none. */
void render_tunnel(struct buf *, const struct style *, const json_t *tunnel);
/* "  label   1.20 Mbit/s"; nothing when it is no number. */
void render_rate(struct buf *, const struct style *, const json_t *row,
    const char *label, const char *path);
/* "  label   text" of a block; nothing when text is NULL. */
void render_line(struct buf *, const struct style *, const char *label,
    const char *text, enum style_color);

#endif
