/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/own_events.h"

#include "base/mem.h"
#include "lang/visit.h"

enum { TRIES_MAX = 200 * 1000, STEPS = 10 * 1000 };

static void fill(const struct template *text, const struct template *desc, struct buf *out)
{
    for (uint32_t i = 0; i < text->count; i++) {
        const struct segment *segment = &text->segments[i];
        if (segment->kind == SEG_TEXT)
            buf_add(out, segment->text);
        else if (desc && segment_is_desc(segment))
            fill(desc, NULL, out);
        else
            buf_add(out, B("x1"));
    }
}

static void hear_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    struct own_events *events = arg;
    static const struct bytes names[] = {B("event"), B("cevent"), B("tevent")};
    bool makes = false;
    for (size_t i = 0; spot->action && i < sizeof(names) / sizeof(*names); i++)
        makes |= bytes_eq(bytes_of(spot->action->type->name), names[i]);
    if (!makes)
        return;
    struct buf out = {0};
    fill(text, spot->rule->desc, &out);
    MEM_GROW(events->texts, events->count, events->room, 16);
    events->texts[events->count++] =
        arena_bytes(events->arena, text->spliced ? text->text : buf_bytes(&out));
    buf_free(&out);
}

void own_events_find(const struct ruleset *set, struct arena *arena, struct own_events *events)
{
    *events = (struct own_events){.arena = arena};
    const struct visitor visitor = {.arg = events, .text = hear_text};
    visit_set(set, &visitor);
}

void own_events_free(struct own_events *events)
{
    free(events->texts);
    *events = (struct own_events){0};
}

bool own_events_match(struct own_events *events, const struct pattern *pattern)
{
    ptrdiff_t *offsets = mem_array(NULL, 2 * regex_spans(pattern->regex), sizeof(*offsets));
    bool found = events->tries + events->count > TRIES_MAX;
    for (size_t i = 0; i < events->count && !found; i++)
        found = regex_match_within(pattern->regex, events->texts[i], STEPS, offsets) != REGEX_NO;
    events->tries += events->count;
    free(offsets);
    return found;
}
