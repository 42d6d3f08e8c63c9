/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A backslash at the end of a line takes the next line along: a field that is missed then, the
 * empty line between two rules, or, at the end of a comment, the start of a rule. */
#include "lint/blocks.h"
#include "lint/checks.h"

struct look {
    struct lint *lint;
    const struct rule_file *file;
    struct block block; /* the present or the next one */
    size_t block_end;
    bool more; /* blocks */
};

/* Where a line of the file is joined to the one before it, and how far it goes. */
struct join {
    size_t at, to;
    struct bytes line; /* that it is joined to, from its start */
};

static struct bytes text_of(const struct look *look)
{
    return look->file->source.text;
}

static void next_block(struct look *look)
{
    look->more = blocks_next(&look->lint->engine->rules.parse_env, &look->file->source,
                             &look->block_end, &look->block);
}

static bool is_in_block(struct look *look, size_t at)
{
    while (look->more && look->block_end <= at)
        next_block(look);
    return look->more && (size_t)(look->block.text.ptr - text_of(look).ptr) <= at;
}

/* The backslash is not in the text: what is before and after it is put there again. */
static void tell(struct look *look, const struct join *join, struct bytes at, struct bytes taken,
                 struct bytes as)
{
    struct bytes text = text_of(look);
    struct arena *arena = &look->lint->arena;
    struct lint_finding *found = lint_tell_file(
        look->lint, look->file, at,
        arena_cat(arena, B("the backslash before this line makes "), taken, B(" part of "), as));
    lint_hint(look->lint, found, B("remove the backslash"));
    if (join->at + 1 < text.len)
        lint_fix(look->lint, found, bytes_slice(text, join->at - 1, join->at + 1),
                 arena_cat(arena, bytes_slice(text, join->at - 1, join->at), B("\n"),
                           bytes_slice(text, join->at, join->at + 1)));
}

static struct bytes cat_quoted(const struct look *look, struct bytes text)
{
    return arena_cat(&look->lint->arena, B("'"), text, B("'"));
}

/* A field of the rule, which has no other. */
static bool is_missed(const struct block *block, struct bytes name)
{
    if (block_has(block->text, name))
        return false;
    return bytes_eq(name, B("type")) || (block->type && rule_type_has(block->type, name));
}

/* The empty line is in the middle of two rules: each has its type. */
static bool parts_rules(const struct look *look, size_t at)
{
    size_t from = (size_t)(look->block.text.ptr - text_of(look).ptr);
    return block_has(bytes_slice(text_of(look), from, at), B("type")) &&
           block_has(bytes_slice(text_of(look), at, from + look->block.text.len), B("type"));
}

/* Does the next block begin with the line after the joined one? */
static bool block_follows(struct look *look, size_t at)
{
    struct bytes rest = bytes_from(text_of(look), at), line;
    bytes_piece(&rest, '\n', &line);
    return is_in_block(look, (size_t)(rest.ptr - text_of(look).ptr));
}

static void look_at_join(struct look *look, const struct join *join)
{
    struct bytes piece = bytes_slice(text_of(look), join->at, join->to);
    struct bytes at = bytes_trim(piece);
    bool comment = join->line.ptr[0] == '#';
    struct bytes name, value;
    if (at.len == 0) {
        if (!comment && is_in_block(look, join->at) && parts_rules(look, join->at))
            tell(look, join, bytes_slice(piece, 0, 0), B("this empty line"), B("the rule"));
        return;
    }
    if (is_space(piece.ptr[0]) || !keyword_split(at, &name, &value))
        return;
    if (comment ? !block_follows(look, join->at) : !is_in_block(look, join->at))
        return;
    if (!is_missed(&look->block, name))
        return;
    if (comment)
        tell(look, join, at, cat_quoted(look, at), B("the comment"));
    else if (keyword_split(join->line, &name, &value))
        tell(look, join, at, cat_quoted(look, at), cat_quoted(look, name));
}

static void look(struct lint *lint, const struct rule_file *file)
{
    const struct source *source = &file->source;
    struct look look = {.lint = lint, .file = file};
    size_t begin = 0; /* of the joined line */
    next_block(&look);
    for (size_t i = 1; i < source->line_count && source->lines[i].at < source->end; i++) {
        struct join join = {.at = source->lines[i].at, .to = source->end};
        if (join.at == 0 || source->text.ptr[join.at - 1] == '\n') {
            begin = join.at;
            continue;
        }
        ptrdiff_t newline = bytes_chr(source->text, '\n', join.at);
        if (newline >= 0)
            join.to = (size_t)newline;
        if (i + 1 < source->line_count && source->lines[i + 1].at < join.to)
            join.to = source->lines[i + 1].at;
        join.line = bytes_trim(bytes_slice(source->text, begin, join.to));
        if (join.line.len > 0)
            look_at_join(&look, &join);
    }
}

const struct lint_check check_trailing_backslash = {
    .name = "trailing-backslash",
    .level = LINT_WARNING,
    .summary = "A backslash at the end of a line swallows the field or the empty line after it",
    .file = look,
};
