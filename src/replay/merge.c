/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A heap of inputs; the one whose line was handed out goes on when the next line is asked for. */
#include "replay/merge.h"

#include <stdlib.h>

#include "base/mem.h"

static bool comes_before(const struct replay_input *a, const struct replay_input *b)
{
    int order = compare_moments(a->order, a->order_nanoseconds, b->order, b->order_nanoseconds);
    return order != 0 ? order < 0 : a < b;
}

static void sink(struct merge *merge, size_t at)
{
    struct replay_input *moved = merge->heap[at];
    for (size_t child; (child = 2 * at + 1) < merge->count; at = child) {
        if (child + 1 < merge->count && comes_before(merge->heap[child + 1], merge->heap[child]))
            child++;
        if (!comes_before(merge->heap[child], moved))
            break;
        merge->heap[at] = merge->heap[child];
    }
    merge->heap[at] = moved;
}

static enum feed_result next(struct feed *feed, struct bytes *line, struct line_source **source)
{
    struct merge *merge = (struct merge *)feed;
    if (merge->given) {
        bool may_read = !replay_input_has_line(merge->heap[0]);
        enum replay_advance to = replay_input_advance(merge->heap[0], may_read);
        if (to == ADVANCE_NEEDS_READ)
            return FEED_PARTIAL;
        if (to == ADVANCE_END)
            merge->heap[0] = merge->heap[--merge->count];
        merge->given = false;
        if (merge->count > 1)
            sink(merge, 0);
    }
    if (merge->count == 0)
        return FEED_NONE;
    *line = merge->heap[0]->line.text;
    *source = &merge->heap[0]->source;
    merge->given = true;
    return FEED_LINE;
}

static bool has_line(const struct feed *feed)
{
    const struct merge *merge = (const struct merge *)feed;
    return merge->given ? replay_input_has_line(merge->heap[0]) : merge->count > 0;
}

static bool ended(const struct feed *feed)
{
    const struct merge *merge = (const struct merge *)feed;
    return !merge->given && merge->count == 0;
}

static int wait_limit(const struct feed *feed)
{
    (void)feed;
    return -1;
}

/* Of the input as a whole: its files may have been decompressed.  Of lines that are held or made of
 * objects, how far it has been read. */
static struct feed_position position(const struct line_source *source)
{
    const struct replay_input *input = (const struct replay_input *)source;
    bool plain = input->reorder.seconds == 0 && !input->objects.template;
    size_t end = plain ? input->start + input->line.text.len + 1 : input->scanned;
    return (struct feed_position){.offset = input->base + end};
}

static void outlived(struct line_source *source)
{
    (void)source;
}

static const struct feed_type merge_type = {next, has_line, ended, wait_limit, position, outlived};

void merge_start(struct merge *merge, struct replay_input *inputs, size_t count)
{
    *merge = (struct merge){.feed.type = &merge_type, .inputs = inputs};
    merge->heap = mem_array(NULL, count, sizeof(struct replay_input *));
    for (size_t i = 0; i < count; i++) {
        inputs[i].source.feed = &merge->feed;
        if (replay_input_advance(&inputs[i], true) == ADVANCE_LINE)
            merge->heap[merge->count++] = &inputs[i];
    }
    for (size_t i = merge->count / 2; i-- > 0;)
        sink(merge, i);
}

void merge_free(struct merge *merge)
{
    free(merge->heap);
}
