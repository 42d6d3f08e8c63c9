/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Options rule, which is not a rule but sets options of its file. */
#include "lang/rule_text.h"

static const struct bytes *option_value(const struct rule_text *text, struct bytes name)
{
    struct keyword *keyword = rule_text_find(text, name);
    if (!keyword)
        return NULL;
    keyword->known = true;
    return &keyword->value;
}

static void read_procallin(struct parser *parser, struct bytes value)
{
    parser->file->jump_only = bytes_ieq(value, B("NO"));
    if (!parser->file->jump_only && !bytes_ieq(value, B("YES")))
        diag_rule(&parser->diag, DIAG_OPTION_VALUE, value, B("Invalid procallin value ' "), value,
                  B(" ', assuming procallin=Yes"));
}

static struct bytes set_name(const void *entry)
{
    return *(const struct bytes *)entry;
}

/* The names of the sets, each once. */
static void read_joincfset(struct parser *parser, struct bytes value)
{
    struct rule_file *file = parser->file;
    struct bytes rest = value, name;
    struct table known;
    table_init(&known, set_name);
    file->cfsets = arena_alloc(&file->arena, (value.len / 2 + 1) * sizeof(*file->cfsets));
    while (bytes_word(&rest, &name)) {
        if (table_find(&known, name))
            continue;
        file->cfsets[file->cfset_count] = name;
        table_insert(&known, &file->cfsets[file->cfset_count++]);
    }
    table_free(&known);
}

bool rule_options_read(struct parser *parser, struct bytes type_name, struct rule_text *text)
{
    const struct bytes *procallin = option_value(text, B("procallin"));
    const struct bytes *joincfset = option_value(text, B("joincfset"));
    if (!check_all_known(parser, type_name, text))
        return false;
    parser->file->jump_only = false; /* an earlier Options rule counts no more */
    parser->file->cfset_count = 0;
    if (procallin)
        read_procallin(parser, *procallin);
    if (joincfset)
        read_joincfset(parser, *joincfset);
    return true;
}
