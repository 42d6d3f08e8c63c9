/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names are those of Unicode. */
#include "lint/look_alikes.h"

static const struct look_alike characters[] = {
    {B("\xc2\xa0"), ALIKE_BLANK, B(" "), B("U+00A0 NO-BREAK SPACE")},
    {B("\xe2\x80\x82"), ALIKE_BLANK, B(" "), B("U+2002 EN SPACE")},
    {B("\xe2\x80\x83"), ALIKE_BLANK, B(" "), B("U+2003 EM SPACE")},
    {B("\xe2\x80\x87"), ALIKE_BLANK, B(" "), B("U+2007 FIGURE SPACE")},
    {B("\xe2\x80\x89"), ALIKE_BLANK, B(" "), B("U+2009 THIN SPACE")},
    {B("\xe2\x80\x8a"), ALIKE_BLANK, B(" "), B("U+200A HAIR SPACE")},
    {B("\xe2\x80\xaf"), ALIKE_BLANK, B(" "), B("U+202F NARROW NO-BREAK SPACE")},
    {B("\xe3\x80\x80"), ALIKE_BLANK, B(" "), B("U+3000 IDEOGRAPHIC SPACE")},
    {B("\xc2\xad"), ALIKE_NOTHING, B(""), B("U+00AD SOFT HYPHEN")},
    {B("\xe2\x80\x8b"), ALIKE_NOTHING, B(""), B("U+200B ZERO WIDTH SPACE")},
    {B("\xe2\x80\x8c"), ALIKE_NOTHING, B(""), B("U+200C ZERO WIDTH NON-JOINER")},
    {B("\xe2\x80\x8d"), ALIKE_NOTHING, B(""), B("U+200D ZERO WIDTH JOINER")},
    {B("\xe2\x80\x8e"), ALIKE_NOTHING, B(""), B("U+200E LEFT-TO-RIGHT MARK")},
    {B("\xe2\x81\xa0"), ALIKE_NOTHING, B(""), B("U+2060 WORD JOINER")},
    {B("\xef\xbb\xbf"), ALIKE_NOTHING, B(""), B("U+FEFF ZERO WIDTH NO-BREAK SPACE")},
    {B("\xe2\x80\x98"), ALIKE_QUOTE, B("'"), B("U+2018 LEFT SINGLE QUOTATION MARK")},
    {B("\xe2\x80\x99"), ALIKE_QUOTE, B("'"), B("U+2019 RIGHT SINGLE QUOTATION MARK")},
    {B("\xe2\x80\x9c"), ALIKE_QUOTE, B("\""), B("U+201C LEFT DOUBLE QUOTATION MARK")},
    {B("\xe2\x80\x9d"), ALIKE_QUOTE, B("\""), B("U+201D RIGHT DOUBLE QUOTATION MARK")},
    {B("\xe2\x80\x9e"), ALIKE_QUOTE, B("\""), B("U+201E DOUBLE LOW-9 QUOTATION MARK")},
    {B("\xe2\x80\x90"), ALIKE_DASH, B("-"), B("U+2010 HYPHEN")},
    {B("\xe2\x80\x91"), ALIKE_DASH, B("-"), B("U+2011 NON-BREAKING HYPHEN")},
    {B("\xe2\x80\x92"), ALIKE_DASH, B("-"), B("U+2012 FIGURE DASH")},
    {B("\xe2\x80\x93"), ALIKE_DASH, B("-"), B("U+2013 EN DASH")},
    {B("\xe2\x80\x94"), ALIKE_DASH, B("-"), B("U+2014 EM DASH")},
    {B("\xe2\x88\x92"), ALIKE_DASH, B("-"), B("U+2212 MINUS SIGN")},
    {B("\xd0\x85"), ALIKE_LETTER, B("S"), B("U+0405 CYRILLIC CAPITAL LETTER DZE")},
    {B("\xd0\x86"), ALIKE_LETTER, B("I"),
     B("U+0406 CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I")},
    {B("\xd0\x88"), ALIKE_LETTER, B("J"), B("U+0408 CYRILLIC CAPITAL LETTER JE")},
    {B("\xd0\x90"), ALIKE_LETTER, B("A"), B("U+0410 CYRILLIC CAPITAL LETTER A")},
    {B("\xd0\x92"), ALIKE_LETTER, B("B"), B("U+0412 CYRILLIC CAPITAL LETTER VE")},
    {B("\xd0\x95"), ALIKE_LETTER, B("E"), B("U+0415 CYRILLIC CAPITAL LETTER IE")},
    {B("\xd0\x9a"), ALIKE_LETTER, B("K"), B("U+041A CYRILLIC CAPITAL LETTER KA")},
    {B("\xd0\x9c"), ALIKE_LETTER, B("M"), B("U+041C CYRILLIC CAPITAL LETTER EM")},
    {B("\xd0\x9d"), ALIKE_LETTER, B("H"), B("U+041D CYRILLIC CAPITAL LETTER EN")},
    {B("\xd0\x9e"), ALIKE_LETTER, B("O"), B("U+041E CYRILLIC CAPITAL LETTER O")},
    {B("\xd0\xa0"), ALIKE_LETTER, B("P"), B("U+0420 CYRILLIC CAPITAL LETTER ER")},
    {B("\xd0\xa1"), ALIKE_LETTER, B("C"), B("U+0421 CYRILLIC CAPITAL LETTER ES")},
    {B("\xd0\xa2"), ALIKE_LETTER, B("T"), B("U+0422 CYRILLIC CAPITAL LETTER TE")},
    {B("\xd0\xa5"), ALIKE_LETTER, B("X"), B("U+0425 CYRILLIC CAPITAL LETTER HA")},
    {B("\xd0\xb0"), ALIKE_LETTER, B("a"), B("U+0430 CYRILLIC SMALL LETTER A")},
    {B("\xd0\xb5"), ALIKE_LETTER, B("e"), B("U+0435 CYRILLIC SMALL LETTER IE")},
    {B("\xd0\xbe"), ALIKE_LETTER, B("o"), B("U+043E CYRILLIC SMALL LETTER O")},
    {B("\xd1\x80"), ALIKE_LETTER, B("p"), B("U+0440 CYRILLIC SMALL LETTER ER")},
    {B("\xd1\x81"), ALIKE_LETTER, B("c"), B("U+0441 CYRILLIC SMALL LETTER ES")},
    {B("\xd1\x83"), ALIKE_LETTER, B("y"), B("U+0443 CYRILLIC SMALL LETTER U")},
    {B("\xd1\x85"), ALIKE_LETTER, B("x"), B("U+0445 CYRILLIC SMALL LETTER HA")},
    {B("\xd1\x95"), ALIKE_LETTER, B("s"), B("U+0455 CYRILLIC SMALL LETTER DZE")},
    {B("\xd1\x96"), ALIKE_LETTER, B("i"),
     B("U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I")},
    {B("\xd1\x98"), ALIKE_LETTER, B("j"), B("U+0458 CYRILLIC SMALL LETTER JE")},
    {B("\xce\x91"), ALIKE_LETTER, B("A"), B("U+0391 GREEK CAPITAL LETTER ALPHA")},
    {B("\xce\x92"), ALIKE_LETTER, B("B"), B("U+0392 GREEK CAPITAL LETTER BETA")},
    {B("\xce\x95"), ALIKE_LETTER, B("E"), B("U+0395 GREEK CAPITAL LETTER EPSILON")},
    {B("\xce\x96"), ALIKE_LETTER, B("Z"), B("U+0396 GREEK CAPITAL LETTER ZETA")},
    {B("\xce\x97"), ALIKE_LETTER, B("H"), B("U+0397 GREEK CAPITAL LETTER ETA")},
    {B("\xce\x99"), ALIKE_LETTER, B("I"), B("U+0399 GREEK CAPITAL LETTER IOTA")},
    {B("\xce\x9a"), ALIKE_LETTER, B("K"), B("U+039A GREEK CAPITAL LETTER KAPPA")},
    {B("\xce\x9c"), ALIKE_LETTER, B("M"), B("U+039C GREEK CAPITAL LETTER MU")},
    {B("\xce\x9d"), ALIKE_LETTER, B("N"), B("U+039D GREEK CAPITAL LETTER NU")},
    {B("\xce\x9f"), ALIKE_LETTER, B("O"), B("U+039F GREEK CAPITAL LETTER OMICRON")},
    {B("\xce\xa1"), ALIKE_LETTER, B("P"), B("U+03A1 GREEK CAPITAL LETTER RHO")},
    {B("\xce\xa4"), ALIKE_LETTER, B("T"), B("U+03A4 GREEK CAPITAL LETTER TAU")},
    {B("\xce\xa5"), ALIKE_LETTER, B("Y"), B("U+03A5 GREEK CAPITAL LETTER UPSILON")},
    {B("\xce\xa7"), ALIKE_LETTER, B("X"), B("U+03A7 GREEK CAPITAL LETTER CHI")},
    {B("\xce\xbf"), ALIKE_LETTER, B("o"), B("U+03BF GREEK SMALL LETTER OMICRON")},
};

const struct look_alike *look_alike_at(struct bytes text)
{
    if (text.len == 0 || (unsigned char)text.ptr[0] < 0x80)
        return NULL;
    for (size_t i = 0; i < sizeof(characters) / sizeof(*characters); i++)
        if (bytes_starts(text, characters[i].text))
            return &characters[i];
    return NULL;
}
