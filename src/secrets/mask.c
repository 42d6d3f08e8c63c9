/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "secrets/mask.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/table.h"

enum { MOST_TRIES = 1000 };

/* Words that are there, and those that replace others: none of them is to be taken for another. */
struct seen {
    struct bytes word; /* owned; lower case */
};

struct mask {
    struct finders *finders;
    struct secret_spans spans;
    struct table secrets, seen;
    struct secret **items; /* owned; in the order in which they were found */
    size_t count, room;
    struct buf patterns; /* of the rules; lower case */
    size_t next[SECRET_KINDS];
    struct buf key; /* of a look-up */
};

static struct bytes key_of_secret(const void *entry)
{
    return ((const struct secret *)entry)->key;
}

static struct bytes key_of_seen(const void *entry)
{
    return ((const struct seen *)entry)->word;
}

struct mask *mask_new(void)
{
    struct mask *mask = mem_zalloc(sizeof(*mask));
    mask->finders = finders_new();
    table_init(&mask->secrets, key_of_secret);
    table_init(&mask->seen, key_of_seen);
    return mask;
}

void mask_free(struct mask *mask)
{
    size_t at = 0;
    for (struct seen *seen; (seen = table_next(&mask->seen, &at));) {
        bytes_free(seen->word);
        free(seen);
    }
    for (size_t i = 0; i < mask->count; i++) {
        bytes_free(mask->items[i]->key);
        bytes_free(mask->items[i]->with);
        free(mask->items[i]);
    }
    free(mask->items);
    table_free(&mask->secrets);
    table_free(&mask->seen);
    finders_free(mask->finders);
    secret_spans_free(&mask->spans);
    buf_free(&mask->patterns);
    buf_free(&mask->key);
    free(mask);
}

/* In lower case; until the next call. */
static struct bytes key_of(struct mask *mask, struct bytes text)
{
    buf_clear(&mask->key);
    for (size_t i = 0; i < text.len; i++)
        buf_char(&mask->key, ascii_lower(text.ptr[i]));
    return buf_bytes(&mask->key);
}

static void see(struct mask *mask, struct bytes word)
{
    struct bytes key = key_of(mask, word);
    if (table_find(&mask->seen, key))
        return;
    struct seen *seen = mem_zalloc(sizeof(*seen));
    seen->word = bytes_dup(key);
    table_insert(&mask->seen, seen);
}

/* -- Texts -- */

/* A text as it is read.  In rules a backslash before what is neither letter nor digit only says
 * that this is meant, and is left out; before a letter it is something else, no part of a word. */
struct view {
    struct bytes source;
    struct buf text;
    size_t *at; /* owned; where in the source each byte is, and its end */
};

static void view_make(struct view *view, struct bytes source, bool rules)
{
    *view = (struct view){.source = source};
    view->at = mem_array(NULL, source.len + 1, sizeof(*view->at));
    for (size_t i = 0; i < source.len; i++) {
        bool escapes = rules && source.ptr[i] == '\\' && i + 1 < source.len;
        view->at[view->text.len] = i;
        if (escapes && is_word(source.ptr[i + 1])) {
            view->at[view->text.len + 1] = i + 1;
            buf_add(&view->text, B("\1\1"));
            i++;
        } else {
            buf_char(&view->text, source.ptr[escapes ? ++i : i]);
        }
    }
    view->at[view->text.len] = source.len;
}

static void view_free(struct view *view)
{
    buf_free(&view->text);
    free(view->at);
}

static struct bytes view_source(const struct view *view, size_t from, size_t to)
{
    return bytes_slice(view->source, view->at[from], view->at[to]);
}

static struct bytes view_text(const struct view *view, size_t from, size_t to)
{
    return bytes_slice(buf_bytes(&view->text), from, to);
}

/* A word by itself may hold these inside; then its parts are words as well. */
static bool is_inside(char c)
{
    return is_word(c) || c == '.' || c == '-';
}

/* From there on the next word, with its end; or the end of the text. */
static size_t next_word(struct bytes text, size_t from, size_t *end)
{
    while (from < text.len && !is_word(text.ptr[from]))
        from++;
    *end = from;
    for (size_t i = from; i < text.len && is_inside(text.ptr[i]); i++)
        if (is_word(text.ptr[i]))
            *end = i + 1;
    return from;
}

/* -- Learning -- */

/* "pattern=", "pattern2=", "egpattern=" at the start of a line. */
static bool begins_pattern(struct bytes line)
{
    struct bytes text = bytes_trim(line);
    if (bytes_starts(text, B("eg")))
        text = bytes_from(text, 2);
    if (!bytes_starts(text, B("pattern")))
        return false;
    size_t at = sizeof("pattern") - 1;
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    return at < text.len && (text.ptr[at] == '=' || is_space(text.ptr[at]));
}

