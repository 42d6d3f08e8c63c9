/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records come one after another, but stories are trees.  A stack of the rules that are being tried
 * (a Jump rule tries others inside) tells which rule a record belongs to, and a queue of the events
 * that were made tells which deed the line of an event belongs to. */
#include "explain/story.h"

#include "base/mem.h"
#include "lang/ruleset.h"

/* A deed whose event has not come to the rules yet. */
struct waiting {
    struct deed *deed;
    const struct story_line *line; /* that made it */
    bool later;                    /* it waits for its second */
    struct waiting *next;
};

/* An event that was put off for longer than its story lasts. */
struct put_off {
    struct bytes text;
    int64_t due;
    const struct rule *rule; /* NULL: it has come */
    struct put_off *next;
};

/* The rules that are being tried, one inside the other; 0 is outside of all. */
struct level {
    struct decision *decision; /* NULL at 0 */
    struct deed **last_deed;
    struct story_term **last_term;
    const struct decision *matched; /* the last one on the level above this one */
};

struct story {
    struct observer observer; /* first: hear is given it */
    const struct engine *engine;
    bool values;
    struct arena arena;
    struct story_line *first, *last; /* lines of inputs */
    struct story_line *line;         /* in process; NULL: none is */
    struct decision **last_decision;
    struct deed **last_deed; /* of the last line's own */
    struct waiting *waiting, **last_waiting;
    struct level *levels; /* owned */
    size_t depth, room;
    struct bytes subject; /* the one kept last, of so many lines */
    uint32_t subject_lines;
    struct arena lasting;
    struct put_off *put_off, **last_put_off; /* in `lasting` */
    const struct rule *acting;               /* whose action list has begun last; NULL: no rule's */
    struct bytes list;                       /* which one, if it has several */
    struct bytes ending; /* the context that an action is about to end, if it is there */
};

static_assert(offsetof(struct story, observer) == 0, "hear casts");

static void *new_piece(struct story *story, size_t size)
{
    return arena_zalloc(&story->arena, size);
}

static struct bytes keep(struct story *story, struct bytes text)
{
    return arena_bytes(&story->arena, text);
}

/* Lines. */

/* The deed that made the event that comes to the rules now; NULL: nobody knows. */
static struct waiting *take_waiting(struct story *story, struct bytes text)
{
    for (struct waiting **at = &story->waiting; *at; at = &(*at)->next) {
        struct waiting *found = *at;
        if (found->later || !bytes_eq(found->deed->text, text))
            continue;
        *at = found->next;
        if (story->last_waiting == &found->next)
            story->last_waiting = at;
        return found;
    }
    return NULL;
}

static void append_line(struct story *story, struct story_line *line)
{
    *(story->last ? &story->last->next : &story->first) = line;
    story->last = line;
    story->last_deed = &line->deeds;
}

static void begin_line(struct story *story, const struct record *record)
{
    struct story_line *line = new_piece(story, sizeof(*line));
    struct waiting *made = take_waiting(story, record->text);
    line->text = keep(story, record->text);
    line->context = keep(story, record->context);
    line->second = engine_now(story->engine);
    line->internal = made || bytes_eq(record->context, B(CONTEXT_INTERNAL));
    if (made) {
        made->deed->line = line;
        line->from = made->line;
        line->made_by = made->deed;
    } else {
        append_line(story, line);
    }
    story->line = line;
    story->acting = NULL;
    story->list = B("");
    story->last_decision = &line->decisions;
    story->depth = 0;
    story->levels[0] = (struct level){.last_deed = &line->deeds};
}

static void end_line(struct story *story)
{
    if (story->line == story->last)
        story->last_deed = story->levels[0].last_deed;
    story->line = NULL;
    story->acting = NULL;
    story->list = B("");
    story->subject_lines = 0;
}

/* Rules. */

static struct level *top(struct story *story)
{
    return &story->levels[story->depth];
}

