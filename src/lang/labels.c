/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolving labels: every continue value becomes the number of a rule. */
#include "lang/labels.h"

struct label {
    struct bytes name;
    int64_t rule;
};

static struct bytes label_name(const void *entry)
{
    return ((const struct label *)entry)->name;
}

void labels_init(struct labels *labels)
{
    arena_init(&labels->arena);
    table_init(&labels->table, label_name);
}

void labels_free(struct labels *labels)
{
    table_free(&labels->table);
    arena_free(&labels->arena);
}

void labels_set(struct labels *labels, struct bytes name, int64_t rule)
{
    struct label *label = table_find(&labels->table, name);
    if (!label) {
        label = arena_alloc(&labels->arena, sizeof(*label));
        label->name = name;
        table_insert(&labels->table, label);
    }
    label->rule = rule;
}

struct place {
    const struct labels *labels;
    struct diag diag;
    const struct rule *rule;
    size_t part;
    int64_t end; /* number of rules in the file */
};

/* "continue3" for the third pattern. */
static void report_label(const struct place *place, enum diag_code code, struct bytes before,
                         struct bytes label, struct bytes behind)
{
    diag_rule(&place->diag, code, label, before, label, behind, B(", assuming continue"),
              place->part ? NUM(place->part + 1) : B(""), B("=DontCont"));
}

static int64_t resolve_goto(const struct place *place, struct part *part)
{
    const struct label *label = table_find(&place->labels->table, part->label);
    if (label && label->rule > place->rule->id)
        return label->rule;
    if (label)
        report_label(place, DIAG_LABEL_BACKWARD, B("can't go backwards to label "), part->label,
                     B(""));
    else
        report_label(place, DIAG_LABEL_UNKNOWN, B("label "), part->label, B(" does not exist"));
    part->what_next = NEXT_DONTCONT;
    return place->end;
}

static int64_t resolve_label(const struct place *place, struct part *part)
{
    switch (part->what_next) {
    case NEXT_GOTO:
        return resolve_goto(place, part);
    case NEXT_TAKENEXT:
        return place->rule->id + 1;
    case NEXT_ENDMATCH:
        return RULE_END;
    case NEXT_DONTCONT:
        break;
    }
    return place->end;
}

void labels_resolve(const struct labels *labels, const struct parse_env *env,
                    const struct rule_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        struct rule *rule = file->rules[i];
        struct place place = {.labels = labels,
                              .rule = rule,
                              .end = (int64_t)file->count,
                              .diag = {.env = env, .file = file, .line = rule->line}};
        for (place.part = 0; place.part < rule->part_count; place.part++)
            rule->parts[place.part].next = resolve_label(&place, &rule->parts[place.part]);
    }
}
