/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * when: dates and durations as they are written in filters.
 *
 * "2020-07-04", "2020-07-04 12:34:56.5", "2020-07-04T12:34:56Z", with an offset such as +02:00, and
 * "Jul  4, 2020 12:34:56". A time without a zone is UTC, as everything we show.
 */
#include "src/filter/tree.h"

#define NS 1000000000

struct scan {
	const uint8_t *s, *end;
};

/* A number of min..max digits. */
static bool number(struct scan *in, int min, int max, int64_t *v)
{
	int n = 0;

	for (*v = 0; n < max && in->s < in->end && g_ascii_isdigit(*in->s); n++)
		*v = *v * 10 + (*in->s++ - '0');
	return n >= min;
}

static bool skip(struct scan *in, char c)
{
	if (in->s == in->end || *in->s != (uint8_t)c)
		return false;
	in->s++;
	return true;
}

/* ".954975" as nanoseconds; nothing is zero; digits beyond the ninth are dropped. */
static bool fraction(struct scan *in, int64_t *ns)
{
	int64_t unit = NS / 10;

	*ns = 0;
	if (!skip(in, '.'))
		return true;
	if (in->s == in->end || !g_ascii_isdigit(*in->s))
		return false;
	for (; in->s < in->end && g_ascii_isdigit(*in->s); in->s++, unit /= 10)
		*ns += unit * (*in->s - '0');
	return true;
}

/* Days from 1970-01-01 in the Gregorian calendar. */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2020-07-04" */
static bool iso_date(struct scan *in, int64_t *day)
{
	int64_t y, m, d;

	if (!number(in, 4, 4, &y) || !skip(in, '-') || !number(in, 2, 2, &m) || !skip(in, '-') ||
	    !number(in, 2, 2, &d) || m < 1 || m > 12 || d < 1 || d > 31 || y < 1680 || y > 2260)
		return false;
	*day = days(y, m, d);
	return true;
}

/* "Jul  4, 2020 " */
static bool month_date(struct scan *in, int64_t *day)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t y, d, m = 0;

	if (in->end - in->s < 4)
		return false;
	while (m < 12 && memcmp(months + 3 * m, in->s, 3) != 0)
		m++;
	in->s += 3;
	while (skip(in, ' '))
		;
	if (m == 12 || !number(in, 1, 2, &d) || !skip(in, ',') || !skip(in, ' ') ||
	    !number(in, 4, 4, &y) || !skip(in, ' ') || d < 1 || d > 31 || y < 1680 || y > 2260)
		return false;
	*day = days(y, m + 1, d);
	return true;
}

/* "12[:34[:56[.5]]]"; the legacy format needs the seconds. */
static bool clock_time(struct scan *in, bool whole, int64_t *ns)
{
	int64_t h, m = 0, s = 0, part = 0;
	int parts = 1;

	if (!number(in, 2, 2, &h))
		return false;
	if (skip(in, ':')) {
		parts++;
		if (!number(in, 2, 2, &m))
			return false;
		if (skip(in, ':')) {
			parts++;
			if (!number(in, 2, 2, &s) || !fraction(in, &part))
				return false;
		}
	}
	if (h > 23 || m > 59 || s > 60 || (whole && parts < 3))
		return false;
	*ns = ((h * 60 + m) * 60 + s) * NS + part;
	return true;
}

/* "", "Z", " UTC", "+02:00", "+0200", "-02": nanoseconds to take away. */
static bool zone(struct scan *in, int64_t *ns)
{
	int64_t h, m = 0;
	bool minus;

	*ns = 0;
	while (skip(in, ' '))
		;
	if (in->s == in->end || skip(in, 'Z'))
		return in->s == in->end;
	if (in->end - in->s == 3 && !memcmp(in->s, "UTC", 3))
		return true;
	minus = *in->s == '-';
	if (!skip(in, minus ? '-' : '+') || !number(in, 2, 2, &h))
		return false;
	skip(in, ':');
	if (in->s < in->end && !number(in, 2, 2, &m))
		return false;
	*ns = (h * 60 + m) * 60 * NS * (minus ? -1 : 1);
	return in->s == in->end && h <= 14 && m < 60;
}

bool absolute_time_parse(const uint8_t *s, uint32_t n, int64_t *ns)
{
	struct scan in = {s, s + n};
	int64_t day = 0, time = 0, away = 0;
	bool legacy = n && g_ascii_isalpha(*s);

	if (!(legacy ? month_date(&in, &day) : iso_date(&in, &day)))
		return false;
	if (in.s < in.end) {
		if (!legacy && !skip(&in, 'T') && !skip(&in, ' '))
			return false;
		if (!clock_time(&in, legacy, &time) || !zone(&in, &away))
			return false;
	} else if (legacy) {
		return false;
	}
	*ns = day * 86400 * NS + time - away;
	return true;
}

bool relative_time_parse(const uint8_t *s, uint32_t n, int64_t *ns)
{
	struct scan in = {s, s + n};
	int64_t whole, part;

	if (!number(&in, 1, 10, &whole) || !fraction(&in, &part) || in.s != in.end ||
	    whole > INT64_MAX / NS - 1)
		return false;
	*ns = whole * NS + part;
	return true;
}
