/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A zone as a list of spans, each with one offset.
 *
 * The C library knows all zones, but reads only the one that $TZ names, and mktime neither says
 * that a time is skipped nor lets one choose between two.  So the library is asked once, week by
 * week, what its clock shows; where that has changed, the exact second is found by bisection.  Some
 * twelve thousand calls take a few milliseconds; after that $TZ is what it was, and nothing depends
 * on it. */
#include "clock/zone.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define FIRST (-86400LL * 365 * 2)      /* 1968 */
#define LAST (86400LL * 365 * 230 + 56) /* 2199 */
#define WEEK (86400LL * 7)

struct span {
    int64_t from;
    int32_t offset; /* east of UTC */
    char word[12];
};

struct zone {
    struct bytes name; /* owned */
    char *tz;          /* owned; what $TZ is in this zone; NULL: the system's own */
    struct span *spans;
    size_t count, room;
    struct span *words; /* the latest span of each word; owned */
    size_t word_count, word_room;
};

/* -- The calendar -- */

/* Years that begin in March have their leap day at the end; 400 of them are 146097 days. */
int64_t days_of_date(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t year_of_days(int64_t days)
{
    int64_t year = 1970 + days / 366;
    while (days_of_date(year + 1, 1, 1) <= days)
        year++;
    while (days_of_date(year, 1, 1) > days)
        year--;
    return year;
}

int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap_year(year));
}

/* -- Loading -- */

static struct span span_at(int64_t second)
{
    struct tm tm = {0};
    time_t t = (time_t)second;
    struct span span = {.from = second};
    if (localtime_r(&t, &tm)) {
        span.offset = (int32_t)tm.tm_gmtoff;
        if (tm.tm_zone)
            memcpy(span.word, tm.tm_zone, strnlen(tm.tm_zone, sizeof(span.word) - 1));
    }
    return span;
}

static bool same_span(const struct span *a, const struct span *b)
{
    return a->offset == b->offset && strcmp(a->word, b->word) == 0;
}

static void add_span(struct zone *zone, struct span span)
{
    size_t i = 0;
    MEM_GROW(zone->spans, zone->count, zone->room, 16);
    zone->spans[zone->count++] = span;
    while (i < zone->word_count && strcmp(zone->words[i].word, span.word) != 0)
        i++;
    if (i == zone->word_count) {
        MEM_GROW(zone->words, zone->word_count, zone->word_room, 4);
        zone->word_count++;
    }
    zone->words[i] = span;
}

static void ask_library(struct zone *zone)
{
    struct span now = span_at(FIRST);
    add_span(zone, now);
    for (int64_t at = FIRST + WEEK; at <= LAST; at += WEEK) {
        struct span then = span_at(at);
        if (same_span(&then, &now))
            continue;
        int64_t before = at - WEEK, after = at;
        while (after - before > 1) {
            int64_t middle = before + (after - before) / 2;
            struct span half = span_at(middle);
            if (same_span(&half, &now))
                before = middle;
            else
                after = middle;
        }
        now = span_at(after);
        add_span(zone, now);
        at = after;
    }
}

/* +HH:MM, -HHMM, +HH */
static bool parse_offset(const char *name, int32_t *offset)
{
    int hours, minutes = 0, used = 0;
    if (*name != '+' && *name != '-')
        return false;
    bool ok = (sscanf(name + 1, "%2d:%2d%n", &hours, &minutes, &used) == 2 && !name[1 + used]) ||
              (sscanf(name + 1, "%2d%2d%n", &hours, &minutes, &used) == 2 && !name[1 + used]) ||
              (minutes = 0, sscanf(name + 1, "%2d%n", &hours, &used) == 1 && !name[1 + used]);
    if (!ok || !is_digit(name[1]) || hours < 0 || hours > 24 || minutes < 0 || minutes > 59)
        return false;
    *offset = (*name == '-' ? -60 : 60) * (hours * 60 + minutes);
    return true;
}

