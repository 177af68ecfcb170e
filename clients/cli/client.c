/* cli/client.c - one question to the router's API, one answer. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "cli/client.h"
#include "cli/field.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/target.h"
#include "cli/trace.h"
#include "cli/transport.h"

enum {
	READ_TIMEOUT_S = 30,
	WRITE_TIMEOUT_S = 130, /* the router's own limit is 120 */
	AGAIN_AFTER_MS = 1000,
	TICK_MS = 200,
	ANSWER_MAX = 64 << 20,
	KEY_BYTES = 18,
	KEY_MAX = 32
};

struct client {
	const struct target *target;
	struct client_options options;
	CURL *easy;
	CURLM *multi;
	char reason[CURL_ERROR_SIZE];
	bool started; /* curl_global_init done */
};

struct client *
client_new(const struct target *target, const struct client_options *options,
    struct err *err)
{
	struct client *c = mem_calloc(1, sizeof(*c));

	c->target = target;
	c->options = *options;
	c->started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	if (c->started) {
		c->easy = curl_easy_init();
		c->multi = curl_multi_init();
	}
	if (c->easy == NULL || c->multi == NULL) {
		(void)err_set(err, ERR_SYSTEM, "libcurl does not start");
		client_free(&c);
	}
	crypto_init();
	return c;
}

void
client_free(struct client **cp)
{
	struct client *c = *cp;

	if (c == NULL)
		return;
	curl_easy_cleanup(c->easy);
	if (c->multi != NULL)
		(void)curl_multi_cleanup(c->multi);
	if (c->started)
		curl_global_cleanup();
	free(c);
	*cp = NULL;
}

void
client_answer_clear(struct client_answer *a)
{
	json_decref(a->json);
	buf_wipe(&a->body); /* may hold a key */
	memset(a, 0, sizeof(*a));
}

char *
client_escape(const char *segment)
{
	char *escaped = curl_easy_escape(NULL, segment, 0), *ours;

	ours = mem_strdup(escaped == NULL ? "" : escaped);
	curl_free(escaped);
	return ours;
}

/* Runs the transfer; CURLE_ABORTED_BY_CALLBACK stands for Ctrl-C. */
static CURLcode
transfer(struct client *c, int64_t deadline_ms, struct progress *p)
{
	CURLcode code = CURLE_OPERATION_TIMEDOUT;
	const CURLMsg *msg;
	int running = 1, left;

	if (curl_multi_add_handle(c->multi, c->easy) != CURLM_OK)
		return CURLE_FAILED_INIT;
	while (clock_left_ms(deadline_ms) > 0) {
		if (interrupt_seen()) {
			code = CURLE_ABORTED_BY_CALLBACK;
			break;
		}
		if (curl_multi_perform(c->multi, &running) != CURLM_OK) {
			code = CURLE_RECV_ERROR;
			break;
		}
		if (running == 0) {
			msg = curl_multi_info_read(c->multi, &left);
			code =
			    msg == NULL ? CURLE_RECV_ERROR : msg->data.result;
			break;
		}
		(void)curl_multi_poll(c->multi, NULL, 0, TICK_MS, NULL);
		progress_tick(p);
	}
	(void)curl_multi_remove_handle(c->multi, c->easy);
	return code;
}

/* One attempt. */
static CURLcode
attempt(struct client *c, const struct client_request *req, const char *key,
    int64_t deadline_ms, struct progress *p, struct client_answer *a)
{
	char *url = mem_printf("%s%s", c->target->url, req->path), *body = NULL;
	struct curl_slist *headers, *h;
	CURLcode code;

	client_answer_clear(a);
	buf_init(&a->body, ANSWER_MAX);
	if (req->body != NULL)
		body = json_dumps(req->body, JSON_COMPACT);
	c->reason[0] = '\0';
	headers = transport_prepare(c->easy, c->target, req, key, url, body, a);
	(void)curl_easy_setopt(c->easy, CURLOPT_ERRORBUFFER, c->reason);
	if (c->options.verbose) {
		trace_line(">", req->method, url);
		for (h = headers; h != NULL; h = h->next)
			trace_header(">", h->data, strlen(h->data));
		trace_body(">", body);
	}
	code = transfer(c, deadline_ms, p);
	(void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &a->status);
	if (c->options.verbose) {
		progress_end(p);
		trace_answer(a,
		    code == CURLE_OK       ? NULL :
			*c->reason != '\0' ? c->reason :
					     curl_easy_strerror(code));
	}
	curl_slist_free_all(headers);
	if (body != NULL)
		crypto_wipe(body, strlen(body)); /* may hold a key */
	free(body);
	free(url);
	return code;
}

/* The request left, and then the connection went away. */
static bool
is_broken(CURLcode code)
{
	return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
	    code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
}

