/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Test Anything Protocol (testanything.org): a line for each test, a block of YAML for what
 * failed.  An error of a test file is a test that failed.  The plan comes at the end.  It is
 * version 13: nothing here is newer, and prove of perl 5.36 refuses version 14. */
#include "base/json_values.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "prove/report.h"

struct tap_report {
    struct report report;
    size_t number;
};

/* "#" begins a directive. */
static void add_name(struct buf *out, struct bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (c == '#' || c == '\\')
            buf_char(out, '\\');
        buf_char(out, c == '\n' || c == '\r' ? ' ' : c);
    }
}

static void begin_test(struct tap_report *tap, bool ok, struct bytes file, struct bytes name)
{
    struct buf *out = &tap->report.out;
    tap->number++;
    buf_cat(out, ok ? B("ok ") : B("not ok "), NUM(tap->number), B(" - "));
    add_name(out, file);
    buf_add(out, B(": "));
    add_name(out, name);
    buf_char(out, '\n');
}

/* Some characters are no text for YAML, or end a line there (U+0085, U+2028). */
static bool is_yaml(unsigned code)
{
    return code == '\t' || (code >= ' ' && code < 0x7f) ||
           (code >= 0xa0 && code != 0x2028 && code != 0x2029 && code != 0xfeff && code < 0xfffe);
}

/* UTF-8 in which those are written as \u2028. */
static void add_yaml(struct buf *out, struct bytes text)
{
    while (text.len > 0) {
        size_t len = utf8_length(text), used = len > 0 ? len : 1;
        const unsigned char *bytes = (const unsigned char *)text.ptr;
        unsigned code = bytes[0];
        if (len == 2)
            code = (code & 0x1f) << 6 | (bytes[1] & 0x3f);
        else if (len == 3)
            code = (code & 0x0f) << 12 | (bytes[1] & 0x3fu) << 6 | (bytes[2] & 0x3fu);
        if (len == 4 || is_yaml(code))
            buf_add(out, bytes_slice(text, 0, used));
        else
            buf_printf(out, "\\u%04x", code);
        text = bytes_from(text, used);
    }
}

/* A scalar between double quotes: all that JSON has in a string is the same there. */
static void add_scalar(struct buf *out, const char *key, struct bytes text)
{
    json_t *string = json_stringn_nocheck(text.len > 0 ? text.ptr : "", text.len);
    char *quoted = json_dumps(string, JSON_ENCODE_ANY);
    buf_cat(out, B("  "), bytes_of(key), B(": "));
    add_yaml(out, bytes_of(quoted ? quoted : "\"\""));
    buf_char(out, '\n');
    free(quoted);
    json_decref(string);
}

/* A block of literal text; what would not be text in YAML has been written otherwise.  Its first
 * line tells how deep it is, for not all readers know a number after the "|". */
static void add_block(struct buf *out, const char *key, struct bytes text)
{
    buf_cat(out, B("  "), bytes_of(key), B(": |\n"));
    while (text.len > 0 && is_space(*text.ptr))
        text = bytes_from(text, 1);
    for (struct bytes line; bytes_piece(&text, '\n', &line);) {
        buf_add(out, B("    "));
        add_yaml(out, line);
        buf_char(out, '\n');
    }
}

static void tap_fault(struct report *report, const struct report_fault *fault)
{
    struct tap_report *tap = (struct tap_report *)report;
    struct buf *out = &report->out, text = {0};
    begin_test(tap, false, fault->place.file, B("the file is valid"));
    report_add_fault(&text, fault);
    buf_add(out, B("  ---\n"));
    add_scalar(out, "message", fault->text);
    add_scalar(out, "severity", B("fail"));
    add_scalar(out, "file", fault->place.file);
    buf_cat(out, B("  line: "), NUM(fault->place.line), B("\n"));
    add_scalar(out, "report", buf_bytes(&text));
    buf_add(out, B("  ...\n"));
    buf_free(&text);
    report_flush(report);
}

static void add_diagnostics(struct buf *out, const json_t *outcome)
{
    const json_t *failure = json_array_get(json_object_get(outcome, "failures"), 0);
    const json_t *message = json_array_get(json_object_get(outcome, "messages"), 0);
    struct buf text = {0};
    report_add_failures(&text, outcome, "", false);
    report_add_notes(&text, outcome, "");
    buf_add(out, B("  ---\n"));
    if (failure) {
        add_scalar(out, "message", json_text(failure, "reason"));
        add_scalar(out, "step", json_text(failure, "step"));
        add_scalar(out, "expected", json_text(failure, "expected"));
        if (json_object_get(failure, "nearest"))
            add_scalar(out, "nearest", json_text(json_object_get(failure, "nearest"), "text"));
    } else {
        add_scalar(out, "message",
                   bytes_make(json_string_value(message), json_string_length(message)));
    }
    add_scalar(out, "severity", failure ? B("fail") : B("error"));
    add_scalar(out, "file", json_text(outcome, "file"));
    buf_cat(out, B("  line: "), NUM(json_number(failure ? failure : outcome, "line")), B("\n"));
    add_block(out, "report", buf_bytes(&text));
    buf_add(out, B("  ...\n"));
    buf_free(&text);
}

static void tap_test(struct report *report, const json_t *outcome, bool last)
{
    (void)last;
    struct tap_report *tap = (struct tap_report *)report;
    bool ok = json_is(outcome, "status", "passed");
    begin_test(tap, ok, json_text(outcome, "file"), json_text(outcome, "name"));
    if (!ok)
        add_diagnostics(&report->out, outcome);
    report_flush(report);
}

static bool tap_end(struct report *report, const struct report_sum *sum)
{
    (void)sum;
    struct tap_report *tap = (struct tap_report *)report;
    buf_cat(&report->out, B("1.."), NUM(tap->number), B("\n"));
    report_flush(report);
    return !report->broken;
}

struct report *report_tap(void)
{
    static const struct report_form form = {tap_fault, tap_test, tap_end, NULL};
    struct tap_report *tap = mem_zalloc(sizeof(*tap));
    tap->report.form = &form;
    buf_add(&tap->report.out, B("TAP version 13\n"));
    return &tap->report;
}
