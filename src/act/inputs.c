/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs and their lines: addinput, dropinput, rewrite. */
#include "act/arguments.h"
#include "act/types.h"

static enum flow run_addinput(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes file = argument(engine, action, 0, scope);
    struct bytes offset = argument(engine, action, 1, scope);
    struct bytes context = argument(engine, action, 2, scope);
    struct input *input = inputs_add(engine->io.inputs, file, offset, context);
    if (input && !engine->windows.joint)
        window_fit(&input->source.window, engine->windows.bufsize);
    return FLOW_NEXT;
}

static enum flow run_dropinput(struct engine *engine, const struct action *action,
                               const struct scope *scope)
{
    inputs_drop(engine->io.inputs, argument(engine, action, 0, scope));
    return FLOW_NEXT;
}

/* The lines that the window is to hold. */
struct lines {
    struct bytes *line;
    size_t count;
    struct bytes text; /* for the message */
};

/* Exactly `count` lines: the first ones of the text, or all of it with empty ones before it. */
static struct lines lines_of(struct engine *engine, struct bytes text, size_t count)
{
    struct lines lines = {arena_alloc(&engine->line.arena, count * sizeof(struct bytes)), count,
                          text};
    size_t given = count_events(text), at = 0;
    while (at + given < count)
        lines.line[at++] = B("");
    for (struct bytes rest = text; at < count; at++)
        next_event(&rest, &lines.line[at]);
    if (given != count)
        lines.text = joined(engine, lines.line, count, '\n');
    return lines;
}

static void rewrite_joint(struct engine *engine, const struct lines *lines)
{
    window_rewrite(engine->windows.all, lines->line, lines->count);
    log_msg(engine->log, LOG_DETAIL, B("Input buffer rewritten with '"), lines->text, B("'"));
}

static struct window *window_of(struct engine *engine, struct bytes name)
{
    const struct input *input = inputs_find(engine->io.inputs, name);
    if (input || !engine->hooks.source)
        return input ? input->source.window : NULL;
    const struct line_source *source = engine->hooks.source(engine, name);
    return source ? source->window : NULL;
}

/* Where each source has a window of its own: the one that the newest line came from. */
static void rewrite_separate(struct engine *engine, const struct lines *lines)
{
    struct bytes source = window_source(engine->windows.all, 0);
    if (!source.ptr && window_pushed(engine->windows.all, 0)) {
        window_rewrite(engine->windows.synthetic, lines->line, lines->count);
        log_msg(engine->log, LOG_DETAIL, B("Input buffer of synthetic events rewritten with '"),
                lines->text, B("'"));
        return;
    }
    struct window *window = source.len ? window_of(engine, source) : NULL;
    if (!window) {
        /* The line was the last one of a source that is not monitored any more. */
        log_msg(engine->log, LOG_WARN,
                B("Can't rewrite the input buffer of non-configured source "), source);
        return;
    }
    window_rewrite(window, lines->line, lines->count);
    log_msg(engine->log, LOG_DETAIL, B("Input buffer of "), source, B(" rewritten with '"),
            lines->text, B("'"));
}

static enum flow run_rewrite(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes linecount = argument(engine, action, 0, scope);
    struct bytes text = argument(engine, action, 1, scope);
    int64_t count;
    if (!bytes_uint(linecount, true, &count)) {
        log_msg(engine->log, LOG_WARN, B("Invalid linecount '"), linecount,
                B("', can't rewrite input buffer"));
        return FLOW_NEXT;
    }
    if (count == 0)
        count = (int64_t)count_events(text);
    if (count == 0) {
        log_msg(engine->log, LOG_WARN, B("No data for rewriting input buffer"));
        return FLOW_NEXT;
    }
    if (count > (int64_t)engine->windows.bufsize)
        count = (int64_t)engine->windows.bufsize;
    struct lines lines = lines_of(engine, text, (size_t)count);
    if (engine->windows.joint)
        rewrite_joint(engine, &lines);
    else
        rewrite_separate(engine, &lines);
    engine->line.rewritten = true;
    return FLOW_NEXT;
}

const struct action_type action_addinput = {.name = "addinput",
                                            .constant = {"ADDINPUT", 58},
                                            .params = {NEEDED_WORD("filename"),
                                                       WORD_OR("-"),
                                                       {.kind = PARAM_WORD,
                                                        .optional = true,
                                                        .fallback = INPUT_CONTEXT_PREFIX,
                                                        .and_first = true}},
                                            .run = run_addinput};
const struct action_type action_dropinput = {.name = "dropinput",
                                             .constant = {"DROPINPUT", 59},
                                             .params = {NEEDED_WORD("filename")},
                                             .run = run_dropinput};
const struct action_type action_rewrite = {.name = "rewrite",
                                           .constant = {"REWRITE", 57},
                                           .params = {NEEDED_WORD("linecount"), EVENT_TEXT},
                                           .run = run_rewrite};
