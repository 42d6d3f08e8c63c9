/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of logs on a page: escaped, and shown. */
#include "migrate/page.h"

#include "unit.h"

static void ck_text(struct bytes text, const char *want)
{
    struct buf out = {0};
    page_text(&out, text);
    ck_bytes_eq(buf_bytes(&out), bytes_of(want));
    buf_free(&out);
}

#define RAW(number) "<span class=\"raw\">" number "</span>"

START_TEST(what_means_something_to_html_is_escaped)
{
    ck_text(B(""), "");
    ck_text(B("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
    ck_text(B("caf\xC3\xA9 \xF0\x9F\x98\x80\t."), "caf\xC3\xA9 \xF0\x9F\x98\x80\t.");
}
END_TEST

START_TEST(what_cannot_be_seen_is_shown_as_its_number)
{
    ck_text(B("\0\x1b\n\x7f"), RAW("\\x00") RAW("\\x1b") RAW("\\x0a") RAW("\\x7f"));
    ck_text(B("\xC3\xC3\xA9\xE2\x80"), RAW("\\xc3") "\xC3\xA9" RAW("\\xe2") RAW("\\x80"));
    ck_text(B("\xC2\x9B\xC2\xAD\xC2\xA0"), RAW("\\u{9b}") RAW("\\u{ad}") "\xC2\xA0");
    ck_text(B("\xE2\x80\xAE\xEF\xBB\xBF\xEF\xBF\xBE"),
            RAW("\\u{202e}") RAW("\\u{feff}") RAW("\\u{fffe}"));
    ck_text(B("\xF3\xA0\x81\xA1\xED\xA0\x80"),
            RAW("\\u{e0061}") RAW("\\xed") RAW("\\xa0") RAW("\\x80"));
}
END_TEST

/* Whatever comes, no byte of it opens an element, and each character is one that XML may have. */
START_TEST(no_two_bytes_break_the_page)
{
    struct buf out = {0};
    for (unsigned i = 0; i < 0x10000; i++) {
        char text[] = {(char)(i >> 8), (char)i};
        buf_clear(&out);
        page_text(&out, bytes_make(text, 2));
        for (size_t at = 0; at < out.len; at++) {
            bool own = bytes_starts(bytes_from(buf_bytes(&out), at), B("<span class=\"raw\">\\")) ||
                       bytes_starts(bytes_from(buf_bytes(&out), at), B("</span>"));
            ck_assert(out.ptr[at] != '<' || own);
            ck_assert((unsigned char)out.ptr[at] >= ' ' || out.ptr[at] == '\t');
        }
    }
    buf_free(&out);
}
END_TEST

START_TEST(a_mark_keeps_characters_whole)
{
    struct buf out = {0};
    page_marked(&out, B("a\xC3\xA9<b"), 2, 3);
    ck_bytes_eq(buf_bytes(&out), B("a<mark>\xC3\xA9</mark>&lt;b"));
    buf_clear(&out);
    page_marked(&out, B("\xC3\xA9"), 1, 1);
    ck_bytes_eq(buf_bytes(&out), B("<mark>\xC3\xA9</mark>"));
    buf_clear(&out);
    page_marked(&out, B("same"), 4, 4);
    ck_bytes_eq(buf_bytes(&out), B("same"));
    buf_clear(&out);
    page_element(&out, B("td class=\"n\""), B("<1"));
    ck_bytes_eq(buf_bytes(&out), B("<td class=\"n\">&lt;1</td>"));
    buf_free(&out);
}
END_TEST

RUN_TESTS("page", what_means_something_to_html_is_escaped,
          what_cannot_be_seen_is_shown_as_its_number, no_two_bytes_break_the_page,
          a_mark_keeps_characters_whole)
