/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files: lines to keywords and values, keywords to rules.
 *
 * A rule ends at an empty line, a comment or the end of the file.
 */
#include "lang/reader.h"

#include "base/errors.h"
#include "base/mem.h"
#include "io/read_name.h"
#include "lang/hidden_names.h"
#include "lang/invisible.h"
#include "lang/kept.h"
#include "lang/labels.h"
#include "lang/rule_text.h"

struct reader {
    struct parser parser;
    struct source_reader lines;
    struct rule_text text; /* the rule under way */
    size_t rule_line;      /* where it begins */
    size_t rule_at;        /* the same in the source's text */
    struct labels labels;
    struct rule **rules; /* heap */
    size_t count, room;
    bool sound;
};

static void keep_rule(struct reader *r, struct rule *rule)
{
    MEM_GROW(r->rules, r->count, r->room, 64);
    r->rules[r->count++] = rule;
}

static void drop_codes(struct rule_file *file, size_t count)
{
    while (file->code_count > count)
        perl_release(file->codes[--file->code_count]);
}

/* Builds the rule that has been read, up to `end` of the source; one that is faulty leaves nothing
 * behind. */
static void finish_rule(struct reader *r, size_t end)
{
    struct rule_file *file = r->parser.file;
    if (!r->text.first) {
        kept_in_no_rule(&r->parser.diag, &r->parser.kept);
        return;
    }
    struct arena_mark mark = arena_mark(&file->arena);
    size_t codes = file->code_count;
    struct rule *rule = arena_zalloc(&file->arena, sizeof(*rule));
    rule->file = file;
    rule->id = (int64_t)r->count;
    rule->line = r->rule_line;
    rule->own_name = r->parser.kept.id;
    rule->text = bytes_trim(bytes_slice(file->source.text, r->rule_at, end));
    r->parser.rule = rule;
    perl_reading_line(r->lines.line);
    switch (rule_build(&r->parser, &r->text)) {
    case RULE_SOUND:
        keep_rule(r, rule);
        if (r->parser.env->hidden)
            hidden_names_check(&r->parser.diag, r->parser.env->hidden, &r->text);
        break;
    case RULE_FAULTY:
        r->sound = false;
        rule_dispose(rule);
        drop_codes(file, codes);
        arena_release(&file->arena, mark);
        break;
    case RULE_OPTIONS:
        break;
    }
}

/* end: where the line that ends it begins */
static void end_rule(struct reader *r, size_t end)
{
    finish_rule(r, end);
    rule_text_clear(&r->text);
    r->parser.kept = (struct kept_comments){0};
    r->rule_line = r->lines.line + 1;
    r->parser.diag.line = r->rule_line;
    r->rule_at = r->lines.at;
}

static void take_keyword(struct reader *r, struct bytes name, struct bytes value)
{
    if (bytes_eq(name, B("rem"))) {
        kept_take(&r->parser.diag, r->parser.file, value, &r->parser.kept);
        return;
    }
    if (bytes_eq(name, B("label"))) {
        labels_set(&r->labels, value, (int64_t)r->count);
        return;
    }
    const struct bytes *old = rule_text_set(&r->text, name, value);
    if (!old)
        return;
    const struct diag *diag = &r->parser.diag;
    struct buf place = {0};
    diag_place(diag, DIAG_KEYWORD_TWICE, name, B(""), B("Several '"), name,
               B("' keywords specified, overriding previous value '"), *old, B("' with '"), value,
               B("'"));
    buf_cat(&place, diag->file->name, B(" line "), NUM(r->lines.line), B(": "));
    diag_place(diag, DIAG_RULES_JOINED, name, buf_bytes(&place), B("'"), name,
               B("' again in the rule that begins at line "), NUM(r->rule_line),
               B("; is an empty line missing?"));
    buf_free(&place);
}

/* name, value: as far as the line has them */
static void bad_line(struct reader *r, struct bytes line, struct bytes name, struct bytes value)
{
    struct buf place = {0};
    struct bytes at = name.len > 0 && value.len > 0 ? name : line;
    buf_cat(&place, r->parser.file->name, B(" line "), NUM(r->lines.line), B(" ("), line, B("): "));
    diag_place(&r->parser.diag, DIAG_LINE_FORM, at, buf_bytes(&place),
               B("Line not in keyword=value format or non-alphanumeric keyword"));
    buf_free(&place);
}

static void take_line(struct reader *r, struct bytes line)
{
    struct bytes name = {0}, value = {0};
    invisible_in_line(&r->parser.diag, r->lines.line, line);
    if (line_ends_rule(line)) {
        end_rule(r, (size_t)(line.ptr - r->lines.source->text.ptr));
    } else if (keyword_split(line, &name, &value)) {
        take_keyword(r, name, value);
    } else {
        bad_line(r, line, name, value);
        r->sound = false;
    }
}

/* Hands the rules over to the file. */
static void finish_file(struct reader *r)
{
    struct rule_file *file = r->parser.file;
    struct log *log = r->parser.env->log;
    file->count = r->count;
    file->rules = arena_alloc(&file->arena, r->count * sizeof(struct rule *));
    r->parser.diag.line = 0;
    if (r->count == 0) {
        diag_place(&r->parser.diag, DIAG_NO_RULES, NOWHERE, B(""),
                   B("No valid rules found in configuration file "), file->name);
        return;
    }
    memcpy(file->rules, r->rules, r->count * sizeof(struct rule *));
    labels_resolve(&r->labels, r->parser.env, file);
    log_msg(log, LOG_DETAIL, NUM(r->count), B(" rules loaded from "), file->name);
}

static bool read_source(const struct parse_env *env, struct rule_file *file)
{
    struct reader r = {
        .parser = {.env = env, .file = file, .diag = {.env = env, .file = file, .line = 1}},
        .lines = {.source = &file->source},
        .rule_line = 1,
        .sound = true,
    };
    struct bytes line;
    rule_text_init(&r.text);
    labels_init(&r.labels);
    while (source_next_line(&r.lines, &line))
        take_line(&r, bytes_trim(line));
    end_rule(&r, file->source.end);
    perl_reading_line(0);
    finish_file(&r);
    labels_free(&r.labels);
    rule_text_free(&r.text);
    free(r.rules);
    return r.sound;
}

bool read_rule_file(const struct parse_env *env, struct rule_file *file)
{
    log_msg(env->log, LOG_NOTE, B("Reading configuration from "), file->name);
    struct buf content = {0};
    bool there =
        env->read ? env->read(env->reader, file->name, &content) : read_name(file->name, &content);
    if (!there) {
        const struct diag diag = {.env = env, .file = file};
        diag_place(&diag, DIAG_FILE_UNREADABLE, NOWHERE, B(""), B("Can't open configuration file "),
                   file->name, B(" ("), error_text(errno), B(")"));
        return false;
    }
    source_init(&file->source, &content);
    invisible_in_file(&(struct diag){.env = env, .file = file});
    return read_source(env, file);
}
