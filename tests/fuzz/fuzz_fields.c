/* tests/fuzz/fuzz_fields.c - any body as a change of policy or a clear: what is
 * accepted says the same when it is written down and read again. */
/* links: model/policy model/fields base/err base/name */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "base/name.h"
#include "model/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A refusal says where and why, in texts that end. */
static void
check_refusal(const struct err *err)
{
	unsigned i;

	assert(err->code == ERR_INVALID || err->code == ERR_UNPROCESSABLE);
	assert(err->n_fields >= 1 && err->n_fields <= ERR_FIELDS_MAX);
	assert(memchr(err->text, '\0', sizeof(err->text)) != NULL);
	for (i = 0; i < err->n_fields; i++) {
		const struct err_field *f = &err->fields[i];

		assert(memchr(f->pointer, '\0', sizeof(f->pointer)) != NULL);
		assert(memchr(f->detail, '\0', sizeof(f->detail)) != NULL);
		assert(f->pointer[0] == '/' || f->pointer[0] == '\0');
		assert(f->detail[0] != '\0');
	}
}

static void
put(json_t *object, const char *name, const struct field_value *value,
    json_t *json)
{
	if (!value->present) {
		json_decref(json);
		return;
	}
	if (value->null) {
		json_decref(json);
		json = json_null();
	}
	assert(json_object_set_new(object, name, json) == 0);
}

static char *
write_order(const struct policy_order *o)
{
	json_t *json = json_object(), *in = json_object(), *out = json_object();
	char *text;

	put(json, "description", &o->description,
	    json_string(o->description.text));
	put(json, "shared", &o->shared, json_boolean(o->shared.flag));
	put(json, "reason", &o->reason, json_string(o->reason.text));
	put(json, "ticket", &o->ticket, json_string(o->ticket.text));
	put(in, "local_preference", &o->local_preference,
	    json_integer((json_int_t)o->local_preference.number));
	put(out, "as_path_prepend", &o->as_path_prepend,
	    json_integer((json_int_t)o->as_path_prepend.number));
	assert(json_object_set_new(json, "import", in) == 0);
	assert(json_object_set_new(json, "export", out) == 0);
	text = json_dumps(json, 0);
	assert(text != NULL);
	json_decref(json);
	return text;
}

static void
check_order(const struct policy_order *o)
{
	struct policy_order again;
	struct line_text line;
	char *text;

	assert(!o->description.present || o->description.null ||
	    line_text_parse(&line, o->description.text, NULL) == 0);
	assert(o->local_preference.number <= UINT32_MAX);
	assert(o->as_path_prepend.number <= POLICY_PREPEND_MAX);
	assert(strlen(o->reason.text) <= POLICY_REASON_MAX);
	assert(strlen(o->ticket.text) <= POLICY_TICKET_MAX);
	assert(strpbrk(o->reason.text, "\r\n\x1b") == NULL);
	assert(!o->shared.null && !o->reason.null && !o->ticket.null);
	text = write_order(o);
	assert(policy_order_read(&again, text, strlen(text), NULL) == 0);
	assert(memcmp(o, &again, sizeof(again)) == 0);
	free(text);
}

static void
check_clear(const struct policy_clear *c)
{
	enum policy_soft soft = policy_clear_soft(c);
	const char *name = policy_soft_name(soft);

	assert((name == NULL) == (soft == POLICY_SOFT_NONE));
	assert(!c->soft.present || c->soft.null || soft < POLICY_SOFT_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_order order;
	struct policy_clear clear;
	struct err err;

	if (policy_order_read(&order, (const char *)data, size, &err) == 0)
		check_order(&order);
	else
		check_refusal(&err);
	if (policy_clear_read(&clear, (const char *)data, size, &err) == 0)
		check_clear(&clear);
	else
		check_refusal(&err);
	return 0;
}
