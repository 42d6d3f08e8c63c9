/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "inspect/inspect.h"
#include "inspect/snapshot.h"
#include "replay/show.h"
#include "state/variables.h"

struct telling {
    struct snapshot snapshot;
    struct buf out;
    const char *title;   /* of the part that is under way */
    struct bytes *rules; /* each "FILE:LINE TYPE"; owned */
    size_t count, room;
    bool in_context; /* its line is under way, */
    uint64_t events; /* and it has so many, so far */
};

static void flush(struct telling *t)
{
    fwrite(t->out.ptr, 1, t->out.len, stdout);
    buf_clear(&t->out);
}

/* The line of a thing begins; the first one of a part has a title before it. */
static struct buf *begin_line(struct telling *t, const char *title)
{
    if (t->title != title)
        buf_cat(&t->out, B("\n"), bytes_of(title), B("\n"));
    t->title = title;
    buf_add(&t->out, B("  "));
    return &t->out;
}

/* In the zone of the process; a second that no calendar has as its number. */
static void add_second(struct buf *out, int64_t second)
{
    time_t at = (time_t)second;
    struct tm tm;
    char text[64];
    size_t length =
        localtime_r(&at, &tm) ? strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm) : 0;
    buf_add(out, length ? bytes_make(text, length) : NUM(second));
}

static void add_count(struct buf *out, struct bytes before, uint64_t count, struct bytes one)
{
    buf_add(out, before);
    buf_grouped(out, count);
    buf_cat(out, B(" "), one, count == 1 ? B("") : B("s"));
}

static void show_head(struct telling *t, const struct saved_head *head)
{
    struct buf *out = &t->out;
    const struct state_reading *reading = &t->snapshot.newest.snapshot;
    state_file_path(&t->snapshot.folder, STATE_SNAPSHOT, reading->generation, out);
    buf_add(out, B(": the state of "));
    add_second(out, head->second);
    buf_add(out, B(", kept by "));
    show_plain_text(out, head->program);
    add_count(out, B("\n"), head->lines, B("line"));
    add_count(out, B(" processed; rules matched "), head->matches, B("time"));
    uint64_t later = snapshot_batches_after(&t->snapshot);
    if (later > 0)
        buf_cat(out, B("; what came after it, in "), NUM(later),
                later == 1 ? B(" batch") : B(" batches"), B(" of journals, is not shown"));
    buf_char(out, '\n');
}

static void note_rule(struct telling *t, const struct saved_rule *rule)
{
    struct buf text = {0};
    show_plain_text(&text, rule->file);
    buf_cat(&text, B(":"), NUM(rule->line), B(" "));
    show_plain_text(&text, rule->type);
    MEM_GROW(t->rules, t->count, t->room, 64);
    t->rules[t->count++] = bytes_dup(buf_bytes(&text));
    struct buf *out = begin_line(t, "Rules");
    buf_add(out, buf_bytes(&text));
    if (rule->name.len > 0) {
        buf_add(out, B(", named "));
        show_plain_text(out, rule->name);
    }
    add_count(out, B(", matched "), rule->matches, B("time"));
    buf_free(&text);
}

static void add_times(struct buf *out, int64_t since, int64_t lasts)
{
    buf_add(out, B(", since "));
    add_second(out, since);
    if (lasts > 0)
        add_count(out, B(", for "), (uint64_t)lasts, B("second"));
}

static void show_context(struct telling *t, const struct saved_context *context)
{
    struct buf *out = begin_line(t, "Contexts");
    for (size_t i = 0; i < context->names.count; i++) {
        buf_add(out, i ? B(" = ") : B(""));
        show_plain_text(out, context->names.items[i]);
    }
    add_times(out, context->since, context->lifetime);
    if (context->list > 0)
        buf_add(out, B(", has actions"));
    t->in_context = true;
    t->events = context->store.count;
}

static void end_context(struct telling *t)
{
    if (!t->in_context)
        return;
    if (t->events > 0)
        add_count(&t->out, B(", holds "), t->events, B("event"));
    buf_char(&t->out, '\n');
    t->in_context = false;
}

static void show_operation(struct telling *t, const struct saved_operation *operation)
{
    struct buf *out = begin_line(t, "Operations");
    buf_add(out, operation->rule < t->count ? t->rules[operation->rule] : B("?"));
    buf_add(out, B(": "));
    show_plain_text(out, operation->desc);
    add_times(out, operation->since, operation->window);
    if (operation->times.count > 0)
        add_count(out, operation->times.more ? B(", more than ") : B(", "), operation->times.count,
                  B("event"));
    if (operation->suppressing)
        buf_add(out, B(", suppresses"));
}

