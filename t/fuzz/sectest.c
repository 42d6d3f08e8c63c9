/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test files: an input is one.
 *
 * Errors are in the file and in their line; what is read can be read to its last byte, and keeps the
 * promises of its header; with the line ends of other systems it is the same. */
#include "clock/zone.h"
#include "fuzz.h"
#include "prove/sectest.h"

static struct zone *zones[3];
static const char *const zone_names[] = {"UTC", "CET-1CEST,M3.5.0,M10.5.0/3", "+01:00"};

/* Zones are kept for good and take milliseconds: here there are three. */
const struct zone *__wrap_zone_known(const char *name, struct buf *why);
const struct zone *__wrap_zone_known(const char *name, struct buf *why)
{
    for (int i = 0; i < 3; i++)
        if (strcmp(name, zone_names[i]) == 0)
            return zones[i];
    buf_cat(why, B("no such zone"));
    return NULL;
}

static void start(void)
{
    struct buf why = {0};
    for (int i = 0; i < 3; i++)
        if (!(zones[i] = zone_load(zone_names[i], &why)))
            abort();
}

static void demand(bool holds)
{
    if (!holds)
        abort();
}

struct told {
    struct bytes path;
    size_t lines, errors;
};

static void complain(void *arg, struct test_place place, struct bytes line, struct bytes text,
                     struct bytes hint)
{
    struct told *told = arg;
    told->errors++;
    demand(place.line >= 1 && place.column >= 1 && text.len > 0);
    demand(place.column - 1 + place.length <= line.len);
    demand(!bytes_eq(place.file, told->path) || place.line <= told->lines);
    (void)hint;
}

static unsigned touched;

static void touch(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        touched += (unsigned char)text.ptr[i];
}

static void check_place(const struct told *told, struct test_place place)
{
    if (bytes_eq(place.file, told->path))
        demand(place.line >= 1 && place.line <= told->lines && place.column >= 1);
}

static void check_text(const struct told *told, const struct test_text *text)
{
    touch(text->text);
    demand((text->how == TEST_REGEX) == (text->regex != NULL));
    demand(text->how != TEST_ANY || text->text.len == 0);
    if (text->how != TEST_ANY)
        check_place(told, text->place);
}

static void check_expectation(const struct told *told, const struct test_expectation *expect)
{
    demand(expect->subject < TEST_SUBJECTS && expect->least >= 0 && expect->lines >= -1);
    demand(expect->counted || (expect->least == 1 && expect->most == INT64_MAX));
    demand(!expect->never || (!expect->counted && !expect->only));
    demand(expect->least <= expect->most);
    touch(expect->name);
    check_text(told, &expect->text);
    check_text(told, &expect->fed);
    check_text(told, &expect->holding);
}

static void check_step(const struct told *told, const struct test_step *step)
{
    check_place(told, step->place);
    touch(step->source);
    demand(bytes_chr(step->source, '\n', 0) < 0);
    touch(step->text);
    touch(step->input);
    demand(step->times >= 1 && step->every >= 0);
    demand(step->kind != TEST_STEP_LINE || (step->time.kind == TEST_TIME_NONE) == step->own_time);
    demand(step->kind != TEST_STEP_WAIT || step->time.kind != TEST_TIME_NONE);
    if (step->kind == TEST_STEP_EXPECT)
        check_expectation(told, &step->expect);
    if (step->kind == TEST_STEP_WHEN) {
        check_text(told, &step->answer.command);
        touch(step->answer.output);
        demand(step->answer.exit_code >= 0 && step->answer.exit_code < 256);
    }
}

static void touch_all(const struct bytes *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        touch(texts[i]);
}

static void touch_pairs(const struct test_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        touch(pairs[i].name);
        touch(pairs[i].text);
        demand(pairs[i].name.len > 0);
    }
}

/* A test without an error goes on in time, but where lines tell their own. */
static void check_times(const struct test *test)
{
    int64_t now = test_start_second(test);
    for (size_t i = 0; i < test->step_count && !test->steps[i].own_time; i++) {
        int64_t then = test_time_second(test, test->steps[i].time, now);
        demand(then >= now);
        now = then + test->steps[i].every * (test->steps[i].times - 1);
    }
}

static void check_test(const struct told *told, const struct test *test)
{
    check_place(told, test->place);
    touch(test->name);
    demand(test->input_count > 0 && test->clock);
    touch_all(test->tags, test->tag_count);
    touch_all(test->rules, test->rule_count);
    touch_all(test->options, test->option_count);
    touch_all(test->perl, test->perl_count);
    touch_pairs(test->files, test->file_count);
    touch_pairs(test->environment, test->environment_count);
    touch(test->zone);
    touch(test->header);
    for (size_t i = 0; i < test->step_count; i++)
        check_step(told, &test->steps[i]);
    if (test->sound)
        check_times(test);
    demand(!test->sound || (test->rule_count > 0 && test->step_count > 0 && test->name.len > 0));
}

static struct test_file *parse(struct bytes text, struct told *told)
{
    *told = (struct told){.path = B("fuzz/a.sectest"), .lines = 1};
    for (size_t i = 0; i < text.len; i++)
        told->lines += text.ptr[i] == '\n';
    struct test_file *file = test_file_parse(told->path, text, complain, told);
    demand(told->errors == (file->error_count > 10 ? 11 : file->error_count));
    for (size_t i = 0; i < file->count; i++)
        check_test(told, &file->tests[i]);
    return file;
}

static void same_step(const struct test_step *a, const struct test_step *b)
{
    demand(a->kind == b->kind && bytes_eq(a->text, b->text) && bytes_eq(a->source, b->source));
    demand(a->place.line == b->place.line && a->place.column == b->place.column);
    demand(bytes_eq(a->expect.text.text, b->expect.text.text));
}

static void same(const struct test_file *a, const struct test_file *b)
{
    demand(a->count == b->count && a->error_count == b->error_count);
    for (size_t i = 0; i < a->count; i++) {
        const struct test *x = &a->tests[i], *y = &b->tests[i];
        demand(bytes_eq(x->name, y->name) && x->step_count == y->step_count);
        demand(x->sound == y->sound && x->rule_count == y->rule_count);
        for (size_t j = 0; j < x->step_count; j++)
            same_step(&x->steps[j], &y->steps[j]);
    }
}

static void one(struct bytes input)
{
    struct told told, other;
    struct buf text = {0};
    struct test_file *file = parse(input, &told);
    if (bytes_chr(input, '\r', 0) < 0) {
        for (size_t i = 0; i < input.len; i++) {
            if (input.ptr[i] == '\n')
                buf_char(&text, '\r');
            buf_char(&text, input.ptr[i]);
        }
        struct test_file *again = parse(buf_bytes(&text), &other);
        same(file, again);
        test_file_free(again);
    }
    buf_free(&text);
    test_file_free(file);
}

FUZZ_TARGET(start, one)
