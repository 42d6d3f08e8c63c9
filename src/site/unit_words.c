/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "site/unit_words.h"

#include "base/mem.h"

void word_list_add(struct word_list *words, struct arena *arena, struct bytes word)
{
    MEM_GROW(words->items, words->count, words->room, 16);
    words->items[words->count++] = arena_bytes(arena, word);
}

void word_list_free(struct word_list *words)
{
    free(words->items);
    *words = (struct word_list){0};
}

/* -- Quotes and backslashes -- */

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* So many digits of a number; -1: there are less. */
static int64_t take_number(struct bytes *rest, int base, size_t digits)
{
    int64_t value = 0;
    if (rest->len < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int digit = hex_digit(rest->ptr[i]);
        if (digit < 0 || digit >= base)
            return -1;
        value = value * base + digit;
    }
    *rest = bytes_from(*rest, digits);
    return value;
}

/* \xHH, \OOO */
static bool take_code(struct bytes *rest, struct buf *word)
{
    struct bytes after = *rest;
    bool octal = is_digit(*after.ptr);
    if (!octal)
        after = bytes_from(after, 1);
    int64_t code = take_number(&after, octal ? 8 : 16, octal ? 3 : 2);
    if (code <= 0 || code > 0xff)
        return false;
    buf_char(word, (char)code);
    *rest = after;
    return true;
}

/* After a backslash; one that means nothing stays. */
static void take_escape(struct bytes *rest, struct buf *word)
{
    static const char names[] = "abfnrtvs\\\"'", values[] = "\a\b\f\n\r\t\v \\\"'";
    char c = *rest->ptr;
    const char *name = c ? strchr(names, c) : NULL;
    if (name) {
        buf_char(word, values[name - names]);
        *rest = bytes_from(*rest, 1);
    } else if ((!is_digit(c) && c != 'x') || !take_code(rest, word)) {
        buf_char(word, '\\');
        buf_char(word, c);
        *rest = bytes_from(*rest, 1);
    }
}

enum taken { NO_WORD, WORD, UNCLOSED };

/* The next word; escapes: those of C, otherwise a backslash is for the character after it. */
static enum taken take_word(struct bytes *rest, bool escapes, struct buf *word)
{
    char quote = '\0';
    buf_clear(word);
    while (rest->len > 0 && is_space(*rest->ptr))
        *rest = bytes_from(*rest, 1);
    if (rest->len == 0)
        return NO_WORD;
    while (rest->len > 0 && (quote || !is_space(*rest->ptr))) {
        char c = *rest->ptr;
        *rest = bytes_from(*rest, 1);
        if (c == '\\' && rest->len > 0 && escapes)
            take_escape(rest, word);
        else if (c == '\\' && rest->len > 0) {
            buf_char(word, *rest->ptr);
            *rest = bytes_from(*rest, 1);
        } else if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        else
            buf_char(word, c);
    }
    return quote ? UNCLOSED : WORD;
}

/* -- Specifiers -- */

/* "a-b" of a name in which "/" is "-" and other characters are \xHH. */
static void add_unescaped(struct buf *out, struct bytes text)
{
    while (text.len > 0) {
        char c = *text.ptr;
        text = bytes_from(text, 1);
        if (c == '\\' && text.len > 0 && *text.ptr == 'x' && take_code(&text, out))
            continue;
        buf_char(out, c == '-' ? '/' : c);
    }
}

/* What a unit is called: sec@a.service is of the prefix sec and the instance a. */
static void add_name(struct buf *out, struct bytes full, char kind)
{
    ptrdiff_t dot = bytes_rfind(full, B(".")), at = bytes_chr(full, '@', 0);
    struct bytes bare = dot > 0 ? bytes_slice(full, 0, (size_t)dot) : full;
    bool instance = at >= 0 && (size_t)at < bare.len;
    struct bytes prefix = instance ? bytes_slice(bare, 0, (size_t)at) : bare;
    struct bytes rest = instance ? bytes_from(bare, (size_t)at + 1) : B("");
    if (kind == 'n')
        buf_add(out, full);
    else if (kind == 'N')
        buf_add(out, bare);
    else if (kind == 'p')
        buf_add(out, prefix);
    else if (kind == 'P')
        add_unescaped(out, prefix);
    else if (kind == 'i')
        buf_add(out, rest);
    else
        add_unescaped(out, rest);
}

/* Those of a service of the system. */
static bool add_specifier(struct buf *out, struct bytes full, char kind)
{
    static const struct {
        char kind;
        const char *folder;
    } folders[] = {{'t', "/run"}, {'S', "/var/lib"}, {'C', "/var/cache"}, {'L', "/var/log"},
                   {'E', "/etc"}, {'T', "/tmp"},     {'V', "/var/tmp"}};
    if (kind == '%')
        buf_char(out, '%');
    else if (kind && strchr("nNpPiI", kind))
        add_name(out, full, kind);
    else {
        size_t i = 0, count = sizeof(folders) / sizeof(*folders);
        while (i < count && folders[i].kind != kind)
            i++;
        if (i < count)
            buf_add(out, bytes_of(folders[i].folder));
        return i < count;
    }
    return true;
}

