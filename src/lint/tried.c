/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/tried.h"

#include <stdlib.h>

#include "base/mem.h"
#include "explain/hints.h"

enum { STEPS = 100000 };

bool tried_pattern(const struct pattern *pattern)
{
    return pattern->lines == 1 &&
           (pattern->type == PATTERN_SUBSTR || (pattern->type == PATTERN_REGEXP && pattern->regex));
}

/* A value on its way into a text. */
struct filling {
    const struct rule *rule;
    struct bytes line;
    bool quoted;
    struct buf *out;
};

static void add_value(const struct filling *f, struct bytes value)
{
    if (f->quoted)
        hints_quote(value, f->out);
    else
        buf_add(f->out, value);
}

static bool add_group(const struct filling *f, struct regex *regex, uint64_t group)
{
    ptrdiff_t *offsets = mem_array(NULL, 2 * regex_spans(regex), sizeof(*offsets));
    bool found = regex_match_within(regex, f->line, STEPS, offsets) == REGEX_YES;
    ptrdiff_t from = offsets[2 * group], to = offsets[2 * group + 1];
    if (found && from >= 0)
        add_value(f, bytes_slice(f->line, (size_t)from, (size_t)to));
    free(offsets);
    return found;
}

static bool add_variable(const struct filling *f, const struct var_key *key)
{
    struct regex *regex = f->rule->parts[0].pattern.regex;
    if (key->kind != KEY_NUMBER || key->source != 0)
        return false;
    if (key->number == 0) {
        add_value(f, f->line);
        return true;
    }
    return regex && key->number <= regex_groups(regex) && add_group(f, regex, key->number);
}

bool tried_fill(const struct rule *rule, const struct template *text, struct bytes line,
                bool quoted, struct buf *out)
{
    const struct filling filling = {rule, line, quoted, out};
    bool known = !text->spliced;
    for (uint32_t i = 0; known && i < text->count; i++) {
        const struct segment *segment = &text->segments[i];
        if (segment->kind == SEG_TEXT)
            buf_add(out, segment->text);
        else if (segment->kind == SEG_MATCH)
            known = add_variable(&filling, &rule->keys.keys[segment->index]);
        else
            known = text != rule->desc && segment_is_desc(segment) &&
                    tried_fill(rule, rule->desc, line, false, out);
    }
    return known;
}

/* The quick answer: a literal that every match holds is not in the line. */
static bool lacks_literal(const struct pattern *pattern, struct bytes line)
{
    size_t count = 0;
    const struct required *required =
        pattern->regex ? regex_required(pattern->regex, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        if (required[i].caseless || bytes_find(line, required[i].text, 0) >= 0)
            return false;
    return count > 0;
}

bool tried_matches(const struct pattern *pattern, struct bytes line)
{
    return !lacks_literal(pattern, line) && sample_matches(pattern, line);
}
