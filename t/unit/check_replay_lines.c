/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a replay does with lines before rules see them: they are held and put in order; lines are
 * made of JSON objects. */
#include "unit.h"

#include "replay/objects.h"
#include "replay/reorder.h"

/* -- Order -- */

enum { LINES = 3000, SPAN = 10 };

struct given {
    int64_t second;
    int32_t nanoseconds;
    size_t number;
};

static int compare_given(const void *left, const void *right)
{
    const struct given *a = left, *b = right;
    int order = compare_moments(a->second, a->nanoseconds, b->second, b->nanoseconds);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static size_t number_of(struct bytes text)
{
    int64_t number;
    ck_assert(bytes_uint(text, false, &number));
    return (size_t)number;
}

/* Takes those that are ready; their numbers go to `got`. */
static void take_ready(struct reorder *reorder, size_t got[], size_t *count)
{
    static struct buf text;
    struct timed_line line;
    while (reorder_ready(reorder)) {
        reorder_take(reorder, &text, &line);
        got[(*count)++] = number_of(line.text);
        ck_assert(line.time.ptr == line.text.ptr && line.time.len == 1);
    }
}

static void add(struct reorder *reorder, const struct given *given, bool own)
{
    struct bytes text = NUM(given->number);
    struct timed_line line = {text, bytes_slice(text, 0, 1), given->second, given->nanoseconds,
                              own};
    reorder_add(reorder, &line);
}

/* Each line up to SPAN seconds late. */
START_TEST(late_lines_come_at_their_own_time)
{
    static struct given given[LINES];
    size_t got[LINES], count = 0, most = 0;
    uint64_t state = 1;
    struct reorder reorder;
    reorder_init(&reorder, SPAN);
    for (size_t i = 0; i < LINES; i++) {
        given[i] = (struct given){1000 + (int64_t)i / 10 - next_number(&state, SPAN),
                                  (int32_t)next_number(&state, 3), i};
        add(&reorder, &given[i], true);
        take_ready(&reorder, got, &count);
        most = reorder.count > most ? reorder.count : most;
    }
    reorder_end(&reorder);
    take_ready(&reorder, got, &count);
    qsort(given, LINES, sizeof(*given), compare_given);
    ck_assert_uint_eq(count, LINES);
    for (size_t i = 0; i < LINES; i++)
        ck_assert_uint_eq(got[i], given[i].number);
    ck_assert_uint_le(most, (2 * SPAN + 1) * 10);
    ck_assert_uint_gt(reorder.moved, LINES / 2);
    reorder_free(&reorder);
}
END_TEST

START_TEST(lines_without_a_time_stay_with_the_one_before)
{
    static const struct given given[] = {
        {100, 0, 0}, {105, 500, 1}, {105, 0, 2}, {103, 0, 3}, {103, 0, 4}, {105, 500, 5},
    };
    static const bool own[] = {true, true, false, true, false, true};
    static const size_t want[] = {0, 3, 4, 1, 2, 5};
    size_t got[6], count = 0;
    struct reorder reorder;
    reorder_init(&reorder, SPAN);
    for (size_t i = 0; i < 6; i++)
        add(&reorder, &given[i], own[i]);
    ck_assert(!reorder_ready(&reorder));
    reorder_end(&reorder);
    take_ready(&reorder, got, &count);
    ck_assert_uint_eq(count, 6);
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(got[i], want[i]);
    ck_assert_uint_eq(reorder.moved, 1);
    reorder_free(&reorder);
}
END_TEST

START_TEST(later_ones_come_at_once)
{
    static const struct given given[] = {{100, 0, 0}, {200, 0, 1}, {90, 0, 2}, {195, 0, 3}};
    static const size_t want[] = {0, 2, 3, 1};
    size_t got[4], count = 0;
    struct reorder reorder;
    reorder_init(&reorder, SPAN);
    for (size_t i = 0; i < 4; i++) {
        add(&reorder, &given[i], true);
        take_ready(&reorder, got, &count);
    }
    ck_assert_uint_eq(count, 2);
    reorder_end(&reorder);
    take_ready(&reorder, got, &count);
    for (size_t i = 0; i < 4; i++)
        ck_assert_uint_eq(got[i], want[i]);
    ck_assert_uint_eq(reorder.moved, 1);
    reorder_free(&reorder);
}
END_TEST

START_TEST(what_is_held_is_given_back)
{
    static const struct given given = {INT64_MAX, 0, 7};
    struct reorder reorder;
    reorder_init(&reorder, INT64_MAX);
    add(&reorder, &given, true);
    reorder_free(&reorder);
}
END_TEST

/* -- Objects -- */

/* What a template (NULL: journald's) makes of a line, with its time in <>; NULL: it stays. */
static const char *make(const char *template_text, const char *text)
{
    static struct buf out;
    struct buf why = {0}, room = {0};
    struct object_template *template =
        object_template_new(template_text ? bytes_of(template_text) : (struct bytes){0}, &why);
    ck_assert_msg(template != NULL, "%s: %.*s", template_text, (int)why.len, why.ptr);
    struct objects objects;
    struct timed_line line = {.text = bytes_of(text), .second = 1772352000, .own = true};
    objects_init(&objects, template);
    bool made = objects_make(&objects, &line, &room);
    ck_assert_uint_eq(objects.made, made);
    ck_assert_uint_eq(objects.left, !made);
    buf_clear(&out);
    size_t at = line.time.len > 0 ? (size_t)(line.time.ptr - line.text.ptr) : 0;
    if (line.time.len > 0)
        buf_cat(&out, bytes_slice(line.text, 0, at), B("<"), line.time, B(">"));
    buf_add(&out, bytes_from(line.text, at + line.time.len));
    buf_char(&out, '\0');
    objects_free(&objects);
    object_template_free(template);
    buf_free(&room);
    return made ? out.ptr : NULL;
}

#define MARK "\"__REALTIME_TIMESTAMP\":\"1\","
#define TIME "<2026-03-01T08:00:00+00:00>"

START_TEST(journal_objects_are_as_journalctl_shows_them)
{
    static const char *const cases[][2] = {
        {"{" MARK "\"_HOSTNAME\":\"gw\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_COMM\":\"c\",\"_PID\":"
         "\"7\",\"MESSAGE\":\"m\"}",
         TIME " gw sshd[7]: m"},
        {"{" MARK "\"MESSAGE\":\"a\\nb\\n\\n\",\"_COMM\":\"c\",\"SYSLOG_PID\":\"8\"}",
         TIME " c[8]: a b"},
        {"{" MARK "\"_HOSTNAME\":\"gw\",\"_COMM\":\"c\",\"MESSAGE\":[72, 105,10]}",
         TIME " gw c: Hi"},
        {"{" MARK "\"_HOSTNAME\":\"gw\",\"_COMM\":\"c\",\"MESSAGE\":null}", TIME " gw c: "},
        {"{" MARK "\"_COMM\":\"c\",\"MESSAGE\":[72,256]}", TIME " c: [72,256]"},
        {"{" MARK "\"_COMM\":\"c\",\"MESSAGE\":[\"x\",\"y\"]}", TIME " c: [\"x\",\"y\"]"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        ck_assert_str_eq(make(NULL, cases[i][0]), cases[i][1]);
    ck_assert_ptr_null(make(NULL, "{\"MESSAGE\":\"m\"}"));
    ck_assert_ptr_null(make(NULL, "{" MARK "\"MESSAGE\":\"m\""));
    ck_assert_ptr_null(make(NULL, "plain"));
    ck_assert_ptr_null(make(NULL, ""));
}
END_TEST

START_TEST(templates_take_any_object)
{
    static const char *const cases[][3] = {
        {"%{msg}", "{\"msg\":\"hi\"}", "hi"},
        {"%{log.level} %{log.a.b}", "{\"log\":{\"level\":\"warn\",\"a\":{\"b\":0.10}}}",
         "warn 0.10"},
        {"%{log.level}", "{\"log\":{\"level\":\"a\"},\"log.level\":\"b\"}", "b"},
        {"%{log.level}", "{\"log.level\":\"b\",\"log\":{\"level\":\"a\"}}", "b"},
        {"%{a.b.c}", "{\"a.b\":{\"c\":1}}", "1"},
        {"%{a.b.c}", "{\"a\":{\"b.c\":2}}", "2"},
        {"%{a.b}", "{\"a\":\"{\\\"b\\\":1}\"}", ""},
        {"%{a|b|c}", "{\"c\":3,\"b\":2}", "2"},
        {"%{a|b}", "{\"a\":\"\",\"b\":false}", "false"},
        {"%{a|b}", "{\"a\":null,\"b\":{\"x\":[1]}}", "{\"x\":[1]}"},
        {"%{a}", "{\"a\":[72,105]}", "[72,105]"},
        {"x%(-%{a}-%{b}%)y", "{\"a\":1}", "xy"},
        {"x%(-%{a}-%{b}%)y", "{\"a\":1,\"b\":2}", "x-1-2y"},
        {"%{b}%(-%{a}%)", "{\"a\":1}", "-1"},
        {"100%% %{a}", "{\"a\":1}", "100% 1"},
        {"%t %{a}", "{\"a\":1}", TIME " 1"},
        {"%(%t %{b}%)%{a}", "{\"a\":1}", "1"},
        {"%(%t %{b}%)%t %{a}", "{\"a\":1}", TIME " 1"},
        {"", "{\"a\":1}", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        ck_assert_str_eq(make(cases[i][0], cases[i][1]), cases[i][2]);
}
END_TEST

START_TEST(wrong_templates_are_refused)
{
    static const char *const cases[] = {"%",  "%x", "%{a",   "%{}",    "%{a|}",     "%{|a}",
                                        "%(", "%)", "%{a}%", "%(%(%)", "%(%{a}%)%)"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct buf why = {0};
        ck_assert_msg(!object_template_new(bytes_of(cases[i]), &why), "%s", cases[i]);
        ck_assert_uint_gt(why.len, 0);
        buf_free(&why);
    }
}
END_TEST

static void set_zone(void)
{
    setenv("TZ", "UTC", 1);
}

RUN_TESTS_AROUND("replay lines", set_zone, NULL, late_lines_come_at_their_own_time,
                 lines_without_a_time_stay_with_the_one_before, later_ones_come_at_once,
                 what_is_held_is_given_back, journal_objects_are_as_journalctl_shows_them,
                 templates_take_any_object, wrong_templates_are_refused)
