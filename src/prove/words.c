/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the words of a line: names, numbers, spans and times. */
#include "base/slips.h"
#include "clock/zone.h"
#include "prove/reading.h"

static struct bytes trim_blanks(struct bytes text)
{
    while (text.len > 0 && is_blank(*text.ptr))
        text = bytes_from(text, 1);
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

void skip_blanks(struct scan *scan)
{
    while (scan->rest.len > 0 && is_blank(*scan->rest.ptr))
        scan->rest = bytes_from(scan->rest, 1);
}

struct bytes peek_word(const struct scan *scan)
{
    struct scan ahead = *scan;
    size_t len = 0;
    skip_blanks(&ahead);
    while (len < ahead.rest.len && !is_blank(ahead.rest.ptr[len]))
        len++;
    return bytes_slice(ahead.rest, 0, len);
}

bool take_word(struct scan *scan, struct bytes *word)
{
    *word = peek_word(scan);
    size_t end = (size_t)(word->ptr + word->len - scan->rest.ptr);
    scan->rest = bytes_from(scan->rest, end);
    return word->len > 0;
}

bool take_this(struct scan *scan, struct bytes word)
{
    struct bytes next = peek_word(scan);
    return bytes_eq(next, word) && take_word(scan, &next);
}

bool take_name(struct scan *scan, struct bytes *name)
{
    skip_blanks(scan);
    if (scan->rest.len == 0 || *scan->rest.ptr != '"')
        return take_word(scan, name);
    ptrdiff_t end = bytes_chr(scan->rest, '"', 1);
    if (end < 0) {
        FAULT(scan->reader, scan->line, scan->rest, NO_HINT, B("the closing \" is missing"));
        scan->rest = bytes_from(scan->rest, scan->rest.len);
        return false;
    }
    *name = bytes_slice(scan->rest, 1, (size_t)end);
    scan->rest = bytes_from(scan->rest, (size_t)end + 1);
    return true;
}

struct bytes take_rest(struct scan *scan)
{
    skip_blanks(scan);
    struct bytes rest = scan->rest;
    scan->rest = bytes_from(rest, rest.len);
    if (rest.len > 0 && *rest.ptr == '|' && (rest.len == 1 || is_blank(rest.ptr[1])))
        return bytes_from(rest, rest.len == 1 ? 1 : 2);
    return trim_blanks(rest);
}

bool expect_end(struct scan *scan, struct bytes what)
{
    struct bytes rest = trim_blanks(scan->rest);
    if (rest.len > 0)
        FAULT(scan->reader, scan->line, rest, NO_HINT, B("unexpected text: "), what);
    return rest.len == 0;
}

struct bytes did_you_mean(struct reader *reader, struct bytes word, const struct bytes *known,
                          size_t count)
{
    char letters[40];
    struct bytes lower = bytes_make(letters, word.len < sizeof(letters) ? word.len : 0);
    const struct bytes *nearest = NULL;
    for (size_t i = 0; i < lower.len; i++)
        letters[i] = ascii_lower(word.ptr[i]);
    size_t least = lower.len == 0 ? 0 : slips_too_many(lower);
    for (size_t i = 0; i < count; i++)
        if (slips_fewer(lower, known[i], &least))
            nearest = &known[i];
    if (!nearest || (nearest->len < 4 && least + 1 >= nearest->len))
        return NO_HINT;
    return arena_cat(reader->arena, SLIPS_ASK_WORD(*nearest));
}

struct bytes hint_for_foreign(struct bytes word, const struct foreign *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_ieq(known[i].word, word))
            return known[i].hint;
    return NO_HINT;
}

/* -- Numbers and spans -- */

bool read_number(struct bytes word, int64_t *number)
{
    return word.len < 16 && bytes_uint(word, false, number);
}

static int64_t unit_of(char letter)
{
    switch (letter) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 86400;
    case 'w':
        return 7 * 86400;
    }
    return 0;
}

#define CENTURY (36525LL * 86400)

bool read_span(struct bytes word, int64_t *seconds)
{
    int64_t last = INT64_MAX;
    *seconds = 0;
    for (size_t i = 0; i < word.len;) {
        size_t from = i;
        int64_t number;
        while (i < word.len && is_digit(word.ptr[i]))
            i++;
        int64_t unit = i < word.len ? unit_of(word.ptr[i]) : 0;
        if (unit == 0 || unit >= last || !read_number(bytes_slice(word, from, i), &number) ||
            number > CENTURY / unit || *seconds + number * unit > CENTURY)
            return false;
        *seconds += number * unit;
        last = unit;
        i++;
    }
    return word.len > 0;
}

/* -- Times -- */

/* Digits: at least so many and at most so many of them. */
static bool digits(struct bytes *text, size_t least, size_t most, int *number)
{
    size_t len = 0;
    *number = 0;
    for (; len < text->len && len < most && is_digit(text->ptr[len]); len++)
        *number = *number * 10 + (text->ptr[len] - '0');
    *text = bytes_from(*text, len);
    return len >= least;
}

static bool sign(struct bytes *text, char c)
{
    if (text->len == 0 || *text->ptr != c)
        return false;
    *text = bytes_from(*text, 1);
    return true;
}

/* 08:00[:00], all of the text. */
static bool read_clock(struct bytes text, int64_t *second)
{
    int hour, minute, seconds = 0;
    if (!digits(&text, 1, 2, &hour) || !sign(&text, ':') || !digits(&text, 2, 2, &minute) ||
        (sign(&text, ':') && !digits(&text, 2, 2, &seconds)))
        return false;
    *second = hour * 3600 + minute * 60 + seconds;
    return text.len == 0 && hour < 24 && minute < 60 && seconds < 60;
}

