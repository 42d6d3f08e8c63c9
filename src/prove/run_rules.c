/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of a test: reports errors in their files with their places, and checks that the rules
 * that the test names exist, as one that does not could never match, and `not rule` would always
 * hold. */
#include "base/json_values.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/slips.h"
#include "base/utf8.h"
#include "engine/engine.h"
#include "lang/diag.h"
#include "prove/running.h"
#include "prove/text.h"

/* -- What is found in rule files -- */

enum { BEFORE_MARK = 60, AFTER_MARK = 30 }; /* letters of a regular expression around its mistake */

static struct bytes window(struct bytes text, size_t mark, size_t mark_end)
{
    size_t from = mark > BEFORE_MARK ? mark - BEFORE_MARK : 0;
    size_t to = text.len - mark_end > AFTER_MARK ? mark_end + AFTER_MARK : text.len;
    while (from < mark && utf8_goes_on(text.ptr[from]))
        from++;
    while (to > mark_end && to < text.len && utf8_goes_on(text.ptr[to]))
        to--;
    return bytes_slice(text, from, to);
}

/* Perl's "WHY in regex; marked by <-- HERE in m/... <-- HERE .../ at secant line 20.", of which the
 * end is cut off where lines are narrow: only what is around the mark.  false: it is none. */
static bool add_regex_error(struct buf *out, struct bytes text)
{
    static const struct bytes by = B("; marked by <-- HERE in m/"), mark = B(" <-- HERE ");
    ptrdiff_t quoted = bytes_find(text, B("': "), 0), at = bytes_find(text, by, 0);
    if (at < 0 || quoted < 0 || quoted > at)
        return false;
    struct bytes regex = bytes_from(text, (size_t)at + by.len);
    ptrdiff_t end = bytes_rfind(regex, B("/ at ")), here = bytes_find(regex, mark, 0);
    regex = bytes_slice(regex, 0, end < 0 ? regex.len : (size_t)end);
    if (here < 0 || (size_t)here + mark.len > regex.len)
        return false;
    buf_cat(out, B("Invalid regular expression: "),
            bytes_slice(text, (size_t)quoted + 3, (size_t)at), B(": "),
            window(regex, (size_t)here, (size_t)here + mark.len));
    return true;
}

/* Where an empty line is missing, all keywords of the second rule come again: one tells it. */
static bool is_told(struct bytes errors, const struct finding *finding)
{
    ptrdiff_t again = bytes_find(finding->text, B("' again "), 0);
    struct bytes tail = again < 0 ? B("") : bytes_from(finding->text, (size_t)again);
    for (struct bytes line; tail.len > 0 && bytes_piece(&errors, '\n', &line);)
        if (bytes_starts(line, finding->file->name) && line.len > tail.len &&
            bytes_eq(bytes_from(line, line.len - tail.len), tail))
            return true;
    return false;
}

/* In case that the rules load in spite of it. */
static void add_note(struct evidence *evidence, const struct finding *finding)
{
    json_t *note = json_object();
    json_put_text(note, "file", finding->file->name);
    json_put_number(note, "line", finding->range.from.line);
    json_put_text(note, "text", finding->text);
    if (!evidence->notes)
        evidence->notes = json_array();
    json_array_append_new(evidence->notes, note);
}

static void add_finding(struct evidence *evidence, const struct finding *finding)
{
    struct buf *errors = &evidence->errors;
    bool advice = finding->code == DIAG_RULES_JOINED;
    if (advice && is_told(buf_bytes(errors), finding))
        return;
    if (advice)
        add_note(evidence, finding);
    if (finding->at.ptr)
        buf_cat(errors, finding->file->name, B(":"), NUM(finding->range.from.line), B(":"),
                NUM(finding->range.from.column), B(": "));
    else
        buf_add(errors, finding->place);
    if (finding->code != DIAG_PATTERN || !add_regex_error(errors, finding->text))
        buf_add(errors, bytes_trim(finding->text));
    buf_char(errors, '\n');
}

/* The log hears it as ever. */
static void hear_finding(void *listener, const struct finding *finding)
{
    struct run *run = listener;
    struct engine *engine = run->player->engine;
    run->placed = true;
    diag_to_log(engine->log, finding);
    run->placed = false;
    if (run->loading && !run->loaded && finding->code != DIAG_KEYWORD_TWICE)
        add_finding(&run->evidence, finding);
}

