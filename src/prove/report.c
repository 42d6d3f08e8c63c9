/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/report.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/write_whole.h"

void report_free(struct report *report)
{
    if (!report)
        return;
    if (report->form->free)
        report->form->free(report);
    buf_free(&report->out);
    free(report);
}

void report_flush(struct report *report)
{
    if (!report->broken && !write_whole(STDOUT_FILENO, buf_bytes(&report->out))) {
        fprintf(stderr, "secant test: standard output: %s\n", error_text(errno).ptr);
        report->broken = true;
    }
    buf_clear(&report->out);
}

void report_add_visible(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool control = utf8_is_control(bytes_from(text, i));
        buf_char(out, (c < ' ' && c != '\t') || c == 0x7f || control ? '?' : text.ptr[i]);
        i += control;
    }
}

/* Tabs stay, so that the caret is below what it means. */
static void add_caret(struct buf *out, const struct report_fault *fault)
{
    size_t at = fault->place.column - 1;
    for (size_t i = 0; i < at && i < fault->line.len; i++)
        if (!utf8_goes_on(fault->line.ptr[i]))
            buf_char(out, fault->line.ptr[i] == '\t' ? '\t' : ' ');
    buf_char(out, '^');
    for (size_t i = at + 1; i < at + fault->place.length && i < fault->line.len; i++)
        if (!utf8_goes_on(fault->line.ptr[i]))
            buf_char(out, '~');
    buf_char(out, '\n');
}

void report_add_fault(struct buf *out, const struct report_fault *fault)
{
    report_add_visible(out, fault->place.file);
    buf_cat(out, B(":"), NUM(fault->place.line), B(":"), NUM(fault->place.column), B(": error: "));
    report_add_visible(out, fault->text);
    if (fault->hint.len > 0)
        buf_cat(out, B(" ("), fault->hint, B(")"));
    buf_char(out, '\n');
    if (bytes_trim(fault->line).len == 0)
        return;
    buf_add(out, B("  "));
    report_add_visible(out, fault->line);
    buf_add(out, B("\n  "));
    add_caret(out, fault);
}

void report_add_notes(struct buf *out, const json_t *outcome, const char *indent)
{
    const json_t *notes = json_object_get(outcome, "notes");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        buf_cat(out, bytes_of(indent), B("Note: "));
        report_add_visible(out, json_text(note, "text"));
        buf_add(out, B("  "));
        report_add_visible(out, json_text(note, "file"));
        buf_cat(out, B(":"), NUM(json_number(note, "line")), B("\n"));
    }
}
