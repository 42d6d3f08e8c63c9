/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for values: words that can be chosen from, numbers, times, variable maps. */
#include "hint/hint.h"
#include "lint/look_alikes.h"

/* -- Words -- */

/* "continue2" belongs to the second pattern. */
static bool is_keyword(const struct hint *hint, struct bytes name)
{
    struct bytes head = hint->name;
    while (head.len > 0 && is_digit(head.ptr[head.len - 1]))
        head.len--;
    return bytes_eq(head, name);
}

static void say_continue(const struct hint *hint)
{
    struct bytes rest = hint->at, word = B("");
    bytes_word(&rest, &word);
    if (bytes_ieq(word, B("goto"))) {
        hint_say(hint, B("GoTo needs the label of a rule: continue=GoTo LABEL"));
        return;
    }
    struct nearest nearest = nearest_to(rest.len > 0 ? word : hint->at);
    nearest_try(&nearest, B("TakeNext"));
    nearest_try(&nearest, B("DontCont"));
    nearest_try(&nearest, B("EndMatch"));
    nearest_try(&nearest, B("GoTo"));
    if (!hint_nearest(hint, &nearest))
        hint_say(hint,
                 B("it must be TakeNext (the line goes on to the next rule), DontCont (it does "
                   "not), EndMatch or GoTo LABEL"));
}

/* -- Numbers -- */

