/* api/cached.c - answers that the snapshot holds ready. */
#include <stdio.h>
#include <string.h>

#include "api/cached.h"
#include "api/reply.h"
#include "api/request.h"
#include "base/crypto.h"
#include "base/err.h"
#include "engine/etag.h"
#include "engine/parts.h"
#include "engine/snapshot.h"

int
cached_get(const struct request *req, struct reply *reply, bool need_observed,
    const struct snapshot **out, struct err *err)
{
	const struct snapshot *s = snapshot_get(req->parts->snapshots);

	if (s == NULL) {
		(void)err_set(err, ERR_UNAVAILABLE,
		    "multihomed has just started and has not looked at the "
		    "router yet");
		return err_reason(err, "not_observed");
	}
	reply->snapshot = s;
	*out = s;
	if (!need_observed || s->observed)
		return 0;
	(void)err_set(err, ERR_UNAVAILABLE,
	    "FRR has not answered since multihomed started: %s", s->why);
	return err_reason(err, "not_observed");
}

int
cached_reply(const struct request *req, struct reply *reply,
    const struct body *body, struct err *err)
{
	char tags[FRAME_HEADER_MAX + 1];

	request_header(req, FRAME_IF_NONE_MATCH, tags, sizeof(tags));
	if (tags[0] != '\0' && !etag_is_valid(tags))
		return err_set(err, ERR_INVALID,
		    "If-None-Match is not a list of entity tags");
	(void)snprintf(reply->etag, sizeof(reply->etag), "%s", body->etag);
	if (tags[0] != '\0' && etag_matches(tags, body->etag)) {
		reply->status = 304;
		return 0;
	}
	reply->borrowed = body->text;
	reply->borrowed_len = body->len;
	return 0;
}

int
cached_reply_visible(const struct request *req, struct reply *reply,
    const struct snapshot *s, enum cached_list which, struct err *err)
{
	char hex[CRYPTO_HASH_HEX_MAX];
	bool any = false;
	size_t i;

	(void)err;
	buf_puts(&reply->body,
	    which == CACHED_UPSTREAMS ? "{\"upstreams\":[" : "{\"sessions\":[");
	for (i = 0; i < s->n_items; i++) {
		const struct snapshot_item *item = &s->items[i];
		const struct body *body = which == CACHED_UPSTREAMS ?
		    &item->upstream :
		    &item->session;

		if (!token_allows_name(req->token, item->name.s))
			continue;
		buf_puts(&reply->body, any ? "," : "");
		buf_add(&reply->body, body->text, body->len);
		any = true;
	}
	buf_putc(&reply->body, ']');
	buf_add(&reply->body, s->freshness, strlen(s->freshness));
	buf_putc(&reply->body, '}');
	(void)snprintf(reply->etag, sizeof(reply->etag), "\"%.32s\"",
	    crypto_blake2b_hex(hex, buf_text(&reply->body), reply->body.len));
	return 0;
}
