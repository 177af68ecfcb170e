/* api/problem.c - errors as problem documents; HTTP statuses live here. */
#include <stdio.h>

#include "api/problem.h"
#include "api/reply.h"
#include "base/buf.h"
#include "model/json.h"

unsigned
problem_status(enum err_code code)
{
	switch (code) { /* clang-format off */
	case ERR_INVALID:               return 400;
	case ERR_UNPROCESSABLE:         return 422;
	case ERR_UNAUTHORIZED:          return 401;
	case ERR_FORBIDDEN:             return 403;
	case ERR_NOT_FOUND:             return 404;
	case ERR_METHOD:                return 405;
	case ERR_CONFLICT:              return 409;
	case ERR_PRECONDITION:          return 412;
	case ERR_PRECONDITION_REQUIRED: return 428;
	case ERR_TOO_LARGE:             return 413;
	case ERR_MEDIA_TYPE:            return 415;
	case ERR_BUSY:                  return 429;
	case ERR_TOOL:                  return 502;
	case ERR_NOT_APPLIED:           return 502;
	case ERR_UNAVAILABLE:           return 503;
	case ERR_TIMEOUT:               return 504;
	case ERR_UNSUPPORTED:           return 501;
	case ERR_PROTOCOL:              return 500;
	case ERR_SYSTEM:                return 500;
	case ERR_NO_MEMORY:             return 500;
	case ERR_INTERNAL:              return 500;
	case ERR_NONE:                  break;
	} /* clang-format on */
	return 500;
}

static const char *
title(unsigned status)
{
	switch (status) { /* clang-format off */
	case 400: return "The request cannot be understood";
	case 401: return "A valid token is needed";
	case 403: return "This token may not do this";
	case 404: return "There is no such thing here";
	case 405: return "The resource has no such method";
	case 409: return "The router's present state forbids it";
	case 412: return "The resource has changed";
	case 413: return "The request is too large";
	case 415: return "The media type is not understood";
	case 422: return "The request cannot be accepted";
	case 428: return "The request must carry If-Match";
	case 429: return "Too many requests";
	case 501: return "Not supported on this platform or version";
	case 502: return "A tool on the router failed";
	case 503: return "Not available now";
	case 504: return "A tool on the router did not answer in time";
	default:  return "multihomed failed";
	} /* clang-format on */
}

static json_t *
fields_json(const struct err *err)
{
	json_t *json = json_array(), *one;
	unsigned i;

	for (i = 0; i < err->n_fields; i++) {
		one = json_object();
		json_put(one, "pointer", json_text(err->fields[i].pointer));
		json_put(one, "detail", json_text(err->fields[i].detail));
		(void)json_array_append_new(json, one);
	}
	return json;
}

static json_t *
tool_json(const struct err *err)
{
	json_t *json = json_object();

	json_put(json, "name", json_text(err->tool));
	json_put(json, "exit_code", json_int_or_null(err->exit_code));
	json_put(json, "output", json_text(err->output));
	return json;
}

void
problem_render(const struct err *err, const char *request_id,
    unsigned retry_after_s, const struct reply_problem_extra *extra,
    struct buf *b)
{
	const char *code =
	    err->reason[0] != '\0' ? err->reason : err_code_name(err->code);
	unsigned status = problem_status(err->code);
	json_t *json = json_object();
	char type[128];

	(void)snprintf(type, sizeof(type), "https://multihomed.dev/problems/%s",
	    code);
	json_put(json, "type", json_text(type));
	json_put(json, "title", json_text(title(status)));
	json_put(json, "status", json_integer(status));
	json_put(json, "code", json_text(code));
	json_put(json, "detail", json_text(err->text));
	json_put(json, "request_id", json_text(request_id));
	if (err->n_fields > 0)
		json_put(json, "errors", fields_json(err));
	if (err->tool[0] != '\0')
		json_put(json, "tool", tool_json(err));
	if (retry_after_s > 0)
		json_put(json, "retry_after_s", json_integer(retry_after_s));
	if (extra != NULL && extra->touched) {
		json_put(json, "operation", json_text(extra->operation));
		json_put(json, "audit_seq",
		    json_integer((json_int_t)extra->audit_seq));
		json_put(json, "undone", json_boolean(extra->undone));
	}
	json_render(json, b);
}
