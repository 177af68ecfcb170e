/* cli/stream.c - listening to a router's events, for as long as it takes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/client.h"
#include "cli/interrupt.h"
#include "cli/sse.h"
#include "cli/stream.h"
#include "cli/target.h"
#include "cli/trace.h"
#include "cli/transport.h"

enum {
	ANSWER_TIMEOUT_S = 30,
	IDLE_MS = 50 * 1000, /* three heartbeats, and some */
	TICK_MS = 200,
	WAIT_MAX_S = 30,
	HTTP_OK = 200
};

/* One call of stream_follow. */
struct follow {
	const struct target *target;
	const struct stream *stream;
	struct client_answer *answer;
	CURL *easy;
	CURLM *multi;
	char reason[CURL_ERROR_SIZE];
	struct sse sse;
	bool stopped;     /* by event or tick */
	bool began;       /* there was a stream */
	bool streaming;   /* this connection is one */
	int64_t heard_ms; /* the last byte */
};

static void
on_event(void *arg, const char *type, const char *data)
{
	struct follow *f = arg;
	json_t *json;

	if (f->stopped)
		return;
	json = json_loads(data, JSON_REJECT_DUPLICATES, NULL);
	if (json != NULL && !f->stream->event(f->stream->arg, type, json))
		f->stopped = true;
	json_decref(json);
}

static bool
is_stream(CURL *easy)
{
	const char *type = NULL;
	long status = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
	return status == HTTP_OK && type != NULL &&
	    strncmp(type, "text/event-stream", 17) == 0;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct follow *f = arg;

	n *= size;
	f->heard_ms = clock_ms();
	if (!f->streaming && !is_stream(f->easy)) {
		buf_add(&f->answer->body, bytes, n);
		return f->answer->body.failed ? 0 : n;
	}
	f->streaming = f->began = true;
	if (sse_feed(&f->sse, bytes, n, on_event, f) == -1)
		return 0;
	return n;
}

/* "/v1/events?types=..."; free() it. */
static char *
make_path(const struct stream *s)
{
	char *types, *path;

	if (s->types == NULL)
		return mem_strdup("/v1/events");
	types = client_escape(s->types);
	path = mem_printf("/v1/events?types=%s", types);
	free(types);
	return path;
}

static bool
goes_on(struct follow *f)
{
	unsigned timeout_s =
	    f->stream->timeout_s == 0 ? ANSWER_TIMEOUT_S : f->stream->timeout_s;
	int64_t limit_ms = f->streaming ? IDLE_MS : (int64_t)timeout_s * 1000;

	if (!f->stopped && f->stream->tick != NULL &&
	    !f->stream->tick(f->stream->arg))
		f->stopped = true;
	return !f->stopped && !interrupt_seen() &&
	    clock_left_ms(f->heard_ms + limit_ms) > 0;
}