static bool is_of_system(const char *name)
{
    char path[512];
    const char *folder = getenv("TZDIR");
    if (*name == '/' || *name == '\0' || strstr(name, ".."))
        return false;
    snprintf(path, sizeof(path), "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
    FILE *file = fopen(path, "re");
    char magic[4] = "";
    bool is = file && fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0;
    if (file)
        fclose(file);
    return is;
}

/* -- POSIX texts: CET-1CEST,M3.5.0,M10.5.0/3.  The library takes what it does not understand for
 * UTC, so they are checked here. -- */

static bool skip(const char **text, char c)
{
    bool there = **text == c;
    *text += there;
    return there;
}

static bool skip_between(const char **text, long least, long most)
{
    char *end = NULL;
    long value = is_digit(**text) ? strtol(*text, &end, 10) : -1;
    if (!end || value < least || value > most)
        return false;
    *text = end;
    return true;
}

static bool skip_word(const char **text)
{
    bool quoted = skip(text, '<');
    size_t len = 0;
    while (is_alpha((*text)[len]) ||
           (quoted && (is_digit((*text)[len]) || (*text)[len] == '+' || (*text)[len] == '-')))
        len++;
    *text += len;
    return len >= 3 && (!quoted || skip(text, '>'));
}

/* [+-]hh[:mm[:ss]] */
static bool skip_hours(const char **text, long most)
{
    if (!skip(text, '+'))
        skip(text, '-');
    return skip_between(text, 0, most) && (!skip(text, ':') || skip_between(text, 0, 59)) &&
           (!skip(text, ':') || skip_between(text, 0, 59));
}

/* ,M3.5.0/2  ,J60  ,59 */
static bool skip_rule(const char **text)
{
    bool day = skip(text, ',') && (skip(text, 'M') ? skip_between(text, 1, 12) && skip(text, '.') &&
                                                         skip_between(text, 1, 5) &&
                                                         skip(text, '.') && skip_between(text, 0, 6)
                                                   : skip_between(text, skip(text, 'J'), 365));
    return day && (!skip(text, '/') || skip_hours(text, 167));
}

static bool is_posix(const char *text)
{
    if (!skip_word(&text) || !skip_hours(&text, 24))
        return false;
    if (*text == '\0')
        return true;
    if (!skip_word(&text) || (*text != ',' && *text != '\0' && !skip_hours(&text, 24)))
        return false;
    if (*text == '\0')
        return true;
    bool begin = skip_rule(&text), end = begin && skip_rule(&text);
    return end && *text == '\0';
}

void zone_enter(const struct zone *zone)
{
    if (zone->tz)
        setenv("TZ", zone->tz, 1);
    tzset();
}

static void ask_within(struct zone *zone)
{
    const char *now = getenv("TZ");
    char *before = now ? bytes_cstr(bytes_of(now)) : NULL;
    zone_enter(zone);
    ask_library(zone);
    if (before)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(before);
}

/* Its only span; $TZ counts to the west. */
static void add_fixed(struct zone *zone, struct span fixed)
{
    int minutes = abs(fixed.offset) / 60;
    char sign = fixed.offset < 0 ? '-' : '+', tz[32];
    if (fixed.word[0] == '\0')
        snprintf(fixed.word, sizeof(fixed.word), "%c%02d%02d", sign, minutes / 60, minutes % 60);
    snprintf(tz, sizeof(tz), "<%s>%c%02d:%02d", fixed.word, sign == '-' ? '+' : '-', minutes / 60,
             minutes % 60);
    zone->tz = bytes_cstr(bytes_of(tz));
    add_span(zone, fixed);
}

static struct bytes system_name(void)
{
    char link[512];
    const char *tz = getenv("TZ");
    if (tz)
        return bytes_dup(bytes_of(*tz ? tz : "UTC"));
    ssize_t len = readlink("/etc/localtime", link, sizeof(link));
    struct bytes path = bytes_make(link, len > 0 ? (size_t)len : 0);
    ptrdiff_t at = bytes_rfind(path, B("zoneinfo/"));
    if (at >= 0)
        return bytes_dup(bytes_from(path, (size_t)at + 9));
    return bytes_dup(bytes_of(tzname[0]));
}

struct zone *zone_load(const char *name, struct buf *why)
{
    struct zone *zone = mem_zalloc(sizeof(*zone));
    struct span fixed = {.from = FIRST};
    zone->name = name ? bytes_dup(bytes_of(name)) : bytes_make(NULL, 0);
    if (!name) {
        tzset();
        zone->name = system_name();
        ask_library(zone);
    } else if (strcasecmp(name, "UTC") == 0 || strcmp(name, "Z") == 0) {
        strcpy(fixed.word, "UTC");
        add_fixed(zone, fixed);
    } else if (parse_offset(name, &fixed.offset)) {
        add_fixed(zone, fixed);
    } else if (is_of_system(name) || is_posix(name)) {
        zone->tz = bytes_cstr(bytes_of(name));
        ask_within(zone);
    } else {
        buf_add(why, B("neither a zone of the system, nor UTC, nor an offset such as +01:00"));
        zone_free(zone);
        return NULL;
    }
    return zone;
}

void zone_free(struct zone *zone)
{
    if (!zone)
        return;
    bytes_free(zone->name);
    free(zone->tz);
    free(zone->spans);
    free(zone->words);
    free(zone);
}

const struct zone *zone_known(const char *name, struct buf *why)
{
    static struct zone **known;
    static size_t count, room;
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(known[i]->name, bytes_of(name)))
            return known[i];
    struct zone *zone = zone_load(name, why);
    if (!zone)
        return NULL;
    MEM_GROW(known, count, room, 4);
    known[count++] = zone;
    return zone;
}

