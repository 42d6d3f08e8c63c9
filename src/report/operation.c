/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items of operations, type by type. */
#include "report/operation.h"

#include "correlate/event_group.h"
#include "correlate/pair.h"
#include "correlate/shared.h"
#include "correlate/two_thresholds.h"
#include "correlate/types.h"

struct showing {
    struct engine *engine;
    const struct operation *operation;
    const struct rule *rule;
    struct scope scope; /* match variables that the operation keeps */
    item_visit *visit;
    void *arg;
    struct buf out; /* text of the present item */
};

static void show(struct showing *s, const char *label, const char *key, size_t part,
                 struct bytes text)
{
    struct item item = {.label = label, .key = key, .part = part, .kind = ITEM_TEXT, .text = text};
    s->visit(s->arg, &item);
    buf_clear(&s->out);
}

static void show_number(struct showing *s, enum item_kind kind, const char *label, const char *key,
                        size_t part, int64_t number)
{
    struct item item = {.label = label, .key = key, .part = part, .kind = kind, .number = number};
    s->visit(s->arg, &item);
}

static void show_pattern(struct showing *s, size_t part, const struct pattern *pattern)
{
    pattern_print(pattern, &s->out);
    show(s, "Pattern", "pattern", part, buf_bytes(&s->out));
}

/* scope NULL: the expression as the rule has it. */
static void show_context(struct showing *s, size_t part, const struct context_expr *context,
                         const struct scope *scope)
{
    if (context)
        condition_print(context, s->engine, scope, &s->out);
    show(s, "Context", "context", part, buf_bytes(&s->out));
}

static void show_next(struct showing *s, size_t number, const struct part *part)
{
    buf_add(&s->out, bytes_of(what_next_text(part->what_next)));
    if (part->what_next == NEXT_GOTO)
        buf_cat(&s->out, B(" "), NUM(part->next + 1));
    show(s, "Behavior after match", "continue", number, buf_bytes(&s->out));
}

static void show_list(struct showing *s, const char *label, const char *key, size_t part,
                      const struct action_list *list, const struct scope *scope)
{
    if (list)
        action_list_print(list, s->engine, scope, &s->out);
    show(s, label, key, part, buf_bytes(&s->out));
}

static void show_first_pattern(struct showing *s)
{
    const struct part *part = &s->rule->parts[0];
    show_pattern(s, 1, &part->pattern);
    show_context(s, 1, part->context, NULL);
    show_next(s, 1, part);
}

static void show_desc(struct showing *s)
{
    show(s, "Description", "desc", 1, operation_desc(s->operation));
}

static void show_action(struct showing *s)
{
    show_list(s, "Action", "action", 1, s->rule->action, &s->scope);
}

static void show_action2(struct showing *s)
{
    show_list(s, "Action", "action", 2, s->rule->action2, &s->scope);
}

static void show_window(struct showing *s)
{
    show_number(s, ITEM_SECONDS, "Window", "window", 1, s->rule->window);
}

static void show_suppressing(struct showing *s)
{
    show_first_pattern(s);
    show_desc(s);
    show_action(s);
    show_window(s);
}

static void show_pair(struct showing *s)
{
    const struct part *second = &s->rule->parts[1];
    show_first_pattern(s);
    show_desc(s);
    show_action(s);
    show_pattern(s, 2, pair_pattern2(s->engine, s->operation));
    show_context(s, 2, second->context, &s->scope);
    show_next(s, 2, second);
    show(s, "Description", "desc", 2, pair_desc2(s->engine, s->operation));
    show_action2(s);
    show_window(s);
}

static void show_threshold(struct showing *s)
{
    show_first_pattern(s);
    show_desc(s);
    show_action(s);
    show_action2(s);
    show_window(s);
    show_number(s, ITEM_NUMBER, "Threshold", "threshold", 1, s->rule->threshold);
}

static void show_two_thresholds(struct showing *s)
{
    show_first_pattern(s);
    show_desc(s);
    show_action(s);
    show_window(s);
    show_number(s, ITEM_NUMBER, "Threshold", "threshold", 1, s->rule->threshold);
    show(s, "Description", "desc", 2, two_thresholds_desc2(s->engine, s->operation));
    show_action2(s);
    show_number(s, ITEM_SECONDS, "Window", "window", 2, s->rule->window2);
    show_number(s, ITEM_NUMBER, "Threshold", "threshold", 2, s->rule->threshold2);
}

