/* model/rotation.c - a rotation of a TCP-MD5 key, from its order to its end. */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "model/json.h"
#include "model/rotation.h"

void
rotation_wipe(struct rotation *r)
{
	crypto_wipe(r, sizeof(*r));
}

static json_t *
counters_json(const struct rotation_counters *c)
{
	json_t *json;

	if (!c->known)
		return json_null();
	json = json_object();
	json_put(json, "mismatch", json_integer((json_int_t)c->mismatch));
	json_put(json, "unsigned", json_integer((json_int_t)c->unsigned_));
	json_put(json, "unexpected", json_integer((json_int_t)c->unexpected));
	return json;
}

void
rotation_store(const struct rotation *r, struct buf *b)
{
	json_t *json = json_object();
	char text[ADDR_TEXT_MAX];

	json_put(json, "upstream", json_text(r->upstream.s));
	json_put(json, "neighbor", json_text(addr_print(&r->neighbor, text)));
	json_put(json, "key", json_text(r->key));
	json_put(json, "key_id", json_text(r->key_id));
	json_put(json, "old_key_id", json_text(r->old_key_id));
	json_put(json, "gentle", json_boolean(r->gentle));
	json_put(json, "adopt", json_boolean(r->adopt));
	json_put(json, "generated", json_boolean(r->generated));
	json_put(json, "drain_first", json_boolean(r->drain_first));
	json_put(json, "at_ms", json_integer(r->at_ms));
	json_put(json, "verify_within_s", json_integer(r->verify_within_s));
	json_put(json, "hold_s", json_integer(r->hold_s));
	json_put(json, "reason", json_text(r->reason));
	json_put(json, "ticket", json_text(r->ticket));
	json_put(json, "with", json_text(r->with));
	json_put(json, "with_operation", json_text(r->with_operation));
	json_put(json, "with_upstream", json_text(r->with_upstream));
	json_put(json, "asked_ms", json_integer(r->asked_ms));
	json_put(json, "with_refused", json_boolean(r->with_refused));
	json_put(json, "retry_ms", json_integer(r->retry_ms));
	json_put(json, "pause_ms", json_integer(r->pause_ms));
	json_put(json, "change", json_text(r->change));
	json_put(json, "changed_ms", json_integer(r->changed_ms));
	json_put(json, "was_established", json_boolean(r->was_established));
	json_put(json, "ups", json_integer((json_int_t)r->ups));
	json_put(json, "messages", json_integer((json_int_t)r->messages));
	json_put(json, "before", counters_json(&r->before));
	json_put(json, "established_ms", json_integer(r->established_ms));
	json_put(json, "back_ms", json_integer(r->back_ms));
	json_put(json, "why", json_text(r->why));
	json_render(json, b);
}

static bool
take_text(const json_t *json, const char *name, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(json, name));

	if (text == NULL || strlen(text) >= size)
		return false;
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static bool
take_number(const json_t *json, const char *name, int64_t *out)
{
	const json_t *value = json_object_get(json, name);

	*out = json_integer_value(value);
	return json_is_integer(value) && *out >= 0;
}

#define TEXT(json, r, member) \
	take_text(json, #member, (r)->member, sizeof((r)->member))

static bool
take_texts(const json_t *json, struct rotation *r)
{
	char neighbor[ADDR_TEXT_MAX];

	return take_text(json, "upstream", r->upstream.s,
		   sizeof(r->upstream.s)) &&
	    take_text(json, "neighbor", neighbor, sizeof(neighbor)) &&
	    addr_parse(&r->neighbor, neighbor, NULL) == 0 &&
	    TEXT(json, r, key) && md5key_check(r->key, NULL) == 0 &&
	    TEXT(json, r, key_id) && TEXT(json, r, old_key_id) &&
	    TEXT(json, r, reason) && TEXT(json, r, ticket) &&
	    TEXT(json, r, with) && TEXT(json, r, with_operation) &&
	    TEXT(json, r, with_upstream) && TEXT(json, r, change) &&
	    TEXT(json, r, why);
}

static bool
take_counters(const json_t *json, struct rotation_counters *c)
{
	int64_t mismatch, none, unexpected;

	if (json_is_null(json))
		return true;
	if (!take_number(json, "mismatch", &mismatch) ||
	    !take_number(json, "unsigned", &none) ||
	    !take_number(json, "unexpected", &unexpected))
		return false;
	c->known = true;
	c->mismatch = (uint64_t)mismatch;
	c->unsigned_ = (uint64_t)none;
	c->unexpected = (uint64_t)unexpected;
	return true;
}

static bool
take_all(const json_t *json, struct rotation *r)
{
	int64_t within, hold, ups, messages;

	if (!take_texts(json, r) || !take_number(json, "at_ms", &r->at_ms) ||
	    !take_number(json, "verify_within_s", &within) ||
	    !take_number(json, "hold_s", &hold) ||
	    !take_number(json, "asked_ms", &r->asked_ms) ||
	    !take_number(json, "retry_ms", &r->retry_ms) ||
	    !take_number(json, "pause_ms", &r->pause_ms) ||
	    !take_number(json, "changed_ms", &r->changed_ms) ||
	    !take_number(json, "ups", &ups) ||
	    !take_number(json, "messages", &messages) ||
	    !take_number(json, "established_ms", &r->established_ms) ||
	    !take_number(json, "back_ms", &r->back_ms) ||
	    !take_counters(json_object_get(json, "before"), &r->before))
		return false;
	r->verify_within_s = (unsigned)within;
	r->hold_s = (unsigned)hold;
	r->ups = (uint64_t)ups;
	r->messages = (uint64_t)messages;
	r->gentle = json_is_true(json_object_get(json, "gentle"));
	r->adopt = json_is_true(json_object_get(json, "adopt"));
	r->generated = json_is_true(json_object_get(json, "generated"));
	r->drain_first = json_is_true(json_object_get(json, "drain_first"));
	r->with_refused = json_is_true(json_object_get(json, "with_refused"));
	r->was_established =
	    json_is_true(json_object_get(json, "was_established"));
	return true;
}

int
rotation_load(struct rotation *r, const char *stored, struct err *err)
{
	json_t *json = json_loads(stored, JSON_REJECT_DUPLICATES, NULL);
	bool good;

	memset(r, 0, sizeof(*r));
	good = json_is_object(json) && take_all(json, r);
	json_decref(json);
	if (good)
		return 0;
	rotation_wipe(r);
	return err_set(err, ERR_INTERNAL,
	    "the journal holds a rotation that cannot be read");
}

int64_t
rotation_downtime_ms(const struct rotation *r)
{
	if (r->gentle || !r->was_established || r->changed_ms == 0 ||
	    r->established_ms < r->changed_ms)
		return -1;
	return r->established_ms - r->changed_ms;
}

void
rotation_render_progress(const struct rotation *r, const char *text,
    struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "text", json_text(text));
	json_put(json, "key_id", json_text(r->key_id));
	json_put(json, "method", json_text(r->gentle ? "gentle" : "reset"));
	json_put(json, "changed_at", json_time_or_null(r->changed_ms));
	json_put(json, "with", json_text_or_null(r->with));
	json_render(json, b);
}

