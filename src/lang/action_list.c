/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists: split at semicolons outside parentheses; each action is read according to its type.
 *
 * First comes the form of an action (lang/action_form.c), then its parameters are checked in order,
 * so that user code is compiled, and errors are reported, in the order of the text.  A nested list
 * is read when its parameter's turn comes, while the lists around it wait on the heap: they may be
 * nested to any depth.
 */
#include "base/mem.h"
#include "lang/action_form.h"
#include "lang/fault_place.h"
#include "lang/parser.h"

/* A list under way; lists inside it have their own. */
struct list_state {
    struct parser *parser;
    unsigned passes;
    const struct parens *parens; /* of the outermost text */
    struct list_state *outer;    /* the list around it, whose present parameter it is; NULL: none */
    struct bytes text;
    struct groups groups;
    struct bytes *parts; /* heap; the texts of the actions */
    size_t part_count, next_part;
    struct action_list *list;
    bool faulty;           /* it holds an action that is */
    struct action *action; /* under way; NULL: none */
    struct form_arg form[ACTION_PARAMS];
    size_t next_param;
    struct key_uses uses;
};

/* What the checks of one parameter need. */
struct arg_state {
    struct list_state *in;
    const struct action_type *type;
    const struct param *param;
    const struct form_arg *form;
    struct arg *arg;
    const struct arg *first; /* the action's first argument */
};

static void set_words(struct arg_state *a, struct bytes text)
{
    struct list_state *in = a->in;
    a->arg->words = parse_masked_words(in->parser, text, in->passes, &a->arg->count);
    uses_add_words(&in->uses, a->arg->words, a->arg->count);
}

static struct bytes action_word(const struct action *action)
{
    return bytes_slice(action->source, 0, strlen(action->type->name));
}

static bool missing(const struct arg_state *a)
{
    parser_error(a->in->parser, DIAG_ACTION_EMPTY,
                 a->form->text.ptr ? a->form->text : action_word(a->in->action), B("Empty "),
                 bytes_of(a->param->what), B(" given for "), bytes_of(a->type->name), B(" action"));
    return false;
}

static struct bytes fallback_text(const struct arg_state *a)
{
    struct bytes text = bytes_of(a->param->fallback ? a->param->fallback : "");
    if (!a->param->and_first)
        return text;
    return arena_cat(&a->in->parser->file->arena, text, a->first->text->text);
}

static bool set_text(struct arg_state *a)
{
    struct list_state *in = a->in;
    struct bytes text = parens_strip(a->form->text);
    if (text.len == 0 && a->param->what)
        return missing(a);
    if (text.len == 0)
        a->arg->text = parse_template(in->parser, fallback_text(a), in->passes);
    else
        a->arg->text = parse_masked(in->parser, text, in->passes);
    uses_add_template(&in->uses, a->arg->text);
    return true;
}

static bool set_word_list(struct arg_state *a)
{
    struct bytes text = parens_strip(a->form->text);
    if (text.len == 0 && a->param->what)
        return missing(a);
    set_words(a, text);
    return true;
}

/* The condition of if and while as messages show it: upstream has NUL bytes for groups by then. */
static void add_condition(struct buf *shown, const struct parens *parens, struct bytes text)
{
    struct groups groups = {0};
    groups_find(parens, text, &groups);
    for (size_t at = 0; at < text.len;) {
        const struct group *group = groups_at(&groups, at);
        buf_char(shown, group ? '\0' : text.ptr[at]);
        at += group ? group->end - group->start : 1;
    }
    groups_free(&groups);
}

static void bad_variable(const struct arg_state *a)
{
    struct buf shown = {0};
    if (a->param[1].kind == PARAM_BLOCK)
        add_condition(&shown, a->in->parens, a->form->text);
    else
        buf_add(&shown, a->form->text);
    parser_error(a->in->parser, DIAG_VARIABLE_NAME, a->form->text, B("Variable "),
                 buf_bytes(&shown),
                 B(" does not have the form %<letter>[<letter>|<digit>|<underscore>]..."));
    buf_free(&shown);
}

