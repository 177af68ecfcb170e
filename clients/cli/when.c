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
parse_ago(const char *s, size_t n, int64_t now_ms, char *out)
{
	char digits[16];
	uint32_t count;
	size_t i;

	if (n < 2 || n > sizeof(digits))
		return false;
	memcpy(digits, s, n - 1);
	digits[n - 1] = '\0';
	if (number_parse_u32(&count, digits, 0, 1000000, NULL) == -1)
		return false;
	for (i = 0; i < NITEMS(units); i++)
		if (units[i].letter == s[n - 1] &&
		    (int64_t)count * units[i].ms <= now_ms) {
			(void)clock_print(now_ms - count * units[i].ms, out);
			return true;
		}
	return false;
}

int
when_parse(const char *s, int64_t now_ms, char *out, struct err *err)
{
	size_t n = strlen(s);

	if (parse_ago(s, n, now_ms, out))
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
		    "a time is 30m, 12h or 7d (ago), or like "
		    "2026-03-01T02:00:00Z (UTC)");
	return 0;
}