static void show_group_part(struct showing *s, size_t number, const struct part *part)
{
    show_pattern(s, number, &part->pattern);
    show_context(s, number, part->context, NULL);
    show_next(s, number, part);
    show_list(s, "Count action", "count", number, part->count, NULL);
    show_number(s, ITEM_NUMBER, "Threshold", "threshold", number, part->threshold);
    if (!s->rule->has_group_pattern)
        return;
    if (part->token_given)
        show(s, "Event group token", "egtoken", number, part->token->text);
    else
        show_number(s, ITEM_NUMBER, "Event group token", "egtoken", number, (int64_t)number);
}

static void show_event_group(struct showing *s)
{
    const struct rule *rule = s->rule;
    for (size_t i = 0; i < rule->part_count; i++)
        show_group_part(s, i + 1, &rule->parts[i]);
    if (rule->has_group_pattern) {
        pattern_print(&rule->group_pattern, &s->out);
        show(s, "Event group pattern", "egpattern", 1, buf_bytes(&s->out));
        show(s, "Event group string", "egstring", 1, event_group_string(s->engine, s->operation));
    }
    show_list(s, "Init action", "init", 1, rule->init, &s->scope);
    show_list(s, "Slide action", "slide", 1, rule->slide, &s->scope);
    show_list(s, "End action", "end", 1, rule->end, &s->scope);
    show_desc(s);
    show_action(s);
    show_window(s);
}

/* What there is to say about the operations of a type. */
static const struct layout {
    const struct rule_type *type;
    void (*show)(struct showing *s);
    struct status {
        const char *text, *json;
    } waiting, reached;
} layouts[] = {
    {&rule_suppressing, show_suppressing, {0}, {0}},
    {&rule_pair, show_pair, {0}, {0}},
    {&rule_pair_window, show_pair, {0}, {0}},
    {&rule_threshold,
     show_threshold,
     {"checking for threshold", "checking for threshold"},
     {"seen before threshold was crossed", "threshold reached"}},
    {&rule_two_thresholds,
     show_two_thresholds,
     {"checking for 1st threshold", "checking for 1st threshold"},
     {"checking for 2nd threshold", "checking for 2nd threshold"}},
    {&rule_event_group,
     show_event_group,
     {"checking for thresholds", "checking for thresholds"},
     {"seen before thresholds were crossed", "thresholds reached"}},
};

static const struct layout *find_layout(const struct operation *operation)
{
    const struct layout *layout = layouts;
    while (layout->type != operation->rule->type)
        layout++;
    return layout;
}

void operation_items(struct engine *engine, const struct operation *operation, item_visit *visit,
                     void *arg)
{
    struct showing s = {.engine = engine,
                        .operation = operation,
                        .rule = operation->rule,
                        .scope = operation_scope(operation),
                        .visit = visit,
                        .arg = arg};
    const struct layout *layout = find_layout(operation);
    struct arena_mark mark = arena_mark(&engine->arena);
    layout->show(&s);
    arena_release(&engine->arena, mark);
    buf_free(&s.out);
}

struct operation_events operation_events(const struct operation *operation)
{
    const struct layout *layout = find_layout(operation);
    const struct status *status =
        operation->suppressing || operation->second_pass ? &layout->reached : &layout->waiting;
    return (struct operation_events){.text = status->text,
                                     .json = status->json,
                                     .of_group = layout->type == &rule_event_group,
                                     .have_tokens = operation->rule->has_group_pattern};
}

struct operation_event operation_event(const struct operation *operation, uint32_t index)
{
    const struct rule *rule = operation->rule;
    if (rule->type != &rule_event_group)
        return (struct operation_event){.time = operation_time_at(operation, index)};
    const struct group_event *event = operation_event_at(operation, index);
    return (struct operation_event){.time = event->time,
                                    .part = event->part,
                                    .token = event->token,
                                    .token_number = !rule->parts[event->part].token_given};
}

void operation_type(const struct operation *operation, struct buf *out)
{
    const struct rule *rule = operation->rule;
    buf_add(out, bytes_of(rule->type->name));
    if (rule->type == &rule_event_group)
        buf_num(out, (int64_t)rule->part_count);
}
