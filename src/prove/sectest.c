/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a test file: its head, its `given`, its tests. */
#include "prove/sectest.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/path.h"
#include "prove/reading.h"

/* -- A test -- */

/* From after its first line to before the next test. */
struct extent {
    struct cursor body;
    struct cursor rows; /* the block of its table */
    struct line rows_line;
    bool has_rows;
};

static struct extent find_extent(struct reader *reader, struct cursor *cursor)
{
    struct extent extent = {.body = *cursor};
    struct bytes key, value;
    bool text;
    for (struct line line; next_line(reader, cursor, &line);) {
        split_key(&line, &key, &value);
        if (bytes_eq(key, B("test"))) {
            cursor->at = line.pieces->line;
            break;
        }
        if (bytes_eq(key, B("rows"))) {
            if (extent.has_rows)
                FAULT(reader, &line, key, NO_HINT, B("a test can have only one table"));
            extent.has_rows = true;
            extent.rows_line = line;
            extent.rows = take_block(cursor, &line, false);
        } else if (key_has_block(key, &text)) {
            take_block(cursor, &line, text);
        }
    }
    extent.body.end = cursor->at;
    return extent;
}

/* A line of the head that is not indented after lines that are was not meant for the test. */
static bool is_outside(const struct line *test, const struct line *line, struct bytes key)
{
    return line->indent <= test->indent && is_file_key(key);
}

static void read_body(struct reader *reader, struct cursor body, const struct line *test)
{
    struct bytes key, value;
    bool indented = false;
    for (struct line line; next_line(reader, &body, &line);) {
        bool is_key = split_key(&line, &key, &value);
        if (!is_key || bytes_eq(key, B("snapshot")))
            step_read(reader, &body, &line);
        else if (bytes_eq(key, B("rows")))
            take_block(&body, &line, false);
        else if (indented && is_outside(test, &line, key)) {
            FAULT(reader, &line, key, B("indent it if it is for the test above"),
                  B("what is for all tests must come before the first one"));
            take_block(&body, &line, true);
        } else
            head_read(reader, &body, &line);
        indented |= line.indent > test->indent;
    }
}

static void *copy(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *all = arena_alloc(arena, count * size);
    if (count > 0)
        memcpy(all, items, count * size);
    return all;
}

#define COPY(arena, list) copy(arena, (list)->items, (list)->count, sizeof(*(list)->items))

/* The test's own lists begin with the file's: what is added to them goes elsewhere. */
static struct head head_for_test(const struct head *of_file)
{
    struct head head = *of_file;
    head.in_test = true;
    head.rules.room = head.rules.count;
    head.options.room = head.options.count;
    head.tags.room = head.tags.count;
    head.perl.room = head.perl.count;
    head.inputs.room = head.inputs.count;
    head.files.room = head.files.count;
    head.environment.room = head.environment.count;
    head.defines.room = head.defines.count;
    return head;
}

static void fill_test(struct test *test, const struct head *head)
{
    static struct test_input only[] = {{{"-", 1}, {"", 0}}};
    test->tags = head->tags.items;
    test->tag_count = head->tags.count;
    test->rules = head->rules.items;
    test->rule_count = head->rules.count;
    test->options = head->options.items;
    test->option_count = head->options.count;
    test->start = head->start_second;
    test->zone = head->zone.source ? head->zone.text : B("UTC");
    test->clock = head->clock;
    test->header = head->header.source ? head->header.text : B("");
    test->inputs = head->inputs.count > 0 ? head->inputs.items : only;
    test->input_count = head->inputs.count > 0 ? head->inputs.count : 1;
    test->files = head->files.items;
    test->file_count = head->files.count;
    test->environment = head->environment.items;
    test->environment_count = head->environment.count;
    test->perl = head->perl.items;
    test->perl_count = head->perl.count;
}

/* Told of the first test alone. */
static void check_rules(struct reader *reader, const struct test *test, const struct line *line,
                        struct bytes key)
{
    if (test->rule_count > 0)
        return;
    if (reader->ruleless)
        reader->faults++;
    else
        FAULT(reader, line, key, B("'rules: FILE' names them"), B("there are no rules to test"));
    reader->ruleless = true;
}