static void keep_patterns(struct mask *mask, struct bytes rules)
{
    bool inside = false;
    for (struct bytes line; bytes_piece(&rules, '\n', &line);) {
        struct view view;
        inside = inside || begins_pattern(line);
        view_make(&view, line, true);
        if (inside)
            buf_cat(&mask->patterns, key_of(mask, buf_bytes(&view.text)), B("\n"));
        view_free(&view);
        inside = inside && bytes_ends(bytes_trim(line), B("\\"));
    }
}

/* Is the key there, as a word? */
static bool is_named(const struct mask *mask, struct bytes key)
{
    struct bytes text = buf_bytes(&mask->patterns);
    for (ptrdiff_t at; (at = bytes_find(text, key, 0)) >= 0;) {
        size_t end = (size_t)at + key.len;
        if ((at == 0 || !is_word(text.ptr[at - 1])) && (end == text.len || !is_word(text.ptr[end])))
            return true;
        text = bytes_from(text, (size_t)at + 1);
    }
    return false;
}

static void add_secret(struct mask *mask, struct bytes text, const struct secret_span *span)
{
    struct bytes key = key_of(mask, text);
    struct secret *secret = table_find(&mask->secrets, key);
    if (!secret) {
        secret = mem_zalloc(sizeof(*secret));
        *secret = (struct secret){
            .key = bytes_dup(key), .kind = span->kind, .named = is_named(mask, key)};
        MEM_GROW(mask->items, mask->count, mask->room, 16);
        mask->items[mask->count++] = secret;
        table_insert(&mask->secrets, secret);
    }
    secret->formed = secret->formed || !span->by_place;
}

static void see_words(struct mask *mask, struct bytes text)
{
    size_t end;
    for (size_t at = next_word(text, 0, &end); at < text.len; at = next_word(text, end, &end)) {
        struct bytes rest = bytes_slice(text, at, end), piece;
        see(mask, rest);
        while (bytes_piece(&rest, '.', &piece))
            see(mask, piece);
    }
}

void mask_learn(struct mask *mask, struct bytes text, bool rules)
{
    struct view view;
    if (rules)
        keep_patterns(mask, text);
    view_make(&view, text, rules);
    see_words(mask, buf_bytes(&view.text));
    secrets_find(mask->finders, buf_bytes(&view.text), rules, &mask->spans);
    for (size_t i = 0; i < mask->spans.count; i++) {
        const struct secret_span *span = &mask->spans.items[i];
        add_secret(mask, view_text(&view, span->from, span->to), span);
    }
    view_free(&view);
}

/* -- What replaces them -- */

static bool is_hex(struct bytes key)
{
    for (size_t i = 0; i < key.len; i++)
        if (is_alpha(key.ptr[i]) && key.ptr[i] > 'f')
            return false;
    return true;
}

/* Of the same shape as the key, and of its own number as long as there are some. */
static void shape(const struct secret *secret, size_t number, struct buf *out)
{
    static const char *const fill[SECRET_KINDS] = {
        [SECRET_HOST] = "host",         [SECRET_MAIL] = "mail",   [SECRET_USER] = "user",
        [SECRET_CREDENTIAL] = "secret", [SECRET_TOKEN] = "token",
    };
    bool hex = secret->kind == SECRET_TOKEN && is_hex(secret->key);
    struct bytes letters = bytes_of(hex || !fill[secret->kind] ? "abcdef" : fill[secret->kind]);
    size_t radix = hex ? 6 : 26, letter = 0;
    for (size_t i = 0; i < secret->key.len; i++) {
        char c = secret->key.ptr[i];
        if (is_alpha(c))
            buf_char(out, letters.ptr[letter++ % letters.len]);
        else
            buf_char(out, is_digit(c) ? '1' : (unsigned char)c > 0x7f ? 'x' : c);
    }
    for (size_t i = out->len, left = number + 1; i-- > 0 && left > 0;) {
        bool letter_here = is_alpha(out->ptr[i]);
        if (!letter_here && !is_digit(out->ptr[i]))
            continue;
        size_t room = letter_here ? radix : 10;
        out->ptr[i] = (char)((letter_here ? 'a' : '0') + (char)(number % room));
        left = number /= room;
    }
}

static void add_ipv4(struct buf *out, size_t number)
{
    static const char *const nets[] = {"192.0.2.", "198.51.100.", "203.0.113."};
    buf_cat(out, bytes_of(nets[number / 254 % 3]), NUM(number % 254 + 1));
}

