/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/entry_json.h"

#include "inspect/json_members.h"

/* An output file: how long it is, and what before that was not yet written again. */
static void put_file(json_t *object, const struct durable_file *file)
{
    json_t *left = json_array();
    put_text(object, "name", file->name);
    put_number(object, "device", file->device);
    put_number(object, "inode", file->inode);
    put_number(object, "length", file->length);
    for (size_t i = 0; i < file->left_count; i++) {
        json_t *range = json_object();
        put_number(range, "from", file->left[i].from);
        put_number(range, "to", file->left[i].to);
        json_array_append_new(left, range);
    }
    json_put(object, "left", left);
}

static json_t *words_json(const struct entry *entry)
{
    json_t *words = json_array();
    for (size_t i = 0; i < entry->word_count; i++)
        json_array_append_new(words, json_of_bytes(entry->words[i]));
    return words;
}

static struct bytes send_name(const struct entry *entry)
{
    return bytes_of(effect_name(
        &(struct effect){.kind = EFFECT_SEND, .socket = (enum socket_kind)entry->count}));
}

/* An effect that has not left the process. */
static void put_waiting(json_t *object, const struct entry *entry)
{
    bool fed = entry->kind == ENTRY_FEED;
    put_number(object, "effect", entry->number);
    if (!fed)
        put_text(object, "action", send_name(entry));
    put_text(object, fed ? "command" : "peer", entry->target);
    if (entry->word_count > 0)
        json_put(object, "words", words_json(entry));
    put_text(object, "text", entry->text);
}

static void put_members(json_t *object, const struct entry *entry)
{
    switch (entry->kind) {
    case ENTRY_BEGIN:
    case ENTRY_DISK:
    case ENTRY_CLEAN_UP:
    case ENTRY_AWAY:
        break;
    case ENTRY_SECOND:
        put_signed(object, "second", entry->second);
        break;
    case ENTRY_OUTPUT:
        put_text(object, "context", entry->context);
        put_text(object, "text", entry->text);
        break;
    case ENTRY_BOOT:
    case ENTRY_PATTERN:
    case ENTRY_INTERNAL:
        put_text(object, "text", entry->text);
        break;
    case ENTRY_INPUT:
        put_number(object, "input", entry->number);
        put_text(object, "name", entry->place.name);
        put_text(object, "context", entry->place.context);
        put_text(object, "pattern", entry->place.pattern);
        put_flag(object, "dynamic", entry->place.dynamic);
        break;
    case ENTRY_FILE:
        put_number(object, "input", entry->number);
        put_number(object, "after", entry->bytes);
        put_place(object, &entry->place);
        break;
    case ENTRY_PIPE:
        put_number(object, "input", entry->number);
        put_number(object, "after", entry->bytes);
        break;
    case ENTRY_BYTES:
        put_number(object, "input", entry->number);
        put_text(object, "text", entry->text);
        break;
    case ENTRY_TAKEN:
        put_number(object, "input", entry->number);
        break;
    case ENTRY_LINES:
        put_number(object, "input", entry->number);
        put_number(object, "lines", entry->count);
        put_number(object, "bytes", entry->bytes);
        break;
    case ENTRY_PASSED:
        put_number(object, "input", entry->number);
        put_number(object, "bytes", entry->bytes);
        break;
    case ENTRY_SCRIPT:
        put_number(object, "effect", entry->number);
        put_number(object, "exit", entry->count);
        break;
    case ENTRY_EVENTS:
        put_number(object, "events", entry->count);
        break;
    case ENTRY_WRITTEN:
        put_file(object, &entry->file);
        break;
    case ENTRY_FEED:
    case ENTRY_SEND:
        put_waiting(object, entry);
        break;
    case ENTRY_LEFT:
        put_number(object, "effect", entry->number);
        break;
    case ENTRY_EFFECTS:
    case ENTRY_BEGUN:
        put_number(object, "effect", entry->sum.count);
        put_hash(object, "hash", entry->sum.hash);
        break;
    }
}

json_t *entry_json(const struct entry *entry)
{
    json_t *object = json_object();
    put_text(object, "kind", bytes_of(entry_name(entry->kind)));
    put_members(object, entry);
    return object;
}