static bool set_variable(struct arg_state *a)
{
    a->arg->name = B("");
    if (!a->form->given)
        return true;
    if (!parse_variable(a->form->text, &a->arg->name)) {
        bad_variable(a);
        return false;
    }
    a->arg->name = parser_keep(a->in->parser, a->arg->name);
    a->arg->variable = names_id(a->in->parser->env->names, a->arg->name);
    return true;
}

static bool set_digits(struct arg_state *a)
{
    if (a->form->given)
        bytes_uint(a->form->text, false, &a->arg->number);
    return true;
}

/* Rules are counted from 1 in texts; 0 is the rule itself, and + and - count from there. */
static bool set_rule(struct arg_state *a)
{
    int64_t here = a->in->parser->rule->id, number = 0;
    a->arg->given = a->form->given;
    if (!a->form->given)
        return true;
    bytes_uint(a->form->text, false, &number);
    if (a->form->sign == '+')
        a->arg->number = here + number;
    else if (a->form->sign == '-')
        a->arg->number = here - number;
    else
        a->arg->number = number == 0 ? here : number - 1;
    return true;
}

/* Parameters that are lists: their text, before it is read. */
static bool block_given(const struct arg_state *a)
{
    bool has_else = a->param[1].kind == PARAM_ELSE;
    if (a->param->kind != PARAM_BLOCK || has_else || bytes_trim(a->form->text).len > 0)
        return true;
    struct bytes inside = a->form->text, group = bytes_make(inside.ptr - 1, inside.len + 2);
    parser_error(a->in->parser, DIAG_ACTION_EMPTY, group, B("empty action list given for "),
                 bytes_of(a->type->name));
    return false;
}

/* And the list, once it has been read. */
static bool set_list(const struct arg_state *a, struct action_list *list)
{
    a->arg->list = list;
    uses_add(&a->in->uses, list->uses, list->use_count);
    if (a->param->kind != PARAM_ELSE || a->arg[-1].list->count > 0 || list->count > 0 ||
        a->in->faulty)
        return true;
    parser_error(a->in->parser, DIAG_ACTION_EMPTY, a->in->action->source,
                 B("empty action lists given for "), bytes_of(a->type->name), B("-else"));
    return false;
}

static bool set_code(struct arg_state *a)
{
    a->arg->source = parens_strip(a->form->text);
    struct bytes code = parens_unmask(&a->in->parser->file->arena, a->arg->source);
    struct buf error = {0};
    a->arg->code = parse_code(a->in->parser, code, &error);
    if (!a->arg->code)
        parser_error(a->in->parser, DIAG_PERL_CODE,
                     masked_code_fault(a->arg->source, code, buf_bytes(&error)), B("Eval '"), code,
                     B("' didn't return a code reference: "), buf_bytes(&error));
    buf_free(&error);
    a->arg->cache_entries = a->form->cache_entries;
    set_words(a, parens_strip(a->form->words));
    return a->arg->code != NULL;
}

static bool set_arg(struct arg_state *a)
{
    switch (a->param->kind) {
    case PARAM_WORD:
    case PARAM_TEXT:
    case PARAM_QUOTED:
        return set_text(a);
    case PARAM_WORDS:
        return set_word_list(a);
    case PARAM_VARIABLE:
        return set_variable(a);
    case PARAM_DIGITS:
        return set_digits(a);
    case PARAM_RULE:
        return set_rule(a);
    case PARAM_CODE:
        return set_code(a);
    case PARAM_ACTIONS:
    case PARAM_BLOCK:
    case PARAM_ELSE:
    case PARAM_END:
        break;
    }
    return true;
}

