/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forms of time, compiled into items that are matched one after the other.
 *
 * Not strptime: it wants a NUL at the end of the line, follows the locale that user Perl may have
 * set, knows no fractions, reads no zone names, and does not say which fields it has read, of
 * which a missing year is the most important.  No library on Debian does this for logs either:
 * liblognorm has two forms and a rule base, libgrok is of 2011, lnav's reader is part of lnav.
 *
 * Built-in forms are strict (a number has as many digits as its field is wide, a blank is one or
 * more) and have conversions of their own:
 *
 *     %-d  one or two digits, for any number      %_d  two digits, or a blank and one
 *     %.   fraction, if there is one              %*   zone, if there is one
 *     %!   weekday, if there is one               %?   AM or PM, if it is there
 *     %~   T, blanks, a tab, _, a comma or ;      %q/  day and month, whichever is first
 *     %@   epoch, its unit by its digits          %K   uptime: 12345.678901
 *     %N   TAI64N: 24 hexadecimal digits          %|   here the time has ended
 *     %$   the end of a word
 */
#include "clock/time_form.h"

#include "base/mem.h"
#include "clock/time_items.h"

struct time_form {
    bool strict;
    size_t count;
    struct item items[64];
};

/* A number of the date that says nothing more: week of the year and the like. */
static bool ignored(struct reading *r, const struct item *item, size_t width)
{
    int value;
    return read_digits(r, item, width, &value);
}

static bool clock_item(struct reading *r, const struct item *item)
{
    struct time_fields *fields = r->fields;
    switch (item->what) {
    case 'H':
    case 'k':
    case 'I':
    case 'l':
        return read_digits(r, item, 2, &fields->hour);
    case 'M':
        return read_digits(r, item, 2, &fields->minute);
    case 'S':
        return read_seconds(r, item);
    case 'f':
        if (!is_digit(peek(r, 0)))
            return false;
        fields->may_have_fraction = true;
        read_fraction(r);
        return true;
    case 'p':
    case 'P':
        return read_half(r);
    case 'z':
        while (!r->strict && is_space(peek(r, 0)))
            r->at++;
        return read_offset(r);
    case 'Z':
        return read_zone_word(r);
    case 's':
        return read_seconds_since_epoch(r);
    default:
        return false;
    }
}

static bool date_item(struct reading *r, const struct item *item)
{
    struct time_fields *fields = r->fields;
    switch (item->what) {
    case 'Y':
        return read_digits(r, item, 4, &fields->year);
    case 'y':
        return read_short_year(r, item);
    case 'm':
        return read_digits(r, item, 2, &fields->month);
    case 'd':
    case 'e':
        return read_digits(r, item, 2, &fields->day);
    case 'j':
        return read_digits(r, item, 3, &fields->yday);
    case 'b':
        return read_month(r);
    case 'a':
        return read_day(r);
    case 'u':
    case 'w':
        return ignored(r, item, 1);
    case 'C':
        return read_digits(r, item, 2, &fields->century);
    case 'g':
    case 'U':
    case 'V':
    case 'W':
        return ignored(r, item, 2);
    case 'G':
        return ignored(r, item, 4);
    default:
        return clock_item(r, item);
    }
}

static bool own_item(struct reading *r, const struct item *item)
{
    switch (item->what) {
    case '.':
        read_optional_fraction(r);
        return true;
    case '*':
        read_optional_zone(r);
        return true;
    case '?':
        read_optional_half(r);
        return true;
    case '!':
        return read_weekday(r);
    case '~':
        return read_gap(r);
    case 'q':
        return read_pair(r, item->literal);
    case '@':
        return read_epoch(r);
    case 'K':
        return read_uptime(r);
    case 'N':
        return read_tai(r);
    case '|':
        r->fields->end = r->at;
        return true;
    case '$':
        return !is_word(peek(r, 0)) && peek(r, 0) != '-';
    default:
        return date_item(r, item);
    }
}

static bool blanks(struct reading *r)
{
    size_t at = r->at;
    while (is_space(peek(r, 0)))
        r->at++;
    return r->at > at || !r->strict;
}

static bool match_item(struct reading *r, const struct item *item)
{
    if (item->what == ' ')
        return blanks(r);
    if (item->what == '\0') {
        if (r->at >= r->line.len || peek(r, 0) != item->literal)
            return false;
        r->at++;
        return true;
    }
    return r->strict ? own_item(r, item) : date_item(r, item);
}

bool time_form_match(const struct time_form *form, const struct zone *zone, struct bytes line,
                     size_t at, struct time_fields *fields)
{
    struct reading r = {line, at, zone, form->strict, fields};
    *fields = (struct time_fields){.century = -1,
                                   .year = -1,
                                   .month = -1,
                                   .day = -1,
                                   .yday = -1,
                                   .weekday = -1,
                                   .hour = -1,
                                   .minute = -1,
                                   .second = -1,
                                   .afternoon = -1,
                                   .pair = {-1, -1},
                                   .start = at};
    for (size_t i = 0; i < form->count; i++) {
        if (!match_item(&r, &form->items[i]))
            return false;
    }
    if (fields->end == 0)
        fields->end = r.at;
    if (fields->fraction_end > fields->end || fields->fraction_end < fields->seconds_at + 2)
        fields->fraction_end = fields->seconds_at + 2;
    /* A longer number, or one more of the same kind, is another thing, and so is a file's name. */
    bool goes_on = is_digit(peek(&r, 0)) || (peek(&r, 0) == ':' && is_digit(peek(&r, 1)));
    bool is_name = form->strict && peek(&r, 0) == '.' && is_alpha(peek(&r, 1));
    return r.at > at && !(goes_on && is_digit(line.ptr[r.at - 1])) && !is_name;
}

