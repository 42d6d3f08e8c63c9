/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/facts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/slips.h"
#include "base/table.h"

/* Near names are looked for as long as they say something, and so many are compared for all
 * findings of a look. */
enum { NEAR_LEAST = 4, NEAR_BUDGET = 300000 };

/* Whether code uses a word; no word: not asked for yet. */
struct word_answer {
    struct bytes word;
    bool used;
};

struct lint_facts {
    struct engine *engine;
    const struct lint_options *options;
    const struct ruleset *set;
    struct fact_list lists[FACT_KINDS];
    struct wildcards names[FACT_KINDS];
    struct table first[FACT_KINDS]; /* struct fact by its known name */
    struct word_answer words[4];    /* of facts_code_may_use */
    size_t near_budget;
};

/* The contexts that actions name, by argument. */
static const struct context_argument {
    const char *action;
    size_t argument;
    enum fact_kind kind;
} context_arguments[] = {
    {"create", 0, FACT_CONTEXT_MADE},    {"add", 0, FACT_CONTEXT_MADE},
    {"prepend", 0, FACT_CONTEXT_MADE},   {"fill", 0, FACT_CONTEXT_MADE},
    {"alias", 1, FACT_CONTEXT_MADE},     {"cevent", 0, FACT_CONTEXT_MADE},
    {"cspawn", 0, FACT_CONTEXT_MADE},    {"cspawnexec", 0, FACT_CONTEXT_MADE},
    {"addinput", 2, FACT_CONTEXT_MADE},  {"alias", 0, FACT_CONTEXT_ASKED},
    {"delete", 0, FACT_CONTEXT_ASKED},   {"obsolete", 0, FACT_CONTEXT_ASKED},
    {"set", 0, FACT_CONTEXT_ASKED},      {"unalias", 0, FACT_CONTEXT_ASKED},
    {"report", 0, FACT_CONTEXT_ASKED},   {"reportexec", 0, FACT_CONTEXT_ASKED},
    {"copy", 0, FACT_CONTEXT_ASKED},     {"empty", 0, FACT_CONTEXT_ASKED},
    {"pop", 0, FACT_CONTEXT_ASKED},      {"shift", 0, FACT_CONTEXT_ASKED},
    {"trim", 1, FACT_CONTEXT_ASKED},     {"exists", 1, FACT_CONTEXT_ASKED},
    {"getsize", 1, FACT_CONTEXT_ASKED},  {"getaliases", 1, FACT_CONTEXT_ASKED},
    {"getltime", 1, FACT_CONTEXT_ASKED}, {"setltime", 0, FACT_CONTEXT_ASKED},
    {"getctime", 1, FACT_CONTEXT_ASKED}, {"setctime", 1, FACT_CONTEXT_ASKED},
};

static struct bytes known_name(const void *entry)
{
    return ((const struct fact *)entry)->name.before;
}

static bool is_action(const struct action *action, const char *name)
{
    return strcmp(action->type->name, name) == 0;
}

static void add(struct lint_facts *facts, enum fact_kind kind, struct fact fact)
{
    struct fact_list *list = &facts->lists[kind];
    MEM_GROW(list->items, list->count, list->room, 64);
    wildcards_add(&facts->names[kind], &fact.name);
    list->items[list->count++] = fact;
}

static void add_template(struct lint_facts *facts, enum fact_kind kind,
                         const struct visit_spot *spot, const struct template *text)
{
    add(facts, kind,
        (struct fact){.name = wildcard_of(text),
                      .text = text->text,
                      .at = template_place(text, text->text),
                      .spot = *spot});
}

/* -- Contexts -- */

/* %s alone in the action list of a rule is its desc. */
static bool is_desc(const struct visit_spot *spot, const struct template *text)
{
    return spot->list == spot->rule->action && spot->rule->desc && text->count == 1 &&
           !text->spliced && segment_is_desc(&text->segments[0]);
}

/* A text that the action may take from the desc. */
static struct fact fact_of(const struct visit_spot *spot, const struct template *text)
{
    return (struct fact){.name = wildcard_of(is_desc(spot, text) ? spot->rule->desc : text),
                         .text = text->text,
                         .at = template_place(text, text->text),
                         .spot = *spot};
}

