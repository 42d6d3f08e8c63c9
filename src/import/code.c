/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl's own variables, of which a dump has none: which rules have code that keeps some.
 *
 * Code is not run for this, nor parsed: a name after $, @ or % that no `my` in the same code
 * declares is taken for one that lasts. */
#include <string.h>

#include "import/importing.h"
#include "surface/surface.h"

struct kept {
    struct importing *import;
    struct buf names; /* of the rule: each after a blank */
};

static bool is_name(char c)
{
    return is_word(c) || c == ':';
}

/* A name that begins at *at, after its sigil; "": none. */
static struct bytes take_name(struct bytes code, size_t *at)
{
    size_t from = *at;
    while (*at < code.len && is_name(code.ptr[*at]))
        ++*at;
    while (*at > from && code.ptr[*at - 1] == ':')
        --*at;
    return bytes_slice(code, from, *at);
}

static bool is_sigil(char c)
{
    return c == '$' || c == '@' || c == '%';
}

/* Is there `my` before the sigil, with other names between them at the most? */
static bool is_declared_at(struct bytes code, size_t at)
{
    while (at > 0 && (is_sigil(code.ptr[at - 1]) || strchr(" \t\n,(", code.ptr[at - 1])))
        at--;
    size_t end = at;
    while (at > 0 && is_name(code.ptr[at - 1]))
        at--;
    struct bytes word = bytes_slice(code, at, end);
    if (bytes_eq(word, B("my")) || bytes_eq(word, B("foreach")))
        return true;
    return at > 0 && is_sigil(code.ptr[at - 1]) && end > at && is_declared_at(code, at - 1);
}

static bool is_declared(struct bytes code, struct bytes name)
{
    for (ptrdiff_t at = bytes_find(code, name, 0); at >= 0;
         at = bytes_find(code, name, (size_t)at + 1)) {
        size_t end = (size_t)at + name.len;
        if (at > 0 && is_sigil(code.ptr[at - 1]) && (end == code.len || !is_name(code.ptr[end])) &&
            is_declared_at(code, (size_t)at - 1))
            return true;
    }
    return false;
}

/* Perl's and SEC's own. */
static bool is_special(struct bytes name)
{
    static const char *const own[] = {"_", "a", "b", "ENV", "ARGV", "INC", "SIG", "0"};
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
        if (bytes_eq(name, bytes_of(own[i])))
            return true;
    if (bytes_starts(name, B("main::")))
        return surface_has(bytes_from(name, 6));
    return name.len == 0 || is_digit(*name.ptr) || bytes_starts(name, B("::"));
}

static void look_at_code(struct kept *kept, struct bytes code)
{
    kept->import->knows_variables |= bytes_find(code, B("variables"), 0) >= 0;
    for (size_t at = 0; at < code.len;) {
        char sigil = code.ptr[at++];
        if (!is_sigil(sigil))
            continue;
        struct bytes name = take_name(code, &at);
        struct buf word = {0};
        if (is_special(name) || is_declared(code, name))
            continue;
        buf_cat(&word, B(" "), bytes_make(&sigil, 1), name);
        if (bytes_find(buf_bytes(&kept->names), buf_bytes(&word), 0) < 0)
            buf_add(&kept->names, buf_bytes(&word));
        buf_free(&word);
    }
}

/* What eval has is a text in which % begins an action list variable. */
static void look_at_eval(struct kept *kept, struct bytes text)
{
    struct buf code = {0};
    for (size_t i = 0; i < text.len; i++) {
        bool doubled = text.ptr[i] == '%' && i + 1 < text.len && text.ptr[i + 1] == '%';
        if (text.ptr[i] != '%' || doubled)
            buf_char(&code, text.ptr[i]);
        i += doubled;
    }
    look_at_code(kept, buf_bytes(&code));
    buf_free(&code);
}

static void look_at_action(void *arg, const struct action *action, bool second)
{
    struct kept *kept = arg;
    (void)second;
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++) {
        const struct arg *a = &action->args[i];
        if (action->type->params[i].kind == PARAM_CODE)
            look_at_code(kept, a->source);
        else if (strcmp(action->type->name, "eval") == 0 && a->text)
            look_at_eval(kept, a->text->text);
    }
}

static void look_at_context(struct kept *kept, const struct context_expr *expr)
{
    for (size_t i = 0; expr && i < expr->count; i++) {
        const struct expr_item *item = &expr->items[i];
        if (item->op == EXPR_CODE)
            look_at_code(kept, item->text->text);
        else if (item->op == EXPR_CALL || item->op == EXPR_CALL2)
            look_at_code(kept, item->code_source);
        else if (item->op == EXPR_GROUP)
            look_at_context(kept, item->group);
    }
}

static void look_at_rule(struct importing *import, const struct rule *rule)
{
    struct kept kept = {.import = import};
    struct buf place = {0};
    rule_each_action(rule, &import->arena, look_at_action, &kept);
    for (size_t i = 0; i < rule->part_count; i++) {
        enum pattern_type type = rule->parts[i].pattern.type;
        look_at_context(&kept, rule->parts[i].context);
        if (type == PATTERN_PERLFUNC || type == PATTERN_NPERLFUNC)
            look_at_code(&kept, rule->parts[i].pattern.text);
    }
    buf_cat(&place, rule->file->name, B(", rule at line "), NUM(rule->line));
    if (kept.names.len > 0)
        import_tell(&import->missing, buf_bytes(&place),
                    B("its Perl code has variables of its own, which a dump does not have; they "
                      "are what the start of the program makes them:"),
                    buf_bytes(&kept.names));
    buf_free(&place);
    buf_free(&kept.names);
}

void import_code(struct importing *import)
{
    const struct ruleset *set = import->engine->rules.set;
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            look_at_rule(import, set->files[i]->rules[k]);
}
