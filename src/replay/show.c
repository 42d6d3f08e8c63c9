/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects as lines for people, or as JSON for programs. */
#include "replay/show.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lang/ruleset.h"

enum { KEPT = 64 * 1024, NAME_WIDTH = 8 };

#define COLOUR_TIME "\033[2m"
#define COLOUR_RULE "\033[36m"
#define COLOUR_NAME "\033[1m"
#define COLOUR_END "\033[0m"

void show_flush(struct show *show)
{
    struct bytes rest = buf_bytes(&show->out);
    while (rest.len > 0 && !show->broken) {
        ssize_t written = write(STDOUT_FILENO, rest.ptr, rest.len);
        if (written > 0)
            rest = bytes_from(rest, (size_t)written);
        else if (written < 0 && errno != EINTR && errno != EAGAIN)
            show->broken = errno;
    }
    buf_clear(&show->out);
}

struct bytes show_date(char out[48], int64_t second, bool iso)
{
    struct tm tm;
    time_t t = (time_t)second;
    if (!localtime_r(&t, &tm))
        return bytes_num(out, second);
    int len =
        snprintf(out, 48, "%04lld-%02d-%02d%c%02d:%02d:%02d", (long long)tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday, iso ? 'T' : ' ', tm.tm_hour, tm.tm_min, tm.tm_sec);
    if (iso) {
        long off = labs(tm.tm_gmtoff) / 60;
        len += snprintf(out + len, 48 - (size_t)len, "%c%02ld:%02ld", tm.tm_gmtoff < 0 ? '-' : '+',
                        off / 60, off % 60);
    }
    return bytes_make(out, (size_t)len);
}

/* Many effects come in one second. */
static struct bytes date_of(struct show *show, int64_t second)
{
    if (show->date_second != second || show->date[0] == '\0') {
        show_date(show->date, second, show->json);
        show->date_second = second;
    }
    return bytes_of(show->date);
}

void show_json_text(struct buf *out, struct bytes text)
{
    buf_char(out, '"');
    while (text.len > 0) {
        unsigned char c = (unsigned char)*text.ptr;
        size_t len = utf8_length(text);
        if (len == 0)
            buf_add(out, B("\\ufffd"));
        else if (c == '"' || c == '\\')
            buf_cat(out, B("\\"), bytes_slice(text, 0, 1));
        else if (c == '\n')
            buf_add(out, B("\\n"));
        else if (c < ' ' || c == 0x7f)
            buf_printf(out, "\\u%04x", (unsigned)c);
        else
            buf_add(out, bytes_slice(text, 0, len));
        text = bytes_from(text, len > 0 ? len : 1);
    }
    buf_char(out, '"');
}

static void add_member(struct buf *out, struct bytes name, struct bytes text)
{
    buf_cat(out, B(",\""), name, B("\":"));
    show_json_text(out, text);
}

static bool has_text(const struct effect *effect)
{
    return effect->kind == EFFECT_WRITE || effect->kind == EFFECT_WRITEN ||
           effect->kind == EFFECT_OWRITECL || effect->kind == EFFECT_PRINT ||
           effect->kind == EFFECT_SEND || effect->kind == EFFECT_FEED || effect->text.len > 0;
}

static struct bytes command_of(const struct effect *effect)
{
    return effect->command ? effect->command->text : (struct bytes){0};
}

/* Of an operator of Perl all that it was given is of interest: rename A B, kill TERM 17. 0: the
 * target tells it. */
static size_t count_arguments(const struct effect *effect)
{
    if (effect->kind != EFFECT_PERL || effect->command || effect->text.len > 0)
        return 0;
    bool told = effect->count == 1 && bytes_eq(effect->words[0], effect->target);
    return told ? 0 : effect->count;
}

static void add_arguments(struct buf *out, const struct effect *effect)
{
    for (size_t i = 0; i < count_arguments(effect); i++) {
        buf_add(out, i == 0 ? B(",\"arguments\":[") : B(","));
        show_json_text(out, effect->words[i]);
    }
    if (count_arguments(effect) > 0)
        buf_char(out, ']');
}

