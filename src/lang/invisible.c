/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two tables: what a file may begin with, and what is looked for at the
 * edges of keyword and value. */
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

void invisible_in_file(const struct log *log, struct bytes file, struct bytes content)
{
    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
        if (bytes_starts(content, marks[i].text))
            log_advise(log, file, B(" "), marks[i].name);
}

static bool ends_with(struct bytes text, struct bytes end)
{
    return text.len >= end.len && bytes_eq(bytes_from(text, text.len - end.len), end);
}

/* Where white space would not count: at the ends of a line, and around the first "=". */
void invisible_in_line(const struct log *log, struct bytes file, size_t number, struct bytes line)
{
    if (!log_advises(log) || bytes_are_ascii(line))
        return;
    if (number == 1 && bytes_starts(line, marks[0].text))
        line = bytes_from(line, marks[0].text.len); /* told of the file */
    ptrdiff_t equals = bytes_chr(line, '=', 0);
    struct bytes keyword = bytes_trim(bytes_slice(line, 0, equals < 0 ? line.len : (size_t)equals));
    struct bytes value = equals < 0 ? B("") : bytes_trim(bytes_from(line, (size_t)equals + 1));
    for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
        struct bytes blank = blanks[i].text;
        if (bytes_starts(keyword, blank) || ends_with(keyword, blank) ||
            bytes_starts(value, blank) || ends_with(value, blank))
            log_advise(log, file, B(" line "), NUM(number), B(": "), blanks[i].name,
                       B(" is no white space here"));
    }
}
