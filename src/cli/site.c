/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/site.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "io/glob.h"
#include "io/inputs.h"
#include "stage/upstream.h"

bool site_find(const struct site_given *given, struct arena *arena, struct site *site)
{
    struct bytes unit = given->texts[SITE_UNIT], defaults = given->texts[SITE_DEFAULT];
    struct buf why = {0};
    bool fine = unit.len == 0 || defaults.len == 0;
    arena_init(arena);
    site_init(site, arena, given->texts[SITE_ROOT]);
    if (!fine)
        buf_add(&why, B("--from-unit or --from-default, not both\n"));
    else if (unit.len > 0)
        fine = site_from_unit(site, unit, &why);
    else
        fine = site_from_default(site, defaults, &why);
    if (why.len > 0)
        complain(buf_bytes(&why));
    buf_free(&why);
    return fine;
}

char **site_arguments(const struct site *site, int argc, char **argv)
{
    size_t count = site->options.count, given = (size_t)argc;
    char **all = mem_zarray(given + count + 1, sizeof(*all));
    all[0] = argv[0];
    for (size_t i = 0; i < count; i++)
        all[i + 1] = (char *)site->options.items[i].ptr;
    memcpy(all + count + 1, argv + 1, (given - 1) * sizeof(*all));
    return all;
}

char **site_reference(const struct site *site, struct bytes given, struct bytes by_default)
{
    const struct word_list *words = &site->reference;
    if (given.len > 0 || words->count == 0)
        return upstream_words(given.len > 0 ? given : by_default);
    char **reference = mem_zarray(words->count + 1, sizeof(*reference));
    for (size_t i = 0; i < words->count; i++)
        reference[i] = bytes_cstr(words->items[i]);
    return reference;
}

void site_enter_environment(const struct site *site)
{
    for (size_t i = 0; i < site->environment.count && site->unit.count > 0; i++)
        setenv(site->environment.items[i].name.ptr, site->environment.items[i].value.ptr, 1);
}

static bool is_recorded(struct bytes name)
{
    struct stat status;
    if (bytes_eq(name, B("-"))) {
        complain(B("Input - is standard input"));
        return false;
    }
    if (stat(name.ptr, &status) != 0 || !S_ISFIFO(status.st_mode))
        return true;
    complain(B("Input "), name, B(" is a named pipe"));
    return false;
}

bool site_check_inputs(const struct bytes *patterns, size_t count)
{
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        struct bytes pattern = patterns[i], context;
        struct file_names names = {0};
        input_split_context(&pattern, &context);
        glob_names(pattern, &names);
        for (size_t j = 0; j < names.count; j++) {
            bool recorded = is_recorded(names.names[j]);
            if (!recorded)
                complain(
                    B(", which has no past lines; name a log of the same lines: --input=FILE\n"));
            fine = fine && recorded;
        }
        file_names_free(&names);
    }
    return fine;
}

void site_add_title(const struct site *site, struct buf *out)
{
    buf_add(out, site->name);
    if (!bytes_eq(site->name, buf_bytes(&site->files)))
        buf_cat(out, B(" ("), buf_bytes(&site->files), B(")"));
    buf_char(out, ':');
}