/* What the most lines are that a pattern of the rule looks at. */
static struct bytes keep_subject(struct story *story, const struct rule *rule)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < rule->part_count; i++)
        if (rule->parts[i].pattern.lines > lines)
            lines = rule->parts[i].pattern.lines;
    struct bytes text = match_text(&story->engine->line.place, lines);
    if (lines != story->subject_lines || !bytes_eq(text, story->subject)) {
        story->subject = keep(story, text);
        story->subject_lines = lines;
    }
    return story->subject;
}

static struct decision *add_decision(struct story *story, struct rule_state *state)
{
    struct decision *decision = new_piece(story, sizeof(*decision));
    decision->rule = state->rule;
    decision->state = state;
    decision->by = top(story)->decision;
    decision->subject = keep_subject(story, state->rule);
    *story->last_decision = decision;
    story->last_decision = &decision->next;
    return decision;
}

static void begin_decision(struct story *story, const struct record *record)
{
    struct decision *decision = add_decision(story, record->rule);
    story->depth++;
    MEM_GROW(story->levels, story->depth, story->room, 8);
    *top(story) = (struct level){
        .decision = decision, .last_deed = &decision->deeds, .last_term = &decision->terms};
}

static void keep_variables(struct story *story, struct decision *decision,
                           const struct match_vars *vars)
{
    struct named_value *list;
    decision->variable_count = vars_list(vars, &story->arena, &list);
    decision->variables = list;
    for (size_t i = 0; i < decision->variable_count; i++) {
        list[i].name = keep(story, list[i].name);
        list[i].value.text = keep(story, list[i].value.text);
    }
}

static void end_decision(struct story *story, const struct record *record)
{
    struct decision *decision = top(story)->decision;
    if (!record->tried) {
        decision = add_decision(story, record->rule);
        decision->verdict = record->verdict;
        if (record->verdict <= VERDICT_PASSED)
            decision->taker = top(story)->matched;
        return;
    }
    if (!decision || decision->state != record->rule)
        return; /* the observer was added in the midst of it */
    story->depth--;
    decision->tried = true;
    decision->verdict = record->verdict;
    decision->part = record->part;
    if (record->vars && story->values)
        keep_variables(story, decision, record->vars);
    if (record->verdict > VERDICT_MATCHED)
        top(story)->matched = decision;
}

static void add_term(struct story *story, const struct record *record)
{
    struct level *level = top(story);
    if (!level->decision)
        return;
    struct story_term *term = new_piece(story, sizeof(*term));
    term->item = record->term;
    term->text = keep(story, record->text);
    term->truth = record->truth;
    *level->last_term = term;
    level->last_term = &term->next;
}

/* Deeds. */

static struct deed *add_deed(struct story *story, enum deed_kind kind)
{
    struct deed ***last = story->line ? &top(story)->last_deed : &story->last_deed;
    struct deed *deed = new_piece(story, sizeof(*deed));
    deed->kind = kind;
    deed->second = engine_now(story->engine);
    deed->rule = story->acting;
    deed->list = story->list;
    if (story->line && top(story)->decision)
        deed->rule = top(story)->decision->rule;
    if (deed->rule != story->acting)
        deed->list = B("");
    **last = deed;
    *last = &deed->next;
    return deed;
}

static void add_effect(struct story *story, const struct effect *effect)
{
    struct deed *deed = add_deed(story, DEED_EFFECT);
    if (effect->rule)
        deed->rule = effect->rule;
    deed->what = keep(story, bytes_of(effect_name(effect)));
    deed->name = keep(story, effect->command ? effect->command->text : effect->target);
    if (effect->kind != EFFECT_DUMP)
        deed->text = keep(story, effect->text);
}

/* The deed of an event that was put off until now; NULL: it is a new one. */
static struct waiting *find_later(struct story *story, struct bytes text)
{
    for (struct waiting *w = story->waiting; w; w = w->next)
        if (w->later && w->deed->until <= engine_now(story->engine) &&
            bytes_eq(w->deed->text, text))
            return w;
    return NULL;
}

