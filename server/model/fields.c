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
static void read_value(const json_t *, const struct field *, char *target,
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

/* *target moves along with the tables that the field is found through. */
static const struct field *
find(const struct field *fields, const char *name, char **target)
{
	const struct field *found;
	char *inner;

	for (; fields->name != NULL; fields++) {
		if (fields->kind != FIELD_ALSO) {
			if (strcmp(fields->name, name) == 0)
				return fields;
			continue;
		}
		inner = *target + fields->base;
		found = find(fields->members, name, &inner);
		if (found != NULL) {
			*target = inner;
			return found;
		}
	}
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

/* The index of a text in the field's names, or -1 and what would do. */
static int
find_name(const json_t *json, const struct field *field, const char *pointer,
    struct err *err)
{
	const char *text = json_string_value(json);
	char list[160];
	size_t i, n = 0;

	list[0] = '\0';
	for (i = 0; field->names[i] != NULL; i++) {
		if (text != NULL && strcmp(field->names[i], text) == 0 &&
		    strlen(text) == json_string_length(json))
			return (int)i;
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s\"%s\"",
		    i == 0 ? "" : ", ", field->names[i]);
		if (n >= sizeof(list))
			n = sizeof(list) - 1;
	}
	return err_field(err, pointer, "must be one of %s", list);
}

static void
read_enum(const json_t *json, const struct field *field,
    struct field_value *value, const char *pointer, struct err *err)
{
	int i = find_name(json, field, pointer, err);

	if (i != -1)
		value->number = (uint64_t)i;
}

static void
item_pointer(char *out, size_t size, const char *pointer, size_t i)
{
	(void)snprintf(out, size, "%s/%zu", pointer, i);
}

static void
read_set(const json_t *json, const struct field *field,
    struct field_value *value, const char *pointer, struct err *err)
{
	char item[POINTER_MAX];
	size_t i;
	int n;

	if (!json_is_array(json)) {
		(void)err_field(err, pointer, "must be an array");
		return;
	}
	for (i = 0; i < json_array_size(json); i++) {
		item_pointer(item, sizeof(item), pointer, i);
		n = find_name(json_array_get(json, i), field, item, err);
		if (n == -1)
			return;
		if ((value->number >> n & 1) != 0) {
			(void)err_field(err, item, "is there twice");
			return;
		}
		value->number |= (uint64_t)1 << n;
	}
}

static void
read_array(const json_t *json, const struct field *field,
    struct field_value *value, char *target, const char *pointer,
    struct err *err)
{
	char item[POINTER_MAX];
	size_t i, n = json_array_size(json);

	if (!json_is_array(json)) {
		(void)err_field(err, pointer, "must be an array%s",
		    field->nullable ? " or null" : "");
		return;
	}
	if (n > field->max) {
		(void)err_field(err, pointer, "holds more than %" PRIu64,
		    field->max);
		return;
	}
	value->number = n;
	for (i = 0; i < n; i++) {
		item_pointer(item, sizeof(item), pointer, i);
		read_value(json_array_get(json, i), &field->members[0],
		    target + field->base + i * field->size, item, err);
	}
}

static bool
fits(const json_t *json, enum field_kind kind)
{
	switch (kind) {
	case FIELD_UINT:
		return json_is_integer(json);
	case FIELD_BOOL:
		return json_is_boolean(json);
	case FIELD_TEXT:
	case FIELD_ENUM:
		return json_is_string(json);
	case FIELD_SET:
	case FIELD_ARRAY:
		return json_is_array(json);
	case FIELD_OBJECT:
		return json_is_object(json);
	case FIELD_EITHER:
	case FIELD_ALSO:
	case FIELD_IGNORED:
		break;
	}
	return true;
}

/* The last one is taken when none fits, and says what it wants. */
static void
read_either(const json_t *json, const struct field *field, char *target,
    const char *pointer, struct err *err)
{
	const struct field *way = field->members;

	while (way[1].name != NULL && !fits(json, way->kind))
		way++;
	read_value(json, way, target, pointer, err);
}

static void
read_uint(const json_t *json, const struct field *field,
    struct field_value *value, const char *pointer, struct err *err)
{
	if (!json_is_integer(json) || json_integer_value(json) < 0 ||
	    (uint64_t)json_integer_value(json) < field->min ||
	    (uint64_t)json_integer_value(json) > field->max) {
		(void)err_field(err, pointer,
		    "must be a whole number from %" PRIu64 " to %" PRIu64 "%s",
		    field->min, field->max, field->nullable ? ", or null" : "");
		return;
	}
	value->number = (uint64_t)json_integer_value(json);
}

/* Does this kind have a field_value of its own? */
static bool
has_value(const struct field *field)
{
	switch (field->kind) {
	case FIELD_OBJECT:
		return field->nullable;
	case FIELD_EITHER:
	case FIELD_ALSO:
	case FIELD_IGNORED:
		return false;
	default:
		return true;
	}
}

static void
read_value(const json_t *json, const struct field *field, char *target,
    const char *pointer, struct err *err)
{
	struct field_value *value =
	    (struct field_value *)(void *)(target + field->offset);

	if (field->kind == FIELD_IGNORED)
		return;
	if (field->kind == FIELD_EITHER) {
		read_either(json, field, target, pointer, err);
		return;
	}
	if (has_value(field))
		value->present = true;
	if (json_is_null(json)) {
		if (!field->nullable)
			(void)err_field(err, pointer, "must not be null");
		else
			value->null = true;
		return;
	}
	switch (field->kind) {
	case FIELD_UINT:
		read_uint(json, field, value, pointer, err);
		return;
	case FIELD_BOOL:
		if (!json_is_boolean(json))
			(void)err_field(err, pointer, "must be true or false");
		else
			value->flag = json_is_true(json);
		return;
	case FIELD_TEXT:
		read_text(json, field, value, pointer, err);
		return;
	case FIELD_ENUM:
		read_enum(json, field, value, pointer, err);
		return;
	case FIELD_SET:
		read_set(json, field, value, pointer, err);
		return;
	case FIELD_ARRAY:
		read_array(json, field, value, target, pointer, err);
		return;
	case FIELD_OBJECT:
		read_object(json, field->members, target + field->base, pointer,
		    err);
		return;
	case FIELD_EITHER:
	case FIELD_ALSO:
	case FIELD_IGNORED:
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
		char *place = target;

		pointer_join(member, sizeof(member), pointer, name);
		field = find(fields, name, &place);
		if (field == NULL)
			(void)err_field(err, member,
			    "there is no such member here");
		else
			read_value(value, field, place, member, err);
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
