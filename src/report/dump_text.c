/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text dump, section by section, in upstream's layout. */
#include "report/dump.h"

#include <stdio.h>
#include <unistd.h>

#include "base/version.h"
#include "report/facts.h"
#include "report/operation.h"

#define SINGLE_RULE "------------------------------------------------------------\n"
#define DOUBLE_RULE "============================================================\n"

/* The dump being written. */
struct dump {
    struct engine *engine;
    struct buf *out;
    struct arena arena; /* lists made for the dump */
    int64_t now;
};

static void put_section(struct buf *out, const char *title)
{
    buf_cat(out, bytes_of(title), B(":\n" DOUBLE_RULE));
}

static void put_total(struct buf *out, size_t count)
{
    buf_cat(out, B("Total: "), NUM(count), B(" elements\n\n"));
}

static void put_time(struct buf *out, const char *label, int64_t time)
{
    buf_cat(out, bytes_of(label), B(": "), CTIME(time), B("\n"));
}

static void put_groups(struct dump *d)
{
    gid_t *groups;
    size_t count = facts_groups(&d->arena, &groups);
    buf_add(d->out, B("Supplementary group IDs: "));
    for (size_t i = 0; i < count; i++)
        buf_cat(d->out, i ? B(" ") : B(""), NUM(groups[i]));
    buf_char(d->out, '\n');
}

static void put_program(struct dump *d)
{
    const struct engine *engine = d->engine;
    put_section(d->out, "Program information");
    buf_add(d->out, B("Program version: " VERSION_TEXT "\n"));
    put_time(d->out, "Time of the start", engine->run.started);
    put_time(d->out, "Time of the last configuration load", engine->rules.set->loaded);
    put_time(d->out, "Time of the dump", d->now);
    buf_cat(d->out, B("Program resource file: "), engine->options->rcfile_status, B("\n"));
    buf_cat(d->out, B("Program options: "), engine->options->all, B("\n"));
    buf_cat(d->out, B("Effective user ID: "), NUM(geteuid()), B("\n"));
    buf_cat(d->out, B("Effective group ID: "), NUM(getegid()), B("\n"));
    put_groups(d);
    buf_char(d->out, '\n');
}

static void put_environment(struct dump *d)
{
    struct environment_entry *entries;
    size_t count = facts_environment(&d->arena, &entries);
    put_section(d->out, "Environment");
    for (size_t i = 0; i < count; i++)
        buf_cat(d->out, entries[i].name, B("="), entries[i].value, B("\n"));
    buf_char(d->out, '\n');
}

static void put_performance(struct dump *d)
{
    struct cpu_times times = facts_times();
    put_section(d->out, "Performance statistics");
    buf_cat(d->out, B("Run time: "), NUM(d->now - d->engine->run.started), B(" seconds\n"));
    buf_printf(d->out, "User time: %.15g seconds\n", times.user);
    buf_printf(d->out, "System time: %.15g seconds\n", times.system);
    buf_printf(d->out, "Child user time: %.15g seconds\n", times.child_user);
    buf_printf(d->out, "Child system time: %.15g seconds\n", times.child_system);
    buf_cat(d->out, B("Processed input lines: "), NUM(d->engine->run.processed_lines), B("\n\n"));
}

/* Widths of the columns of a file's statistics. */
struct widths {
    int rule, line, matched, cpu, events;
};

static int width_of(uint64_t number)
{
    int width = 1;
    while (number >= 10) {
        number /= 10;
        width++;
    }
    return width;
}

static int wider(int a, int b)
{
    return a > b ? a : b;
}

static struct widths find_widths(const struct file_state *file)
{
    struct widths w = {.rule = width_of(file->file->count)};
    for (size_t i = 0; i < file->file->count; i++) {
        const struct rule_state *rule = &file->rules[i];
        w.line = wider(w.line, width_of(rule->rule->line));
        w.matched = wider(w.matched, width_of(rule->match_count));
        w.cpu = wider(w.cpu, snprintf(NULL, 0, "%.2f", rule->cpu_seconds));
        w.events = wider(w.events, width_of(rule->event_count));
    }
    return w;
}

