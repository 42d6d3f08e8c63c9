/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matching a pattern against the newest lines, and setting its match variables.
 *
 * Only RegExp and PerlFunc set variables of their own; their negations just have the text, its
 * source and the internal context.  SubStr, TValue and NCached set none. */
#include "match/pattern.h"

#include <assert.h>

#include "match/regex.h"

#define SMALL_SPANS 16 /* offsets of so many spans are tried on the stack */

/* The window that holds the lines. */
static struct window *lines_window(const struct match_place *place)
{
    return place->separate ? place->separate : place->joint;
}

struct bytes match_text(const struct match_place *place, uint32_t lines)
{
    return window_joined(lines_window(place), lines, place->arena);
}

static struct bytes source_name(const struct window *window, size_t back)
{
    struct bytes source = window_source(window, back);
    return source.ptr ? source : B("synthetic");
}

/* $+{_inputsrc}: with a joint window the sources of all lines. */
static struct bytes sources_of(const struct match_place *place, uint32_t lines)
{
    if (lines == 1 || lines_window(place) != place->joint)
        return source_name(place->joint, 0);
    struct bytes *parts = arena_alloc(place->arena, 2 * lines * sizeof(*parts));
    for (uint32_t i = 0; i < lines; i++) {
        parts[2 * i] = source_name(place->joint, lines - 1 - i);
        parts[2 * i + 1] = B(" ");
    }
    return arena_cat_parts(place->arena, parts, 2 * lines - 1);
}

/* The variables that every match has which has any. */
static struct match_vars common_vars(enum vars_kind kind, const struct pattern *pattern,
                                     const struct match_place *place)
{
    return (struct match_vars){
        .kind = kind,
        .line = match_text(place, pattern->lines),
        .inputsrc = sources_of(place, pattern->lines),
        .intcontext = place->intcontext,
    };
}

/* Stores the match under the varmap's names without number. */
static void store_matches(const struct match_vars *vars, const struct varmap *varmap,
                          const struct match_place *place)
{
    for (size_t i = 0; varmap && i < varmap->count; i++) {
        if (varmap->entries[i].number < 0)
            cache_store(place->cache, varmap->entries[i].name, vars);
    }
}

static bool match_regexp(const struct pattern *pattern, const struct varmap *varmap,
                         const struct match_place *place, struct match_vars *vars)
{
    ptrdiff_t small[2 * SMALL_SPANS];
    size_t groups = regex_groups(pattern->regex), spans = regex_spans(pattern->regex);
    size_t size = 2 * spans * sizeof(*small);
    ptrdiff_t *offsets = spans > SMALL_SPANS ? arena_alloc(place->arena, size) : small;
    if (!regex_match(pattern->regex, match_text(place, pattern->lines), offsets))
        return false;
    *vars = common_vars(VARS_GROUPS, pattern, place);
    vars->regex = pattern->regex;
    vars->varmap = varmap;
    vars->form = pattern->form;
    vars->count = groups > 0 ? groups : 1;
    if (groups > 0) {
        ptrdiff_t *kept = offsets;
        if (offsets == small)
            kept = memcpy(arena_alloc(place->arena, size), small, size);
        vars->offsets = kept + 2;
    }
    store_matches(vars, varmap, place);
    return true;
}

/* Only whether it matches. */
static bool regex_found(struct regex *regex, struct bytes text, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    size_t size = 2 * regex_spans(regex) * sizeof(ptrdiff_t);
    bool found = regex_match(regex, text, arena_alloc(arena, size));
    arena_release(arena, mark);
    return found;
}

static bool match_nregexp(const struct pattern *pattern, const struct match_place *place,
                          struct match_vars *vars)
{
    if (regex_found(pattern->regex, match_text(place, pattern->lines), place->arena))
        return false;
    *vars = common_vars(VARS_VALUES, pattern, place);
    return true;
}

static struct perl_item text_item(struct bytes text)
{
    return (struct perl_item){text.ptr ? PERL_TEXT : PERL_UNDEF, text, NULL};
}

static bool item_true(const struct perl_item *item)
{
    switch (item->kind) {
    case PERL_UNDEF:
        return false;
    case PERL_TEXT:
        return bytes_true(item->text);
    case PERL_NUMBER:
        return bytes_true(item->text) && !bytes_eq(item->text, B("-0"));
    case PERL_VALUE:
        break;
    }
    return perl_true(item->value);
}

static bool list_true(const struct perl_list *list)
{
    return list->count > 1 || (list->count == 1 && item_true(&list->items[0]));
}

static void log_death(const struct pattern *pattern, const struct match_place *place,
                      const struct buf *error)
{
    struct bytes type = pattern->type == PATTERN_PERLFUNC ? B("PerlFunc") : B("NPerlFunc");
    log_msg(place->log, LOG_ERROR, type, B(" pattern runtime error: "), buf_bytes(error));
}

