/* Literals hang in chains by their first two bytes, letters folded to lower case; those of one byte
 * have chains by that byte.  Each place of the text looks into its two chains. */
#include "match/literal_scan.h"

#include "base/mem.h"

enum { PAIRS = 1 << 16, BYTES = 1 << 8, NOBODY = -1 };

struct entry {
    struct bytes text;
    bool caseless;
    uint32_t id;
    int32_t next; /* in the chain; NOBODY: the last */
};

struct literal_scan {
    int32_t pairs[PAIRS], singles[BYTES];
    struct entry *entries;
    size_t count, room;
};

static unsigned fold(char c)
{
    unsigned byte = (unsigned char)c;
    return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static unsigned pair_at(const char *at)
{
    return fold(at[0]) | fold(at[1]) << 8;
}

struct literal_scan *literal_scan_new(void)
{
    struct literal_scan *scan = mem_zalloc(sizeof *scan);
    for (size_t i = 0; i < PAIRS; i++)
        scan->pairs[i] = NOBODY;
    for (size_t i = 0; i < BYTES; i++)
        scan->singles[i] = NOBODY;
    return scan;
}

void literal_scan_free(struct literal_scan *scan)
{
    if (!scan)
        return;
    free(scan->entries);
    free(scan);
}

void literal_scan_add(struct literal_scan *scan, struct bytes text, bool caseless, uint32_t id)
{
    int32_t *chain = text.len == 1 ? &scan->singles[fold(*text.ptr)] : &scan->pairs[pair_at(text.ptr)];
    if (scan->count == scan->room) {
        scan->room = scan->room ? scan->room * 2 : 64;
        scan->entries = mem_array(scan->entries, scan->room, sizeof *scan->entries);
    }
    scan->entries[scan->count] = (struct entry){text, caseless, id, *chain};
    *chain = (int32_t)scan->count++;
}

static bool stands_at(const struct entry *entry, struct bytes rest)
{
    if (entry->text.len > rest.len)
        return false;
    struct bytes here = bytes_make(rest.ptr, entry->text.len);
    return entry->caseless ? bytes_ieq(here, entry->text) : bytes_eq(here, entry->text);
}

static void look(const struct literal_scan *scan, int32_t chain, struct bytes rest,
                 void (*found)(void *arg, uint32_t id), void *arg)
{
    for (; chain != NOBODY; chain = scan->entries[chain].next)
        if (stands_at(&scan->entries[chain], rest))
            found(arg, scan->entries[chain].id);
}

void literal_scan(const struct literal_scan *scan, struct bytes text,
                  void (*found)(void *arg, uint32_t id), void *arg)
{
    for (size_t at = 0; at < text.len; at++) {
        struct bytes rest = bytes_from(text, at);
        look(scan, scan->singles[fold(*rest.ptr)], rest, found, arg);
        if (rest.len > 1)
            look(scan, scan->pairs[pair_at(rest.ptr)], rest, found, arg);
    }
}
