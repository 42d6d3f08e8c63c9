/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of rules that both action lists and context expressions are made of. */
#include "lang/parser.h"

#include "base/mem.h"

struct template *parse_template(struct parser *parser, struct bytes text, unsigned passes)
{
    return template_compile(&parser->file->arena, text, passes, &parser->rule->keys,
                            parser->lang->names);
}

static size_t count_words(struct bytes text)
{
    struct bytes word;
    size_t count = 0;
    while (bytes_word(&text, &word))
        count++;
    return count;
}

const struct template *const *parse_words(struct parser *parser, struct bytes text, unsigned passes,
                                          size_t *count)
{
    *count = count_words(text);
    const struct template **words = arena_alloc(&parser->file->arena, *count * sizeof(*words));
    struct bytes word;
    for (size_t i = 0; bytes_word(&text, &word); i++)
        words[i] = parse_template(parser, word, passes);
    return words;
}

struct perl_value *parse_code(struct parser *parser, struct bytes text, struct buf *error)
{
    struct perl_value *code;
    if (!perl_compile(text, &code, error))
        return NULL;
    rule_file_keep(parser->file, code);
    return code;
}

bool parse_variable(struct bytes text, struct bytes *name)
{
    if (text.len < 2 || text.ptr[0] != '%' || !is_alpha(text.ptr[1]))
        return false;
    for (size_t i = 2; i < text.len; i++)
        if (!is_word(text.ptr[i]))
            return false;
    *name = bytes_from(text, 1);
    return true;
}

static void add_use(struct key_uses *uses, uint32_t key)
{
    MEM_GROW(uses->keys, uses->count, uses->room, 8);
    uses->keys[uses->count++] = key;
}

void uses_add_template(struct key_uses *uses, const struct template *template)
{
    for (uint32_t i = 0; i < template->count; i++)
        if (template->segments[i].kind == SEG_MATCH)
            add_use(uses, template->segments[i].index);
}

void uses_add_words(struct key_uses *uses, const struct template *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        uses_add_template(uses, words[i]);
}

void uses_add(struct key_uses *uses, const uint32_t *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_use(uses, keys[i]);
}

static int compare_keys(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

bool uses_finish(struct key_uses *uses, struct parser *parser, const uint32_t **keys, size_t *count)
{
    const struct var_key *known = parser->rule->keys.keys;
    uint32_t *kept = arena_alloc(&parser->file->arena, uses->count * sizeof(*kept));
    bool cache = false;
    *count = 0;
    if (uses->count)
        qsort(uses->keys, uses->count, sizeof(*uses->keys), compare_keys);
    for (size_t i = 0; i < uses->count; i++) {
        if (i && uses->keys[i] == uses->keys[i - 1])
            continue;
        kept[(*count)++] = uses->keys[i];
        cache |= known[uses->keys[i]].kind == KEY_CACHE;
    }
    *keys = kept;
    free(uses->keys);
    *uses = (struct key_uses){0};
    return cache;
}