/* 2024-01-31 at its start; false: no such form.  *days: INT64_MIN if no calendar has it. */
static bool read_date(struct bytes *text, int64_t *days)
{
    int year, month, day;
    if (!digits(text, 4, 4, &year) || !sign(text, '-') || !digits(text, 2, 2, &month) ||
        !sign(text, '-') || !digits(text, 2, 2, &day))
        return false;
    bool is_one = year >= 1970 && year < 2200 && month >= 1 && month <= 12 && day >= 1 &&
                  day <= days_in_month(year, month);
    *days = is_one ? days_of_date(year, month, day) : INT64_MIN;
    return true;
}

static enum taken bad_time(struct scan *scan, struct bytes word)
{
    FAULT(scan->reader, scan->line, word, bytes_starts(word, B("+")) ? SPAN_FORM : TIME_FORM,
          B("'"), word, B("' is not a time"));
    return TAKEN_BAD;
}

static bool check_day(struct scan *scan, struct bytes word, int64_t days)
{
    if (days == INT64_MIN)
        FAULT(scan->reader, scan->line, word, NO_HINT, B("there is no such day: "), word);
    return days != INT64_MIN;
}

static enum taken take_date(struct scan *scan, struct bytes word, struct test_time *time)
{
    struct bytes rest = word, clock;
    int64_t days, second;
    if (!read_date(&rest, &days))
        return bad_time(scan, word);
    if (!check_day(scan, word, days))
        return TAKEN_BAD;
    if (!sign(&rest, 'T') && rest.len > 0)
        return bad_time(scan, word);
    if (rest.len > 0)
        clock = rest;
    else if (!take_word(scan, &clock)) {
        FAULT(scan->reader, scan->line, word, TIME_FORM, B("a time of day is missing"));
        return TAKEN_BAD;
    }
    if (!read_clock(clock, &second))
        return bad_time(scan, clock);
    *time = (struct test_time){TEST_TIME_DATE, days * 86400 + second};
    return TAKEN;
}

/* What is meant to be a time begins so: "+1", "8:0", "08:0", "2024-". */
static bool begins_time(struct bytes word)
{
    size_t i = 0;
    if (word.len > 1 && *word.ptr == '+' && is_digit(word.ptr[1]))
        return true;
    while (i < word.len && is_digit(word.ptr[i]))
        i++;
    bool next_digit = i + 1 < word.len && is_digit(word.ptr[i + 1]);
    return next_digit &&
           ((i >= 1 && i <= 2 && word.ptr[i] == ':') || (i == 4 && word.ptr[i] == '-'));
}

enum taken take_time(struct scan *scan, struct test_time *time)
{
    struct bytes word = peek_word(scan);
    int64_t seconds;
    if (!begins_time(word))
        return TAKEN_NONE;
    take_word(scan, &word);
    if (*word.ptr == '+') {
        if (!read_span(bytes_from(word, 1), &seconds))
            return bad_time(scan, word);
        *time = (struct test_time){TEST_TIME_AFTER, seconds};
    } else if (bytes_chr(word, '-', 0) == 4) {
        return take_date(scan, word, time);
    } else {
        if (!read_clock(word, &seconds))
            return bad_time(scan, word);
        *time = (struct test_time){TEST_TIME_CLOCK, seconds};
    }
    return TAKEN;
}

/* 0 is Sunday; -1: it is none. */
static int weekday_of(struct bytes word)
{
    static const struct bytes names[] = {B("sunday"),   B("monday"), B("tuesday"), B("wednesday"),
                                         B("thursday"), B("friday"), B("saturday")};
    for (int i = 0; i < 7; i++)
        if (bytes_ieq(word, names[i]) || bytes_ieq(word, bytes_slice(names[i], 0, 3)))
            return i;
    return -1;
}

static bool check_weekday(struct scan *scan, struct bytes word, int64_t days)
{
    static const char names[7][10] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                      "Thursday", "Friday", "Saturday"};
    struct bytes is = bytes_of(names[weekday_of_days(days)]);
    if (word.len == 0 || weekday_of(word) == weekday_of_days(days))
        return true;
    FAULT(scan->reader, scan->line, word, NO_HINT, B("that day is a "), is);
    return false;
}

bool take_start(struct scan *scan, int64_t *second)
{
    struct bytes weekday = B(""), word, clock;
    int64_t days, of_day = 0;
    if (weekday_of(peek_word(scan)) >= 0)
        take_word(scan, &weekday);
    take_word(scan, &word);
    struct bytes rest = word;
    if (!read_date(&rest, &days) || (rest.len > 0 && *rest.ptr != 'T')) {
        FAULT(scan->reader, scan->line, word, B("like Wed 2024-01-31 08:00"),
              B("a date is expected here"));
        return false;
    }
    if (!check_day(scan, word, days))
        return false;
    if (weekday_of(peek_word(scan)) >= 0)
        take_word(scan, &weekday);
    if (rest.len > 0)
        clock = bytes_from(rest, 1);
    else
        take_word(scan, &clock);
    if (clock.len > 0 && !read_clock(clock, &of_day))
        return bad_time(scan, clock) == TAKEN;
    *second = days * 86400 + of_day;
    return check_weekday(scan, weekday, days) && expect_end(scan, B("nothing follows the time"));
}
