/*
 * date.c - dates are read as RFC 6265, section 5.1.1, reads those of
 * cookies: word by word, each known by its looks.  That covers the three
 * forms of RFC 9110, section 5.6.7, in one go.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "date.h"

#include <string.h>

/* What was found of a date; -1 where nothing was. */
struct http_date {
	int year, month, day;		/* month 0 to 11 */
	int64_t seconds;		/* of the day */
};

/* A number of `len` digits, at most `most` of them; else -1. */
static int
http_date_number(const char *at, size_t len, size_t most)
{
	int value = 0;

	if (len == 0 || len > most)
		return -1;
	for (; len > 0; at++, len--) {
		if (*at < '0' || *at > '9')
			return -1;
		value = value * 10 + (*at - '0');
	}
	return value;
}

/* "08:49:37" as seconds, or -1. */
static int64_t
http_date_time(const char *at)
{
	int hour = http_date_number(at, 2, 2);
	int minute = http_date_number(at + 3, 2, 2);
	int second = http_date_number(at + 6, 2, 2);

	if (at[5] != ':' || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 60)
		return -1;
	return hour * 3600 + minute * 60 + second;
}

/* 0 to 11 for a month's short name, else -1. */
static int
http_date_month(const char *at)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(at, names + i * 3, 3) == 0)
			return i;
	return -1;
}

/* Takes one word for what it looks like; others are passed over. */
static void
http_date_word(struct http_date *d, const char *at, size_t len)
{
	int number = http_date_number(at, len, 4);

	if (len == 8 && at[2] == ':')
		d->seconds = http_date_time(at);
	else if (len == 3 && http_date_month(at) >= 0)
		d->month = http_date_month(at);
	else if (number >= 0 && d->day < 0)
		d->day = len <= 2 ? number : 0;
	else if (number >= 0 && len >= 2)
		d->year = len > 2 ? number : number + (number < 70 ? 2000 :
		    1900);
}

/* How many leap days the years 1 to `year` have. */
static int
http_date_leap_days(int year)
{
	return year / 4 - year / 100 + year / 400;
}

/* Days from 1970-01-01 to this one; month 0 to 11. */
static int64_t
http_date_days(int year, int month, int day)
{
	/* Days of a year without a leap day that come before each month. */
	static const int before[12] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
	};
	/* The leap day of this year counts from March on. */
	int leap_days = http_date_leap_days(month < 2 ? year - 1 : year) -
	    http_date_leap_days(1969);

	return (year - 1970) * 365 + leap_days + before[month] + day - 1;
}

/* How many days a month has; month 0 to 11. */
static int
http_date_month_len(int year, int month)
{
	static const int len[12] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	return len[month] + (month == 1 && http_date_leap_days(year) !=
	    http_date_leap_days(year - 1));
}

int64_t
http_date_parse(const char *at, size_t len)
{
	struct http_date d = { -1, -1, -1, -1 };

	while (len > 0) {
		size_t n = 0;

		while (n < len && memchr(" ,-", at[n], 3) == NULL)
			n++;
		if (n > 0)
			http_date_word(&d, at, n);
		n += n < len;
		at += n;
		len -= n;
	}
	if (d.year < 1970 || d.month < 0 || d.day < 1 || d.seconds < 0 ||
	    d.day > http_date_month_len(d.year, d.month))
		return -1;
	return http_date_days(d.year, d.month, d.day) * 86400 + d.seconds;
}

int64_t
http_date_retry_after(const char *at, size_t len, int64_t now)
{
	int64_t when = http_date_number(at, len, 9);

	if (when >= 0)
		return when;
	when = http_date_parse(at, len);
	if (when < 0)
		return -1;
	return when > now ? when - now : 0;
}