static bool expand_specifiers(struct bytes word, struct bytes full, struct buf *out,
                              struct buf *why)
{
    buf_clear(out);
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] != '%' || i + 1 == word.len) {
            buf_char(out, word.ptr[i]);
        } else if (!add_specifier(out, full, word.ptr[++i])) {
            buf_cat(why, B("what %"), bytes_slice(word, i, i + 1),
                    B(" stands for only systemd can tell, in: "), word);
            return false;
        }
    }
    return true;
}

bool unit_split(struct arena *arena, struct bytes text, struct bytes full_name,
                struct word_list *words, struct buf *why)
{
    struct buf word = {0}, expanded = {0};
    enum taken taken = WORD;
    bool fine = true;
    while (fine && (taken = take_word(&text, true, &word)) == WORD) {
        fine = expand_specifiers(buf_bytes(&word), full_name, &expanded, why);
        if (fine)
            word_list_add(words, arena, buf_bytes(&expanded));
    }
    if (taken == UNCLOSED)
        buf_add(why, B("a quote is not closed"));
    buf_free(&word);
    buf_free(&expanded);
    return fine && taken != UNCLOSED;
}

/* -- Variables -- */

/* "$NAME" and nothing else. */
static bool is_variable(struct bytes word)
{
    size_t i = 1;
    while (i < word.len && is_word(word.ptr[i]))
        i++;
    return word.len > 1 && *word.ptr == '$' && i == word.len && !is_digit(word.ptr[1]);
}

/* The words that a value has. */
static bool add_split(struct arena *arena, struct bytes value, struct word_list *words,
                      struct buf *why)
{
    struct buf word = {0};
    enum taken taken;
    while ((taken = take_word(&value, false, &word)) == WORD)
        word_list_add(words, arena, buf_bytes(&word));
    buf_free(&word);
    if (taken == UNCLOSED)
        buf_add(why, B("a quote is not closed in a variable"));
    return taken == NO_WORD;
}

/* ${NAME} within a word, and $$. */
static void add_replaced(struct arena *arena, struct bytes word,
                         const struct environment *environment, struct word_list *words)
{
    struct buf out = {0};
    for (size_t i = 0; i < word.len; i++) {
        struct bytes rest = bytes_from(word, i);
        ptrdiff_t end = bytes_starts(rest, B("${")) ? bytes_chr(rest, '}', 2) : -1;
        struct bytes name = end > 2 ? bytes_slice(rest, 2, (size_t)end) : B("");
        size_t length = 0;
        while (length < name.len && is_word(name.ptr[length]))
            length++;
        if (bytes_starts(rest, B("$$"))) {
            buf_char(&out, '$');
            i++;
        } else if (name.len > 0 && length == name.len) {
            buf_add(&out, environment_get(environment, name));
            i += (size_t)end;
        } else {
            buf_char(&out, word.ptr[i]);
        }
    }
    word_list_add(words, arena, buf_bytes(&out));
    buf_free(&out);
}

bool unit_command(struct arena *arena, struct bytes text, struct bytes full_name,
                  const struct environment *environment, struct word_list *words, struct buf *why)
{
    struct word_list plain = {0};
    bool named = false, as_it_is = false;
    while (text.len > 0 && bytes_chr(B("@-:+!|"), *text.ptr, 0) >= 0) {
        named |= *text.ptr == '@';
        as_it_is |= *text.ptr == ':';
        text = bytes_from(text, 1);
    }
    bool fine = unit_split(arena, text, full_name, &plain, why);
    for (size_t i = 0; i < plain.count && fine; i++) {
        struct bytes word = plain.items[i];
        if (bytes_eq(word, B(";"))) {
            buf_add(why, B("more than one command"));
            fine = false;
        } else if (named && i == 1) {
            continue;
        } else if (as_it_is) {
            word_list_add(words, arena, word);
        } else if (is_variable(word)) {
            fine = add_split(arena, environment_get(environment, bytes_from(word, 1)), words, why);
        } else {
            add_replaced(arena, word, environment, words);
        }
    }
    word_list_free(&plain);
    if (fine && words->count == 0)
        buf_add(why, B("no command"));
    return fine && words->count > 0;
}

void unit_replace_program(struct buf *out, struct bytes text, struct bytes program, size_t words)
{
    struct buf word = {0};
    while (text.len > 0 && bytes_chr(B("@-:+!|"), *text.ptr, 0) >= 0) {
        words += *text.ptr == '@'; /* the name that the program is given */
        if (*text.ptr != '@')
            buf_char(out, *text.ptr);
        text = bytes_from(text, 1);
    }
    for (size_t i = 0; i < words; i++)
        take_word(&text, true, &word);
    buf_cat(out, program, B(" "), bytes_trim(text));
    buf_free(&word);
}