static void show_event(struct telling *t, const struct saved_event *event, bool pending)
{
    struct buf *out = begin_line(t, pending ? "Pending events" : "Queued events");
    if (pending) {
        add_second(out, event->due);
        buf_add(out, B(": "));
    }
    show_plain_text(out, event->text);
}

/* Not those that all runs have: %% and %.name. */
static void show_variable(struct telling *t, const struct saved_variable *variable)
{
    if (bytes_eq(variable->name, B("%")) || bytes_starts(variable->name, B(".")))
        return;
    struct buf *out = begin_line(t, "Variables");
    buf_add(out, B("%"));
    show_plain_text(out, variable->name);
    if (variable->kind == VARIABLE_TEXT || variable->kind == VARIABLE_NUMBER) {
        buf_add(out, B(" = "));
        show_plain_text(out, variable->text);
    } else {
        buf_add(out, variable->kind == VARIABLE_CODE ? B(" is a reference") : B(" has no value"));
    }
}

static void show_place(struct telling *t, const struct input_place *place)
{
    struct buf *out = begin_line(t, "Inputs");
    show_plain_text(out, place->name);
    add_count(out, B(", "), place->lines, B("line"));
    if (place->inode > 0)
        buf_cat(out, B(", up to byte "), NUM(place->offset), B(" of inode "), NUM(place->inode),
                B(" on device "), NUM(place->device));
    if (!place->open)
        buf_add(out, B(", not open"));
}

static void show_match(struct telling *t, const struct saved_match *match)
{
    struct buf *out = begin_line(t, "Cached matches");
    show_plain_text(out, match->name);
    add_count(out, B(", "), match->count, B("variable"));
}

static void show_window(struct telling *t, const struct saved_window *window)
{
    struct buf *out = begin_line(t, "Lines kept for patterns");
    if (window->of == WINDOW_SOURCE)
        show_plain_text(out, window->source);
    else
        buf_add(out, window->of == WINDOW_ALL ? B("all inputs") : B("events of rules"));
    add_count(out, B(": "), window->count, B("line"));
}

static void show_child(struct telling *t, const struct saved_child *child)
{
    show_plain_text(begin_line(t, "Processes that were running"), child->command);
}

static void show_perl(struct telling *t, const struct saved_perl *perl)
{
    struct buf *out = begin_line(t, "Variables of Perl code");
    show_plain_text(out, perl->name);
    add_count(out, B(", "), perl->value.len, B("byte"));
}

static void show_thing(struct telling *t, const struct saved_thing *thing)
{
    if (thing->kind != SAVED_STORE)
        end_context(t);
    size_t before = t->out.len;
    switch (thing->kind) {
    case SAVED_HEAD:
        show_head(t, &thing->head);
        return;
    case SAVED_RULE:
        note_rule(t, &thing->rule);
        break;
    case SAVED_CONTEXT:
        show_context(t, &thing->context);
        return;
    case SAVED_STORE:
        t->events += thing->store.count;
        return;
    case SAVED_OPERATION:
        show_operation(t, &thing->operation);
        break;
    case SAVED_QUEUED:
    case SAVED_PENDING:
        show_event(t, &thing->event, thing->kind == SAVED_PENDING);
        break;
    case SAVED_VARIABLE:
        show_variable(t, &thing->variable);
        break;
    case SAVED_WINDOW:
        show_window(t, &thing->window);
        break;
    case SAVED_INPUT:
        show_place(t, &thing->place);
        break;
    case SAVED_MATCH:
        show_match(t, &thing->match);
        break;
    case SAVED_CHILD:
        show_child(t, &thing->child);
        break;
    case SAVED_PERL:
        show_perl(t, &thing->perl);
        break;
    case SAVED_LIST:
    case SAVED_TIMES:
    case SAVED_LINES:
    case SAVED_PATTERN:
    case SAVED_END:
        break;
    }
    if (t->out.len > before)
        buf_char(&t->out, '\n');
    if (t->out.len > 64 * 1024)
        flush(t);
}

int inspect_show(struct bytes path, uint64_t generation)
{
    struct telling t = {0};
    struct saved_thing thing;
    struct buf why = {0};
    int status = INSPECT_FAILED;
    if (snapshot_look(&t.snapshot, path, generation, &why)) {
        while (snapshot_thing(&t.snapshot, &thing, &why))
            show_thing(&t, &thing);
        end_context(&t);
        flush(&t);
        status = why.len > 0 ? INSPECT_FOUND : INSPECT_FINE;
        snapshot_close(&t.snapshot);
    }
    for (size_t i = 0; i < t.count; i++)
        bytes_free(t.rules[i]);
    free(t.rules);
    if (why.len > 0)
        fprintf(stderr, "%.*s%s", (int)why.len, why.ptr, why.ptr[why.len - 1] == '\n' ? "" : "\n");
    buf_free(&t.out);
    buf_free(&why);
    return status;
}
