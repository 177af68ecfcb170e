/* base/err.c - an error that travels from where it happens to the edge. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

static void
copy(char *out, size_t size, const char *in)
{
	size_t n = strnlen(in, size - 1);

	memcpy(out, in, n);
	out[n] = '\0';
}

void
err_clear(struct err *err)
{
	if (err != NULL)
		memset(err, 0, sizeof(*err));
}

int
err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	err_clear(err);
	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return -1;
}

int
err_set_errno(struct err *err, enum err_code code, const char *fmt, ...)
{
	int saved = errno;
	size_t len;
	va_list ap;

	if (err == NULL)
		return -1;
	err_clear(err);
	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s",
	    strerror(saved));
	return -1;
}

int
err_prefix(struct err *err, const char *fmt, ...)
{
	char old[ERR_TEXT_MAX];
	size_t len;
	va_list ap;

	if (err == NULL)
		return -1;
	memcpy(old, err->text, sizeof(old));
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s", old);
	return -1;
}

int
err_reason(struct err *err, const char *reason)
{
	if (err != NULL)
		copy(err->reason, sizeof(err->reason), reason);
	return -1;
}

int
err_tool(struct err *err, const char *tool, int exit_code, const char *output,
    size_t output_len)
{
	size_t i, n = 0;

	if (err == NULL)
		return -1;
	copy(err->tool, sizeof(err->tool), tool);
	err->exit_code = exit_code;
	for (i = 0; i < output_len && n + 1 < sizeof(err->output); i++) {
		unsigned char c = (unsigned char)output[i];

		if (c == '\r')
			continue;
		err->output[n++] =
		    (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? '?' :
									(char)c;
	}
	while (n > 0 && err->output[n - 1] == '\n')
		n--;
	err->output[n] = '\0';
	return -1;
}

int
err_field(struct err *err, const char *pointer, const char *fmt, ...)
{
	struct err_field *field;
	va_list ap;

	if (err == NULL)
		return -1;
	if (err->n_fields == 0)
		(void)err_set(err, ERR_UNPROCESSABLE,
		    "the request has members that cannot be accepted");
	if (err->n_fields == ERR_FIELDS_MAX)
		return -1;
	field = &err->fields[err->n_fields++];
	copy(field->pointer, sizeof(field->pointer), pointer);
	va_start(ap, fmt);
	(void)vsnprintf(field->detail, sizeof(field->detail), fmt, ap);
	va_end(ap);
	return -1;
}

const char *
err_code_name(enum err_code code)
{
	switch (code) { /* clang-format off */
	case ERR_NONE:                  return "none";
	case ERR_INVALID:               return "invalid";
	case ERR_UNPROCESSABLE:         return "unprocessable";
	case ERR_UNAUTHORIZED:          return "unauthorized";
	case ERR_FORBIDDEN:             return "forbidden";
	case ERR_NOT_FOUND:             return "not_found";
	case ERR_METHOD:                return "method";
	case ERR_CONFLICT:              return "conflict";
	case ERR_PRECONDITION:          return "precondition";
	case ERR_PRECONDITION_REQUIRED: return "precondition_required";
	case ERR_TOO_LARGE:             return "too_large";
	case ERR_MEDIA_TYPE:            return "media_type";
	case ERR_BUSY:                  return "busy";
	case ERR_TOOL:                  return "tool";
	case ERR_NOT_APPLIED:           return "not_applied";
	case ERR_UNAVAILABLE:           return "unavailable";
	case ERR_TIMEOUT:               return "timeout";
	case ERR_UNSUPPORTED:           return "unsupported";
	case ERR_PROTOCOL:              return "protocol";
	case ERR_SYSTEM:                return "system";
	case ERR_NO_MEMORY:             return "no_memory";
	case ERR_INTERNAL:              return "internal";
	} /* clang-format on */
	return "internal";
}