/* line: "test: NAME", whose cells are filled in. */
static void read_one(struct reader *reader, uint32_t first, struct cursor body, size_t row)
{
    struct head head = head_for_test(&reader->of_file);
    struct cursor cursor = {body.source, first, body.at, body.row};
    struct line line;
    struct bytes key, name;
    size_t before = reader->faults;
    if (!next_line(reader, &cursor, &line) || !split_key(&line, &key, &name))
        return;
    reader->head = &head;
    reader->steps = &reader->scratch;
    reader->scratch.count = 0;
    for (size_t i = 0; i < reader->given.count; i++)
        *LIST_ADD(reader->arena, &reader->scratch) = reader->given.items[i];
    read_body(reader, body, &line);
    head_settle(reader);
    struct test *test = LIST_ADD(reader->arena, &reader->tests);
    *test = (struct test){.name = bytes_trim(name), .place = place_of(&line, key), .row = row};
    fill_test(test, &head);
    test->steps = COPY(reader->arena, &reader->scratch);
    test->step_count = reader->scratch.count;
    schedule_check(reader, test, reader->faults == before);
    check_rules(reader, test, &line, key);
    test->sound = reader->faults == before;
    reader->head = &reader->of_file;
}

static void read_rows(struct reader *reader, uint32_t first, struct extent *extent)
{
    struct rows rows;
    if (!rows_read(reader, extent->rows, &extent->rows_line, &rows))
        return;
    for (size_t i = 0; i < rows.cells.count; i++) {
        struct row row = {rows.names, rows.cells.items[i], rows.used, rows.columns};
        struct cursor body = extent->body;
        body.row = &row;
        read_one(reader, first, body, i + 1);
    }
    size_t before = reader->faults;
    struct cursor whole = extent->body;
    whole.at = first;
    rows_check(reader, &rows, whole);
    if (reader->faults > before)
        for (size_t i = 0; i < rows.cells.count; i++)
            reader->tests.items[reader->tests.count - 1 - i].sound = false;
}

struct named {
    struct bytes name;
    uint32_t line;
};

static struct bytes name_of(const void *entry)
{
    return ((const struct named *)entry)->name;
}

static void check_name(struct reader *reader, const struct line *line, struct bytes value)
{
    struct bytes name = bytes_trim(value);
    if (name.len == 0) {
        FAULT(reader, line, line->text, B("write: test: what the rules do"),
              B("the test has no name"));
        return;
    }
    const struct named *known = table_find(&reader->names, name);
    if (known) {
        FAULT(reader, line, name, NO_HINT, B("a test of this name is already on line "),
              NUM(known->line));
        return;
    }
    struct named *named = arena_alloc(reader->arena, sizeof(*named));
    *named = (struct named){name, line->pieces->line + 1};
    table_insert(&reader->names, named);
}

static void read_test(struct reader *reader, struct cursor *cursor, const struct line *line,
                      struct bytes value)
{
    size_t before = reader->faults, count = reader->tests.count;
    check_name(reader, line, value);
    struct extent extent = find_extent(reader, cursor);
    bool wrong = reader->faults > before;
    if (extent.has_rows)
        read_rows(reader, line->pieces->line, &extent);
    else
        read_one(reader, line->pieces->line, extent.body, 0);
    for (; count < reader->tests.count; count++)
        reader->tests.items[count].sound &= !wrong;
}

/* -- The file -- */

static void read_source(struct reader *reader, const struct source *source);

/* By another name, too: nobody includes so many one inside the other. */
static bool includes_itself(const struct source *source, struct bytes path)
{
    size_t depth = 0;
    for (; source; source = source->included_by)
        if (bytes_eq(source->path, path) || ++depth > 16)
            return true;
    return false;
}

