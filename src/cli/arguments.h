/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines by the rules of Perl's Getopt::Long, as it is when nobody configures it.
 *
 * Names are taken in any case and may be shortened as long as they stay unambiguous; one dash, two
 * dashes and a plus all begin an option; a value follows after "=" or as the next argument; other
 * arguments may stand between options; "--" ends the options.  Where POSIXLY_CORRECT is set, names
 * are not shortened, "+" begins nothing and the first other argument ends the options.
 */
#ifndef SECANT_CLI_ARGUMENTS_H
#define SECANT_CLI_ARGUMENTS_H

#include "base/bytes.h"

enum option_type {
    OPTION_FLAG,     /* takes no value */
    OPTION_SWITCH,   /* takes no value and can be negated: --tail, --notail, --no-tail */
    OPTION_TEXT,     /* any value but the empty one after "=" */
    OPTION_LIST,     /* the same, and each value counts, not only the last */
    OPTION_INTEGER,  /* decimal, with a sign if need be */
    OPTION_EXTENDED, /* the same, and octal 022, hexadecimal 0x12, binary 0b10010 */
    OPTION_REAL,
    OPTION_MAYBE, /* with a text after "=", or with nothing: {NULL, 0} */
    OPTION_WORD,  /* no option: what each other argument is; without it there may be none */
    /* With one of these: the name is not shortened, so that short forms of others stay what they
     * are. */
    OPTION_WHOLE = 0x100,
    /* The caller is told, too, that it was given in a way that it cannot be: set's value is NULL
     * then. */
    OPTION_VITAL = 0x200,
};

struct option_spec {
    const char *name;
    const char *synonym; /* NULL: none */
    enum option_type type;
    size_t field; /* for the caller */
};

static inline enum option_type option_type_of(const struct option_spec *spec)
{
    return (enum option_type)(spec->type & ~(unsigned)(OPTION_WHOLE | OPTION_VITAL));
}

struct option_value {
    struct bytes text; /* OPTION_TEXT, LIST, MAYBE, WORD; lives as long as the argument */
    int64_t number;    /* the integers, not beyond INT64_MAX / 4; FLAG and SWITCH: 0 or 1 */
    double real;
    size_t from, to; /* the arguments that it took, from 0, `to` is after the last one */
};

typedef void option_set(void *arg, const struct option_spec *spec,
                        const struct option_value *value);

/* Calls `set` for each option in turn; complaints go to standard error as they come.  Returns false
 * if there were any. */
bool arguments_read(const struct bytes *arguments, size_t count, const struct option_spec *specs,
                    size_t spec_count, option_set *set, void *arg);
/* Writes the joined texts to standard error. */
#define complain(...)                                                                              \
    complain_parts((const struct bytes[]){__VA_ARGS__},                                            \
                   sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void complain_parts(const struct bytes *parts, size_t count);

#endif
