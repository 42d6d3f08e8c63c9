/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/blocks.h"

static const struct rule_type *type_of(const struct parse_env *env, struct bytes text)
{
    struct keyword keyword;
    struct arena arena;
    if (!keyword_find(text, B("type"), &keyword))
        return NULL;
    arena_init(&arena);
    const struct rule_type *type = rule_type_find(env, arena_upper(&arena, keyword.value));
    arena_free(&arena);
    return type;
}

bool blocks_next(const struct parse_env *env, const struct source *source, size_t *at,
                 struct block *block)
{
    size_t from = 0, to = 0;
    while (*at < source->end) {
        struct bytes rest = bytes_slice(source->text, *at, source->end), line;
        bytes_piece(&rest, '\n', &line);
        bool outside = line_ends_rule(bytes_trim(line));
        if (outside && to > 0)
            break;
        if (!outside && to == 0)
            from = *at;
        *at = source->end - rest.len;
        if (!outside)
            to = *at;
    }
    block->text = bytes_slice(source->text, from, to);
    block->type = type_of(env, block->text);
    return to > 0;
}

bool block_has(struct bytes text, struct bytes keyword)
{
    struct keyword found;
    return keyword_find(text, keyword, &found);
}
