/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists as Perl arrays, in the form that SEC itself keeps them: a number for each action,
 * followed by its parameters.
 *
 * So a context list that was saved by Storable or JSON, here or by SEC, can be restored.  Match
 * variables are replaced by their values on the way out; on the way in a text has nothing but
 * action list variables left.  A list that comes in owns a rule file of its own, which only holds
 * its memory, under the name of the file that the actions came from.
 */
#include "base/mem.h"
#include "surface/area.h"

#define DEEPEST_LIST 100 /* of lists within lists: an array may contain itself */

/* The numbers are SEC's. */
static const struct {
    const char *name;
    int number;
} numbers[] = {
    {"none", 0},        {"logonly", 1},   {"write", 2},       {"writen", 3},    {"closef", 4},
    {"owritecl", 5},    {"udgram", 6},    {"closeudgr", 7},   {"ustream", 8},   {"closeustr", 9},
    {"udpsock", 10},    {"closeudp", 11}, {"tcpsock", 12},    {"closetcp", 13}, {"shellcmd", 14},
    {"cmdexec", 15},    {"spawn", 16},    {"spawnexec", 17},  {"cspawn", 18},   {"cspawnexec", 19},
    {"pipe", 20},       {"pipeexec", 21}, {"create", 22},     {"delete", 23},   {"obsolete", 24},
    {"set", 25},        {"alias", 26},    {"unalias", 27},    {"add", 28},      {"prepend", 29},
    {"fill", 30},       {"report", 31},   {"reportexec", 32}, {"copy", 33},     {"empty", 34},
    {"pop", 35},        {"shift", 36},    {"trim", 37},       {"exists", 38},   {"getsize", 39},
    {"getaliases", 40}, {"getltime", 41}, {"setltime", 42},   {"getctime", 43}, {"setctime", 44},
    {"event", 45},      {"tevent", 46},   {"cevent", 47},     {"reset", 48},    {"getwpos", 49},
    {"setwpos", 50},    {"assign", 51},   {"assignsq", 52},   {"free", 53},     {"eval", 54},
    {"call", 55},       {"lcall", 56},    {"rewrite", 57},    {"addinput", 58}, {"dropinput", 59},
    {"sigemul", 60},    {"varset", 61},   {"if", 100},        {"while", 101},   {"break", 102},
    {"continue", 103},
};

enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

static int number_of(const struct action_type *type)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        if (strcmp(numbers[i].name, type->name) == 0)
            return numbers[i].number;
    }
    return -1;
}

static const struct action_type *type_of(const struct engine *engine, int64_t number)
{
    const char *name = NULL;
    for (size_t i = 0; i < NUMBERS; i++) {
        if (numbers[i].number == number)
            name = numbers[i].name;
    }
    for (size_t i = 0; name && engine->lang.action_types[i]; i++) {
        if (strcmp(engine->lang.action_types[i]->name, name) == 0)
            return engine->lang.action_types[i];
    }
    return NULL;
}

/* Out. */

struct showing {
    struct engine *engine;
    const struct scope *scope;
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

static SV *kept_list(pTHX_ const struct showing *s, const struct action_list *list)
{
    AV *av = newAV();
    actions_show(aTHX_ s->engine, list, s->scope, av);
    return newRV_noinc((SV *)av);
}

static void show_arg(pTHX_ const struct showing *s, const struct action *action, size_t index,
                     AV *av)
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

void actions_show(pTHX_ struct engine *engine, const struct action_list *list,
                  const struct scope *scope, AV *av)
{
    const struct showing s = {engine, scope};
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        av_push(av, newSViv(number_of(action->type)));
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++)
            show_arg(aTHX_ & s, action, k, av);
    }
}