const struct zone *zone_named(struct bytes name)
{
    char text[64];
    if (name.len >= sizeof(text) || bytes_chr(name, '\0', 0) >= 0)
        return NULL;
    snprintf(text, sizeof(text), "%.*s", (int)name.len, name.ptr);
    return is_of_system(text) ? zone_known(text, NULL) : NULL;
}

struct bytes zone_name(const struct zone *zone)
{
    return zone->name;
}

/* -- Asking -- */

static const struct span *find_span(const struct zone *zone, int64_t second)
{
    size_t low = 0, high = zone->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->spans[middle].from <= second)
            low = middle;
        else
            high = middle;
    }
    return &zone->spans[low];
}

int64_t zone_local(const struct zone *zone, int64_t second)
{
    return second + find_span(zone, second)->offset;
}

struct zone_second zone_second(const struct zone *zone, int64_t local)
{
    /* No clock differs by more than a day from UTC, none is set twice in two days. */
    int32_t before = find_span(zone, local - 86400)->offset;
    int32_t after = find_span(zone, local + 86400)->offset;
    int64_t first = local - before, second = local - after;
    if (before == after)
        return (struct zone_second){first, first, ZONE_ONCE};
    bool is_first = find_span(zone, first)->offset == before;
    bool is_second = find_span(zone, second)->offset == after;
    if (is_first && is_second)
        return (struct zone_second){first, second, ZONE_TWICE};
    if (!is_first && !is_second)
        return (struct zone_second){first, first, ZONE_SKIPPED};
    if (is_first)
        return (struct zone_second){first, first, ZONE_ONCE};
    return (struct zone_second){second, second, ZONE_ONCE};
}

/* Minutes east of UTC of words that mean the same everywhere in logs: not IST, CST (China's), BST
 * (Bangladesh's), AST. */
static const struct {
    const char *word;
    int minutes;
} words[] = {
    {"UTC", 0},     {"GMT", 0},     {"WET", 0},    {"WEST", 60},  {"CET", 60},   {"CEST", 120},
    {"MET", 60},    {"MEST", 120},  {"EET", 120},  {"EEST", 180}, {"MSK", 180},  {"EST", -300},
    {"EDT", -240},  {"CDT", -300},  {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
    {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"JST", 540},  {"KST", 540},  {"HKT", 480},
    {"AWST", 480},  {"ACST", 570},  {"ACDT", 630}, {"AEST", 600}, {"AEDT", 660}, {"NZST", 720},
    {"NZDT", 780},  {"SAST", 120},  {"BRT", -180}, {"NST", -210}, {"NDT", -150},
};

bool zone_word(const struct zone *zone, struct bytes word, int32_t *offset)
{
    for (size_t i = 0; i < zone->word_count; i++) {
        if (bytes_eq(word, bytes_of(zone->words[i].word))) {
            *offset = zone->words[i].offset;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (*word.ptr == *words[i].word && bytes_eq(word, bytes_of(words[i].word))) {
            *offset = words[i].minutes * 60;
            return true;
        }
    }
    return false;
}

int32_t zone_word_at(const struct zone *zone, struct bytes word, int64_t local, int32_t offset)
{
    const struct span *span = find_span(zone, local - offset);
    return bytes_eq(word, bytes_of(span->word)) ? span->offset : offset;
}
