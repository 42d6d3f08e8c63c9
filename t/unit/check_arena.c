/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arenas: pieces are aligned, keep their bytes, and are given back together. */
#include "unit.h"

#include "base/arena.h"

enum { HUGE_PIECE = 1 << 20 };

START_TEST(pieces_are_aligned_and_do_not_overlap)
{
    struct arena arena;
    arena_init(&arena);
    unsigned char *pieces[500];
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = arena_alloc(&arena, i + 1);
        ck_assert_uint_eq((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)(i & 0xff), i + 1);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t at = 0; at <= i; at++)
            ck_assert_uint_eq(pieces[i][at], i & 0xff);
    }
    arena_free(&arena);
    ck_assert_ptr_null(arena.block);
}
END_TEST

START_TEST(a_huge_piece_fits)
{
    struct arena arena;
    arena_init(&arena);
    unsigned char *small = arena_zalloc(&arena, 16);
    unsigned char *huge = arena_zalloc(&arena, HUGE_PIECE);
    huge[HUGE_PIECE - 1] = 1;
    for (int i = 0; i < HUGE_PIECE - 1; i++)
        ck_assert_uint_eq(huge[i], 0);
    ck_assert_uint_eq(small[15], 0);
    arena_free(&arena);
}
END_TEST

START_TEST(zeroed_pieces_are_zero_after_reuse)
{
    struct arena arena;
    arena_init(&arena);
    memset(arena_alloc(&arena, 1000), 0xff, 1000);
    arena_reset(&arena);
    const unsigned char *piece = arena_zalloc(&arena, 1000);
    for (int i = 0; i < 1000; i++)
        ck_assert_uint_eq(piece[i], 0);
    arena_free(&arena);
}
END_TEST

START_TEST(reset_keeps_one_ordinary_block)
{
    struct arena arena;
    arena_init(&arena);
    const void *first = arena_alloc(&arena, 16);
    for (int i = 0; i < 100; i++)
        arena_alloc(&arena, 8000);
    arena_alloc(&arena, HUGE_PIECE);
    arena_reset(&arena);
    ck_assert_ptr_nonnull(arena.block);
    ck_assert_ptr_eq(arena_alloc(&arena, 16), first);
    arena_free(&arena);
}
END_TEST

START_TEST(reset_keeps_no_huge_block)
{
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, HUGE_PIECE);
    arena_reset(&arena);
    ck_assert_ptr_null(arena.block);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 16));
    arena_free(&arena);
}
END_TEST

START_TEST(release_goes_back_to_the_mark)
{
    struct arena arena;
    arena_init(&arena);
    struct bytes kept = arena_bytes(&arena, B("kept"));
    struct arena_mark mark = arena_mark(&arena);
    const void *next = arena_alloc(&arena, 100);
    for (int i = 0; i < 20; i++)
        memset(arena_alloc(&arena, 30000), 0xff, 30000);
    arena_release(&arena, mark);
    ck_bytes_eq(kept, B("kept"));
    ck_assert_ptr_eq(arena_alloc(&arena, 100), next);
    arena_free(&arena);
}
END_TEST

START_TEST(release_to_a_mark_of_an_empty_arena)
{
    struct arena arena;
    arena_init(&arena);
    struct arena_mark mark = arena_mark(&arena);
    const void *first = arena_alloc(&arena, 100);
    arena_release(&arena, mark);
    ck_assert_ptr_eq(arena_alloc(&arena, 100), first);
    arena_free(&arena);
}
END_TEST

START_TEST(texts_are_joined_and_end_with_an_uncounted_nul)
{
    struct arena arena;
    arena_init(&arena);
    struct bytes text = arena_cat(&arena, B("a\0"), B(""), NUM(7), (struct bytes){NULL, 0}, B("z"));
    ck_bytes_eq(text, B("a\0007z"));
    ck_assert_int_eq(text.ptr[text.len], '\0');
    struct bytes empty = arena_bytes(&arena, (struct bytes){NULL, 0});
    ck_assert_uint_eq(empty.len, 0);
    ck_assert_int_eq(empty.ptr[0], '\0');
    arena_free(&arena);
}
END_TEST

RUN_TESTS("arena", pieces_are_aligned_and_do_not_overlap, a_huge_piece_fits,
          zeroed_pieces_are_zero_after_reuse, reset_keeps_one_ordinary_block,
          reset_keeps_no_huge_block, release_goes_back_to_the_mark,
          release_to_a_mark_of_an_empty_arena, texts_are_joined_and_end_with_an_uncounted_nul)
