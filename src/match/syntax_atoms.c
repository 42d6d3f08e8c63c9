/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads escapes and bracketed classes of a regular expression.
 *
 * A byte string without Unicode rules: \w, \d, \s, POSIX classes and (?i) know ASCII only, \h and
 * \v also know the bytes a0 and 85. */
#include "match/syntax_reader.h"

/* What one item of a class, or one escape, stands for. */
struct item {
    enum { ITEM_BYTE, ITEM_SET, ITEM_UNKNOWN } kind;
    unsigned byte;
    struct byte_set set;
};

static void add_range(struct byte_set *set, unsigned from, unsigned to)
{
    for (unsigned byte = from; byte <= to; byte++)
        set_add(set, byte);
}

static void invert(struct byte_set *set)
{
    for (size_t i = 0; i < 4; i++)
        set->words[i] = ~set->words[i];
}

static void merge(struct byte_set *set, const struct byte_set *other)
{
    for (size_t i = 0; i < 4; i++)
        set->words[i] |= other->words[i];
}

static void add_both_cases(struct byte_set *set)
{
    for (unsigned upper = 'A'; upper <= 'Z'; upper++) {
        unsigned lower = upper + ('a' - 'A');
        if (set_has(set, upper))
            set_add(set, lower);
        else if (set_has(set, lower))
            set_add(set, upper);
    }
}

struct named_set {
    const char *name;   /* of the POSIX class */
    char letter;        /* of the escape, or 0 */
    const char *ranges; /* pairs of bytes */
    size_t count;
};

#define RANGES(pairs) pairs, (sizeof(pairs) - 1) / 2

static const struct named_set named_sets[] = {
    {"alpha", 0, RANGES("AZaz")},
    {"digit", 'd', RANGES("09")},
    {"alnum", 0, RANGES("09AZaz")},
    {"word", 'w', RANGES("09AZaz__")},
    {"space", 's', RANGES("\t\r  ")},
    {"upper", 0, RANGES("AZ")},
    {"lower", 0, RANGES("az")},
    {"punct", 0, RANGES("!/:@[`{~")},
    {"xdigit", 0, RANGES("09AFaf")},
    {"blank", 0, RANGES("\t\t  ")},
    {"cntrl", 0, RANGES("\0\x1f\x7f\x7f")},
    {"graph", 0, RANGES("!~")},
    {"print", 0, RANGES(" ~")},
    {"", 'h', RANGES("\t\t  \xa0\xa0")},
    {"", 'v', RANGES("\n\r\x85\x85")},
};

static void named_set_bytes(const struct named_set *named, struct byte_set *set)
{
    *set = (struct byte_set){0};
    for (size_t i = 0; i < named->count; i++)
        add_range(set, (unsigned char)named->ranges[2 * i],
                  (unsigned char)named->ranges[2 * i + 1]);
}

/* \d and similar, and their negations in upper case. */
static bool letter_set(char letter, struct byte_set *set)
{
    for (size_t i = 0; i < sizeof(named_sets) / sizeof(*named_sets); i++) {
        char lower = named_sets[i].letter;
        if (lower == 0 || (letter != lower && letter != lower - ('a' - 'A')))
            continue;
        named_set_bytes(&named_sets[i], set);
        if (letter != lower)
            invert(set);
        return true;
    }
    return false;
}

static bool posix_set(struct bytes name, struct byte_set *set)
{
    for (size_t i = 0; i < sizeof(named_sets) / sizeof(*named_sets); i++) {
        if (name.len > 0 && bytes_eq(name, bytes_of(named_sets[i].name))) {
            named_set_bytes(&named_sets[i], set);
            return true;
        }
    }
    return false;
}

static int control_byte(int letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'f':
        return '\f';
    case 'e':
        return 0x1b;
    case 'a':
        return '\a';
    default:
        return -1;
    }
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \xHH or \x{HH}, from the x on: just two digits. */
static int read_hex(struct reader *reader)
{
    bool braces = reader_peek(reader, 1) == '{';
    size_t at = braces ? 2 : 1;
    int high = hex_digit(reader_peek(reader, at)), low = hex_digit(reader_peek(reader, at + 1));
    if (high < 0 || low < 0 || (braces && reader_peek(reader, at + 2) != '}'))
        return -1;
    reader->at += at + (braces ? 3 : 2);
    return high * 16 + low;
}

