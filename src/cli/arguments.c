/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines by the rules of Getopt::Long.
 *
 * All names that an option answers to, negated ones included, are in one sorted table; a name
 * from the command line, in lower case, picks the entries that begin with it.  What is wrong is
 * said at once, in Getopt::Long's words, and reading goes on with the next argument.
 */
#include "cli/arguments.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/slips.h"
#include "installed.h"

/* A name under which an option is known. */
struct known {
    struct bytes name; /* owned */
    const struct option_spec *spec;
    bool negated;
};

struct reader {
    const struct bytes *arguments;
    size_t count, at;
    size_t from;         /* where the option at hand begins */
    struct known *names; /* owned, sorted */
    size_t name_count;
    bool posix;                     /* POSIXLY_CORRECT */
    bool wrong;                     /* there was something to complain of */
    const struct option_spec *word; /* of what is no option; NULL: there may be nothing else */
    option_set *set;
    void *arg;
};

void complain_parts(const struct bytes *parts, size_t count)
{
    struct buf text = {0};
    buf_cat_parts(&text, parts, count);
    fwrite(text.ptr, 1, text.len, stderr);
    fflush(stderr);
    buf_free(&text);
}

static struct bytes lower(struct bytes text)
{
    char *copy = bytes_cstr(text);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = ascii_lower(copy[i]);
    return bytes_make(copy, text.len);
}

/* The table of names. */

static void add_name(struct reader *reader, const char *prefix, const char *name,
                     const struct option_spec *spec)
{
    struct buf text = {0};
    buf_cat(&text, bytes_of(prefix), bytes_of(name));
    reader->names[reader->name_count++] =
        (struct known){bytes_dup(buf_bytes(&text)), spec, *prefix != '\0'};
    buf_free(&text);
}

static int compare_names(const void *a, const void *b)
{
    return bytes_cmp(((const struct known *)a)->name, ((const struct known *)b)->name);
}

static void collect_names(struct reader *reader, const struct option_spec *specs, size_t count)
{
    reader->names = mem_array(NULL, 3 * count, sizeof(*reader->names));
    for (const struct option_spec *spec = specs; spec < specs + count; spec++) {
        if (spec->type == OPTION_WORD) {
            reader->word = spec;
            continue;
        }
        add_name(reader, "", spec->name, spec);
        if (spec->synonym)
            add_name(reader, "", spec->synonym, spec);
        if (spec->type == OPTION_SWITCH) {
            add_name(reader, "no", spec->name, spec);
            add_name(reader, "no-", spec->name, spec);
        }
    }
    qsort(reader->names, reader->name_count, sizeof(*reader->names), compare_names);
}

static void free_names(struct reader *reader)
{
    for (size_t i = 0; i < reader->name_count; i++)
        bytes_free(reader->names[i].name);
    free(reader->names);
}

static void complain_ambiguous(struct bytes name, const struct known *hits, size_t count)
{
    struct buf list = {0};
    for (; count > 0; hits++) {
        if (hits->spec->type & OPTION_WHOLE)
            continue;
        buf_cat(&list, list.len ? B(", ") : B(""), hits->name);
        count--;
    }
    complain(B("Option "), name, B(" is ambiguous ("), buf_bytes(&list), B(")\n"));
    buf_free(&list);
}

/* rnu, run */
static bool is_swapped(struct bytes a, struct bytes b)
{
    size_t i = 0;
    while (a.len == b.len && i < a.len && a.ptr[i] == b.ptr[i])
        i++;
    return a.len == b.len && i + 1 < a.len && a.ptr[i] == b.ptr[i + 1] &&
           a.ptr[i + 1] == b.ptr[i] && bytes_eq(bytes_from(a, i + 2), bytes_from(b, i + 2));
}

/* A name that was meant, perhaps; in very short ones each letter counts, but not their order. */
static void suggest(const struct reader *reader, struct bytes name)
{
    const struct known *nearest = NULL;
    size_t least = name.len < 4 ? 0 : slips_too_many(name);
    for (const struct known *k = reader->names; k < reader->names + reader->name_count; k++)
        if (slips_fewer(name, k->name, &least) || (name.len == 3 && is_swapped(name, k->name)))
            nearest = k;
    if (nearest)
        complain(B("("), SLIPS_ASK(B("--"), nearest->name), B(")\n"));
}

/* The option that a name stands for; it is given in lower case and as it was.  NULL: a complaint
 * was made. */
