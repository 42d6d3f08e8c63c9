/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lang/kept.h"

#include "base/mem.h"
#include "lang/rule_text.h"

#define STATE B("state:")
#define ID B("id:")
#define EVENTS B("events:")

enum { EVENTS_MOST = 100, EVENTS_LIMIT = 10000 };

/* These are of package main whatever the package, and Perl's or the environment's. */
static bool is_perls(struct bytes name)
{
    static const char *const names[] = {"ENV",   "INC",    "ARGV",   "ARGVOUT", "SIG",
                                        "STDIN", "STDOUT", "STDERR", "_"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (bytes_eq(name, bytes_of(names[i])))
            return true;
    return false;
}

/* hits, My::Package::hits */
static bool is_name(struct bytes text)
{
    bool begins = true;
    for (size_t i = 0; i < text.len; i++) {
        if (!begins && bytes_starts(bytes_from(text, i), B("::"))) {
            begins = true;
            i++;
        } else if (!is_word(text.ptr[i]) || (begins && is_digit(text.ptr[i]))) {
            return false;
        } else {
            begins = false;
        }
    }
    return !begins;
}

static bool is_variable(struct bytes word)
{
    return word.len > 1 && bytes_chr(B("%@$"), word.ptr[0], 0) >= 0 && is_name(bytes_from(word, 1));
}

static bool is_kept(const struct rule_file *file, struct bytes name)
{
    for (size_t i = 0; i < file->kept_count; i++)
        if (bytes_eq(file->kept[i], name))
            return true;
    return false;
}

static void keep(const struct diag *diag, struct rule_file *file, struct bytes word)
{
    if (!is_variable(word)) {
        diag_rule(diag, DIAG_STATE_COMMENT, word, B("'"), word,
                  B("' in rem=state is no variable as %hits, @queue or $last: it is not kept"));
    } else if (is_perls(bytes_from(word, 1))) {
        diag_rule(diag, DIAG_STATE_COMMENT, word, B("'"), word,
                  B("' in rem=state is a variable of Perl's own: it is not kept"));
    } else if (!is_kept(file, word)) {
        MEM_GROW(file->kept, file->kept_count, file->kept_room, 8);
        file->kept[file->kept_count++] = word;
    }
}

static void take_names(const struct diag *diag, struct rule_file *file, struct bytes comment)
{
    struct bytes rest = bytes_from(comment, STATE.len), word;
    size_t count = 0;
    for (; bytes_word(&rest, &word); count++)
        keep(diag, file, word);
    if (count == 0)
        diag_rule(diag, DIAG_STATE_COMMENT, comment, B("rem=state names no variable"));
}

static void take_id(const struct diag *diag, struct bytes comment, struct bytes *id)
{
    struct bytes name = bytes_trim(bytes_from(comment, ID.len));
    bool one = name.len > 0;
    for (size_t i = 0; i < name.len; i++)
        one &= !is_space(name.ptr[i]);
    if (!one)
        diag_rule(diag, DIAG_STATE_COMMENT, comment,
                  B("rem=id is followed by one word, the rule's own name: this is none"));
    else if (id->len > 0)
        diag_rule(diag, DIAG_STATE_COMMENT, name, B("rem=id gives the rule a second name '"), name,
                  B("' after '"), *id, B("', which counts"));
    else
        *id = name;
}

static void take_events(const struct diag *diag, struct bytes comment, struct bytes *events)
{
    if (events->ptr)
        diag_rule(diag, DIAG_STATE_COMMENT, comment,
                  B("rem=events is there a second time, the first one counts"));
    else
        *events = bytes_from(comment, EVENTS.len);
}

void kept_take_events(struct parser *parser)
{
    struct rule *rule = parser->rule;
    struct bytes events = parser->kept.events, rest = events, name, number, more;
    int64_t most = EVENTS_MOST;
    if (!events.ptr)
        return;
    if (!rule->type->counts_events) {
        diag_rule(
            &parser->diag, DIAG_STATE_COMMENT, events,
            B("rem=events has an effect only in SingleWithThreshold, SingleWith2Thresholds and "
              "EventGroup rules"));
        return;
    }
    bool named = bytes_word(&rest, &name), limited = named && bytes_word(&rest, &number);
    bool counted = !limited || bytes_uint(number, false, &most);
    if (!named || bytes_word(&rest, &more) || !counted || most < 1 || most > EVENTS_LIMIT) {
        diag_rule(&parser->diag, DIAG_STATE_COMMENT, events,
                  B("rem=events: the name of a context is expected, and perhaps the number of "
                    "events, 1 to "),
                  NUM(EVENTS_LIMIT));
        return;
    }
    rule->events = parse_template(parser, name, passes_shared(rule) | PASS_VARIABLES);
    rule->events_most = (uint32_t)most;
}

void kept_in_no_rule(const struct diag *diag, const struct kept_comments *kept)
{
    if (kept->id.len > 0)
        diag_rule(diag, DIAG_STATE_COMMENT, kept->id, B("rem=id:"), kept->id, B(" is in no rule"));
    if (kept->events.ptr)
        diag_rule(diag, DIAG_STATE_COMMENT, kept->events, B("rem=events is in no rule"));
}

void kept_take(const struct diag *diag, struct rule_file *file, struct bytes comment,
               struct kept_comments *kept)
{
    if (bytes_starts(comment, STATE))
        take_names(diag, file, comment);
    else if (bytes_starts(comment, ID))
        take_id(diag, comment, &kept->id);
    else if (bytes_starts(comment, EVENTS))
        take_events(diag, comment, &kept->events);
}

static struct bytes own_name(const void *entry)
{
    return ((const struct rule *)entry)->own_name;
}

static void check_name(const struct parse_env *env, struct table *names, struct rule *rule,
                       bool is_new)
{
    const struct rule *first = table_find(names, rule->own_name);
    const struct diag diag = {.env = env, .file = rule->file, .line = rule->line};
    if (!first)
        table_insert(names, rule);
    else if (is_new)
        diag_rule(&diag, DIAG_STATE_COMMENT, rule->own_name, B("rem=id:"), rule->own_name,
                  B(" is the name of the rule in "), first->file->name, B(" at line "),
                  NUM(first->line), B(" as well, which has its state"));
}

void kept_check_names(const struct parse_env *env, const struct ruleset *set)
{
    struct table names;
    table_init(&names, own_name);
    for (size_t i = 0; i < set->file_count; i++) {
        const struct rule_file *file = set->files[i];
        for (size_t k = 0; k < file->count; k++)
            if (file->rules[k]->own_name.len > 0)
                check_name(env, &names, file->rules[k], file->loaded == set->loaded);
    }
    table_free(&names);
}
