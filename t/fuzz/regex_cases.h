/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine makes of random patterns and lines, compared with what a
 * Perl program makes of them.
 *
 * Perl answers with `=~`, @-, @+ and %+; the engine with regex_match and the match variables, by
 * whichever of its engines has the pattern.  And a line that matches must pass the prefilter. */
#ifndef SECANT_T_REGEX_CASES_H
#define SECANT_T_REGEX_CASES_H

#include "match/prefilter.h"
#include "match/vars.h"
#include "regex_answers.h"
#include "regex_subjects.h"

/* Lines for each pattern: the first are PCRE2's interpreter's, from the 16th on
 * (match/regex.c) machine code matches. */
#ifndef SUBJECTS
#define SUBJECTS 40
#endif

/* Patterns whose literals are in a prefilter together. */
enum { NEIGHBOURS = 6 };

/* Counts of what was seen. */
struct seen {
    unsigned long patterns, valid, equal;     /* "equal" are those that PCRE2 takes */
    unsigned long warned;                     /* those of which Perl would warn, and now does not */
    unsigned long pairs, matches;             /* of all valid patterns with their lines */
    unsigned long equal_pairs, equal_matches; /* of those that PCRE2 takes */
    unsigned long prefiltered;                /* matches of patterns with required literals */
    unsigned long died;                       /* pairs over which Perl dies, or takes too long */
    unsigned long decoded, decoded_other;     /* pairs with the line as decoded text, too */
};

/* The sub that has Perl's answers, and the literals that the prefilter has besides a pattern's own. */
struct judge {
    struct perl_value *answers;
    struct regex *neighbours[NEIGHBOURS];
    size_t next;
};

static void judge_init(struct judge *judge)
{
    struct buf error = {0};
    *judge = (struct judge){0};
    if (!perl_compile(bytes_of(answers_code), &judge->answers, &error)) {
        fprintf(stderr, "%.*s\n", (int)error.len, error.ptr);
        abort();
    }
    buf_free(&error);
    corpus_read();
}

/* The process that answers ends, and its time is known. */
static void judge_end(const struct judge *judge)
{
    struct buf error = {0};
    bool ended;
    perl_call_true(judge->answers, NULL, 0, &ended, &error);
    buf_free(&error);
}

__attribute__((unused)) static void judge_free(struct judge *judge)
{
    judge_end(judge);
    for (size_t i = 0; i < NEIGHBOURS; i++)
        regex_free(judge->neighbours[i]);
    perl_release(judge->answers);
    corpus_free();
}

/* A pattern with its lines. */
struct question {
    struct bytes pattern;
    struct perl_item items[2 + SUBJECTS]; /* the pattern, is it PCRE2's, and the lines */
    size_t count;                         /* of lines */
    struct regex *regex;
    struct prefilter *prefilter;
    struct hits hits;
    struct arena arena;
};

static void print_quoted(const char *name, struct bytes text)
{
    fprintf(stderr, "%s \"", name);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c >= 0x7f)
            fprintf(stderr, "\\x%02x", c);
        else
            fputc(c, stderr);
    }
    fprintf(stderr, "\"\n");
}

static bool complain(const char *what, struct bytes pattern, struct bytes subject)
{
    fprintf(stderr, "%s\n", what);
    print_quoted("  pattern", pattern);
    print_quoted("  subject", subject);
    return false;
}

static void prefilter_add_regex(struct prefilter *prefilter, const struct regex *regex,
                                uint32_t slot)
{
    size_t count;
    const struct required *required = regex_required(regex, &count);
    for (size_t i = 0; i < count; i++)
        prefilter_add(prefilter, required[i].text, required[i].caseless, slot);
}

/* The pattern's slot is the last one. */
static void make_prefilter(const struct judge *judge, struct question *question)
{
    question->prefilter = prefilter_new();
    hits_init(&question->hits, NEIGHBOURS + 1);
    for (uint32_t i = 0; i < NEIGHBOURS; i++) {
        if (judge->neighbours[i])
            prefilter_add_regex(question->prefilter, judge->neighbours[i], i);
    }
    prefilter_add_regex(question->prefilter, question->regex, NEIGHBOURS);
    prefilter_build(question->prefilter);
}

/* Would the line be tried against the pattern? */
static bool passes(struct question *question, struct bytes line)
{
    size_t count;
    regex_required(question->regex, &count);
    hits_clear(&question->hits);
    prefilter_scan(question->prefilter, line, &question->hits);
    return count == 0 || hits_has(&question->hits, NEIGHBOURS);
}

static int by_text(const void *a, const void *b)
{
    return bytes_cmp(*(const struct bytes *)a, *(const struct bytes *)b);
}

