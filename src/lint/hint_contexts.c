/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for context expressions: operators, operands, parentheses. */
#include "lint/hint.h"

/* "and" and the like, and what is written for them. */
static bool say_operator(const struct hint *hint)
{
    static const struct {
        const char *word, *operator;
    } operators[] = {{"&", "&&"}, {"|", "||"}, {"and", "&&"}, {"or", "||"}, {"not", "!"}};
    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
        if (!bytes_ieq(hint->at, bytes_of(operators[i].word)))
            continue;
        hint_say(hint, B("the operators are && || and !: write "), bytes_of(operators[i].operator));
        lint_fix(hint->lint, hint->finding, hint->at, bytes_of(operators[i].operator));
        return true;
    }
    return false;
}

static bool has_comparison(struct bytes text)
{
    static const struct bytes signs[] = {B("=="),   B("=~"), B("!="), B(" eq "),
                                         B(" ne "), B("<"),  B(">")};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (bytes_find(text, signs[i], 0) >= 0)
            return true;
    return false;
}

static void say_operand(const struct hint *hint)
{
    struct bytes rest = hint->at, first = B(""), second;
    bytes_word(&rest, &first);
    if (bytes_eq(hint->at, B("!")))
        hint_say(hint, B("! needs an operand after it"));
    else if (bytes_eq(hint->at, B("&&")) || bytes_eq(hint->at, B("||")))
        hint_say(hint, hint->at, B(" needs an operand on both sides"));
    else if (bytes_eq(hint->at, B("=")))
        hint_say(hint, B("= needs Perl code in parentheses after it: =( ... )"));
    else if (bytes_eq(hint->at, B("()")) || bytes_eq(hint->at, B("[]")))
        hint_say(hint, B("it names no context"));
    else if (bytes_eq(first, B("varset")))
        hint_say(hint, B("the syntax is: varset NAME, the name of a pattern match cache entry"));
    else if (has_comparison(hint->at))
        hint_say(hint, B("to compare values, use a Perl expression: =( "), hint->at, B(" )"));
    else if (bytes_word(&rest, &second))
        hint_say(hint, B("there is no operator between '"), first, B("' and '"), second,
                 B("': a context is one word, and the operators are && || and !"));
}

static void say_parenthesis(const struct hint *hint)
{
    bool code = bytes_find(hint->value, B("->"), 0) >= 0 ||
                bytes_find(hint->value, B(":>"), 0) >= 0 || bytes_chr(hint->value, '=', 0) >= 0;
    hint_say(
        hint, bytes_eq(hint->at, B("(")) ? B("this ( is never closed") : B("no ( is open here"),
        code ? B("; for an unpaired one in Perl code write \\") : B(""), code ? hint->at : B(""));
}

void hint_context(const struct hint *hint)
{
    if (bytes_starts(hint->message, B("Unexpected subexpression")))
        hint_say(hint, B("a group in parentheses needs an operator (&& || !) before it"));
    else if (bytes_eq(hint->at, B("(")) || bytes_eq(hint->at, B(")")))
        say_parenthesis(hint);
    else if (!say_operator(hint))
        say_operand(hint);
}
