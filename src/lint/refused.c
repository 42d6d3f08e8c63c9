/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/refused.h"

#include "lang/rule_text.h"

static struct bytes line_before(struct bytes text, size_t end)
{
    ptrdiff_t at = end > 0 ? bytes_rfind(bytes_slice(text, 0, end - 1), B("\n")) : -1;
    return end > 0 ? bytes_slice(text, (size_t)(at + 1), end - 1) : B("");
}

static struct bytes line_after(struct bytes text, size_t from)
{
    struct bytes rest = bytes_from(text, from), line = B("");
    bytes_piece(&rest, '\n', &line);
    return line;
}

/* From the empty line or comment before it to the one after it. */
static struct bytes rule_around(struct bytes text, struct bytes at)
{
    size_t from = (size_t)(at.ptr - text.ptr);
    from = (size_t)(bytes_rfind(bytes_slice(text, 0, from), B("\n")) + 1);
    size_t to = from;
    for (struct bytes line; !line_ends_rule(bytes_trim(line = line_before(text, from)));)
        from -= line.len + 1;
    for (struct bytes line; !line_ends_rule(bytes_trim(line = line_after(text, to)));)
        to += to + line.len < text.len ? line.len + 1 : line.len;
    return bytes_slice(text, from, to);
}

static bool is_inside(struct bytes at, struct bytes text)
{
    return at.ptr >= text.ptr && at.ptr < text.ptr + text.len;
}

struct bytes refused_read(struct lint *lint)
{
    struct buf all = {0};
    struct bytes last = B("");
    for (size_t i = lint->first; i < lint->count; i++) {
        const struct lint_finding *finding = lint->findings[i];
        if (finding->level != LINT_ERROR || !source_has(&finding->file->source, finding->at) ||
            is_inside(finding->at, last))
            continue;
        last = rule_around(finding->file->source.text, finding->at);
        buf_cat(&all, last, B("\n"));
    }
    struct bytes text = arena_bytes(&lint->arena, buf_bytes(&all));
    buf_free(&all);
    return text;
}

bool refused_creates(const struct lint *lint, const struct wildcard *name)
{
    static const char *const actions[] = {"create ", "add ",    "prepend ",
                                          "fill ",   "cspawn ", "cevent "};
    bool found = false;
    for (size_t i = 0; i < sizeof(actions) / sizeof(*actions) && lint->refused.len > 0; i++) {
        struct buf text = {0};
        buf_cat(&text, bytes_of(actions[i]), name->before);
        found |= bytes_find(lint->refused, buf_bytes(&text), 0) >= 0;
        buf_free(&text);
    }
    return found;
}
