/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists as Perl arrays, in the form that SEC itself keeps them: a number for each action,
 * followed by its parameters.
 *
 * So a context list that was saved by Storable or JSON, here or by SEC, can be restored.  Match
 * variables are replaced by their values on the way out; on the way in a text has nothing but
 * action list variables left.  A list that comes in owns a rule file of its own, which only holds
 * its memory, under the name of the file that the actions came from.
 *
 * Lists inside a list wait on a heap until those before them are done, not on the stack: they may
 * be nested as deeply as one likes.
 */
#include "base/mem.h"
#include "surface/area.h"

static const struct action_type *type_of(const struct engine *engine, int64_t number)
{
    const struct action_type *const *type = engine->rules.parse_env.action_types;
    while (*type && (*type)->constant.number != number)
        type++;
    return *type;
}

/* Out. */

struct shown_list {
    const struct action_list *list;
    AV *av; /* of the list around it */
};

struct showing {
    struct engine *engine;
    const struct scope *scope;
    struct shown_list *waiting; /* heap */
    size_t count, room;
};

static SV *kept_text(pTHX_ const struct showing *s, const struct template *text)
{
    return perl_bytes_sv(aTHX_ expand_kept(s->engine, text, s->scope));
}

static SV *kept_words(pTHX_ const struct showing *s, const struct arg *arg)
{
    AV *words = newAV();
    for (size_t i = 0; i < arg->count; i++)
        av_push(words, kept_text(aTHX_ s, arg->words[i]));
    return newRV_noinc((SV *)words);
}

static void show_later(struct showing *s, const struct action_list *list, AV *av)
{
    MEM_GROW(s->waiting, s->count, s->room, 8);
    s->waiting[s->count++] = (struct shown_list){list, av};
}

static SV *kept_list(pTHX_ struct showing *s, const struct action_list *list)
{
    AV *av = newAV();
    show_later(s, list, av);
    return newRV_noinc((SV *)av);
}

static void show_arg(pTHX_ struct showing *s, const struct action *action, size_t index, AV *av)
{
    const struct arg *arg = &action->args[index];
    switch (action->type->params[index].kind) {
    case PARAM_WORD:
    case PARAM_TEXT:
    case PARAM_QUOTED:
        av_push(av, kept_text(aTHX_ s, arg->text));
        break;
    case PARAM_WORDS:
        av_push(av, kept_words(aTHX_ s, arg));
        break;
    case PARAM_VARIABLE:
        av_push(av, perl_bytes_sv(aTHX_ arg->name));
        break;
    case PARAM_DIGITS:
        av_push(av, newSViv((IV)arg->number));
        break;
    case PARAM_RULE:
        av_push(av, perl_bytes_sv(aTHX_ action->within->file->name));
        av_push(av, arg->given ? newSViv((IV)arg->number) : newSVpvs(""));
        break;
    case PARAM_ACTIONS:
    case PARAM_BLOCK:
    case PARAM_ELSE:
        av_push(av, kept_list(aTHX_ s, arg->list));
        break;
    case PARAM_CODE:
        av_push(av, newSVsv(perl_sv(arg->code)));
        av_push(av, kept_words(aTHX_ s, arg));
        av_push(av, newSViv(arg->cache_entries));
        break;
    case PARAM_END:
        break;
    }
}

static void show_list(pTHX_ struct showing *s, const struct action_list *list, AV *av)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        av_push(av, newSViv(action->type->constant.number));
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++)
            show_arg(aTHX_ s, action, k, av);
    }
}

void actions_show(pTHX_ struct engine *engine, const struct action_list *list,
                  const struct scope *scope, AV *av)
{
    struct showing showing = {.engine = engine, .scope = scope}, *s = &showing;
    show_list(aTHX_ s, list, av);
    while (s->count > 0) {
        struct shown_list next = s->waiting[--s->count];
        show_list(aTHX_ s, next.list, next.av);
    }
    free(s->waiting);
}

