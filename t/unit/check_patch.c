/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of a text as a unified diff: whatever was changed, in any number of rounds, the diff makes
 * of the old text the new one. */
#include "unit.h"

#include "check/patch.h"

static struct bytes next_line(struct bytes *rest)
{
    ptrdiff_t newline = bytes_chr(*rest, '\n', 0);
    size_t len = newline < 0 ? rest->len : (size_t)newline + 1;
    struct bytes line = bytes_slice(*rest, 0, len);
    *rest = bytes_from(*rest, len);
    return line;
}

/* A number of the hunk's head, and the one after a comma, which is 1 without it. */
static const char *read_side(const char *at, size_t *from, size_t *lines)
{
    char *end;
    *from = strtoul(at, &end, 10);
    *lines = *end == ',' ? strtoul(end + 1, &end, 10) : 1;
    return end;
}

/* Lines of `was` up to that number go to `out`. */
static void copy_to(struct bytes *was, size_t *number, size_t to, struct buf *out)
{
    for (; *number < to; ++*number)
        buf_add(out, next_line(was));
}

static void apply_hunk(struct bytes head, struct bytes *diff, struct bytes *was, size_t *number,
                       struct buf *out)
{
    size_t from, old_lines, to, lines;
    const char *at = read_side(head.ptr + 4, &from, &old_lines);
    read_side(at + 2, &to, &lines);
    copy_to(was, number, old_lines > 0 ? from - 1 : from, out);
    while (old_lines > 0 || lines > 0) {
        struct bytes line = next_line(diff), text = bytes_from(line, 1);
        ck_assert(line.len > 0);
        if (bytes_starts(*diff, B("\\"))) {
            next_line(diff);
            text.len--;
        }
        if (*line.ptr != '+') {
            struct bytes old = next_line(was);
            ck_bytes_eq(text, old);
            ++*number;
            old_lines--;
        }
        if (*line.ptr != '-') {
            buf_add(out, text);
            lines--;
        }
    }
}

static void check_diff(const struct patch *patch)
{
    struct buf diff = {0}, out = {0};
    struct bytes was = patch->was, line;
    size_t number = 0;
    patch_diff(patch, B("f"), false, &diff);
    struct bytes rest = buf_bytes(&diff);
    if (rest.len > 0) {
        ck_bytes_eq(next_line(&rest), B("--- a/f\n"));
        ck_bytes_eq(next_line(&rest), B("+++ b/f\n"));
    }
    while ((line = next_line(&rest)).len > 0)
        apply_hunk(line, &rest, &was, &number, &out);
    buf_add(&out, was);
    ck_bytes_eq(buf_bytes(&out), patch->is);
    buf_free(&diff);
    buf_free(&out);
}

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    return next_number(&state, below);
}

static void draw_text(struct buf *out, size_t most)
{
    buf_clear(out);
    for (size_t len = draw((uint32_t)most + 1); len > 0; len--)
        buf_char(out, "abc\n"[draw(4)]);
}

static void make_round(struct patch *patch, struct bytes name)
{
    struct patch_edit edits[8];
    struct buf texts[8] = {0};
    size_t count = 0, at = 0;
    while (count < 8 && at <= patch->is.len) {
        size_t from = at + draw(20), to = from + draw(4) * draw(4);
        if (to > patch->is.len)
            break;
        draw_text(&texts[count], 6);
        edits[count] = (struct patch_edit){from, to, buf_bytes(&texts[count])};
        at = to + 1;
        count++;
    }
    patch_apply(patch, edits, count, name);
    for (size_t i = 0; i < 8; i++)
        buf_free(&texts[i]);
}

START_TEST(diffs_make_the_new_text)
{
    struct buf text = {0};
    for (uint64_t seed = 0; seed < 3000; seed++) {
        state = seed;
        draw_text(&text, 200);
        struct patch patch;
        patch_init(&patch, buf_bytes(&text));
        for (uint32_t rounds = draw(5); rounds > 0; rounds--) {
            make_round(&patch, B("x"));
            check_diff(&patch);
        }
        patch_free(&patch);
    }
    buf_free(&text);
}
END_TEST

static void check_text(struct bytes was, const struct patch_edit *edits, size_t count,
                       struct bytes wanted)
{
    struct buf diff = {0};
    struct patch patch;
    patch_init(&patch, was);
    for (size_t i = 0; i < count; i++)
        patch_apply(&patch, &edits[i], 1, i == 0 ? B("one") : i == 1 ? B("two") : B("one"));
    patch_diff(&patch, B("a b"), false, &diff);
    ck_bytes_eq(buf_bytes(&diff), wanted);
    patch_free(&patch);
    buf_free(&diff);
}

START_TEST(hunks_have_context_and_names)
{
    const struct patch_edit far[] = {{2, 3, B("X")}, {26, 27, B("")}};
    check_text(B("1\n2\n3\n4\n5\n6\n7\n8\n9\na\nb\nc\nd\ne"), far, 2,
               B("--- a/a b\t\n+++ b/a b\t\n@@ -1,5 +1,5 @@ one\n 1\n-2\n+X\n 3\n 4\n 5\n"
                 "@@ -11,4 +11,3 @@ two\n b\n c\n d\n-e\n\\ No newline at end of file\n"));
    const struct patch_edit near[] = {{0, 0, B("new\n")}, {6, 7, B("YY")}, {0, 1, B("N")}};
    check_text(B("1\n2\n3\n"), near, 3,
               B("--- a/a b\t\n+++ b/a b\t\n@@ -1,3 +1,4 @@ one, two\n+New\n 1\n-2\n+YY\n 3\n"));
    const struct patch_edit undone[] = {{0, 1, B("x")}, {0, 1, B("1")}};
    check_text(B("1\n"), undone, 2, B(""));
    const struct patch_edit all[] = {{0, 4, B("")}};
    check_text(B("1\n2\n"), all, 1, B("--- a/a b\t\n+++ b/a b\t\n@@ -1,2 +0,0 @@ one\n-1\n-2\n"));
    const struct patch_edit first[] = {{0, 0, B("1\n")}};
    check_text(B(""), first, 1, B("--- a/a b\t\n+++ b/a b\t\n@@ -0,0 +1 @@ one\n+1\n"));
}
END_TEST

START_TEST(odd_names_are_quoted)
{
    struct buf diff = {0};
    struct patch patch;
    const struct patch_edit edit = {0, 0, B("x\n")};
    patch_init(&patch, B(""));
    patch_apply(&patch, &edit, 1, B("n"));
    patch_diff(&patch, B("a\n\"\\"), false, &diff);
    ck_assert(bytes_starts(buf_bytes(&diff), B("--- \"a/a\\012\\\"\\\\\"\n")));
    buf_clear(&diff);
    patch_diff(&patch, B("/etc/x"), false, &diff);
    ck_assert(bytes_starts(buf_bytes(&diff), B("--- /etc/x\n+++ /etc/x\n")));
    patch_free(&patch);
    buf_free(&diff);
}
END_TEST

RUN_TESTS("patch", diffs_make_the_new_text, hunks_have_context_and_names, odd_names_are_quoted)