static void show_object(struct show *show, const struct effect *effect)
{
    struct buf *out = &show->out;
    struct bytes command = command_of(effect);
    buf_cat(out, B("{\"time\":"), NUM(effect->second), B(",\"date\":\""),
            date_of(show, effect->second), B("\""));
    if (effect->rule) {
        add_member(out, B("file"), effect->rule->file->name);
        buf_cat(out, B(",\"line\":"), NUM(effect->rule->line));
    }
    add_member(out, B("action"), bytes_of(effect_name(effect)));
    if (effect->target.len > 0)
        add_member(out, B("target"), effect->target);
    if (command.len > 0)
        add_member(out, B("command"), command);
    if (has_text(effect))
        add_member(out, B("text"), effect->text);
    add_arguments(out, effect);
    buf_add(out, B("}\n"));
}

/* One line, whatever is in it, and no orders to the terminal. */
void show_plain_text(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\n')
            buf_add(out, B("\\n"));
        else if (c == '\t')
            buf_char(out, '\t');
        else if (c < ' ' || c == 0x7f)
            buf_printf(out, "\\x%02x", (unsigned)c);
        else if (utf8_is_control(bytes_from(text, i)))
            buf_printf(out, "\\u%04x", (unsigned char)text.ptr[++i]);
        else
            buf_char(out, (char)c);
    }
}

static void paint(struct show *show, struct bytes colour)
{
    if (show->colour)
        buf_add(&show->out, colour);
}

static void add_place(struct buf *out, const struct rule *rule)
{
    if (rule)
        buf_cat(out, rule->file->name, B(":"), NUM(rule->line));
    else
        buf_add(out, B("-"));
}

/* What with: a command and what it is fed, or a target and what it gets. */
static void add_matter(struct buf *out, const struct effect *effect)
{
    struct bytes command = command_of(effect), first = command.len > 0 ? command : effect->target;
    size_t arguments = count_arguments(effect);
    for (size_t i = 0; i < arguments; i++) {
        buf_add(out, i > 0 ? B(" ") : B(""));
        show_plain_text(out, effect->words[i]);
    }
    if (arguments == 0)
        show_plain_text(out, first);
    if (effect->text.len == 0 || effect->kind == EFFECT_DUMP)
        return;
    if (first.len > 0)
        buf_add(out, effect->command ? B(" <<< ") : B(": "));
    struct bytes text = effect->text;
    if (text.ptr[text.len - 1] == '\n')
        text.len--;
    show_plain_text(out, text);
}

static void show_line(struct show *show, const struct effect *effect)
{
    struct buf *out = &show->out;
    struct bytes name = bytes_of(effect_name(effect));
    paint(show, B(COLOUR_TIME));
    buf_add(out, date_of(show, effect->second));
    paint(show, B(COLOUR_END));
    buf_add(out, B("  "));
    paint(show, B(COLOUR_RULE));
    add_place(out, effect->rule);
    paint(show, B(COLOUR_END));
    buf_add(out, B("  "));
    paint(show, B(COLOUR_NAME));
    buf_add(out, name);
    paint(show, B(COLOUR_END));
    size_t end = out->len;
    for (size_t i = name.len; i < NAME_WIDTH; i++)
        buf_char(out, ' ');
    buf_char(out, ' ');
    size_t begin = out->len;
    add_matter(out, effect);
    if (out->len == begin)
        out->len = end;
    buf_char(out, '\n');
}

bool show_is_plain(const struct effect *effect)
{
    if (effect->kind == EFFECT_PRINT ||
        (effect_is_print(effect) && bytes_eq(effect->target, B("STDOUT"))))
        return true;
    bool writes = effect->kind == EFFECT_WRITE || effect->kind == EFFECT_WRITEN ||
                  effect->kind == EFFECT_OWRITECL || effect->kind == EFFECT_CLOSEF;
    return writes && bytes_eq(effect->target, B("-"));
}

void show_effect(struct show *show, const struct effect *effect)
{
    if (show->json) {
        show_object(show, effect);
    } else if (show_is_plain(effect)) {
        buf_add(&show->out, effect->text);
        if (effect->kind == EFFECT_WRITE)
            buf_char(&show->out, '\n');
    } else if (!show->quiet) {
        show_line(show, effect);
    }
    if (show->out.len >= KEPT)
        show_flush(show);
}
