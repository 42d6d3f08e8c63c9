/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the times of an input's lines.
 *
 * Most lines begin their time with the same text as a line just before, up to the seconds: then the
 * texts are compared and nothing is parsed.  All others are searched (time_find.c), their fields
 * are turned into a second (time_resolve.c), and that second is judged by those before it. */
#include "clock/timestamp.h"

#include "base/mem.h"
#include "clock/time_reader.h"

enum { HOUR = 3600, DAY = 86400, YEAR = 366 * DAY };

struct time_reader *time_reader_new(const struct time_options *options)
{
    struct time_reader *reader = mem_zalloc(sizeof(*reader));
    reader->options = options;
    reader->form_count = options->search.own_count;
    if (reader->form_count == 0)
        time_forms_known(&reader->form_count);
    reader->forms = mem_zarray(reader->form_count, sizeof(*reader->forms));
    reader->bases[TURN_YEAR].known = options->year != 0;
    reader->bases[TURN_YEAR].base = options->year;
    return reader;
}

void time_reader_free(struct time_reader *reader)
{
    if (!reader)
        return;
    for (int i = 0; i < TURN_COUNT; i++)
        time_samples_free(&reader->missing[i]);
    time_samples_free(&reader->order.samples);
    buf_free(&reader->refusal);
    free(reader->forms);
    free(reader);
}

/* -- Judging a second by those before it -- */

static void end_leap(struct time_reader *reader, bool holds, int64_t second, struct timestamp *out)
{
    struct time_leap *leap = &reader->leap;
    leap->open = false;
    if (holds) {
        out->flags |= TIMESTAMP_CONFIRMS;
        reader->counts.leaps += !leap->first;
        reader->latest = leap->second;
        reader->begun = true;
        return;
    }
    out->flags |= TIMESTAMP_REFUTES;
    out->instead = leap->first ? second : leap->before;
    reader->counts.odd++;
}

static void judge(struct time_reader *reader, struct timestamp *out)
{
    int64_t second = out->second;
    if (reader->leap.open)
        end_leap(reader, second >= reader->leap.second - DAY, second, out);
    if (!reader->begun || second > reader->latest + DAY) {
        reader->leap = (struct time_leap){true, !reader->begun, second, reader->latest};
        out->flags |= TIMESTAMP_LEAP;
    } else if (second < reader->latest) {
        reader->counts.back++;
    } else {
        reader->latest = second;
    }
}

void time_reader_end(struct time_reader *reader, struct timestamp *out)
{
    const struct time_leap *leap = &reader->leap;
    *out = (struct timestamp){.second = reader->last};
    if (!leap->open)
        return;
    bool holds =
        reader->ended ? leap->second <= reader->mtime + DAY : leap->second <= leap->before + YEAR;
    end_leap(reader, holds || leap->first, leap->second, out);
}

void time_reader_late(struct time_reader *reader, int64_t second, int64_t clock)
{
    int64_t late = clock - second;
    reader->counts.late++;
    if (late > reader->counts.most_late)
        reader->counts.most_late = late;
}

/* -- The memory of minutes -- */

/* Where the text at `offset` from its mark begins; past the line's end if nowhere. */
static size_t place_of(const struct time_memory *memory, struct bytes line)
{
    if (memory->mark == '\0')
        return memory->offset;
    if (memory->mark == '<')
        return after_priority(line) + memory->offset;
    ptrdiff_t at = bytes_chr(line, memory->mark, 0);
    return at < 0 ? line.len : (size_t)at + 1;
}

/* The least surprising way to say where the text is. */
static void remember_place(struct time_memory *memory, struct bytes line, size_t at)
{
    size_t priority = after_priority(line);
    memory->mark = '\0';
    memory->offset = at;
    if (priority > 0 && at >= priority) {
        memory->mark = '<';
        memory->offset = at - priority;
    } else if (at > 1 && (line.ptr[at - 1] == '[' || line.ptr[at - 1] == '(') &&
               bytes_chr(line, line.ptr[at - 1], 0) == (ptrdiff_t)at - 1) {
        memory->mark = line.ptr[at - 1];
    }
}

/* Texts whose lines may differ elsewhere are not remembered: where a line has to be searched for
 * them, or a second was chosen among two. */