struct action *action_new(struct arena *arena, const struct action_type *type,
                          const struct action_list *within)
{
    size_t count = 0;
    while (type->params[count].kind != PARAM_END)
        count++;
    struct action *action = arena_zalloc(arena, sizeof(*action) + count * sizeof(action->args[0]));
    action->type = type;
    action->within = within;
    return action;
}

static bool is_list(enum param_kind kind)
{
    return kind == PARAM_ACTIONS || kind == PARAM_BLOCK || kind == PARAM_ELSE;
}

static const struct action_type *find_type(const struct parse_env *env, struct bytes name)
{
    char first = (char)(name.ptr[0] | 0x20); /* names are lower case letters */
    for (const struct action_type *const *type = env->action_types; *type; type++)
        if ((*type)->name[0] == first && bytes_ieq(name, bytes_of((*type)->name)))
            return parser_knows(env, (*type)->name) ? *type : NULL;
    return NULL;
}

static bool has_block(const struct action_type *type)
{
    for (const struct param *param = type->params; param->kind != PARAM_END; param++)
        if (param->kind == PARAM_BLOCK)
            return true;
    return false;
}

/* Of an empty part: the semicolon that ends it, for those at the end do not count. */
static struct bytes end_of_part(const struct list_state *in, struct bytes part)
{
    size_t at = (size_t)(part.ptr - in->text.ptr);
    ptrdiff_t end = bytes_chr(in->text, ';', at);
    return end < 0 ? part : bytes_slice(in->text, (size_t)end, (size_t)end + 1);
}

/* Begins with the next action of the list. */
static bool begin_action(struct list_state *in)
{
    struct parser *parser = in->parser;
    struct bytes part = in->parts[in->next_part++], rest = part, name = part;
    const struct action_type *type = NULL;
    if (bytes_word(&rest, &name)) {
        type = find_type(parser->env, name);
        rest = bytes_from(part, name.len);
    }
    struct form_text text = {.list = in->text, .groups = &in->groups, .rest = rest};
    struct bytes misfit = {0};
    in->next_param = 0;
    if (type && action_form(type, &text, in->form, &misfit)) {
        in->action = action_new(&parser->file->arena, type, in->list);
        in->action->source = part;
        return true;
    }
    if (!type || !has_block(type) || rest.len == 0 || parser_goes_on(parser))
        parser_error(parser, DIAG_ACTION,
                     misfit.len > 0 ? misfit
                     : name.len > 0 ? name
                                    : end_of_part(in, part),
                     B("Invalid action '"), part, B("'"));
    return false;
}

/* The end of the part that begins at `at`: the next semicolon outside groups, or the text's end.
 * *group is the first group that may lie after `at`. */
static size_t part_end(struct bytes text, const struct groups *groups, size_t at, size_t *group)
{
    for (;;) {
        while (*group < groups->count && groups->items[*group].end <= at)
            ++*group;
        bool last = *group == groups->count;
        size_t limit = last ? text.len : groups->items[*group].start;
        ptrdiff_t found = bytes_chr(bytes_slice(text, 0, limit), ';', at);
        if (found >= 0 || last)
            return found >= 0 ? (size_t)found : limit;
        at = groups->items[*group].end;
    }
}

/* The parts between semicolons; empty ones at the end do not count. */
static size_t split_parts(struct bytes text, const struct groups *groups, struct bytes **parts)
{
    size_t count = 0, room = 0, used = 0, group = 0;
    *parts = NULL;
    for (size_t at = 0; at <= text.len; at++) {
        size_t end = part_end(text, groups, at, &group);
        if (count == room) {
            room = room ? room * 2 : 8;
            *parts = mem_array(*parts, room, sizeof(**parts));
        }
        (*parts)[count] = bytes_trim(bytes_slice(text, at, end));
        if ((*parts)[count++].len)
            used = count;
        at = end;
    }
    return used;
}

