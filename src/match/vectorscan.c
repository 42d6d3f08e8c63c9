/* Literals through Vectorscan (or Hyperscan), where the build has it. */
#include "match/matcher.h"

#include "base/mem.h"

#ifdef HAVE_VECTORSCAN

#include <hs.h>

#define CHUNK ((size_t)1 << 30) /* a text's length is an unsigned int there */

struct vectorscan {
    hs_database_t *database;
    hs_scratch_t *scratch;
    size_t longest; /* literal */
};

static hs_database_t *compile(const struct required *literals, size_t count)
{
    const char **texts = mem_array(NULL, count, sizeof(*texts));
    size_t *lens = mem_array(NULL, count, sizeof(*lens));
    unsigned *flags = mem_array(NULL, count, sizeof(*flags));
    unsigned *ids = mem_array(NULL, count, sizeof(*ids));
    for (size_t i = 0; i < count; i++) {
        texts[i] = literals[i].text.ptr;
        lens[i] = literals[i].text.len;
        flags[i] = HS_FLAG_SINGLEMATCH | (literals[i].caseless ? HS_FLAG_CASELESS : 0);
        ids[i] = (unsigned)i;
    }
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    if (hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)count, HS_MODE_BLOCK, NULL,
                             &database, &error) != HS_SUCCESS) {
        hs_free_compile_error(error);
        database = NULL;
    }
    free(texts);
    free(lens);
    free(flags);
    free(ids);
    return database;
}

struct vectorscan *vectorscan_new(const struct required *literals, size_t count)
{
    struct vectorscan *vectorscan = mem_zalloc(sizeof(*vectorscan));
    for (size_t i = 0; i < count; i++) {
        if (literals[i].text.len > vectorscan->longest)
            vectorscan->longest = literals[i].text.len;
    }
    if (count <= UINT32_MAX && hs_valid_platform() == HS_SUCCESS)
        vectorscan->database = compile(literals, count);
    if (vectorscan->database &&
        hs_alloc_scratch(vectorscan->database, &vectorscan->scratch) == HS_SUCCESS)
        return vectorscan;
    vectorscan_free(vectorscan);
    return NULL;
}

void vectorscan_free(struct vectorscan *vectorscan)
{
    if (!vectorscan)
        return;
    hs_free_scratch(vectorscan->scratch);
    hs_free_database(vectorscan->database);
    free(vectorscan);
}

struct listener {
    matcher_report *report;
    void *arg;
};

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *context)
{
    (void)from;
    (void)to;
    (void)flags;
    const struct listener *listener = context;
    listener->report(listener->arg, id);
    return 0;
}

bool vectorscan_scan(struct vectorscan *vectorscan, struct bytes text, matcher_report *report,
                     void *arg)
{
    struct listener listener = {report, arg};
    for (;;) {
        size_t len = text.len < CHUNK ? text.len : CHUNK;
        if (hs_scan(vectorscan->database, text.ptr, (unsigned)len, 0, vectorscan->scratch, on_match,
                    &listener) != HS_SUCCESS)
            return false;
        if (len == text.len)
            return true;
        text = bytes_from(text, len - vectorscan->longest); /* a literal may lie across */
    }
}

#else

struct vectorscan *vectorscan_new(const struct required *literals, size_t count)
{
    (void)literals;
    (void)count;
    return NULL;
}

void vectorscan_free(struct vectorscan *vectorscan)
{
    (void)vectorscan;
}

bool vectorscan_scan(struct vectorscan *vectorscan, struct bytes text, matcher_report *report,
                     void *arg)
{
    (void)vectorscan;
    (void)text;
    (void)report;
    (void)arg;
    return false;
}

#endif
