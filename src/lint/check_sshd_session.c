/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Since OpenSSH 9.8 sshd only listens: what is said of a connection comes from sshd-session.  A
 * pattern with "sshd\[" for such a message misses it; what the listener still writes is not
 * reported. Where rules of the set know the new name, nothing is reported. */
#include "lint/checks.h"
#include "lint/patterns.h"
#include "lint/sample.h"

/* What sshd-session writes, as messages begin or as they hold it. */
static const struct bytes messages[] = {
    B("Failed "),
    B("Accepted "),
    B("nvalid user "),
    B("Disconnected from "),
    B("Disconnecting "),
    B("Received disconnect "),
    B("Connection closed by "),
    B("Connection reset by "),
    B("pam_unix(sshd:"),
    B("pam_sss(sshd:"),
    B("session opened for user "),
    B("session closed for user "),
    B("not allowed because "),
    B("maximum authentication attempts "),
    B("authentication failure"),
    B("Postponed "),
    B("Unable to negotiate "),
    B("POSSIBLE BREAK-IN ATTEMPT"),
    B("Starting session: "),
    B("subsystem request for "),
};

static bool is_of_session(struct bytes line)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
        if (bytes_find(line, messages[i], 0) >= 0)
            return true;
    return false;
}

/* Where the next "sshd\[" at or after *at is; *at becomes its end.  false: there is none. */
static bool next_name(struct bytes pattern, size_t *at, struct bytes *name)
{
    static const struct bytes written = B("sshd\\[");
    ptrdiff_t found = bytes_find(pattern, written, *at);
    if (found < 0)
        return false;
    *at = (size_t)found + written.len;
    *name = bytes_slice(pattern, (size_t)found, *at);
    return true;
}

/* In all regular expressions of the rule. */
static void mend(struct lint *lint, struct lint_finding *finding, const struct rule *rule)
{
    struct bytes text = rule->text, name;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found)) {
        size_t at = 0;
        while (pattern_is_regexp(found.pattern) && next_name(found.text, &at, &name))
            lint_fix(lint, finding, bytes_slice(name, 4, 4), B("(?:-session)?"));
    }
}

static struct bytes renamed(struct arena *arena, struct bytes line)
{
    ptrdiff_t at = bytes_find(line, B("sshd["), 0);
    if (at < 0)
        return B("");
    size_t end = (size_t)at + 4;
    return arena_cat(arena, bytes_slice(line, 0, end), B("-session"), bytes_from(line, end));
}

static bool tell(struct lint *lint, const struct rule *rule, const struct lint_pattern *found)
{
    struct sample sample;
    size_t at = 0;
    struct bytes name;
    if (found->pattern->type != PATTERN_REGEXP || !found->pattern->regex ||
        !next_name(found->text, &at, &name) ||
        !sample_line(found->pattern, NULL, &lint->arena, &sample) || !is_of_session(sample.line))
        return false;
    struct bytes line = renamed(&lint->arena, sample.line);
    if (line.len == 0 || sample_matches(found->pattern, line))
        return false;
    struct lint_finding *finding =
        lint_tell(lint, rule, name, B("since OpenSSH 9.8 this message comes from sshd-session"));
    lint_hint(lint, finding, B("sshd(?:-session)?\\[ matches both names"));
    lint_witness(lint, finding, line, B("does not match"));
    mend(lint, finding, rule);
    return true;
}

/* One finding for each rule. */
static void look_at_rule(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found))
        if (tell(lint, rule, &found))
            return;
}

static void look(struct lint *lint)
{
    const struct ruleset *set = lint->set;
    for (size_t i = 0; i < set->file_count; i++)
        if (bytes_find(set->files[i]->source.text, B("sshd-session"), 0) >= 0)
            return;
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            look_at_rule(lint, set->files[i]->rules[k]);
}

const struct lint_check check_sshd_session = {
    .name = "sshd-session",
    .level = LINT_WARNING,
    .summary = "A pattern knows OpenSSH messages only by the program name used before 9.8",
    .set = look,
};
