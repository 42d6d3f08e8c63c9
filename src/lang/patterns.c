/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns, their types and their variable maps, as rules write them. */
#include "base/mem.h"
#include "lang/fault_place.h"
#include "lang/parser.h"

/* More lines than a window could sensibly hold: a slip, not a wish. */
enum { LINES_LIMIT = 10000000 };

/* RegExp, SubStr, PerlFunc and Cached come plain and with an N for the negation. */
enum base_type { BASE_REGEXP, BASE_SUBSTR, BASE_PERLFUNC, BASE_CACHED, BASE_TVALUE, BASE_TYPES };

static const struct {
    const char *name;
    enum pattern_type plain, negated;
    bool takes_lines;
} base_types[BASE_TYPES] = {
    [BASE_REGEXP] = {"regexp", PATTERN_REGEXP, PATTERN_NREGEXP, true},
    [BASE_SUBSTR] = {"substr", PATTERN_SUBSTR, PATTERN_NSUBSTR, true},
    [BASE_PERLFUNC] = {"perlfunc", PATTERN_PERLFUNC, PATTERN_NPERLFUNC, true},
    [BASE_CACHED] = {"cached", PATTERN_CACHED, PATTERN_NCACHED, false},
    [BASE_TVALUE] = {"tvalue", PATTERN_TVALUE, PATTERN_TVALUE, false},
};

struct type_text {
    enum base_type base;
    enum pattern_type type;
    struct bytes lines; /* without leading zeros; empty: not given */
};

/* "RegExp", "nsubstr03"; false when the base does not fit. */
static bool type_fits(struct bytes text, enum base_type base, struct type_text *found)
{
    struct bytes name = bytes_of(base_types[base].name);
    bool negated = text.len > 0 && (text.ptr[0] | 0x20) == 'n' && base != BASE_TVALUE;
    struct bytes rest = bytes_from(text, negated);
    if (rest.len < name.len || !bytes_ieq(bytes_slice(rest, 0, name.len), name))
        return false;
    found->base = base;
    found->type = negated ? base_types[base].negated : base_types[base].plain;
    found->lines = bytes_from(rest, name.len);
    return true;
}

/* Only digits, and not all of them 0. */
static bool check_lines(struct bytes *lines)
{
    int64_t number;
    if (!bytes_uint(*lines, false, &number) || number == 0)
        return false;
    while (lines->ptr[0] == '0')
        *lines = bytes_from(*lines, 1);
    return true;
}

static bool read_type(struct bytes text, struct type_text *found)
{
    for (enum base_type base = 0; base < BASE_TYPES; base++)
        if (type_fits(text, base, found))
            return found->lines.len == 0 ||
                   (base_types[base].takes_lines && check_lines(&found->lines));
    return false;
}

static bool set_lines(struct parser *parser, struct bytes type, struct bytes lines,
                      struct pattern *pattern)
{
    int64_t number = 1;
    size_t bufsize = parser->env->bufsize;
    if (lines.len)
        bytes_uint(lines, false, &number);
    if (bufsize && (uint64_t)number > bufsize) {
        parser_error(parser, DIAG_PATTERN_LINES, type, B("Pattern type '"), type,
                     B("' is designed to match "), lines,
                     B(" lines, please set --bufsize command line option to at least "), lines);
        return false;
    }
    if (number > LINES_LIMIT) {
        parser_error(parser, DIAG_PATTERN_LINES, type, B("Pattern type '"), type,
                     B("' is designed to match more than "), NUM(LINES_LIMIT), B(" lines"));
        return false;
    }
    pattern->lines = (uint32_t)number;
    return true;
}

static bool set_regexp(struct parser *parser, struct bytes text, struct pattern *pattern)
{
    struct buf error = {0};
    bool sound = regex_compile(text, &pattern->regex, &error);
    if (!sound) {
        pattern->regex = NULL;
        parser_error(parser, DIAG_PATTERN, regex_fault(text, buf_bytes(&error)),
                     B("Invalid regular expression '"), text, B("': "), buf_bytes(&error));
    }
    buf_free(&error);
    return sound;
}

/* \n, \t and their like; \0 is nothing at all. */
static struct bytes special_characters(struct arena *arena, struct bytes text)
{
    static const char from[] = "nrst\\", to[] = "\n\r \t\\";
    char *out = arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char next = text.ptr[i] == '\\' && i + 1 < text.len ? text.ptr[i + 1] : '\0';
        const char *known = next ? strchr(from, next) : NULL;
        if (known || next == '0')
            i++;
        if (known)
            out[len++] = to[known - from];
        else if (next != '0')
            out[len++] = text.ptr[i];
    }
    return bytes_make(out, len);
}

static bool set_function(struct parser *parser, struct bytes text, struct pattern *pattern)
{
    struct buf error = {0};
    bool sound = perl_compile(text, &pattern->code, &error);
    if (!sound) {
        pattern->code = NULL;
        parser_error(parser, DIAG_PERL_CODE, code_fault(text, buf_bytes(&error)),
                     B("Invalid function '"), text, B("', eval didn't return a code reference: "),
                     buf_bytes(&error));
    }
    buf_free(&error);
    return sound;
}

/* A letter, then letters, digits and underscores. */
static bool is_name(struct bytes text)
{
    if (text.len == 0 || !is_alpha(text.ptr[0]))
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (!is_word(text.ptr[i]))
            return false;
    return true;
}

static bool check_cached_name(struct parser *parser, struct bytes text)
{
    if (is_name(text))
        return true;
    parser_error(parser, DIAG_PATTERN, text, B("Invalid cached pattern name '"), text,
                 B("': the name does not have the form "
                   "<letter>[<letter>|<digit>|<underscore>]..."));
    return false;
}