/* \p{...} and \pL: where it ends is known, what it matches is not. */
static void skip_property(struct reader *reader)
{
    reader_unequal(reader, "\\p");
    reader->syntax->unicode = true;
    reader->at++;
    ptrdiff_t end = reader_peek(reader, 0) == '{' ? bytes_chr(reader->text, '}', reader->at)
                                                  : (ptrdiff_t)reader->at;
    if (end < 0 || (size_t)end >= reader->text.len)
        reader_fail(reader, "\\p");
    else
        reader->at = (size_t)end + 1;
}

/* An escape that means the same inside and outside of a class, from after the backslash on. */
static bool read_common_escape(struct reader *reader, struct item *item)
{
    int c = reader_peek(reader, 0);
    item->kind = ITEM_BYTE;
    if (c < 0 || c >= 0x80)
        return false;
    if (!is_alpha((char)c) && !is_digit((char)c)) {
        item->byte = (unsigned)c;
    } else if (control_byte(c) >= 0) {
        item->byte = (unsigned)control_byte(c);
    } else if (letter_set((char)c, &item->set)) {
        item->kind = ITEM_SET;
    } else if (c == 'x') {
        int byte = read_hex(reader);
        item->byte = (unsigned)byte;
        return byte >= 0;
    } else if (c == 'p' || c == 'P') {
        item->kind = ITEM_UNKNOWN;
        skip_property(reader);
        return true;
    } else {
        return false;
    }
    reader->at++;
    return true;
}

static struct node *assertion(struct reader *reader)
{
    reader->at++;
    if (reader_peek(reader, 0) == '{')
        return reader_fail(reader, "\\b{...}");
    return reader_node(reader, NODE_ASSERT);
}

static struct node *backref(struct reader *reader, uint32_t group)
{
    if (group == 0 || group > reader->syntax->groups || !reader->closed[group])
        return reader_fail(reader, "a reference to a group that is not complete");
    struct node *node = reader_node(reader, NODE_BACKREF);
    node->backref = group;
    node->caseless = reader->flags.caseless;
    return node;
}

/* \1 to \9: more digits can be an octal number. */
static struct node *read_number_ref(struct reader *reader)
{
    uint32_t group = (uint32_t)(reader_peek(reader, 0) - '0');
    int after = reader_peek(reader, 1);
    if (after >= 0 && is_digit((char)after))
        return reader_fail(reader, "a reference of two digits");
    reader->at++;
    return backref(reader, group);
}

/* \k<name>, \k'name', \k{name}, from the k on. */
static struct node *read_name_ref(struct reader *reader)
{
    int open = reader_peek(reader, 1);
    char close = (char)(open == '<' ? '>' : open == '{' ? '}' : open == '\'' ? '\'' : 0);
    ptrdiff_t end = close ? bytes_chr(reader->text, close, reader->at + 2) : -1;
    if (end < 0)
        return reader_fail(reader, "\\k in an odd form");
    struct bytes name = bytes_slice(reader->text, reader->at + 2, (size_t)end);
    reader->at = (size_t)end + 1;
    for (size_t i = 0; i < reader->syntax->name_count; i++) {
        if (bytes_eq(reader->syntax->names[i].text, name))
            return backref(reader, reader->syntax->names[i].group);
    }
    return reader_fail(reader, "a reference to a group that is not complete");
}

struct node *reader_escape(struct reader *reader)
{
    reader->at++;
    int c = reader_peek(reader, 0);
    struct item item;
    switch (c) {
    case 'b':
    case 'B':
    case 'A':
    case 'Z':
    case 'z':
        return assertion(reader);
    case 'G':
        reader_unequal(reader, "\\G");
        return assertion(reader);
    case 'k':
        return read_name_ref(reader);
    case 'R':
    case 'X':
        reader_unequal(reader, "\\R or \\X");
        reader->at++;
        return reader_node(reader, NODE_OPAQUE);
    default:
        break;
    }
    if (c >= '1' && c <= '9')
        return read_number_ref(reader);
    if (!read_common_escape(reader, &item))
        return reader_fail(reader, "an escape that is not on the list");
    if (item.kind == ITEM_BYTE)
        return reader_byte(reader, item.byte);
    return item.kind == ITEM_SET ? reader_set(reader, &item.set) : reader_node(reader, NODE_OPAQUE);
}

