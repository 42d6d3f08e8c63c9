/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States of rules, which live as long as an operation or the rule set needs them. */
#include "state/rule_state.h"

#include <assert.h>

#include "base/mem.h"

struct file_state *file_state_new(struct rule_file *file)
{
    struct file_state *state = mem_zalloc(sizeof(*state) + file->count * sizeof(struct rule_state));
    state->refs = 1;
    state->file = file;
    rule_file_retain(file);
    for (size_t i = 0; i < file->count; i++) {
        state->rules[i].rule = file->rules[i];
        state->rules[i].of = state;
    }
    return state;
}

void file_state_retain(struct file_state *state)
{
    state->refs++;
}

static void rule_state_clear(struct rule_state *state)
{
    table_free(&state->operations);
    if (state->second_index_free)
        state->second_index_free(state->second_index);
    free(state->slots);
}

void file_state_release(struct file_state *state)
{
    assert(state->refs > 0);
    if (--state->refs > 0)
        return;
    for (size_t i = 0; i < state->file->count; i++)
        rule_state_clear(&state->rules[i]);
    free(state->next_always);
    hits_free(&state->each_line);
    rule_file_release(state->file);
    free(state);
}

/* The state that the file had; NULL: it is new.  Files mostly keep their order, so the search goes
 * on where the last one ended. */
static struct file_state *find(const struct file_states *states, const struct rule_file *file,
                               size_t *at)
{
    for (size_t tried = 0; tried < states->count; tried++) {
        size_t i = (*at + tried) % states->count;
        if (states->items[i]->file == file) {
            *at = i + 1;
            return states->items[i];
        }
    }
    return NULL;
}

void file_states_follow(struct file_states *states, const struct ruleset *set)
{
    struct file_state **items = mem_array(NULL, set->file_count + 1, sizeof(*items));
    struct file_states old = *states;
    size_t at = 0;
    for (size_t i = 0; i < set->file_count; i++) {
        items[i] = find(&old, set->files[i], &at);
        if (items[i]) {
            file_state_retain(items[i]);
        } else {
            items[i] = file_state_new(set->files[i]);
            items[i]->since = old.loads + 1;
        }
    }
    /* Code that goes with its file may run a destructor, which finds the new states. */
    *states = (struct file_states){items, set->file_count, old.loads + 1};
    file_states_free(&old);
}

void file_states_free(struct file_states *states)
{
    for (size_t i = 0; i < states->count; i++)
        file_state_release(states->items[i]);
    free(states->items);
    *states = (struct file_states){0};
}