static void note_put_off(struct story *story, const struct deed *deed)
{
    struct put_off *one = arena_zalloc(&story->lasting, sizeof(*one));
    *one =
        (struct put_off){arena_bytes(&story->lasting, deed->text), deed->until, deed->rule, NULL};
    *story->last_put_off = one;
    story->last_put_off = &one->next;
}

/* Who has put off the event that comes now; NULL: nobody did. */
static const struct rule *who_put_off(struct story *story, struct bytes text)
{
    for (struct put_off *one = story->put_off; one; one = one->next) {
        const struct rule *rule = one->rule;
        if (!rule || one->due > engine_now(story->engine) || !bytes_eq(one->text, text))
            continue;
        one->rule = NULL;
        return rule;
    }
    return NULL;
}

static void add_event(struct story *story, const struct record *record)
{
    bool later = record->kind == RECORD_EVENT_LATER;
    struct waiting *waiting = later || story->line ? NULL : find_later(story, record->text);
    if (waiting) {
        waiting->later = false;
        return;
    }
    struct deed *deed = add_deed(story, later ? DEED_EVENT_LATER : DEED_EVENT);
    deed->text = keep(story, record->text);
    deed->name = keep(story, record->context);
    deed->until = record->due;
    if (later)
        note_put_off(story, deed);
    else if (!story->line && !deed->rule)
        deed->rule = who_put_off(story, deed->text);
    waiting = new_piece(story, sizeof(*waiting));
    *waiting = (struct waiting){deed, story->line ? story->line : story->last, later, NULL};
    *story->last_waiting = waiting;
    story->last_waiting = &waiting->next;
}

static enum deed_kind operation_deed(const struct record *record)
{
    const struct operation *operation = record->operation;
    if (record->kind == RECORD_OPERATION_BEGUN)
        return DEED_BEGUN;
    if (record->kind == RECORD_OPERATION_ENDED)
        return DEED_ENDED;
    bool counts = operation->rule->type->counting.text && !operation->suppressing;
    return counts ? DEED_COUNTED : DEED_HELD;
}

/* How many events of those that it wants: of EventGroup all patterns together, and each. */
static void count_events(struct story *story, struct deed *deed, const struct operation *operation)
{
    const struct rule *rule = operation->rule;
    deed->count = operation->time_count;
    deed->of = operation->second_pass ? rule->threshold2 : rule->threshold;
    if (!rule->type->numbered)
        return;
    uint32_t *parts = new_piece(story, rule->part_count * sizeof(*parts));
    for (size_t i = 0; i < rule->part_count; i++)
        deed->of += rule->parts[i].threshold;
    for (uint32_t i = 0; i < operation->time_count; i++)
        parts[operation_event_at(operation, i)->part]++;
    deed->parts = parts;
}

static void add_operation(struct story *story, const struct record *record)
{
    const struct operation *operation = record->operation;
    struct deed *deed = add_deed(story, operation_deed(record));
    deed->rule = operation->rule;
    deed->name = keep(story, operation_desc(operation));
    deed->since = operation->start;
    deed->until = operation->window ? operation->time + operation->window : 0;
    if (deed->kind == DEED_COUNTED)
        count_events(story, deed, operation);
}

static enum deed_kind context_deed(const struct record *record)
{
    switch (record->kind) {
    case RECORD_CONTEXT_NAMED:
        return record->of->name_count > 1 ? DEED_CONTEXT_ALIAS : DEED_CONTEXT_MADE;
    case RECORD_CONTEXT_UNNAMED:
        return DEED_CONTEXT_GONE;
    case RECORD_CONTEXT_EXPIRED:
        return DEED_CONTEXT_EXPIRED;
    default:
        return DEED_CONTEXT_CHANGED;
    }
}