/* "5m", "2 hours" */
static int64_t seconds_of(struct bytes text)
{
    static const struct {
        char unit;
        int seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    size_t digits = 0;
    int64_t number;
    while (digits < text.len && is_digit(text.ptr[digits]))
        digits++;
    struct bytes unit = bytes_trim(bytes_from(text, digits));
    if (!bytes_uint(bytes_slice(text, 0, digits), false, &number) || number > 100000)
        return 0;
    for (size_t i = 0; unit.len > 0 && i < sizeof(units) / sizeof(*units); i++)
        if (ascii_lower(*unit.ptr) == units[i].unit)
            return number * units[i].seconds;
    return 0;
}

static void say_number(const struct hint *hint, bool time)
{
    int64_t number, seconds = time ? seconds_of(hint->at) : 0;
    if (seconds > 0) {
        hint_say(hint, B("write it in seconds: "), NUM(seconds));
        lint_fix(hint->lint, hint->finding, hint->at, arena_cat(&hint->lint->arena, NUM(seconds)));
    } else if (bytes_uint(hint->at, false, &number)) {
        hint_say(hint, time ? B("it must be at least 1 second") : B("it must be at least 1"));
    } else {
        hint_say(hint,
                 time ? B("it must be a whole number of seconds") : B("it must be a whole number"));
    }
}

void hint_value(const struct hint *hint)
{
    if (is_keyword(hint, B("continue")))
        say_continue(hint);
    else if (is_keyword(hint, B("window")))
        say_number(hint, true);
    else if (is_keyword(hint, B("thresh")))
        say_number(hint, false);
    else
        hint_say(hint, B("it must be Yes or No"));
}

/* -- Times -- */

static const struct {
    const char *name, *time;
} nicknames[] = {
    {"@hourly", "0 * * * *"},   {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
    {"@weekly", "0 0 * * 0"},   {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
};

/* What each list may have; the message names the list. */
static const struct {
    const char *list, *limits;
} lists[] = {
    {"Invalid minute", "minutes are 0-59"},
    {"Invalid hour", "hours are 0-23"},
    {"Invalid day", "days are 1-31; 0 is the last day of the month"},
    {"Invalid month", "months are 1-12"},
    {"Invalid weekday", "weekdays are 0-7; 0 and 7 are Sunday"},
    {"Invalid year", "years are 0-99, without the century"},
};

/* The number of a month or weekday that is given by name; -1: it is none. */
static int named(struct bytes text)
{
    static const char names[] = "SunMonTueWedThuFriSatJanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; text.len >= 3 && i < 19; i++)
        if (bytes_ieq(bytes_slice(text, 0, 3), bytes_make(names + 3 * i, 3)))
            return i < 7 ? i : i - 6;
    return -1;
}

void hint_time(const struct hint *hint)
{
    for (size_t i = 0; i < sizeof(nicknames) / sizeof(*nicknames); i++) {
        if (!bytes_ieq(hint->at, bytes_of(nicknames[i].name)))
            continue;
        hint_say(hint, B("write it as "), bytes_of(nicknames[i].time));
        lint_fix(hint->lint, hint->finding, hint->at, bytes_of(nicknames[i].time));
        return;
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        if (!bytes_starts(hint->message, bytes_of(lists[i].list)))
            continue;
        if (named(hint->at) >= 0)
            hint_say(hint, bytes_of(lists[i].limits), B("; names are not allowed: "),
                     bytes_slice(hint->at, 0, 3), B(" is "), NUM(named(hint->at)));
        else
            hint_say(hint, bytes_of(lists[i].limits),
                     bytes_chr(hint->at, '/', 0) > 0 ? B("; a step is */STEP or FIRST-LAST/STEP")
                                                     : B(""));
        return;
    }
    struct bytes rest = hint->at, word;
    int64_t count = 0;
    while (bytes_word(&rest, &word))
        count++;
    hint_say(hint, B("it has "), NUM(count),
             B(" fields and needs five: minute hour day month weekday, and a year if you like; "
               "\"0 5 * * *\" is every day at 5:00"));
}

/* -- Variable maps -- */

void hint_varmap(const struct hint *hint)
{
    if (bytes_chr(hint->at, ',', 0) >= 0)
        hint_say(hint, B("separate mappings with ;"));
    else if (bytes_chr(hint->at, '$', 0) >= 0)
        hint_say(hint, B("write the number of the group without $, as in user=1"));
    else
        hint_say(hint, B("write a name and the number of a group, as in user=1; ip=2"));
}

/* -- Characters -- */

/* Letters are left out: words of another alphabet are made of them. */
static const struct look_alike *slip_at(struct bytes text)
{
    const struct look_alike *alike = look_alike_at(text);
    return alike && alike->kind != ALIKE_LETTER ? alike : NULL;
}

/* A dash between words is right in a text; one in front of a word would be an option. */
static bool is_text_dash(const struct look_alike *alike, struct bytes text, size_t at)
{
    size_t next = at + alike->text.len;
    bool option =
        (at == 0 || is_space(text.ptr[at - 1])) && next < text.len && is_word(text.ptr[next]);
    return alike->kind == ALIKE_DASH && !option;
}

static bool holds_piece(struct bytes around, struct bytes piece)
{
    uintptr_t from = (uintptr_t)around.ptr, at = (uintptr_t)piece.ptr;
    return at >= from && at + piece.len <= from + around.len;
}

static void add_alike(const struct look_alike *alike, struct buf *out)
{
    buf_add(out, alike->name);
    if (alike->ascii.len == 0)
        buf_add(out, B(" (remove it)"));
    else
        buf_cat(out, B(" (type "),
                alike->kind == ALIKE_BLANK ? B("an ordinary space") : alike->ascii, B(")"));
}

static void say_alikes(const struct hint *hint, const struct look_alike *const *found, size_t count)
{
    struct buf all = {0};
    for (size_t i = 0; i < count; i++) {
        buf_add(&all, i == 0 ? B("") : i + 1 < count ? B(", ") : B(" and "));
        add_alike(found[i], &all);
    }
    hint_say(hint, B("it contains "), buf_bytes(&all));
    buf_free(&all);
}

/* More kinds of them are no slip. */
enum { ALIKES_NAMED = 6 };

bool hint_look_alike(const struct hint *hint, struct bytes text)
{
    const struct look_alike *found[ALIKES_NAMED];
    size_t count = 0, at = 0, known;
    while (at < text.len && !slip_at(bytes_from(text, at)))
        at++;
    if (at == text.len)
        return false;
    struct bytes field = holds_piece(hint->value, text) ? hint->value : text;
    for (at = 0; at < field.len; at++) {
        const struct look_alike *alike = slip_at(bytes_from(field, at));
        struct bytes here = bytes_slice(field, at, at + (alike ? alike->text.len : 1));
        if (!alike || (!holds_piece(text, here) && is_text_dash(alike, field, at)))
            continue;
        lint_fix(hint->lint, hint->finding, here, alike->ascii);
        for (known = 0; known < count && found[known] != alike;)
            known++;
        if (known == count && count < ALIKES_NAMED)
            found[count++] = alike;
    }
    say_alikes(hint, found, count);
    return true;
}
