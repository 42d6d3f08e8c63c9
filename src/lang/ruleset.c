/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rule set: which files there are, which input each processes, and reading them again.
 *
 * Rule files are reference-counted.  The set holds one reference to each; a reload reads what has
 * changed into new files and releases the old ones, which live on as long as operations or contexts
 * need them.
 */
#include "lang/ruleset.h"

#include <assert.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "io/glob.h"
#include "lang/kept.h"
#include "lang/reader.h"
#include "lang/rule_text.h"

struct rule_file *rule_file_new(struct bytes name, int64_t loaded, int64_t modified)
{
    struct rule_file *file = mem_zalloc(sizeof(*file));
    file->refs = 1;
    arena_init(&file->arena);
    file->name = arena_bytes(&file->arena, name);
    file->loaded = loaded;
    file->modified = modified;
    return file;
}

void rule_file_keep(struct rule_file *file, struct perl_value *code)
{
    MEM_GROW(file->codes, file->code_count, file->code_room, 8);
    file->codes[file->code_count++] = code;
}

void rule_file_retain(struct rule_file *file)
{
    file->refs++;
}

void rule_file_release(struct rule_file *file)
{
    assert(file->refs > 0);
    if (--file->refs > 0)
        return;
    for (size_t i = 0; i < file->count; i++)
        rule_dispose(file->rules[i]);
    for (size_t i = 0; i < file->code_count; i++)
        perl_release(file->codes[i]);
    free(file->codes);
    free(file->kept);
    arena_free(&file->arena);
    source_free(&file->source);
    free(file);
}

static struct bytes cfset_name(const void *entry)
{
    return ((const struct cfset *)entry)->name;
}

struct ruleset *ruleset_new(void)
{
    struct ruleset *set = mem_zalloc(sizeof(*set));
    table_init(&set->cfsets, cfset_name);
    return set;
}

/* Forgets everything that is derived from the files. */
static void clear_index(struct ruleset *set)
{
    size_t at = 0;
    struct cfset *cfset;
    while ((cfset = table_next(&set->cfsets, &at))) {
        bytes_free(cfset->name);
        free(cfset->files);
        free(cfset);
    }
    table_free(&set->cfsets);
    free(set->main_files);
    free(set->calendar);
    free(set->kept);
    set->main_files = NULL;
    set->calendar = NULL;
    set->kept = NULL;
    set->main_count = set->calendar_count = set->kept_count = 0;
}

static void release_files(struct rule_file **files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rule_file_release(files[i]);
    free(files);
}

void ruleset_free(struct ruleset *set)
{
    clear_index(set);
    release_files(set->files, set->file_count);
    free(set);
}

static void add_to_cfset(struct ruleset *set, struct rule_file *file, struct bytes name)
{
    struct cfset *cfset = table_find(&set->cfsets, name);
    if (!cfset) {
        cfset = mem_zalloc(sizeof(*cfset));
        cfset->name = bytes_dup(name);
        table_insert(&set->cfsets, cfset);
    }
    cfset->files = mem_array(cfset->files, cfset->count + 1, sizeof(struct rule_file *));
    cfset->files[cfset->count++] = file;
}

static void add_calendar(struct ruleset *set, const struct rule_file *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->count; i++)
        count += file->rules[i]->type->patterns == 0;
    if (count == 0)
        return;
    set->calendar = mem_array(set->calendar, set->calendar_count + count, sizeof(struct rule *));
    for (size_t i = 0; i < file->count; i++)
        if (file->rules[i]->type->patterns == 0)
            set->calendar[set->calendar_count++] = file->rules[i];
}

static bool is_kept(const struct ruleset *set, struct bytes name)
{
    for (size_t i = 0; i < set->kept_count; i++)
        if (bytes_eq(set->kept[i].name, name))
            return true;
    return false;
}

