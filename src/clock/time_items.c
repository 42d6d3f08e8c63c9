/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of a form of time: numbers, names, fractions, zones, epochs. */
#include "clock/time_items.h"

#define YEAR_2100 4102444800LL

/* Up to `most` digits; false if there are less than `least`. */
static bool digits(struct reading *r, size_t least, size_t most, int *value)
{
    size_t count = 0;
    int number = 0;
    while (count < most && is_digit(peek(r, count)))
        number = number * 10 + (peek(r, count++) - '0');
    if (count < least)
        return false;
    r->at += count;
    *value = number;
    return true;
}

bool read_digits(struct reading *r, const struct item *item, size_t width, int *value)
{
    if (!r->strict) {
        while (is_space(peek(r, 0)))
            r->at++;
        return digits(r, 1, width, value);
    }
    if (item->width == PADDED && peek(r, 0) == ' ') {
        r->at++;
        return digits(r, width - 1, width - 1, value);
    }
    return digits(r, item->width == WIDE ? width : 1, width, value);
}

/* Months and weekdays, in short or in full. */
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};

static size_t same_letters(const struct reading *r, const char *word)
{
    size_t len = 0;
    while (word[len] && (peek(r, len) | 0x20) == (word[len] | 0x20))
        len++;
    return len;
}

static bool read_name_of(struct reading *r, const char *const *names, int count, int *value)
{
    if (!is_alpha(peek(r, 0)))
        return false;
    for (int i = 0; i < count; i++) {
        size_t len = same_letters(r, names[i]);
        if (len < 3)
            continue;
        if (names[i][len])
            len = 3;
        if (is_alpha(peek(r, len)))
            return false;
        r->at += len;
        *value = i;
        return true;
    }
    return false;
}

bool read_month(struct reading *r)
{
    int month;
    if (!read_name_of(r, months, 12, &month))
        return false;
    r->fields->month = month + 1;
    return true;
}

bool read_day(struct reading *r)
{
    return read_name_of(r, days, 7, &r->fields->weekday);
}

bool read_weekday(struct reading *r)
{
    if (!read_day(r))
        return true;
    if (peek(r, 0) == ',')
        r->at++;
    if (peek(r, 0) != ' ')
        return false;
    while (peek(r, 0) == ' ')
        r->at++;
    return true;
}

/* Digits after the point, cut off at nanoseconds. */
void read_fraction(struct reading *r)
{
    int value = 0, count = 0;
    for (; is_digit(peek(r, 0)); r->at++) {
        if (count < 9) {
            value = value * 10 + (peek(r, 0) - '0');
            count++;
        }
    }
    while (count++ < 9)
        value *= 10;
    r->fields->nanoseconds = value;
    r->fields->fraction_end = r->at;
}

void read_optional_fraction(struct reading *r)
{
    char point = peek(r, 0);
    r->fields->may_have_fraction = true;
    if ((point == '.' || point == ',' || point == ':') && is_digit(peek(r, 1))) {
        r->at++;
        read_fraction(r);
    }
}

/* Z, +hh, +hhmm, +hh:mm */
bool read_offset(struct reading *r)
{
    struct reading ahead = *r;
    char sign = peek(r, 0);
    int hours, minutes = 0;
    if (sign == 'Z' || sign == 'z') {
        ahead.at++;
        if (is_word(peek(&ahead, 0)))
            return false;
        hours = 0;
    } else {
        ahead.at++;
        if ((sign != '+' && sign != '-') || !digits(&ahead, 2, 2, &hours))
            return false;
        if (peek(&ahead, 0) == ':' && is_digit(peek(&ahead, 1)))
            ahead.at++;
        digits(&ahead, 2, 2, &minutes);
        if (is_digit(peek(&ahead, 0)) || hours > 24 || minutes > 59)
            return false;
    }
    r->at = ahead.at;
    r->fields->has_offset = true;
    r->fields->offset = (sign == '-' ? -60 : 60) * (hours * 60 + minutes);
    return true;
}

