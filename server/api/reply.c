/* api/reply.c - an answer, and who it goes to. */
#include <stdio.h>
#include <string.h>

#include "api/problem.h"
#include "api/reply.h"
#include "base/err.h"
#include "engine/confirm.h"
#include "engine/outbox.h"
#include "engine/parts.h"
#include "engine/snapshot.h"
#include "wire/frame.h"

void
reply_ticket(const struct request *req, struct ticket *t)
{
	t->parts = req->parts;
	t->id = req->id;
	t->generation = req->generation;
	memcpy(t->request_id, req->request_id, sizeof(t->request_id));
	t->known = req->token != NULL;
}

void
reply_clear(struct reply *r, struct parts *parts)
{
	buf_clear(&r->body);
	snapshot_put(parts->snapshots, r->snapshot);
	memset(r, 0, sizeof(*r));
}

static void
set(struct frame_reply *f, enum frame_reply_header h, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	f->header[h].data = text;
	f->header[h].len = strlen(text);
}

void
reply_frame(struct reply *r, const struct ticket *t, struct buf *out)
{
	struct frame_reply f = { .status = (uint16_t)r->status };
	char retry_after[12], pending[64];

	set(&f, FRAME_R_CONTENT_TYPE,
	    r->status == 204 || r->status == 304 ? NULL :
		r->content_type == NULL          ? "application/json" :
						   r->content_type);
	set(&f, FRAME_R_ETAG, r->etag);
	set(&f, FRAME_R_LOCATION, r->location);
	set(&f, FRAME_R_ALLOW, r->allow);
	set(&f, FRAME_R_LINK, r->link);
	set(&f, FRAME_R_REQUEST_ID, t->request_id);
	set(&f, FRAME_R_PREFERENCE_APPLIED, r->preference_applied);
	if (r->retry_after_s > 0) {
		(void)snprintf(retry_after, sizeof(retry_after), "%u",
		    r->retry_after_s);
		set(&f, FRAME_R_RETRY_AFTER, retry_after);
	}
	if (r->authenticate)
		set(&f, FRAME_R_WWW_AUTHENTICATE,
		    "Bearer realm=\"multihomed\"");
	/* So that nobody is surprised when the router goes back by itself. */
	if (t->known &&
	    confirm_pending_text(t->parts, pending, sizeof(pending)))
		set(&f, FRAME_R_CONFIRM_PENDING, pending);
	if (r->replayed)
		set(&f, FRAME_R_IDEMPOTENT_REPLAYED, "true");
	if (!r->stream && r->body.len > 0 &&
	    r->body.data[r->body.len - 1] != '\n')
		buf_putc(&r->body, '\n');
	if (r->status != 304) {
		f.body.data = r->borrowed != NULL ? r->borrowed : r->body.data;
		f.body.len =
		    r->borrowed != NULL ? r->borrowed_len : r->body.len;
	}
	/* Our own lists end their pages long before. */
	if (f.body.len > FRAME_MAX - 65536) {
		f = (struct frame_reply) { .status = 500 };
		set(&f, FRAME_R_REQUEST_ID, t->request_id);
	}
	if (r->stream && f.status == 200)
		frame_put_stream(out, t->id, &f);
	else
		frame_put_reply(out, t->id, &f);
}

void
reply_post(struct reply *r, const struct ticket *t)
{
	struct buf out = BUF_INIT;

	reply_frame(r, t, &out);
	outbox_post(t->parts->outbox, t->generation, &out);
	buf_clear(&out);
	reply_clear(r, t->parts);
}

void
reply_problem(struct reply *r, const struct ticket *t, const struct err *err,
    const struct reply_problem_extra *extra)
{
	buf_reset(&r->body);
	r->borrowed = NULL;
	r->stream = false;
	r->status = problem_status(err->code);
	r->content_type = "application/problem+json";
	r->etag[0] = '\0';
	r->location[0] = '\0';
	r->retry_after_s = err->retry_after_s;
	if (r->retry_after_s == 0 && (r->status == 503 || r->status == 429))
		r->retry_after_s = 1;
	r->authenticate = r->status == 401;
	problem_render(err, t->request_id, r->retry_after_s, extra, &r->body);
}
