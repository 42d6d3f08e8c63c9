/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reduces lines to templates, and counts these. */
#include "replay/templates.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
    MOST = 4096,    /* templates that are kept */
    LONGEST = 200,  /* bytes of one */
    ALL = 1000,     /* lines of which each is looked at; later ones */
    ONE_OF = 64,    /* are at random */
    HEX_LENGTH = 8, /* digits that are a hexadecimal number without being told so */
};

static struct bytes template_text(const void *entry)
{
    return ((const struct text_template *)entry)->text;
}

void templates_init(struct templates *templates)
{
    *templates = (struct templates){.random = 1};
    table_init(&templates->table, template_text);
}

static void free_template(struct text_template *template)
{
    bytes_free(template->text);
    free(template);
}

/* Folding. */

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What a run of digits, hexadecimal ones, dots and colons at the beginning of the text is. */
struct run {
    size_t len, digits, hex, dots, colons;
};

static struct run measure(struct bytes text)
{
    struct run run = {0};
    for (; run.len < text.len; run.len++) {
        char c = text.ptr[run.len];
        bool inner = run.len + 1 < text.len && is_hex(text.ptr[run.len + 1]);
        if (is_hex(c))
            run.hex++;
        else if (c == '.' && inner)
            run.dots++;
        else if (c == ':' && (inner || (run.len + 1 < text.len && text.ptr[run.len + 1] == ':')))
            run.colons++;
        else
            break;
        run.digits += is_digit(c);
    }
    return run;
}

/* "10.0.0.1" at the beginning: its length, or 0. */
static size_t address_length(struct bytes text)
{
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        size_t digits = 0;
        if (part > 0 && (at == text.len || text.ptr[at++] != '.'))
            return 0;
        while (at < text.len && is_digit(text.ptr[at]) && digits < 4) {
            at++;
            digits++;
        }
        if (digits == 0 || digits > 3)
            return 0;
    }
    return at < text.len && (is_digit(text.ptr[at])) ? 0 : at;
}

/* Folds what the text begins with, if that is one; returns how much it was, 0: nothing. */
static size_t fold_word(struct buf *out, struct bytes text)
{
    size_t address = is_digit(*text.ptr) ? address_length(text) : 0;
    if (address > 0) {
        buf_add(out, B("ADDR"));
        return address;
    }
    struct run run = measure(text);
    bool ends = run.len == text.len || !is_word(text.ptr[run.len]);
    if (ends && run.dots == 0 && run.colons >= 4 && run.hex >= 4 && run.digits > 0) {
        buf_add(out, B("ADDR"));
        return run.len;
    }
    if (ends && run.dots == 0 && run.colons == 0 && run.hex >= HEX_LENGTH && run.digits > 0) {
        buf_add(out, run.digits == run.hex ? B("N") : B("HEX"));
        return run.len;
    }
    return 0;
}

static size_t fold_digits(struct buf *out, struct bytes text)
{
    size_t len = 0;
    while (len < text.len && is_digit(text.ptr[len]))
        len++;
    if (len > 0)
        buf_char(out, 'N');
    return len;
}

/* What stays as it is: up to a digit, or a word that may be a hexadecimal number. */
static size_t plain_length(struct bytes text, bool *inside)
{
    size_t len = 0;
    do {
        *inside = is_word(text.ptr[len++]);
    } while (len < text.len && !is_digit(text.ptr[len]) && (*inside || !is_hex(text.ptr[len])));
    return len;
}

static void fold(struct buf *out, struct bytes text)
{
    bool inside = false; /* a word */
    for (size_t at = 0, len; at < text.len && out->len < LONGEST; at += len) {
        struct bytes rest = bytes_from(text, at);
        len = !inside && is_hex(*rest.ptr) ? fold_word(out, rest) : 0;
        if (len == 0)
            len = fold_digits(out, rest);
        if (len > 0) {
            inside = is_word(text.ptr[at + len - 1]);
            continue;
        }
        if (rest.len > LONGEST - out->len)
            rest.len = LONGEST - out->len;
        len = plain_length(rest, &inside);
        buf_add(out, bytes_slice(rest, 0, len));
    }
}

/* "TIME host sshd[N]: Failed password for root from ADDR port N". */
static void fold_line(struct buf *out, struct bytes line, struct bytes time)
{
    size_t begin = time.len > 0 ? (size_t)(time.ptr - line.ptr) : 0;
    if (time.len > 0) {
        fold(out, bytes_slice(line, 0, begin));
        buf_add(out, B("TIME"));
    }
    fold(out, bytes_from(line, begin + time.len));
}

/* Counting. */

/* Forgets the rarest: those below twice the least count that still has to go. */
static void forget_rare(struct templates *templates)
{
    for (uint64_t least = 1; templates->table.count > MOST / 2; least *= 2) {
        size_t at = 0, count = 0;
        struct text_template **rare =
            mem_array(NULL, templates->table.count, sizeof(struct text_template *));
        for (struct text_template *t; (t = table_next(&templates->table, &at)) != NULL;)
            if (t->count <= least)
                rare[count++] = t;
        for (size_t i = 0; i < count; i++) {
            table_remove(&templates->table, rare[i]->text);
            free_template(rare[i]);
        }
        free(rare);
        templates->rough = true;
    }
}

/* Not each 64th: lines may come in turns. */
static bool is_chosen(struct templates *templates)
{
    templates->random = templates->random * 6364136223846793005 + 1442695040888963407;
    return templates->random >> 58 == 0;
}

void templates_add(struct templates *templates, struct bytes line, struct bytes time)
{
    uint64_t weight = 1;
    if (templates->lines++ >= ALL) {
        if (!is_chosen(templates))
            return;
        weight = ONE_OF;
        templates->rough = true;
    }
    buf_clear(&templates->folded);
    fold_line(&templates->folded, line, time);
    struct bytes text = buf_bytes(&templates->folded);
    struct text_template *t = table_find(&templates->table, text);
    if (!t) {
        if (templates->table.count >= MOST)
            forget_rare(templates);
        t = mem_zalloc(sizeof(*t));
        t->text = bytes_dup(text);
        table_insert(&templates->table, t);
    }
    t->count += weight;
}

static int compare_templates(const void *left, const void *right)
{
    const struct text_template *a = *(const struct text_template *const *)left;
    const struct text_template *b = *(const struct text_template *const *)right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return bytes_cmp(a->text, b->text);
}

size_t templates_top(const struct templates *templates, const struct text_template **top,
                     size_t most)
{
    size_t at = 0, count = 0, all = templates->table.count;
    const struct text_template **sorted =
        mem_array(NULL, all + 1, sizeof(const struct text_template *));
    for (struct text_template *t; (t = table_next(&templates->table, &at)) != NULL;)
        sorted[count++] = t;
    qsort(sorted, count, sizeof(*sorted), compare_templates);
    if (count > most)
        count = most;
    memcpy(top, sorted, count * sizeof(*sorted));
    free(sorted);
    return count;
}
