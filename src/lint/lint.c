/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects findings: runs each check, and then applies what silences them. */
#include "lint/lint.h"

#include "base/mem.h"
#include "base/slips.h"
#include "lint/buried.h"
#include "lint/facts.h"
#include "lint/reached.h"
#include "lint/refused.h"
#include "lint/settings.h"
#include "lint/silence.h"

static struct bytes keep(struct lint *lint, struct bytes text)
{
    return text.len > 0 ? arena_bytes(&lint->arena, text) : B("");
}

struct lint_finding *lint_add(struct lint *lint, const struct rule_file *file)
{
    struct lint_finding *finding = arena_zalloc(&lint->arena, sizeof(*finding));
    MEM_GROW(lint->findings, lint->count, lint->room, 64);
    finding->number = lint->count;
    lint->findings[lint->count++] = finding;
    finding->file = file;
    finding->text = finding->upstream = finding->hint = finding->witness = B("");
    finding->shows = finding->other_text = finding->cause = B("");
    return finding;
}

static struct lint_finding *tell(struct lint *lint, const struct rule_file *file, struct bytes at)
{
    struct lint_finding *finding = lint_add(lint, file);
    finding->check = lint->check->name;
    finding->summary = lint->check->summary;
    finding->level = lint->check->level;
    finding->of_log = finding->asked = lint->check->of_log;
    if (source_range(&file->source, at, &finding->range))
        finding->at = at;
    return finding;
}

struct lint_finding *lint_tell_parts(struct lint *lint, const struct rule *rule, struct bytes at,
                                     const struct bytes *parts, size_t count)
{
    struct lint_finding *finding = tell(lint, rule->file, at);
    finding->rule = rule;
    finding->rule_line = rule->line;
    finding->text = arena_cat_parts(&lint->arena, parts, count);
    return finding;
}

struct lint_finding *lint_tell_file(struct lint *lint, const struct rule_file *file,
                                    struct bytes at, struct bytes text)
{
    struct lint_finding *finding = tell(lint, file, at);
    finding->text = keep(lint, text);
    return finding;
}

bool lint_hint_nearest(struct lint *lint, struct lint_finding *finding, struct bytes nearest)
{
    if (nearest.len > 0)
        lint_hint(lint, finding, SLIPS_ASK_WORD(nearest));
    return nearest.len > 0;
}

void lint_witness(struct lint *lint, struct lint_finding *finding, struct bytes line,
                  struct bytes shows)
{
    finding->witness = keep(lint, line);
    finding->shows = keep(lint, shows);
}

void lint_other(struct lint *lint, struct lint_finding *finding, const struct rule_file *file,
                struct bytes at, struct bytes text)
{
    finding->other_file = file;
    source_range(&file->source, at, &finding->other);
    finding->other_text = keep(lint, text);
}

void lint_fix(struct lint *lint, struct lint_finding *finding, struct bytes at, struct bytes text)
{
    size_t count = finding->edit_count++;
    struct lint_edit *edits = arena_alloc(&lint->arena, (count + 1) * sizeof(*edits));
    if (count > 0)
        memcpy(edits, finding->edits, count * sizeof(*edits));
    edits[count] = (struct lint_edit){at, keep(lint, text)};
    finding->edits = edits;
}

/* -- Loading -- */

void lint_init(struct lint *lint, const struct lint_options *options)
{
    *lint = (struct lint){.options = options};
    arena_init(&lint->arena);
}

void lint_free(struct lint *lint)
{
    for (size_t i = 0; i < lint->file_count; i++)
        rule_file_release(lint->files[i]);
    free(lint->files);
    free(lint->findings);
    free(lint->buried);
    reached_free(lint->reached);
    arena_free(&lint->arena);
}

void lint_begin(struct lint *lint, struct engine *engine)
{
    lint->engine = engine;
    lint->first = lint->count;
    lint->buried_count = 0;
}

/* -- Checks -- */

static bool is_in(const struct bytes *names, size_t count, struct bytes name)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(names[i], name))
            return true;
    return false;
}

bool lint_wanted(const struct lint *lint, struct bytes name)
{
    const struct lint_options *options = lint->options;
    const struct lint_check *check = lint_check_find(name);
    if (check && check->of_log && !lint->reached)
        return false;
    return (options->only_count == 0 || is_in(options->only, options->only_count, name)) &&
           !is_in(options->off, options->off_count, name);
}

