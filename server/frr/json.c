/* frr/json.c - bgpd's JSON: whole or refused, and read without surprises. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/name.h"
#include "base/number.h"
#include "frr/json.h"

/* Length of the well-formed character at text, 0 when there is none. */
static size_t
character(const char *text, size_t len)
{
	size_t n;

	if ((unsigned char)text[0] < 0x80)
		return 1;
	for (n = 2; n <= 4 && n <= len; n++)
		if (name_is_utf8(text, n))
			return n;
	return 0;
}

static void
repair(const char *text, size_t len, struct buf *out)
{
	while (len > 0) {
		size_t n = character(text, len);

		if (n == 0)
			buf_puts(out, "\xef\xbf\xbd");
		else
			buf_add(out, text, n);
		n += n == 0;
		text += n;
		len -= n;
	}
}

json_t *
frr_json_load(const char *text, size_t len, const char *what, struct err *err)
{
	struct buf repaired = BUF_INIT;
	json_error_t why;
	json_t *json;

	json = json_loadb(len == 0 ? "" : text, len, 0, &why);
	if (json == NULL && len > 0 && !name_is_utf8(text, len)) {
		repair(text, len, &repaired);
		json = json_loadb(buf_text(&repaired), repaired.len, 0, &why);
		buf_clear(&repaired);
	}
	if (json != NULL && json_is_object(json))
		return json;
	(void)err_set(err, ERR_TOOL, "bgpd: %s: not one whole JSON object%s%s",
	    what, json == NULL ? ": " : "", json == NULL ? why.text : "");
	(void)err_tool(err, "bgpd", 0, text, len > 200 ? 200 : len);
	json_decref(json);
	return NULL;
}

uint64_t
frr_json_u64(const json_t *object, const char *member)
{
	json_int_t n = json_integer_value(json_object_get(object, member));

	return n < 0 ? 0 : (uint64_t)n;
}

uint32_t
frr_json_as(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);
	const char *text, *dot;
	char high_text[8];
	uint32_t as, high, low;

	if (json_is_integer(value)) {
		json_int_t n = json_integer_value(value);

		return n < 0 || n > UINT32_MAX ? 0 : (uint32_t)n;
	}
	if (!json_is_string(value))
		return 0;
	text = json_string_value(value);
	if (number_parse_u32(&as, text, 0, UINT32_MAX, NULL) == 0)
		return as;
	/* asdot of RFC 5396: HIGH.LOW */
	dot = strchr(text, '.');
	if (dot == NULL || (size_t)(dot - text) >= sizeof(high_text))
		return 0;
	(void)snprintf(high_text, sizeof(high_text), "%.*s", (int)(dot - text),
	    text);
	if (number_parse_u32(&high, high_text, 0, 65535, NULL) == 0 &&
	    number_parse_u32(&low, dot + 1, 0, 65535, NULL) == 0)
		return high << 16 | low;
	return 0;
}

bool
frr_json_bool(const json_t *object, const char *member)
{
	const json_t *value = json_object_get(object, member);

	return json_is_true(value) || json_integer_value(value) != 0;
}

const char *
frr_json_text(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text == NULL ? "" : text;
}

void
frr_json_copy(char *out, size_t size, const char *text)
{
	size_t n = strnlen(text, size);

	if (n == size) {
		n--;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, text, n);
	out[n] = '\0';
}
