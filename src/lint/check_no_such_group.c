/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A match variable that no match sets: a group that the pattern does not have, a variable where the
 * pattern sets none or has not been looked at yet.  In a desc that nothing shows it is a note. */
#include "lint/checks.h"
#include "lint/embedded.h"
#include "lint/groups.h"
#include "lint/operations.h"

#include <string.h>

#include "lang/substitute.h"

enum { SHOWN = 4 }; /* variables of one finding */

/* Variables that lack the same thing: they are one finding. */
struct together {
    struct lint_finding *finding; /* NULL: there is none yet */
    struct bytes cause;           /* the pattern's name, or the reason */
    struct bytes shown[SHOWN];
    size_t count;
    struct bytes one; /* $1 of a pattern without groups, which is not counted; "": it is not used */
    struct bytes hint; /* the last one that follows from all of them */
};

struct search {
    struct lint *lint;
    const struct rule *rule;
    struct bytes told[16]; /* each variable is reported once in a rule */
    size_t count;
    struct together empty, plain;
    bool unseen; /* nothing shows the rule's desc, */
    bool last;   /* which is looked at after all the rest */
};

static bool is_new(struct search *search, struct bytes variable)
{
    for (size_t i = 0; i < search->count; i++)
        if (bytes_eq(search->told[i], variable))
            return false;
    if (search->count < sizeof(search->told) / sizeof(search->told[0]))
        search->told[search->count++] = variable;
    return true;
}

/* -- Variables that are replaced, by nothing -- */

/* The first part without the variable; the part count: there is none, or one of the others has it
 * and so it may be meant. */
static size_t part_without(struct search *search, const struct visit_spot *spot,
                           const struct var_key *key)
{
    size_t end, without = SIZE_MAX;
    bool any = false;
    for (size_t i = groups_parts(spot, key->source, &end); i < end; i++) {
        enum groups_answer answer = groups_have(search->lint, spot->rule, i, key);
        if (answer == GROUPS_UNKNOWN)
            return SIZE_MAX;
        any |= answer == GROUPS_YES;
        if (answer == GROUPS_NO && without == SIZE_MAX)
            without = i;
    }
    /* The key of an operation is made with each of the patterns. */
    return any && spot->field->kind != FIELD_DESC ? SIZE_MAX : without;
}

static struct bytes pattern_name(struct lint *lint, const struct rule *rule, size_t part)
{
    if (rule->part_count < 2)
        return B("the pattern");
    return arena_cat(&lint->arena, B("pattern"), part > 0 ? NUM(part + 1) : B(""));
}

static struct lint_finding *told(const struct search *search, struct lint_finding *found)
{
    if (search->last)
        found->level = LINT_NOTE;
    return found;
}

static struct lint_finding *tell_of_entry(struct search *search, struct bytes at,
                                          struct bytes variable, struct bytes entry)
{
    return told(search, lint_tell(search->lint, search->rule, at, variable,
                                  B(" is always empty: no rule that makes the cached match '"),
                                  entry, B("' sets it")));
}

/* Those with this cause; others are begun if there are none. */
static struct together *join(struct together *together, struct bytes cause)
{
    if (!together->finding || !bytes_eq(together->cause, cause))
        *together = (struct together){.cause = cause, .one = B("")};
    return together;
}

static void add_to(struct together *together, struct bytes variable)
{
    if (together->count < SHOWN)
        together->shown[together->count] = variable;
    together->count++;
}

/* "$2, $3 and $4 are ": rules that show $1 to $9 of whatever there is would fill the screen. */
static struct bytes subject(struct lint *lint, const struct together *together)
{
    struct bytes words = together->shown[0], more = B("");
    size_t shown = together->count < SHOWN ? together->count : SHOWN;
    for (size_t i = 1; i < shown; i++)
        words = arena_cat(&lint->arena, words, i + 1 < together->count ? B(", ") : B(" and "),
                          together->shown[i]);
    if (together->count > SHOWN)
        more = arena_cat(&lint->arena, B(" and "), NUM(together->count - SHOWN), B(" more"));
    return arena_cat(&lint->arena, words, more, together->count > 1 ? B(" are ") : B(" is "));
}

static struct bytes text_of_empty(struct lint *lint, const struct together *empty,
                                  struct bytes number, uint64_t groups)
{
    struct arena *arena = &lint->arena;
    struct bytes set = B(""), always = B(""), lack;
    if (empty->one.len > 0)
        set = arena_cat(arena, B("SEC sets "), empty->one, B(" to 1 (the match's return value)"));
    if (empty->count > 0)
        always = arena_cat(arena, empty->one.len > 0 ? B(", and ") : B(""), subject(lint, empty),
                           B("always empty"));
    if (groups == 0)
        lack = B("no groups");
    else if (empty->count == 1)
        lack = arena_cat(arena, B("no group "), number, B(", only "), NUM(groups));
    else
        lack = arena_cat(arena, B("only "), NUM(groups), groups > 1 ? B(" groups") : B(" group"));
    return arena_cat(arena, empty->cause, B(" has "), lack, B(": "), set, always);
}

