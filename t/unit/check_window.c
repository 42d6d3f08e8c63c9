/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input windows: rings of the newest lines. */
#include "base/mem.h"
#include "feed/window.h"
#include "unit.h"

static struct arena arena;

static struct window *window_with(size_t size, const char *const *lines, size_t count)
{
    struct window *window = window_new(size);
    arena_init(&arena);
    for (size_t i = 0; i < count; i++)
        window_push(window, bytes_of(lines[i]), B("in.log"));
    return window;
}

static void done(struct window *window)
{
    window_free(window);
    arena_free(&arena);
}

#define WITH(size, ...)                                                                            \
    window_with(size, (const char *const[]){__VA_ARGS__},                                          \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

START_TEST(the_newest_line_is_the_one_pushed_last)
{
    struct window *window = WITH(3, "a", "b", "c", "d");
    ck_bytes_eq(window_line(window, 0), B("d"));
    ck_bytes_eq(window_line(window, 1), B("c"));
    ck_bytes_eq(window_line(window, 2), B("b"));
    done(window);
}
END_TEST

START_TEST(a_window_starts_with_empty_lines_of_no_source)
{
    struct window *window = WITH(3, "a");
    window_push(window, B("event"), (struct bytes){NULL, 0});
    ck_bytes_eq(window_line(window, 2), B(""));
    ck_assert(!window_pushed(window, 2));
    ck_assert_ptr_nonnull(window_source(window, 2).ptr);
    ck_bytes_eq(window_source(window, 2), B(""));
    ck_bytes_eq(window_source(window, 1), B("in.log"));
    ck_assert_ptr_null(window_source(window, 0).ptr);
    ck_assert(window_pushed(window, 0));
    done(window);
}
END_TEST

START_TEST(lines_are_joined_from_old_to_new)
{
    struct window *window = WITH(4, "one", "two", "", "four");
    ck_bytes_eq(window_joined(window, 2, &arena), B("\nfour"));
    ck_bytes_eq(window_joined(window, 4, &arena), B("one\ntwo\n\nfour"));
    ck_bytes_eq(window_joined(window, 3, &arena), B("two\n\nfour"));
    ck_bytes_eq(window_joined(window, 1, &arena), B("four"));
    window_push(window, B("five"), B("in.log"));
    ck_bytes_eq(window_joined(window, 3, &arena), B("\nfour\nfive"));
    done(window);
}
END_TEST

START_TEST(fewer_lines_are_the_end_of_the_text_made_for_more)
{
    struct window *window = WITH(3, "a", "b", "c");
    struct bytes three = window_joined(window, 3, &arena);
    struct bytes two = window_joined(window, 2, &arena);
    ck_assert_ptr_eq(two.ptr, three.ptr + 2);
    done(window);
}
END_TEST

START_TEST(a_window_of_one_line_points_at_the_line_until_it_must_keep_it)
{
    char line[] = "text";
    struct window *window = window_new(1);
    window_push(window, bytes_make(line, 4), B("s"));
    ck_assert_ptr_eq(window_line(window, 0).ptr, line);
    window_keep(window);
    memset(line, 'x', 4);
    ck_bytes_eq(window_line(window, 0), B("text"));
    window_push(window, bytes_make(line, 4), B("s"));
    ck_bytes_eq(window_line(window, 0), B("xxxx"));
    window_free(window);
}
END_TEST

START_TEST(larger_windows_copy)
{
    char line[] = "text";
    struct window *window = window_new(2);
    window_push(window, bytes_make(line, 4), bytes_make(line, 4));
    memset(line, 'x', 4);
    ck_bytes_eq(window_line(window, 0), B("text"));
    ck_bytes_eq(window_source(window, 0), B("text"));
    window_free(window);
}
END_TEST

START_TEST(rewrite_replaces_the_newest_lines_and_leaves_the_old_texts_alone)
{
    struct window *window = WITH(3, "a", "b", "c");
    struct bytes old = window_line(window, 0);
    const struct bytes lines[] = {B("B"), B("C")}, again[] = {B("CC")};
    window_joined(window, 3, &arena);
    window_rewrite(window, lines, 2);
    window_rewrite(window, again, 1);
    ck_bytes_eq(window_joined(window, 3, &arena), B("a\nB\nCC"));
    ck_bytes_eq(old, B("c"));
    ck_bytes_eq(window_source(window, 0), B("in.log"));
    done(window);
}
END_TEST

START_TEST(a_smaller_window_keeps_the_newest_lines)
{
    struct window *window = WITH(3, "a", "b", "c", "d");
    window_resize(window, 2);
    ck_bytes_eq(window_joined(window, 2, &arena), B("c\nd"));
    ck_assert_uint_eq(window_size(window), 2);
    ck_assert_uint_eq(window_position(window), 1);
    done(window);
}
END_TEST

START_TEST(a_larger_window_has_empty_lines_as_its_oldest)
{
    struct window *window = WITH(1, "a", "b");
    window_resize(window, 3);
    ck_bytes_eq(window_joined(window, 3, &arena), B("\n\nb"));
    ck_assert(!window_pushed(window, 1));
    window_push(window, B("c"), B(""));
    ck_bytes_eq(window_joined(window, 3, &arena), B("\nb\nc"));
    done(window);
}
END_TEST

START_TEST(positions_are_those_of_the_ring)
{
    struct window *window = WITH(3, "a", "b", "c", "d");
    ck_assert_uint_eq(window_position(window), 0);
    ck_bytes_eq(window_at(window, 0), B("d"));
    ck_bytes_eq(window_at(window, 2), B("c"));
    window_set_at(window, 2, B("C"));
    ck_bytes_eq(window_line(window, 1), B("C"));
    window_set_position(window, 2);
    ck_bytes_eq(window_line(window, 0), B("C"));
    ck_bytes_eq(window_line(window, 2), B("d"));
    done(window);
}
END_TEST

RUN_TESTS("window", the_newest_line_is_the_one_pushed_last,
          a_window_starts_with_empty_lines_of_no_source, lines_are_joined_from_old_to_new,
          fewer_lines_are_the_end_of_the_text_made_for_more,
          a_window_of_one_line_points_at_the_line_until_it_must_keep_it, larger_windows_copy,
          rewrite_replaces_the_newest_lines_and_leaves_the_old_texts_alone,
          a_smaller_window_keeps_the_newest_lines, a_larger_window_has_empty_lines_as_its_oldest,
          positions_are_those_of_the_ring)