static void add_events(struct lint_facts *facts, const struct visit_spot *spot)
{
    static const char *const makers[] = {"event", "tevent", "cevent"};
    for (size_t i = 0; i < 3; i++) /* the text is the last argument */
        if (is_action(spot->action, makers[i]))
            add(facts, FACT_EVENT_MADE, fact_of(spot, spot->action->args[i == 2 ? 2 : 1].text));
}

static void add_contexts(struct lint_facts *facts, const struct visit_spot *spot)
{
    size_t count = sizeof(context_arguments) / sizeof(context_arguments[0]);
    for (size_t i = 0; i < count; i++) {
        const struct context_argument *known = &context_arguments[i];
        if (!is_action(spot->action, known->action))
            continue;
        add(facts, known->kind, fact_of(spot, spot->action->args[known->argument].text));
    }
}

/* Those that are there without a rule. */
static void add_given_contexts(struct lint_facts *facts)
{
    struct wildcards *made = &facts->names[FACT_CONTEXT_MADE];
    wildcards_add(made, &(struct wildcard){.before = B(CONTEXT_INTERNAL)});
    wildcards_add(made, &(struct wildcard){.before = B(CONTEXT_SYNTHETIC)});
    wildcards_add(made, &(struct wildcard){.before = B("_THIS")}); /* in a context's own actions */
    wildcards_add(made, &(struct wildcard){.before = B(INPUT_CONTEXT_PREFIX), .open = true});
    for (size_t i = 0; i < facts->options->input_count; i++) {
        struct bytes pattern = facts->options->inputs[i], context;
        if (input_split_context(&pattern, &context))
            wildcards_add(made, &(struct wildcard){.before = context});
    }
}

/* -- Variables -- */

static void add_variable(struct lint_facts *facts, enum fact_kind kind,
                         const struct visit_spot *spot, size_t index)
{
    const struct arg *arg = &spot->action->args[index];
    if (arg->name.len == 0 || facts_predefined(facts, arg->variable))
        return;
    add(facts, kind,
        (struct fact){
            .name = wildcard_name(arg->name), .text = arg->name, .at = arg->source, .spot = *spot});
}

static void add_variables(struct lint_facts *facts, const struct visit_spot *spot)
{
    const struct action *action = spot->action; /* who frees one wants it to be empty */
    bool asks = is_action(action, "if") || is_action(action, "while");
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++) {
        if (action->type->params[i].kind != PARAM_VARIABLE)
            continue;
        bool reads = asks || (i == 1 && is_action(action, "call"));
        add_variable(facts, reads ? FACT_VARIABLE_READ : FACT_VARIABLE_SET, spot, i);
    }
}

/* -- What is called for each piece of a rule -- */

static void add_entry_passed(struct lint_facts *facts, const struct visit_spot *spot,
                             const struct template *name)
{
    add_template(facts, FACT_CACHE_ASKED, spot, name);
    add_template(facts, FACT_CACHE_PASSED, spot, name);
}

static void see_action(void *arg, const struct visit_spot *spot)
{
    struct lint_facts *facts = arg;
    const struct action *action = spot->action;
    add_contexts(facts, spot);
    add_events(facts, spot);
    add_variables(facts, spot);
    if (is_action(action, "varset"))
        add_template(facts, FACT_CACHE_ASKED, spot, action->args[1].text);
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++)
        for (size_t k = 0; action->args[i].cache_entries && k < action->args[i].count; k++)
            add_entry_passed(facts, spot, action->args[i].words[k]);
}

static void see_term(void *arg, const struct visit_spot *spot, const struct expr_item *term)
{
    struct lint_facts *facts = arg;
    if (term->op == EXPR_OPERAND)
        add_template(facts, FACT_CONTEXT_ASKED, spot, term->text);
    else if (term->op == EXPR_VARSET)
        add_template(facts, FACT_CACHE_ASKED, spot, term->text);
    for (size_t i = 0; term->op == EXPR_CALL2 && i < term->count; i++)
        add_entry_passed(facts, spot, term->words[i]);
}

