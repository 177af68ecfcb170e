/* base/rfc3339.c - a date and time as text, to wall clock milliseconds. */
#include <stdbool.h>

#include "base/err.h"
#include "base/rfc3339.h"

/* Exactly n digits; moves *s behind them. -1 when there are fewer. */
static int
digits(const char **s, int n)
{
	int value = 0;

	while (n-- > 0) {
		if (**s < '0' || **s > '9')
			return -1;
		value = value * 10 + (*(*s)++ - '0');
	}
	return value;
}

static bool
skip(const char **s, const char *any)
{
	for (; *any != '\0'; any++) {
		if (**s == *any) {
			(*s)++;
			return true;
		}
	}
	return false;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Days since 1970-01-01; years start in March here, so that the leap day is
 * their last. */
static int64_t
days_since_1970(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t m = month > 2 ? month - 3 : month + 9;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
	    1 - 719468;
}

static bool
parse_date(const char **s, int64_t *days)
{
	int year, month, day;

	if ((year = digits(s, 4)) == -1 || !skip(s, "-") ||
	    (month = digits(s, 2)) == -1 || !skip(s, "-") ||
	    (day = digits(s, 2)) == -1)
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(year, month))
		return false;
	*days = days_since_1970(year, month, day);
	return true;
}

static bool
parse_time(const char **s, int64_t *ms)
{
	int64_t hour, minute, second, fraction = 0, weight = 100;

	if ((hour = digits(s, 2)) == -1 || !skip(s, ":") ||
	    (minute = digits(s, 2)) == -1 || !skip(s, ":") ||
	    (second = digits(s, 2)) == -1)
		return false;
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	if (skip(s, ".")) {
		if (**s < '0' || **s > '9')
			return false;
		for (; **s >= '0' && **s <= '9'; (*s)++, weight /= 10)
			fraction += (**s - '0') * weight;
	}
	*ms = ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
	return true;
}

static bool
parse_zone(const char **s, int64_t *ms)
{
	int64_t hour, minute, sign;

	*ms = 0;
	if (skip(s, "Zz"))
		return true;
	if (**s != '+' && **s != '-')
		return false;
	sign = *(*s)++ == '-' ? -1 : 1;
	if ((hour = digits(s, 2)) == -1 || !skip(s, ":") ||
	    (minute = digits(s, 2)) == -1 || hour > 23 || minute > 59)
		return false;
	*ms = sign * (hour * 60 + minute) * 60000;
	return true;
}

int
rfc3339_parse(int64_t *wall_ms, const char *text, struct err *err)
{
	static const int64_t last_ms = INT64_C(253402300799999);
	int64_t days, time, zone, ms;
	const char *s = text;

	if (!parse_date(&s, &days) || !skip(&s, "Tt ") ||
	    !parse_time(&s, &time) || !parse_zone(&s, &zone) || *s != '\0')
		return err_set(err, ERR_INVALID,
		    "not a time like 2026-03-01T02:00:00Z");
	/* The zone may lead out of the years that can be printed again. */
	ms = days * 86400000 + time - zone;
	if (ms < 0 || ms > last_ms)
		return err_set(err, ERR_INVALID,
		    "not a time from 1970 to 9999");
	*wall_ms = ms;
	return 0;
}
