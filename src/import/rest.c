/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dump has besides contexts and operations. */
#include <time.h>

#include "correlate/calendar.h"
#include "import/importing.h"

/* -- Windows -- */

/* Lines and their sources, which are two lists; empty ones at the beginning have never been. */
static json_t *joint_window(struct importing *import, const json_t *buffer)
{
    json_t *window = json_array();
    const json_t *lines = fields_array(&import->fields, buffer, "lastlines");
    const json_t *sources = fields_array(&import->fields, buffer, "lastinputs");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        json_t *line = json_array_get(lines, i), *source = json_array_get(sources, i);
        json_t *pair = json_array();
        bool own = json_is_string(source) && !bytes_eq(json_bytes(source), B("synthetic event"));
        if (!json_is_string(line) ||
            (json_array_size(window) == 0 && json_string_length(line) == 0)) {
            json_decref(pair);
            continue;
        }
        json_array_append(pair, own ? source : json_null());
        json_array_append(pair, line);
        json_array_append_new(window, pair);
    }
    return window;
}

void import_windows(struct importing *import)
{
    struct fields *fields = &import->fields;
    const json_t *buffer = fields_object(fields, import->dump, "buffer");
    json_t *windows = json_object();
    int64_t size = 1;
    size_t before = fields_enter(fields, B("buffer"));
    if (buffer)
        fields_number(fields, buffer, "bufsize", 1, &size);
    if (size > 1 && json_is_array(json_object_get(buffer, "lastlines"))) {
        json_put(windows, "all", joint_window(import, buffer));
    } else if (size > 1) {
        json_put(windows, "sources", json_deep_copy(fields_object(fields, buffer, "lastlines")));
        json_put(windows, "synthetic",
                 json_deep_copy(fields_array(fields, buffer, "lastsynevents")));
    }
    fields_leave(fields, before);
    json_put(import->state, "windows", windows);
    if (buffer && (size_t)size < import->engine->windows.bufsize)
        import_tell(&import->missing, B("buffer"), B("patterns look at up to "),
                    NUM(import->engine->windows.bufsize), B(" line"),
                    PLURAL(import->engine->windows.bufsize), B(", and the dump has the last "),
                    NUM(size));
}

/* -- Rules -- */

/* But for the address of a pattern's code. */
static bool same_desc(struct bytes a, struct bytes b)
{
    ptrdiff_t at = bytes_find(a, B("CODE(0x"), 0);
    if (at < 0)
        return bytes_eq(a, b);
    struct bytes begin = bytes_slice(a, 0, (size_t)at + 7);
    return bytes_starts(b, begin);
}

static void take_matches(struct importing *import, const struct rule *rule, const json_t *json,
                         json_t *list, bool *moved)
{
    struct fields *fields = &import->fields;
    struct bytes desc;
    int64_t line, matches;
    if (!fields_number(fields, json, "ruleline", 0, &line) ||
        !fields_number(fields, json, "matches", 0, &matches) ||
        !fields_text(fields, json, "desc", &desc))
        return;
    if (!rule || (size_t)line != rule->line || !same_desc(desc, rule->desc_text)) {
        *moved = true;
        return;
    }
    if (matches == 0)
        return;
    json_t *entry = json_object();
    json_put(entry, "rule", rule_place(rule));
    json_put(entry, "matches", json_integer(matches));
    json_array_append_new(list, entry);
    import->matches++;
}

