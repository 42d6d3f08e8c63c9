/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for the positions of all that the parser keeps: each piece lies in its file, within the
 * piece around it, after the one before it, and begins and ends with the bytes that are there. */
#ifndef SECANT_T_POSITIONS_H
#define SECANT_T_POSITIONS_H

#include "base/mem.h"
#include "io/read_name.h"
#include "lang/diag.h"
#include "lang/rule_text.h"

/* A piece, and up to where the pieces in it are checked. */
struct piece {
    const struct rule_file *file;
    struct bytes content;
    size_t from, to;
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* The next piece inside of `around`. */
static struct piece piece_in(struct piece *around, struct bytes text)
{
    struct piece piece = *around;
    struct range range;
    must(source_range(&around->file->source, text, &range));
    piece.from = range.from.offset;
    piece.to = range.to.offset;
    must(around->from <= piece.from && piece.from <= piece.to && piece.to <= around->to);
    must(text.len == 0 || (piece.content.ptr[piece.from] == *text.ptr &&
                           piece.content.ptr[piece.to - 1] == text.ptr[text.len - 1]));
    around->from = piece.to;
    return piece;
}

static void check_template(struct piece *around, const struct template *t)
{
    if (!t || !t->source.ptr)
        return;
    struct piece piece = piece_in(around, t->source);
    for (uint32_t i = 0; i < t->count; i++)
        if (t->segments[i].kind != SEG_TEXT)
            piece_in(&piece, template_place(t, t->segments[i].text));
}

static void check_words(struct piece *around, const struct template *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_template(around, words[i]);
}

static void check_list(struct piece *around, const struct action_list *list);

static void check_arg(struct piece *action, enum param_kind kind, const struct arg *arg)
{
    if (kind == PARAM_CODE)
        check_words(action, arg->words, arg->count);
    if (!arg->source.ptr)
        return;
    struct piece piece = piece_in(action, arg->source);
    check_template(&piece, arg->text);
    if (kind == PARAM_WORDS)
        check_words(&piece, arg->words, arg->count);
    if (kind == PARAM_VARIABLE)
        piece_in(&piece, arg->name);
    check_list(&piece, arg->list);
}

static void check_list(struct piece *around, const struct action_list *list)
{
    for (size_t i = 0; list && i < list->count; i++) {
        const struct action *action = list->actions[i];
        struct piece piece = piece_in(around, action->source);
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++)
            check_arg(&piece, action->type->params[k].kind, &action->args[k]);
    }
}

static void check_expr(const struct piece *around, const struct context_expr *expr);

static void check_item(struct piece *around, const struct expr_item *item)
{
    struct piece piece = piece_in(around, item->source);
    check_template(&piece, item->text);
    check_words(&piece, item->words, item->count);
    if (item->code)
        piece_in(&piece, item->code_source);
    if (item->group)
        check_expr(&piece, item->group);
}

static int by_source(const void *left, const void *right)
{
    const char *a = (*(const struct expr_item *const *)left)->source.ptr;
    const char *b = (*(const struct expr_item *const *)right)->source.ptr;
    return (a > b) - (a < b);
}

/* Items are in postfix order, their places are not. */
static void check_expr(const struct piece *around, const struct context_expr *expr)
{
    struct piece piece = *around;
    const struct expr_item **items = mem_array(NULL, expr->count, sizeof(*items));
    for (size_t i = 0; i < expr->count; i++)
        items[i] = &expr->items[i];
    qsort(items, expr->count, sizeof(*items), by_source);
    for (size_t i = 0; i < expr->count; i++)
        check_item(&piece, items[i]);
    free(items);
}

static void check_rule(struct piece *file, const struct rule *rule)
{
    struct piece whole = piece_in(file, rule->text), piece = whole;
    struct bytes rest = rule->text;
    for (struct keyword keyword; rule_next_keyword(&rest, &keyword);) {
        piece_in(&piece, keyword.name);
        piece_in(&piece, keyword.value);
    }
    const struct action_list *const lists[] = {rule->action, rule->action2, rule->init, rule->slide,
                                               rule->end};
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
        check_list(&(struct piece){whole.file, whole.content, whole.from, whole.to}, lists[i]);
    check_template(&(struct piece){whole.file, whole.content, whole.from, whole.to}, rule->desc);
    for (size_t i = 0; i < rule->part_count; i++) {
        piece = whole;
        check_list(&piece, rule->parts[i].count);
        if (rule->parts[i].context)
            check_expr(&whole, rule->parts[i].context);
    }
}

static void check_positions(const struct ruleset *set)
{
    for (size_t i = 0; i < set->file_count; i++) {
        const struct rule_file *file = set->files[i];
        struct buf content = {0};
        must(read_name(file->name, &content));
        struct piece piece = {file, buf_bytes(&content), 0, content.len};
        for (size_t k = 0; k < file->count; k++)
            check_rule(&piece, file->rules[k]);
        buf_free(&content);
    }
}

/* Every message but those on a whole file has a place; it goes to the log. */
static void check_finding(void *log, const struct finding *finding)
{
    must(finding->range.from.line > 0 || finding->code == DIAG_NO_RULES ||
         finding->code == DIAG_FILE_UNREADABLE);
    diag_to_log(log, finding);
}

#endif