/* Calls the function with the lines and their sources.  false: it died, which is logged. */
static bool call_with_lines(const struct pattern *pattern, const struct match_place *place,
                            struct perl_list *result)
{
    const struct window *window = lines_window(place);
    uint32_t lines = pattern->lines;
    uint32_t sources = window == place->joint ? lines : 1;
    struct perl_item *args = arena_alloc(place->arena, (lines + sources) * sizeof(*args));
    for (uint32_t i = 0; i < lines; i++)
        args[i] = text_item(window_line(window, lines - 1 - i));
    for (uint32_t i = 0; i < sources; i++)
        args[lines + i] = text_item(window_source(place->joint, sources - 1 - i));
    struct buf error = {0};
    bool ok =
        perl_call(pattern->code, args, lines + sources, PERL_LIST, place->arena, result, &error);
    if (!ok)
        log_death(pattern, place, &error);
    buf_free(&error);
    return ok;
}

static void values_from(struct match_vars *vars, const struct perl_list *list, struct arena *arena)
{
    static const enum value_kind kinds[] = {VALUE_UNSET, VALUE_TEXT, VALUE_NUMBER, VALUE_TEXT};
    struct value *values = arena_alloc(arena, list->count * sizeof(*values));
    for (size_t i = 0; i < list->count; i++) {
        const struct perl_item *item = &list->items[i];
        bool defined = item->kind != PERL_UNDEF;
        values[i] = (struct value){kinds[item->kind], defined ? item->text : B("")};
    }
    vars->values = values;
}

static bool any_reference(const struct perl_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == PERL_VALUE)
            return true;
    }
    return false;
}

static bool is_one_hash(const struct perl_list *list)
{
    return list->count == 1 && list->items[0].kind == PERL_VALUE &&
           perl_is_hash(list->items[0].value);
}

/* What a number of the varmap means once the hash holds all but the varmap's names. */
static struct perl_item mapped_item(const struct match_vars *vars, const struct perl_list *list,
                                    uint64_t number, struct arena *arena)
{
    struct perl_item undefined = {PERL_UNDEF, B(""), NULL};
    if (number > list->count)
        return undefined;
    if (number > 0 && !is_one_hash(list))
        return list->items[number - 1];
    struct value value = vars_number(vars, number, arena);
    return value.kind == VALUE_UNSET ? undefined : text_item(value.text);
}

/* Builds the hash of a match that returned references. */
static void hash_from(struct match_vars *vars, const struct perl_list *list,
                      const struct varmap *varmap, const struct match_place *place)
{
    bool named = is_one_hash(list);
    vars->kind = VARS_HASH;
    vars->form = NULL;
    vars->hash = named ? perl_hash_copy(list->items[0].value) : perl_hash_new();
    cache_hold(place->cache, vars->hash);
    for (size_t i = 0; !named && i < list->count; i++)
        perl_hash_store(vars->hash, NUM(i + 1), &list->items[i]);
    struct perl_item line = text_item(vars->line), source = text_item(vars->inputsrc);
    struct perl_item intcontext = text_item(vars->intcontext);
    perl_hash_store(vars->hash, B("0"), &line);
    perl_hash_store(vars->hash, B("_inputsrc"), &source);
    perl_hash_store(vars->hash, B("_intcontext"), &intcontext);
    for (size_t i = 0; varmap && i < varmap->count; i++) {
        const struct varmap_entry *entry = &varmap->entries[i];
        if (entry->number < 0)
            continue;
        struct perl_item item = mapped_item(vars, list, (uint64_t)entry->number, place->arena);
        perl_hash_store(vars->hash, entry->name, &item);
    }
}

static bool match_perlfunc(const struct pattern *pattern, const struct varmap *varmap,
                           const struct match_place *place, struct match_vars *vars)
{
    struct perl_list list = {0};
    if (!call_with_lines(pattern, place, &list))
        return false;
    bool found = list_true(&list);
    if (found) {
        *vars = common_vars(VARS_VALUES, pattern, place);
        vars->count = list.count;
        vars->varmap = varmap;
        vars->form = pattern->form;
        if (any_reference(&list))
            hash_from(vars, &list, varmap, place);
        else
            values_from(vars, &list, place->arena);
        store_matches(vars, varmap, place);
    }
    perl_list_release(&list);
    return found;
}

static bool match_nperlfunc(const struct pattern *pattern, const struct match_place *place,
                            struct match_vars *vars)
{
    struct perl_list list = {0};
    if (!call_with_lines(pattern, place, &list))
        return false;
    bool found = list_true(&list);
    perl_list_release(&list);
    if (!found)
        *vars = common_vars(VARS_VALUES, pattern, place);
    return !found;
}

static bool match_cached(const struct pattern *pattern, const struct match_place *place,
                         struct match_vars *vars)
{
    const struct cache_entry *entry = cache_find(place->cache, pattern->text);
    if (!entry)
        return false;
    *vars = entry->vars;
    /* The entry stays what user code makes of it; the match has what it holds now. */
    if (vars->kind == VARS_HASH)
        vars_take(vars, pattern->used, pattern->used_count, place->arena);
    return true;
}

