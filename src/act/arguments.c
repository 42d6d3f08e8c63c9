/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What actions share. */
#include "act/arguments.h"

struct command argument_command(struct engine *engine, const struct arg *arg,
                                const struct scope *scope)
{
    struct bytes *words = arena_alloc(&engine->line.arena, arg->count * sizeof(*words));
    for (size_t i = 0; i < arg->count; i++)
        words[i] = expand(engine, arg->words[i], scope);
    return (struct command){joined(engine, words, arg->count, ' '), words, arg->count};
}

void feed(struct engine *engine, const struct action *action, const struct command *command,
          struct bytes text)
{
    struct bytes lines = arena_cat(&engine->line.arena, text, B("\n"));
    enum effect_kind kind = command ? EFFECT_FEED : EFFECT_PRINT;
    take_effect(engine, action, (struct effect){kind, .command = command, .text = lines});
}

static void say_set(struct engine *engine, const struct arg *variable, struct bytes value)
{
    log_msg(engine->log, LOG_DETAIL, B("Variable '"), VARIABLE_NAME(variable), B("' set to '"),
            value, B("'"));
}

void set_text(struct engine *engine, const struct arg *variable, struct bytes text)
{
    variables_set(engine->state.variables, variable->variable, text);
    say_set(engine, variable, text);
}

void set_number(struct engine *engine, const struct arg *variable, int64_t number)
{
    variables_set_number(engine->state.variables, variable->variable, number);
    say_set(engine, variable, NUM(number));
}

static struct bytes without_last_newlines(struct bytes text)
{
    while (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    return text;
}

bool next_event(struct bytes *rest, struct bytes *event)
{
    struct bytes text = without_last_newlines(*rest);
    if (text.len == 0)
        return false;
    ptrdiff_t end = bytes_chr(text, '\n', 0);
    *event = end < 0 ? text : bytes_slice(text, 0, (size_t)end);
    *rest = end < 0 ? bytes_from(text, text.len) : bytes_from(text, (size_t)end + 1);
    return true;
}

size_t count_events(struct bytes text)
{
    struct bytes event;
    size_t count = 0;
    while (next_event(&text, &event))
        count++;
    return count;
}

struct bytes joined(struct engine *engine, const struct bytes *texts, size_t count, char separator)
{
    size_t len = count;
    for (size_t i = 0; i < count; i++)
        len += texts[i].len;
    char *text = arena_alloc(&engine->line.arena, len);
    char *at = text;
    for (size_t i = 0; i < count; i++) {
        if (i)
            *at++ = separator;
        if (texts[i].len)
            memcpy(at, texts[i].ptr, texts[i].len);
        at += texts[i].len;
    }
    return bytes_make(text, (size_t)(at - text));
}

struct bytes shell_quoted(struct engine *engine, struct bytes text)
{
    struct buf out = {0};
    buf_char(&out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            buf_add(&out, B("'\\''"));
        else
            buf_char(&out, text.ptr[i]);
    }
    buf_char(&out, '\'');
    struct bytes quoted = arena_bytes(&engine->line.arena, buf_bytes(&out));
    buf_free(&out);
    return quoted;
}
