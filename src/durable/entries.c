/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/entries.h"

#include <stdlib.h>

#include "base/mem.h"
#include "clock/clock.h"

/* Where each member is packed or read, so that both are said once. */
struct coding {
    struct buf *out; /* NULL: it is read */
    struct unpack *from;
};

static void code_number(const struct coding *coding, uint64_t *number)
{
    if (coding->out)
        pack_number(coding->out, *number);
    else
        *number = unpack_number(coding->from);
}

static void code_signed(const struct coding *coding, int64_t *number)
{
    if (coding->out)
        pack_signed(coding->out, *number);
    else
        *number = unpack_signed(coding->from);
}

static void code_text(const struct coding *coding, struct bytes *text)
{
    if (coding->out)
        pack_text(coding->out, *text);
    else
        *text = unpack_text(coding->from);
}

static void code_flag(const struct coding *coding, bool *flag)
{
    uint64_t number = *flag;
    code_number(coding, &number);
    *flag = number != 0;
}

static void code_mark(const struct coding *coding, struct file_mark *mark)
{
    uint64_t len = mark->len;
    code_number(coding, &len);
    mark->len = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
    if (mark->len > 0)
        code_number(coding, &mark->hash);
}

static void code_identity(const struct coding *coding, dev_t *device, ino_t *inode)
{
    uint64_t numbers[] = {*device, *inode};
    code_number(coding, &numbers[0]);
    code_number(coding, &numbers[1]);
    *device = numbers[0];
    *inode = numbers[1];
}

static void code_place(const struct coding *coding, struct input_place *place)
{
    code_identity(coding, &place->device, &place->inode);
    code_number(coding, &place->offset);
    code_number(coding, &place->lines);
    code_mark(coding, &place->head);
    code_mark(coding, &place->tail);
    code_signed(coding, &place->second);
    code_flag(coding, &place->open);
}

static void code_input(const struct coding *coding, struct input_place *place)
{
    code_text(coding, &place->name);
    code_text(coding, &place->context);
    code_text(coding, &place->pattern);
    code_flag(coding, &place->dynamic);
}

/* false: no file has such an offset. */
static bool code_offset(const struct coding *coding, uint64_t *offset)
{
    code_number(coding, offset);
    return *offset <= INT64_MAX;
}

static bool code_range(const struct coding *coding, struct durable_range *range)
{
    bool right = code_offset(coding, &range->from);
    return code_offset(coding, &range->to) && right && range->from <= range->to;
}

static bool code_file(const struct coding *coding, struct entry *entry)
{
    struct durable_file *file = &entry->file;
    uint64_t count = file->left_count;
    code_text(coding, &file->name);
    code_identity(coding, &file->device, &file->inode);
    bool right = code_offset(coding, &file->length);
    if (coding->out)
        pack_number(coding->out, count);
    else
        count = unpack_count(coding->from);
    if (!coding->out) {
        entry->ranges = mem_array(NULL, count, sizeof(*entry->ranges));
        file->left = entry->ranges;
        file->left_count = count;
    }
    for (size_t i = 0; i < count; i++) {
        struct durable_range range = coding->out ? file->left[i] : (struct durable_range){0};
        right = code_range(coding, &range) && right;
        if (!coding->out)
            entry->ranges[i] = range;
    }
    return right;
}

static void code_words(const struct coding *coding, struct entry *entry)
{
    if (coding->out) {
        pack_number(coding->out, entry->word_count);
    } else {
        entry->word_count = unpack_count(coding->from);
        if (entry->word_count > 0)
            entry->words = mem_array(NULL, entry->word_count, sizeof(*entry->words));
    }
    for (size_t i = 0; i < entry->word_count; i++)
        code_text(coding, &entry->words[i]);
}

