/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines "key: value", of a file or of a test. */
#include <errno.h>

#include "base/errors.h"
#include "base/mem.h"
#include "clock/zone.h"
#include "io/glob.h"
#include "prove/reading.h"

/* The number of faults tells what was wrong; a handler need not. */
typedef void key_read(struct scan *value, struct cursor *cursor);

/* -- Lists -- */

static bool some(struct scan *value, struct bytes what)
{
    if (peek_word(value).len > 0)
        return true;
    FAULT(value->reader, value->line, value->rest, NO_HINT, what, B(" is missing"));
    return false;
}

/* The first of a test takes the place of what the file says. */
#define RENEW(head, list, own)                                                                     \
    ((head)->in_test && !(own) ? (void)((own) = true, memset((list), 0, sizeof(*(list)))) : (void)0)

/* Characters that mean something in patterns stand for themselves in a folder's name. */
static struct bytes quote_folder(struct arena *arena, struct bytes folder)
{
    struct buf buf = {0};
    for (size_t i = 0; i < folder.len; i++) {
        if (bytes_chr(B("\\\"' \t*?[]{},~"), folder.ptr[i], 0) >= 0)
            buf_char(&buf, '\\');
        buf_char(&buf, folder.ptr[i]);
    }
    struct bytes quoted = arena_bytes(arena, buf_bytes(&buf));
    buf_free(&buf);
    return quoted;
}

/* *why: of the last one that cannot be read. */
static bool names_nothing(struct reader *reader, struct bytes pattern, int *why)
{
    struct file_names list = {0};
    bool nothing = true;
    *why = ENOENT;
    glob_names(pattern, &list);
    /* A name without wildcards stands for itself, whether it is there or not. */
    for (size_t i = 0; i < list.count && nothing; i++) {
        nothing = !can_read(reader, list.names[i]);
        *why = errno;
    }
    file_names_free(&list);
    return nothing;
}

/* A comma at its end comes from other lists. */
static struct bytes comma_hint(struct bytes name)
{
    bool comma = name.len > 1 && bytes_chr(name, ',', 0) > 0;
    return comma ? B("names of rule files are separated by blanks, not by commas") : NO_HINT;
}

static void check_rules(struct scan *value, struct bytes place, struct bytes name,
                        struct bytes pattern)
{
    int why;
    if (!value->reader->look || !names_nothing(value->reader, pattern, &why))
        return;
    if (why == ENOENT)
        FAULT(value->reader, value->line, place, comma_hint(name), B("no such rule file: "), name);
    else
        FAULT(value->reader, value->line, place, NO_HINT, B("cannot read the rule file "), name,
              B(": "), error_text(why));
}

static void read_rules(struct scan *value, struct cursor *cursor)
{
    struct reader *reader = value->reader;
    struct head *head = reader->head;
    const struct source *source = value->line->pieces->source;
    struct bytes name;
    (void)cursor;
    RENEW(head, &head->rules, head->own_rules);
    if (!some(value, B("the name of a rule file")))
        return;
    for (;;) {
        struct bytes place = peek_word(value);
        if (!take_name(value, &name))
            return;
        bool quoted = *place.ptr == '"', absolute = bytes_starts(name, B("/"));
        bool here = bytes_eq(source->folder, B("."));
        struct bytes folder =
            absolute || here
                ? B("")
                : quote_folder(reader->arena, source_name(reader->arena, source, B("")));
        struct bytes quote = quoted ? B("\"") : B("");
        struct bytes pattern = arena_cat(reader->arena, folder, quote, name, quote);
        *LIST_ADD(reader->arena, &head->rules) = pattern;
        check_rules(value, place, name, pattern);
    }
}

static void read_options(struct scan *value, struct cursor *cursor)
{
    struct head *head = value->reader->head;
    struct bytes word;
    (void)cursor;
    RENEW(head, &head->options, head->own_options);
    for (;;) {
        struct bytes place = peek_word(value);
        if (!take_name(value, &word))
            return;
        if (!bytes_starts(word, B("-")))
            FAULT(value->reader, value->line, place, NO_HINT,
                  B("an option begins with --, like --intcontexts"));
        *LIST_ADD(value->reader->arena, &head->options) = word;
    }
}

