/*
 * entity.c - character references; see entity.h.
 *
 * Names are looked up by narrowing: the rows that begin with the letters
 * read so far are one stretch of the sorted table, and each letter cuts that
 * stretch down.  The longest name passed on the way is the answer.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "entity.h"

#include "entity_data.h"

/* What a number from 0x80 to 0x9F stands for; 0: itself (13.2.5.80). */
static const uint16_t html_entity_c1[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
	0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178
};

static int
html_entity_is_letter(char c)
{
	return (unsigned)(unsigned char)c - 'A' < 26u ||
	    (unsigned)(unsigned char)c - 'a' < 26u;
}

/* The value of a digit, or 16 or more when it is none of that base. */
static uint32_t
html_entity_digit(char c, uint32_t base)
{
	uint32_t digit = (uint32_t)(unsigned char)c - '0';

	if (digit < 10)
		return digit;
	digit = ((uint32_t)(unsigned char)c | 0x20) - 'a';
	return base == 16 && digit < 6 ? digit + 10 : 16;
}

/* The code point for a number, with the standard's replacements. */
static uint32_t
html_entity_code(uint32_t number)
{
	if (number == 0 || number > 0x10FFFF ||
	    (number >= 0xD800 && number < 0xE000))
		return 0xFFFD;
	if (number >= 0x80 && number < 0xA0 &&
	    html_entity_c1[number - 0x80] != 0)
		return html_entity_c1[number - 0x80];
	return number;
}

/* "#" and digits. */
static size_t
html_entity_number(struct html_entity *entity, const char *at, size_t len)
{
	uint32_t base = 10, number = 0, digit;
	size_t i = 1, digits;

	if (i < len && (at[i] == 'x' || at[i] == 'X')) {
		base = 16;
		i++;
	}
	for (digits = i; i < len; i++) {
		digit = html_entity_digit(at[i], base);
		if (digit >= base)
			break;
		if (number <= 0x10FFFF)
			number = number * base + digit;
	}
	if (i == digits)
		return 0;
	entity->first = html_entity_code(number);
	entity->second = 0;
	return i < len && at[i] == ';' ? i + 1 : i;
}

/*
 * The first row of [row, end) whose letter i is c or (past) beyond it;
 * `names` are those that begin with the same letter.
 */
static size_t
html_entity_bound(const char *names, size_t row, size_t end, size_t i,
    unsigned char c, int past)
{
	size_t middle;
	unsigned char got;

	while (row < end) {
		middle = row + (end - row) / 2;
		got = (unsigned char)names[html_entity_rows[middle].name + i];
		if (got < c || (past && got == c))
			row = middle + 1;
		else
			end = middle;
	}
	return row;
}

/* The longest name that the bytes begin with. */
static size_t
html_entity_named(struct html_entity *entity, const char *at, size_t len)
{
	const char *names = html_entity_names[at[0] - 'A'];
	size_t row, end, i, used = 0;
	unsigned char c;

	row = html_entity_first[at[0] - 'A'];
	end = html_entity_first[at[0] - 'A' + 1];
	for (i = 1; i < len && row < end && at[i] != '\0'; i++) {
		c = (unsigned char)at[i];
		row = html_entity_bound(names, row, end, i, c, 0);
		end = html_entity_bound(names, row, end, i, c, 1);
		/* The shortest of a stretch comes first. */
		if (row < end &&
		    names[html_entity_rows[row].name + i + 1] == '\0') {
			entity->first = html_entity_rows[row].first;
			entity->second = html_entity_rows[row].second;
			used = i + 1;
		}
	}
	return used;
}

size_t
html_entity_read(struct html_entity *entity, const char *at, size_t len,
    int in_value)
{
	size_t used;
	char next;

	if (len > 0 && at[0] == '#')
		return html_entity_number(entity, at, len);
	if (len == 0 || !html_entity_is_letter(at[0]))
		return 0;
	used = html_entity_named(entity, at, len);
	if (used == 0 || !in_value || at[used - 1] == ';' || used == len)
		return used;
	next = at[used];
	if (next == '=' || html_entity_is_letter(next) ||
	    html_entity_digit(next, 10) < 10)
		return 0;
	return used;
}