/* false: there is no such kind, or it cannot say that. */
static bool code(const struct coding *coding, struct entry *entry)
{
    switch (entry->kind) {
    case ENTRY_SECOND:
        code_signed(coding, &entry->second);
        return clock_knows(entry->second);
    case ENTRY_BOOT:
    case ENTRY_PATTERN:
    case ENTRY_INTERNAL:
        code_text(coding, &entry->text);
        return true;
    case ENTRY_INPUT:
        code_number(coding, &entry->number);
        code_input(coding, &entry->place);
        return true;
    case ENTRY_FILE:
        code_number(coding, &entry->number);
        code_number(coding, &entry->bytes);
        code_place(coding, &entry->place);
        return place_is_possible(&entry->place);
    case ENTRY_PASSED:
    case ENTRY_PIPE:
        code_number(coding, &entry->number);
        code_number(coding, &entry->bytes);
        return true;
    case ENTRY_BYTES:
        code_number(coding, &entry->number);
        code_text(coding, &entry->text);
        return true;
    case ENTRY_TAKEN:
        code_number(coding, &entry->number);
        return true;
    case ENTRY_LINES:
        code_number(coding, &entry->number);
        code_number(coding, &entry->count);
        code_number(coding, &entry->bytes);
        return true;
    case ENTRY_SCRIPT:
        code_number(coding, &entry->number);
        code_number(coding, &entry->count);
        return true;
    case ENTRY_EVENTS:
        code_number(coding, &entry->count);
        return entry->count <= UINT32_MAX; /* rules that make events without end have no more */
    case ENTRY_BEGIN:
    case ENTRY_DISK:
    case ENTRY_CLEAN_UP:
    case ENTRY_AWAY:
        return true;
    case ENTRY_OUTPUT:
        code_text(coding, &entry->text);
        code_text(coding, &entry->context);
        return true;
    case ENTRY_WRITTEN:
        return code_file(coding, entry);
    case ENTRY_FEED:
        code_number(coding, &entry->number);
        code_text(coding, &entry->text);
        code_text(coding, &entry->target);
        code_words(coding, entry);
        return true;
    case ENTRY_SEND:
        code_number(coding, &entry->number);
        code_text(coding, &entry->text);
        code_text(coding, &entry->target);
        code_number(coding, &entry->count);
        return entry->count <= SOCKET_TCP;
    case ENTRY_LEFT:
        code_number(coding, &entry->number);
        return true;
    case ENTRY_BEGUN:
    case ENTRY_EFFECTS:
        code_number(coding, &entry->sum.count);
        code_number(coding, &entry->sum.hash);
        return true;
    }
    return false;
}

void entry_pack(struct buf *out, const struct entry *entry)
{
    struct entry copy = *entry;
    struct coding coding = {.out = out};
    buf_char(out, (char)entry->kind);
    code(&coding, &copy);
}

void entry_release(struct entry *entry)
{
    free(entry->ranges);
    free(entry->words);
    entry->ranges = NULL;
    entry->words = NULL;
}

bool entry_unpack(struct unpack *from, struct entry *entry)
{
    struct coding coding = {.from = from};
    if (from->failed || from->at == from->end)
        return false;
    *entry = (struct entry){.kind = (enum entry_kind)(unsigned char)*from->at++};
    from->failed = !code(&coding, entry) || from->failed;
    if (from->failed)
        entry_release(entry);
    return !from->failed;
}

const char *entry_name(enum entry_kind kind)
{
    switch (kind) {
    case ENTRY_BEGIN:
        return "begin";
    case ENTRY_DISK:
        return "disk";
    case ENTRY_BOOT:
        return "boot";
    case ENTRY_SECOND:
        return "second";
    case ENTRY_PATTERN:
        return "pattern";
    case ENTRY_INPUT:
        return "input";
    case ENTRY_FILE:
        return "file";
    case ENTRY_PIPE:
        return "pipe";
    case ENTRY_BYTES:
        return "bytes";
    case ENTRY_TAKEN:
        return "taken";
    case ENTRY_LINES:
        return "lines";
    case ENTRY_PASSED:
        return "passed";
    case ENTRY_EVENTS:
        return "events";
    case ENTRY_CLEAN_UP:
        return "cleanup";
    case ENTRY_AWAY:
        return "away";
    case ENTRY_INTERNAL:
        return "internal";
    case ENTRY_OUTPUT:
        return "output";
    case ENTRY_SCRIPT:
        return "script";
    case ENTRY_WRITTEN:
        return "written";
    case ENTRY_EFFECTS:
        return "effects";
    case ENTRY_FEED:
        return "feed";
    case ENTRY_SEND:
        return "send";
    case ENTRY_LEFT:
        return "left";
    case ENTRY_BEGUN:
        return "begun";
    }
    return "unknown";
}
