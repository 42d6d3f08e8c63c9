/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/fix.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/rewrite.h"
#include "base/table.h"
#include "check/patch.h"
#include "io/read_name.h"
#include "lint/excerpt.h"

enum { MOST_CHECKS = 256 };

/* A rule file. */
struct text {
    struct bytes name; /* owned */
    struct patch patch;
    bool plain;               /* no command, no pipe: it can be written */
    struct bytes trial;       /* owned; ptr NULL: none is under way */
    struct patch_edit *edits; /* of this round; texts are the findings' */
    size_t count, room;
    size_t end;    /* of the last of them */
    size_t taken;  /* findings that they are for */
    size_t mended; /* findings, in the rounds before */
    bool lost;     /* it could not be written */
};

/* What a check wants has led to other findings: in that text, or in one of all (NULL), which are
 * tried one by one then. */
struct refusal {
    const char *check;
    const struct text *text;
};

struct fixes {
    struct text **texts;
    size_t count, room;
    struct table by_name;
    struct refusal *refusals;
    size_t refusal_count, refusal_room;
};

/* What one check wants, in all texts or in one. */
struct round {
    const char *check;       /* NULL: nothing is left */
    const struct text *text; /* the last one that is changed */
    size_t texts;
};

static struct bytes text_name(const void *entry)
{
    return ((const struct text *)entry)->name;
}

struct fixes *fixes_new(void)
{
    struct fixes *fixes = mem_zalloc(sizeof(*fixes));
    table_init(&fixes->by_name, text_name);
    return fixes;
}

void fixes_free(struct fixes *fixes)
{
    if (!fixes)
        return;
    for (size_t i = 0; i < fixes->count; i++) {
        struct text *text = fixes->texts[i];
        bytes_free(text->name);
        bytes_free(text->trial);
        patch_free(&text->patch);
        free(text->edits);
        free(text);
    }
    table_free(&fixes->by_name);
    free(fixes->refusals);
    free(fixes->texts);
    free(fixes);
}

static bool is_plain(struct bytes name)
{
    struct stat info;
    char *path = bytes_cstr(name);
    bool plain = stat(path, &info) == 0 && S_ISREG(info.st_mode);
    free(path);
    return plain;
}

bool fixes_read(void *arg, struct bytes name, struct buf *content)
{
    struct fixes *fixes = arg;
    struct text *text = table_find(&fixes->by_name, name);
    if (text) {
        buf_add(content, text->trial.ptr ? text->trial : text->patch.is);
        return true;
    }
    if (!read_name(name, content))
        return false;
    text = mem_zalloc(sizeof(*text));
    text->name = bytes_dup(name);
    text->plain = is_plain(name);
    patch_init(&text->patch, buf_bytes(content));
    MEM_GROW(fixes->texts, fixes->count, fixes->room, 8);
    fixes->texts[fixes->count++] = text;
    table_insert(&fixes->by_name, text);
    return true;
}

/* -- The edits of a round -- */

static bool is_named(const struct fix_wish *wish, const char *check)
{
    for (size_t i = 0; i < wish->count; i++)
        if (bytes_eq(wish->names[i], bytes_of(check)))
            return true;
    return false;
}

static bool is_refused(const struct fixes *fixes, const char *check, const struct text *text)
{
    for (size_t i = 0; i < fixes->refusal_count; i++)
        if (fixes->refusals[i].check == check && fixes->refusals[i].text == text)
            return true;
    return false;
}

/* The text that the finding has something to mend in; NULL: none. */
static struct text *text_to_mend(const struct fixes *fixes, const struct fix_wish *wish,
                                 const struct lint_finding *finding)
{
    bool named = is_named(wish, finding->check);
    if (finding->edit_count == 0 || (wish->count > 0 && !named) ||
        !(finding->fate == LINT_TOLD || (finding->fate == LINT_MINOR && named)))
        return NULL;
    struct text *text = table_find(&fixes->by_name, finding->file->name);
    return text && text->plain ? text : NULL;
}

static struct patch_edit edit_of(const struct lint_finding *finding, size_t number)
{
    struct range range;
    const struct lint_edit *edit = &finding->edits[number];
    bool there = source_range(&finding->file->source, edit->at, &range);
    assert(there);
    (void)there;
    return (struct patch_edit){range.from.offset, range.to.offset, edit->text};
}

static bool is_free(const struct text *text, const struct patch_edit *edit)
{
    for (size_t i = 0; edit->from <= text->end && i < text->count; i++) {
        const struct patch_edit *other = &text->edits[i];
        if (edit->from == other->from || (edit->from < other->to && other->from < edit->to))
            return false;
    }
    return true;
}

/* All edits of a finding or none: what is in the way of another one waits for the next round. */
static bool take(struct text *text, const struct lint_finding *finding)
{
    for (size_t i = 0; i < finding->edit_count; i++) {
        struct patch_edit edit = edit_of(finding, i);
        if (!is_free(text, &edit))
            return false;
    }
    for (size_t i = 0; i < finding->edit_count; i++) {
        MEM_GROW(text->edits, text->count, text->room, 8);
        struct patch_edit edit = edit_of(finding, i);
        text->edits[text->count++] = edit;
        text->end = edit.to > text->end ? edit.to : text->end;
    }
    return true;
}

static int by_from(const void *a, const void *b)
{
    size_t x = ((const struct patch_edit *)a)->from, y = ((const struct patch_edit *)b)->from;
    return x < y ? -1 : x > y;
}

