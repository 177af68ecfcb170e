/* cli/render_problem.c - what was refused, why, and what to do next. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compat.h"
#include "cli/field.h"
#include "cli/render.h"
#include "cli/text.h"

/* By code first, by status when the code is not in the list. */
static const struct hint {
	const char *code; /* NULL: any */
	long status;      /* 0: any */
	const char *text;
} hints[] = {
	/* clang-format off */
	{ "route_map_shared", 0, "give --shared to change it for all of them, or give this neighbor a route map of its own" },
	{ "reset_needed", 0, "give --allow-reset if these sessions may go down" },
	{ "confirm_pending", 0, "mhctl confirm keeps the other change, mhctl revert takes it back" },
	{ "same_connection", 0, "mhctl confirm opens a connection of its own: give it again" },
	{ "not_pending", 0, "it has ended already: mhctl operation show ID" },
	{ "interface_not_ours", 0, "give --adopt to let multihomed manage it from now on" },
	{ "route_not_ours", 0, "give --adopt to let multihomed manage it from now on" },
	{ "key_not_ours", 0, "give --adopt to let multihomed manage it from now on" },
	{ "no_key", 0, "set one first: mhctl upstream set NAME --tcp-md5-key-file -" },
	{ "rotation_pending", 0, "mhctl operations shows it, mhctl cancel ID ends it" },
	{ "no_peers", 0, "peers.contexts in multihomed.conf names a file with the other routers" },
	{ "interface_taken", 0, "leave --interface out to get the next free one: mhctl interfaces" },
	{ "endpoints_taken", 0, "mhctl interfaces shows the tunnel that has these endpoints" },
	{ "neighbor_exists", 0, "mhctl upstream set changes the upstream that has this neighbor" },
	{ "exists", 0, "mhctl upstream set changes what is there already" },
	{ "idempotency_running", 0, "the same request is still being worked on: mhctl operations" },
	{ "idempotency_mismatch", 0, "give the command again; each time it has a key of its own" },
	{ NULL, 401, "the token is missing, wrong, expired or revoked: make one on the router (multihomed token create) and enter it with mhctl context add" },
	{ NULL, 403, "the token may not do this from here: ask for one with the scope, upstream and network (mhctl tokens shows them to an admin)" },
	{ NULL, 404, "check the name or number" },
	{ NULL, 405, "mhctl and the router differ in version: compare mhctl version and mhctl status" },
	{ NULL, 409, "look at the present state first: mhctl status" },
	{ NULL, 412, "it was changed since you looked: look again with mhctl upstream show NAME, then use its new ETag" },
	{ NULL, 428, "this token must say what it saw: mhctl upstream show NAME, then --if-match ETAG" },
	{ NULL, 429, "the router is busy, or too many attempts failed: try again a little later" },
	{ NULL, 422, "correct the value and give the command again" },
	{ NULL, 502, "the router's own words are above; mhctl audit show NUMBER has every command and its answer" },
	{ NULL, 503, "check on the router that FRR runs (service frr status), then try again" },
	{ NULL, 504, "see how it ends: mhctl operations" },
	{ NULL, 501, "this router's platform or FRR version cannot do it" },
	{ NULL, 400, "mhctl and the router may differ in version: compare mhctl version and mhctl status" },
	/* clang-format on */
};

static const char *
find_hint(const struct render_problem *p, const char *code)
{
	size_t i;

	for (i = 0; i < NITEMS(hints); i++)
		if (hints[i].code != NULL && strcmp(hints[i].code, code) == 0)
			return hints[i].text;
	if (p->status == 404 && p->hint != NULL)
		return p->hint;
	for (i = 0; i < NITEMS(hints); i++)
		if (hints[i].code == NULL && hints[i].status == p->status)
			return hints[i].text;
	return "look into the router's log for this request";
}