static bool is_used(const struct rule *rule, uint64_t number)
{
    for (size_t i = 0; i < rule->keys.count; i++)
        if (rule->keys.keys[i].kind == KEY_NUMBER && rule->keys.keys[i].number == number)
            return true;
    return false;
}

/* $4 where there are three, one of which is left out: that one may be meant, or the numbers after
 * it are one too high. */
static struct bytes hint_of_unused(struct lint *lint, const struct rule *rule, uint64_t groups)
{
    struct arena *arena = &lint->arena;
    uint64_t unused = 0, count = 0;
    for (uint64_t i = 1; i <= groups; i++) {
        bool used = is_used(rule, i);
        count += !used;
        unused = used ? unused : i;
    }
    if (count != 1)
        return B("");
    if (unused == groups)
        return arena_cat(arena, B("did you mean $"), NUM(unused), B(", which is used nowhere?"));
    if (unused + 1 == groups)
        return arena_cat(arena, B("$"), NUM(unused), B(" is used nowhere: did you mean $"),
                         NUM(unused), B(" for $"), NUM(groups), B(", and $"), NUM(groups),
                         B(" for $"), NUM(groups + 1), B("?"));
    return arena_cat(arena, B("$"), NUM(unused),
                     B(" is used nowhere: the numbers after it may be one too high"));
}

/* Is there something in the pattern, outside its groups, that differs from line to line? */
static bool has_more_to_capture(struct bytes pattern)
{
    size_t depth = 0; /* in groups that capture */
    bool inside[64] = {false};
    size_t open = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i], next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';
        bool free_text = c == '.' || c == '[' || (c == '\\' && next && strchr("wWdDSX", next));
        if (free_text && depth == 0)
            return true;
        if (c == '\\') {
            i++;
        } else if (c == '(' && open < sizeof(inside)) {
            inside[open] = next != '?';
            depth += inside[open++];
        } else if (c == ')' && open > 0) {
            depth -= inside[--open];
        }
    }
    return false;
}

/* Nothing is lost: there is no more to show than the rule shows. */
static bool shows_all(const struct rule *rule, size_t part, uint64_t groups)
{
    if (rule->part_count != 1)
        return false;
    for (uint64_t i = groups > 0; i <= groups; i++)
        if (!is_used(rule, i))
            return false;
    return !has_more_to_capture(rule->parts[part].pattern.text);
}

static struct bytes hint_of_number(struct search *search, const struct together *empty,
                                   uint64_t number, uint64_t groups)
{
    struct lint *lint = search->lint;
    struct bytes hint = B("");
    bool one = empty->count + (empty->one.len > 0) == 1;
    if (empty->count == 1 && number == groups + 1 && search->rule->part_count == 1)
        hint = hint_of_unused(lint, search->rule, groups);
    if (hint.len > 0)
        return hint;
    return arena_cat(&lint->arena, B("put ( ) around what "),
                     one && empty->count > 0 ? empty->shown[0]
                     : one                   ? empty->one
                                             : B("they"),
                     B(" should be"));
}

/* Groups that are not there, by their numbers.  Where there are none at all SEC sets $1. */
static struct lint_finding *tell_of_number(struct search *search, struct bytes at,
                                           struct bytes variable, uint64_t number, size_t part)
{
    struct lint *lint = search->lint;
    struct together *empty = join(&search->empty, pattern_name(lint, search->rule, part));
    struct lint_finding *found = empty->finding;
    uint64_t groups = 0;
    groups_count(search->rule, part, &groups);
    if (number == 1)
        empty->one = variable;
    else
        add_to(empty, variable);
    if (!found)
        empty->finding = told(search, lint_tell(lint, search->rule, at, B("")));
    empty->finding->text = text_of_empty(lint, empty, NUM(number), groups);
    bool own = !found || bytes_eq(found->hint, empty->hint);
    empty->hint = hint_of_number(search, empty, number, groups);
    if (shows_all(search->rule, part, groups)) {
        empty->finding->level = LINT_NOTE;
        empty->hint = B("the pattern has nothing more to capture: leave out what is empty");
    }
    if (own)
        empty->finding->hint = empty->hint;
    return found ? NULL : empty->finding;
}

