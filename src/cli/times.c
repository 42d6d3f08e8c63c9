/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as the command line has them. */
#include "cli/times.h"

typedef bool time_setter(struct time_options *times, struct bytes text, struct buf *why);

const struct option_spec times_specs[TIMES_FIELDS] = {
    {"time-format", NULL, OPTION_LIST, TIMES_FORMAT},
    {"time-regex", NULL, OPTION_TEXT, TIMES_REGEX},
    {"timezone", NULL, OPTION_TEXT, TIMES_ZONE},
    {"year", NULL, OPTION_TEXT, TIMES_YEAR},
};

static time_setter *const setters[TIMES_FIELDS] = {time_options_format, time_options_regex,
                                                   time_options_zone, time_options_year};

bool times_set(struct time_options *times, const struct option_spec *spec, struct bytes text)
{
    struct buf why = {0};
    bool right = setters[spec->field](times, text, &why);
    if (!right)
        complain(B("Value \""), text, B("\" invalid for option "), bytes_of(spec->name), B(" ("),
                 buf_bytes(&why), B(")\n"));
    buf_free(&why);
    return right;
}

/* All of the text is a time. */
static bool read_whole(const struct time_options *options, struct bytes text, int64_t *second)
{
    struct timestamp stamp;
    struct time_reader *reader = time_reader_new(options);
    time_reader_read(reader, text, &stamp);
    time_reader_free(reader);
    *second = stamp.second;
    return (stamp.flags & (TIMESTAMP_OWN | TIMESTAMP_REFUSED)) == TIMESTAMP_OWN &&
           stamp.text.len == text.len;
}

bool times_read(const struct time_options *times, struct bytes text, int64_t *second)
{
    static const char *const left_out[] = {"", ":00", " 00:00:00"};
    struct time_options *plain = time_options_new();
    struct buf whole = {0};
    /* Of the options for lines only the zone is for this. */
    time_options_zone(plain, time_options_zone_name(times), &whole);
    bool right = bytes_uint(text, false, second);
    for (size_t i = 0; !right && i < sizeof(left_out) / sizeof(*left_out); i++) {
        buf_clear(&whole);
        buf_cat(&whole, text, bytes_of(left_out[i]));
        right = read_whole(plain, buf_bytes(&whole), second);
    }
    buf_free(&whole);
    time_options_free(plain);
    return right;
}