/* [:name:] inside a class, from its bracket on. */
static bool read_posix(struct reader *reader, struct item *item)
{
    bool inverse = reader_peek(reader, 2) == '^';
    size_t from = reader->at + 2 + inverse;
    ptrdiff_t end = from < reader->text.len ? bytes_find(reader->text, B(":]"), from) : -1;
    if (reader_peek(reader, 1) != ':' || end < 0)
        return false;
    struct bytes name = bytes_slice(reader->text, from, (size_t)end);
    if (reader->flags.caseless && (bytes_eq(name, B("upper")) || bytes_eq(name, B("lower"))))
        name = B("alpha");
    if (!posix_set(name, &item->set))
        return false;
    if (inverse)
        invert(&item->set);
    item->kind = ITEM_SET;
    reader->at = (size_t)end + 2;
    return true;
}

static bool read_item(struct reader *reader, struct item *item)
{
    int c = reader_peek(reader, 0), after = reader_peek(reader, 1);
    if (c == '[' && (after == ':' || after == '.' || after == '='))
        return read_posix(reader, item);
    reader->at++;
    *item = (struct item){.kind = ITEM_BYTE, .byte = (unsigned)c};
    if (c != '\\')
        return c >= 0;
    if (reader_peek(reader, 0) != 'b')
        return read_common_escape(reader, item);
    item->byte = '\b';
    reader->at++;
    return true;
}

/* The item that was read, and with a hyphen after it the range up to the next one. */
static bool read_range(struct reader *reader, struct item *item, struct byte_set *set, bool *known)
{
    bool hyphen = reader_peek(reader, 0) == '-' && reader_peek(reader, 1) != ']';
    if (item->kind != ITEM_BYTE) {
        if (hyphen)
            reader_unequal(reader, "a hyphen beside a class in brackets");
        *known = *known && item->kind == ITEM_SET;
        if (item->kind == ITEM_SET)
            merge(set, &item->set);
        return true;
    }
    unsigned from = item->byte;
    if (!hyphen) {
        set_add(set, from);
        return true;
    }
    reader->at++;
    if (!read_item(reader, item) || item->kind != ITEM_BYTE || item->byte < from)
        return false;
    add_range(set, from, item->byte);
    return true;
}

/* Where the valid [:name:] at `at` ends, or `at`. */
static size_t behind_posix(struct bytes body, size_t at)
{
    if (!bytes_starts(bytes_slice(body, at, body.len), B("[:")))
        return at;
    ptrdiff_t end = bytes_find(body, B(":]"), at + 2);
    return end < 0 ? at : (size_t)end + 2;
}

/* Perl warns of what looks like a POSIX class with something wrong about it, as [:alpha:]
 * or [[:alpha]]: letters in a row together with a bracket, colon, semicolon or caret; [.a.]
 * and [=a=]; a second caret. */
static bool looks_like_posix(struct bytes body)
{
    size_t run = 0, longest = 0;
    char first = body.len > 0 ? body.ptr[0] : 0;
    bool framed = first == '.' || first == '=', marks = framed, again = false;
    for (size_t at = 0; at < body.len; at++) {
        char c = body.ptr[at];
        bool in_range = at > 0 && body.ptr[at - 1] == '-';
        run = is_alpha(c) && !in_range ? run + 1 : 0;
        longest = run > longest ? run : longest;
        marks |= c == ':' || c == ';' || c == '[' || c == '^';
        again |= at > 0 && c == first;
        size_t behind = behind_posix(body, at);
        at = behind > at ? behind - 1 : at;
    }
    size_t enough = first == ':' || first == ';' ? 2 : 3;
    return (framed && again) || (marks && (longest >= enough || (first == '^' && body.len > 1)));
}

struct node *reader_class(struct reader *reader)
{
    struct byte_set set = {0};
    bool known = true;
    reader->at++;
    bool inverse = reader_peek(reader, 0) == '^';
    reader->at += inverse;
    size_t from = reader->at;
    for (bool first = true; first || reader_peek(reader, 0) != ']'; first = false) {
        struct item item;
        if (!read_item(reader, &item) || !read_range(reader, &item, &set, &known))
            return reader_fail(reader, "a class that is not on the list");
    }
    if (looks_like_posix(bytes_slice(reader->text, from, reader->at)))
        reader_unequal(reader, "a class that looks like a POSIX class");
    reader->at++;
    if (reader->flags.caseless)
        add_both_cases(&set);
    if (inverse)
        invert(&set);
    if (set_count(&set, 1) == 0)
        reader_unequal(reader, "a class without bytes");
    return known ? reader_set(reader, &set) : reader_node(reader, NODE_OPAQUE);
}