static bool word(struct reading *r)
{
    size_t len = 0;
    while (len < 6 && peek(r, len) >= 'A' && peek(r, len) <= 'Z')
        len++;
    if (len < 2 || is_word(peek(r, len)) ||
        !zone_word(r->zone, bytes_slice(r->line, r->at, r->at + len), &r->fields->offset))
        return false;
    r->fields->word = bytes_slice(r->line, r->at, r->at + len);
    r->at += len;
    r->fields->has_offset = true;
    return true;
}

/* Europe/Berlin], as PHP writes it. */
static bool read_zone_name(struct reading *r)
{
    size_t len = 0;
    bool slash = false;
    for (; is_word(peek(r, len)) || (len > 0 && strchr("/+-", peek(r, len))); len++) {
        if (peek(r, len) == '\0')
            return false;
        slash = slash || peek(r, len) == '/';
    }
    if (!slash || peek(r, len) != ']')
        return false;
    r->fields->named = zone_named(bytes_slice(r->line, r->at, r->at + len));
    r->at += len;
    return r->fields->named != NULL;
}

/* Names of zones begin with a capital, as words do. */
static bool may_begin_zone(char c)
{
    return c == '+' || c == '-' || c == 'z' || (c >= 'A' && c <= 'Z');
}

void read_optional_zone(struct reading *r)
{
    struct reading ahead = *r;
    if (peek(&ahead, 0) == ' ')
        ahead.at++;
    r->fields->lacks_zone = true;
    if (!may_begin_zone(peek(&ahead, 0)) ||
        !(read_offset(&ahead) || word(&ahead) || read_zone_name(&ahead)))
        return;
    r->fields->lacks_zone = false;
    r->at = ahead.at;
}

/* strptime's %Z, which reads a name and makes nothing of it: one that is known counts here, and so
 * do the offsets that many zones have for a name. */
bool read_zone_word(struct reading *r)
{
    if (word(r) || read_offset(r))
        return true;
    size_t len = 0;
    while (is_alpha(peek(r, len)))
        len++;
    r->at += len;
    return len > 0;
}

/* AM, pm, a.m. */
bool read_half(struct reading *r)
{
    char half = (char)(peek(r, 0) | 0x20);
    bool points = peek(r, 1) == '.' && peek(r, 3) == '.';
    size_t len = points ? 4 : 2;
    if ((half != 'a' && half != 'p') || (peek(r, points ? 2 : 1) | 0x20) != 'm' ||
        is_word(peek(r, len)))
        return false;
    r->fields->afternoon = half == 'p';
    r->at += len;
    return true;
}

void read_optional_half(struct reading *r)
{
    struct reading ahead = *r;
    if (peek(&ahead, 0) == ' ')
        ahead.at++;
    else if ((unsigned char)peek(&ahead, 0) == 0xe2 && (unsigned char)peek(&ahead, 1) == 0x80 &&
             (unsigned char)peek(&ahead, 2) == 0xaf)
        ahead.at += 3; /* U+202F, which newer Java and browsers write before AM and PM */
    if (read_half(&ahead))
        r->at = ahead.at;
}

bool time_goes_on(const struct zone *zone, struct bytes line, size_t at)
{
    size_t first = at < line.len && line.ptr[at] == ' ' ? at + 1 : at;
    char c = first < line.len ? line.ptr[first] : '\0';
    if (!may_begin_zone(c) && c != 'a' && c != 'p')
        return false;
    struct time_fields fields = {0};
    struct reading r = {line, at, zone, true, &fields};
    read_optional_half(&r);
    read_optional_zone(&r);
    return r.at > at;
}

/* 10, 13, 16 or 19 digits: seconds, milli-, micro-, nanoseconds of the years 2001 to 2099; later
 * ones are telephone numbers and the like. */
