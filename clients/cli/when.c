/* cli/when.c - points in time as people write them. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/compat.h"
#include "base/err.h"
#include "base/number.h"
#include "cli/when.h"

static const struct {
	char letter;
	int64_t ms;
} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 },
	{ 'd', 86400000 } };

static bool
has_shape(const char *s, size_t n, const char *shape)
{
	size_t i;

	if (strlen(shape) != n)
		return false;
	for (i = 0; i < n; i++)
		if (shape[i] == 'd'     ? s[i] < '0' || s[i] > '9' :
			shape[i] == 'T' ? strchr("Tt ", s[i]) == NULL :
					  s[i] != shape[i])
			return false;
	return true;
}

static bool
parse_span(const char *s, size_t n, int64_t now_ms, bool ahead, char *out)
{
	char digits[16];
	uint32_t count;
	int64_t span;
	size_t i;

	if (n < 2 || n > sizeof(digits))
		return false;
	memcpy(digits, s, n - 1);
	digits[n - 1] = '\0';
	if (number_parse_u32(&count, digits, 0, 1000000, NULL) == -1)
		return false;
	for (i = 0; i < NITEMS(units); i++) {
		span = (int64_t)count * units[i].ms;
		if (units[i].letter == s[n - 1] && (ahead || span <= now_ms)) {
			(void)clock_print(ahead ? now_ms + span : now_ms - span,
			    out);
			return true;
		}
	}
	return false;
}

static int
parse(const char *s, int64_t now_ms, bool ahead, char *out, struct err *err)
{
	size_t n = strlen(s);

	if (parse_span(s, n, now_ms, ahead, out))
		return 0;
	if (n > 0 && (s[n - 1] == 'Z' || s[n - 1] == 'z'))
		n--;
	if (has_shape(s, n, "dddd-dd-dd"))
		(void)snprintf(out, CLOCK_TEXT_MAX, "%.10sT00:00:00Z", s);
	else if (has_shape(s, n, "dddd-dd-ddTdd:dd"))
		(void)snprintf(out, CLOCK_TEXT_MAX, "%.10sT%.5s:00Z", s,
		    s + 11);
	else if (has_shape(s, n, "dddd-dd-ddTdd:dd:dd"))
		(void)snprintf(out, CLOCK_TEXT_MAX, "%.10sT%.8sZ", s, s + 11);
	else if (has_shape(s, n, "dddd-dd-ddTdd:dd:dd.ddd"))
		(void)snprintf(out, CLOCK_TEXT_MAX, "%.10sT%.12sZ", s, s + 11);
	else
		return err_set(err, ERR_INVALID,
		    "a time is 30m, 12h or 7d (%s), or like "
		    "2026-03-01T02:00:00Z (UTC)",
		    ahead ? "from now" : "ago");
	return 0;
}

int
when_parse(const char *s, int64_t now_ms, char *out, struct err *err)
{
	return parse(s, now_ms, false, out, err);
}

int
when_parse_ahead(const char *s, int64_t now_ms, char *out, struct err *err)
{
	return parse(s, now_ms, true, out, err);
}