static void put_rule_statistics(struct dump *d, const struct rule_state *state,
                                const struct widths *w)
{
    const struct rule *rule = state->rule;
    buf_printf(d->out, "Rule %*lld line %*zu matched %*llu events", w->rule,
               (long long)rule->id + 1, w->line, rule->line, w->matched,
               (unsigned long long)state->match_count);
    if (d->engine->options->ruleperf)
        buf_printf(d->out, ", %*.2f seconds of CPU time spent for processing %*llu events", w->cpu,
                   state->cpu_seconds, w->events, (unsigned long long)state->event_count);
    buf_cat(d->out, B(" ("), rule->desc_text, B(")\n"));
}

static void put_rules(struct dump *d)
{
    const struct file_states *states = &d->engine->state.files;
    put_section(d->out, "Rule usage statistics");
    for (size_t i = 0; i < states->count; i++) {
        const struct file_state *state = states->items[i];
        const struct rule_file *file = state->file;
        struct widths widths = find_widths(state);
        buf_cat(d->out, B("\nStatistics for the rules from "), file->name, B("\n(loaded at "),
                CTIME(file->loaded), B(")\n" SINGLE_RULE));
        for (size_t k = 0; k < file->count; k++)
            put_rule_statistics(d, &state->rules[k], &widths);
    }
    buf_char(d->out, '\n');
}

static void put_known(struct buf *out, const char *label, int64_t number)
{
    buf_cat(out, bytes_of(label), B(": "), number < 0 ? B("undef") : NUM(number), B(", "));
}

static void put_open_input(struct dump *d, const struct input *input)
{
    buf_add(d->out, B("(status: Open, "));
    if (input->regular) {
        buf_add(d->out, B("type: regular file, "));
        put_known(d->out, "read offset", facts_offset(input));
        put_known(d->out, "file size", facts_size(input));
    } else {
        buf_add(d->out, B("type: pipe, "));
    }
    buf_add(d->out, B("device/inode: "));
    if (facts_stdin(input))
        buf_add(d->out, B("-/-, "));
    else
        buf_cat(d->out, NUM(input->device), B("/"), NUM(input->inode), B(", "));
}

static void put_inputs(struct dump *d)
{
    const struct engine *engine = d->engine;
    put_section(d->out, "Input sources");
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        const struct input *input = inputs_at(engine->io.inputs, i);
        buf_cat(d->out, input->source.name, B(" "));
        if (input->fd >= 0)
            put_open_input(d, input);
        else
            buf_add(d->out, B("(status: Closed, "));
        buf_cat(d->out, B("received data: "), NUM(input->source.lines), B(" lines, "));
        if (engine->options->intcontexts)
            buf_cat(d->out, B("context: "), input->source.context, B(")\n"));
        else
            buf_add(d->out, B("no context set)\n"));
    }
    buf_char(d->out, '\n');
}

static void put_window(struct buf *out, const struct window *window)
{
    buf_add(out, B(SINGLE_RULE));
    for (size_t back = window_size(window); back-- > 0;)
        buf_cat(out, window_line(window, back), B("\n"));
    buf_add(out, B(SINGLE_RULE "\n"));
}

static void put_joint_window(struct dump *d)
{
    const struct window *window = d->engine->windows.all;
    struct bytes size = NUM(d->engine->windows.bufsize);
    buf_cat(d->out, B("Input buffering mode: joint buffer for all input sources\n"),
            B("Size of input buffer: "), size, B("\n\n"));
    buf_cat(d->out, B("Content of input buffer (last "), size, B(" input line(s)):\n"));
    put_window(d->out, window);
    buf_cat(d->out, B("Last "), size, B(" input source(s):\n" SINGLE_RULE));
    for (size_t back = window_size(window); back-- > 0;) {
        struct bytes source = window_source(window, back);
        if (window_pushed(window, back) && !source.ptr)
            source = B("synthetic event");
        buf_cat(d->out, source, B("\n"));
    }
    buf_add(d->out, B(SINGLE_RULE "\n"));
}