/* Pairs of arrays that have still to be compared. */
struct comparing {
    AV *(*waiting)[2]; /* heap */
    size_t count, room;
};

static void compare_later(struct comparing *c, AV *a, AV *b)
{
    MEM_GROW(c->waiting, c->count, c->room, 8);
    c->waiting[c->count][0] = a;
    c->waiting[c->count++][1] = b;
}

static bool same_value(pTHX_ struct comparing *c, SV *a, SV *b)
{
    AV *list_a = array_if(aTHX_ a), *list_b = array_if(aTHX_ b);
    if (list_a && list_b) {
        compare_later(c, list_a, list_b);
        return true;
    }
    if (!a || !b || SvROK(a) || SvROK(b))
        return a && b && SvROK(a) && SvROK(b) && SvRV(a) == SvRV(b);
    return bytes_eq(taken_text(aTHX_ a), taken_text(aTHX_ b));
}

static bool same_values(pTHX_ struct comparing *c, AV *a, AV *b)
{
    size_t count = array_count(aTHX_ a);
    if (count != array_count(aTHX_ b))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!same_value(aTHX_ c, element_if(aTHX_ a, i), element_if(aTHX_ b, i)))
            return false;
    }
    return true;
}

/* One of them is ours and does not contain itself, so that this ends. */
bool actions_same(pTHX_ AV *a, AV *b)
{
    struct comparing comparing = {0}, *c = &comparing;
    bool same = same_values(aTHX_ c, a, b);
    while (same && c->count > 0) {
        c->count--;
        same = same_values(aTHX_ c, c->waiting[c->count][0], c->waiting[c->count][1]);
    }
    free(c->waiting);
    return same;
}

/* In. */

/* A list under way or one that waits. */
struct taken_list {
    struct action_list *list;
    AV *av; /* NULL: it has no actions */
    struct taken_list *around, *next;
};

struct taking {
    struct engine *engine;
    struct rule_file *file; /* owns all that is made */
    struct taken_list *present, *waiting;
    size_t at;
    bool faulty;
};

static const struct var_keys no_keys;

static SV *next_value(pTHX_ struct taking *t)
{
    return element_if(aTHX_ t->present->av, t->at++);
}

static const struct template *take_template(pTHX_ struct taking *t, SV *sv)
{
    struct var_keys unused = {0}; /* no pass for match variables, no keys */
    struct bytes text = arena_bytes(&t->file->arena, taken_text(aTHX_ sv));
    return template_compile(&t->file->arena, text, PASS_VARIABLES, &unused, t->engine->rules.names);
}

static void take_words(pTHX_ struct taking *t, struct arg *arg)
{
    AV *words = array_if(aTHX_ next_value(aTHX_ t));
    arg->count = words ? array_count(aTHX_ words) : 0;
    const struct template **templates =
        arena_alloc(&t->file->arena, arg->count * sizeof(*templates));
    for (size_t i = 0; i < arg->count; i++)
        templates[i] = take_template(aTHX_ t, element_if(aTHX_ words, i));
    arg->words = templates;
}

static void take_rule(pTHX_ struct taking *t, struct arg *arg)
{
    struct bytes file = taken_text(aTHX_ next_value(aTHX_ t));
    SV *number = next_value(aTHX_ t);
    if (t->file->name.len == 0)
        t->file->name = arena_bytes(&t->file->arena, file);
    arg->given = taken_text(aTHX_ number).len > 0;
    arg->number = taken_int(aTHX_ number);
}

static void take_code(pTHX_ struct taking *t, struct arg *arg)
{
    SV *code = next_value(aTHX_ t);
    if (!code || !SvROK(code) || SvTYPE(SvRV(code)) != SVt_PVCV) {
        t->faulty = true;
        return;
    }
    arg->code = perl_handle(newSVsv(code));
    rule_file_keep(t->file, arg->code);
    take_words(aTHX_ t, arg);
    arg->cache_entries = taken_int(aTHX_ next_value(aTHX_ t)) != 0;
}