static bool is_memorable(const struct time_reader *reader, struct bytes line,
                         const struct time_fields *fields, const struct time_resolution *found)
{
    size_t seconds_end = fields->seconds_at + 2;
    bool has_fraction = fields->fraction_end > seconds_end;
    char point = has_fraction ? line.ptr[seconds_end] : '.';
    return fields->seconds_at > fields->start && fields->second < 60 && found->flags == 0 &&
           !reader->options->search.regex && *line.ptr != '{' &&
           (has_fraction || fields->nanoseconds == 0) &&
           (point == '.' || point == ',' || point == ':') &&
           fields->seconds_at - fields->start <= sizeof(reader->memories->prefix) &&
           fields->end - fields->fraction_end <= sizeof(reader->memories->suffix);
}

static char char_at(struct bytes line, size_t at)
{
    return at < line.len ? line.ptr[at] : '\0';
}

static void remember(struct time_reader *reader, struct bytes line,
                     const struct time_fields *fields, const struct time_resolution *found,
                     size_t form)
{
    if (!is_memorable(reader, line, fields, found))
        return;
    reader->recent = (reader->recent + 1) % TIME_MEMORIES;
    struct time_memory *memory = &reader->memories[reader->recent];
    memory->known = true;
    memory->at_start = fields->at_start;
    remember_place(memory, line, fields->start);
    memory->prefix_len = (uint8_t)(fields->seconds_at - fields->start);
    memory->suffix_len = (uint8_t)(fields->end - fields->fraction_end);
    memcpy(memory->prefix, line.ptr + fields->start, memory->prefix_len);
    memcpy(memory->suffix, line.ptr + fields->fraction_end, memory->suffix_len);
    memory->after = char_at(line, fields->end);
    memory->fraction = fields->may_have_fraction;
    memory->lacks_zone = fields->lacks_zone;
    memory->plain = !fields->lacks_zone && memory->suffix_len == 0;
    memory->minute = found->second - fields->second;
    memory->reach = fields->month == -1 ? HOUR : DAY;
    memory->form = form;
    memory->assumed_year = found->assumed_year;
    memory->assumed_zone = found->assumed_zone;
    memory->weekday = found->weekday;
}

static size_t read_nanoseconds(struct bytes line, size_t at, int32_t *nanoseconds)
{
    static const int32_t units[] = {0,     100000000, 10000000, 1000000, 100000,
                                    10000, 1000,      100,      10,      1};
    size_t most = at + 9 < line.len ? at + 9 : line.len, first = at;
    int32_t value = 0;
    for (; at < most && is_digit(line.ptr[at]); at++)
        value = 10 * value + (line.ptr[at] - '0');
    *nanoseconds = value * units[at - first];
    while (at < line.len && is_digit(line.ptr[at]))
        at++;
    return at;
}

static bool is_point(char c)
{
    return c == '.' || c == ',' || c == ':';
}

/* After a time without a zone: a year, or a zone and a colon. */
static bool goes_on(struct bytes line, size_t at)
{
    const char *next = line.ptr + at;
    if (line.len < at + 5 || next[0] != ' ')
        return false;
    if (is_digit(next[1]))
        return is_digit(next[2]) && is_digit(next[3]) && is_digit(next[4]);
    return next[4] == ':' || (line.len > at + 5 && next[5] == ':');
}

/* The memory tells the time of this line.  What a text without a year means depends on what came
 * before it, and where lines begin with their times there is none elsewhere. */
static bool may_tell(const struct time_reader *reader, const struct time_memory *memory)
{
    return memory->known && (memory->at_start || !reader->habits.at_start) &&
           llabs(memory->minute - reader->last) < memory->reach;
}

/* The line has that minute. */
static bool has_minute(const struct time_reader *reader, const struct time_memory *memory,
                       struct bytes line, struct timestamp *out)
{
    size_t start = place_of(memory, line), at = start + memory->prefix_len;
    if (line.len < at + 2 + memory->suffix_len ||
        memcmp(line.ptr + start, memory->prefix, memory->prefix_len) != 0)
        return false;
    unsigned tens = (unsigned)line.ptr[at] - '0', ones = (unsigned)line.ptr[at + 1] - '0';
    if (tens > 5 || ones > 9)
        return false;
    at += 2;
    int32_t nanoseconds = 0;
    if (memory->fraction && at + 1 < line.len && is_point(line.ptr[at]) &&
        is_digit(line.ptr[at + 1]))
        at = read_nanoseconds(line, at + 1, &nanoseconds);
    size_t end = at + memory->suffix_len;
    if (line.len < end || memcmp(line.ptr + at, memory->suffix, memory->suffix_len) != 0 ||
        char_at(line, end) != memory->after || (memory->plain && goes_on(line, end)) ||
        (memory->lacks_zone && time_goes_on(reader->options->search.zone, line, end)))
        return false;
    out->second = memory->minute + tens * 10 + ones;
    out->nanoseconds = nanoseconds;
    out->text = bytes_slice(line, start, end);
    out->flags = TIMESTAMP_OWN;
    return true;
}