static void look_at_file(struct lint *lint, const struct rule_file *file)
{
    const struct lint_check *check = lint->check;
    for (size_t i = 0; check->rule && i < file->count; i++)
        check->rule(lint, file->rules[i]);
    if (check->file)
        check->file(lint, file);
}

static int in_order(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

/* Findings of the file as a whole come last. */
static int by_place(const void *a, const void *b)
{
    const struct lint_finding *x = *(const struct lint_finding *const *)a;
    const struct lint_finding *y = *(const struct lint_finding *const *)b;
    if (x->file != y->file)
        return in_order(x->file->number, y->file->number);
    if ((x->range.from.line == 0) != (y->range.from.line == 0))
        return x->range.from.line == 0 ? 1 : -1;
    if (x->range.from.offset != y->range.from.offset)
        return in_order(x->range.from.offset, y->range.from.offset);
    return in_order(x->number, y->number);
}

/* Applies the settings beside each file; the command line overrides them. */
static void heed_settings(struct lint *lint)
{
    const struct lint_options *options = lint->options;
    const struct settings_folder *folder = NULL;
    const struct rule_file *file = NULL;
    for (size_t i = lint->first; options->settings && i < lint->count; i++) {
        struct lint_finding *finding = lint->findings[i];
        struct bytes name = bytes_of(finding->check);
        if (finding->level == LINT_ERROR)
            continue;
        if (finding->file != file)
            folder = settings_of(options->settings, finding->file->name);
        file = finding->file;
        struct setting setting = settings_find(folder, name);
        if (setting.has_level)
            finding->level = setting.level;
        if (setting.off && !is_in(options->only, options->only_count, name))
            finding->fate = LINT_SILENCED;
    }
}

/* Errors are reported whatever is asked for: the rule is not there. */
static void decide(struct lint *lint)
{
    silence_heed(lint);
    heed_settings(lint);
    for (size_t i = lint->first; i < lint->count; i++) {
        struct lint_finding *finding = lint->findings[i];
        if (finding->level == LINT_ERROR || finding->fate != LINT_TOLD)
            continue;
        if (finding->level < lint->options->least && !finding->asked)
            finding->fate = LINT_MINOR;
        if (!lint_wanted(lint, bytes_of(finding->check)))
            finding->fate = LINT_SILENCED;
    }
    buried_heed(lint);
}

/* From here on the set is its files alone: rules that run may load others. */
static void keep_files(struct lint *lint)
{
    const struct ruleset *set = lint->engine->rules.set;
    struct ruleset *kept = arena_zalloc(&lint->arena, sizeof(*kept));
    kept->file_count = set->file_count;
    kept->files = arena_alloc(&lint->arena, set->file_count * sizeof(*kept->files));
    for (size_t i = 0; i < set->file_count; i++) {
        MEM_GROW(lint->files, lint->file_count, lint->file_room, 8);
        kept->files[i] = lint->files[lint->file_count++] = set->files[i];
        rule_file_retain(set->files[i]);
    }
    lint->set = kept;
}

/* The checks that look at what a log has reached, or all the others. */
static void run_checks(struct lint *lint, bool of_log)
{
    for (size_t i = 0; lint_checks[i]; i++) {
        lint->check = lint_checks[i];
        if (lint->check->of_log != of_log || !lint_wanted(lint, bytes_of(lint->check->name)))
            continue;
        for (size_t k = 0; k < lint->set->file_count; k++)
            look_at_file(lint, lint->set->files[k]);
        if (lint->check->set)
            lint->check->set(lint);
    }
}

void lint_look(struct lint *lint)
{
    lint->set = lint->engine->rules.set;
    lint->refused = refused_read(lint);
    lint->facts = facts_new(lint->engine, lint->options);
    run_checks(lint, false);
    keep_files(lint);
    if (lint->play)
        lint->reached = lint->play(lint->play_arg, lint);
    run_checks(lint, true);
    facts_free(lint->facts);
    lint->facts = NULL;
    decide(lint);
    if (lint->count > lint->first)
        qsort(lint->findings + lint->first, lint->count - lint->first,
              sizeof(struct lint_finding *), by_place);
}