/* -- Ranges -- */

static bool within(int value, int least, int most)
{
    return value == -1 || (value >= least && value <= most);
}

bool time_fields_ok(const struct time_fields *fields)
{
    int a = fields->pair[0], b = fields->pair[1];
    if (a != -1 && (a < 1 || b < 1 || a > 31 || b > 31 || (a > 12 && b > 12)))
        return false;
    if (!within(fields->year, 1970, 9999) || !within(fields->month, 1, 12) ||
        !within(fields->yday, 1, 366) || !within(fields->minute, 0, 59) ||
        !within(fields->second, 0, 60))
        return false;
    if (fields->afternoon == -1 ? !within(fields->hour, 0, 24) : !within(fields->hour, 1, 12))
        return false;
    if (fields->hour == 24 && (fields->minute > 0 || fields->second > 0))
        return false;
    /* 2000 has all days that any year has. */
    int64_t year = fields->year == -1 ? 2000 : fields->year;
    return fields->month == -1 || within(fields->day, 1, days_in_month(year, fields->month));
}

/* -- Compiling -- */

static bool add_item(struct time_form *form, struct item item)
{
    if (form->count == sizeof(form->items) / sizeof(*form->items))
        return false;
    form->items[form->count++] = item;
    return true;
}

static const char *shorthand(char what)
{
    switch (what) {
    case 'T':
    case 'X':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'r':
        return "%I:%M:%S %p";
    case 'D':
    case 'x':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'n':
    case 't':
        return " ";
    default:
        return NULL;
    }
}

static bool compile(struct time_form *form, struct bytes format, struct buf *why);

static bool compile_conversion(struct time_form *form, struct bytes *format, struct buf *why)
{
    struct item item = {0};
    if (format->len > 0 && (*format->ptr == '-' || *format->ptr == '_')) {
        item.width = *format->ptr == '-' ? NARROW : PADDED;
        *format = bytes_from(*format, 1);
    } else if (!form->strict && format->len > 0 && strchr("EO0^#", *format->ptr)) {
        *format = bytes_from(*format, 1);
    }
    if (format->len == 0) {
        buf_cat(why, B("it ends with %"));
        return false;
    }
    item.what = *format->ptr;
    *format = bytes_from(*format, 1);
    if (item.what == '%')
        return add_item(form, (struct item){.literal = '%'});
    if (shorthand(item.what))
        return compile(form, bytes_of(shorthand(item.what)), why);
    if (item.what == 'B' || item.what == 'h')
        item.what = 'b';
    if (item.what == 'e')
        item.width = NARROW; /* the blank before it may be two */
    if (item.what == 'A')
        item.what = 'a';
    if (form->strict && item.what == 'q') {
        item.literal = *format->ptr;
        *format = bytes_from(*format, 1);
    }
    if (!form->strict &&
        (item.what == '\0' || !strchr("YymdejbauwCgUVWGHkIlMSfpPzZs", item.what))) {
        buf_printf(why, "it has %%%c, which is none of strptime's conversions, nor %%f",
                   item.what ? item.what : '0');
        return false;
    }
    return add_item(form, item);
}

static bool compile(struct time_form *form, struct bytes format, struct buf *why)
{
    bool room = true;
    while (format.len > 0 && room) {
        char c = *format.ptr;
        format = bytes_from(format, 1);
        if (c == '%') {
            if (!compile_conversion(form, &format, why))
                return false;
        } else if (is_space(c)) {
            room = add_item(form, (struct item){.what = ' '});
        } else {
            room = add_item(form, (struct item){.literal = c});
        }
    }
    if (!room)
        buf_cat(why, B("it is too long"));
    return room;
}

static struct time_form *new_form(struct bytes format, bool strict, struct buf *why)
{
    struct time_form *form = mem_zalloc(sizeof(*form));
    form->strict = strict;
    if (compile(form, format, why))
        return form;
    free(form);
    return NULL;
}

struct time_form *time_form_new(struct bytes format, struct buf *why)
{
    return new_form(format, false, why);
}

void time_form_free(struct time_form *form)
{
    free(form);
}

struct time_form *time_form_strict(struct bytes format)
{
    return new_form(format, true, NULL);
}

bool time_form_may_begin(const struct time_form *form, char c)
{
    const struct item *first = &form->items[0];
    if (!form->strict)
        return true;
    switch (first->what) {
    case '\0':
        return c == first->literal;
    case '!':
        return is_digit(c) || (c != '\0' && strchr("JFMASONDTWjfmasondtw", c));
    case 'b':
        return c != '\0' && strchr("JFMASONDjfmasond", c);
    default:
        return is_digit(c);
    }
}