static void read_tags(struct scan *value, struct cursor *cursor)
{
    struct bytes word, tag;
    (void)cursor;
    if (!some(value, B("a tag")))
        return;
    while (take_word(value, &word))
        while (bytes_piece(&word, ',', &tag))
            if (tag.len > 0)
                *LIST_ADD(value->reader->arena, &value->reader->head->tags) = tag;
}

static void read_input(struct scan *value, struct cursor *cursor)
{
    struct head *head = value->reader->head;
    struct test_input input = {B(""), B("")};
    (void)cursor;
    RENEW(head, &head->inputs, head->own_inputs);
    if (!some(value, B("the input's name")))
        return;
    struct bytes place = peek_word(value);
    if (!take_name(value, &input.name))
        return;
    ptrdiff_t equals = *place.ptr == '"' ? -1 : bytes_chr(input.name, '=', 0);
    if (equals > 0) {
        value->rest = bytes_from(value->line->text,
                                 (size_t)(input.name.ptr + equals - value->line->text.ptr));
        input.name = bytes_slice(input.name, 0, (size_t)equals);
    }
    skip_blanks(value);
    if (value->rest.len > 0 && *value->rest.ptr == '=') {
        value->rest = bytes_from(value->rest, 1);
        if (!some(value, B("the context's name")) || !take_name(value, &input.context))
            return;
    }
    if (expect_end(value, B("an input is NAME or NAME = CONTEXT")))
        *LIST_ADD(value->reader->arena, &head->inputs) = input;
}

/* -- Pairs -- */

/* A later one of the same name counts. */
static void set_pair(struct arena *arena, struct test_pair **items, size_t *count, size_t *room,
                     struct test_pair pair)
{
    for (size_t i = 0; i < *count; i++)
        if (bytes_eq((*items)[i].name, pair.name)) {
            struct test_pair *copy = arena_alloc(arena, *room * sizeof(**items));
            memcpy(copy, *items, *count * sizeof(**items));
            copy[i] = pair;
            *items = copy;
            return;
        }
    if (*count == *room)
        *items = list_grow(arena, *items, *count, room, sizeof(**items));
    (*items)[(*count)++] = pair;
}

#define SET_PAIR(arena, list, pair)                                                                \
    set_pair(arena, &(list)->items, &(list)->count, &(list)->room, pair)

static void read_env(struct scan *value, struct cursor *cursor)
{
    struct bytes all = bytes_trim(value->rest);
    ptrdiff_t equals = bytes_chr(all, '=', 0);
    (void)cursor;
    struct bytes name = bytes_trim(bytes_slice(all, 0, equals < 0 ? 0 : (size_t)equals));
    if (name.len == 0 || bytes_chr(name, ' ', 0) >= 0) {
        FAULT(value->reader, value->line, all, NO_HINT, B("write: env: NAME=VALUE"));
        return;
    }
    struct test_pair pair = {name, bytes_trim(bytes_from(all, (size_t)equals + 1)),
                             place_of(value->line, all)};
    SET_PAIR(value->reader->arena, &value->reader->head->environment, pair);
}

static bool leads_out(struct bytes name)
{
    return bytes_eq(name, B("..")) || bytes_starts(name, B("../")) ||
           bytes_find(name, B("/../"), 0) >= 0 ||
           (name.len > 3 && bytes_eq(bytes_from(name, name.len - 3), B("/..")));
}

static void read_file(struct scan *value, struct cursor *cursor)
{
    struct reader *reader = value->reader;
    struct test_pair pair = {.text = block_text(reader, take_block(cursor, value->line, true))};
    if (!some(value, B("the file's name")))
        return;
    struct bytes place = peek_word(value);
    pair.place = place_of(value->line, place);
    if (!take_name(value, &pair.name) ||
        !expect_end(value, B("the lines of the file go below its name, indented")))
        return;
    if (leads_out(pair.name))
        FAULT(reader, value->line, place, NO_HINT,
              B("a file is in the test's own folder: its name cannot contain '..'"));
    else
        SET_PAIR(reader->arena, &reader->head->files, pair);
}

static void read_perl(struct scan *value, struct cursor *cursor)
{
    struct reader *reader = value->reader;
    struct bytes code = bytes_trim(value->rest);
    struct bytes block = block_text(reader, take_block(cursor, value->line, true));
    if (code.len == 0 && block.len == 0)
        FAULT(reader, value->line, code, NO_HINT, B("the code is missing"));
    else
        *LIST_ADD(reader->arena, &reader->head->perl) =
            code.len == 0 ? block : arena_cat(reader->arena, code, B("\n"), block);
}