static struct lint_finding *tell_of_part(struct search *search, struct bytes at,
                                         const struct segment *segment, const struct var_key *key,
                                         size_t part)
{
    struct lint *lint = search->lint;
    const struct pattern *pattern = &search->rule->parts[part].pattern;
    struct bytes name = pattern_name(lint, search->rule, part);
    uint64_t count = 0;
    if (pattern->type == PATTERN_CACHED)
        return tell_of_entry(search, at, segment->text, pattern->text);
    if (!groups_count(search->rule, part, &count))
        return told(search,
                    lint_tell(lint, search->rule, at, segment->text, B(" is always empty: "), name,
                              B(" is negated or plain text, and has no groups")));
    if (key->kind == KEY_NUMBER)
        return tell_of_number(search, at, segment->text, key->number, part);
    return told(search, lint_tell(lint, search->rule, at, name, B(" names no group '"), key->name,
                                  B("': "), segment->text, B(" is always empty")));
}

/* Is it the other match of a Pair that has it?  Then: by which name. */
static bool is_of_other_match(struct search *search, const struct visit_spot *spot,
                              const struct var_key *key)
{
    size_t other = 1 - key->source;
    bool second = spot->part == 1 && (spot->rule->type->patterns == 2);
    return second && groups_have(search->lint, spot->rule, other, key) == GROUPS_YES;
}

/* "$10" where there is a $1. */
static bool say_digit_after(struct search *search, struct lint_finding *found,
                            const struct segment *segment, const struct var_key *key, size_t part)
{
    uint64_t count;
    struct bytes text = segment->text;
    if (key->kind != KEY_NUMBER || key->number < 10 || text.len < 3 || !is_digit(text.ptr[1]) ||
        !groups_count(search->rule, part, &count) || key->number / 10 > count)
        return false;
    struct bytes digit = bytes_from(text, text.len - 1);
    lint_hint(search->lint, found, B("for "), bytes_slice(text, 0, text.len - 1), B(" and then "),
              digit, B(" write "), bytes_slice(text, 0, 1), B("{"),
              bytes_slice(text, 1, text.len - 1), B("}"), digit);
    return true;
}

/* A copy of a rule keeps its variables, and the pattern is another one: the last rule before it
 * that has such a group. */
static void say_name(struct search *search, struct lint_finding *found, struct bytes name)
{
    const struct rule *rule = search->rule;
    const struct var_key key = {.kind = KEY_NAME, .name = name};
    uint32_t group;
    for (int64_t i = rule->id - 1; i >= 0; i--) {
        const struct rule *other = rule->file->rules[i];
        if (other->type->patterns > 0 && groups_filling(&other->parts[0], &key, &group) > 0) {
            lint_hint(search->lint, found, B("the pattern of the rule at line "), NUM(other->line),
                      B(" has a group of that name"));
            return;
        }
    }
    lint_hint(search->lint, found, B("a group gets its name by (?<"), name, B(">...)"));
}

static void add_hint(struct search *search, const struct visit_spot *spot,
                     struct lint_finding *found, const struct segment *segment,
                     const struct var_key *key, size_t part)
{
    struct bytes rest = bytes_from(segment->text, 1);
    struct bytes nearest = B("");
    if (*segment->text.ptr == '$' && key->kind != KEY_CACHE &&
        is_of_other_match(search, spot, key)) {
        lint_hint(search->lint, found, B("for the group of the first match write %"), rest);
        return;
    }
    if (say_digit_after(search, found, segment, key, part))
        return;
    if (key->kind == KEY_NAME)
        nearest = groups_nearest(search->rule, part, key->name);
    if (lint_hint_nearest(search->lint, found, nearest))
        return;
    if (*segment->text.ptr == '$' && embedded_at(spot))
        lint_hint(search->lint, found, B("for a Perl variable, write $$"), rest);
    else if (key->kind == KEY_NAME && search->rule->parts[part].pattern.type == PATTERN_REGEXP)
        say_name(search, found, key->name);
}

static void check_variable(struct search *search, const struct visit_spot *spot,
                           const struct template *text, const struct segment *segment)
{
    const struct var_key *key = &spot->rule->keys.keys[segment->index];
    struct bytes at = template_place(text, segment->text);
    if (key->kind == KEY_CACHE) {
        if (groups_have(search->lint, spot->rule, 0, key) == GROUPS_NO &&
            is_new(search, segment->text))
            tell_of_entry(search, at, segment->text, key->entry);
        return;
    }
    size_t part = part_without(search, spot, key);
    if (part == SIZE_MAX || !is_new(search, segment->text))
        return;
    struct lint_finding *found = tell_of_part(search, at, segment, key, part);
    if (found)
        add_hint(search, spot, found, segment, key, part);
}

/* -- Variables that are left as they are -- */

static bool is_bracket(const struct visit_spot *spot)
{
    return spot->field->kind == FIELD_CONTEXT && spot->rule->parts[spot->part].context_first;
}

static const struct pattern *pattern_of(const struct visit_spot *spot)
{
    const struct rule *rule = spot->rule;
    return &rule->parts[rule->type->numbered ? spot->part : 0].pattern;
}