static void put_separate_windows(struct dump *d)
{
    const struct engine *engine = d->engine;
    buf_cat(d->out, B("Input buffering mode: separate buffer for each input source\n"),
            B("Size of each input buffer: "), NUM(engine->windows.bufsize), B("\n\n"));
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        const struct input *input = inputs_at(engine->io.inputs, i);
        if (!input->source.window)
            continue;
        buf_cat(d->out, B("Content of input buffer for "), input->source.name, B(":\n"));
        put_window(d->out, input->source.window);
    }
    buf_add(d->out, B("Content of input buffer for synthetic events:\n"));
    put_window(d->out, engine->windows.synthetic);
}

static void put_pending(struct dump *d)
{
    struct events *events = d->engine->state.events;
    size_t count = events_pending_count(events);
    put_section(d->out, "Pending events");
    for (size_t i = 0; i < count; i++) {
        const struct event *event = events_pending_at(events, i);
        buf_cat(d->out, B("Event: "), event->text, B("\nWill be created at "), CTIME(event->due));
        if (d->engine->options->intcontexts)
            buf_cat(d->out, B(" with context '"), event->context, B("'"));
        buf_add(d->out, B("\n\n"));
    }
    put_total(d->out, count);
}

static void put_cache(struct dump *d)
{
    const struct cache *cache = d->engine->state.cache;
    put_section(d->out, "Pattern match cache");
    for (size_t i = 0; i < cache_count(cache); i++) {
        const struct cache_entry *entry = cache_at(cache, i);
        struct named_value *list;
        size_t count = vars_list(&entry->vars, &d->arena, &list);
        buf_cat(d->out, B("Match: "), entry->name, B("\n"));
        for (size_t k = 0; k < count; k++)
            buf_cat(d->out, list[k].name, B(" = "),
                    list[k].value.kind == VALUE_UNSET ? B("undef") : list[k].value.text, B("\n"));
        buf_char(d->out, '\n');
    }
    put_total(d->out, cache_count(cache));
}

static void put_item(void *arg, const struct item *item)
{
    struct buf *out = arg;
    buf_add(out, bytes_of(item->label));
    if (item->part > 1)
        buf_num(out, (int64_t)item->part);
    buf_add(out, B(": "));
    if (item->kind == ITEM_TEXT)
        buf_add(out, item->text);
    else if (item->kind == ITEM_SECONDS && item->number == 0)
        buf_add(out, B("infinite"));
    else
        buf_num(out, item->number);
    buf_add(out, item->kind == ITEM_SECONDS && item->number ? B(" seconds\n") : B("\n"));
}

static void put_operation_events(struct buf *out, const struct operation *operation)
{
    struct operation_events events = operation_events(operation);
    if (!events.text)
        return;
    buf_cat(out, NUM(operation->time_count), B(" events observed at ("), bytes_of(events.text),
            B("):\n"));
    for (uint32_t i = 0; i < operation->time_count; i++) {
        struct operation_event event = operation_event(operation, i);
        buf_add(out, CTIME(event.time));
        if (events.of_group)
            buf_cat(out, B(" (matched by pattern #"), NUM(event.part + 1));
        if (events.have_tokens)
            buf_cat(out, B(", event group token: "), event.token);
        buf_add(out, events.of_group ? B(")\n") : B("\n"));
    }
}

static void put_operation(struct dump *d, const struct operation *operation)
{
    const struct rule *rule = operation->rule;
    struct bytes key =
        operation_key(&d->arena, rule->file->name, rule->id, operation_desc(operation));
    buf_cat(d->out, B("Key: "), key, B("\n"));
    put_time(d->out, "Operation started at", operation->start);
    put_time(d->out, "Correlation window begins at", operation->time);
    if (operation->window)
        put_time(d->out, "Correlation window ends at",
                 clock_later(operation->time, operation->window));
    buf_cat(d->out, B("Configuration file: "), rule->file->name, B("\n"));
    buf_cat(d->out, B("Rule number: "), NUM(rule->id + 1), B("\n"));
    buf_cat(d->out, B("Rule internal ID: "), NUM(rule->id), B("\n"));
    buf_add(d->out, B("Type: "));
    operation_type(operation, d->out);
    buf_char(d->out, '\n');
    operation_items(d->engine, operation, put_item, d->out);
    put_operation_events(d->out, operation);
    buf_add(d->out, B("\n" SINGLE_RULE));
}