static struct bytes context_name(const struct record *record)
{
    if (record->kind == RECORD_CONTEXT_CHANGED || record->kind == RECORD_CONTEXT_NAMED)
        return record->of->name_count ? record->of->names[0] : (struct bytes){0};
    return record->text;
}

/* The deed that already tells of this context at this place: what changes is told once. */
static struct deed *told_context(struct story *story, struct bytes name)
{
    const struct level *level = top(story);
    struct deed *deed = !story->line      ? story->last->deeds
                        : level->decision ? level->decision->deeds
                                          : story->line->deeds;
    struct deed *found = NULL;
    for (; deed; deed = deed->next)
        if (bytes_eq(deed->name, name))
            found = deed->kind == DEED_CONTEXT_MADE || deed->kind == DEED_CONTEXT_CHANGED ? deed
                                                                                          : found;
    return found;
}

static void add_context(struct story *story, const struct record *record)
{
    const struct context *context = record->of;
    if (context->internal || record->kind == RECORD_CONTEXT_GONE)
        return;
    enum deed_kind kind = context_deed(record);
    struct bytes name = context_name(record);
    struct deed *deed = kind == DEED_CONTEXT_CHANGED ? told_context(story, name) : NULL;
    if (!deed) {
        deed = add_deed(story, kind);
        deed->name = keep(story, name);
    }
    if (kind == DEED_CONTEXT_ALIAS)
        deed->text = keep(story, record->text);
    deed->until = context->window > 0 ? context->time + context->window : 0;
    deed->count = context->event_count;
}

/* Messages. */

/* What is between the first pair of quotes after `before`; ptr NULL: the message is another. */
static struct bytes quoted_after(struct bytes message, struct bytes before)
{
    if (!bytes_starts(message, before))
        return (struct bytes){0};
    struct bytes rest = bytes_from(message, before.len);
    ptrdiff_t end = bytes_find(rest, B("' does not exist"), 0);
    if (end < 0)
        end = rest.len > 0 && rest.ptr[rest.len - 1] == '\'' ? (ptrdiff_t)rest.len - 1 : -1;
    if (end < 0)
        return (struct bytes){0};
    return bytes_slice(rest, 0, (size_t)end);
}

/* The actions that find no context say so in the log only, and delete does not say that it was
 * one, but in the message before. */
static bool hear_missing(struct story *story, struct bytes message)
{
    struct bytes deleting = quoted_after(message, B("Deleting context '"));
    struct bytes obsoleting = quoted_after(message, B("Obsoleting context '"));
    struct bytes missing = quoted_after(message, B("Context '"));
    struct bytes ending = story->ending;
    if (obsoleting.ptr)
        deleting = obsoleting;
    story->ending = deleting.ptr ? keep(story, deleting) : (struct bytes){0};
    if (!missing.ptr)
        return false;
    struct bytes rest = bytes_from(message, strlen("Context '") + missing.len);
    ptrdiff_t cannot = bytes_find(rest, B("can't "), 0);
    struct deed *deed = add_deed(story, DEED_MISSING);
    deed->name = keep(story, missing);
    if (cannot >= 0)
        deed->what = keep(story, bytes_from(rest, (size_t)cannot + strlen("can't ")));
    else
        deed->what = bytes_eq(ending, missing) ? B("delete") : B("getsize");
    return true;
}

void story_hear_message(struct story *story, int level, struct bytes message)
{
    if (!story->last || hear_missing(story, message) || level > LOG_NOTE)
        return;
    add_deed(story, DEED_LOG)->text = keep(story, message);
}