static void make(const struct secret *secret, size_t number, struct buf *out)
{
    char c = secret->key.len > 2 ? secret->key.ptr[2] : ':';
    switch (secret->kind) {
    case SECRET_IPV4:
        add_ipv4(out, number);
        break;
    case SECRET_IPV6:
        buf_printf(out, "2001:db8::%zx", (number + 1) & 0xffff);
        break;
    case SECRET_MAC:
        buf_printf(out, "00%c00%c5e%c00%c53%c%02x", c, c, c, c, c, (unsigned)(number & 0xff));
        break;
    default:
        shape(secret, number, out);
    }
}

/* Those that have a form by themselves are replaced by what need not be as long. */
static bool is_address(const struct secret *secret)
{
    return secret->kind == SECRET_IPV4 || secret->kind == SECRET_IPV6 || secret->kind == SECRET_MAC;
}

static struct bytes with(struct mask *mask, struct secret *secret)
{
    struct buf made = {0};
    for (size_t tries = 0; !secret->with.ptr; tries++) {
        buf_clear(&made);
        make(secret, mask->next[secret->kind]++, &made);
        bool there = table_find(&mask->seen, buf_bytes(&made));
        if (there && !is_address(secret) && tries < MOST_TRIES)
            continue;
        see(mask, buf_bytes(&made));
        secret->with = bytes_dup(buf_bytes(&made));
    }
    buf_free(&made);
    return secret->with;
}

/* As it is written there: in upper case, with backslashes. */
static void replace(struct mask *mask, struct secret *secret, struct bytes text,
                    struct bytes source, struct buf *out)
{
    struct bytes by = with(mask, secret);
    bool escaped = bytes_chr(source, '\\', 0) >= 0 && source.len > text.len;
    for (size_t i = 0; i < by.len; i++) {
        bool upper = by.len == text.len && text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
        if (escaped && !is_word(by.ptr[i]))
            buf_char(out, '\\');
        buf_char(out, upper ? ascii_upper(by.ptr[i]) : by.ptr[i]);
    }
}

/* -- Masking -- */

/* May it be looked for where nothing but itself tells it? */
static bool stands_alone(const struct secret *secret)
{
    bool letter = false;
    bool common =
        secret->kind == SECRET_HOST || secret->kind == SECRET_USER || secret->kind == SECRET_MAIL;
    for (size_t i = 0; i < secret->key.len; i++)
        letter = letter || is_alpha(secret->key.ptr[i]);
    return secret->key.len >= (letter ? 3 : 6) && !(common && secret->named);
}

/* The word, or its parts: those between "." first, then between "-", then between "_". */
static void mask_word(struct mask *mask, const struct view *view, size_t from, size_t to,
                      const char *separators, struct buf *out)
{
    struct bytes text = view_text(view, from, to);
    struct secret *secret = table_find(&mask->secrets, key_of(mask, text));
    if (secret && !secret->left && stands_alone(secret)) {
        replace(mask, secret, text, view_source(view, from, to), out);
    } else if (*separators == '\0') {
        buf_add(out, view_source(view, from, to));
    } else {
        for (struct bytes rest = text, piece; bytes_piece(&rest, *separators, &piece);) {
            size_t at = from + (size_t)(piece.ptr - text.ptr), end = at + piece.len;
            mask_word(mask, view, at, end, separators + 1, out);
            if (end < to)
                buf_add(out, view_source(view, end, end + 1));
        }
    }
}

/* What is between secrets that have a form or a place. */
static void mask_words(struct mask *mask, const struct view *view, size_t from, size_t to,
                       struct buf *out)
{
    struct bytes text = view_text(view, 0, to);
    while (from < to) {
        size_t end, at = next_word(text, from, &end);
        buf_add(out, view_source(view, from, at));
        if (at < end)
            mask_word(mask, view, at, end, ".-_", out);
        from = end;
    }
}

void mask_text(struct mask *mask, struct bytes text, bool rules, struct buf *out)
{
    struct view view;
    size_t at = 0;
    view_make(&view, text, rules);
    secrets_find(mask->finders, buf_bytes(&view.text), rules, &mask->spans);
    for (size_t i = 0; i < mask->spans.count; i++) {
        const struct secret_span *span = &mask->spans.items[i];
        struct bytes found = view_text(&view, span->from, span->to);
        struct bytes source = view_source(&view, span->from, span->to);
        struct secret *secret = table_find(&mask->secrets, key_of(mask, found));
        mask_words(mask, &view, at, span->from, out);
        if (!secret || secret->left || (span->by_place && secret->named))
            buf_add(out, source);
        else
            replace(mask, secret, found, source, out);
        at = span->to;
    }
    mask_words(mask, &view, at, view.text.len, out);
    view_free(&view);
}

size_t mask_count(const struct mask *mask)
{
    return mask->count;
}

struct secret *mask_secret(struct mask *mask, size_t at)
{
    assert(at < mask->count);
    return mask->items[at];
}
