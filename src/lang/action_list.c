/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists: split at semicolons outside parentheses, each action read by what its type says.
 *
 * The form of an action (lang/action_form.c) comes first; then its parameters are checked in their
 * order, so that user code is compiled, and faults are told, in the order of the text.
 */
#include "base/mem.h"
#include "io/tail.h"
#include "lang/action_form.h"
#include "lang/parser.h"

/* A list under way; lists inside it have their own. */
struct list_state {
    struct parser *parser;
    unsigned passes;
    unsigned depth;
    struct action_list *list;
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

static struct action_list *parse_list(struct parser *parser, struct bytes text, unsigned passes,
                                      unsigned depth);

static struct bytes unparenthesize(struct list_state *in, struct bytes text)
{
    return parens_unmask(&in->parser->file->arena, parens_strip(text));
}

static const struct template *list_template(struct list_state *in, struct bytes text)
{
    const struct template *template = parse_template(in->parser, text, in->passes);
    uses_add_template(&in->uses, template);
    return template;
}

static void set_words(struct arg_state *a, struct bytes text)
{
    struct list_state *in = a->in;
    a->arg->words = parse_words(in->parser, text, in->passes, &a->arg->count);
    uses_add_words(&in->uses, a->arg->words, a->arg->count);
}

static bool missing(const struct arg_state *a)
{
    parser_error(a->in->parser, B("Empty "), bytes_of(a->param->what), B(" given for "),
                 bytes_of(a->type->name), B(" action"));
    return false;
}

static struct bytes fallback_text(const struct arg_state *a)
{
    struct bytes text = bytes_of(a->param->fallback ? a->param->fallback : "");
    if (!bytes_eq(text, B(INPUT_CONTEXT_PREFIX)))
        return text;
    return arena_cat(&a->in->parser->file->arena, text, a->first->text->text);
}

static bool set_text(struct arg_state *a)
{
    struct bytes text = unparenthesize(a->in, a->form->text);
    if (text.len == 0 && a->param->what)
        return missing(a);
    if (text.len == 0)
        text = fallback_text(a);
    a->arg->text = list_template(a->in, text);
    return true;
}

static bool set_word_list(struct arg_state *a)
{
    struct bytes text = unparenthesize(a->in, a->form->text);
    if (text.len == 0 && a->param->what)
        return missing(a);
    set_words(a, text);
    return true;
}

/* The condition of if and while as messages show it: upstream has NUL bytes for groups by then. */
static void add_condition(struct buf *shown, struct bytes text)
{
    struct groups groups = {0};
    groups_find(text, &groups);
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
        add_condition(&shown, a->form->text);
    else
        buf_add(&shown, a->form->text);
    parser_error(a->in->parser, B("Variable "), buf_bytes(&shown),
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
    a->arg->name = arena_bytes(&a->in->parser->file->arena, a->arg->name);
    a->arg->variable = names_id(a->in->parser->lang->names, a->arg->name);
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

static bool set_list(struct arg_state *a, struct bytes text)
{
    struct list_state *in = a->in;
    a->arg->list = parse_list(in->parser, text, in->passes, in->depth + 1);
    if (a->arg->list)
        uses_add(&in->uses, a->arg->list->uses, a->arg->list->use_count);
    return a->arg->list != NULL;
}

static bool set_block(struct arg_state *a)
{
    bool has_else = a->param[1].kind == PARAM_ELSE;
    if (!has_else && bytes_trim(a->form->text).len == 0) {
        parser_error(a->in->parser, B("empty action list given for "), bytes_of(a->type->name));
        return false;
    }
    return set_list(a, a->form->text);
}

static bool set_else(struct arg_state *a)
{
    if (!set_list(a, a->form->text))
        return false;
    if (a->arg[-1].list->count == 0 && a->arg->list->count == 0) {
        parser_error(a->in->parser, B("empty action lists given for "), bytes_of(a->type->name),
                     B("-else"));
        return false;
    }
    return true;
}

static bool set_code(struct arg_state *a)
{
    struct bytes code = unparenthesize(a->in, a->form->text);
    struct buf error = {0};
    a->arg->code = parse_code(a->in->parser, code, &error);
    if (!a->arg->code)
        parser_error(a->in->parser, B("Eval '"), code, B("' didn't return a code reference: "),
                     buf_bytes(&error));
    buf_free(&error);
    a->arg->cache_entries = a->form->cache_entries;
    set_words(a, unparenthesize(a->in, a->form->words));
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
    case PARAM_ACTIONS:
        return set_list(a, parens_strip(a->form->text));
    case PARAM_BLOCK:
        return set_block(a);
    case PARAM_ELSE:
        return set_else(a);
    case PARAM_CODE:
        return set_code(a);
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

static struct action *build_action(struct list_state *in, const struct action_type *type,
                                   const struct form_arg *form)
{
    struct action *action = action_new(&in->parser->file->arena, type, in->list);
    for (size_t i = 0; type->params[i].kind != PARAM_END; i++) {
        struct arg_state a = {.in = in,
                              .type = type,
                              .param = &type->params[i],
                              .form = &form[i],
                              .arg = &action->args[i],
                              .first = action->args};
        if (!set_arg(&a))
            return NULL;
    }
    return action;
}

static const struct action_type *find_type(const struct lang *lang, struct bytes name)
{
    char first = (char)(name.ptr[0] | 0x20); /* names are lower case letters */
    for (const struct action_type *const *type = lang->action_types; *type; type++)
        if ((*type)->name[0] == first && bytes_ieq(name, bytes_of((*type)->name)))
            return *type;
    return NULL;
}

static bool has_block(const struct action_type *type)
{
    for (const struct param *param = type->params; param->kind != PARAM_END; param++)
        if (param->kind == PARAM_BLOCK)
            return true;
    return false;
}

/* part: one action of the list, without white space around it. */
static struct action *parse_action(struct list_state *in, struct bytes list,
                                   const struct groups *groups, struct bytes part)
{
    struct bytes rest = part, name;
    const struct action_type *type = NULL;
    if (bytes_word(&rest, &name)) {
        type = find_type(in->parser->lang, name);
        rest = bytes_from(part, name.len);
    }
    struct form_text text = {.list = list, .groups = groups, .rest = rest};
    struct form_arg form[ACTION_PARAMS];
    if (type && action_form(type, &text, form))
        return build_action(in, type, form);
    if (!type || !has_block(type) || rest.len == 0)
        parser_error(in->parser, B("Invalid action '"), part, B("'"));
    return NULL;
}

/* The end of the part that begins at `at`: the next semicolon outside groups, or the text's end.
 * *group is the first group that may lie behind `at`. */
static size_t part_end(struct bytes text, const struct groups *groups, size_t at, size_t *group)
{
    for (;;) {
        ptrdiff_t found = bytes_chr(text, ';', at);
        size_t end = found < 0 ? text.len : (size_t)found;
        while (*group < groups->count && groups->items[*group].end <= end)
            ++*group;
        if (*group == groups->count || groups->items[*group].start > end)
            return end;
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

static bool parse_parts(struct list_state *in, struct bytes text, const struct groups *groups)
{
    struct bytes *parts;
    size_t count = split_parts(text, groups, &parts);
    in->list->actions = arena_alloc(&in->parser->file->arena, count * sizeof(struct action *));
    size_t done = 0;
    while (done < count) {
        struct action *action = parse_action(in, text, groups, parts[done]);
        if (!action)
            break;
        in->list->actions[done++] = action;
    }
    free(parts);
    in->list->count = done;
    return done == count;
}

static bool check_parens(struct parser *parser, struct bytes text, unsigned depth,
                         struct groups *groups)
{
    enum parens_state state = groups_find(text, groups);
    if (state == PARENS_TOO_DEEP || depth > NESTING_LIMIT)
        parser_error(parser, B("Too deeply nested action list '"), text, B("'"));
    else if (state == PARENS_UNBALANCED)
        parser_error(parser, B("Unbalanced parentheses found in action list '"), text, B("'"));
    return state == PARENS_BALANCED && depth <= NESTING_LIMIT;
}

static struct action_list *parse_list(struct parser *parser, struct bytes text, unsigned passes,
                                      unsigned depth)
{
    struct action_list *list = arena_zalloc(&parser->file->arena, sizeof(*list));
    struct list_state in = {.parser = parser, .passes = passes, .depth = depth, .list = list};
    struct groups groups = {0};
    text = bytes_trim(text);
    list->file = parser->file;
    list->keys = &parser->rule->keys;
    bool sound = check_parens(parser, text, depth, &groups) && parse_parts(&in, text, &groups);
    groups_free(&groups);
    list->reads_cache = uses_finish(&in.uses, parser, &list->uses, &list->use_count);
    return sound ? list : NULL;
}

struct action_list *parse_actions(struct parser *parser, struct bytes text, unsigned passes)
{
    return parse_list(parser, text, passes | PASS_VARIABLES, 0);
}
