/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/blocks.h"

static bool is_outside(struct bytes line)
{
    return line.len == 0 || line.ptr[0] == '#';
}

static const struct rule_type *type_of(const struct parse_env *env, struct bytes text)
{
    struct keyword keyword;
    const struct rule_type *type = NULL;
    struct arena arena;
    arena_init(&arena);
    while (rule_next_keyword(&text, &keyword))
        if (bytes_eq(keyword.name, B("type")))
            type = rule_type_find(env, arena_upper(&arena, keyword.value));
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
        bool outside = is_outside(bytes_trim(line));
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
    struct keyword next;
    while (rule_next_keyword(&text, &next))
        if (bytes_eq(next.name, keyword))
            return true;
    return false;
}

bool block_type_has(const struct rule_type *type, struct bytes keyword)
{
    for (const struct field *field = type->fields; field->kind != FIELD_END; field++) {
        struct bytes name = bytes_of(field->name);
        if (bytes_eq(name, keyword))
            return true;
        int64_t number;
        if (type->numbered && bytes_starts(keyword, name) &&
            bytes_uint(bytes_from(keyword, name.len), false, &number))
            return true;
    }
    return false;
}