/* What replaces no $ here, as the end of a sentence; "": something does. */
static struct bytes reason(const struct visit_spot *spot, const struct template *text)
{
    const struct rule *rule = spot->rule;
    if (text->passes & (PASS_FIRST_DOLLAR | PASS_SECOND_DOLLAR))
        return B("");
    if (rule->type->patterns == 0)
        return B("a Calendar rule has no match");
    if (is_bracket(spot))
        return B("a context in [ ] is evaluated before the pattern");
    switch (pattern_of(spot)->type) {
    case PATTERN_SUBSTR:
    case PATTERN_NSUBSTR:
        return B("a SubStr pattern sets no variables");
    case PATTERN_TVALUE:
        return B("a TValue pattern sets no variables");
    case PATTERN_NCACHED:
        return B("an NCached pattern sets no variables");
    default:
        return B("");
    }
}

static void tell_of_plain(struct search *search, const struct visit_spot *spot, struct bytes at,
                          struct bytes variable, struct bytes why)
{
    struct lint *lint = search->lint;
    struct together *plain = join(&search->plain, why);
    add_to(plain, variable);
    if (!plain->finding)
        plain->finding = told(search, lint_tell(lint, spot->rule, at, B("")));
    plain->finding->text =
        arena_cat(&lint->arena, subject(lint, plain), B("plain text here: "), why);
    if (is_bracket(spot) && pattern_sets_vars(spot->rule->parts[spot->part].pattern.type))
        lint_hint(lint, plain->finding, B("without the brackets it is evaluated after the match"));
    else if (spot->rule->type->patterns > 0 && pattern_of(spot)->type == PATTERN_SUBSTR)
        lint_hint(lint, plain->finding, B("ptype=RegExp sets "),
                  plain->count > 1 ? B("them") : B("it"));
}

static void check_plain(struct search *search, const struct visit_spot *spot,
                        const struct template *text)
{
    struct variable_ref ref;
    struct bytes why = reason(spot, text);
    if (why.len == 0 || embedded_at(spot))
        return;
    for (size_t at = 0; substitute_next_match(text->text, '$', at, &ref); at = ref.end) {
        struct bytes variable = bytes_slice(text->text, ref.start, ref.end);
        if (ref.kind == REF_DOUBLED || !is_new(search, variable))
            continue;
        tell_of_plain(search, spot, template_place(text, variable), variable, why);
    }
}

static void look_at_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    const struct search *search = arg;
    if (search->last != (search->unseen && spot->field->kind == FIELD_DESC))
        return;
    for (uint32_t i = 0; i < text->count; i++)
        if (text->segments[i].kind == SEG_MATCH)
            check_variable(arg, spot, text, &text->segments[i]);
    check_plain(arg, spot, text);
}

/* -- Is desc seen? -- */

static void hear_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    const struct names *names = ((struct search *)arg)->lint->engine->rules.parse_env.names;
    for (uint32_t i = 0; i < text->count && spot->field->kind != FIELD_DESC; i++)
        if (text->segments[i].kind == SEG_VARIABLE &&
            bytes_eq(names_text(names, text->segments[i].index), B("s")))
            ((struct search *)arg)->unseen = false;
}

/* It names an operation, and is %s in actions, where it may have no %: of that type are variables
 * that actions name. */
static bool is_unseen(struct search *search)
{
    search->unseen = operation_kind(search->rule) == OPERATION_NONE;
    visit_rule(search->rule, &(struct visitor){.arg = search, .text = hear_text});
    return search->unseen;
}

/* -- Variable maps -- */

static void check_varmap(struct search *search, size_t part)
{
    const struct varmap *varmap = search->rule->parts[part].varmap;
    uint64_t count;
    if (!varmap || !groups_count(search->rule, part, &count))
        return;
    for (size_t i = 0; i < varmap->count; i++) {
        const struct varmap_entry *entry = &varmap->entries[i];
        bool one = entry->number == 1 && count == 0; /* which is 1, for true */
        if (entry->number > 0 && (uint64_t)entry->number > count && !one)
            lint_tell(search->lint, search->rule, entry->name,
                      pattern_name(search->lint, search->rule, part), B(" has no group "),
                      NUM(entry->number), B(": '"), entry->name, B("' is always empty"));
    }
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct search search = {.lint = lint, .rule = rule};
    const struct visitor visitor = {.arg = &search, .text = look_at_text};
    search.unseen = is_unseen(&search);
    visit_rule(rule, &visitor);
    search.last = true;
    if (search.unseen)
        visit_rule(rule, &visitor);
    for (size_t i = 0; rule->type->patterns > 0 && i < rule->part_count; i++)
        check_varmap(&search, i);
}

const struct lint_check check_no_such_group = {
    .name = "no-such-group",
    .level = LINT_WARNING,
    .summary = "A variable names a group that no match sets",
    .rule = look,
};
