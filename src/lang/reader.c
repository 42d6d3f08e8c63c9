/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files: lines to keywords and values, keywords to rules.
 *
 * A rule ends at an empty line, a comment or the end of the file.  A backslash at a line's end
 * joins the next line to it, comments included; a line that is still to be continued when the file
 * ends is dropped.
 */
#include "lang/reader.h"

#include "base/errors.h"
#include "base/mem.h"
#include "io/read_name.h"
#include "lang/hidden_names.h"
#include "lang/invisible.h"
#include "lang/labels.h"
#include "lang/rule_text.h"

struct reader {
    struct parser parser;
    struct bytes rest;     /* what is not read yet */
    size_t line;           /* number of the last line read */
    struct buf joined;     /* a continued line */
    struct rule_text text; /* the rule under way */
    size_t rule_line;      /* where it begins */
    struct labels labels;
    struct rule **rules; /* heap */
    size_t count, room;
    bool sound;
};

/* The next line without its newline; false at the end. */
static bool next_physical_line(struct reader *r, struct bytes *line)
{
    if (r->rest.len == 0)
        return false;
    ptrdiff_t end = bytes_chr(r->rest, '\n', 0);
    size_t len = end < 0 ? r->rest.len : (size_t)end;
    *line = bytes_slice(r->rest, 0, len);
    r->rest = bytes_from(r->rest, end < 0 ? len : len + 1);
    r->line++;
    return true;
}

static bool is_continued(struct bytes line)
{
    return line.len > 0 && line.ptr[line.len - 1] == '\\';
}

/* Joins the lines that continue `line`, which has lost its backslash. */
static bool join_lines(struct reader *r, struct bytes *line)
{
    struct bytes more;
    buf_clear(&r->joined);
    buf_add(&r->joined, *line);
    while (next_physical_line(r, &more)) {
        buf_add(&r->joined, more);
        while (r->joined.len > 0 && is_space(r->joined.ptr[r->joined.len - 1]))
            r->joined.len--;
        if (!is_continued(buf_bytes(&r->joined))) {
            *line = arena_bytes(&r->text.arena, bytes_trim(buf_bytes(&r->joined)));
            return true;
        }
        r->joined.len--;
    }
    return false;
}

/* The next line, joined, without white space at both ends; false at the end. */
static bool next_line(struct reader *r, struct bytes *line)
{
    if (!next_physical_line(r, line))
        return false;
    *line = bytes_trim(*line);
    if (!is_continued(*line))
        return true;
    *line = bytes_slice(*line, 0, line->len - 1);
    return join_lines(r, line);
}

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

/* Builds the rule that has been read; one that is faulty leaves nothing behind. */
static void finish_rule(struct reader *r)
{
    struct rule_file *file = r->parser.file;
    if (!r->text.first)
        return;
    struct arena_mark mark = arena_mark(&file->arena);
    size_t codes = file->code_count;
    struct rule *rule = arena_zalloc(&file->arena, sizeof(*rule));
    rule->file = file;
    rule->id = (int64_t)r->count;
    rule->line = r->rule_line;
    r->parser.rule = rule;
    r->parser.diag.line = r->rule_line;
    perl_reading_line(r->line);
    switch (rule_build(&r->parser, &r->text)) {
    case RULE_SOUND:
        keep_rule(r, rule);
        if (r->parser.lang->hidden)
            hidden_names_check(&r->parser.diag, r->parser.lang->hidden, &r->text);
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

static void end_rule(struct reader *r)
{
    finish_rule(r);
    rule_text_clear(&r->text);
    r->rule_line = r->line + 1;
}

static bool is_alnum(char c)
{
    return is_alpha(c) || is_digit(c);
}

/* "keyword = value" */
static bool split_line(struct bytes line, struct bytes *name, struct bytes *value)
{
    ptrdiff_t equals = bytes_chr(line, '=', 0);
    if (equals < 0)
        return false;
    *name = bytes_trim(bytes_slice(line, 0, (size_t)equals));
    *value = bytes_trim(bytes_from(line, (size_t)equals + 1));
    for (size_t i = 0; i < name->len; i++)
        if (!is_alnum(name->ptr[i]))
            return false;
    return name->len > 0 && value->len > 0;
}

static void take_keyword(struct reader *r, struct bytes name, struct bytes value)
{
    if (bytes_eq(name, B("rem")))
        return;
    if (bytes_eq(name, B("label"))) {
        labels_set(&r->labels, value, (int64_t)r->count);
        return;
    }
    const struct bytes *old = rule_text_set(&r->text, name, value);
    if (!old)
        return;
    log_msg(r->parser.lang->log, LOG_WARN, B("Several '"), name,
            B("' keywords specified, overriding previous value '"), *old, B("' with '"), value,
            B("'"));
    log_advise(r->parser.lang->log, r->parser.file->name, B(" line "), NUM(r->line), B(": '"), name,
               B("' again in the rule that begins at line "), NUM(r->rule_line),
               B("; is there an empty line missing?"));
}

static void take_line(struct reader *r, struct bytes line)
{
    struct bytes name, value;
    invisible_in_line(r->parser.lang->log, r->parser.file->name, r->line, line);
    if (line.len == 0 || line.ptr[0] == '#') {
        end_rule(r);
    } else if (split_line(line, &name, &value)) {
        take_keyword(r, name, value);
    } else {
        log_msg(r->parser.lang->log, LOG_ERROR, r->parser.file->name, B(" line "), NUM(r->line),
                B(" ("), line,
                B("): Line not in keyword=value format or non-alphanumeric keyword"));
        r->sound = false;
    }
}

/* Hands the rules over to the file. */
static void finish_file(struct reader *r)
{
    struct rule_file *file = r->parser.file;
    struct log *log = r->parser.lang->log;
    file->count = r->count;
    file->rules = arena_alloc(&file->arena, r->count * sizeof(struct rule *));
    if (r->count == 0) {
        log_msg(log, LOG_WARN, B("No valid rules found in configuration file "), file->name);
        return;
    }
    memcpy(file->rules, r->rules, r->count * sizeof(struct rule *));
    labels_resolve(&r->labels, log, file);
    log_msg(log, LOG_DETAIL, NUM(r->count), B(" rules loaded from "), file->name);
}

static bool read_content(const struct lang *lang, struct rule_file *file, struct bytes content)
{
    struct reader r = {
        .parser = {.lang = lang, .file = file, .diag = {.log = lang->log, .file = file->name}},
        .rest = content,
        .rule_line = 1,
        .sound = true,
    };
    struct bytes line;
    rule_text_init(&r.text);
    labels_init(&r.labels);
    while (next_line(&r, &line))
        take_line(&r, line);
    end_rule(&r);
    perl_reading_line(0);
    finish_file(&r);
    labels_free(&r.labels);
    rule_text_free(&r.text);
    buf_free(&r.joined);
    free(r.rules);
    return r.sound;
}

bool read_rule_file(const struct lang *lang, struct rule_file *file)
{
    log_msg(lang->log, LOG_NOTE, B("Reading configuration from "), file->name);
    struct buf content = {0};
    if (!read_name(file->name, &content)) {
        log_msg(lang->log, LOG_ERROR, B("Can't open configuration file "), file->name, B(" ("),
                error_text(errno), B(")"));
        return false;
    }
    invisible_in_file(lang->log, file->name, buf_bytes(&content));
    bool sound = read_content(lang, file, buf_bytes(&content));
    buf_free(&content);
    return sound;
}
