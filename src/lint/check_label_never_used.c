/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A label that no rule of its file goes to. */
#include "lint/checks.h"

#include "base/table.h"
#include "lang/rule_text.h"

static struct bytes part_label(const void *entry)
{
    return ((const struct part *)entry)->label;
}

/* All labels that are gone to, each once. */
static void collect(const struct rule_file *file, struct table *used)
{
    for (size_t i = 0; i < file->count; i++)
        for (size_t k = 0; k < file->rules[i]->part_count; k++) {
            struct part *part = &file->rules[i]->parts[k];
            if (part->label.len > 0 && !table_find(used, part->label))
                table_insert(used, part);
        }
}

static void look(struct lint *lint, const struct rule_file *file)
{
    struct table used;
    struct keyword label;
    table_init(&used, part_label);
    collect(file, &used);
    for (size_t i = 0; i < file->count; i++)
        if (rule_keyword(file->rules[i], B("label"), &label) && !table_find(&used, label.value))
            lint_tell(lint, file->rules[i], label.value, B("no rule goes to the label '"),
                      label.value, B("'"));
    table_free(&used);
}

const struct lint_check check_label_never_used = {
    .name = "label-never-used",
    .level = LINT_NOTE,
    .summary = "A label that no rule goes to",
    .file = look,
};
