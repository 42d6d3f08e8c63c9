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

/* -- Kinds -- */

enum member {
    NO_MORE,
    SECOND,
    NUMBER,
    COUNT,
    EVENTS,
    SOCKET,
    BYTES,
    TEXT,
    CONTEXT,
    TARGET,
    WORDS,
    INPUT,
    PLACE,
    FILE_WRITTEN,
    SUM
};

enum { MEMBERS = 5 }; /* NO_MORE among them */

/* What each is called, and its members in their order. */
static const struct kind {
    const char *name; /* NULL: there is none */
    enum member members[MEMBERS];
} kinds[] = {
    [ENTRY_BEGIN] = {"begin", {NO_MORE}},
    [ENTRY_DISK] = {"disk", {NO_MORE}},
    [ENTRY_BOOT] = {"boot", {TEXT}},
    [ENTRY_SECOND] = {"second", {SECOND}},
    [ENTRY_PATTERN] = {"pattern", {TEXT}},
    [ENTRY_INPUT] = {"input", {NUMBER, INPUT}},
    [ENTRY_FILE] = {"file", {NUMBER, BYTES, PLACE}},
    [ENTRY_PIPE] = {"pipe", {NUMBER, BYTES}},
    [ENTRY_BYTES] = {"bytes", {NUMBER, TEXT}},
    [ENTRY_TAKEN] = {"taken", {NUMBER}},
    [ENTRY_LINES] = {"lines", {NUMBER, COUNT, BYTES}},
    [ENTRY_PASSED] = {"passed", {NUMBER, BYTES}},
    [ENTRY_EVENTS] = {"events", {EVENTS}},
    [ENTRY_CLEAN_UP] = {"cleanup", {NO_MORE}},
    [ENTRY_AWAY] = {"away", {NO_MORE}},
    [ENTRY_INTERNAL] = {"internal", {TEXT}},
    [ENTRY_OUTPUT] = {"output", {TEXT, CONTEXT}},
    [ENTRY_SCRIPT] = {"script", {NUMBER, COUNT}},
    [ENTRY_WRITTEN] = {"written", {FILE_WRITTEN}},
    [ENTRY_EFFECTS] = {"effects", {SUM}},
    [ENTRY_FEED] = {"feed", {NUMBER, TEXT, TARGET, WORDS}},
    [ENTRY_SEND] = {"send", {NUMBER, TEXT, TARGET, SOCKET}},
    [ENTRY_LEFT] = {"left", {NUMBER}},
    [ENTRY_BEGUN] = {"begun", {SUM}},
};

static const struct kind *kind_of(enum entry_kind kind)
{
    bool known = (size_t)kind < sizeof(kinds) / sizeof(*kinds) && kinds[kind].name;
    return known ? &kinds[kind] : NULL;
}

/* false: it cannot say that. */
static bool code_member(const struct coding *coding, enum member member, struct entry *entry)
{
    switch (member) {
    case NO_MORE:
        return true;
    case SECOND:
        code_signed(coding, &entry->second);
        return clock_knows(entry->second);
    case NUMBER:
        code_number(coding, &entry->number);
        return true;
    case COUNT:
        code_number(coding, &entry->count);
        return true;
    case EVENTS: /* rules that make events without end have no more */
        code_number(coding, &entry->count);
        return entry->count <= UINT32_MAX;
    case SOCKET:
        code_number(coding, &entry->count);
        return entry->count <= SOCKET_TCP;
    case BYTES:
        code_number(coding, &entry->bytes);
        return true;
    case TEXT:
        code_text(coding, &entry->text);
        return true;
    case CONTEXT:
        code_text(coding, &entry->context);
        return true;
    case TARGET:
        code_text(coding, &entry->target);
        return true;
    case WORDS:
        code_words(coding, entry);
        return true;
    case INPUT:
        code_input(coding, &entry->place);
        return true;
    case PLACE:
        code_place(coding, &entry->place);
        return place_is_possible(&entry->place);
    case FILE_WRITTEN:
        return code_file(coding, entry);
    case SUM:
        code_number(coding, &entry->sum.count);
        code_number(coding, &entry->sum.hash);
        return true;
    }
    return false;
}

/* false: there is no such kind, or it cannot say that. */
static bool code(const struct coding *coding, struct entry *entry)
{
    const struct kind *kind = kind_of(entry->kind);
    bool right = kind != NULL;
    for (size_t i = 0; right && kind->members[i] != NO_MORE; i++)
        right = code_member(coding, kind->members[i], entry);
    return right;
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
    return kind_of(kind) ? kind_of(kind)->name : "unknown";
}