/* The types that set no variables. */
static bool match_plain(const struct pattern *pattern, const struct match_place *place)
{
    switch (pattern->type) {
    case PATTERN_SUBSTR:
        return bytes_find(match_text(place, pattern->lines), pattern->text, 0) >= 0;
    case PATTERN_NSUBSTR:
        return bytes_find(match_text(place, pattern->lines), pattern->text, 0) < 0;
    case PATTERN_NCACHED:
        return !cache_find(place->cache, pattern->text);
    default:
        return pattern->truth;
    }
}

bool pattern_match(const struct pattern *pattern, const struct varmap *varmap,
                   const struct match_place *place, struct match_vars *vars)
{
    switch (pattern->type) {
    case PATTERN_REGEXP:
        return match_regexp(pattern, varmap, place, vars);
    case PATTERN_NREGEXP:
        return match_nregexp(pattern, place, vars);
    case PATTERN_PERLFUNC:
        return match_perlfunc(pattern, varmap, place, vars);
    case PATTERN_NPERLFUNC:
        return match_nperlfunc(pattern, place, vars);
    case PATTERN_CACHED:
        return match_cached(pattern, place, vars);
    default:
        *vars = (struct match_vars){.kind = VARS_NONE};
        return match_plain(pattern, place);
    }
}

/* Calls the function with the string and references to the lists of tokens and times. */
static bool call_with_group(const struct pattern *pattern, struct bytes string,
                            const struct bytes *tokens, const int64_t *times, size_t count,
                            const struct match_place *place, bool *truth)
{
    struct arena *arena = place->arena;
    struct perl_item *items = arena_alloc(arena, 2 * count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = text_item(tokens[i]);
        struct bytes time = arena_bytes(arena, NUM(times[i]));
        items[count + i] = (struct perl_item){PERL_NUMBER, time, NULL};
    }
    struct perl_value *token_list = perl_array_new(items, count);
    struct perl_value *time_list = perl_array_new(items + count, count);
    struct perl_item args[] = {
        text_item(string), {PERL_VALUE, B(""), token_list}, {PERL_VALUE, B(""), time_list}};
    struct buf error = {0};
    *truth = false;
    bool ok = perl_call_true(pattern->code, args, 3, truth, &error);
    if (!ok)
        log_death(pattern, place, &error);
    perl_release(token_list);
    perl_release(time_list);
    buf_free(&error);
    return ok;
}

bool pattern_match_group(const struct pattern *pattern, struct bytes string,
                         const struct bytes *tokens, const int64_t *times, size_t count,
                         const struct match_place *place)
{
    bool truth;
    switch (pattern->type) {
    case PATTERN_SUBSTR:
        return bytes_find(string, pattern->text, 0) >= 0;
    case PATTERN_NSUBSTR:
        return bytes_find(string, pattern->text, 0) < 0;
    case PATTERN_REGEXP:
        return regex_found(pattern->regex, string, place->arena);
    case PATTERN_NREGEXP:
        return !regex_found(pattern->regex, string, place->arena);
    case PATTERN_PERLFUNC:
        return call_with_group(pattern, string, tokens, times, count, place, &truth) && truth;
    case PATTERN_NPERLFUNC:
        return call_with_group(pattern, string, tokens, times, count, place, &truth) && !truth;
    default:
        return false; /* no other types in egptype */
    }
}

static void print_code(const struct pattern *pattern, struct buf *out)
{
    struct arena arena;
    arena_init(&arena);
    buf_add(out, perl_text(pattern->code, &arena));
    arena_free(&arena);
}

void pattern_print(const struct pattern *pattern, struct buf *out)
{
    static const struct {
        const char *name;
        bool lines;
    } forms[] = {
        [PATTERN_SUBSTR] = {"substring", true},
        [PATTERN_REGEXP] = {"regexp", true},
        [PATTERN_PERLFUNC] = {"perlfunc", true},
        [PATTERN_CACHED] = {"cached match", false},
        [PATTERN_NSUBSTR] = {"negative substring", true},
        [PATTERN_NREGEXP] = {"negative regexp", true},
        [PATTERN_NPERLFUNC] = {"negative perlfunc", true},
        [PATTERN_NCACHED] = {"negative cached match", false},
        [PATTERN_TVALUE] = {"truth value", false},
    };
    static_assert(sizeof(forms) / sizeof(*forms) == PATTERN_TVALUE + 1, "each type has a form");
    buf_add(out, bytes_of(forms[pattern->type].name));
    if (forms[pattern->type].lines)
        buf_cat(out, B(" for "), NUM(pattern->lines), B(" line(s)"));
    buf_add(out, B(": "));
    if (pattern->type == PATTERN_TVALUE)
        buf_add(out, pattern->truth ? B("TRUE") : B("FALSE"));
    else if (pattern->code)
        print_code(pattern, out);
    else
        buf_add(out, pattern->regex ? regex_text(pattern->regex) : pattern->text);
}

void pattern_free(struct pattern *pattern)
{
    regex_free(pattern->regex);
    perl_release(pattern->code);
    vars_form_free(pattern->form);
    pattern->form = NULL;
    pattern->regex = NULL;
    pattern->code = NULL;
}