static void read_include(struct reader *reader, const struct line *line, struct bytes value)
{
    const struct source *source = line->pieces->source;
    struct scan scan = {reader, line, value};
    struct bytes place = peek_word(&scan), name, text;
    int why;
    if (!take_name(&scan, &name)) {
        if (place.len == 0)
            FAULT(reader, line, place, NO_HINT, B("the file's name is missing"));
        return;
    }
    if (!expect_end(&scan, B("each file has an include: of its own")))
        return;
    struct bytes path = arena_bytes(reader->arena, source_name(reader->arena, source, name));
    if (includes_itself(source, path))
        FAULT(reader, line, place, NO_HINT, B("this file includes itself"));
    else if (!source_text(reader->arena, path, &text, &why))
        FAULT(reader, line, place, NO_HINT, path, B(": "), error_text(why));
    else
        read_source(reader, source_new(reader, path, text, source));
}

/* What the head says holds for `given`, too, wherever it is. */
static void read_givens(struct reader *reader)
{
    reader->steps = &reader->given;
    for (size_t i = 0; i < reader->givens.count; i++) {
        struct cursor block = reader->givens.items[i];
        for (struct line line; next_line(reader, &block, &line);)
            step_read(reader, &block, &line);
    }
    for (size_t i = 0; i < reader->given.count; i++)
        reader->given.items[i].given = true;
    reader->of_file.begun = false;
}

static void read_outside(struct reader *reader, struct cursor *cursor, const struct line *line)
{
    struct scan scan = {reader, line, line->text};
    struct bytes word = peek_word(&scan);
    struct test_time time;
    bool step = is_step_word(word) || take_time(&scan, &time) == TAKEN;
    FAULT(reader, line, word,
          step ? B("'test: NAME' begins a test, 'given:' what comes before each of them")
               : step_hint(reader, word),
          step ? B("a step must be in a test") : B("a line of the head has the form KEY: VALUE"));
    take_block(cursor, line, true);
}

static void read_line(struct reader *reader, struct cursor *cursor, const struct line *line)
{
    struct bytes key, value;
    bool is_key = split_key(line, &key, &value);
    if (!is_key) {
        read_outside(reader, cursor, line);
    } else if (bytes_eq(key, B("include"))) {
        read_include(reader, line, value);
    } else if (bytes_eq(key, B("given"))) {
        struct scan scan = {reader, line, value};
        *LIST_ADD(reader->arena, &reader->givens) = take_block(cursor, line, false);
        expect_end(&scan, B("steps go below 'given:', indented"));
    } else {
        head_read(reader, cursor, line);
    }
}

static void read_source(struct reader *reader, const struct source *source)
{
    struct cursor cursor = {.source = source, .end = source->count};
    bool head = true;
    struct bytes key, value;
    for (struct line line; next_line(reader, &cursor, &line);) {
        split_key(&line, &key, &value);
        bool test = bytes_eq(key, B("test"));
        if (test && source->included_by)
            return;
        if (test && head) {
            read_givens(reader);
            reader->head_wrong = reader->faults > 0;
            head = false;
        }
        if (test)
            read_test(reader, &cursor, &line, value);
        else
            read_line(reader, &cursor, &line);
    }
    if (head && !source->included_by)
        read_givens(reader);
}

/* Its first line is "type=Single" or the like, which no test file has; *key: its first word. */
static bool is_rule_file(struct reader *reader, const struct source *source, struct line *line,
                         struct bytes *key)
{
    struct cursor cursor = {.source = source, .end = source->count};
    ptrdiff_t equals = next_line(reader, &cursor, line) ? bytes_chr(line->text, '=', 0) : -1;
    *key = equals < 0 ? B("") : bytes_trim(bytes_slice(line->text, 0, (size_t)equals));
    return bytes_eq(*key, B("type")) || bytes_eq(*key, B("ptype")) || bytes_eq(*key, B("desc")) ||
           bytes_eq(*key, B("rem"));
}

