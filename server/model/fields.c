/* model/fields.c - a request body is a table: name, kind, range, place. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/err.h"
#include "model/fields.h"

enum {
	POINTER_MAX = 96
};

static void read_object(const json_t *, const struct field *, char *target,
    const char *pointer, struct err *);

/* RFC 6901: '~' and '/' in a name are escaped. */
static void
pointer_join(char *out, size_t size, const char *base, const char *name)
{
	size_t n = (size_t)snprintf(out, size, "%s/", base);

	if (n >= size)
		n = size - 1;
	for (; *name != '\0' && n + 3 < size; name++) {
		unsigned char c = (unsigned char)*name;

		if (c == '~' || c == '/') {
			out[n++] = '~';
			out[n++] = c == '~' ? '0' : '1';
		} else {
			out[n++] = c < 0x20 || c == 0x7f ? '?' : (char)c;
		}
	}
	out[n] = '\0';
}

static const struct field *
find(const struct field *fields, const char *name)
{
	for (; fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	return NULL;
}

static void
read_text(const json_t *json, const struct field *field,
    struct field_value *value, const char *pointer, struct err *err)
{
	const char *text = json_string_value(json);
	struct err why;

	if (text == NULL) {
		(void)err_field(err, pointer, "must be a string");
		return;
	}
	if (json_string_length(json) >= sizeof(value->text)) {
		(void)err_field(err, pointer, "must be shorter than %zu bytes",
		    sizeof(value->text));
		return;
	}
	if (strlen(text) != json_string_length(json)) {
		(void)err_field(err, pointer, "must not hold a NUL");
		return;
	}
	err_clear(&why);
	if (field->check != NULL && field->check(text, &why) == -1) {
		(void)err_field(err, pointer, "%s", why.text);
		return;
	}
	(void)snprintf(value->text, sizeof(value->text), "%s", text);
}

static void
read_enum(const json_t *json, const struct field *field,
    struct field_value *value, const char *pointer, struct err *err)
{
	const char *text = json_string_value(json);
	char list[160];
	size_t i, n = 0;

	list[0] = '\0';
	for (i = 0; field->names[i] != NULL; i++) {
		if (text != NULL && strcmp(field->names[i], text) == 0 &&
		    strlen(text) == json_string_length(json)) {
			value->number = i;
			return;
		}
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s\"%s\"",
		    i == 0 ? "" : ", ", field->names[i]);
		if (n >= sizeof(list))
			n = sizeof(list) - 1;
	}
	(void)err_field(err, pointer, "must be one of %s", list);
}

static void
read_value(const json_t *json, const struct field *field, char *target,
    const char *pointer, struct err *err)
{
	struct field_value *value =
	    (struct field_value *)(void *)(target + field->offset);

	if (field->kind != FIELD_OBJECT)
		value->present = true;
	if (json_is_null(json)) {
		if (!field->nullable) {
			(void)err_field(err, pointer, "must not be null");
			return;
		}
		value->null = true;
		return;
	}
	switch (field->kind) {
	case FIELD_UINT:
		if (!json_is_integer(json) || json_integer_value(json) < 0 ||
		    (uint64_t)json_integer_value(json) < field->min ||
		    (uint64_t)json_integer_value(json) > field->max) {
			(void)err_field(err, pointer,
			    "must be a whole number from %" PRIu64
			    " to %" PRIu64 "%s",
			    field->min, field->max,
			    field->nullable ? ", or null" : "");
			return;
		}
		value->number = (uint64_t)json_integer_value(json);
		return;
	case FIELD_BOOL:
		if (!json_is_boolean(json)) {
			(void)err_field(err, pointer, "must be true or false");
			return;
		}
		value->flag = json_is_true(json);
		return;
	case FIELD_TEXT:
		read_text(json, field, value, pointer, err);
		return;
	case FIELD_ENUM:
		read_enum(json, field, value, pointer, err);
		return;
	case FIELD_OBJECT:
		read_object(json, field->members, target, pointer, err);
		return;
	}
}

static void
read_object(const json_t *json, const struct field *fields, char *target,
    const char *pointer, struct err *err)
{
	const struct field *field;
	const char *name;
	json_t *value;
	char member[POINTER_MAX];

	if (!json_is_object(json)) {
		(void)err_field(err, pointer, "must be an object");
		return;
	}
	/* jansson's macro casts the const away; nothing is changed here. */
	json_object_foreach((json_t *)(uintptr_t)json, name, value)
	{
		pointer_join(member, sizeof(member), pointer, name);
		field = find(fields, name);
		if (field == NULL)
			(void)err_field(err, member,
			    "there is no such member here");
		else
			read_value(value, field, target, member, err);
	}
}

/* The document itself is wrong: ERR_INVALID with the pointer to the whole. */
static int PRINTFLIKE(2, 3)
    refuse_document(struct err *err, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)err_field(err, "", "%s", text);
	err->code = ERR_INVALID;
	(void)snprintf(err->text, sizeof(err->text), "%s", text);
	return -1;
}

int
fields_read(const char *json, size_t len, const struct field *fields,
    void *target, struct err *err)
{
	struct err local;
	json_error_t where;
	json_t *root;

	if (err == NULL)
		err = &local;
	err_clear(err);
	if (len == 0)
		return refuse_document(err,
		    "the request needs a JSON object as its body");
	root = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
	    &where);
	if (root == NULL)
		return refuse_document(err,
		    "the body is not JSON: %s (line %d, column %d)", where.text,
		    where.line, where.column);
	if (!json_is_object(root))
		(void)refuse_document(err, "the body must be a JSON object");
	else
		read_object(root, fields, target, "", err);
	json_decref(root);
	return err->code == ERR_NONE ? 0 : -1;
}