bool read_epoch(struct reading *r)
{
    size_t count = 0;
    int64_t value = 0;
    for (; count < 20 && is_digit(peek(r, count)); count++) {
        if (count < 19)
            value = (int64_t)((uint64_t)value * 10 + (uint64_t)(peek(r, count) - '0'));
    }
    if ((count != 10 && count != 13 && count != 16 && count != 19) || value < 0 ||
        peek(r, 0) == '0')
        return false;
    int64_t unit = count == 10 ? 1 : count == 13 ? 1000 : count == 16 ? 1000000 : 1000000000;
    r->at += count;
    r->fields->whole = value / unit;
    r->fields->nanoseconds = (int)(value % unit * (1000000000 / unit));
    r->fields->has_epoch = r->fields->has_offset = true;
    if (count == 10)
        read_optional_fraction(r);
    char next = peek(r, 0);
    bool in_text = is_word(next) || (next != '\0' && strchr("-/[(@+%", next)) ||
                   (next == '.' && is_digit(peek(r, 1)));
    return !in_text && r->fields->whole < YEAR_2100;
}

bool read_seconds_since_epoch(struct reading *r)
{
    int64_t value = 0;
    size_t count = 0;
    for (; count < 12 && is_digit(peek(r, count)); count++)
        value = value * 10 + (peek(r, count) - '0');
    r->at += count;
    r->fields->whole = value;
    r->fields->has_epoch = r->fields->has_offset = true;
    return count > 0;
}

/* Less than ten digits: more are an epoch. */
bool read_uptime(struct reading *r)
{
    while (peek(r, 0) == ' ')
        r->at++;
    if (!read_seconds_since_epoch(r) || peek(r, 0) != '.' || !is_digit(peek(r, 1)) ||
        r->fields->whole > 999999999)
        return false;
    r->fields->has_epoch = r->fields->has_offset = false;
    r->fields->has_uptime = true;
    r->at++;
    read_fraction(r);
    return true;
}

static bool hexadecimal(struct reading *r, int count, uint64_t *value)
{
    for (*value = 0; count > 0; count--, r->at++) {
        char c = peek(r, 0);
        if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
        *value = *value * 16 + (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* As multilog writes it: ten seconds off from UTC, whatever leap seconds there have been. */
bool read_tai(struct reading *r)
{
    uint64_t seconds, nanoseconds;
    const uint64_t zero = 0x4000000000000000u + 10;
    if (!hexadecimal(r, 16, &seconds) || !hexadecimal(r, 8, &nanoseconds) || seconds < zero ||
        seconds - zero > UINT32_MAX * 60ull || nanoseconds > 999999999)
        return false;
    r->fields->whole = (int64_t)(seconds - zero);
    r->fields->nanoseconds = (int)nanoseconds;
    r->fields->has_epoch = r->fields->has_offset = true;
    return true;
}

bool read_pair(struct reading *r, char between)
{
    if (!digits(r, 1, 2, &r->fields->pair[0]) || peek(r, 0) != between)
        return false;
    r->at++;
    return digits(r, 1, 2, &r->fields->pair[1]);
}

/* Between a date and a time. */
bool read_gap(struct reading *r)
{
    char c = peek(r, 0);
    if (c == '\0' || !strchr("Tt \t_,;", c))
        return false;
    for (r->at++; peek(r, 0) == ' ';)
        r->at++;
    return true;
}

bool read_short_year(struct reading *r, const struct item *item)
{
    int year;
    if (!read_digits(r, item, 2, &year))
        return false;
    int century = r->fields->century != -1 ? r->fields->century : year < 69 ? 20 : 19;
    r->fields->year = century * 100 + year;
    return true;
}

bool read_seconds(struct reading *r, const struct item *item)
{
    size_t at = r->at;
    if (!read_digits(r, item, 2, &r->fields->second))
        return false;
    r->fields->seconds_at = r->at == at + 2 && is_digit(r->line.ptr[at]) ? at : 0;
    r->fields->fraction_end = r->at;
    return true;
}