/* Does the edit of that check belong to the round? */
static bool belongs(const struct fixes *fixes, const struct round *round, const char *check,
                    const struct text *text)
{
    if (is_refused(fixes, check, text))
        return false;
    return !round->check ||
           (round->check == check && (round->text == text || !is_refused(fixes, check, NULL)));
}

static void collect(struct fixes *fixes, const struct lint *lint, const struct fix_wish *wish,
                    struct round *round)
{
    *round = (struct round){0};
    for (size_t i = 0; i < lint->count; i++) {
        const struct lint_finding *finding = lint->findings[i];
        struct text *text = text_to_mend(fixes, wish, finding);
        if (!text || !belongs(fixes, round, finding->check, text))
            continue;
        round->check = finding->check;
        round->texts += text->count == 0;
        round->text = text;
        text->taken += take(text, finding);
    }
}

/* The texts of edits are copied: the findings go before the edits are made. */
static void begin_round(struct fixes *fixes, const struct lint *lint, const struct fix_wish *wish,
                        struct arena *arena, struct round *round)
{
    collect(fixes, lint, wish, round);
    for (size_t i = 0; i < fixes->count; i++) {
        struct text *text = fixes->texts[i];
        if (text->count == 0)
            continue;
        for (size_t k = 0; k < text->count; k++)
            text->edits[k].text = arena_bytes(arena, text->edits[k].text);
        qsort(text->edits, text->count, sizeof(*text->edits), by_from);
        text->trial = patch_edited(text->patch.is, text->edits, text->count);
    }
}

static void refuse(struct fixes *fixes, const struct round *round, struct buf *why)
{
    const struct text *text = round->texts > 1 ? NULL : round->text;
    MEM_GROW(fixes->refusals, fixes->refusal_count, fixes->refusal_room, 8);
    fixes->refusals[fixes->refusal_count++] = (struct refusal){round->check, text};
    if (text) {
        visible_add(why, text->name);
        buf_cat(why, B(": fixing "), bytes_of(round->check),
                B(" would lead to other findings: left as it is\n"));
    }
}

static void end_round(struct fixes *fixes, const struct round *round, bool accepted)
{
    for (size_t i = 0; i < fixes->count; i++) {
        struct text *text = fixes->texts[i];
        if (accepted && text->count > 0)
            patch_apply(&text->patch, text->edits, text->count, bytes_of(round->check));
        text->mended += accepted ? text->taken : 0;
        text->count = text->end = text->taken = 0;
        bytes_free(text->trial);
        text->trial = (struct bytes){0};
    }
}

/* -- Was it for the better? -- */

struct tally {
    const char *names[MOST_CHECKS];
    size_t counts[MOST_CHECKS];
    size_t used, errors;
};

static size_t *tally_of(struct tally *tally, const char *name)
{
    size_t i = 0;
    while (i < tally->used && tally->names[i] != name)
        i++;
    if (i == tally->used && i < MOST_CHECKS - 1)
        tally->names[tally->used++] = name;
    return &tally->counts[i];
}

static void count_findings(struct tally *tally, const struct lint *lint)
{
    *tally = (struct tally){0};
    for (size_t i = 0; i < lint->count; i++) {
        ++*tally_of(tally, lint->findings[i]->check);
        tally->errors += lint->findings[i]->level == LINT_ERROR;
    }
}

/* Fewer of its own, and none more of others; but in a rule that loads now, which it did not before,
 * there may be something to find. */
static bool is_better(struct tally *before, struct tally *after, const char *check)
{
    if (after->errors != before->errors)
        return after->errors < before->errors;
    for (size_t i = 0; i < after->used; i++)
        if (after->counts[i] > *tally_of(before, after->names[i]))
            return false;
    return *tally_of(after, check) < *tally_of(before, check);
}

void fixes_make(struct fixes *fixes, struct lint *lint, const struct fix_wish *wish,
                struct buf *why)
{
    struct arena arena;
    arena_init(&arena);
    for (struct round round; begin_round(fixes, lint, wish, &arena, &round), round.check;) {
        struct tally before, after;
        count_findings(&before, lint);
        wish->look(wish->arg);
        count_findings(&after, lint);
        bool better = is_better(&before, &after, round.check);
        end_round(fixes, &round, better);
        if (!better) {
            refuse(fixes, &round, why);
            wish->look(wish->arg);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

/* -- What has come of it -- */

static bool has_changed(const struct text *text)
{
    return !bytes_eq(text->patch.was, text->patch.is);
}

struct fix_sum fixes_sum(const struct fixes *fixes)
{
    struct fix_sum sum = {0};
    for (size_t i = 0; i < fixes->count; i++) {
        const struct text *text = fixes->texts[i];
        bool counts = has_changed(text) && !text->lost;
        sum.files += counts;
        sum.findings += counts ? text->mended : 0;
    }
    return sum;
}

void fixes_show(const struct fixes *fixes, bool colour, struct buf *out)
{
    for (size_t i = 0; i < fixes->count; i++)
        patch_diff(&fixes->texts[i]->patch, fixes->texts[i]->name, colour, out);
}

bool fixes_write(struct fixes *fixes, struct buf *why)
{
    bool fine = true;
    for (size_t i = 0; i < fixes->count; i++) {
        struct text *text = fixes->texts[i];
        bool changed;
        if (!has_changed(text) ||
            file_rewrite(text->name, text->patch.was, text->patch.is, &changed))
            continue;
        fine = false;
        text->lost = true;
        struct bytes reason = error_text(errno);
        visible_add(why, text->name);
        buf_cat(why, B(": "),
                changed ? B("the file has changed in the meantime and was not written") : reason,
                B("\n"));
    }
    return fine;
}
