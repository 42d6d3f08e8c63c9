/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Static Analysis Results Interchange Format, version 2.1.0 (OASIS).  A fix is included only if
 * it is complete, as some readers refuse the whole report otherwise. */
#include <xxhash.h>

#include "base/json_values.h"
#include "base/utf8.h"
#include "base/version.h"
#include "check/place.h"
#include "check/report.h"
#include "lang/diag.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* -- Small objects -- */

static json_t *message_of(struct bytes text)
{
    json_t *message = json_object();
    json_put_text(message, "text", text);
    return message;
}

/* A path as a URI: relative ones stay so, from the folder that the checks ran in. */
static json_t *artifact_of(struct bytes path)
{
    struct buf uri = {0};
    json_t *location = json_object();
    if (path.len > 0 && *path.ptr == '/')
        buf_add(&uri, B("file://"));
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (is_word(c) || (c && strchr("/.-~", c)))
            buf_char(&uri, c);
        else
            buf_printf(&uri, "%%%02X", (unsigned)(unsigned char)c);
    }
    json_put_text(location, "uri", buf_bytes(&uri));
    buf_free(&uri);
    return location;
}

static json_t *region_of(struct place_walk *walk, const struct source *source,
                         const struct range *range)
{
    struct place place = place_utf16(walk, source, range);
    json_t *region = json_object();
    json_put_number(region, "startLine", place.line);
    if (range->from.line == 0)
        return region;
    json_put_number(region, "startColumn", place.column);
    json_put_number(region, "endLine", place.end_line);
    json_put_number(region, "endColumn", place.end_column);
    return region;
}

static json_t *location_of(struct place_walk *walk, const struct rule_file *file,
                           const struct range *range)
{
    json_t *location = json_object(), *physical = json_object();
    json_put(physical, "artifactLocation", artifact_of(file->name));
    json_put(physical, "region", region_of(walk, &file->source, range));
    json_put(location, "physicalLocation", physical);
    return location;
}

/* -- Rules of the report: checks, and what loading finds -- */

static void add_descriptor(json_t *rules, const char *name, const char *summary,
                           enum lint_level level, const char *section)
{
    struct buf help = {0};
    json_t *rule = json_object(), *configuration = json_object();
    buf_cat(&help, bytes_of(summary), B(". See "), bytes_of(name), B(" under "), bytes_of(section),
            B(" in the manual page secant-check(1)."));
    json_put_text(rule, "id", bytes_of(name));
    json_put(rule, "shortDescription", message_of(bytes_of(summary)));
    json_put(rule, "fullDescription", message_of(bytes_of(summary)));
    json_put(rule, "help", message_of(buf_bytes(&help)));
    json_put_text(configuration, "level", bytes_of(lint_level_name(level)));
    json_put(rule, "defaultConfiguration", configuration);
    json_array_append_new(rules, rule);
    buf_free(&help);
}

static json_t *make_rules(void)
{
    json_t *rules = json_array();
    const struct diag_kind *kind;
    for (size_t i = 0; lint_checks[i]; i++)
        add_descriptor(rules, lint_checks[i]->name, lint_checks[i]->summary, lint_checks[i]->level,
                       "CHECKS");
    for (size_t i = 0; (kind = diag_kind((enum diag_code)i)); i++)
        add_descriptor(rules, kind->name, kind->summary,
                       kind->severity == SEVERITY_ERROR ? LINT_ERROR : LINT_WARNING, "LOADING");
    return rules;
}

static size_t rule_index(const json_t *rules, const char *name)
{
    size_t i = 0;
    while (i < json_array_size(rules) && !json_is(json_array_get(rules, i), "id", name))
        i++;
    return i;
}

/* -- Results -- */

struct writing {
    json_t *rules, *seen;
    struct place_walk findings, others, edits;
};

/* The same finding in another version of the file has the same one, wherever it has moved to. */
static void put_fingerprint(json_t *result, json_t *seen, const struct lint_finding *finding)
{
    struct buf text = {0};
    char hash[20], print[48];
    buf_cat(&text, bytes_of(finding->check), B("\0"), finding->file->name, B("\0"),
            finding->rule ? finding->rule->desc_text : B(""), B("\0"), finding->text);
    snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)XXH3_64bits(text.ptr, text.len));
    json_int_t number = json_number(seen, hash) + 1;
    json_object_set_new(seen, hash, json_integer(number));
    snprintf(print, sizeof(print), "%s:%lld", hash, (long long)number);
    json_t *prints = json_object();
    json_put_text(prints, "secantCheck/v1", bytes_of(print));
    json_put(result, "partialFingerprints", prints);
    buf_free(&text);
}

