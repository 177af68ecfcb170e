/* tests/fuzz/fuzz_rotation.c - any bytes as an order to rotate a key, as a
 * rotation in the journal, and as what another router answers. */
/* links: model/rotation model/rotation_order model/rotation_peer
 * model/drain_peer model/problem model/order_options model/fields model/check
 * model/json base/addr base/buf base/clock base/crypto base/err base/log
 * base/md5key base/mem base/name base/number base/rfc3339 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/name.h"
#include "base/rfc3339.h"
#include "model/drain_peer.h"
#include "model/problem.h"
#include "model/rotation.h"
#include "model/rotation_order.h"
#include "model/rotation_peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put(json_t *object, const char *name, const struct field_value *v, json_t *json)
{
	if (v->present && !v->null)
		assert(json_object_set(object, name, json) == 0);
	else if (v->present)
		assert(json_object_set_new(object, name, json_null()) == 0);
	json_decref(json);
}

static void
put_text(json_t *object, const char *name, const struct field_value *v)
{
	put(object, name, v, json_string(v->text));
}

static char *
write_order(const struct rotation_order *o)
{
	static const char *const methods[] = { "gentle", "reset" };
	json_t *json = json_object();
	char *text;

	put_text(json, "id", &o->id);
	put_text(json, "key", &o->key);
	put(json, "generate", &o->generate, json_boolean(o->generate.flag));
	put_text(json, "at", &o->at);
	put(json, "verify_within_s", &o->verify_within_s,
	    json_integer((json_int_t)o->verify_within_s.number));
	put(json, "drain_first", &o->drain_first,
	    json_boolean(o->drain_first.flag));
	put(json, "method", &o->method, json_string(methods[o->method.number]));
	put_text(json, "with", &o->with);
	put_text(json, "reason", &o->options.reason);
	put_text(json, "ticket", &o->options.ticket);
	put(json, "adopt", &o->options.adopt,
	    json_boolean(o->options.adopt.flag));
	text = json_dumps(json, 0);
	assert(text != NULL);
	json_decref(json);
	return text;
}

/* What is accepted is of its kind, and says the same when it is written down
 * and read again. */
static void
check_order(const struct rotation_order *o)
{
	static struct rotation_order again;
	struct name name;
	int64_t at;
	char *text;

	assert(o->key.present != (o->generate.present && o->generate.flag));
	assert(!o->key.present || md5key_check(o->key.text, NULL) == 0);
	assert(!o->at.present || o->at.null ||
	    rfc3339_parse(&at, o->at.text, NULL) == 0);
	assert(!o->with.present || o->with.null ||
	    name_parse(&name, o->with.text, NULL) == 0);
	assert(o->method.number <= ROTATION_RESET);
	text = write_order(o);
	assert(rotation_order_read(&again, text, strlen(text), NULL) == 0);
	assert(memcmp(o, &again, sizeof(again)) == 0);
	free(text);
}

static void
from_order(const char *data, size_t size)
{
	static struct rotation_order order;
	struct err err;
	unsigned i;

	err_clear(&err);
	if (rotation_order_read(&order, data, size, &err) == 0) {
		check_order(&order);
		return;
	}
	assert(err.code == ERR_INVALID || err.code == ERR_UNPROCESSABLE);
	assert(err.n_fields >= 1 && err.n_fields <= ERR_FIELDS_MAX);
	for (i = 0; i < err.n_fields; i++)
		assert(err.fields[i].detail[0] != '\0');
}

static void
check_json(struct buf *b)
{
	json_t *json =
	    json_loadb(buf_text(b), b->len, JSON_REJECT_DUPLICATES, NULL);

	assert(!b->failed && json != NULL);
	json_decref(json);
	buf_reset(b);
}

/* Everything that is made of a rotation is JSON. */
static void
check_told(const struct rotation *r)
{
	struct rotation_counters now = { true, 1, 2, 3 };
	struct buf b = BUF_INIT;
	char why[64];

	rotation_render_progress(r, "text", &b);
	check_json(&b);
	rotation_render_result(r, true, 1, &b);
	check_json(&b);
	rotation_render_result(r, false, -1, &b);
	check_json(&b);
	rotation_render_audit(r, true, &b);
	check_json(&b);
	rotation_peer_order(r, "router", &b);
	check_json(&b);
	rotation_explain(r, &now, false, r->reason, r->why, why, sizeof(why));
	assert(memchr(why, '\0', sizeof(why)) != NULL && why[0] != '\0');
	assert(rotation_downtime_ms(r) >= -1);
	buf_clear(&b);
}

static void
from_journal(const char *text)
{
	static const char zeros[sizeof(struct rotation)];
	struct buf stored = BUF_INIT, again = BUF_INIT;
	struct rotation r, back;
	struct err err;

	if (rotation_load(&r, text, &err) == -1) {
		assert(err.code == ERR_INTERNAL);
		assert(memcmp(&r, zeros, sizeof(r)) == 0);
		return;
	}
	assert(md5key_check(r.key, NULL) == 0);
	rotation_store(&r, &stored);
	assert(rotation_load(&back, buf_text(&stored), NULL) == 0);
	rotation_store(&back, &again);
	assert(strcmp(buf_text(&stored), buf_text(&again)) == 0);
	check_told(&r);
	buf_clear(&stored);
	buf_clear(&again);
}

static void
from_peer(const char *text)
{
	struct rotation_peer peer;
	struct problem_told told;
	char name[32], detail[64];
	struct err err;

	err_clear(&err);
	if (rotation_peer_find(text, "2001:db8::1", name, sizeof(name), &err) ==
	    0)
		assert(memchr(name, '\0', sizeof(name)) != NULL);
	else
		assert(err.code == ERR_CONFLICT);
	if (rotation_peer_read(text, &peer, NULL) == 0)
		assert(peer.created_ms >= 0);
	if (problem_read(text, &told))
		assert(memchr(told.detail, '\0', sizeof(told.detail)) != NULL);
	drain_peer_router(text, "vtbgp", detail, sizeof(detail));
	assert(memchr(detail, '\0', sizeof(detail)) != NULL);
	drain_peer_transit(text, "vtbgp", NULL, detail, sizeof(detail));
	assert(memchr(detail, '\0', sizeof(detail)) != NULL);
	drain_peer_transit(text, "vtbgp", "ipv6-unicast", detail,
	    sizeof(detail));
	assert(memchr(detail, '\0', sizeof(detail)) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	if (text == NULL)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 3) {
	case 0:
		from_order(text, size - 1);
		break;
	case 1:
		from_journal(text);
		break;
	default:
		from_peer(text);
		break;
	}
	free(text);
	return 0;
}