static bool
is_unreachable(CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT ||
	    code == CURLE_COULDNT_RESOLVE_HOST ||
	    code == CURLE_COULDNT_RESOLVE_PROXY ||
	    code == CURLE_SSL_CONNECT_ERROR ||
	    code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_CACERT_BADFILE ||
	    code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CERTPROBLEM ||
	    code == CURLE_OPERATION_TIMEDOUT;
}

/* false when Ctrl-C or the deadline ended it. */
static bool
wait_ms(unsigned ms, int64_t deadline_ms, struct progress *p)
{
	int64_t until = clock_ms() + ms;

	while (clock_left_ms(until) > 0) {
		struct timespec tick = { 0, 50 * 1000000L };

		if (interrupt_seen() || clock_left_ms(deadline_ms) == 0)
			return false;
		(void)nanosleep(&tick, NULL);
		progress_tick(p);
	}
	return true;
}

static bool
is_still_running(const struct client_answer *a)
{
	json_t *json;
	bool running;

	if (a->status != 409)
		return false;
	json = json_loadb(buf_text(&a->body), a->body.len, 0, NULL);
	running =
	    strcmp(field_word(json, "code", ""), "idempotency_running") == 0;
	json_decref(json);
	return running;
}

/* Sends until there is an answer; *sent: an earlier attempt got through. */
static CURLcode
send_all(struct client *c, const struct client_request *req,
    int64_t deadline_ms, struct progress *p, struct client_answer *a,
    bool *sent)
{
	char key[KEY_MAX];
	CURLcode code;

	crypto_random_text(key, sizeof(key), KEY_BYTES);
	*sent = false;
	code = attempt(c, req, key, deadline_ms, p, a);
	if (!req->write)
		return code;
	if (is_broken(code)) {
		*sent = true;
		if (wait_ms(AGAIN_AFTER_MS, deadline_ms, p))
			code = attempt(c, req, key, deadline_ms, p, a);
	}
	while (code == CURLE_OK && is_still_running(a)) {
		*sent = true;
		if (!wait_ms(AGAIN_AFTER_MS, deadline_ms, p))
			return interrupt_seen() ? CURLE_ABORTED_BY_CALLBACK :
						  CURLE_OPERATION_TIMEDOUT;
		code = attempt(c, req, key, deadline_ms, p, a);
	}
	return code;
}

static enum client_end
judge(const struct client *c, const struct client_request *req, CURLcode code,
    bool sent, unsigned timeout_s, struct err *err)
{
	const char *why =
	    *c->reason != '\0' ? c->reason : curl_easy_strerror(code);
	long bytes = 0;

	/* Nothing of the last attempt left us: nothing of it can run. */
	(void)curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &bytes);
	if (code == CURLE_ABORTED_BY_CALLBACK) {
		(void)err_set(err, ERR_TIMEOUT, "interrupted%s",
		    sent || bytes > 0 ? "" : " before anything was sent");
		return sent || bytes > 0 ? CLIENT_INTERRUPTED :
					   CLIENT_UNREACHABLE;
	}
	if (code == CURLE_WRITE_ERROR) {
		(void)err_set(err, ERR_TOO_LARGE, "the answer is too large");
		return CLIENT_FOREIGN;
	}
	if (code == CURLE_OPERATION_TIMEDOUT && *c->reason == '\0') {
		(void)err_set(err, ERR_TIMEOUT, "no answer within %u s",
		    timeout_s);
		return sent || bytes > 0 ? CLIENT_TIMED_OUT :
					   CLIENT_UNREACHABLE;
	}
	(void)err_set(err, ERR_UNAVAILABLE, "%s", why);
	if (sent || (req->write && is_broken(code)))
		return CLIENT_UNKNOWN;
	if (is_unreachable(code) || is_broken(code))
		return CLIENT_UNREACHABLE;
	return CLIENT_FOREIGN;
}

enum client_end
client_send(struct client *c, const struct client_request *req,
    struct client_answer *a, struct err *err)
{
	unsigned timeout_s = c->options.timeout_s != 0 ? c->options.timeout_s :
	    req->write                                 ? WRITE_TIMEOUT_S :
							 READ_TIMEOUT_S;
	struct progress p;
	CURLcode code;
	bool sent;

	if (req->write)
		interrupt_catch();
	progress_begin(&p, c->target->name);
	code = send_all(c, req, clock_ms() + (int64_t)timeout_s * 1000, &p, a,
	    &sent);
	progress_end(&p);
	if (req->write)
		interrupt_release();
	if (code != CURLE_OK)
		return judge(c, req, code, sent, timeout_s, err);
	a->json = json_loadb(buf_text(&a->body), a->body.len,
	    JSON_REJECT_DUPLICATES, NULL);
	if (a->json == NULL && a->status >= 200 && a->status < 300) {
		(void)err_set(err, ERR_PROTOCOL,
		    "status %ld, but the body is no JSON", a->status);
		return CLIENT_FOREIGN;
	}
	return CLIENT_ANSWERED;
}
