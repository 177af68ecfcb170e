/* tests/fuzz/fuzz_route.c - any method and target: a row that is found is one
 * that the path spells out, and its argument is clean. */
/* links: api/routes api/request base/addr base/buf base/clock base/crypto
 * base/err base/log base/name base/number model/token tests/unit/route_stubs
 * */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "api/request.h"
#include "api/routes.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const methods[] = { "GET", "HEAD", "PATCH", "POST", "PUT",
	"DELETE", "get", "" };

static unsigned
hex(char c)
{
	unsigned value = 16;

	(void)(sscanf((char[2]) { c, '\0' }, "%x", &value) == 1);
	return value;
}

/* The plain bytes of n raw ones; asserts that the escapes are whole. */
static size_t
plain(const char *raw, size_t n, char *out)
{
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		if (raw[i] != '%') {
			out[len++] = raw[i];
			continue;
		}
		assert(n - i >= 3);
		assert(hex(raw[i + 1]) < 16 && hex(raw[i + 2]) < 16);
		out[len++] = (char)(hex(raw[i + 1]) * 16 + hex(raw[i + 2]));
		i += 2;
	}
	return len;
}

static void
check_clean(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	assert(name_is_utf8(text, strlen(text)));
	for (; *p != '\0'; p++)
		assert(*p >= 0x20 && *p != 0x7f);
}

/* Literal text around one argument, which stands for one segment or, as
 * {prefix}, for the rest. Nothing is normalised: "..", "//" and "%2F" are
 * parts of an argument or do not match. */
static void
check_match(const char *pattern, const char *path, const char *arg)
{
	const char *open = strchr(pattern, '{'), *close;
	size_t before, after, n;
	char bytes[FRAME_TARGET_MAX];

	if (open == NULL) {
		assert(strcmp(pattern, path) == 0 && arg[0] == '\0');
		return;
	}
	close = strchr(open, '}');
	assert(close != NULL && strchr(close, '{') == NULL);
	before = (size_t)(open - pattern);
	after = strlen(close + 1);
	assert(strlen(path) > before + after);
	n = strlen(path) - before - after;
	assert(strncmp(path, pattern, before) == 0);
	assert(strcmp(path + before + n, close + 1) == 0);
	if (strncmp(open, "{prefix}", 8) != 0)
		assert(memchr(path + before, '/', n) == NULL);
	n = plain(path + before, n, bytes);
	assert(n == strlen(arg) && memcmp(bytes, arg, n) == 0);
	assert(arg[0] != '\0');
	check_clean(arg);
}

static void
find(const struct request *req, const char *method)
{
	char arg[REQUEST_ARG_MAX], allow[64];
	const struct route *route;

	route = routes_find(method, req->path, arg, sizeof(arg), allow,
	    sizeof(allow));
	if (route == NULL) {
		assert(strlen(allow) < sizeof(allow) - 1);
		assert(strstr(allow, "HEAD") == NULL ||
		    strcmp(method, "HEAD") != 0);
		return;
	}
	assert(strcmp(route->method,
		   strcmp(method, "HEAD") == 0 ? "GET" : method) == 0);
	assert(route->handler != NULL);
	assert(strstr(req->path, "//") == NULL);
	assert(strstr(req->path, "/../") == NULL);
	assert(strcmp(arg, "..") != 0 && strcmp(arg, ".") != 0);
	check_match(route->path, req->path, arg);
}

/* The first byte is the method; the rest the target, as http passes it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct request req;
	struct frame_request frame = { .peer = { "unix", 4 } };
	const char *method;
	struct err err;
	unsigned i;
	size_t n;

	if (size < 1 || size - 1 > FRAME_TARGET_MAX)
		return 0;
	/* The decoder of frames refuses these. */
	for (n = 1; n < size; n++)
		if ((data[n] < 0x20 && data[n] != '\t') || data[n] == 0x7f)
			return 0;
	crypto_init();
	method = methods[data[0] % (sizeof(methods) / sizeof(methods[0]))];
	frame.method = (struct frame_bytes) { method, strlen(method) };
	frame.target =
	    (struct frame_bytes) { (const char *)data + 1, size - 1 };
	req.frame = &frame;
	if (request_read(&req, &err) == -1) {
		assert(err.code == ERR_INVALID && err.text[0] != '\0');
	} else {
		assert(req.n_query <= REQUEST_QUERY_MAX);
		for (i = 0; i < req.n_query; i++) {
			check_clean(req.query[i].name);
			check_clean(req.query[i].value);
			assert(request_query_value(&req, req.query[i].name) ==
			    req.query[i].value);
		}
	}
	assert(strchr(req.path, '?') == NULL);
	assert(
	    strncmp(req.path, (const char *)data + 1, strlen(req.path)) == 0);
	find(&req, req.method);
	return 0;
}
