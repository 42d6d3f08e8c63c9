/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user has said about the times in lines. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "clock/time_reader.h"

#include <pcre2.h>

#include "base/mem.h"

enum { MOST_STEPS = 500000 }; /* of --time-regex in a line: some milliseconds */

struct time_options *time_options_new(void)
{
    struct time_options *options = mem_zalloc(sizeof(*options));
    options->search.zone = options->zone = zone_load(NULL, NULL);
    return options;
}

void time_options_free(struct time_options *options)
{
    if (!options)
        return;
    for (size_t i = 0; i < options->search.own_count; i++) {
        time_form_free(options->search.own[i]);
        bytes_free(options->formats[i]);
    }
    free(options->search.own);
    free(options->formats);
    pcre2_code_free(options->search.regex);
    pcre2_match_context_free(options->search.limit);
    pcre2_match_data_free(options->search.match);
    zone_free(options->zone);
    free(options);
}

static bool may_tell_a_second(struct bytes format)
{
    for (size_t i = 0; i + 1 < format.len; i++) {
        if (format.ptr[i] == '%' && format.ptr[++i] != '%')
            return true;
    }
    return false;
}

bool time_options_format(struct time_options *options, struct bytes format, struct buf *why)
{
    struct time_search *search = &options->search;
    if (!may_tell_a_second(format)) {
        buf_cat(why, B("it has no conversion, such as %H"));
        return false;
    }
    struct time_form *form = time_form_new(format, why);
    if (!form)
        return false;
    search->own = mem_array(search->own, search->own_count + 1, sizeof(struct time_form *));
    options->formats = mem_array(options->formats, search->own_count + 1, sizeof(struct bytes));
    search->own[search->own_count] = form;
    options->formats[search->own_count++] = bytes_dup(format);
    return true;
}

bool time_options_regex(struct time_options *options, struct bytes regex, struct buf *why)
{
    int error;
    size_t offset;
    uint32_t groups = 0;
    char text[160] = "it has no group named time, nor a first one";
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)(regex.ptr ? regex.ptr : ""), regex.len,
                      PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &offset, NULL);
    if (!code)
        pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
    else
        pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    if (groups == 0) {
        buf_add(why, bytes_of(text));
        pcre2_code_free(code);
        return false;
    }
    int group = pcre2_substring_number_from_name(code, (PCRE2_SPTR) "time");
    pcre2_code_free(options->search.regex);
    pcre2_match_data_free(options->search.match);
    options->search.match = pcre2_match_data_create_from_pattern(code, NULL);
    if (!options->search.limit) {
        options->search.limit = pcre2_match_context_create(NULL);
        pcre2_set_match_limit(options->search.limit, MOST_STEPS);
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    options->search.regex = code;
    options->search.group = group > 0 ? (uint32_t)group : 1;
    return true;
}

bool time_options_zone(struct time_options *options, struct bytes zone, struct buf *why)
{
    char *name = bytes_cstr(zone);
    struct zone *loaded = zone_load(name, why);
    free(name);
    if (!loaded)
        return false;
    zone_free(options->zone);
    options->search.zone = options->zone = loaded;
    return true;
}

bool time_options_year(struct time_options *options, struct bytes year, struct buf *why)
{
    int64_t value;
    if (!bytes_uint(year, false, &value) || value < 1970 || value > 9999) {
        buf_add(why, B("1970 to 9999 expected"));
        return false;
    }
    options->year = value;
    return true;
}

void time_options_enter_zone(const struct time_options *options)
{
    zone_enter(options->zone);
}

struct bytes time_options_zone_name(const struct time_options *options)
{
    return zone_name(options->zone);
}
