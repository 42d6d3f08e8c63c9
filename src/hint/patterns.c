/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for patterns: Perl's messages about regular expressions (perldiag) in other words, with the
 * most common cause in a rule. */
#include "hint/hint.h"

/* "PerlFunction" */
static bool is_longer(struct bytes word, struct bytes known)
{
    return word.len > known.len && bytes_ieq(bytes_slice(word, 0, known.len), known);
}

void hint_pattern_type(const struct hint *hint)
{
    static const char *const known[] = {"RegExp",    "NRegExp", "SubStr",  "NSubStr", "PerlFunc",
                                        "NPerlFunc", "Cached",  "NCached", "TValue"};
    struct bytes word = hint->at;
    while (word.len > 0 && is_digit(word.ptr[word.len - 1]))
        word.len--;
    struct nearest nearest = nearest_to(word);
    bool group = bytes_eq(hint->name, B("egptype"));
    for (size_t i = 0; i < sizeof(known) / sizeof(*known) - (group ? 3 : 0); i++) {
        nearest_try(&nearest, bytes_of(known[i]));
        if (is_longer(word, bytes_of(known[i])))
            nearest.found = bytes_of(known[i]);
    }
    if (bytes_ieq(word, nearest.found))
        hint_say(hint, group || ascii_lower(*word.ptr) == 't' || ascii_lower(*word.ptr) == 'c'
                           ? B("it takes no number of lines here")
                           : B("its number of lines must be 1 or more"));
    else if (!hint_nearest(hint, &nearest))
        hint_say(
            hint,
            group ? B("it must be RegExp, SubStr or PerlFunc, or one of these negated, with N in "
                      "front")
                  : B("the pattern types are RegExp, SubStr, PerlFunc and Cached, each negated "
                      "with N in front, and TValue"));
}

/* -- Regular expressions -- */

static bool is_said(const struct hint *hint, struct bytes text)
{
    return bytes_find(hint->message, text, 0) >= 0;
}

/* "*.log", "*error*" */
static void say_quantifier(const struct hint *hint)
{
    bool star = bytes_eq(hint->at, B("*"));
    if (star)
        hint_say(hint, B("a regular expression is not a file pattern: for any text write .*, for a "
                         "literal * write \\*"));
    else
        hint_say(hint, hint->at, B(" repeats what comes before it; for a literal one write \\"),
                 hint->at);
    if (star)
        lint_fix(hint->lint, hint->finding, hint->at, B(".*"));
}

static void say_class(const struct hint *hint)
{
    static const char *const known[] = {"alnum", "alpha", "ascii",  "blank", "cntrl",
                                        "digit", "graph", "lower",  "print", "punct",
                                        "space", "upper", "xdigit", "word"};
    if (hint->at.len < 5)
        return;
    struct bytes name = bytes_slice(hint->at, 2, hint->at.len - 2);
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        nearest_try(&nearest, bytes_of(known[i]));
    if (!hint_nearest(hint, &nearest))
        hint_say(hint,
                 B("classes are alnum, alpha, digit, xdigit, lower, upper, space, punct and so "
                   "on: [[:digit:]]"));
}

static void say_parenthesis(const struct hint *hint)
{
    struct bytes from = bytes_from(hint->value, (size_t)(hint->at.ptr - hint->value.ptr));
    struct bytes open = hint_short(hint, from);
    if (open.len == 1 && !bytes_eq(hint->at, B(")")))
        hint_say(hint, B("nothing follows this "), open, B(": for a literal "), open,
                 B(" write \\"), open);
    else if (bytes_eq(hint->at, B(")")))
        hint_say(hint, B("no ( is open here: remove this ), or put the ( that is missing before "
                         "it; for a literal ) write \\)"));
    else if (!bytes_eq(hint->at, B("(")))
        hint_say(hint, B("the set that begins with '"), open,
                 B("' is never closed: end it with ]; for a literal [ write \\["));
    else
        hint_say(hint, B("the group that begins with '"), open,
                 B("' is never closed: end it with )"),
                 bytes_find(from, B("\\)"), 0) > 0 ? B(" (\\) is a literal)") : B(""),
                 B("; for a literal ( write \\("));
}

static void say_regexp(const struct hint *hint)
{
    static const struct {
        const char *message, *hint;
    } said[] = {
        {"Nested quantifiers",
         "two of * + ? {} in a row: for any text write .*, for a literal * write \\*"},
        {"Invalid [] range",
         "a range runs from the lower to the higher character; for a literal - write \\-"},
        {"Reference to nonexistent", "the pattern has no such group"},
        {"Lookbehind longer", "a lookbehind cannot contain * or +: its length is limited"},
        {"Can't do {n,m}", "the smaller number comes first"},
        {"Sequence (?", "(? needs : = ! < or a flag after it; for a literal ? write \\?"},
        {"Search pattern not terminated",
         "a backslash at the end escapes nothing; for a literal one "
         "write \\\\"},
        {"Missing right brace", "this { is never closed; for a literal { write \\{"},
        {"Missing braces", "\\N, \\p and \\x{...} need braces; for a literal backslash write \\\\"},
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
        if (!is_said(hint, bytes_of(said[i].message)))
            continue;
        hint_say(hint, bytes_of(said[i].hint));
        return;
    }
}

/* What Perl says, without where: the place is known better. */
static void shorten(const struct hint *hint)
{
    static const struct bytes ends[] = {B("; marked by <-- HERE"), B(" in regex m/"), B(" at ")};
    ptrdiff_t at = bytes_find(hint->message, B("': "), 0), end = -1;
    if (!bytes_starts(hint->message, B("Invalid regular expression '")) || at < 0)
        return;
    struct bytes said = bytes_from(hint->message, (size_t)at + 3);
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends) && end <= 0; i++)
        end = bytes_rfind(said, ends[i]);
    if (end > 0)
        said = bytes_slice(said, 0, (size_t)end);
    ptrdiff_t last = bytes_rfind(said, B("': ")); /* of the pattern, too */
    if (last >= 0)
        said = bytes_from(said, (size_t)last + 3);
    hint->finding->text =
        arena_cat(&hint->lint->arena, B("Invalid regular expression: "), bytes_trim(said));
}

void hint_pattern(const struct hint *hint)
{
    shorten(hint);
    if (bytes_starts(hint->message, B("Invalid truth value")))
        hint_say(hint, B("it must be TRUE or FALSE"));
    else if (!bytes_starts(hint->message, B("Invalid regular expression")))
        return;
    else if (hint_look_alike(hint, hint->at))
        return;
    else if (is_said(hint, B("Quantifier follows nothing")))
        say_quantifier(hint);
    else if (is_said(hint, B("POSIX class")))
        say_class(hint);
    else if (is_said(hint, B("': Unmatched ")))
        say_parenthesis(hint);
    else
        say_regexp(hint);
}
