/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two tables: what a file may begin with, and what may be at the ends of a keyword or value. */
#include "lang/invisible.h"

struct character {
    struct bytes text;
    struct bytes name;
};

static const struct character marks[] = {
    {B("\xef\xbb\xbf"),
     B("begins with a byte order mark (U+FEFF), which belongs to its first line")},
    {B("\xff\xfe"), B("is UTF-16 text (byte order mark FF FE): save it as UTF-8")},
    {B("\xfe\xff"), B("is UTF-16 text (byte order mark FE FF): save it as UTF-8")},
};

static const struct character blanks[] = {
    {B("\xc2\xa0"), B("a no-break space (U+00A0)")},
    {B("\xe2\x80\xaf"), B("a narrow no-break space (U+202F)")},
    {B("\xe2\x80\x8b"), B("a zero width space (U+200B)")},
    {B("\xe3\x80\x80"), B("an ideographic space (U+3000)")},
    {B("\xef\xbb\xbf"), B("a byte order mark (U+FEFF)")},
};

void invisible_in_file(const struct diag *diag)
{
    struct bytes text = diag->file->source.text;
    struct buf place = {0};
    buf_cat(&place, diag->file->name, B(" "));
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (bytes_starts(text, marks[i].text))
            diag_place(diag, DIAG_BYTE_ORDER_MARK, bytes_slice(text, 0, marks[i].text.len),
                       buf_bytes(&place), marks[i].name);
    buf_free(&place);
}

static void report_character(const struct diag *diag, size_t number, struct bytes at,
                             struct bytes name)
{
    struct buf place = {0};
    buf_cat(&place, diag->file->name, B(" line "), NUM(number), B(": "));
    diag_place(diag, DIAG_INVISIBLE_CHARACTER, at, buf_bytes(&place), name,
               B(" is no white space here"));
    buf_free(&place);
}

/* The blank at an end of the text; false: it has none. */
static bool at_an_end(struct bytes text, struct bytes blank, struct bytes *at)
{
    bool first = bytes_starts(text, blank);
    if (!first && !bytes_ends(text, blank))
        return false;
    *at = first ? bytes_slice(text, 0, blank.len) : bytes_from(text, text.len - blank.len);
    return true;
}

/* Where white space would not count: at the ends of a line, and around the first "=". */
void invisible_in_line(const struct diag *diag, size_t number, struct bytes line)
{
    if (!diag_wanted(diag->env, DIAG_INVISIBLE_CHARACTER) || bytes_are_ascii(line))
        return;
    if (number == 1 && bytes_starts(line, marks[0].text))
        line = bytes_from(line, marks[0].text.len); /* told of the file */
    ptrdiff_t equals = bytes_chr(line, '=', 0);
    struct bytes keyword = bytes_trim(bytes_slice(line, 0, equals < 0 ? line.len : (size_t)equals));
    struct bytes value = equals < 0 ? B("") : bytes_trim(bytes_from(line, (size_t)equals + 1));
    for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
        struct bytes at;
        if (at_an_end(keyword, blanks[i].text, &at) || at_an_end(value, blanks[i].text, &at))
            report_character(diag, number, at, blanks[i].name);
    }
}