static void put_operations(struct dump *d)
{
    size_t count = 0;
    put_section(d->out, "List of event correlation operations");
    struct operation *operation = operations_first(d->engine->state.operations);
    for (; operation; operation = operation->next) {
        put_operation(d, operation);
        arena_reset(&d->arena);
        count++;
    }
    put_total(d->out, count);
}

static void put_context_action(struct dump *d, const struct context *context)
{
    if (!context->action || context->action->count == 0)
        return;
    struct scope scope = {
        .text = context->desc, .keys = context->action->keys, .bound = context->bound};
    buf_add(d->out, B("Action on delete: "));
    action_list_print(context->action, d->engine, &scope, d->out);
    buf_cat(d->out, B(" (%s = "), context->desc, B(")\n"));
}

static void put_context(struct dump *d, const struct context *context)
{
    uint32_t count;
    const struct bytes *names = contexts_aliases(context, &count);
    for (uint32_t i = 0; i < count; i++)
        buf_cat(d->out, B("Context name: "), names[i], B("\n"));
    put_time(d->out, "Initialized at", context->init_time);
    put_time(d->out, "Creation time", context->time);
    if (context->window)
        buf_cat(d->out, B("Lifetime: "), NUM(context->window), B(" seconds\n"));
    else
        buf_add(d->out, B("Lifetime: infinite\n"));
    put_context_action(d, context);
    if (context->event_count)
        buf_cat(d->out, NUM(context->event_count), B(" events associated with context:\n"));
    for (size_t i = 0; i < context->event_count; i++) {
        const struct stored_event *event = context_event(context, i);
        buf_cat(d->out, event->text, B(" (received at "), CTIME(event->time), B(")\n"));
    }
    buf_add(d->out, B(SINGLE_RULE));
}

static void put_contexts(struct dump *d)
{
    struct arena *arena = &d->engine->line.arena;
    size_t count = 0;
    put_section(d->out, "List of contexts");
    struct context *context = contexts_first(d->engine->state.contexts);
    for (; context; context = context->next) {
        struct arena_mark mark = arena_mark(arena);
        put_context(d, context);
        arena_release(arena, mark);
        count++;
    }
    put_total(d->out, count);
}

static void put_children(struct dump *d)
{
    size_t count = 0;
    put_section(d->out, "Child processes");
    const struct child *child = children_first(d->engine->io.children);
    for (; child; child = child->next) {
        buf_cat(d->out, B("Child PID: "), NUM(child->pid), B("\nCommandline started by child: "),
                child->command, B("\n"));
        if (child->reading) {
            buf_add(d->out, B("Connected to pipe input"));
            if (d->engine->options->intcontexts)
                buf_cat(d->out, B(" with context '"), child->context, B("'"));
            buf_char(d->out, '\n');
        }
        buf_add(d->out, B(SINGLE_RULE));
        count++;
    }
    put_total(d->out, count);
}

static void put_variables(struct dump *d)
{
    struct variable_entry *list;
    size_t count = variables_list(d->engine->state.variables, &d->arena, &list);
    put_section(d->out, "Action list variables");
    for (size_t i = 0; i < count; i++) {
        const struct variable *variable = list[i].variable;
        if (variable->kind == VARIABLE_UNDEF)
            buf_cat(d->out, B("%"), list[i].name, B(" = undef\n"));
        else
            buf_cat(d->out, B("%"), list[i].name, B(" = '"), buf_bytes(&variable->text), B("'\n"));
    }
    put_total(d->out, count);
}

void dump_text(struct engine *engine, struct buf *out, int64_t now)
{
    struct dump d = {.engine = engine, .out = out, .now = now};
    arena_init(&d.arena);
    put_program(&d);
    put_environment(&d);
    put_performance(&d);
    put_rules(&d);
    put_inputs(&d);
    if (engine->windows.joint)
        put_joint_window(&d);
    else
        put_separate_windows(&d);
    put_pending(&d);
    put_cache(&d);
    put_operations(&d);
    put_contexts(&d);
    put_children(&d);
    put_variables(&d);
    arena_free(&d.arena);
}