static void read_define(struct scan *value, struct cursor *cursor)
{
    struct reader *reader = value->reader;
    struct scan key = {reader, value->line, value->line->text};
    struct bytes word, subject = peek_word(value);
    enum test_subject which;
    (void)cursor;
    take_this(&key, B("define"));
    key.rest = bytes_slice(key.rest, 0, (size_t)(value->rest.ptr - key.rest.ptr));
    take_word(&key, &word);
    if (word.len > 0 && word.ptr[word.len - 1] == ':')
        word.len--;
    if (word.len == 0 || is_subject(word, &which) || is_step_word(word)) {
        FAULT(reader, value->line, word, B("write: define WORD: SUBJECT NAME"),
              word.len ? B("the word already has a meaning") : B("the word is missing"));
        return;
    }
    if (!is_subject(subject, &which)) {
        FAULT(reader, value->line, subject, subject_hint(reader, subject),
              B("a word stands for a subject and what follows it"));
        return;
    }
    struct define *define = LIST_ADD(reader->arena, &reader->head->defines);
    struct line *line = arena_alloc(reader->arena, sizeof(*line));
    *line = *value->line;
    *define = (struct define){word, bytes_trim(value->rest), line};
}

/* -- Single values -- */

static void set_setting(struct scan *value, struct setting *setting)
{
    const struct source *source = value->line->pieces->source;
    struct head *head = value->reader->head;
    struct bytes text = bytes_trim(value->rest);
    struct test_place place = place_of(value->line, text);
    if (setting->source == source && setting->in_test == head->in_test) {
        FAULT(value->reader, value->line, text, NO_HINT, B("this was already set on line "),
              NUM(setting->place.line));
        return;
    }
    /* A file comes before what it includes. */
    bool weaker = setting->source && setting->source == source->included_by && !head->in_test;
    if (!weaker)
        *setting = (struct setting){text, place, source, head->in_test};
}

static void read_start(struct scan *value, struct cursor *cursor)
{
    struct setting *setting = &value->reader->head->start;
    struct bytes before = setting->text;
    int64_t second;
    (void)cursor;
    set_setting(value, setting);
    if (take_start(value, &second) && setting->text.ptr != before.ptr)
        value->reader->head->start_second = second;
}

static void read_zone(struct scan *value, struct cursor *cursor)
{
    (void)cursor;
    if (some(value, B("the zone's name")))
        set_setting(value, &value->reader->head->zone);
}

/* Quotes around all of it are none of the header, as around names. */
static void read_header(struct scan *value, struct cursor *cursor)
{
    struct bytes text = bytes_trim(value->rest);
    (void)cursor;
    if (text.len > 1 && *text.ptr == '"' && bytes_chr(text, '"', 1) == (ptrdiff_t)text.len - 1)
        value->rest = bytes_slice(text, 1, text.len - 1);
    set_setting(value, &value->reader->head->header);
}

static const struct zone *find_zone(struct reader *reader, struct bytes name)
{
    struct buf why = {0};
    bool whole = bytes_chr(name, '\0', 0) < 0;
    const struct zone *zone = whole ? zone_known(arena_bytes(reader->arena, name).ptr, &why) : NULL;
    buf_free(&why);
    return zone;
}

void head_settle(struct reader *reader)
{
    struct head *head = reader->head;
    struct bytes name = head->zone.source ? head->zone.text : B("UTC");
    if (!head->start.source)
        head->start_second = 86400 * days_of_date(2024, 1, 1);
    head->clock = find_zone(reader, name);
    if (!head->clock) {
        FAULT_AT(reader, head->zone.place, B("a zone is written like Europe/Berlin, UTC or +01:00"),
                 B("no such zone: "), name);
        head->clock = find_zone(reader, B("UTC"));
    }
    if (head->start.source && zone_second(head->clock, head->start_second).times == ZONE_SKIPPED)
        FAULT_AT(reader, head->start.place, NO_HINT, B("this time does not exist in "), name,
                 B(": clocks go forward then"));
}

/* -- Keys -- */