void run_hear_findings(struct run *run)
{
    struct parse_env *env = &run->player->engine->rules.parse_env;
    env->on_finding = hear_finding;
    env->listener = run;
}

/* -- Rules that the test names -- */

/* FILE:LINE, or FILE alone: line 0. */
struct rule_name {
    struct bytes file;
    int64_t line;
};

/* A text with a blank is a desc. */
static bool read_name(struct bytes text, struct rule_name *name)
{
    ptrdiff_t colon = bytes_rfind(text, B(":"));
    *name = (struct rule_name){.file = text};
    if (colon > 0 && bytes_uint(bytes_from(text, (size_t)colon + 1), false, &name->line))
        name->file = bytes_slice(text, 0, (size_t)colon);
    else
        colon = -1;
    return bytes_chr(text, ' ', 0) < 0 && bytes_chr(text, '\t', 0) < 0 &&
           (colon > 0 || bytes_chr(text, '.', 1) > 0);
}

/* Wherever the file is. */
static bool is_file(struct bytes path, struct bytes name)
{
    size_t more = path.len - name.len;
    return path.len >= name.len && bytes_eq(bytes_from(path, more), name) &&
           (more == 0 || path.ptr[more - 1] == '/');
}

/* What is known of the name, of all files. */
struct search {
    bool found, file; /* a rule is meant; its file is there */
    struct bytes near;
    size_t least;
    int64_t next; /* the first rule after the line; 0: none */
};

static void search_file(const struct rule_file *file, const struct test_text *text,
                        const struct rule_name *name, struct search *search)
{
    struct bytes base = path_name(file->name);
    bool here = is_file(file->name, name->file);
    search->file |= here;
    search->found |= here && name->line == 0;
    for (size_t i = 0; i < file->count; i++) {
        int64_t line = (int64_t)file->rules[i]->line;
        search->found |= (here && line == name->line) || text_fits(text, file->rules[i]->desc_text);
        if (here && line > name->line && search->next == 0)
            search->next = line;
    }
    if (slips_fewer(name->file, file->name, &search->least))
        search->near = file->name;
    if (slips_fewer(name->file, base, &search->least))
        search->near = base;
}

static void complain(struct run *run, const struct test_text *text, const struct rule_name *name,
                     const struct search *search)
{
    struct buf why = {0};
    struct bytes near = search->near;
    buf_cat(&why, text->place.file, B(":"), NUM(text->place.line), B(":"), NUM(text->place.column),
            B(": "));
    if (search->file) {
        buf_cat(&why, B("no rule begins on line "), NUM(name->line), B(" of "), name->file);
        if (search->next > 0)
            buf_cat(&why, B("; the next one begins on line "), NUM(search->next));
    } else {
        buf_cat(&why, B("there are no rules from a file "), name->file);
        if (near.len > 0)
            buf_cat(&why, B("; "), SLIPS_ASK(near));
    }
    run_complain(run, buf_bytes(&why), B(""));
    buf_free(&why);
}

static void check(struct run *run, const struct test_expectation *expect)
{
    const struct test_text *text = &expect->text;
    const struct ruleset *rules = run->player->engine->rules.set;
    struct rule_name name;
    if (text->how == TEST_ANY || text->how == TEST_REGEX || !read_name(text->text, &name))
        return;
    struct search search = {.least = slips_too_many(name.file)};
    for (size_t i = 0; i < rules->file_count; i++)
        search_file(rules->files[i], text, &name, &search);
    /* A word alone may be meant for a desc; if it is expected in vain, the report says what is
     * near. */
    bool line = !bytes_eq(name.file, text->text);
    if (!search.found && (line || (expect->never && search.near.len > 0)))
        complain(run, text, &name, &search);
}

bool run_check_names(struct run *run)
{
    for (size_t i = 0; run->player->engine && i < run->test->step_count; i++) {
        const struct test_step *step = &run->test->steps[i];
        if (step->kind == TEST_STEP_EXPECT && step->expect.subject == TEST_RULE)
            check(run, &step->expect);
    }
    return run->evidence.errors.len == 0;
}
