/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same for programs. */
#include "base/json_values.h"
#include "library/tell.h"

static void add_line(struct buf *out, json_t *object)
{
    json_write(out, object);
    buf_char(out, '\n');
}

static struct bytes state_word(enum package_state state)
{
    return state == PACKAGE_OFF ? B("available") : package_state_word(state);
}

static json_t *files(const struct package *package)
{
    static const struct bytes states[] = {
        [FILE_MISSING] = {"missing", 7}, [FILE_THERE] = {"there", 5}, [FILE_THEIRS] = {"other", 5}};
    json_t *array = json_array();
    for (size_t i = 0; i < package->file_count; i++) {
        const struct package_file *file = &package->files[i];
        json_t *object = json_object();
        json_put_text(object, "path", file->target);
        json_put_text(object, "source", file->source);
        json_put_text(object, "kind", file->copy ? B("copy") : B("link"));
        json_put_text(object, "state", states[file->state]);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *dangling(const struct package *package)
{
    json_t *array = json_array();
    for (size_t i = 0; i < package->dangling_count; i++)
        json_array_append_new(array, json_of(package->dangling[i].path));
    return array;
}

void tell_package_json(struct buf *out, const struct package *package)
{
    json_t *object = json_object();
    json_put_text(object, "name", package->name);
    json_put_text(object, "state", state_word(package->state));
    json_put_text(object, "summary", package->sentence);
    json_put_text(object, "head", package->head);
    json_put_number(object, "rules", package->rules);
    json_put_number(object, "tests", package->tests);
    json_put(object, "files", files(package));
    json_put(object, "dangling", dangling(package));
    add_line(out, object);
}

void tell_steps_json(struct buf *out, const struct plan *plan)
{
    static const struct bytes kinds[] = {
        [STEP_LINK] = {"link", 4}, [STEP_COPY] = {"copy", 4}, [STEP_REMOVE] = {"remove", 6}};
    for (size_t i = 0; i < plan->count; i++) {
        const struct step *step = &plan->steps[i];
        json_t *object = json_object();
        json_put_text(object, "step", kinds[step->kind]);
        json_put_text(object, "package", step->package->name);
        json_put_text(object, "path", step->path);
        json_put_text(object, "source", step->source);
        add_line(out, object);
    }
}
