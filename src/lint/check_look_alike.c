/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters that look like others (lint/look_alikes.h) where only the others can be meant: in
 * keywords, patterns and contexts, in words of ASCII, and for the shell.  Texts may have any. */
#include "lang/rule_text.h"
#include "lint/checks.h"
#include "lint/embedded.h"
#include "lint/look_alikes.h"

struct place {
    struct lint *lint;
    const struct rule_file *file;
    struct bytes text; /* keyword or value */
    bool is_text;      /* what people read */
};

static void tell(struct lint *lint, const struct rule_file *file, struct bytes at,
                 const struct look_alike *alike, bool mend)
{
    static const char *const where[] = {
        [ALIKE_BLANK] = " is not an ordinary space",
        [ALIKE_NOTHING] = " is invisible",
        [ALIKE_QUOTE] = " is not a plain quote",
        [ALIKE_DASH] = " is not a minus sign",
        [ALIKE_SIGN] = " is not the ASCII sign that it looks like",
        [ALIKE_LETTER] = " is not the ASCII letter that it looks like",
    };
    struct arena *arena = &lint->arena;
    struct lint_finding *found =
        lint_tell_file(lint, file, at, arena_cat(arena, alike->name, bytes_of(where[alike->kind])));
    if (alike->ascii.len == 0)
        lint_hint(lint, found, B("remove it"));
    else if (alike->kind == ALIKE_BLANK)
        lint_hint(lint, found, B("type an ordinary space instead"));
    else
        lint_hint(lint, found, B("type '"), alike->ascii, B("' instead"));
    if (mend)
        lint_fix(lint, found, at, alike->ascii);
}

static bool is_same(struct bytes a, struct bytes b)
{
    return a.ptr == b.ptr && a.len == b.len;
}

/* Loading tells what is at the edges of keywords and values, and what has kept a rule from loading:
 * then it is what mends that. */
static bool is_told(const struct lint *lint, struct bytes at)
{
    for (size_t i = lint->first; i < lint->count; i++) {
        const struct lint_finding *finding = lint->findings[i];
        if (is_same(finding->at, at))
            return true;
        for (size_t k = 0; k < finding->edit_count; k++)
            if (is_same(finding->edits[k].at, at))
                return true;
    }
    return false;
}

static bool is_ascii_at(struct bytes text, size_t at)
{
    return at < text.len && (unsigned char)text.ptr[at] < 0x80;
}

/* A word with letters of ASCII and, for the rest, nothing but what looks like them. */
static bool is_mixed_word(struct bytes text, size_t at)
{
    size_t from = at;
    bool ascii = false;
    while (from > 0 && (is_word(text.ptr[from - 1]) || !is_ascii_at(text, from - 1)))
        from--;
    while (from < text.len && (is_word(text.ptr[from]) || !is_ascii_at(text, from))) {
        const struct look_alike *alike = look_alike_at(bytes_from(text, from));
        if (!is_ascii_at(text, from) && (!alike || alike->kind != ALIKE_LETTER))
            return false;
        ascii |= is_alpha(text.ptr[from]);
        from += alike ? alike->text.len : 1;
    }
    return ascii;
}

static bool is_slip(const struct place *place, size_t at, const struct look_alike *alike)
{
    switch (alike->kind) {
    case ALIKE_BLANK:
        return !place->is_text;
    case ALIKE_NOTHING: /* scripts that need it have it between their own letters */
        return at > 0 && is_ascii_at(place->text, at - 1) &&
               is_ascii_at(place->text, at + alike->text.len);
    case ALIKE_LETTER:
        return is_mixed_word(place->text, at);
    default:
        return false;
    }
}

static void look_at_place(const struct place *place)
{
    for (size_t i = 0; i < place->text.len; i++) {
        const struct look_alike *alike = look_alike_at(bytes_from(place->text, i));
        if (!alike)
            continue;
        struct bytes at = bytes_slice(place->text, i, i + alike->text.len);
        if (is_slip(place, i, alike) && !is_told(place->lint, at))
            tell(place->lint, place->file, at, alike, false);
        i += alike->text.len - 1;
    }
}

/* A keyword that would be one without them. */
static void look_at_keyword(const struct place *place)
{
    for (int telling = 0; telling < 2; telling++) {
        for (size_t i = 0; i < place->text.len; i++) {
            const struct look_alike *alike = look_alike_at(bytes_from(place->text, i));
            if (!alike && !is_alpha(place->text.ptr[i]) && !is_digit(place->text.ptr[i]))
                return;
            size_t len = alike ? alike->text.len : 1;
            struct bytes at = bytes_slice(place->text, i, i + len);
            if (alike && telling && !is_told(place->lint, at))
                tell(place->lint, place->file, at, alike, true);
            i += len - 1;
        }
    }
}

static bool is_text_field(struct bytes keyword)
{
    static const struct bytes names[] = {B("desc"), B("action"), B("init"),  B("slide"),
                                         B("end"),  B("count"),  B("script")};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (bytes_starts(keyword, names[i]))
            return true;
    return false;
}

static void look_at_line(struct lint *lint, const struct rule_file *file, struct bytes line)
{
    ptrdiff_t equals = bytes_chr(line, '=', 0);
    if (line.len == 0 || line.ptr[0] == '#' || equals < 0 || bytes_are_ascii(line))
        return;
    struct place place = {lint, file, bytes_trim(bytes_slice(line, 0, (size_t)equals)), false};
    if (bytes_eq(place.text, B("rem")))
        return;
    if (!bytes_are_ascii(place.text))
        look_at_keyword(&place);
    place.is_text = is_text_field(place.text);
    place.text = bytes_trim(bytes_from(line, (size_t)equals + 1));
    look_at_place(&place);
}

/* Quotes and options in what a shell or Perl gets. */
static void hear_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    struct lint *lint = arg;
    const struct embedded *embedded = spot->action ? embedded_in(spot->action) : NULL;
    bool is_code = embedded && embedded->language != EMBEDDED_ARGV && embedded->arg == spot->arg;
    for (size_t i = 0; is_code && i < text->source.len; i++) {
        const struct look_alike *alike = look_alike_at(bytes_from(text->source, i));
        if (!alike)
            continue;
        bool begins = i > 0 && is_space(text->source.ptr[i - 1]) &&
                      i + alike->text.len < text->source.len &&
                      is_word(text->source.ptr[i + alike->text.len]);
        if (alike->kind == ALIKE_BLANK || alike->kind == ALIKE_QUOTE ||
            (alike->kind == ALIKE_DASH && begins))
            tell(lint, spot->rule->file, bytes_slice(text->source, i, i + alike->text.len), alike,
                 false);
        i += alike->text.len - 1;
    }
}

static void look(struct lint *lint, const struct rule_file *file)
{
    struct source_reader reader = {.source = &file->source};
    const struct visitor visitor = {.arg = lint, .text = hear_text};
    struct bytes line;
    if (bytes_are_ascii(file->source.text))
        return;
    while (source_next_line(&reader, &line))
        look_at_line(lint, file, bytes_trim(line));
    for (size_t i = 0; i < file->count; i++)
        visit_rule(file->rules[i], &visitor);
}

const struct lint_check check_look_alike = {
    .name = "look-alike",
    .level = LINT_WARNING,
    .summary = "A character that looks like another, where only the other can be intended",
    .file = look,
};
