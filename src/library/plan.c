/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "library/plan.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"

static void add_step(struct plan *plan, enum step_kind kind, const struct package *package,
                     struct bytes path, struct bytes source)
{
    for (size_t i = 0; i < plan->count; i++)
        if (bytes_eq(plan->steps[i].path, path))
            return;
    MEM_GROW(plan->steps, plan->count, plan->room, 16);
    plan->steps[plan->count++] = (struct step){kind, package, path, source};
}

/* Each step makes or removes a name in the service's folder. */
static void check_folder(struct plan *plan, const struct library *library)
{
    if (plan->count == 0 || access(library->etc.ptr, W_OK | X_OK) == 0)
        return;
    buf_cat(&plan->wrong, library->etc, B(": "), error_text(errno), B("\n"));
}

static bool is_asked(const struct package *package, const struct package *const *packages,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (packages[i] == package)
            return true;
    return false;
}

/* What a link says; the library's. */
static bool read_link(struct library *library, struct bytes path, struct bytes *text)
{
    char said[PATH_MAX];
    ssize_t len = readlink(path.ptr, said, sizeof(said));
    if (len >= 0)
        *text = arena_bytes(&library->arena, bytes_make(said, (size_t)len));
    return len >= 0;
}

static void remove_dangling(struct plan *plan, const struct package *package)
{
    for (size_t i = 0; i < package->dangling_count; i++)
        add_step(plan, STEP_REMOVE, package, package->dangling[i].path, package->dangling[i].text);
}

/* -- Enabling -- */

static void refuse_file(struct plan *plan, struct bytes path)
{
    char said[PATH_MAX];
    ssize_t len = readlink(path.ptr, said, sizeof(said));
    if (len >= 0)
        buf_cat(&plan->wrong, path, B(" is a link to "), bytes_make(said, (size_t)len),
                B(", not to this library\n"));
    else
        buf_cat(&plan->wrong, path, B(" already exists, and is your own file\n"));
}

/* Copies that the user has removed come again when the package is asked for, or not whole. */
static void enable(struct plan *plan, const struct package *package, bool asked)
{
    for (size_t i = 0; i < package->file_count; i++) {
        const struct package_file *file = &package->files[i];
        bool wanted = asked || !file->copy || package->state != PACKAGE_ON;
        if (file->state == FILE_THEIRS)
            refuse_file(plan, file->target);
        else if (file->state == FILE_MISSING && wanted)
            add_step(plan, file->copy ? STEP_COPY : STEP_LINK, package, file->target, file->source);
    }
    remove_dangling(plan, package);
}

void plan_enable(struct plan *plan, const struct library *library,
                 const struct package *const *packages, size_t count)
{
    const struct package *base = library_find(library, B("base"));
    assert(base);
    if (!is_asked(base, packages, count))
        enable(plan, base, false);
    for (size_t i = 0; i < count; i++) {
        if (is_asked(packages[i], packages, i))
            continue;
        assert(packages[i]->state != PACKAGE_GONE);
        size_t before = plan->count;
        enable(plan, packages[i], true);
        if (plan->count == before && plan->wrong.len == 0)
            buf_cat(&plan->notes, packages[i]->name, B(" is already enabled\n"));
    }
    check_folder(plan, library);
}

/* -- Disabling -- */

static void disable(struct plan *plan, struct library *library, const struct package *package)
{
    for (size_t i = 0; i < package->file_count; i++) {
        const struct package_file *file = &package->files[i];
        struct bytes text;
        if (file->state == FILE_MISSING)
            continue;
        if (file->copy || file->state == FILE_THEIRS)
            buf_cat(&plan->notes, file->target, B(" is kept: it is yours\n"));
        else if (read_link(library, file->target, &text))
            add_step(plan, STEP_REMOVE, package, file->target, text);
    }
    remove_dangling(plan, package);
}

static bool needs_base(const struct package *package)
{
    return package_is_enabled(package) && !package_is_base(package);
}

/* Base, when it was named: those that need it are named in turn. */
static void disable_base(struct plan *plan, struct library *library,
                         const struct package *const *packages, size_t count)
{
    const struct package *base = library_find(library, B("base"));
    bool named = is_asked(base, packages, count), needed = false;
    for (size_t i = 0; i < library->count; i++) {
        const struct package *package = &library->packages[i];
        if (!needs_base(package) || is_asked(package, packages, count))
            continue;
        if (named)
            buf_cat(&plan->wrong, package->name, B(" needs base\n"));
        needed = true;
    }
    if (needed || base->state == PACKAGE_OFF || (!named && plan->count == 0))
        return;
    if (library->other_count > 0 && !named)
        buf_cat(&plan->notes, B("base is kept: "), library->others[0], B(" may need it\n"));
    else
        disable(plan, library, base);
}

void plan_disable(struct plan *plan, struct library *library, const struct package *const *packages,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_asked(packages[i], packages, i))
            continue;
        if (packages[i]->state == PACKAGE_OFF)
            buf_cat(&plan->notes, packages[i]->name, B(" is not enabled\n"));
        else if (!package_is_base(packages[i]))
            disable(plan, library, packages[i]);
    }
    disable_base(plan, library, packages, count);
    check_folder(plan, library);
}

void plan_free(struct plan *plan)
{
    free(plan->steps);
    buf_free(&plan->wrong);
    buf_free(&plan->notes);
    *plan = (struct plan){0};
}