/* An array may contain itself. */
static bool is_around(const struct taken_list *place, const AV *av)
{
    while (place && place->av != av)
        place = place->around;
    return place != NULL;
}

/* The list's actions are taken later. */
static const struct action_list *take_list(struct taking *t, AV *av)
{
    struct action_list *list = arena_zalloc(&t->file->arena, sizeof(*list));
    list->file = t->file;
    list->keys = &no_keys;
    struct taken_list *place = arena_alloc(&t->engine->line.arena, sizeof(*place));
    *place = (struct taken_list){list, av && !is_around(t->present, av) ? av : NULL, t->present,
                                 t->waiting};
    t->waiting = place;
    return list;
}

static void take_arg(pTHX_ struct taking *t, enum param_kind kind, struct arg *arg)
{
    switch (kind) {
    case PARAM_WORD:
    case PARAM_TEXT:
    case PARAM_QUOTED:
        arg->text = take_template(aTHX_ t, next_value(aTHX_ t));
        break;
    case PARAM_WORDS:
        take_words(aTHX_ t, arg);
        break;
    case PARAM_VARIABLE:
        arg->name = arena_bytes(&t->file->arena, taken_text(aTHX_ next_value(aTHX_ t)));
        arg->variable = names_id(t->engine->rules.names, arg->name);
        break;
    case PARAM_DIGITS:
        arg->number = taken_int(aTHX_ next_value(aTHX_ t));
        break;
    case PARAM_RULE:
        take_rule(aTHX_ t, arg);
        break;
    case PARAM_ACTIONS:
    case PARAM_BLOCK:
    case PARAM_ELSE:
        arg->list = take_list(t, array_if(aTHX_ next_value(aTHX_ t)));
        break;
    case PARAM_CODE:
        take_code(aTHX_ t, arg);
        break;
    case PARAM_END:
        break;
    }
}

/* NULL: what is there is no action. */
static struct action *take_action(pTHX_ struct taking *t, const struct action_list *within)
{
    SV *number = next_value(aTHX_ t);
    const struct action_type *type =
        number && !SvROK(number) ? type_of(t->engine, taken_int(aTHX_ number)) : NULL;
    if (!type)
        return NULL;
    struct action *action = action_new(&t->file->arena, type, within);
    for (size_t k = 0; type->params[k].kind != PARAM_END; k++)
        take_arg(aTHX_ t, type->params[k].kind, &action->args[k]);
    return t->faulty ? NULL : action;
}

/* The actions of the list under way.  What is no action ends it. */
static void take_actions(pTHX_ struct taking *t)
{
    struct action_list *list = t->present->list;
    size_t length = t->present->av ? array_count(aTHX_ t->present->av) : 0;
    list->actions = arena_alloc(&t->file->arena, length * sizeof(*list->actions));
    t->at = 0;
    t->faulty = false;
    while (t->at < length) {
        struct action *action = take_action(aTHX_ t, list);
        if (!action) {
            log_msg(t->engine->log, LOG_WARN,
                    B("Action list of a context set from Perl code: element "), NUM(t->at - 1),
                    B(" is not an action"));
            break;
        }
        list->actions[list->count++] = action;
    }
}

const struct action_list *actions_take(pTHX_ struct engine *engine, AV *av)
{
    if (array_count(aTHX_ av) == 0)
        return NULL;
    struct rule_file *file = rule_file_new(B(""), 0, 0);
    struct taking taking = {.engine = engine, .file = file}, *t = &taking;
    const struct action_list *list = take_list(t, av);
    while (t->waiting) {
        t->present = t->waiting;
        t->waiting = t->present->next;
        take_actions(aTHX_ t);
    }
    if (list->count > 0)
        return list;
    rule_file_release(file);
    return NULL;
}