static void add_names(struct buf *out, const struct match_vars *vars, struct arena *arena)
{
    size_t count;
    const struct regex_name *names = regex_names(vars->regex, &count);
    struct bytes *sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = names[i].name;
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t i = 0; i < count; i++) {
        struct value value = vars_name(vars, sorted[i], arena);
        if (value.kind != VALUE_UNSET)
            buf_cat(out, B(" "), sorted[i], B("="), NUM(value.text.len), B(":"), value.text);
    }
}

/* The engine's answer, as Secant::Fuzz::answer puts it. */
static void answer_text(struct question *question, struct bytes line, struct buf *out)
{
    size_t groups = regex_groups(question->regex);
    ptrdiff_t *offsets =
        arena_alloc(&question->arena, 2 * regex_spans(question->regex) * sizeof *offsets);
    buf_clear(out);
    if (!regex_match(question->regex, line, offsets)) {
        buf_add(out, B("no"));
        return;
    }
    for (size_t i = 0; i <= groups; i++)
        buf_printf(out, "%s%td,%td", i ? " " : "", offsets[2 * i], offsets[2 * i + 1]);
    struct match_vars vars = {.kind = VARS_GROUPS,
                              .line = line,
                              .count = groups ? groups : 1,
                              .offsets = groups ? offsets + 2 : NULL,
                              .regex = question->regex};
    for (size_t i = 1; i <= vars.count; i++) {
        struct value value = vars_number(&vars, i, &question->arena);
        if (value.kind == VALUE_UNSET)
            buf_add(out, B(" -"));
        else
            buf_cat(out, B(" "), NUM(value.text.len), B(":"), value.text);
    }
    add_names(out, &vars, &question->arena);
}

static bool compare_answer(struct question *question, struct bytes line,
                           const struct perl_item *perl, struct seen *seen)
{
    struct buf got = {0};
    bool ok = true, equal = regex_uses_pcre2(question->regex);
    if (perl->kind == PERL_UNDEF) {
        seen->died++;
        return true;
    }
    struct bytes want = bytes_slice(perl->text, 1, perl->text.len);
    bool matches = !bytes_eq(want, B("no"));
    answer_text(question, line, &got);
    if (!bytes_eq(buf_bytes(&got), want)) {
        ok = complain(equal ? "PCRE2 and Perl differ" : "Perl's engine and Perl differ",
                      question->pattern, line);
        print_quoted("  Perl  ", want);
        print_quoted("  engine", buf_bytes(&got));
    }
    if (matches && !passes(question, line))
        ok = complain("the prefilter keeps it away", question->pattern, line);
    size_t count;
    regex_required(question->regex, &count);
    seen->decoded += perl->text.ptr[0] != ' ';
    seen->decoded_other += perl->text.ptr[0] == '!';
    seen->pairs++;
    seen->matches += matches;
    seen->equal_pairs += equal;
    seen->equal_matches += equal && matches;
    seen->prefiltered += matches && count > 0;
    buf_free(&got);
    return ok;
}

/* What Perl says of each line; the caller releases the list. */
static bool perl_answers(const struct judge *judge, struct question *question,
                         struct perl_list *answers)
{
    struct buf error = {0};
    bool ok = perl_call(judge->answers, question->items, question->count + 2, PERL_LIST,
                        &question->arena, answers, &error);
    buf_free(&error);
    return ok && answers->count == question->count + 1;
}

static bool compare_answers(struct judge *judge, struct question *question, struct seen *seen)
{
    struct perl_list answers = {0};
    bool ok = perl_answers(judge, question, &answers);
    seen->warned += ok && regex_uses_pcre2(question->regex) && bytes_true(answers.items[0].text);
    for (size_t i = 0; ok && i < question->count; i++)
        ok = compare_answer(question, question->items[i + 2].text, &answers.items[i + 1], seen);
    perl_list_release(&answers);
    return ok;
}

/* Patterns over which Perl's own answers vary: it reads a variable that it has not set. */
static bool perl_is_unsure(struct bytes pattern)
{
    bool behind = bytes_find(pattern, B("(?<"), 0) >= 0 || bytes_find(pattern, B("lb:"), 0) >= 0;
    bool atomic = bytes_find(pattern, B("(?>"), 0) >= 0 ||
                  bytes_find(pattern, B("atomic:"), 0) >= 0 ||
                  bytes_find(pattern, B("++"), 0) >= 0 || bytes_find(pattern, B("*+"), 0) >= 0 ||
                  bytes_find(pattern, B("?+"), 0) >= 0 || bytes_find(pattern, B("}+"), 0) >= 0;
    return behind && atomic;
}

