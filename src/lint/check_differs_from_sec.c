/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl code that calls a function of SEC's own that is not here.  (Variables that are not here are
 * told by loading.)  A function counts as the rules' own if any of them has its `sub`. */
#include "lint/checks.h"
#include "lint/facts.h"

#include "lang/rule_text.h"
#include "perl/interp.h"

/* The next name after main:: that is called at or after *at; what is called has no sigil, or &. */
static bool next_call(struct bytes text, size_t *at, struct bytes *name)
{
    for (ptrdiff_t found; (found = bytes_find(text, B("main::"), *at)) >= 0;) {
        size_t start = (size_t)found, begin = start + strlen("main::"), end = begin;
        while (end < text.len && is_word(text.ptr[end]))
            end++;
        *at = end;
        char before = start > 0 ? text.ptr[start - 1] : ' ';
        bool called = before == '&' || (end < text.len && text.ptr[end] == '(');
        if (end == begin || is_word(before) || strchr("$@%:{", before) || !called)
            continue;
        *name = bytes_slice(text, begin, end);
        return true;
    }
    return false;
}

static bool is_defined(struct bytes name)
{
    struct buf code = {0}, error = {0};
    bool defined = true;
    buf_cat(&code, B("defined &main::"), name);
    if (!perl_eval_true(buf_bytes(&code), &defined, &error))
        defined = true;
    buf_free(&code);
    buf_free(&error);
    return defined;
}

static bool is_own(struct lint *lint, struct bytes name)
{
    struct bytes plain = arena_cat(&lint->arena, B("sub "), name);
    struct bytes full = arena_cat(&lint->arena, B("sub main::"), name);
    return is_defined(name) || facts_code_may_use(lint->facts, plain) ||
           facts_code_may_use(lint->facts, full);
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct bytes rest = rule->text, name;
    struct keyword keyword;
    while (rule_next_keyword(&rest, &keyword))
        for (size_t at = 0; next_call(keyword.value, &at, &name);)
            if (!is_own(lint, name))
                lint_hint(lint,
                          lint_tell(lint, rule, name, B("the code calls SEC's function main::"),
                                    name, B(", which Secant does not have")),
                          B("only main::log_msg and the signal handlers are there; for most "
                            "others there is an action instead"));
}

const struct lint_check check_differs_from_sec = {
    .name = "differs-from-sec",
    .level = LINT_WARNING,
    .summary = "Perl code calls a function of SEC's that Secant does not have",
    .rule = look,
};