static const struct {
    struct bytes key;
    key_read *read; /* NULL: of the file's reader */
    bool in_test, in_file, block;
    bool text; /* its block is no steps */
} keys[] = {
    {B("rules"), read_rules, true, true, false, false},
    {B("options"), read_options, true, true, false, false},
    {B("start"), read_start, true, true, false, false},
    {B("zone"), read_zone, true, true, false, false},
    {B("header"), read_header, true, true, false, false},
    {B("input"), read_input, true, true, false, false},
    {B("env"), read_env, true, true, false, false},
    {B("perl"), read_perl, true, true, true, true},
    {B("file"), read_file, true, true, true, true},
    {B("define"), read_define, true, true, false, false},
    {B("tags"), read_tags, true, true, false, false},
    {B("include"), NULL, false, true, false, false},
    {B("given"), NULL, false, true, true, false},
    {B("test"), NULL, false, true, false, false},
    {B("rows"), NULL, true, false, true, false},
    {B("snapshot"), NULL, false, false, true, true},
};

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static bool is_key_letter(char c)
{
    return is_word(c) || c == '-';
}

bool split_key(const struct line *line, struct bytes *key, struct bytes *value)
{
    struct bytes text = line->text;
    size_t end = 0;
    while (end < text.len && is_key_letter(text.ptr[end]))
        end++;
    size_t colon = end;
    if (bytes_eq(bytes_slice(text, 0, end), B("define"))) {
        ptrdiff_t at = bytes_chr(text, ':', end);
        colon = at < 0 ? end : (size_t)at;
    }
    while (colon < text.len && is_blank(text.ptr[colon]))
        colon++;
    *key = *value = B("");
    if (end == 0 || is_digit(*text.ptr) || colon == text.len || text.ptr[colon] != ':')
        return false;
    *key = bytes_slice(text, 0, end);
    *value = bytes_from(text, colon + 1);
    return true;
}

bool is_file_key(struct bytes key)
{
    for (size_t i = 0; i < KEYS; i++)
        if (bytes_eq(keys[i].key, key))
            return keys[i].in_file;
    return false;
}

bool key_has_block(struct bytes key, bool *text)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (!bytes_eq(keys[i].key, key))
            continue;
        *text = keys[i].text;
        return keys[i].block;
    }
    return false;
}

static struct bytes key_hint(struct reader *reader, struct bytes key)
{
    static const struct foreign foreign[] = {
        {B("conf"), B("rule files are named by 'rules:'")},
        {B("name"), B("did you mean 'test:'?")},
        {B("timezone"), B("did you mean 'zone:'?")},
        {B("tz"), B("did you mean 'zone:'?")},
    };
    struct bytes hint = hint_for_foreign(key, foreign, sizeof(foreign) / sizeof(*foreign));
    if (hint.len > 0)
        return hint;
    struct bytes known[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        known[i] = keys[i].key;
    hint = did_you_mean(reader, key, known, KEYS);
    return hint.len > 0 ? hint : step_hint(reader, key);
}

static void read_key(struct scan *value, struct cursor *cursor, size_t i, struct bytes key)
{
    struct reader *reader = value->reader;
    struct head *head = reader->head;
    bool late = head->begun && keys[i].read != read_define;
    if (late || !keys[i].read || !(head->in_test ? keys[i].in_test : keys[i].in_file)) {
        FAULT(reader, value->line, key,
              is_step_word(key) ? B("a step has no colon after its first word") : NO_HINT, B("'"),
              key,
              late && keys[i].in_test ? B(":' must come before the first step of the test")
              : head->in_test         ? B(":' must come before the first test")
                                      : B(":' belongs in a test"));
        take_block(cursor, value->line, true);
        return;
    }
    keys[i].read(value, cursor);
}

void head_read(struct reader *reader, struct cursor *cursor, const struct line *line)
{
    struct bytes key, text;
    bool is_key = split_key(line, &key, &text);
    assert(is_key);
    (void)is_key;
    struct scan value = {reader, line, text};
    skip_blanks(&value);
    for (size_t i = 0; i < KEYS; i++)
        if (bytes_eq(keys[i].key, key)) {
            read_key(&value, cursor, i, key);
            return;
        }
    FAULT(reader, line, key, key_hint(reader, key), B("'"), key, B(":' is not a key"));
    take_block(cursor, line, true);
}
