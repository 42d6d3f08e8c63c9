/* Pair and PairWithWindow: a first event starts an operation, a second one, whose pattern may hold
 * values of the first, ends it.
 *
 * An operation's second pattern is made when it starts.  The rule keeps its operations in a list, in
 * order of their start; one leaves it when the last who retains it lets go.
 */
#include "correlate/pair.h"

#include "base/mem.h"
#include "correlate/shared.h"
#include "correlate/types.h"

/* An operation's second pattern, and its place among the rule's operations. */
struct waiting {
    struct operation *operation;
    struct waiting *next, *prev;
    struct pattern pattern; /* text owned when it is the operation's own */
    bool own_pattern;
};

/* rule->index while the rule has operations. */
struct waiting_list {
    struct waiting *first, *last;
};

static struct waiting_list *waiting_list(struct rule *rule)
{
    if (!rule->index) {
        rule->index = mem_zalloc(sizeof(struct waiting_list));
        hits_set(&rule->file->waiting, (uint32_t)rule->id);
    }
    return rule->index;
}

static void waiting_unlink(struct rule *rule, struct waiting *w)
{
    struct waiting_list *list = rule->index;
    *(w->prev ? &w->prev->next : &list->first) = w->next;
    *(w->next ? &w->next->prev : &list->last) = w->prev;
    if (list->first)
        return;
    free(list);
    rule->index = NULL;
    hits_unset(&rule->file->waiting, (uint32_t)rule->id);
}

static void waiting_free(struct operation *operation)
{
    struct waiting *w = operation->more;
    waiting_unlink(operation->rule, w);
    if (w->own_pattern) {
        pattern_free(&w->pattern);
        free((char *)w->pattern.text.ptr);
    }
    free(w);
}

static void waiting_append(struct operation *operation, const struct pattern *pattern, bool own)
{
    struct waiting_list *list = waiting_list(operation->rule);
    struct waiting *w = mem_alloc(sizeof(*w));
    *w = (struct waiting){.operation = operation, .prev = list->last, .pattern = *pattern,
                          .own_pattern = own};
    *(w->prev ? &w->prev->next : &list->first) = w;
    list->last = w;
    operation->more = w;
    operation->more_free = waiting_free;
}

/* The second pattern with the first match's values. false: not a regular expression, logged. */
static bool make_pattern(struct engine *engine, const struct rule *rule, const struct scope *scope,
                         struct pattern *pattern, bool *own)
{
    *pattern = rule->parts[1].pattern;
    *own = false;
    if (!rule->pattern2_text)
        return true;
    *own = true;
    if (!rule->pattern2_open) {
        pattern->text = bytes_dup(expand(engine, rule->pattern2_text, scope));
        return true;
    }
    struct bytes text = expand_regex(engine, rule->pattern2_text, scope);
    struct bytes type = bytes_of(rule->type->name);
    struct buf error = {0};
    bool sound = regex_compile(text, &pattern->regex, &error);
    if (sound) {
        pattern->text = bytes_dup(text);
    } else {
        struct bytes key = operation_key(&engine->arena, rule->file->name, rule->id, scope->text);
        log_msg(engine->log, LOG_ERROR,
                B("Runtime variable evaluation yielded an invalid regular expression '"), text,
                B("' for "), type, B(" rule: "), buf_bytes(&error));
        log_msg(engine->log, LOG_ERROR, B("Can't start "), type,
                B(" event correlation operation with the key '"), key, B("'"));
    }
    buf_free(&error);
    return sound;
}

/* An operation of this description; old (NULL: none) is the one that is over. NULL: not started. */
static struct operation *start(struct engine *engine, struct rule *rule, const struct scope *scope,
                               struct operation *old)
{
    struct pattern pattern;
    bool own;
    if (!make_pattern(engine, rule, scope, &pattern, &own))
        return NULL;
    if (old)
        operations_end(engine, old);
    const struct action_list *lists[] = {rule->action, rule->action2};
    struct binding *bound = binding_take_lists(engine, scope, lists, 2, rule->desc2,
                                               rule->parts[1].context);
    struct operation *o = operations_start(engine, rule, scope->text, rule->window, bound);
    waiting_append(o, &pattern, own);
    return o;
}

static int64_t pair_matched(struct engine *engine, struct rule *rule, size_t part,
                            const struct match_vars *vars)
{
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    struct operation *o = operations_find(rule, scope.text);
    if (o && !(o->window && operation_over(o, engine_now(engine))))
        return 0;
    if (start(engine, rule, &scope, o))
        actions_run(engine, rule->action, &scope);
    return 0;
}

static int64_t window_matched(struct engine *engine, struct rule *rule, size_t part,
                              const struct match_vars *vars)
{
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    struct operation *o = operations_find(rule, scope.text);
    if (o && operation_over(o, engine_now(engine))) {
        rule->type->due(engine, o);
        o = operations_find(rule, scope.text);
    }
    if (!o)
        start(engine, rule, &scope, NULL);
    return 0;
}

