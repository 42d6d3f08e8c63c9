/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns that know one form of the time at a line's start: the traditional one, or that of ISO
 * 8601, which rsyslog writes by default since Debian 12.  One finding for each file. */
#include "lint/checks.h"
#include "lint/patterns.h"
#include "witness/sample.h"

static const struct bytes traditional = B("Nov 28 00:03:12"),
                          iso = B("2026-11-28T00:03:12.123456+01:00");

struct look {
    struct lint *lint;
    const struct rule *rule; /* the first */
    struct bytes place, line;
    bool is_iso;  /* that is what it knows */
    size_t count; /* of patterns */
};

/* The length of the time that the line begins with; *is_iso: its form; 0: there is none. */
static size_t time_length(struct bytes line, bool *is_iso)
{
    static const char *const forms[] = {"aaa dd dd:dd:dd ", "aaa  d dd:dd:dd ",
                                        "dddd-dd-ddTdd:dd:dd"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        size_t len = strlen(forms[i]), k = 0;
        for (; k < len && k < line.len; k++) {
            char form = forms[i][k], c = line.ptr[k];
            if (form == 'a' ? !is_alpha(c) : form == 'd' ? !is_digit(c) : form != c)
                break;
        }
        *is_iso = i == 2;
        if (k == len) {
            ptrdiff_t end = bytes_chr(line, ' ', *is_iso ? len : len - 1);
            return end < 0 ? 0 : (size_t)end;
        }
    }
    return 0;
}

/* Three words at the start, which may be month, day and time as the second is a number, become
 * these. */
static struct bytes with_time(struct arena *arena, struct bytes line)
{
    struct bytes rest = line, word;
    int64_t day;
    for (int i = 0; i < 3; i++)
        if (!bytes_word(&rest, &word) || (i == 1 && !bytes_uint(word, false, &day)))
            return line;
    size_t end = (size_t)(word.ptr + word.len - line.ptr);
    return arena_cat(arena, traditional, bytes_from(line, end));
}

static void look_at_pattern(struct look *look, const struct rule *rule,
                            const struct lint_pattern *found)
{
    struct arena *arena = &look->lint->arena;
    const struct pattern *pattern = found->pattern;
    struct sample sample;
    bool is_iso;
    if (pattern->type != PATTERN_REGEXP || !pattern->regex || !bytes_starts(found->text, B("^")) ||
        !sample_line(pattern, NULL, arena, &sample))
        return;
    struct bytes line = sample.line;
    size_t len = time_length(line, &is_iso);
    if (len == 0) {
        line = with_time(arena, line);
        len = time_length(line, &is_iso);
        if (len == 0 || !sample_matches(pattern, line))
            return;
    }
    struct bytes words = arena_cat(arena, is_iso ? B("x") : B("x y z"), bytes_from(line, len));
    if (sample_matches(pattern, words))
        return; /* it need not be a time */
    line = arena_cat(arena, is_iso ? traditional : iso, bytes_from(line, len));
    if (sample_matches(pattern, line) || look->count++ > 0)
        return;
    look->rule = rule;
    look->place = found->text;
    look->line = line;
    look->is_iso = is_iso;
}

static void tell(const struct look *look)
{
    struct lint *lint = look->lint;
    struct bytes knows = look->is_iso ? B("2026-11-28T00:03:12...") : B("Nov 28 00:03:12");
    struct lint_finding *finding =
        lint_tell(lint, look->rule, look->place,
                  look->count > 1 ? B("this pattern, the first of ") : B("this pattern"),
                  look->count > 1 ? NUM(look->count) : B(""),
                  look->count > 1 ? B(" such in the file,") : B(""),
                  B(" only matches lines that start with a time like "), knows);
    lint_hint(lint, finding,
              B("this start matches either time and the host: "
                "^(?:\\w{3} [ \\d]\\d )?\\S+ (\\S+)"));
    lint_witness(lint, finding, look->line, B("does not match"));
}

static void look(struct lint *lint, const struct rule_file *file)
{
    struct look look = {.lint = lint};
    for (size_t i = 0; i < file->count; i++) {
        struct bytes text = file->rules[i]->text;
        struct lint_pattern found;
        while (patterns_next(file->rules[i], &text, &found))
            look_at_pattern(&look, file->rules[i], &found);
    }
    if (look.count > 0)
        tell(&look);
}

const struct lint_check check_one_time_form = {
    .name = "one-time-form",
    .level = LINT_NOTE,
    .summary = "Patterns that know only one form of the time at the start of a line",
    .file = look,
};
