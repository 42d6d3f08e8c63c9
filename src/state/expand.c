/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expansion of templates: joins segments, or runs the passes over the text one by one where the
 * result of joining could differ (lang/template.h says when). */
#include "lang/substitute.h"
#include "state/engine.h"
#include "state/scope.h"

/* One pass over a text: who looks the values up. */
struct pass {
    struct engine *engine;
    const struct scope *scope;
    uint8_t source; /* which match the variables belong to */
    bool mask_dollar, mask_percent;
};

static bool key_is(const struct var_key *key, uint8_t source, const struct variable_ref *ref)
{
    if (key->source != source)
        return false;
    if (ref->kind == REF_CACHE)
        return key->kind == KEY_CACHE && bytes_eq(key->name, ref->name) &&
               bytes_eq(key->entry, ref->entry);
    if (key->kind == KEY_NUMBER)
        return bytes_eq(ref->name, NUM(key->number));
    return key->kind == KEY_NAME && bytes_eq(key->name, ref->name);
}

/* A reference that the rule's texts do not hold as they stand: a value completed it. */
static struct value found_value(const struct pass *pass, const struct variable_ref *ref)
{
    struct engine *engine = pass->engine;
    if (ref->kind == REF_CACHE) {
        const struct cache_entry *entry = cache_find(engine->state.cache, ref->entry);
        if (entry)
            return vars_name(&entry->vars, ref->name, &engine->line.arena);
        return (struct value){.kind = VALUE_UNSET};
    }
    const struct match_vars *vars = pass->source ? pass->scope->second : pass->scope->first;
    return vars ? vars_name(vars, ref->name, &engine->line.arena)
                : (struct value){.kind = VALUE_UNSET};
}

/* The value, masked for the passes that the text still goes through. */
static void add_masked(const struct pass *pass, struct bytes value, struct buf *out)
{
    struct buf once = {0};
    if (pass->mask_dollar) {
        substitute_mask(value, '$', &once);
        value = buf_bytes(&once);
    }
    if (pass->mask_percent)
        substitute_mask(value, '%', out);
    else
        buf_add(out, value);
    buf_free(&once);
}

static void match_value(void *arg, const struct variable_ref *ref, struct buf *out)
{
    const struct pass *pass = arg;
    const struct var_keys *keys = pass->scope->keys;
    struct value value = {.kind = VALUE_UNSET};
    bool found = false;
    for (uint32_t i = 0; keys && i < keys->count && !found; i++) {
        found = key_is(&keys->keys[i], pass->source, ref);
        if (found)
            value = scope_value(pass->engine, pass->scope, i);
    }
    if (!found)
        value = found_value(pass, ref);
    /* Upstream masks the values of the match, not those of the cache: these may be syntax. */
    if (ref->kind == REF_CACHE)
        buf_add(out, value.text);
    else
        add_masked(pass, value.text, out);
}

static void variable_value(void *arg, const struct variable_ref *ref, struct buf *out)
{
    struct engine *engine = arg;
    uint32_t id;
    /* Names that are never forgotten are not for lines to make. */
    if (names_find(engine->rules.names, ref->name, &id))
        variables_append(engine->state.variables, id, out);
}

static bool first_applies(const struct scope *scope)
{
    if (scope->raw)
        return false;
    if (scope->first)
        return vars_any(scope->first);
    return !scope->bound || !scope->bound->raw_first;
}

/* The same of the second match, which may still have to come: then its pass has nothing to do. */
static bool second_applies(const struct scope *scope)
{
    if (scope->raw)
        return false;
    if (scope->second)
        return vars_any(scope->second);
    return scope->bound && scope->bound->second && !scope->bound->raw_second;
}

