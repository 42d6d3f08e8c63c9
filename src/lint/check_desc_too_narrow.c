/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that count, suppress or pair do so for each description by itself.  A description that
 * holds what is another in each line (witness/volatile.h) gives each line an operation of its own.
 *
 * $0 may well be a key where the lines are events of the rules' own, which have no time: it is not
 * told where an event of the set matches, or the context asks for internal events. */
#include "lang/rule_text.h"
#include "lint/checks.h"
#include "lint/groups.h"
#include "lint/operations.h"
#include "lint/own_events.h"
#include "witness/volatile.h"

struct look {
    struct lint *lint;
    const struct rule *rule;
    struct own_events events;
    struct arena arena; /* of one rule */
};

/* What the variable is, after "$1 in desc ", and what to do about it. */
static const struct {
    struct bytes what, hint;
} words[] = {
    [VOLATILE_LINE] = {B("is the whole line with its time"),
                       B("use only what should be counted together, such as $1")},
    [VOLATILE_TIME] = {B("is the time of the line"),
                       B("leave it out of desc; actions can still use it")},
    [VOLATILE_PROCESS] = {B("is the process ID"),
                          B("leave it out of desc; actions can still use it")},
    [VOLATILE_ANY_PROCESS] = {B("is the process ID"),
                              B("leave it out of desc; actions can still use it")},
    [VOLATILE_PORT] = {B("is the client port, which differs per connection"),
                       B("leave it out of desc; actions can still use it")},
    [VOLATILE_ADDRESS] = {B("includes the client port, which differs per connection"),
                          B("end the group before the port")},
};

/* What that does to operations of the type. */
static struct bytes effect_of(const struct rule *rule, enum volatile_kind kind)
{
    bool lines = kind == VOLATILE_LINE || kind == VOLATILE_TIME;
    bool port = kind == VOLATILE_PORT || kind == VOLATILE_ADDRESS;
    switch (operation_kind(rule)) {
    case OPERATION_SUPPRESSES:
        return lines ? B("nothing is ever suppressed") : B("little is ever suppressed");
    case OPERATION_PAIRS:
        return B("each line starts a pair of its own");
    default:
        return lines  ? B("each line is counted by itself")
               : port ? B("two connections are never counted together")
                      : B("related lines are counted separately");
    }
}

/* What the witness shows, up to another line. */
static struct bytes shown(const struct rule *rule)
{
    switch (operation_kind(rule)) {
    case OPERATION_SUPPRESSES:
        return B("is not suppressed after");
    case OPERATION_PAIRS:
        return B("starts a different pair from");
    default:
        return B("is counted separately from");
    }
}

static enum lint_level level_of(const struct rule *rule, enum volatile_kind kind)
{
    bool mild = operation_kind(rule) == OPERATION_PAIRS || kind == VOLATILE_ANY_PROCESS;
    return mild ? LINT_NOTE : LINT_WARNING;
}

static void tell(struct look *look, struct bytes variable, const struct volatile_group *found)
{
    struct lint *lint = look->lint;
    struct lint_finding *finding = lint_tell(
        lint, look->rule, template_place(look->rule->desc, variable), variable, B(" in desc "),
        words[found->kind].what, B(", so "), effect_of(look->rule, found->kind));
    finding->level = level_of(look->rule, found->kind);
    lint_hint(lint, finding, words[found->kind].hint);
    finding->cause = arena_cat(&lint->arena, words[found->kind].what, finding->hint);
    lint_witness(
        lint, finding, found->line,
        arena_cat(&look->arena, shown(look->rule), B(" one with '"), found->other, B("' there")));
}

/* Lines of the log, or events of the rules' own? */
static bool wants_own_events(struct look *look, const struct part *part)
{
    struct keyword context;
    if (rule_keyword(look->rule, B("context"), &context) &&
        bytes_find(context.value, B("INTERNAL_EVENT"), 0) >= 0)
        return true;
    return own_events_match(&look->events, &part->pattern);
}

/* false: it is fine, or not known. */
static bool look_at_variable(struct look *look, const struct part *part,
                             const struct segment *segment)
{
    const struct var_key *key = &look->rule->keys.keys[segment->index];
    uint32_t group;
    struct volatile_group found;
    if (key->source != 0 || groups_filling(part, key, &group) != 1 ||
        !volatile_find(&part->pattern, group, &look->arena, &found))
        return false;
    bool paired = operation_kind(look->rule) == OPERATION_PAIRS;
    if (paired && found.kind != VOLATILE_LINE && found.kind != VOLATILE_TIME)
        return false; /* it may be what both lines have */
    if (found.kind == VOLATILE_LINE && wants_own_events(look, part))
        return false;
    tell(look, segment->text, &found);
    return true;
}

static void look_at_rule(struct look *look)
{
    const struct rule *rule = look->rule;
    size_t parts = rule->type->numbered ? rule->part_count : 1;
    if (operation_kind(rule) == OPERATION_NONE || rule->desc->spliced)
        return;
    for (uint32_t i = 0; i < rule->desc->count; i++) {
        const struct segment *segment = &rule->desc->segments[i];
        bool told = segment->kind != SEG_MATCH;
        for (size_t k = 0; k < parts && !told; k++)
            told = look_at_variable(look, &rule->parts[k], segment);
    }
}

static void look(struct lint *lint)
{
    struct look look = {.lint = lint};
    own_events_find(lint->set, &lint->arena, &look.events);
    arena_init(&look.arena);
    for (size_t i = 0; i < lint->set->file_count; i++) {
        const struct rule_file *file = lint->set->files[i];
        for (size_t k = 0; k < file->count; k++) {
            arena_reset(&look.arena);
            look.rule = file->rules[k];
            look_at_rule(&look);
        }
    }
    arena_free(&look.arena);
    own_events_free(&look.events);
}

const struct lint_check check_desc_too_narrow = {
    .name = "desc-too-narrow",
    .level = LINT_WARNING,
    .summary = "A desc that is never the same twice, so nothing is counted, suppressed or paired",
    .set = look,
};