void
rotation_render_result(const struct rotation *r, bool verified,
    int64_t return_ms, struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "upstream", json_text(r->upstream.s));
	json_put(json, "key_id",
	    json_text_or_null(verified ? r->key_id : r->old_key_id));
	json_put(json, "method", json_text(r->gentle ? "gentle" : "reset"));
	json_put(json, "verified", json_boolean(verified));
	json_put(json, "downtime_ms",
	    json_int_or_null(verified ? rotation_downtime_ms(r) : -1));
	json_put(json, "return_ms", json_int_or_null(return_ms));
	json_put(json, "why", json_text_or_null(r->why));
	json_put(json, "with", json_text_or_null(r->with));
	json_put(json, "with_operation", json_text_or_null(r->with_operation));
	json_render(json, b);
}

void
rotation_render_audit(const struct rotation *r, bool changed, struct buf *b)
{
	json_t *json = json_object();

	json_put(json, "key_id",
	    json_text_or_null(changed ? r->key_id : r->old_key_id));
	if (changed) {
		json_put(json, "method",
		    json_text(r->gentle ? "gentle" : "reset"));
		json_put(json, "at", json_time_or_null(r->at_ms));
		json_put(json, "with", json_text_or_null(r->with));
	}
	json_render(json, b);
}

/* The last message under the old key came in up to a third of the hold time
 * before the change. */
static const char *
drops(const struct rotation *r)
{
	if (!r->gentle || r->hold_s == 0 ||
	    r->verify_within_s <= r->hold_s - r->hold_s / 3)
		return NULL;
	return r->verify_within_s < r->hold_s ? "may go" : "goes";
}

const char *
rotation_effect(const struct rotation *r, char out[ROTATION_EFFECT_MAX])
{
	bool with = r->with[0] != '\0';
	const char *word = drops(r), *text;
	int n;

	if (r->gentle)
		text = with ?
		    "the session stays up: both ends change at the same time" :
		    "the session stays up when the other end changes within "
		    "its hold time";
	else
		text = with ?
		    "the session is reset once and comes back after some two "
		    "seconds: both ends change at the same time" :
		    "the session is reset and stays down until the other end "
		    "has changed too";
	n = snprintf(out, ROTATION_EFFECT_MAX, "%s", text);
	if (word != NULL)
		(void)snprintf(out + n, ROTATION_EFFECT_MAX - (size_t)n,
		    "; if the other end never does, it %s down first: the old "
		    "key comes back after %u s, and the hold time is %u s",
		    word, r->verify_within_s, r->hold_s);
	return out;
}

static uint64_t
grown(uint64_t before, uint64_t now)
{
	return now > before ? now - before : 0;
}

void
rotation_explain(const struct rotation *r, const struct rotation_counters *now,
    bool established, const char *state, const char *error, char *out,
    size_t size)
{
	uint64_t mismatch = 0, none = 0, unexpected = 0;

	if (r->before.known && now->known) {
		mismatch = grown(r->before.mismatch, now->mismatch);
		none = grown(r->before.unsigned_, now->unsigned_);
		unexpected = grown(r->before.unexpected, now->unexpected);
	}
	if (mismatch > 0)
		(void)snprintf(out, size,
		    "the other end did not change its key: %llu segments came "
		    "in that were signed with another one",
		    (unsigned long long)mismatch);
	else if (none > 0)
		(void)snprintf(out, size,
		    "the other end does not sign: %llu segments came in "
		    "without a signature",
		    (unsigned long long)none);
	else if (unexpected > 0)
		(void)snprintf(out, size,
		    "%llu segments came in that were signed although this "
		    "router has no key for them",
		    (unsigned long long)unexpected);
	else if (established)
		(void)snprintf(out, size,
		    "the session is up but nothing came in under the new key");
	else
		(void)snprintf(out, size,
		    "the session did not come up (%s), and no segment with "
		    "a wrong signature came in: it is down for another "
		    "reason%s%s",
		    state, error[0] == '\0' ? "" : ": ", error);
}