static bool same_value(pTHX_ SV *a, SV *b)
{
    AV *list_a = array_if(aTHX_ a), *list_b = array_if(aTHX_ b);
    if (list_a && list_b)
        return actions_same(aTHX_ list_a, list_b);
    if (!a || !b || SvROK(a) || SvROK(b))
        return a && b && SvROK(a) && SvROK(b) && SvRV(a) == SvRV(b);
    return bytes_eq(taken_text(aTHX_ a), taken_text(aTHX_ b));
}

/* One of them is ours and does not contain itself, so that this ends. */
bool actions_same(pTHX_ AV *a, AV *b)
{
    size_t count = array_count(aTHX_ a);
    if (count != array_count(aTHX_ b))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!same_value(aTHX_ element_if(aTHX_ a, i), element_if(aTHX_ b, i)))
            return false;
    }
    return true;
}

/* In. */

struct taking {
    struct engine *engine;
    struct rule_file *file; /* owns all that is made */
    AV *av;
    size_t at, depth;
    bool faulty;
};

static const struct var_keys no_keys;

static SV *next_value(pTHX_ struct taking *t)
{
    return element_if(aTHX_ t->av, t->at++);
}

static const struct template *take_template(pTHX_ struct taking *t, SV *sv)
{
    struct var_keys unused = {0}; /* no pass for match variables, no keys */
    return template_compile(&t->file->arena, taken_text(aTHX_ sv), PASS_VARIABLES, &unused,
                            t->engine->names);
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

static void keep_code(struct rule_file *file, struct perl_value *code)
{
    file->codes = mem_array(file->codes, file->code_count + 1, sizeof(struct perl_value *));
    file->codes[file->code_count++] = code;
    file->code_room = file->code_count;
}

static void take_code(pTHX_ struct taking *t, struct arg *arg)
{
    SV *code = next_value(aTHX_ t);
    if (!code || !SvROK(code) || SvTYPE(SvRV(code)) != SVt_PVCV) {
        t->faulty = true;
        return;
    }
    arg->code = perl_handle(newSVsv(code));
    keep_code(t->file, arg->code);
    take_words(aTHX_ t, arg);
    arg->cache_entries = taken_int(aTHX_ next_value(aTHX_ t)) != 0;
}

static const struct action_list *take_list(pTHX_ struct taking *outer, AV *av);

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
        arg->variable = names_id(t->engine->names, arg->name);
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
        arg->list = take_list(aTHX_ t, array_if(aTHX_ next_value(aTHX_ t)));
        break;
    case PARAM_CODE:
        take_code(aTHX_ t, arg);
        break;
    case PARAM_END:
        break;
    }
}

/* NULL: what stands there is no action. */
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

/* What is no action ends the list. */
static const struct action_list *take_list(pTHX_ struct taking *outer, AV *av)
{
    struct taking t = *outer;
    struct action_list *list = arena_zalloc(&t.file->arena, sizeof(*list));
    list->file = t.file;
    list->keys = &no_keys;
    t.av = av;
    t.at = 0;
    t.depth++;
    size_t length = av && t.depth <= DEEPEST_LIST ? array_count(aTHX_ av) : 0;
    list->actions = arena_alloc(&t.file->arena, length * sizeof(*list->actions));
    while (t.at < length) {
        struct action *action = take_action(aTHX_ & t, list);
        if (!action) {
            log_msg(t.engine->log, LOG_WARN,
                    B("Action list of a context set from Perl code: "
                      "element "),
                    NUM(t.at - 1), B(" is not an action"));
            break;
        }
        list->actions[list->count++] = action;
    }
    return list;
}

const struct action_list *actions_take(pTHX_ struct engine *engine, AV *av)
{
    if (array_count(aTHX_ av) == 0)
        return NULL;
    struct rule_file *file = mem_zalloc(sizeof(*file));
    file->refs = 1;
    arena_init(&file->arena);
    file->name = B("");
    struct taking t = {.engine = engine, .file = file};
    const struct action_list *list = take_list(aTHX_ & t, av);
    if (list->count > 0)
        return list;
    rule_file_release(file);
    return NULL;
}
