/* SPDX-License-Identifier: GPL-2.0-or-later */
/* secant check: an input has options in its first line, then up to three rule files between lines
 * "----".  They are loaded and looked at by all checks; every finding lies in its file and can be
 * written down, and what would mend it can be done. */
#include "check/patch.h"
#include "check/report.h"
#include "hint/loading.h"
#include "io/read_name.h"
#include "limits.h"
#include "program.h"

static struct lint_options options = {.least = LINT_NOTE, .cost = true};

static void must(bool holds, const struct lint_finding *finding)
{
    if (holds)
        return;
    fprintf(stderr, "%s: %.*s\n", finding->check, (int)finding->text.len, finding->text.ptr);
    abort();
}

static bool is_before(const struct position *a, const struct position *b)
{
    return a->offset <= b->offset &&
           (a->line < b->line || (a->line == b->line && a->column <= b->column));
}

static void check_range(const struct lint_finding *finding, const struct rule_file *file,
                        const struct range *range)
{
    struct buf content = {0};
    must(read_name(file->name, &content), finding);
    must(range->to.offset <= content.len && range->to.line <= file->source.line_count, finding);
    buf_free(&content);
    must(range->from.line > 0 && range->from.column > 0, finding);
    must(is_before(&range->from, &range->to), finding);
}

static void check_edits(const struct lint_finding *finding)
{
    const struct source *source = &finding->file->source;
    const char *end = source->text.ptr;
    for (size_t i = 0; i < finding->edit_count; i++) {
        const struct lint_edit *edit = &finding->edits[i];
        must(source_has(source, edit->at) && edit->at.ptr >= end, finding);
        end = edit->at.ptr + edit->at.len;
    }
}

/* The edits as they are made in the file, and what is shown of them. */
static void make_edits(const struct lint_finding *finding)
{
    struct buf content = {0}, diff = {0};
    struct patch patch;
    struct patch_edit *edits = mem_zarray(finding->edit_count + 1, sizeof(*edits));
    for (size_t i = 0; i < finding->edit_count; i++) {
        struct range range;
        must(source_range(&finding->file->source, finding->edits[i].at, &range), finding);
        edits[i] = (struct patch_edit){range.from.offset, range.to.offset, finding->edits[i].text};
        must(i == 0 || edits[i - 1].to <= edits[i].from, finding);
    }
    read_name(finding->file->name, &content);
    patch_init(&patch, buf_bytes(&content));
    patch_apply(&patch, edits, finding->edit_count, bytes_of(finding->check));
    patch_diff(&patch, finding->file->name, false, &diff);
    patch_free(&patch);
    free(edits);
    buf_free(&content);
    buf_free(&diff);
}

static bool is_one_line(struct bytes text)
{
    return text.len == 0 || bytes_chr(text, '\n', 0) < 0;
}

static void check_finding(const struct lint_finding *finding)
{
    must(finding->text.len > 0 && finding->file, finding);
    must(is_one_line(finding->text) && is_one_line(finding->hint), finding);
    must(finding->rule_line <= finding->file->source.line_count + 1, finding);
    if (finding->at.ptr) {
        must(source_has(&finding->file->source, finding->at), finding);
        check_range(finding, finding->file, &finding->range);
    }
    if (finding->other_file && finding->other.from.line > 0)
        check_range(finding, finding->other_file, &finding->other);
    check_edits(finding);
    if (finding->edit_count > 0)
        make_edits(finding);
}

static void write_all(const struct lint *lint)
{
    struct buf out = {0};
    for (size_t i = 0; lint_formats[i]; i++) {
        lint_formats[i]->write(lint, (struct lint_style){.verbose = true}, &out);
        if (lint_formats[i]->sum)
            lint_formats[i]->sum(lint, (struct lint_style){0}, &out);
    }
    buf_free(&out);
}

static void one(struct bytes input)
{
    struct bytes first = take_until(&input, B("----\n")), files[PROGRAM_FILES] = {0};
    int count = 0;
    while (input.len > 0 && count < PROGRAM_FILES)
        files[count++] = take_until(&input, B("----\n"));
    struct lint lint;
    options.every_line = first.len % 2; /* as good as any other */
    lint_init(&lint, &options);
    lint_begin(&lint, engine);
    loading_begin(&lint);
    program_begin(first, files, count);
    engine->rules.parse_env.on_finding = NULL;
    loading_end(&lint);
    lint_look(&lint);
    loading_join(&lint);
    for (size_t i = 0; i < lint.count; i++)
        check_finding(lint.findings[i]);
    write_all(&lint);
    lint_free(&lint);
    program_end();
}

FUZZ_TARGET(program_start, one)