/* Opens a list; false: it is faulty. */
static bool enter_list(struct list_state *in, struct bytes text)
{
    struct arena *arena = &in->parser->file->arena;
    in->text = bytes_trim(text);
    in->list = arena_zalloc(arena, sizeof(*in->list));
    in->list->file = in->parser->file;
    in->list->keys = &in->parser->rule->keys;
    in->list->rule = in->parser->rule;
    if (!groups_find(in->parens, in->text, &in->groups)) {
        parser_error(in->parser, DIAG_ACTION_LIST, groups_fault(&in->groups, in->text),
                     B("Unbalanced parentheses found in action list '"), in->text, B("'"));
        return false;
    }
    in->part_count = split_parts(in->text, &in->groups, &in->parts);
    in->list->actions = arena_alloc(arena, in->part_count * sizeof(struct action *));
    return true;
}

/* Closes the list; returns the one around it. */
static struct list_state *leave_list(struct list_state *in)
{
    struct list_state *outer = in->outer;
    in->list->reads_cache =
        uses_finish(&in->uses, in->parser, &in->list->uses, &in->list->use_count);
    groups_free(&in->groups);
    free(in->parts);
    free(in);
    return outer;
}

static struct list_state *list_inside(struct list_state *outer)
{
    struct list_state *in = mem_zalloc(sizeof(*in));
    in->parser = outer->parser;
    in->passes = outer->passes;
    in->parens = outer->parens;
    in->outer = outer;
    return in;
}

/* The action's next parameter. */
static struct arg_state next_arg(struct list_state *in)
{
    const struct action_type *type = in->action->type;
    size_t i = in->next_param++;
    return (struct arg_state){.in = in,
                              .type = type,
                              .param = &type->params[i],
                              .form = &in->form[i],
                              .arg = &in->action->args[i],
                              .first = in->action->args};
}

/* A step within the list: to its next action, or a parameter of this one.  *at becomes a list
 * that has to be read first. */
static bool step(struct list_state **at)
{
    struct list_state *in = *at;
    if (!in->action)
        return begin_action(in);
    enum param_kind kind = in->action->type->params[in->next_param].kind;
    if (kind == PARAM_END) {
        in->list->actions[in->list->count++] = in->action;
        in->action = NULL;
        return true;
    }
    struct arg_state a = next_arg(in);
    a.arg->source = a.form->text;
    if (!is_list(kind))
        return set_arg(&a);
    if (!block_given(&a))
        return false;
    *at = list_inside(in);
    return enter_list(*at, kind == PARAM_ACTIONS ? parens_strip(a.form->text) : a.form->text);
}

/* The list was read to its end: *at becomes the one around it, which takes it. */
static bool hand_over(struct list_state **at, struct action_list **list)
{
    bool faulty = (*at)->faulty;
    *list = (*at)->list;
    *at = leave_list(*at);
    if (!*at)
        return !faulty;
    (*at)->faulty |= faulty;
    (*at)->next_param--;
    struct arg_state a = next_arg(*at);
    return set_list(&a, *list);
}

/* An action is faulty, and so the list is.  Its other actions are read for what is wrong there. */
static void skip_action(struct list_state *in)
{
    in->action = NULL;
    in->faulty = true;
}

struct action_list *parse_actions(struct parser *parser, struct bytes text, unsigned passes)
{
    struct parens parens;
    parens_find(text, &parens);
    const struct list_state around = {
        .parser = parser, .passes = passes | PASS_VARIABLES, .parens = &parens};
    struct list_state *at = mem_zalloc(sizeof(*at));
    struct action_list *list = NULL;
    *at = around;
    bool sound = enter_list(at, text);
    while (at && (sound || parser_goes_on(parser))) {
        if (!sound)
            skip_action(at);
        sound = at->action || at->next_part < at->part_count ? step(&at) : hand_over(&at, &list);
    }
    while (at)
        at = leave_list(at);
    parens_free(&parens);
    return sound ? list : NULL;
}