static void make_lines(struct chance *chance, struct question *question)
{
    struct syntax syntax;
    struct buf line = {0};
    syntax_read(question->pattern, &question->arena, &syntax);
    bool equal = regex_uses_pcre2(question->regex);
    if (!equal && perl_is_unsure(question->pattern))
        return;
    bool slow =
        !syntax.understood || !perl_is_safe(syntax.root) || has_nested_loops(syntax.root, false);
    question->items[0] = (struct perl_item){PERL_TEXT, question->pattern, NULL};
    question->items[1] = (struct perl_item){PERL_TEXT, equal ? B("1") : B(""), NULL};
    for (; question->count < SUBJECTS; question->count++) {
        make_subject(chance, &syntax, &line);
        if (slow && line.len > 14)
            line.len = 14;
        question->items[question->count + 2] =
            (struct perl_item){PERL_TEXT, arena_bytes(&question->arena, buf_bytes(&line)), NULL};
    }
    buf_free(&line);
}

/* Has the regex the names that Perl has? */
static bool same_names(const struct regex *regex, const struct perl_regex *perl)
{
    size_t count, perl_count = 0, group_count;
    struct bytes name;
    const int32_t *groups;
    const struct regex_name *names = regex_names(regex, &count);
    for (; perl_regex_name(perl, perl_count, &name, &groups, &group_count); perl_count++) {
        size_t i = 0;
        while (i < count && !bytes_eq(names[i].name, name))
            i++;
        if (i == count || names[i].count != group_count ||
            memcmp(names[i].groups, groups, group_count * sizeof *groups) != 0)
            return false;
    }
    return perl_count == count;
}

static bool compare_facts(const struct regex *regex, const struct perl_regex *perl,
                          struct bytes pattern)
{
    if (perl_regex_groups(perl) != regex_groups(regex))
        return complain("numbers of groups differ", pattern, B(""));
    if (!same_names(regex, perl))
        return complain("names differ", pattern, B(""));
    if (!bytes_eq(perl_regex_text(perl), regex_text(regex)))
        return complain("printed forms differ", pattern, regex_text(regex));
    return true;
}

/* Takes the regex. */
static bool ask(struct chance *chance, struct judge *judge, struct regex *regex,
                struct bytes pattern, struct seen *seen)
{
    struct question question = {.pattern = pattern, .regex = regex};
    arena_init(&question.arena);
    make_lines(chance, &question);
    make_prefilter(judge, &question);
    bool ok = question.count == 0 || compare_answers(judge, &question, seen);
    prefilter_free(question.prefilter);
    hits_free(&question.hits);
    arena_free(&question.arena);
    regex_free(judge->neighbours[judge->next % NEIGHBOURS]);
    judge->neighbours[judge->next++ % NEIGHBOURS] = regex;
    return ok;
}

static bool compare_pattern(struct chance *chance, struct judge *judge, struct bytes pattern,
                            struct seen *seen)
{
    struct regex *regex = NULL;
    struct perl_regex *perl = NULL;
    struct buf error = {0};
    bool ok = true;
    bool valid = perl_regex_compile(pattern, &perl, &error);
    bool taken = regex_compile(pattern, &regex, &error);
    seen->patterns++;
    if (valid != taken) {
        ok = complain(valid ? "only Perl compiles" : "Perl does not compile", pattern, B(""));
    } else if (valid) {
        seen->valid++;
        seen->equal += regex_uses_pcre2(regex);
        ok = compare_facts(regex, perl, pattern) && ask(chance, judge, regex, pattern, seen);
        regex = NULL;
    }
    regex_free(regex);
    perl_regex_free(perl);
    buf_free(&error);
    return ok;
}

static void print_seen(FILE *out, const struct seen *seen)
{
    double valid = seen->valid ? (double)seen->valid : 1,
           pairs = seen->pairs ? (double)seen->pairs : 1;
    fprintf(out,
            "%lu patterns, %lu valid: %.1f%% by PCRE2 (Perl would warn of %lu), %.1f%% by Perl\n"
            "%lu pairs, %lu matches: %.1f%% by PCRE2, %.1f%% by Perl; %lu matches through the "
            "prefilter; Perl has no answer for %lu more\n"
            "%lu pairs with decoded text, too: Perl says something else of %lu\n",
            seen->patterns, seen->valid, 100 * (double)seen->equal / valid, seen->warned,
            100 * (1 - (double)seen->equal / valid), seen->pairs, seen->matches,
            100 * (double)seen->equal_pairs / pairs, 100 * (1 - (double)seen->equal_pairs / pairs),
            seen->prefiltered, seen->died, seen->decoded, seen->decoded_other);
}

#endif