static void add_kept(struct ruleset *set, const struct rule_file *file)
{
    if (file->kept_count == 0)
        return;
    set->kept = mem_array(set->kept, set->kept_count + file->kept_count, sizeof(struct kept_name));
    for (size_t i = 0; i < file->kept_count; i++)
        if (!is_kept(set, file->kept[i]))
            set->kept[set->kept_count++] = (struct kept_name){file->kept[i], file};
}

static void build_index(struct ruleset *set)
{
    clear_index(set);
    set->main_files = mem_array(NULL, set->file_count + 1, sizeof(struct rule_file *));
    for (size_t i = 0; i < set->file_count; i++) {
        struct rule_file *file = set->files[i];
        file->number = i;
        if (!file->jump_only)
            set->main_files[set->main_count++] = file;
        for (size_t k = 0; k < file->cfset_count; k++)
            add_to_cfset(set, file, file->cfsets[k]);
        add_calendar(set, file);
        add_kept(set, file);
    }
}

static struct bytes listed_name(const void *entry)
{
    return *(const struct bytes *)entry;
}

/* The files that the patterns name, each once, in the order of the patterns. */
static void find_files(const struct bytes *patterns, size_t count, struct file_names *list)
{
    struct table seen;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        glob_names(patterns[i], list);
    table_init(&seen, listed_name);
    for (size_t i = 0; i < list->count; i++) {
        struct bytes name = list->names[i];
        if (table_find(&seen, name)) {
            bytes_free(name);
            continue;
        }
        list->names[kept] = name;
        table_insert(&seen, &list->names[kept++]);
    }
    list->count = kept;
    table_free(&seen);
}

/* 0 when there is no such file. */
static int64_t modification_time(struct bytes name)
{
    struct stat info;
    char *path = bytes_cstr(name);
    int64_t modified = stat(path, &info) == 0 ? (int64_t)info.st_mtime : 0;
    free(path);
    return modified;
}

/* The set has these files from now on.  They were read before, since reading runs user code, which
 * must not meet a set that is half there. */
static void install_files(struct ruleset *set, struct rule_file **files, size_t count)
{
    struct rule_file **old = set->files;
    size_t old_count = set->file_count;
    set->files = files;
    set->file_count = count;
    build_index(set);
    release_files(old, old_count);
}

bool ruleset_load(struct ruleset *set, const struct parse_env *env, const struct bytes *patterns,
                  size_t count)
{
    struct file_names list = {0};
    bool sound = true;
    set->loaded = clock_now(env->clock);
    find_files(patterns, count, &list);
    struct rule_file **files = mem_array(NULL, list.count + 1, sizeof(struct rule_file *));
    for (size_t i = 0; i < list.count; i++) {
        files[i] = rule_file_new(list.names[i], set->loaded, modification_time(list.names[i]));
        sound &= read_rule_file(env, files[i]);
    }
    install_files(set, files, list.count);
    kept_check_names(env, set);
    file_names_free(&list);
    return sound;
}

/* One allocation: the list and, after it, the texts. */
static void copy_names(const struct bytes *names, size_t count, struct bytes **copy)
{
    size_t room = count * sizeof(*names);
    for (size_t i = 0; i < count; i++)
        room += names[i].len;
    *copy = mem_alloc(room);
    char *at = (char *)(*copy + count);
    for (size_t i = 0; i < count; i++) {
        if (names[i].len)
            memcpy(at, names[i].ptr, names[i].len);
        (*copy)[i] = bytes_make(at, names[i].len);
        at += names[i].len;
    }
}

/* The file of this name as it is now: the old one when it was not modified. */
static struct rule_file *refresh_file(const struct ruleset *set, const struct parse_env *env,
                                      struct bytes name, bool *modified)
{
    struct rule_file *old = ruleset_file(set, name);
    int64_t now = modification_time(name);
    *modified = old && old->modified != now;
    if (old && !*modified) {
        rule_file_retain(old);
        return old;
    }
    struct rule_file *file = rule_file_new(name, set->loaded, now);
    read_rule_file(env, file);
    return file;
}