/* Those of x.sec are in x.sectest, as a rule. */
static void refuse_rules(struct reader *reader, const struct line *line, struct bytes key)
{
    struct arena *arena = reader->arena;
    struct bytes path = line->pieces->source->path;
    struct bytes name = path_name(path);
    ptrdiff_t dot = bytes_rfind(name, B("."));
    size_t suffix = dot > 0 ? name.len - (size_t)dot : 0;
    struct bytes tests = arena_cat(arena, bytes_slice(path, 0, path.len - suffix), B(".sectest"));
    bool there = reader->look && can_read(reader, tests);
    struct bytes hint = there ? arena_cat(arena, B("run: secant test "), tests)
                              : arena_cat(arena, B("write "), tests, B(" with 'rules: "), name,
                                          B("' and tests; man secant-test"));
    FAULT(reader, line, key, hint, path, B(" is a rule file; tests are in NAME.sectest"));
}

/* A log, say: its first line is neither KEY: VALUE nor a step, and nothing below is a test. */
static bool is_no_test_file(struct reader *reader, const struct source *source, struct line *line)
{
    struct cursor cursor = {.source = source, .end = source->count};
    struct bytes key, value;
    if (!next_line(reader, &cursor, line) || split_key(line, &key, &value))
        return false;
    struct scan scan = {reader, line, line->text};
    if (bytes_starts(line->text, B("+")) || is_step_word(peek_word(&scan)))
        return false;
    for (struct line below; next_line(reader, &cursor, &below);)
        if (split_key(&below, &key, &value) && bytes_eq(key, B("test")))
            return false;
    return true;
}

static void read_whole(struct reader *reader, struct bytes path, struct bytes text)
{
    struct test_file *file = reader->file;
    struct source *source = source_new(reader, path, text, NULL);
    file->folder = source->folder;
    file->line_count = source->count;
    struct line line;
    struct bytes key;
    if (is_rule_file(reader, source, &line, &key)) {
        refuse_rules(reader, &line, key);
    } else if (is_no_test_file(reader, source, &line)) {
        FAULT(reader, &line, line.text, B("tests are in NAME.sectest; man secant-test"), path,
              B(" is not a test file: this is neither 'KEY: VALUE' nor 'test: NAME'"));
    } else {
        table_init(&reader->names, name_of);
        read_source(reader, source);
        table_free(&reader->names);
    }
    faults_end(reader);
    file->source_count = reader->sources.count;
    file->sources = arena_alloc(reader->arena, file->source_count * sizeof(*file->sources));
    for (size_t i = 0; i < file->source_count; i++)
        file->sources[i] = reader->sources.items[i]->path;
    file->tests = reader->tests.items;
    file->count = reader->tests.count;
    for (size_t i = 0; i < file->count; i++)
        file->tests[i].sound &= !reader->head_wrong;
}

static struct reader reader_for(struct bytes path, test_complain *complain, void *arg)
{
    struct test_file *file = mem_zalloc(sizeof(*file));
    struct arena *arena = mem_zalloc(sizeof(*arena));
    arena_init(arena);
    file->arena = arena;
    file->path = arena_bytes(arena, path);
    file->folder = B(".");
    return (struct reader){.file = file, .arena = arena, .complain = complain, .arg = arg};
}

struct test_file *test_file_read(struct bytes path, test_complain *complain, void *arg)
{
    struct reader reader = reader_for(path, complain, arg);
    struct bytes text;
    int why;
    reader.look = true;
    reader.head = &reader.of_file;
    if (source_text(reader.arena, path, &text, &why)) {
        read_whole(&reader, reader.file->path, text);
    } else {
        struct test_place place = {reader.file->path, 1, 1, 0};
        FAULT_AT(&reader, place, NO_HINT, B("cannot read the file: "), error_text(why));
    }
    return reader.file;
}

struct test_file *test_file_parse(struct bytes path, struct bytes text, test_complain *complain,
                                  void *arg)
{
    struct reader reader = reader_for(path, complain, arg);
    reader.head = &reader.of_file;
    read_whole(&reader, reader.file->path, arena_bytes(reader.arena, text));
    return reader.file;
}

void test_file_free(struct test_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->regex_count; i++)
        pcre2_code_free(file->regexes[i]);
    free(file->regexes);
    arena_free(file->arena);
    free(file->arena);
    free(file);
}
