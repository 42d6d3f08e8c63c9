/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The releases are taken from SEC's ChangeLog. */
#include "migrate/features.h"

enum kind {
    ACTION,
    FIELD,    /* of rules, or a value of one */
    VARIABLE, /* of action lists */
    MESSAGE,  /* of the log: how it begins */
};

static const struct feature {
    unsigned release;
    enum kind kind;
    const char *name;
    int first, last; /* VARIABLE: numbers after the name; last 0: it is the name */
} features[] = {
    {20701, ACTION, "udgram", 0, 0},
    {20701, ACTION, "ustream", 0, 0},
    {20701, ACTION, "udpsock", 0, 0},
    {20701, ACTION, "tcpsock", 0, 0},
    {20704, ACTION, "owritecl", 0, 0},
    {20705, FIELD, "EndMatch", 0, 0},
    {20706, ACTION, "cevent", 0, 0},
    {20706, ACTION, "cspawn", 0, 0},
    {20706, MESSAGE, "Several '", 0, 0},
    {20707, ACTION, "writen", 0, 0},
    {20707, ACTION, "closef", 0, 0},
    {20707, ACTION, "closeudgr", 0, 0},
    {20707, ACTION, "closeustr", 0, 0},
    {20707, ACTION, "closeudp", 0, 0},
    {20707, ACTION, "closetcp", 0, 0},
    {20707, MESSAGE, "No --bufsize command line option or --bufsize=0, ", 0, 0},
    {20708, ACTION, "assignsq", 0, 0},
    {20709, VARIABLE, ".nl", 0, 0},
    {20709, VARIABLE, ".cr", 0, 0},
    {20709, VARIABLE, ".tab", 0, 0},
    {20710, VARIABLE, ".chr", 0, 31},
    {20800, ACTION, "addinput", 0, 0},
    {20800, ACTION, "dropinput", 0, 0},
    {20800, ACTION, "sigemul", 0, 0},
    {20800, ACTION, "setltime", 0, 0},
    {20802, ACTION, "varset", 0, 0},
    {20900, ACTION, "cmdexec", 0, 0},
    {20900, ACTION, "spawnexec", 0, 0},
    {20900, ACTION, "cspawnexec", 0, 0},
    {20900, ACTION, "pipeexec", 0, 0},
    {20900, ACTION, "reportexec", 0, 0},
    {20900, FIELD, "shell", 0, 0},
    {20900, FIELD, "egptype", 0, 0},
    {20900, FIELD, "egpattern", 0, 0},
    {20900, VARIABLE, ".sp", 0, 0},
    {20901, FIELD, "egtoken", 0, 0},
    {20903, VARIABLE, ".chr", 32, 255},
    {20904, ACTION, "trim", 0, 0},
};

enum { FEATURES = sizeof(features) / sizeof(*features), NEWEST = 99999 };

unsigned features_release(struct bytes version)
{
    unsigned release = 0;
    for (int i = 0; i < 3; i++) {
        ptrdiff_t dot = bytes_chr(version, '.', 0);
        size_t end = dot < 0 ? version.len : (size_t)dot;
        int64_t number;
        if (!bytes_uint(bytes_slice(version, 0, end), false, &number) || number > 99)
            return NEWEST;
        release = release * 100 + (unsigned)number;
        version = bytes_from(version, end + (dot >= 0));
    }
    return release;
}

static bool lacks(const struct features *these, const struct feature *feature, enum kind kind)
{
    return feature->kind == kind && feature->release > these->release;
}

static void miss(const struct features *these, struct bytes kind, struct bytes name)
{
    struct buf what = {0};
    buf_cat(&what, kind, name);
    these->missed(these->arg, buf_bytes(&what));
    buf_free(&what);
}

/* -- What the parser asks for -- */

static bool knows(void *arg, struct bytes word)
{
    const struct features *these = arg;
    for (size_t i = 0; i < FEATURES; i++) {
        bool action = lacks(these, &features[i], ACTION);
        if ((!action && !lacks(these, &features[i], FIELD)) ||
            !bytes_eq(word, bytes_of(features[i].name)))
            continue;
        miss(these, action ? B("action ") : B("keyword "), word);
        return false;
    }
    return true;
}

void features_leave_out(struct features *these, struct engine *engine)
{
    engine->rules.parse_env.knows = knows;
    engine->rules.parse_env.knower = these;
}

/* -- Variables -- */

/* Is it the name of the variable, or one of them? */
static bool is_named(const struct feature *feature, struct bytes name)
{
    int64_t number;
    struct bytes front = bytes_of(feature->name);
    if (feature->last == 0)
        return bytes_eq(name, front);
    return bytes_starts(name, front) && bytes_uint(bytes_from(name, front.len), false, &number) &&
           number >= feature->first && number <= feature->last;
}

static bool lacks_variable(const struct features *these, struct bytes name)
{
    for (size_t i = 0; i < FEATURES; i++)
        if (lacks(these, &features[i], VARIABLE) && is_named(&features[i], name))
            return true;
    return false;
}

/* "%.name" or "%{.name}" */
static void look_for_variables(const struct features *these, struct bytes text)
{
    for (ptrdiff_t at; (at = bytes_chr(text, '%', 0)) >= 0;) {
        text = bytes_from(text, (size_t)at + 1);
        if (bytes_starts(text, B("{")))
            text = bytes_from(text, 1);
        size_t end = bytes_starts(text, B("."));
        while (end > 0 && end < text.len && is_word(text.ptr[end]))
            end++;
        if (end > 1 && lacks_variable(these, bytes_slice(text, 0, end)))
            miss(these, B("variable %"), bytes_slice(text, 0, end));
    }
}

static void unset(struct engine *engine, struct bytes name)
{
    uint32_t id = names_id(engine->rules.parse_env.names, name);
    variables_unset(engine->state.variables, id);
}

void features_loaded(const struct features *these, struct engine *engine)
{
    const struct ruleset *set = engine->rules.set;
    struct buf name = {0};
    for (size_t i = 0; i < FEATURES; i++) {
        const struct feature *feature = &features[i];
        if (!lacks(these, feature, VARIABLE))
            continue;
        for (int number = feature->first; number <= feature->last; number++) {
            buf_clear(&name);
            buf_add(&name, bytes_of(feature->name));
            if (feature->last > 0)
                buf_add(&name, NUM(number));
            unset(engine, buf_bytes(&name));
        }
    }
    buf_free(&name);
    for (size_t i = 0; i < set->file_count; i++)
        look_for_variables(these, set->files[i]->source.text);
}

/* -- The log -- */

bool features_says(const struct features *these, struct bytes message)
{
    for (size_t i = 0; i < FEATURES; i++)
        if (lacks(these, &features[i], MESSAGE) &&
            bytes_starts(message, bytes_of(features[i].name)))
            return false;
    return true;
}