static const struct known *find_option(const struct reader *reader, struct bytes name,
                                       struct bytes original)
{
    const struct known *hits = NULL;
    size_t count = 0;
    bool same = true;
    for (const struct known *k = reader->names; k < reader->names + reader->name_count; k++) {
        if (bytes_eq(k->name, name))
            return k;
        if (reader->posix || (k->spec->type & OPTION_WHOLE) || !bytes_starts(k->name, name))
            continue;
        if (count++ == 0)
            hits = k;
        same = same && k->spec == hits->spec && k->negated == hits->negated;
    }
    /* All names of one option: its first name sorts before its synonym. */
    if (count > 0 && same)
        return hits;
    if (count > 0)
        complain_ambiguous(name, hits, count);
    if (count == 0) {
        complain(B("Unknown option: "), reader->posix ? original : name, B("\n"));
        suggest(reader, name);
    }
    return NULL;
}

/* Values. */

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    return is_alpha(c) ? (c | 0x20) - 'a' + 10 : 99;
}

/* Takes one or more digits of the base off *rest; underscores may stand before and between them. */
static bool take_digits(struct bytes *rest, int base, int64_t *value)
{
    size_t i = 0;
    bool any = false;
    *value = 0;
    for (; i < rest->len; i++) {
        int digit = digit_value(rest->ptr[i]);
        if (rest->ptr[i] == '_')
            continue;
        if (digit >= base)
            break;
        any = true;
        if (*value <= INT64_MAX / 4 / base - 1)
            *value = *value * base + digit;
        else
            *value = INT64_MAX / 4;
    }
    *rest = bytes_from(*rest, i);
    return any;
}

static bool take_sign(struct bytes *rest)
{
    if (rest->len == 0 || (*rest->ptr != '-' && *rest->ptr != '+'))
        return false;
    bool minus = *rest->ptr == '-';
    *rest = bytes_from(*rest, 1);
    return minus;
}

/* Perl's $ matches before a final newline, too. */
static bool at_end(struct bytes rest)
{
    return rest.len == 0 || (rest.len == 1 && *rest.ptr == '\n');
}

static bool parse_integer(struct bytes text, int64_t *value)
{
    bool minus = take_sign(&text);
    if (!take_digits(&text, 10, value) || !at_end(text))
        return false;
    if (minus)
        *value = -*value;
    return true;
}

static bool parse_extended(struct bytes text, int64_t *value)
{
    static const struct {
        char letter;
        int base;
    } prefixes[] = {{'x', 16}, {'b', 2}};
    if (text.len == 0 || *text.ptr != '0') {
        /* A decimal number may not begin with 0, nor may what follows its sign. */
        struct bytes digits = text;
        take_sign(&digits);
        while (digits.len > 0 && *digits.ptr == '_')
            digits = bytes_from(digits, 1);
        return digits.len > 0 && *digits.ptr != '0' && parse_integer(text, value);
    }
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (text.len > 1 && (text.ptr[1] | 0x20) == prefixes[i].letter) {
            text = bytes_from(text, 2);
            return take_digits(&text, prefixes[i].base, value) && at_end(text);
        }
    return take_digits(&text, 8, value) && at_end(text);
}

static size_t skip_real_digits(struct bytes text, size_t at)
{
    while (at < text.len && (is_digit(text.ptr[at]) || text.ptr[at] == '_'))
        at++;
    return at;
}

/* A real number's grammar is that of the Getopt::Long with which the program was built: up to 2.52
 * any one character may stand for the decimal point, if a digit follows (the value is that of the
 * digits before it); later ones want a point, which may also be the end. */
#if GETOPT_ANY_POINT
static bool begins_real(struct bytes text)
{
    return text.len > 0 && (is_digit(*text.ptr) || *text.ptr == '.');
}

static size_t skip_fraction(struct bytes text, size_t at)
{
    if (at == text.len || text.ptr[at] == '\n')
        return at;
    size_t end = skip_real_digits(text, at + 1);
    return end > at + 1 ? end : at;
}
#else
static bool begins_real(struct bytes text)
{
    size_t point = text.len > 0 && *text.ptr == '.';
    return text.len > point && is_digit(text.ptr[point]);
}

static size_t skip_fraction(struct bytes text, size_t at)
{
    return at < text.len && text.ptr[at] == '.' ? skip_real_digits(text, at + 1) : at;
}
#endif

static bool is_real(struct bytes text)
{
    size_t signs = text.len > 0 && (*text.ptr == '-' || *text.ptr == '+');
    if (!begins_real(bytes_from(text, signs)))
        return false;
    size_t at = skip_fraction(text, skip_real_digits(text, signs));
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        size_t sign = at + 1 < text.len && (text.ptr[at + 1] == '-' || text.ptr[at + 1] == '+');
        size_t end = skip_real_digits(text, at + 1 + sign);
        at = end > at + 1 + sign ? end : at;
    }
    return at_end(bytes_from(text, at));
}

static bool parse_real(struct bytes text, double *value)
{
    if (!is_real(text))
        return false;
    struct buf plain = {0};
    for (size_t i = 0; i < text.len && bytes_chr(B("0123456789+-.eE_"), text.ptr[i], 0) >= 0; i++)
        if (text.ptr[i] != '_')
            buf_char(&plain, text.ptr[i]);
    buf_char(&plain, '\0');
    *value = strtod(plain.ptr, NULL);
    buf_free(&plain);
    return true;
}