/* Lists inside of others are part of them. */
static struct bytes name_list(const struct action_list *list, struct bytes before)
{
    const struct rule *rule = list->rule;
    const struct {
        const struct action_list *list;
        struct bytes name;
    } lists[] = {{rule ? rule->action : NULL, B("action")},
                 {rule ? rule->action2 : NULL, B("action2")},
                 {rule ? rule->init : NULL, B("init")},
                 {rule ? rule->slide : NULL, B("slide")},
                 {rule ? rule->end : NULL, B("end")}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
        count += lists[i].list && lists[i].list->count > 0;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
        if (lists[i].list == list)
            return count > 1 ? lists[i].name : B("");
    return rule ? before : B("");
}

static void hear_of_rules(struct story *story, const struct record *record)
{
    switch (record->kind) {
    case RECORD_LINE:
        begin_line(story, record);
        break;
    case RECORD_LINE_END:
        if (story->line)
            end_line(story);
        break;
    case RECORD_TRY:
        if (story->line)
            begin_decision(story, record);
        break;
    case RECORD_RULE:
        if (story->line)
            end_decision(story, record);
        break;
    case RECORD_TERM:
        if (story->line)
            add_term(story, record);
        break;
    default: /* RECORD_ACTIONS */
        story->list =
            name_list(record->list, record->list->rule == story->acting ? story->list : B(""));
        story->acting = record->list->rule;
        if (story->line && top(story)->decision)
            top(story)->decision->acted = true;
    }
}

static void hear(struct observer *observer, const struct record *record)
{
    struct story *story = (struct story *)observer;
    if (record->kind <= RECORD_ACTIONS) {
        hear_of_rules(story, record);
        return;
    }
    if (!story->last)
        return; /* before the first line */
    switch (record->kind) {
    case RECORD_EFFECT:
        add_effect(story, record->effect);
        break;
    case RECORD_EVENT:
    case RECORD_EVENT_LATER:
        add_event(story, record);
        break;
    case RECORD_OPERATION_BEGUN:
    case RECORD_OPERATION_MET:
    case RECORD_OPERATION_ENDED:
        add_operation(story, record);
        break;
    default:
        add_context(story, record);
    }
}

/* The story itself. */

struct story *story_new(bool every_rule, bool values)
{
    struct story *story = mem_zalloc(sizeof(*story));
    story->observer = (struct observer){.hear = hear, .every_rule = every_rule};
    story->values = values;
    arena_init(&story->arena);
    arena_init(&story->lasting);
    story->last_put_off = &story->put_off;
    story->last_waiting = &story->waiting;
    MEM_GROW(story->levels, story->depth, story->room, 8);
    return story;
}

void story_free(struct story *story)
{
    if (!story)
        return;
    arena_free(&story->arena);
    arena_free(&story->lasting);
    free(story->levels);
    free(story);
}

struct observer *story_observer(struct story *story, const struct engine *engine)
{
    story->engine = engine;
    return &story->observer;
}

const struct story_line *story_lines(const struct story *story)
{
    return story->first;
}

void story_idle(struct story *story)
{
    assert(!story->line);
    struct story_line *line = new_piece(story, sizeof(*line));
    line->second = engine_now(story->engine);
    line->idle = true;
    append_line(story, line);
}

size_t story_origins(const struct story *story, const struct rule **list, size_t room)
{
    const struct story_line *line = story->line;
    size_t count = 0;
    for (; line && line->made_by && count < room; line = line->from)
        if (line->made_by->rule)
            list[count++] = line->made_by->rule;
    return count;
}

void story_clear(struct story *story)
{
    assert(!story->line);
    arena_reset(&story->arena);
    story->first = story->last = NULL;
    story->waiting = NULL;
    story->last_waiting = &story->waiting;
    story->depth = 0;
    story->subject_lines = 0;
    story->acting = NULL;
    story->list = B("");
    story->ending = (struct bytes){0};
}

void story_forget(struct story *story)
{
    arena_reset(&story->lasting);
    story->put_off = NULL;
    story->last_put_off = &story->put_off;
}

const struct deed *story_deed_of(const struct decision *decision, enum deed_kind kind)
{
    const struct deed *found = NULL;
    for (const struct deed *d = decision->deeds; d; d = d->next)
        if (d->kind == kind && d->rule == decision->rule)
            found = d;
    return found;
}