static bool set_truth(struct parser *parser, struct bytes text, struct pattern *pattern)
{
    pattern->truth = bytes_ieq(text, B("TRUE"));
    if (pattern->truth || bytes_ieq(text, B("FALSE")))
        return true;
    parser_error(parser, DIAG_PATTERN, text, B("Invalid truth value '"), text, B("'"));
    return false;
}

/* A Pair's second regular expression that names variables of the first match stays open until
 * there is one.  (SubStr, NSubStr and TValue never give any; NCached gives none either, but
 * upstream leaves the expression alone then, too.) */
static bool stays_open(const enum pattern_type *first, struct bytes text)
{
    return first && *first != PATTERN_TVALUE && *first != PATTERN_SUBSTR &&
           *first != PATTERN_NSUBSTR && template_has_match_vars(text, '$');
}

static bool set_text(struct parser *parser, enum base_type base, struct bytes text,
                     const enum pattern_type *first, struct pattern *pattern)
{
    struct arena *arena = &parser->file->arena;
    pattern->text = text;
    switch (base) {
    case BASE_REGEXP:
        return stays_open(first, text) || set_regexp(parser, pattern->text, pattern);
    case BASE_SUBSTR:
        pattern->text = special_characters(arena, text);
        return true;
    case BASE_PERLFUNC:
        return set_function(parser, pattern->text, pattern);
    case BASE_CACHED:
        return check_cached_name(parser, text);
    case BASE_TVALUE:
    case BASE_TYPES:
        break;
    }
    return set_truth(parser, text, pattern);
}

bool parse_pattern(struct parser *parser, struct bytes type, struct bytes text,
                   const enum pattern_type *first, struct pattern *pattern)
{
    struct type_text found;
    if (!read_type(type, &found)) {
        parser_error(parser, DIAG_PATTERN_TYPE, type, B("Invalid pattern type '"), type, B("'"));
        return false;
    }
    pattern->type = found.type;
    return set_lines(parser, type, found.lines, pattern) &&
           set_text(parser, found.base, text, first, pattern);
}

bool parse_group_pattern(struct parser *parser, struct bytes type, struct bytes text,
                         struct pattern *pattern)
{
    struct type_text found;
    if (!read_type(type, &found) || found.lines.len > 0 || !base_types[found.base].takes_lines) {
        parser_error(parser, DIAG_PATTERN_TYPE, type, B("Invalid event group pattern type '"), type,
                     B("'"));
        return false;
    }
    pattern->type = found.type;
    pattern->lines = 1;
    return set_text(parser, found.base, text, NULL, pattern);
}

/* "name" or "name = number". */
static bool read_mapping(struct bytes text, struct varmap_entry *entry)
{
    ptrdiff_t equals = bytes_chr(text, '=', 0);
    size_t name_end = equals < 0 ? text.len : (size_t)equals;
    entry->name = bytes_trim(bytes_slice(text, 0, name_end));
    entry->number = -1;
    return is_name(entry->name) &&
           (equals < 0 || bytes_uint(bytes_from(text, name_end + 1), true, &entry->number));
}

static struct bytes entry_name(const void *entry)
{
    return ((const struct varmap_entry *)entry)->name;
}

/* A name that is mapped again means what it is mapped to last. */
static void add_mapping(struct varmap *map, struct table *known, const struct varmap_entry *entry)
{
    struct varmap_entry *place = table_find(known, entry->name);
    if (place) {
        place->number = entry->number;
        return;
    }
    place = &map->entries[map->count++];
    *place = *entry;
    table_insert(known, place);
}

/* mappings: the map without semicolons at its end. */
static bool add_mappings(struct parser *parser, struct bytes whole, struct bytes mappings,
                         struct varmap *map)
{
    struct table known;
    bool sound = true;
    table_init(&known, entry_name);
    for (size_t at = 0; sound && at <= mappings.len; at++) {
        ptrdiff_t next = bytes_chr(mappings, ';', at);
        size_t end = next < 0 ? mappings.len : (size_t)next;
        struct bytes mapping = bytes_trim(bytes_slice(mappings, at, end));
        struct varmap_entry entry;
        sound = read_mapping(mapping, &entry);
        if (sound)
            add_mapping(map, &known, &entry);
        else
            parser_error(parser, DIAG_VARMAP, mapping, B("Invalid variable map '"), whole,
                         B("': the variable mapping '"), mapping,
                         B("' does not have the form "
                           "<letter>[<letter>|<digit>|<underscore>]... [= <number>]"));
        at = end;
    }
    table_free(&known);
    return sound;
}

static size_t count_chr(struct bytes text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == c;
    return count;
}

bool parse_varmap(struct parser *parser, enum pattern_type type, struct bytes text,
                  struct varmap **varmap)
{
    struct arena *arena = &parser->file->arena;
    if (type != PATTERN_REGEXP && type != PATTERN_PERLFUNC) {
        diag_rule(&parser->diag, DIAG_VARMAP_UNUSED, text,
                  B("Variable maps are supported for RegExp and PerlFunc patterns only, "
                    "ignoring variable map '"),
                  text, B("'"));
        return true;
    }
    size_t used = text.len; /* semicolons at the end do not count */
    while (used > 0 && (text.ptr[used - 1] == ';' || is_space(text.ptr[used - 1])))
        used--;
    *varmap = arena_zalloc(arena, sizeof(**varmap));
    if (used == 0)
        return true;
    struct bytes mappings = bytes_slice(text, 0, used);
    (*varmap)->entries =
        arena_alloc(arena, (count_chr(mappings, ';') + 1) * sizeof(struct varmap_entry));
    return add_mappings(parser, text, mappings, *varmap);
}
