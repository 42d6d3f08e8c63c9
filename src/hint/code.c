/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for Perl code that does not compile, from what Perl says (perldiag). */
#include "hint/hint.h"

/* Perl's own words: they come after ours. */
static struct bytes perl_message(const struct hint *hint)
{
    static const struct bytes before = B("didn't return a code reference: ");
    ptrdiff_t at = bytes_rfind(hint->message, before);
    return at < 0 ? hint->message : bytes_from(hint->message, (size_t)at + before.len);
}

/* The first message, without where: "at (eval 5) line 1" is a line that no file has. */
static struct bytes first_message(struct bytes message)
{
    static const struct bytes ends[] = {B(" at (eval "), B("; marked by"), B(" in @INC"),
                                        B(" (did you"), B("\n")};
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        ptrdiff_t at = bytes_find(message, ends[i], 0);
        if (at >= 0)
            message.len = (size_t)at;
    }
    return message;
}

static bool is_said(struct bytes message, const char *text)
{
    return bytes_find(message, bytes_of(text), 0) >= 0;
}

/* What this machine lacks is no mistake of the rules.  "Net/SMTP.pm" is in Debian's package
 * libnet-smtp-perl, by Debian's Perl policy. */
static bool say_module(const struct hint *hint, struct bytes message)
{
    static const struct bytes before = B("Can't locate ");
    ptrdiff_t end = bytes_find(message, B(".pm in @INC"), 0);
    if (!bytes_starts(message, before) || end < 0)
        return false;
    struct buf module = {0}, package = {0};
    for (size_t i = before.len; i < (size_t)end; i++) {
        char c = message.ptr[i];
        buf_cat(&module, c == '/' ? B("::") : bytes_make(&c, 1));
        buf_char(&package, c == '/' || c == '_' ? '-' : ascii_lower(c));
    }
    hint->finding->text = arena_cat(&hint->lint->arena, B("the Perl code needs the module "),
                                    buf_bytes(&module), B(", which this machine does not have"));
    hint_say(hint, B("install it (Debian's package would be lib"), buf_bytes(&package),
             B("-perl) or add its folder to PERL5LIB"));
    hint->finding->cause = arena_bytes(&hint->lint->arena, buf_bytes(&module));
    buf_free(&module);
    buf_free(&package);
    return true;
}

static bool is_function(struct bytes code)
{
    return bytes_starts(code, B("sub")) && (code.len == 3 || !is_word(code.ptr[3]));
}

/* The code as the message has it, in quotes. */
static struct bytes code_of(const struct hint *hint)
{
    ptrdiff_t open = bytes_chr(hint->message, '\'', 0);
    ptrdiff_t end = bytes_rfind(hint->message, B("didn't return a code reference: "));
    if (open < 0 || end <= open)
        return B("");
    struct bytes code = bytes_slice(hint->message, (size_t)open + 1, (size_t)end);
    ptrdiff_t close = bytes_rfind(code, B("'"));
    return close < 0 ? code : bytes_slice(code, 0, (size_t)close);
}

/* A "#" that Perl takes for a comment: code is one line, so all of the rest is. */
static bool has_comment(struct bytes code)
{
    for (size_t i = 1; i + 1 < code.len; i++)
        if (code.ptr[i] == '#' && is_space(code.ptr[i - 1]) && is_space(code.ptr[i + 1]))
            return true;
    return false;
}

static bool say_by_table(const struct hint *hint, struct bytes message)
{
    static const struct {
        const char *message, *hint;
    } said[] = {
        {"Can't modify", "= assigns; == compares numbers, eq compares strings"},
        {"Global symbol", "under 'use strict' declare it first, with my"},
        {"Can't find string terminator", "the string that starts here is never closed"},
        {"Missing right curly", "this brace is never closed"},
        {"Unmatched right curly", "no { is open here"},
        {"Bareword", "a string needs quotes around it"},
        {" in regex", "the regular expression in it is invalid"},
        {"is not exported by", "the module exports nothing by that name"},
        {"Search pattern not terminated", "the / that starts a pattern is never closed"},
        {"Substitution", "s/// needs three slashes"},
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
        if (!is_said(message, said[i].message))
            continue;
        hint_say(hint, bytes_of(said[i].hint));
        return true;
    }
    return false;
}

/* What other languages have, at the place of a syntax error. */
static bool say_other_language(const struct hint *hint)
{
    static const struct {
        const char *begin, *hint;
    } words[] = {
        {"elseif", "in Perl it is elsif"},
        {"else if", "in Perl it is elsif"},
        {"else", "else needs braces: else { ... }"},
        {"if", "a condition needs parentheses: if ( ... )"},
        {"elsif", "a condition needs parentheses: elsif ( ... )"},
        {"while", "a condition needs parentheses: while ( ... )"},
        {"def", "write a function as sub { ... }"},
        {"function", "write a function as sub { ... }"},
        {"try", "in Perl write eval { ... }; if ($@) { ... }"},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        struct bytes begin = bytes_of(words[i].begin);
        if (!bytes_starts(hint->at, begin) ||
            (hint->at.len > begin.len && is_word(hint->at.ptr[begin.len])))
            continue;
        hint_say(hint, bytes_of(words[i].hint));
        return true;
    }
    return false;
}

/* The message, shorter, with what it is about. */
static void shorten(const struct hint *hint, struct bytes first)
{
    bool near = bytes_eq(first, B("syntax error")) && hint->at.len < 40;
    hint->finding->text =
        arena_cat(&hint->lint->arena, B("Perl code: "), first, near ? B(" near '") : B(""),
                  near ? hint->at : B(""), near ? B("'") : B(""));
}

void hint_code(const struct hint *hint)
{
    struct bytes message = perl_message(hint), first = first_message(message), code = code_of(hint);
    bool failed = is_said(message, " at (eval "), function = is_function(code);
    bool syntax = bytes_starts(first, B("syntax error"));
    if (failed)
        shorten(hint, first);
    else
        hint->finding->text = B("the Perl code returns no function");
    if (is_said(first, "Unrecognized character") && hint_look_alike(hint, hint->at))
        return;
    if (say_module(hint, message))
        return;
    if (function && failed && has_comment(code))
        hint_say(hint,
                 B("to Perl the code is one line, and everything after # a comment: remove the "
                   "comment"));
    else if (is_said(first, "Global symbol \"@"))
        hint_say(hint, B("in double quotes @ starts an array: for a literal @ write \\@"));
    else if (say_by_table(hint, first))
        return;
    else if (!function)
        hint_say(hint, B("the code must be a function: sub { ... }"));
    else if (syntax && !say_other_language(hint))
        hint_say(hint, B("look just before the mark as well: a missing ; or ) is noticed late"));
}