/* PairWithWindow's window is over: the second event did not come. */
static void window_due(struct engine *engine, struct operation *o)
{
    operation_finish(engine, o, o->rule->action, operation_desc(o));
}

/* The second event of this operation has come. */
static bool finish(struct engine *engine, struct operation *o, const struct match_vars *vars)
{
    struct rule *rule = o->rule;
    bool in_time = rule->type != &rule_pair || !o->window || !operation_over(o, engine_now(engine));
    if (in_time) {
        struct scope scope = operation_scope(o);
        rule->match_count++;
        scope.second = vars;
        scope.text = expand(engine, rule->desc2, &scope);
        actions_run(engine, rule->action2, &scope);
    }
    operations_end(engine, o);
    return in_time;
}

static bool context2_holds(struct engine *engine, const struct operation *o,
                           const struct match_vars *vars)
{
    struct scope scope = operation_scope(o);
    scope.second = vars;
    return condition_true(engine, o->rule->parts[1].context, &scope);
}

static bool try_operation(struct engine *engine, struct waiting *w)
{
    struct operation *o = w->operation;
    const struct part *part = &o->rule->parts[1];
    static const struct match_vars none = {.kind = VARS_NONE};
    struct match_vars vars;
    if (part->context_first && !context2_holds(engine, o, &none))
        return false;
    if (!pattern_match(&w->pattern, part->varmap, &engine->place, &vars))
        return false;
    if (part->context && !part->context_first && !context2_holds(engine, o, &vars))
        return false;
    return finish(engine, o, &vars);
}

bool pair_match(struct engine *engine, struct rule *rule)
{
    struct waiting_list *list = rule->index;
    bool any = false;
    if (!list || !list->first)
        return false;
    /* Nothing starts during the walk, for events wait in their queue.  The entry at hand stays in the
     * list because its operation is retained, so its neighbours are known though actions end them. */
    struct waiting *w = list->first;
    operation_retain(w->operation);
    while (w) {
        struct operation *o = w->operation;
        if (o->live && try_operation(engine, w))
            any = true;
        w = w->next;
        if (w)
            operation_retain(w->operation);
        operation_release(o);
    }
    return any;
}

const struct pattern *pair_pattern2(const struct operation *operation)
{
    const struct waiting *w = operation->more;
    return &w->pattern;
}

struct bytes pair_desc2(struct engine *engine, const struct operation *operation)
{
    struct scope scope = operation_scope(operation);
    return expand_kept(engine, operation->rule->desc2, &scope);
}

static void move_window(struct engine *engine, struct operation *operation, int64_t time)
{
    operation_set_time(engine, operation, time);
}

#define FIELDS_PAIR(...)                                                                           \
    {.kind = FIELD_CONTINUE, .name = "continue"},                                                  \
    {.kind = FIELD_CONTINUE, .name = "continue2", .part = 1},                                      \
    {.kind = FIELD_PATTERN, .name = "ptype", .required = true},                                    \
    {.kind = FIELD_PATTERN_TEXT, .name = "pattern", .required = true},                             \
    {.kind = FIELD_PATTERN, .name = "ptype2", .required = true, .part = 1},                        \
    {.kind = FIELD_PATTERN_TEXT, .name = "pattern2", .required = true, .part = 1},                 \
    {.kind = FIELD_VARMAP, .name = "varmap"},                                                      \
    {.kind = FIELD_VARMAP, .name = "varmap2", .part = 1},                                          \
    {.kind = FIELD_CONTEXT, .name = "context"},                                                    \
    {.kind = FIELD_CONTEXT, .name = "context2", .part = 1},                                        \
    FIELD_DESC_REQUIRED,                                                                           \
    {.kind = FIELD_DESC, .name = "desc2", .required = true, .part = 1},                            \
    FIELD_ACTIONS("action", action, true, 0),                                                      \
    FIELD_ACTIONS("action2", action2, true, 1),                                                    \
    __VA_ARGS__,                                                                                   \
    {.kind = FIELD_END}

static const struct field pair_fields[] = {
    FIELDS_PAIR({.kind = FIELD_WINDOW0, .name = "window", .offset = offsetof(struct rule, window),
                 .noun = "time window"}),
};

static const struct field window_fields[] = {
    FIELDS_PAIR(FIELD_NUMBER(FIELD_WINDOW, "window", window, "time window")),
};

const struct rule_type rule_pair = {
    .keyword = "PAIR",
    .name = "Pair",
    .shape = SHAPE_PAIR,
    .fields = pair_fields,
    .matched = pair_matched,
    .due = operations_end,
    .move_window = move_window,
};

const struct rule_type rule_pair_window = {
    .keyword = "PAIRWITHWINDOW",
    .name = "PairWithWindow",
    .shape = SHAPE_PAIR,
    .fields = window_fields,
    .matched = window_matched,
    .due = window_due,
    .move_window = move_window,
};