static void see_segment(struct lint_facts *facts, const struct visit_spot *spot,
                        const struct template *text, const struct segment *segment)
{
    if (segment->kind == SEG_TEXT)
        return; /* it may be a copy, which is nowhere in the source */
    struct fact fact = {
        .text = segment->text, .at = template_place(text, segment->text), .spot = *spot};
    if (segment->kind == SEG_VARIABLE) {
        fact.name = wildcard_name(names_text(facts->engine->rules.parse_env.names, segment->index));
        if (!text->spliced && !facts_predefined(facts, segment->index))
            add(facts, FACT_VARIABLE_READ, fact);
    } else if (segment->kind == SEG_MATCH) {
        const struct var_key *key = &spot->rule->keys.keys[segment->index];
        fact.name = wildcard_name(key->entry);
        if (key->kind == KEY_CACHE)
            add(facts, FACT_CACHE_ASKED, fact);
    }
}

static void see_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    for (uint32_t i = 0; i < text->count; i++)
        see_segment(arg, spot, text, &text->segments[i]);
    if (spot->field->kind == FIELD_CFSET)
        add_template(arg, FACT_SET_ENTERED, spot, text);
}

/* -- Patterns and their maps -- */

static void see_part(struct lint_facts *facts, const struct rule *rule, size_t index)
{
    const struct part *part = &rule->parts[index];
    const struct pattern *pattern = &part->pattern;
    struct fact fact = {
        .text = pattern->text, .at = pattern->text, .spot = {.rule = rule, .part = index}};
    if (pattern->type == PATTERN_CACHED || pattern->type == PATTERN_NCACHED) {
        fact.name = wildcard_name(pattern->text);
        add(facts, FACT_CACHE_ASKED, fact);
    }
    for (size_t i = 0; part->varmap && i < part->varmap->count; i++) {
        const struct varmap_entry *entry = &part->varmap->entries[i];
        if (entry->number >= 0)
            continue;
        fact.name = wildcard_name(entry->name);
        fact.text = fact.at = entry->name;
        add(facts, FACT_CACHE_MADE, fact);
    }
}

static void see_file(struct lint_facts *facts, const struct rule_file *file)
{
    const struct visitor visitor = {facts, see_action, see_term, see_text};
    for (size_t i = 0; i < file->count; i++) {
        const struct rule *rule = file->rules[i];
        for (size_t k = 0; rule->type->patterns > 0 && k < rule->part_count; k++)
            see_part(facts, rule, k);
        if (rule->events)
            add_template(facts, FACT_CONTEXT_MADE, &(struct visit_spot){.rule = rule},
                         rule->events);
        visit_rule(rule, &visitor);
    }
}

/* Facts of the same name, in their order. */
static void chain(struct lint_facts *facts, enum fact_kind kind)
{
    struct fact_list *list = &facts->lists[kind];
    table_init(&facts->first[kind], known_name);
    for (size_t i = list->count; i-- > 0;) {
        struct fact *fact = &list->items[i];
        if (fact->name.open)
            continue;
        fact->same = table_remove(&facts->first[kind], fact->name.before);
        table_insert(&facts->first[kind], fact);
    }
}

struct lint_facts *facts_new(struct engine *engine, const struct lint_options *options)
{
    struct lint_facts *facts = mem_zalloc(sizeof(*facts));
    facts->engine = engine;
    facts->options = options;
    facts->set = engine->rules.set;
    facts->near_budget = NEAR_BUDGET;
    add_given_contexts(facts);
    for (size_t i = 0; i < facts->set->file_count; i++)
        see_file(facts, facts->set->files[i]);
    for (enum fact_kind i = 0; i < FACT_KINDS; i++) {
        wildcards_sort(&facts->names[i]);
        chain(facts, i);
    }
    return facts;
}

void facts_free(struct lint_facts *facts)
{
    for (size_t i = 0; facts && i < FACT_KINDS; i++) {
        free(facts->lists[i].items);
        wildcards_free(&facts->names[i]);
        table_free(&facts->first[i]);
    }
    free(facts);
}

/* -- Questions -- */

const struct fact_list *facts_of(const struct lint_facts *facts, enum fact_kind kind)
{
    return &facts->lists[kind];
}

bool facts_have(const struct lint_facts *facts, enum fact_kind kind, const struct wildcard *name)
{
    return wildcards_meeting(&facts->names[kind], name) != NULL;
}

const struct fact *facts_first(const struct lint_facts *facts, enum fact_kind kind,
                               struct bytes name)
{
    return table_find(&facts->first[kind], name);
}