/* Runs the passes over the text; kept: only those of matches. */
static struct bytes expand_text(struct engine *engine, const struct template *t,
                                const struct scope *scope, bool kept)
{
    struct bytes text = t->text;
    bool percent = t->passes & PASS_VARIABLES;
    struct buf out = {0};
    if (t->passes & (PASS_FIRST_DOLLAR | PASS_FIRST_PERCENT) && first_applies(scope)) {
        bool by_percent = t->passes & PASS_FIRST_PERCENT;
        struct pass pass = {engine, scope, 0, by_percent, percent};
        substitute_match(text, by_percent ? '%' : '$', match_value, &pass, &out);
        text = arena_bytes(&engine->line.arena, buf_bytes(&out));
        buf_clear(&out);
    }
    if (t->passes & PASS_SECOND_DOLLAR && second_applies(scope)) {
        struct pass pass = {engine, scope, 1, false, percent};
        substitute_match(text, '$', match_value, &pass, &out);
        text = arena_bytes(&engine->line.arena, buf_bytes(&out));
        buf_clear(&out);
    }
    if (percent && !kept && bytes_chr(text, '%', 0) >= 0) {
        variables_touch(engine->state.variables, scope->text);
        substitute_variables(text, variable_value, engine, &out);
        text = arena_bytes(&engine->line.arena, buf_bytes(&out));
    }
    buf_free(&out);
    return text;
}

/* Must the passes run over the text, because one of them does not take place here? */
static bool passes_differ(const struct template *t, const struct scope *scope)
{
    if (t->passes & (PASS_FIRST_DOLLAR | PASS_FIRST_PERCENT) && !first_applies(scope))
        return true;
    if (t->passes & PASS_SECOND_DOLLAR && scope->second && !vars_any(scope->second))
        return true;
    return scope->raw && t->passes & PASS_SECOND_DOLLAR;
}

struct bytes expand(struct engine *engine, const struct template *t, const struct scope *scope)
{
    if (t->spliced || passes_differ(t, scope))
        return expand_text(engine, t, scope, false);
    if (t->has_percent)
        variables_touch(engine->state.variables, scope->text);
    if (template_constant(t))
        return t->count ? t->segments[0].text : B("");
    struct buf *out = &engine->line.scratch;
    buf_clear(out);
    for (uint32_t i = 0; i < t->count; i++) {
        const struct segment *segment = &t->segments[i];
        if (segment->kind == SEG_TEXT)
            buf_add(out, segment->text);
        else if (segment->kind == SEG_MATCH)
            buf_add(out, scope_value(engine, scope, segment->index).text);
        else
            variables_append(engine->state.variables, segment->index, out);
    }
    /* A % in a value is no variable, but sets %s, %t and %u as one in the text does. */
    if (t->passes & PASS_VARIABLES && !t->has_percent && bytes_chr(buf_bytes(out), '%', 0) >= 0)
        variables_touch(engine->state.variables, scope->text);
    return arena_bytes(&engine->line.arena, buf_bytes(out));
}

struct bytes expand_kept(struct engine *engine, const struct template *t, const struct scope *scope)
{
    return scope ? expand_text(engine, t, scope, true) : t->text;
}

/* Perl's quotemeta on a byte string. */
static void add_quoted(struct buf *out, struct bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!is_word(value.ptr[i]))
            buf_char(out, '\\');
        buf_char(out, value.ptr[i]);
    }
}

struct bytes expand_regex(struct engine *engine, const struct template *t,
                          const struct scope *scope)
{
    struct buf *out = &engine->line.scratch;
    if (passes_differ(t, scope))
        return t->text;
    buf_clear(out);
    for (uint32_t i = 0; i < t->count; i++) {
        const struct segment *segment = &t->segments[i];
        if (segment->kind == SEG_TEXT)
            buf_add(out, segment->text);
        else if (scope->keys->keys[segment->index].kind == KEY_CACHE)
            buf_add(out, scope_value(engine, scope, segment->index).text); /* as upstream */
        else
            add_quoted(out, scope_value(engine, scope, segment->index).text);
    }
    return arena_bytes(&engine->line.arena, buf_bytes(out));
}