static void take_file(struct importing *import, struct bytes name, const json_t *stats,
                      json_t *list)
{
    struct fields *fields = &import->fields;
    const struct rule_file *file = ruleset_file(import->engine->rules.set, name);
    bool moved = file && json_array_size(stats) != file->count;
    if (!file) {
        import_tell(&import->missing, buf_bytes(&fields->place),
                    B("the file is none of the rule files here; the counts of matches of its rules "
                      "begin at 0"));
        return;
    }
    size_t before = fields_enter(fields, B("stats"));
    for (size_t i = 0; i < json_array_size(stats); i++) {
        size_t around = fields_enter_item(fields, i);
        take_matches(import, i < file->count ? file->rules[i] : NULL, json_array_get(stats, i),
                     list, &moved);
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
    if (moved)
        import_tell(&import->missing, buf_bytes(&fields->place),
                    B("its rules are not those that the dump is of; the counts of matches of those "
                      "that differ begin at 0"));
}

/* A Calendar rule without a context has acted in the minute of the dump; of one with a context it
 * is not known, and it is taken to have. */
static void take_calendar(struct importing *import, json_t *list)
{
    const struct engine *engine = import->engine;
    time_t at = (time_t)import->second, tomorrow = at + 86400;
    struct tm tm, tm2;
    if (!localtime_r(&at, &tm) || !localtime_r(&tomorrow, &tm2))
        return;
    for (size_t i = 0; i < engine->rules.set->calendar_count; i++) {
        const struct rule *rule = engine->rules.set->calendar[i];
        if (!calendar_matches(rule, &tm, tm2.tm_mday == 1))
            continue;
        json_t *entry = json_object();
        struct buf place = {0};
        buf_cat(&place, rule->file->name, B(", Calendar rule at line "), NUM(rule->line));
        json_put(entry, "rule", rule_place(rule));
        json_put(entry, "acted", json_integer(import->second));
        json_array_append_new(list, entry);
        if (rule->parts[0].context || tm.tm_sec <= engine->options->cleantime)
            import_tell(&import->missing, buf_bytes(&place),
                        B("a dump does not tell whether it has acted in the minute of the dump; it "
                          "does not act in what is left of it"));
        buf_free(&place);
    }
}

void import_rules(struct importing *import)
{
    struct fields *fields = &import->fields;
    json_t *files = fields_object(fields, import->dump, "rulestats"), *json;
    json_t *matches = json_array(), *calendar = json_array();
    const char *key;
    size_t length, before = fields_enter(fields, B("rulestats"));
    json_object_keylen_foreach(files, key, length, json)
    {
        struct bytes name = fields_key(fields, key, length);
        size_t around = fields_enter(fields, name);
        const json_t *stats = fields_array(fields, json, "stats");
        if (stats)
            take_file(import, name, stats, matches);
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
    take_calendar(import, calendar);
    json_put(import->state, "matches", matches);
    json_put(import->state, "calendar", calendar);
}

/* -- Variables and events -- */

/* Those that are set anew by each text. */
static bool is_own(struct bytes name)
{
    return bytes_starts(name, B(".")) || bytes_eq(name, B("%")) || bytes_eq(name, B("s")) ||
           bytes_eq(name, B("t")) || bytes_eq(name, B("u"));
}

/* Has code given it its value? */
static bool may_be_code(const struct importing *import, struct bytes name)
{
    struct buf line = {0};
    buf_cat(&line, B("\n"), name, B("\n"));
    bool set = bytes_find(buf_bytes(&import->of_code), buf_bytes(&line), 0) >= 0;
    buf_free(&line);
    return set || import->knows_variables;
}

void import_variables(struct importing *import)
{
    struct fields *fields = &import->fields;
    json_t *values = fields_object(fields, import->dump, "variables"), *value;
    json_t *taken = json_object();
    const char *key;
    size_t length, before = fields_enter(fields, B("variables"));
    json_object_keylen_foreach(values, key, length, value)
    {
        struct bytes name = fields_key(fields, key, length);
        size_t around = fields_enter(fields, name);
        if (!is_own(name)) {
            json_object_setn_nocheck(taken, key, length, value);
            import->variables++;
            if (json_is_null(value) && may_be_code(import, name))
                import_tell(
                    &import->missing, buf_bytes(&fields->place),
                    B("it held code of Perl's, an object, or nothing, which a dump does not "
                      "tell; it holds nothing"));
            else if (json_is_object(value) || json_is_array(value))
                import_tell(&import->made_good, buf_bytes(&fields->place),
                            B("its Perl data are there again, but they are this variable's alone"));
        }
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
    json_put(import->state, "variables", taken);
}

void import_events(struct importing *import)
{
    struct fields *fields = &import->fields;
    const json_t *events = fields_array(fields, import->dump, "pendingevents");
    json_t *pending = json_array();
    size_t before = fields_enter(fields, B("pendingevents"));
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *json = json_array_get(events, i);
        struct bytes text, context = B(CONTEXT_SYNTHETIC);
        int64_t due;
        size_t around = fields_enter_item(fields, i);
        bool has_context = json_object_get(json, "context") != NULL;
        if (fields_text(fields, json, "event", &text) &&
            fields_number(fields, json, "time", -FIELDS_LARGEST, &due) &&
            (!has_context || fields_text(fields, json, "context", &context))) {
            json_t *entry = json_object();
            json_put(entry, "event", json_of_bytes(text));
            json_put(entry, "due", json_integer(due));
            json_put(entry, "context", json_of_bytes(context));
            json_array_append_new(pending, entry);
            import->events++;
            if (!has_context && import->engine->options->intcontexts)
                import_tell(
                    &import->missing, buf_bytes(&fields->place),
                    B("SEC without --intcontexts tells no context; it is " CONTEXT_SYNTHETIC));
        }
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
    json_put(import->state, "pending", pending);
}

/* -- What stays with SEC -- */

void import_processes(struct importing *import)
{
    struct fields *fields = &import->fields;
    json_t *children = fields_object(fields, import->dump, "children"), *json;
    const char *key;
    size_t length, before = fields_enter(fields, B("children"));
    json_object_keylen_foreach(children, key, length, json)
    {
        struct bytes command;
        size_t around = fields_enter(fields, fields_key(fields, key, length));
        if (fields_text(fields, json, "cmdline", &command))
            import_tell(&import->missing, buf_bytes(&fields->place),
                        B("the process stays SEC's; what it writes makes no events here, and no "
                          "action runs at its end: "),
                        command);
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
}
