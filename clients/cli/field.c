/* cli/field.c - looking into answers without trusting their shape. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/field.h"

json_t *
field_at(const json_t *json, const char *path)
{
	char member[64];
	json_t *found = NULL;
	size_t n;

	for (;;) {
		n = strcspn(path, ".");
		if (n >= sizeof(member))
			return NULL;
		memcpy(member, path, n);
		member[n] = '\0';
		found = json_object_get(json, member);
		if (found == NULL || path[n] == '\0')
			return found;
		json = found;
		path += n + 1;
	}
}

const char *
field_text(const json_t *json, const char *path)
{
	return json_string_value(field_at(json, path));
}

const char *
field_word(const json_t *json, const char *path, const char *instead)
{
	const char *s = field_text(json, path);

	return s == NULL || *s == '\0' ? instead : s;
}

bool
field_int(const json_t *json, const char *path, int64_t *out)
{
	const json_t *v = field_at(json, path);

	if (!json_is_integer(v))
		return false;
	*out = json_integer_value(v);
	return true;
}

bool
field_number(const json_t *json, const char *path, double *out)
{
	const json_t *v = field_at(json, path);

	if (!json_is_number(v))
		return false;
	*out = json_number_value(v);
	return true;
}

bool
field_true(const json_t *json, const char *path)
{
	return json_is_true(field_at(json, path));
}

const char *
field_digits(const json_t *json, const char *path, char *out,
    const char *instead)
{
	int64_t v;

	if (field_int(json, path, &v))
		(void)snprintf(out, FIELD_TEXT_MAX, "%" PRId64, v);
	else
		(void)snprintf(out, FIELD_TEXT_MAX, "%s", instead);
	return out;
}

char *
field_join(const json_t *json, const char *path, const char *separator)
{
	const json_t *array = field_at(json, path), *v;
	struct buf b = BUF_INIT;
	size_t i;

	json_array_foreach(array, i, v)
	{
		/* A prefix may be an object that says more about it. */
		const char *text = json_is_string(v) ? json_string_value(v) :
						       field_text(v, "prefix");

		if (text == NULL)
			continue;
		if (b.len > 0)
			buf_puts(&b, separator);
		buf_puts(&b, text);
	}
	if (b.failed || b.data == NULL) {
		buf_clear(&b);
		return mem_strdup("");
	}
	return buf_take(&b);
}
