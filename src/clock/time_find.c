/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the time in a line: at its start, after what may come before it there, in an object's key,
 * in audit(...), in brackets, else at the start of any word.
 *
 * A line may mention some time in its text without having one of its own.  So an input whose lines
 * begin with their times is not searched any further. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "clock/time_find.h"

#include <pcre2.h>

enum { FURTHEST = 1024 }; /* bytes of a line that are searched */

struct time_find {
    const struct time_search *search;
    struct time_habits *habits;
    struct bytes line;
    struct time_fields *fields;
    size_t form;
    bool impossible; /* some form fits, but no calendar has that time */
    bool gave_up;    /* --time-regex took too long */
};

static bool try_form(struct time_find *find, const struct time_form *form, size_t number, size_t at)
{
    if (!time_form_may_begin(form, find->line.ptr[at]) ||
        !time_form_match(form, find->search->zone, find->line, at, find->fields))
        return false;
    if (!time_fields_ok(find->fields)) {
        find->impossible = true;
        return false;
    }
    find->form = number;
    return true;
}

static bool try_known(struct time_find *find, size_t at, enum form_place place)
{
    size_t count;
    const struct known_form *known = time_forms_known(&count);
    const struct time_habits *habits = find->habits;
    if (habits->known && !known[habits->form].begins_other && known[habits->form].place <= place &&
        try_form(find, known[habits->form].form, habits->form, at))
        return true;
    for (uint64_t left = time_forms_beginning(find->line.ptr[at]); left; left &= left - 1) {
        size_t i = (size_t)__builtin_ctzll(left);
        if (known[i].place > place || (known[i].weak && habits->dated))
            continue;
        if (try_form(find, known[i].form, i, at))
            return true;
    }
    return false;
}

/* The forms that may be there, at one place. */
static bool try_at(struct time_find *find, size_t at, enum form_place place)
{
    const struct time_search *search = find->search;
    if (at >= find->line.len)
        return false;
    if (search->own_count == 0)
        return try_known(find, at, place);
    for (size_t i = 0; i < search->own_count; i++) {
        if (try_form(find, search->own[i], i, at))
            return true;
    }
    return false;
}

size_t after_priority(struct bytes line)
{
    size_t at = 1;
    if (line.len < 3 || *line.ptr != '<')
        return 0;
    while (at < line.len && at < 4 && is_digit(line.ptr[at]))
        at++;
    return at > 1 && at < line.len && line.ptr[at] == '>' ? at + 1 : 0;
}

/* "1 " of RFC 5424, "000123: " of Cisco, "time=".  A number that some other key has may be any. */
static size_t after_word(struct bytes line, size_t at, enum form_place *place)
{
    size_t end = at;
    while (end < line.len && end - at < 16 && is_digit(line.ptr[end]))
        end++;
    if (end == at + 1 && end + 1 < line.len && line.ptr[end] == ' ')
        return end + 1;
    if (end > at && end + 2 < line.len && line.ptr[end] == ':' && line.ptr[end + 1] == ' ')
        return end + 2;
    for (end = at; end < line.len && end - at < 24 && is_word(line.ptr[end]);)
        end++;
    if (end == at || end == line.len || line.ptr[end] != '=')
        return at;
    if (!is_time_key(bytes_slice(line, at, end)))
        *place = FORM_FREE;
    return end + 1;
}

static bool find_at_start(struct time_find *find)
{
    struct bytes line = find->line;
    size_t at = after_priority(line);
    if (try_at(find, at, FORM_START))
        return true;
    enum form_place place = FORM_START;
    size_t further = after_word(line, at, &place);
    if (further > at && try_at(find, further, place))
        return true;
    at = further;
    for (int i = 0; i < 4 && at < line.len && strchr(" \t[(*.\"'|{#", line.ptr[at]); i++) {
        if (line.ptr[at] == '\0')
            break;
        if (try_at(find, ++at, place))
            return true;
    }
    return false;
}

/* A value, as if the line ended with it. */
static bool try_value(struct time_find *find, struct bytes value)
{
    struct bytes whole = find->line;
    size_t at = (size_t)(value.ptr - whole.ptr);
    if (value.len == 0)
        return false;
    find->line = bytes_slice(whole, 0, at + value.len);
    bool found = try_at(find, at, FORM_START);
    find->line = whole;
    return found;
}

