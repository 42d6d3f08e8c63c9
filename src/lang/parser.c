/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of rules that both action lists and context expressions are made of. */
#include "lang/parser.h"

#include "base/mem.h"
#include "lang/parens.h"

static bool is_source(const struct parser *parser, struct bytes text)
{
    return source_has(&parser->file->source, text);
}

struct bytes parser_keep(struct parser *parser, struct bytes text)
{
    return is_source(parser, text) ? text : arena_bytes(&parser->file->arena, text);
}

/* source: what the text was before its masks were removed */
static struct template *make_template(struct parser *parser, struct bytes text, struct bytes source,
                                      unsigned passes)
{
    struct template *template = template_compile(&parser->file->arena, text, passes,
                                                 &parser->rule->keys, parser->env->names);
    if (is_source(parser, source))
        template->source = source;
    return template;
}

struct template *parse_template(struct parser *parser, struct bytes text, unsigned passes)
{
    return make_template(parser, parser_keep(parser, text), text, passes);
}

struct template *parse_masked(struct parser *parser, struct bytes text, unsigned passes)
{
    struct bytes plain = parens_unmask(&parser->file->arena, text);
    return make_template(parser, plain.ptr == text.ptr ? parser_keep(parser, text) : plain, text,
                         passes);
}

static size_t count_words(struct bytes text)
{
    struct bytes word;
    size_t count = 0;
    while (bytes_word(&text, &word))
        count++;
    return count;
}

typedef struct template *parse_text(struct parser *parser, struct bytes text, unsigned passes);

static const struct template *const *parse_each(struct parser *parser, struct bytes text,
                                                unsigned passes, parse_text *parse, size_t *count)
{
    *count = count_words(text);
    const struct template **words = arena_alloc(&parser->file->arena, *count * sizeof(*words));
    struct bytes word;
    for (size_t i = 0; bytes_word(&text, &word); i++)
        words[i] = parse(parser, word, passes);
    return words;
}

const struct template *const *parse_words(struct parser *parser, struct bytes text, unsigned passes,
                                          size_t *count)
{
    return parse_each(parser, text, passes, parse_template, count);
}

const struct template *const *parse_masked_words(struct parser *parser, struct bytes text,
                                                 unsigned passes, size_t *count)
{
    return parse_each(parser, text, passes, parse_masked, count);
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
