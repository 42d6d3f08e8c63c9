/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines and times as the command line has them. */
#include "cli/lines.h"

const struct option_spec lines_specs[LINES_FIELDS] = {
    {"time-format", NULL, OPTION_LIST, LINES_FORMAT},
    {"time-regex", NULL, OPTION_TEXT, LINES_REGEX},
    {"timezone", NULL, OPTION_TEXT, LINES_ZONE},
    {"year", NULL, OPTION_TEXT, LINES_YEAR},
    {"reorder", NULL, OPTION_TEXT, LINES_REORDER},
    {"from-json", NULL, OPTION_MAYBE, LINES_TEMPLATE},
};

void refuse_value(const char *option, struct bytes value, struct bytes why)
{
    complain(B("Value \""), value, B("\" invalid for option "), bytes_of(option),
             why.len > 0 ? B(" (") : B(""), why, why.len > 0 ? B(")\n") : B("\n"));
}

static bool set_reorder(struct line_options *options, struct bytes text, struct buf *why)
{
    buf_add(why, B("number expected"));
    return bytes_uint(text, false, &options->reorder);
}

static bool set_template(struct line_options *options, struct bytes text, struct buf *why)
{
    object_template_free(options->template);
    options->template = object_template_new(text, why);
    return options->template != NULL;
}

static bool set(struct line_options *options, size_t field, struct bytes text, struct buf *why)
{
    switch (field) {
    case LINES_FORMAT:
        return time_options_format(options->times, text, why);
    case LINES_REGEX:
        return time_options_regex(options->times, text, why);
    case LINES_ZONE:
        return time_options_zone(options->times, text, why);
    case LINES_YEAR:
        return time_options_year(options->times, text, why);
    case LINES_REORDER:
        return set_reorder(options, text, why);
    default:
        return set_template(options, text, why);
    }
}

bool lines_set(struct line_options *options, const struct option_spec *spec, struct bytes text)
{
    struct buf why = {0};
    bool right = set(options, spec->field, text, &why);
    if (!right)
        refuse_value(spec->name, text, buf_bytes(&why));
    buf_free(&why);
    return right;
}

/* All of the text is a time.  Of the options for lines only the zone is for this, and it is the
 * process's. */
static bool read_whole(struct bytes text, int64_t *second)
{
    struct timestamp stamp;
    struct time_options *plain = time_options_new();
    struct time_reader *reader = time_reader_new(plain);
    time_reader_read(reader, text, &stamp);
    time_reader_free(reader);
    time_options_free(plain);
    *second = stamp.second;
    return (stamp.flags & (TIMESTAMP_OWN | TIMESTAMP_REFUSED)) == TIMESTAMP_OWN &&
           stamp.text.len == text.len;
}

bool lines_read_time(struct bytes text, int64_t *second)
{
    static const char *const left_out[] = {"", ":00", " 00:00:00"};
    struct buf whole = {0};
    bool right = bytes_uint(text, false, second);
    for (size_t i = 0; !right && i < sizeof(left_out) / sizeof(*left_out); i++) {
        buf_clear(&whole);
        buf_cat(&whole, text, bytes_of(left_out[i]));
        right = read_whole(buf_bytes(&whole), second);
    }
    buf_free(&whole);
    return right;
}

bool lines_read_limit(const char *option, struct bytes text, int64_t *second)
{
    if (!text.ptr || lines_read_time(text, second))
        return true;
    refuse_value(option, text, B("a date or a time expected, such as 2026-11-27 08:00:00"));
    return false;
}