/* Until the connection ends, or something else does. */
static CURLcode
transfer(struct follow *f)
{
	CURLcode code = CURLE_OPERATION_TIMEDOUT;
	const CURLMsg *msg;
	int running = 1, left;

	f->heard_ms = clock_ms();
	if (curl_multi_add_handle(f->multi, f->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	while (goes_on(f)) {
		if (curl_multi_perform(f->multi, &running) != CURLM_OK) {
			code = CURLE_RECV_ERROR;
			break;
		}
		if (running == 0) {
			msg = curl_multi_info_read(f->multi, &left);
			code =
			    msg == NULL ? CURLE_RECV_ERROR : msg->data.result;
			break;
		}
		(void)curl_multi_poll(f->multi, NULL, 0, TICK_MS, NULL);
	}
	(void)curl_multi_remove_handle(f->multi, f->easy);
	return code;
}

static CURLcode
listen_once(struct follow *f)
{
	const char *last = sse_last_id(&f->sse);
	char *path = make_path(f->stream);
	char *url = mem_printf("%s%s", f->target->url, path);
	const struct client_request req = { .method = "GET",
		.path = path,
		.accept = "text/event-stream, application/problem+json",
		.last_event_id = *last == '\0' ? NULL : last };
	struct curl_slist *headers, *h;
	CURLcode code;

	client_answer_clear(f->answer);
	buf_init(&f->answer->body, SSE_RECORD_MAX);
	sse_again(&f->sse);
	f->streaming = false;
	f->reason[0] = '\0';
	headers = transport_prepare(f->easy, f->target, &req, "", url, NULL,
	    f->answer);
	(void)curl_easy_setopt(f->easy, CURLOPT_ERRORBUFFER, f->reason);
	(void)curl_easy_setopt(f->easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(f->easy, CURLOPT_WRITEDATA, f);
	if (f->stream->verbose) {
		trace_line(">", req.method, url);
		for (h = headers; h != NULL; h = h->next)
			trace_header(">", h->data, strlen(h->data));
	}
	code = transfer(f);
	(void)curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE,
	    &f->answer->status);
	if (f->stream->verbose)
		trace_answer(f->answer,
		    code == CURLE_OK ? NULL : curl_easy_strerror(code));
	curl_slist_free_all(headers);
	free(url);
	free(path);
	return code;
}

/* A refusal that is for good. Others pass: a restart, too many at once. */
static bool
is_final(const struct follow *f)
{
	long status = f->answer->status;

	if (f->streaming || status == 0)
		return false;
	return !f->began ||
	    (status >= 400 && status < 500 && status != 408 && status != 429);
}

static const char *
why(const struct follow *f, CURLcode code)
{
	if (f->streaming && code == CURLE_OK)
		return "the router has ended the stream";
	if (!f->streaming && f->answer->status >= 400)
		return "the router is not ready";
	if (code == CURLE_OPERATION_TIMEDOUT)
		return "nothing was heard for too long";
	return *f->reason != '\0' ? f->reason : curl_easy_strerror(code);
}

static void
wait_s(struct follow *f, unsigned seconds)
{
	static const struct timespec tick = { 0, TICK_MS * 1000000L };
	int64_t until = clock_ms() + (int64_t)seconds * 1000;

	while (!f->stopped && !interrupt_seen() && clock_left_ms(until) > 0) {
		(void)nanosleep(&tick, NULL);
		if (f->stream->tick != NULL && !f->stream->tick(f->stream->arg))
			f->stopped = true;
	}
}

/* How it ended for good; again otherwise. */
enum verdict {
	VERDICT_AGAIN,
	VERDICT_STOPPED,
	VERDICT_INTERRUPTED,
	VERDICT_REFUSED,
	VERDICT_UNREACHABLE
};

static enum verdict
judge(const struct follow *f, CURLcode code)
{
	if (f->stopped)
		return VERDICT_STOPPED;
	if (interrupt_seen())
		return VERDICT_INTERRUPTED;
	if (code == CURLE_OK && is_final(f))
		return VERDICT_REFUSED;
	return f->began ? VERDICT_AGAIN : VERDICT_UNREACHABLE;
}

static enum stream_end
follow(struct follow *f, struct err *err)
{
	unsigned wait = 1;
	CURLcode code;

	for (;;) {
		code = listen_once(f);
		switch (judge(f, code)) {
		case VERDICT_STOPPED:
			return STREAM_STOPPED;
		case VERDICT_INTERRUPTED:
			return STREAM_INTERRUPTED;
		case VERDICT_REFUSED:
			f->answer->json = json_loadb(buf_text(&f->answer->body),
			    f->answer->body.len, JSON_REJECT_DUPLICATES, NULL);
			if (f->answer->status >= 400)
				return STREAM_REFUSED;
			(void)err_set(err, ERR_PROTOCOL,
			    "status %ld, but no stream of events",
			    f->answer->status);
			return STREAM_FOREIGN;
		case VERDICT_UNREACHABLE:
			(void)err_set(err, ERR_UNAVAILABLE, "%s", why(f, code));
			return STREAM_UNREACHABLE;
		case VERDICT_AGAIN:
			break;
		}
		if (f->streaming)
			wait = 1;
		if (f->stream->lost != NULL)
			f->stream->lost(f->stream->arg, why(f, code), wait);
		wait_s(f, wait);
		wait = wait * 2 > WAIT_MAX_S ? WAIT_MAX_S : wait * 2;
	}
}

enum stream_end
stream_follow(const struct target *target, const struct stream *s,
    struct client_answer *answer, struct err *err)
{
	struct follow f = { .target = target, .stream = s, .answer = answer };
	enum stream_end end = STREAM_FOREIGN;

	sse_init(&f.sse);
	if (s->since != NULL)
		(void)snprintf(f.sse.last_id, sizeof(f.sse.last_id), "%s",
		    s->since);
	interrupt_catch();
	f.easy = curl_easy_init();
	f.multi = curl_multi_init();
	if (f.easy == NULL || f.multi == NULL)
		(void)err_set(err, ERR_SYSTEM, "libcurl does not start");
	else
		end = follow(&f, err);
	curl_easy_cleanup(f.easy);
	if (f.multi != NULL)
		(void)curl_multi_cleanup(f.multi);
	interrupt_release();
	sse_clear(&f.sse);
	return end;
}