/* A time may be an object itself, as Log4j's and MongoDB's are. */
static bool find_in_object(struct time_find *find, struct bytes object, bool within)
{
    struct bytes values[JSON_TIMES];
    size_t count = json_times(object, values);
    for (size_t i = 0; i < count; i++) {
        bool is_object = !within && values[i].len > 0 && *values[i].ptr == '{';
        if (is_object ? find_in_object(find, values[i], true) : try_value(find, values[i]))
            return true;
    }
    return false;
}

/* audit(1700000000.123:7), audit(27/11/2026 10:20:30.123:7) */
static bool find_audit(struct time_find *find)
{
    struct bytes line = find->line;
    ptrdiff_t at = bytes_chr(line, '(', 0);
    if (at < 5 || memcmp(line.ptr + at - 5, "audit", 5) != 0)
        return false;
    ptrdiff_t end = bytes_chr(line, ')', (size_t)at);
    size_t colon = end < 0 ? line.len : (size_t)end;
    while (colon > (size_t)at + 1 && line.ptr[--colon] != ':')
        ;
    return try_value(find, bytes_slice(line, (size_t)at + 1, colon));
}

/* What web servers put in brackets. */
static bool find_in_brackets(struct time_find *find)
{
    ptrdiff_t at = bytes_chr(find->line, '[', 0);
    return at >= 0 && at < FURTHEST && try_at(find, (size_t)at + 1, FORM_FREE);
}

static bool find_anywhere(struct time_find *find)
{
    struct bytes line = find->line;
    size_t end = line.len < FURTHEST ? line.len : FURTHEST;
    for (size_t at = 1; at < end; at++) {
        char before = line.ptr[at - 1];
        if (is_word(before) || (unsigned char)before > 0x7f || !is_word(line.ptr[at]) ||
            strchr(".-/+", before) || (before == ':' && (at < 2 || !is_alpha(line.ptr[at - 2]))))
            continue;
        if (try_at(find, at, FORM_FREE))
            return true;
    }
    return false;
}

static bool find_by_regex(struct time_find *find)
{
    const struct time_search *search = find->search;
    struct bytes line = find->line;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(search->match);
    int count = pcre2_match(search->regex, (PCRE2_SPTR)line.ptr, line.len, 0, 0, search->match,
                            search->limit);
    find->gave_up = count < PCRE2_ERROR_PARTIAL;
    if (count <= (int)search->group)
        return false;
    size_t from = ends[2 * search->group], to = ends[2 * search->group + 1];
    /* \K in a lookahead can end a match before its start. */
    return from != PCRE2_UNSET && from <= to && to <= line.len &&
           try_value(find, bytes_slice(line, from, to));
}

static bool find_any(struct time_find *find)
{
    struct time_habits *habits = find->habits;
    if (find->line.len == 0)
        return false;
    if (find->search->regex)
        return find_by_regex(find);
    if (*find->line.ptr == '{' && find_in_object(find, find->line, false))
        return true;
    if (habits->audit && find_audit(find))
        return true;
    if (find_at_start(find)) {
        find->fields->at_start = habits->at_start = true;
        return true;
    }
    habits->audit = find_audit(find);
    return habits->audit || find_in_brackets(find) ||
           ((!habits->at_start || find->search->own_count > 0) && find_anywhere(find));
}

/* IIS and others that write the W3C's extended format do so in UTC, but for the firewall of
 * Windows, which says "Local". */
static void learn_head(struct time_habits *habits, struct bytes line)
{
    if (bytes_starts(line, B("#Version: ")))
        habits->utc = true;
    else if (bytes_starts(line, B("#Time Format: Local")))
        habits->utc = false;
}

enum time_found time_find(const struct time_search *search, struct time_habits *habits,
                          struct bytes line, struct time_fields *fields, size_t *form)
{
    struct time_find find = {search, habits, line, fields, 0, false, false};
    if (line.len > 0 && *line.ptr == '#')
        learn_head(habits, line);
    if (!find_any(&find))
        return find.gave_up ? FOUND_GAVE_UP : find.impossible ? FOUND_IMPOSSIBLE : FOUND_NONE;
    if (habits->utc && !fields->named)
        fields->has_offset = true;
    *form = habits->form = find.form;
    habits->known = search->own_count == 0;
    habits->dated =
        habits->dated || (search->own_count == 0 && !(fields->has_uptime) &&
                          (fields->month != -1 || fields->has_epoch || fields->pair[0] != -1));
    return FOUND;
}
