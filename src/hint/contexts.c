/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for context expressions: operators, operands, parentheses. */
#include "hint/hint.h"

/* -- Operators in words -- */

/* "and" and the like, as they are written; empty: it is none. */
static struct bytes operator_of(struct bytes word)
{
    static const struct {
        const char *word, *operator;
    } operators[] = {{"&", "&&"}, {"|", "||"}, {"and", "&&"}, {"or", "||"}, {"not", "!"}};
    for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++)
        if (bytes_ieq(word, bytes_of(operators[i].word)))
            return bytes_of(operators[i].operator);
    return B("");
}

/* Up to white space or a parenthesis. */
static struct bytes word_at(struct bytes text, size_t from)
{
    size_t to = from;
    while (to < text.len && !is_space(text.ptr[to]) && text.ptr[to] != '(' && text.ptr[to] != ')')
        to++;
    return bytes_slice(text, from, to);
}

/* The expression with all its operators as they are written: "NIGHT && !HOLIDAY". */
static void mend_operators(const struct hint *hint, struct buf *out)
{
    struct bytes text = hint->value;
    for (size_t i = 0; i < text.len;) {
        struct bytes word = word_at(text, i), operator= operator_of(word);
        bool not = bytes_eq(operator, B("!"));
        size_t next = i + (word.len > 0 ? word.len : 1);
        while (not &&next + 1 < text.len && is_space(text.ptr[next]))
            next++;
        struct bytes old = bytes_slice(text, i, next);
        if (operator.len> 0)
            lint_fix(hint->lint, hint->finding, old, operator);
        buf_add(out, operator.len > 0 ? operator : old);
        i = next;
    }
}

static bool has_code(const struct hint *hint)
{
    return bytes_find(hint->value, B("->"), 0) >= 0 || bytes_find(hint->value, B(":>"), 0) >= 0 ||
           bytes_chr(hint->value, '=', 0) >= 0;
}

static bool say_operator(const struct hint *hint)
{
    struct bytes operator= operator_of(hint->at);
    struct buf mended = {0};
    if (operator.len == 0)
        return false;
    if (has_code(hint)) { /* whose words are not operators of the expression */
        hint_say(hint, B("the operators are && || and !: write "), operator);
        lint_fix(hint->lint, hint->finding, hint->at, operator);
        return true;
    }
    mend_operators(hint, &mended);
    hint_say(hint, B("the operators are && || and !: write "), hint->name, B("="),
             buf_bytes(&mended));
    buf_free(&mended);
    return true;
}

/* -- Operands -- */

/* The first sign that compares; false: there is none. */
static bool find_comparison(struct bytes text, struct bytes *sign)
{
    static const struct bytes signs[] = {B("=="), B("=~"), B("!="), B("!~"), B(" eq "), B(" ne "),
                                         B("<="), B(">="), B("<"),  B(">"),  B("=")};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        ptrdiff_t at = bytes_find(text, signs[i], 0);
        if (at <= 0)
            continue;
        *sign = bytes_slice(text, (size_t)at, (size_t)at + signs[i].len);
        return true;
    }
    return false;
}

/* Texts are parameters of a function: in code they would be code. */
static void say_comparison(const struct hint *hint, struct bytes sign)
{
    struct bytes text = hint->at, name = bytes_eq(text, hint->value) ? hint->name : B("");
    struct bytes left = bytes_trim(bytes_slice(text, 0, (size_t)(sign.ptr - text.ptr)));
    struct bytes right = bytes_trim(bytes_from(text, (size_t)(sign.ptr - text.ptr) + sign.len));
    bool bare = right.len > 0 && (is_word(*right.ptr) || *right.ptr == '$' || *right.ptr == '%');
    bool match = bytes_ends(sign, B("~"));
    int64_t number;
    sign = bytes_trim(sign);
    struct bytes equals = name.len > 0 ? B("=") : B("");
    if (match || (!bytes_uint(right, false, &number) && *sign.ptr != '<' && *sign.ptr != '>')) {
        struct bytes quote = match || !bare ? B("") : B("\"");
        sign = match ? sign : *sign.ptr == '!' || bytes_eq(sign, B("ne")) ? B("ne") : B("eq");
        hint_say(hint, B("to compare texts, use a Perl function: "), name, equals, left,
                 B(" -> ( sub { $_[0] "), sign, B(" "), quote, right, quote, B(" } )"));
        return;
    }
    hint_say(hint, B("to compare numbers, use a Perl expression: "), name, equals, B("=( "), left,
             B(" "), bytes_eq(sign, B("=")) ? B("==") : sign, B(" "), right, B(" )"));
}

static void say_operand(const struct hint *hint)
{
    struct bytes rest = hint->at, first = B(""), second, sign;
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
    else if (find_comparison(hint->at, &sign))
        say_comparison(hint, sign);
    else if (bytes_word(&rest, &second))
        hint_say(hint, B("there is no operator between '"), first, B("' and '"), second,
                 B("': a context is one word, and the operators are && || and !"));
}

static void say_parenthesis(const struct hint *hint)
{
    bool code = has_code(hint);
    hint_say(hint,
             bytes_eq(hint->at, B("(")) ? B("this ( is never closed: end it with )")
                                        : B("no ( is open here: remove this ), or add the ("),
             code ? B("; for an unpaired one in Perl code write \\") : B(""),
             code ? hint->at : B(""));
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