struct bytes facts_nearest(struct lint_facts *facts, enum fact_kind kind, struct bytes name)
{
    const struct wildcards *names = &facts->names[kind];
    struct bytes nearest = B("");
    size_t least = slips_too_many(name);
    for (size_t i = 0; name.len >= NEAR_LEAST && i < names->count && facts->near_budget > 0; i++) {
        const struct wildcard *known = &names->items[i];
        if (known->open || known->before.len >= name.len + least ||
            name.len >= known->before.len + least)
            continue;
        facts->near_budget--;
        if (slips_fewer(name, known->before, &least))
            nearest = known->before;
    }
    return nearest;
}

/* They are in the order of the rules. */
size_t facts_begin(const struct fact_list *list, const struct rule *rule)
{
    size_t from = 0, to = list->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct rule *there = list->items[middle].spot.rule;
        bool before = there->file == rule->file ? there->id < rule->id
                                                : there->file->number < rule->file->number;
        *(before ? &from : &to) = before ? middle + 1 : middle;
    }
    return from;
}

static bool has_digit(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]))
            return true;
    return false;
}

/* Numbered names of other rules are other names: DISK1_$1, DISK2_$1. */
struct bytes facts_nearest_to(struct lint_facts *facts, enum fact_kind kind,
                              const struct fact *fact)
{
    const struct fact_list *list = &facts->lists[kind];
    struct bytes nearest = B("");
    size_t least = slips_too_many(fact->text), i = facts_begin(list, fact->spot.rule);
    for (; fact->text.len >= NEAR_LEAST && i < list->count &&
           list->items[i].spot.rule == fact->spot.rule;
         i++)
        if (slips_fewer(fact->text, list->items[i].text, &least))
            nearest = list->items[i].text;
    if (nearest.len == 0 && !fact->name.open)
        return facts_nearest(facts, kind, fact->text);
    if (nearest.len > 0 || fact->name.before.len < NEAR_LEAST || has_digit(fact->name.before))
        return nearest;
    for (i = 0; i < list->count && facts->near_budget > 0; i++) {
        const struct fact *known = &list->items[i];
        if (!known->name.open)
            continue;
        facts->near_budget--;
        if (slips_fewer(fact->text, known->text, &least))
            nearest = known->text;
    }
    return nearest;
}

/* Is there "require FILE" or "do FILE", with a file that a text names? */
static bool loads_files(struct bytes text, struct bytes word)
{
    for (ptrdiff_t at = 0; (at = bytes_find(text, word, (size_t)at)) >= 0; at++) {
        struct bytes rest = bytes_from(text, (size_t)at + word.len);
        bool begins = at == 0 || !is_word(text.ptr[at - 1]);
        while (rest.len > 0 && (is_space(*rest.ptr) || *rest.ptr == '('))
            rest = bytes_from(rest, 1);
        if (begins && rest.len > 0 && strchr("'\"$", *rest.ptr))
            return true;
    }
    return false;
}

bool facts_code_has(const struct lint_facts *facts, struct bytes word)
{
    for (size_t i = 0; i < facts->set->file_count; i++)
        if (bytes_find(facts->set->files[i]->source.text, word, 0) >= 0)
            return true;
    return false;
}

static bool code_may_use(const struct lint_facts *facts, struct bytes word)
{
    if (facts_code_has(facts, word))
        return true;
    for (size_t i = 0; i < facts->set->file_count; i++) {
        struct bytes text = facts->set->files[i]->source.text;
        if (loads_files(text, B("require")) || loads_files(text, B("do")))
            return true;
    }
    return false;
}

bool facts_code_may_use(struct lint_facts *facts, struct bytes word)
{
    size_t room = sizeof(facts->words) / sizeof(facts->words[0]), i = 0;
    while (i < room && facts->words[i].word.len > 0 && !bytes_eq(facts->words[i].word, word))
        i++;
    if (i == room)
        return code_may_use(facts, word);
    if (facts->words[i].word.len == 0)
        facts->words[i] = (struct word_answer){word, code_may_use(facts, word)};
    return facts->words[i].used;
}

bool facts_inputs_known(const struct lint_facts *facts)
{
    return facts->options->input_count > 0;
}

bool facts_predefined(const struct lint_facts *facts, uint32_t variable)
{
    struct bytes name = names_text(facts->engine->rules.parse_env.names, variable);
    if (name.len == 1 && strchr("stu", *name.ptr))
        return true;
    return variables_get(facts->engine->state.variables, variable)->kind != VARIABLE_ABSENT;
}
