/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A comment or an empty line in the middle of a rule ends it: what follows has no type, and nothing
 * but fields that the rule before it could have and does not. */
#include "lint/blocks.h"
#include "lint/checks.h"

static bool is_remark(struct bytes keyword)
{
    return bytes_eq(keyword, B("rem")) || bytes_eq(keyword, B("label"));
}

/* Does the block go on with the rule? */
static bool goes_on(const struct block *rule, struct bytes text)
{
    struct keyword keyword;
    bool any = false;
    while (rule_next_keyword(&text, &keyword)) {
        if (is_remark(keyword.name))
            continue;
        if (!rule_type_has(rule->type, keyword.name) || block_has(rule->text, keyword.name))
            return false;
        any = true;
    }
    return any;
}

/* A comment becomes a remark, which may be inside a rule; what is empty goes. */
static void mend_line(struct lint *lint, struct lint_finding *found, struct bytes line)
{
    struct bytes rest = bytes_trim(line);
    size_t marks = 0;
    while (marks < rest.len && (rest.ptr[marks] == '#' || is_space(rest.ptr[marks])))
        marks++;
    if (marks < rest.len)
        lint_fix(lint, found, bytes_slice(rest, 0, marks), B("rem="));
    else
        lint_fix(lint, found, line, B(""));
}

/* gap: the lines between, with their newlines */
static void tell(struct lint *lint, const struct rule_file *file, const struct block *rule,
                 struct bytes gap)
{
    struct bytes rest = gap, line;
    bytes_piece(&rest, '\n', &line);
    struct bytes first = bytes_trim(line);
    bool comment = first.len > 0;
    struct lint_finding *found =
        lint_tell_file(lint, file, comment ? first : bytes_slice(line, 0, 0),
                       comment ? B("this comment ends the rule before its last fields")
                               : B("this empty line ends the rule before its last fields"));
    struct range range;
    if (source_range(&file->source, rule->text, &range))
        found->rule_line = range.from.line;
    lint_hint(lint, found,
              comment ? B("inside a rule, write a comment as rem=...") : B("remove it"));
    while (gap.len > 0) {
        rest = gap;
        bytes_piece(&rest, '\n', &line);
        size_t len = gap.len - rest.len;
        mend_line(lint, found, bytes_slice(gap, 0, len));
        gap = rest;
    }
}

static void look(struct lint *lint, const struct rule_file *file)
{
    const struct parse_env *env = &lint->engine->rules.parse_env;
    const struct source *source = &file->source;
    struct block rule = {0}, block;
    size_t at = 0;
    while (blocks_next(env, source, &at, &block)) {
        size_t end = (size_t)(rule.text.ptr - source->text.ptr) + rule.text.len;
        size_t from = (size_t)(block.text.ptr - source->text.ptr);
        if (!rule.type || block_has(block.text, B("type")) || !goes_on(&rule, block.text)) {
            rule = block;
            continue;
        }
        tell(lint, file, &rule, bytes_slice(source->text, end, from));
        rule.text = bytes_make(rule.text.ptr,
                               from + block.text.len - (size_t)(rule.text.ptr - source->text.ptr));
    }
}

const struct lint_check check_split_rule = {
    .name = "split-rule",
    .level = LINT_WARNING,
    .summary = "A comment or an empty line cuts a rule in two",
    .file = look,
};