/* NULL: no memory tells the line's time. */
static const struct time_memory *recall(struct time_reader *reader, struct bytes line,
                                        struct timestamp *out)
{
    for (size_t i = 0; i < TIME_MEMORIES; i++) {
        size_t which = (reader->recent + i) % TIME_MEMORIES;
        const struct time_memory *memory = &reader->memories[which];
        if (may_tell(reader, memory) && has_minute(reader, memory, line, out)) {
            reader->recent = which;
            return memory;
        }
    }
    return NULL;
}

/* By new habits another part of a line may be its time. */
static void forget_unlike(struct time_reader *reader, const struct time_habits *before)
{
    const struct time_habits *now = &reader->habits;
    if (now->at_start == before->at_start && now->dated == before->dated && now->utc == before->utc)
        return;
    for (size_t i = 0; i < TIME_MEMORIES; i++)
        reader->memories[i].known = false;
}

/* -- Reading -- */

static void count(struct time_reader *reader, size_t form, bool year, bool zone, bool weekday)
{
    struct time_counts *counts = &reader->counts;
    counts->own++;
    counts->assumed_year += year;
    counts->assumed_zone += zone;
    counts->weekdays += weekday;
    reader->forms[form]++;
}

static void read_without(struct time_reader *reader, struct timestamp *out)
{
    bool any = reader->begun || reader->leap.open;
    reader->counts.without++;
    reader->counts.none_yet += !any;
    out->second = reader->last;
    if (!any)
        out->flags |= TIMESTAMP_NONE_YET;
}

/* A line with a time that is not in the memory. */
static bool read_anew(struct time_reader *reader, struct bytes line, struct timestamp *out)
{
    struct time_fields fields = {0};
    struct time_resolution found;
    size_t form;
    const struct time_search *search = &reader->options->search;
    struct time_habits before = reader->habits;
    enum time_found how = time_find(search, &reader->habits, line, &fields, &form);
    forget_unlike(reader, &before);
    reader->counts.impossible += how == FOUND_IMPOSSIBLE;
    reader->counts.gave_up += how == FOUND_GAVE_UP;
    if (how != FOUND)
        return false;
    time_order_learn(reader, &fields, line);
    switch (time_resolve(reader, &fields, &found)) {
    case RESOLVED:
        break;
    case RESOLVED_IMPOSSIBLE:
        reader->counts.impossible++;
        return false;
    case RESOLVED_NOT:
        reader->counts.refused++;
        out->flags |= TIMESTAMP_REFUSED;
        return false;
    }
    out->second = found.second;
    out->nanoseconds = fields.nanoseconds;
    out->flags |= TIMESTAMP_OWN | found.flags;
    out->text = bytes_slice(line, fields.start, fields.end);
    reader->counts.skipped += (found.flags & TIMESTAMP_SKIPPED) != 0;
    reader->counts.twice += (found.flags & TIMESTAMP_TWICE) != 0;
    count(reader, form, found.assumed_year, found.assumed_zone, found.weekday);
    remember(reader, line, &fields, &found, form);
    return true;
}

void time_reader_read(struct time_reader *reader, struct bytes line, struct timestamp *out)
{
    *out = (struct timestamp){0};
    reader->counts.lines++;
    const struct time_memory *memory = recall(reader, line, out);
    if (memory) {
        count(reader, memory->form, memory->assumed_year, memory->assumed_zone, memory->weekday);
    } else if (!read_anew(reader, line, out)) {
        read_without(reader, out);
        return;
    }
    reader->last = out->second;
    if (!reader->leap.open && reader->begun && out->second >= reader->latest &&
        out->second <= reader->latest + DAY)
        reader->latest = out->second;
    else
        judge(reader, out);
}

/* -- What was seen -- */

const struct time_counts *time_reader_counts(const struct time_reader *reader)
{
    return &reader->counts;
}

bool time_reader_form(const struct time_reader *reader, size_t i, struct bytes *name,
                      uint64_t *lines)
{
    size_t known;
    if (i >= reader->form_count)
        return false;
    *name = reader->options->search.own_count > 0 ? reader->options->formats[i]
                                                  : bytes_of(time_forms_known(&known)[i].name);
    *lines = reader->forms[i];
    return true;
}

bool time_reader_year(const struct time_reader *reader, int *year, enum time_year_source *source)
{
    const struct time_base *base = &reader->bases[TURN_YEAR];
    *year = (int)base->base;
    *source = reader->year_source;
    return base->known && reader->counts.assumed_year > 0;
}