static bool is_utf8(struct bytes text)
{
    size_t len;
    for (; text.len > 0; text = bytes_from(text, len))
        if ((len = utf8_length(text)) == 0)
            return false;
    return true;
}

static bool can_be_told(const struct lint_finding *finding)
{
    for (size_t i = 0; i < finding->edit_count; i++)
        if (!is_utf8(finding->edits[i].text))
            return false;
    return finding->edit_count > 0;
}

static void put_fix(json_t *result, struct place_walk *walk, const struct lint_finding *finding)
{
    if (!can_be_told(finding))
        return;
    json_t *fixes = json_array(), *fix = json_object(), *changes = json_array();
    json_t *change = json_object(), *replacements = json_array();
    for (size_t i = 0; i < finding->edit_count; i++) {
        struct range range;
        json_t *replacement = json_object();
        source_range(&finding->file->source, finding->edits[i].at, &range);
        json_put(replacement, "deletedRegion", region_of(walk, &finding->file->source, &range));
        json_put(replacement, "insertedContent", message_of(finding->edits[i].text));
        json_array_append_new(replacements, replacement);
    }
    json_put(change, "artifactLocation", artifact_of(finding->file->name));
    json_put(change, "replacements", replacements);
    json_array_append_new(changes, change);
    json_put(fix, "description", message_of(finding->hint.len > 0 ? finding->hint : B("Fix it")));
    json_put(fix, "artifactChanges", changes);
    json_array_append_new(fixes, fix);
    json_put(result, "fixes", fixes);
}

static void put_other(json_t *result, struct place_walk *walk, const struct lint_finding *finding)
{
    if (!finding->other_file)
        return;
    json_t *others = json_array(), *other = location_of(walk, finding->other_file, &finding->other);
    json_put(other, "message", message_of(finding->other_text));
    json_array_append_new(others, other);
    json_put(result, "relatedLocations", others);
}

static json_t *make_result(struct writing *w, const struct lint_finding *finding)
{
    struct buf text = {0};
    json_t *result = json_object(), *locations = json_array();
    lint_whole_text(finding, &text);
    json_put_text(result, "ruleId", bytes_of(finding->check));
    json_put_number(result, "ruleIndex", rule_index(w->rules, finding->check));
    json_put_text(result, "level", bytes_of(lint_level_name(finding->level)));
    json_put(result, "message", message_of(buf_bytes(&text)));
    json_array_append_new(locations, location_of(&w->findings, finding->file, &finding->range));
    json_put(result, "locations", locations);
    put_other(result, &w->others, finding);
    put_fingerprint(result, w->seen, finding);
    put_fix(result, &w->edits, finding);
    buf_free(&text);
    return result;
}

static void write_all(const struct lint *lint, struct lint_style style, struct buf *out)
{
    (void)style;
    json_t *log = json_object(), *runs = json_array(), *run = json_object(), *tool = json_object();
    json_t *driver = json_object(), *results = json_array();
    struct writing w = {.rules = make_rules(), .seen = json_object()};
    size_t at = 0;
    for (const struct lint_finding *finding; (finding = lint_next_told(lint, &at));)
        json_array_append_new(results, make_result(&w, finding));
    json_put_text(driver, "name", B("secant check"));
    json_put_text(driver, "version", B(SECANT_VERSION));
    json_put(driver, "rules", w.rules);
    json_put(tool, "driver", driver);
    json_put(run, "tool", tool);
    json_put_text(run, "columnKind", B("utf16CodeUnits"));
    json_put(run, "results", results);
    json_array_append_new(runs, run);
    json_put_text(log, "$schema", B(SCHEMA));
    json_put_text(log, "version", B("2.1.0"));
    json_put(log, "runs", runs);
    json_write(out, log);
    buf_char(out, '\n');
    json_decref(w.seen);
}

const struct lint_format format_sarif = {"sarif", true, write_all, NULL};
