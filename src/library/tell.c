/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "library/tell.h"

#include "base/path.h"

/* How many characters of UTF-8, or bytes that are none. */
static size_t width(struct bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    return count;
}

static void add_padded(struct buf *out, struct bytes text, size_t columns)
{
    buf_add(out, text);
    for (size_t have = width(text); have < columns; have++)
        buf_char(out, ' ');
}

static struct bytes about(const struct package *package)
{
    return package->state == PACKAGE_GONE ? B("links to a package that the library does not have")
                                          : package->sentence;
}

enum { STATE_COLUMNS = 10 };

void tell_list(struct buf *out, const struct library *library)
{
    size_t widest = 0;
    for (size_t i = 0; i < library->count; i++) {
        size_t wide = width(library->packages[i].name);
        widest = wide > widest ? wide : widest;
    }
    for (size_t i = 0; i < library->count; i++) {
        const struct package *package = &library->packages[i];
        struct bytes text = about(package);
        add_padded(out, package_state_word(package->state), STATE_COLUMNS);
        add_padded(out, package->name, text.len > 0 ? widest + 2 : 0);
        buf_add(out, text);
        buf_char(out, '\n');
    }
}

static void add_count(struct buf *out, size_t count, struct bytes word)
{
    buf_num(out, (int64_t)count);
    buf_cat(out, B(" "), word, count == 1 ? B("") : B("s"));
}

static void tell_state(struct buf *out, const struct library *library,
                       const struct package *package)
{
    buf_cat(out, B("State:   "),
            package->state == PACKAGE_ON     ? B("enabled in ")
            : package->state == PACKAGE_PART ? B("partly enabled in ")
            : package->state == PACKAGE_OFF  ? B("not enabled in ")
                                             : B("not in the library, but enabled in "),
            library->etc, B("\n"));
    for (size_t i = 0; i < package->file_count; i++) {
        const struct package_file *file = &package->files[i];
        if (file->state == FILE_THEIRS)
            buf_cat(out, B("         "), file->target, B(" is yours, and in the way\n"));
        else if (file->copy && file->state == FILE_THERE)
            buf_cat(out, B("         "), file->target, B(" is yours to change\n"));
        else if (package->state == PACKAGE_PART && file->state == FILE_MISSING)
            buf_cat(out, B("         "), file->target, B(" is missing\n"));
    }
    for (size_t i = 0; i < package->dangling_count; i++)
        buf_cat(out, B("         "), package->dangling[i].path, B(" is a dangling link\n"));
}

void tell_package(struct buf *out, const struct library *library, const struct package *package)
{
    buf_cat(out, package->name, B("\n\n"), package->head, package->head.len > 0 ? B("\n") : B(""));
    if (package->file_count > 0) {
        buf_cat(out, B("Files:   "), package->folder, B(":"));
        for (size_t i = 0; i < package->file_count; i++)
            buf_cat(out, B(" "), path_name(package->files[i].source));
        buf_add(out, B("\nHas:     "));
        add_count(out, package->rules, B("rule"));
        buf_add(out, B(", "));
        add_count(out, package->tests, B("test"));
        buf_char(out, '\n');
    }
    tell_state(out, library, package);
}

/* A package that was not named may be among them: base. */
void tell_steps(struct buf *out, const struct plan *plan)
{
    const struct package *last = NULL;
    for (size_t i = 0; i < plan->count; i++) {
        const struct step *step = &plan->steps[i];
        if (step->package != last)
            buf_cat(out, step->package->name,
                    package_is_base(step->package) ? B(", which all others need:\n") : B(":\n"));
        last = step->package;
        buf_add(out, B("  "));
        if (step->kind == STEP_LINK)
            buf_cat(out, step->path, B(" -> "), step->source, B("\n"));
        else if (step->kind == STEP_COPY)
            buf_cat(out, step->path, B(", a copy of "), step->source, B(", is yours to change\n"));
        else
            buf_cat(out, step->path, B(" removed\n"));
    }
}