/* What was expected instead, or NULL. */
static const char *parse_value(enum option_type type, struct bytes text, struct option_value *value)
{
    switch (type) {
    case OPTION_INTEGER:
        return parse_integer(text, &value->number) ? NULL : "number expected";
    case OPTION_EXTENDED:
        return parse_extended(text, &value->number) ? NULL : "extended number expected";
    case OPTION_REAL:
        return parse_real(text, &value->real) ? NULL : "real number expected";
    default:
        value->text = text;
        return NULL;
    }
}

/* Reading. */

static void note_wrong(struct reader *reader, const struct option_spec *spec)
{
    reader->wrong = true;
    if (spec->type & OPTION_VITAL)
        reader->set(reader->arg, spec, NULL);
}

/* `given` is what followed "="; its ptr is NULL when nothing did. */
static void read_option(struct reader *reader, const struct known *option, struct bytes given)
{
    const struct option_spec *spec = option->spec;
    struct option_value value = {
        .number = !option->negated, .from = reader->from, .to = reader->at};
    enum option_type type = option_type_of(spec);
    if (type == OPTION_FLAG || type == OPTION_SWITCH) {
        if (!given.ptr) {
            reader->set(reader->arg, spec, &value);
            return;
        }
        complain(B("Option "), option->name, B(" does not take an argument\n"));
        note_wrong(reader, spec);
        return;
    }
    if (type == OPTION_MAYBE) {
        value.text = given;
        reader->set(reader->arg, spec, &value);
        return;
    }
    if (given.ptr ? given.len == 0 : reader->at == reader->count) {
        complain(B("Option "), option->name, B(" requires an argument\n"));
        note_wrong(reader, spec);
        return;
    }
    if (!given.ptr)
        given = reader->arguments[reader->at++];
    value.to = reader->at;
    const char *expected = parse_value(type, given, &value);
    if (!expected) {
        reader->set(reader->arg, spec, &value);
        return;
    }
    complain(B("Value \""), given, B("\" invalid for option "), option->name, B(" ("),
             bytes_of(expected), B(")\n"));
    note_wrong(reader, spec);
}

/* How many characters make this argument an option; 0: it is none. */
static size_t starter_length(const struct reader *reader, struct bytes argument)
{
    if (bytes_starts(argument, B("--")))
        return 2;
    if (argument.len > 1 && *argument.ptr == '-')
        return 1;
    return argument.len > 0 && *argument.ptr == '+' && !reader->posix;
}

static void read_argument(struct reader *reader, struct bytes argument, size_t starter)
{
    struct bytes name = bytes_from(argument, starter), given = {0};
    if (name.len == 0) {
        reader->wrong = true;
        complain(B("Missing option after "), argument, B("\n"));
        return;
    }
    ptrdiff_t equals = reader->posix && starter == 1 ? -1 : bytes_chr(name, '=', 1);
    if (equals > 0) {
        given = bytes_from(name, (size_t)equals + 1);
        name.len = (size_t)equals;
    }
    struct bytes key = lower(name);
    const struct known *option = find_option(reader, key, name);
    if (option)
        read_option(reader, option, given);
    reader->wrong |= !option;
    bytes_free(key);
}

/* An argument that is no option. */
static void read_word(struct reader *reader, struct bytes argument)
{
    if (reader->word) {
        reader->set(reader->arg, reader->word, &(struct option_value){.text = argument});
    } else if (!reader->posix) {
        reader->wrong = true;
        complain(B("Unknown argument: "), argument, B("\n"));
    }
}

/* The options have ended. */
static void read_words(struct reader *reader)
{
    while (reader->at < reader->count) {
        struct bytes argument = reader->arguments[reader->at++];
        if (reader->word)
            read_word(reader, argument);
    }
}

bool arguments_read(const struct bytes *arguments, size_t count, const struct option_spec *specs,
                    size_t spec_count, option_set *set, void *arg)
{
    struct reader reader = {.arguments = arguments, .count = count, .set = set, .arg = arg};
    reader.posix = getenv("POSIXLY_CORRECT") != NULL;
    collect_names(&reader, specs, spec_count);
    while (reader.at < count) {
        struct bytes argument = arguments[reader.from = reader.at++];
        if (bytes_eq(argument, B("--"))) {
            read_words(&reader);
            break;
        }
        size_t starter = starter_length(&reader, argument);
        if (starter > 0) {
            read_argument(&reader, argument, starter);
            continue;
        }
        read_word(&reader, argument);
        if (reader.posix)
            read_words(&reader);
    }
    free_names(&reader);
    return !reader.wrong;
}