static void
add_fields(struct buf *b, const json_t *problem)
{
	const json_t *v;
	size_t i;

	json_array_foreach(field_at(problem, "errors"), i, v)
	{
		buf_puts(b, "  ");
		text_add(b, field_word(v, "pointer", "(body)"));
		buf_puts(b, ": ");
		text_add(b, field_word(v, "detail", "refused"));
		buf_putc(b, '\n');
	}
}

static void
add_tool(struct buf *b, const json_t *problem)
{
	const json_t *tool = field_at(problem, "tool");
	char code[FIELD_TEXT_MAX];

	if (!json_is_object(tool))
		return;
	buf_puts(b, "  ");
	text_add(b, field_word(tool, "name", "a tool"));
	if (json_is_integer(field_at(tool, "exit_code")))
		buf_printf(b, " (exit code %s)",
		    field_digits(tool, "exit_code", code, ""));
	buf_puts(b, " said:\n");
	text_add_lines(b, "    ", field_word(tool, "output", "(nothing)"));
}

static void
add_ending(struct buf *b, const struct style *st,
    const struct render_problem *p, const json_t *problem)
{
	const json_t *undone = field_at(problem, "undone");
	const char *operation = field_text(problem, "operation");
	const char *request = field_word(problem, "request_id", p->request_id);
	char seq[FIELD_TEXT_MAX];
	const char *gap = "  ";

	if (json_is_true(undone))
		buf_puts(b, "  it was undone: the router is as before\n");
	if (json_is_false(undone)) {
		buf_puts(b, "  ");
		style_text(st, STYLE_BAD, b,
		    "it could NOT be undone completely: check the router");
		buf_putc(b, '\n');
	}
	if (operation != NULL) {
		buf_printf(b, "%soperation ", gap);
		text_add(b, operation);
		gap = ", ";
	}
	if (json_is_integer(field_at(problem, "audit_seq"))) {
		buf_printf(b, "%saudit %s", gap,
		    field_digits(problem, "audit_seq", seq, ""));
		gap = ", ";
	}
	if (request != NULL && *request != '\0') {
		buf_printf(b, "%srequest ", gap);
		text_add(b, request);
		gap = ", ";
	}
	if (*gap == ',')
		buf_putc(b, '\n');
}

static void
add_next(struct buf *b, const struct render_problem *p, const json_t *problem)
{
	const char *code = field_word(problem, "code", "");
	int64_t wait = p->retry_after_s, seq;

	(void)field_int(problem, "retry_after_s", &wait);
	buf_puts(b, "next: ");
	if (p->status == 502 && field_int(problem, "audit_seq", &seq))
		buf_printf(b,
		    "mhctl audit show %" PRId64
		    " has every command and its answer",
		    seq);
	else if (p->write && p->status == 503 &&
	    field_text(problem, "operation") != NULL) {
		buf_puts(b, "see how it ended: mhctl operation show ");
		text_add(b, field_text(problem, "operation"));
	} else
		buf_puts(b, find_hint(p, code));
	if (wait > 0)
		buf_printf(b, " (the router says: in %" PRId64 " s)", wait);
	buf_putc(b, '\n');
}

void
render_problem(struct buf *b, const struct style *st,
    const struct render_problem *p, const json_t *problem)
{
	const char *code = field_word(problem, "code", NULL);
	const char *words =
	    field_word(problem, "detail", field_word(problem, "title", NULL));

	style_begin(st, STYLE_BAD, b);
	buf_puts(b, "mhctl: ");
	text_add(b, p->router);
	buf_puts(b, p->status >= 500 ? ": failed" : ": refused");
	style_end(st, STYLE_BAD, b);
	buf_puts(b, ": ");
	text_add(b, words == NULL ? "no reason was given" : words);
	buf_printf(b, " (%ld", p->status);
	if (code != NULL) {
		buf_putc(b, ' ');
		text_add(b, code);
	}
	buf_puts(b, ")\n");
	add_fields(b, problem);
	add_tool(b, problem);
	add_ending(b, st, p, problem);
	add_next(b, p, problem);
}