static bool is_listed(const struct file_names *list, struct bytes name)
{
    for (size_t i = 0; i < list->count; i++)
        if (bytes_eq(list->names[i], name))
            return true;
    return false;
}

void ruleset_reload(struct ruleset *set, const struct parse_env *env, const struct bytes *patterns,
                    size_t count, struct bytes **changed, size_t *changed_count)
{
    struct file_names list = {0};
    set->loaded = clock_now(env->clock);
    find_files(patterns, count, &list);
    struct rule_file **files = mem_array(NULL, list.count + 1, sizeof(struct rule_file *));
    struct bytes *names = mem_array(NULL, list.count + set->file_count + 1, sizeof(*names));
    *changed_count = 0;
    for (size_t i = 0; i < list.count; i++) {
        bool modified;
        files[i] = refresh_file(set, env, list.names[i], &modified);
        if (modified)
            names[(*changed_count)++] = list.names[i];
    }
    for (size_t i = 0; i < set->file_count; i++)
        if (!is_listed(&list, set->files[i]->name))
            names[(*changed_count)++] = set->files[i]->name;
    copy_names(names, *changed_count, changed);
    free(names);
    install_files(set, files, list.count);
    kept_check_names(env, set);
    file_names_free(&list);
}

size_t ruleset_rules(const struct ruleset *set)
{
    size_t rules = 0;
    for (size_t i = 0; i < set->file_count; i++)
        rules += set->files[i]->count;
    return rules;
}

size_t ruleset_lines(const struct ruleset *set)
{
    size_t most = 1;
    for (size_t i = 0; i < set->file_count; i++) {
        const struct rule_file *file = set->files[i];
        for (size_t k = 0; k < file->count; k++)
            for (size_t part = 0; part < file->rules[k]->part_count; part++)
                if (file->rules[k]->parts[part].pattern.lines > most)
                    most = file->rules[k]->parts[part].pattern.lines;
    }
    return most;
}

struct rule_file *ruleset_file(const struct ruleset *set, struct bytes name)
{
    for (size_t i = 0; i < set->file_count; i++)
        if (bytes_eq(set->files[i]->name, name))
            return set->files[i];
    return NULL;
}

const struct cfset *ruleset_cfset(const struct ruleset *set, struct bytes name)
{
    return table_find(&set->cfsets, name);
}

static bool see_cached_names(const struct rule *rule,
                             bool (*see)(void *, const struct rule *, struct varmap_entry *),
                             void *arg)
{
    for (size_t i = 0; i < rule->part_count; i++) {
        const struct varmap *map = rule->parts[i].varmap;
        for (size_t e = 0; map && e < map->count; e++)
            if (map->entries[e].number < 0 && !see(arg, rule, &map->entries[e]))
                return false;
    }
    return true;
}

const struct rule *ruleset_for_start(const struct ruleset *set)
{
    for (size_t f = 0; f < set->file_count; f++)
        for (size_t i = 0; i < set->files[f]->count; i++) {
            const struct rule *rule = set->files[f]->rules[i];
            const struct regex *regex = rule->part_count > 0 ? rule->parts[0].pattern.regex : NULL;
            struct bytes text = regex ? regex_text(regex) : (struct bytes){0};
            ptrdiff_t at = bytes_find(text, B("SEC_"), 0);
            if (at >= 0 && bytes_find(text, B("STARTUP"), (size_t)at) >= 0)
                return rule;
        }
    return NULL;
}

void ruleset_cached_names(const struct ruleset *set,
                          bool (*see)(void *, const struct rule *, struct varmap_entry *),
                          void *arg)
{
    for (size_t f = 0; f < set->file_count; f++)
        for (size_t i = 0; i < set->files[f]->count; i++)
            if (!see_cached_names(set->files[f]->rules[i], see, arg))
                return;
}
