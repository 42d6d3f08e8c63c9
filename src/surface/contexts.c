/* SPDX-License-Identifier: GPL-2.0-or-later */
/* %main::context_list: the contexts as a real hash of hashes, names of one context sharing one.
 *
 * Both ways only what changed is touched.  The engine tells of each change as it happens
 * (contexts_watch).  What user code does is seen through magic on the scalars that are in the
 * hash, which is invisible to it: reading one marks its context as looked at, because whoever
 * changes something inside must come that way; assigning or deleting one marks the whole list.  A
 * hash that user code holds a reference to by itself stays marked.
 */
#include "base/mem.h"
#include "surface/area.h"

/* A context and its hash.  Counted: by the table, by each scalar with our magic, by the lists. */
struct mirror {
    unsigned refs;
    struct context_mirrors *owner;
    struct context *context;          /* retained; NULL: gone */
    HV *hash;                         /* counted */
    const struct action_list *action; /* what the hash shows; its file is retained, as is bound */
    struct binding *bound;
    bool fields_stale, store_stale, listed_stale, watched;
};

struct mirror_list {
    struct mirror **items; /* each counted */
    size_t count, room;
};

struct context_mirrors {
    size_t refs; /* the surface, and each mirror: user code may keep scalars longer */
    struct engine *engine;
    HV *list;                   /* %main::context_list; counted */
    struct table by_hash;       /* of live contexts */
    struct mirror_list stale;   /* the engine changed them: to be shown */
    struct mirror_list watched; /* user code may have changed them: to be taken */
    size_t known;               /* entries of the hash when we left it */
    bool disturbed;             /* user code assigned or deleted an entry */
    bool busy;                  /* what happens now is our own doing */
};

static struct bytes mirror_key(const void *entry)
{
    const struct mirror *mirror = entry;
    return bytes_make((const char *)&mirror->hash, sizeof(mirror->hash));
}

static struct mirror *mirror_of(const struct context_mirrors *m, HV *hash)
{
    return table_find(&m->by_hash, bytes_make((const char *)&hash, sizeof(hash)));
}

/* Notes which actions the hash shows now. */
static void remember_action(struct mirror *mirror, const struct action_list *action,
                            struct binding *bound)
{
    if (action)
        rule_file_retain(action->file);
    binding_retain(bound);
    if (mirror->action)
        rule_file_release(mirror->action->file);
    binding_release(mirror->bound);
    mirror->action = action;
    mirror->bound = bound;
}

static void mirrors_release(struct context_mirrors *m)
{
    if (--m->refs == 0)
        free(m);
}

static void mirror_release(pTHX_ struct mirror *mirror)
{
    if (--mirror->refs)
        return;
    mirrors_release(mirror->owner);
    remember_action(mirror, NULL, NULL);
    SvREFCNT_dec_NN((SV *)mirror->hash);
    free(mirror);
}

static void list_add(struct mirror_list *list, struct mirror *mirror)
{
    MEM_GROW(list->items, list->count, list->room, 16);
    mirror->refs++;
    list->items[list->count++] = mirror;
}

static void watch_mirror(struct mirror *mirror)
{
    if (mirror->watched)
        return;
    mirror->watched = true;
    list_add(&mirror->owner->watched, mirror);
}

/* The magic of a scalar in the hash. Its pointer is the mirror, or NULL in a thread's copy. */

static int entry_read(pTHX_ SV *sv, MAGIC *mg)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(sv);
    struct mirror *mirror = (struct mirror *)mg->mg_ptr;
    if (!mirror || mirror->owner->busy)
        return 0;
    watch_mirror(mirror);
    if (mirror->context)
        context_note_compared(aTHX_ mirror->owner->engine, mirror->context, mirror->hash);
    return 0;
}

static int entry_assigned(pTHX_ SV *sv, MAGIC *mg)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(sv);
    struct mirror *mirror = (struct mirror *)mg->mg_ptr;
    if (mirror && !mirror->owner->busy)
        mirror->owner->disturbed = true;
    return 0;
}

static int entry_freed(pTHX_ SV *sv, MAGIC *mg)
{
    struct mirror *mirror = (struct mirror *)mg->mg_ptr;
    entry_assigned(aTHX_ sv, mg);
    mg->mg_ptr = NULL;
    if (mirror)
        mirror_release(aTHX_ mirror);
    return 0;
}

static int entry_copied_to_thread(pTHX_ MAGIC *mg, CLONE_PARAMS *params)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(params);
    mg->mg_ptr = NULL;
    return 0;
}

/* local $main::context_list{...}: the passing scalar has no magic. */
static int entry_localized(pTHX_ SV *sv, MAGIC *mg)
{
    PERL_UNUSED_CONTEXT;
    PERL_UNUSED_ARG(sv);
    PERL_UNUSED_ARG(mg);
    return 0;
}

static const MGVTBL entry_magic = {
    .svt_get = entry_read,
    .svt_set = entry_assigned,
    .svt_free = entry_freed,
    .svt_dup = entry_copied_to_thread,
    .svt_local = entry_localized,
};

static void mark_entry(pTHX_ SV *sv, struct mirror *mirror)
{
    const MAGIC *old = SvMAGICAL(sv) ? mg_findext(sv, PERL_MAGIC_ext, &entry_magic) : NULL;
    if (old && (struct mirror *)old->mg_ptr == mirror)
        return;
    mirror->refs++;
    if (old)
        sv_unmagicext(sv, PERL_MAGIC_ext, (MGVTBL *)&entry_magic);
    MAGIC *mg = sv_magicext(sv, NULL, PERL_MAGIC_ext, &entry_magic, (const char *)mirror, 0);
    mg->mg_flags |= MGf_LOCAL | MGf_DUP;
}

/* A context and its hash, new to each other; the context comes counted. */
static struct mirror *mirror_new(pTHX_ struct context_mirrors *m, struct context *context, HV *hash)
{
    PERL_UNUSED_CONTEXT;
    struct mirror *mirror = mem_zalloc(sizeof(*mirror));
    mirror->refs = 1;
    mirror->owner = m;
    m->refs++;
    mirror->context = context;
    mirror->hash = (HV *)SvREFCNT_inc_simple_NN((SV *)hash);
    context->perl = mirror;
    contexts_retain(context);
    table_insert(&m->by_hash, mirror);
    return mirror;
}

static void mark_stale(struct mirror *mirror)
{
    if (mirror->listed_stale)
        return;
    mirror->listed_stale = true;
    list_add(&mirror->owner->stale, mirror);
}

/* The mirror of an engine's context, made on first sight. */
static struct mirror *mirror_for(pTHX_ struct context_mirrors *m, struct context *context)
{
    if (context->perl)
        return context->perl;
    HV *hash = newHV();
    struct mirror *mirror = mirror_new(aTHX_ m, context, hash);
    SvREFCNT_dec_NN((SV *)hash);
    (void)array_in(aTHX_ member(aTHX_ hash, B("Action")));
    mirror->fields_stale = mirror->store_stale = true;
    mark_stale(mirror);
    return mirror;
}

static void show_name(pTHX_ struct context_mirrors *m, struct bytes name, struct mirror *mirror)
{
    SV *sv = newRV_inc((SV *)mirror->hash);
    mark_entry(aTHX_ sv, mirror);
    if (!hv_store(m->list, name.ptr, (I32)name.len, sv, 0))
        SvREFCNT_dec_NN(sv);
}

static void disconnect(pTHX_ struct context_mirrors *m, struct context *context)
{
    struct mirror *mirror = context->perl;
    table_remove(&m->by_hash, mirror_key(mirror));
    context->perl = NULL;
    mirror->context = NULL;
    contexts_release(context);
    mirror_release(aTHX_ mirror);
}

/* What the engine tells. While changes of user code are taken over, the Perl side is right. */
static void note_change(void *arg, enum context_change change, struct context *context,
                        struct bytes name)
{
    dPERL;
    struct context_mirrors *m = ((struct surface *)arg)->contexts;
    if (change == CONTEXT_GONE) {
        if (context->perl)
            disconnect(aTHX_ m, context);
        return;
    }
    if (m->busy)
        return;
    m->busy = true;
    struct mirror *mirror = mirror_for(aTHX_ m, context);
    mirror->fields_stale = true;
    if (change == CONTEXT_NAMED)
        show_name(aTHX_ m, name, mirror);
    else if (change == CONTEXT_UNNAMED)
        remove_member(aTHX_ m->list, name);
    else if (change == CONTEXT_STORED)
        mirror->store_stale = true;
    mark_stale(mirror);
    m->known = HvTOTALKEYS(m->list);
    m->busy = false;
}

static void show_mirror(pTHX_ struct engine *engine, struct mirror *mirror)
{
    struct context *context = mirror->context;
    mirror->listed_stale = false;
    if (!context)
        return;
    if (mirror->fields_stale)
        context_show_fields(aTHX_ engine, context, mirror->hash);
    if (mirror->action != context->action || mirror->bound != context->bound) {
        context_show_action(aTHX_ engine, context, mirror->hash);
        remember_action(mirror, context->action, context->bound);
    }
    if (mirror->store_stale)
        context_show_store(aTHX_ context, mirror->hash);
    mirror->fields_stale = mirror->store_stale = false;
}

static const struct bytes this_name = {"_THIS", 5};

/* The context whose end is under way, with its state of that moment. */
static void show_this(pTHX_ struct context_mirrors *m, struct context *this)
{
    struct mirror *mirror = mirror_for(aTHX_ m, this);
    mirror->fields_stale = true;
    mark_stale(mirror);
    remove_member(aTHX_ m->list, this_name);
    show_name(aTHX_ m, this_name, mirror);
}

static void show(pTHX_ struct surface *surface)
{
    struct context_mirrors *m = surface->contexts;
    struct context *this = contexts_this(surface->engine->state.contexts);
    m->busy = true;
    if (this)
        show_this(aTHX_ m, this);
    for (size_t i = 0; i < m->stale.count; i++) {
        show_mirror(aTHX_ surface->engine, m->stale.items[i]);
        mirror_release(aTHX_ m->stale.items[i]);
    }
    m->stale.count = 0;
    m->known = HvTOTALKEYS(m->list);
    m->busy = false;
}

/* Puts back what "_THIS" stands for outside the end of a context. */
static void hide_this(pTHX_ struct surface *surface)
{
    struct context_mirrors *m = surface->contexts;
    if (!contexts_this(surface->engine->state.contexts) || !hv_exists(m->list, "_THIS", 5))
        return;
    remove_member(aTHX_ m->list, this_name);
    m->known--;
}

/* An entry of the hash that does not stand for what the engine has under its name. */
struct entry {
    struct bytes name;
    SV *sv;
    HV *hash;
};

static bool entry_agrees(pTHX_ struct surface *surface, const struct entry *entry)
{
    struct context *context = contexts_find(surface->engine->state.contexts, entry->name);
    struct mirror *mirror = mirror_of(surface->contexts, entry->hash);
    if (!context || !mirror || mirror->context != context)
        return false;
    mark_entry(aTHX_ entry->sv, mirror);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return bytes_cmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

/* All entries that the engine must be told of, sorted by name, in the engine's arena. */
static size_t find_entries(pTHX_ struct surface *surface, struct entry **found)
{
    struct context_mirrors *m = surface->contexts;
    struct arena *arena = &surface->engine->line.arena;
    struct entry *entries = arena_alloc(arena, HvTOTALKEYS(m->list) * sizeof(*entries));
    size_t count = 0;
    hv_iterinit(m->list);
    for (HE *he; (he = hv_iternext(m->list));) {
        struct entry entry = {taken_text(aTHX_ hv_iterkeysv(he)), HeVAL(he),
                              hash_if(aTHX_ HeVAL(he))};
        if (!entry.hash || entry_agrees(aTHX_ surface, &entry))
            continue;
        entry.name = arena_bytes(arena, entry.name);
        entries[count++] = entry;
    }
    if (count > 1)
        qsort(entries, count, sizeof(*entries), by_name);
    *found = entries;
    return count;
}

/* The name means this hash now: a context that is known, or a new one. */
static void take_entry(pTHX_ struct surface *surface, const struct entry *entry)
{
    struct engine *engine = surface->engine;
    struct context_mirrors *m = surface->contexts;
    struct context *old = contexts_find(engine->state.contexts, entry->name);
    struct mirror *mirror = mirror_of(m, entry->hash);
    if (old)
        contexts_remove_name(engine, old, entry->name);
    if (mirror && mirror->context)
        contexts_add_name(engine, mirror->context, entry->name);
    else
        mirror = mirror_new(aTHX_ m, contexts_create(engine, entry->name, 0), entry->hash);
    watch_mirror(mirror);
    mark_entry(aTHX_ entry->sv, mirror);
}

static void take_entries(pTHX_ struct surface *surface)
{
    struct entry *entries;
    size_t count = find_entries(aTHX_ surface, &entries), known = 0;
    /* New names before names that change hands, so that a context that was renamed lives on. */
    for (size_t i = 0; i < count; i++) {
        if (contexts_find(surface->engine->state.contexts, entries[i].name))
            entries[known++] = entries[i];
        else
            take_entry(aTHX_ surface, &entries[i]);
    }
    for (size_t i = 0; i < known; i++)
        take_entry(aTHX_ surface, &entries[i]);
}

/* Names that are not in the hash any more. */
static void drop_names(pTHX_ struct surface *surface)
{
    struct engine *engine = surface->engine;
    struct context *next;
    for (struct context *context = contexts_first(engine->state.contexts); context;
         context = next) {
        next = context->next;
        contexts_retain(context);
        for (uint32_t i = context->name_count; i-- > 0;) {
            struct bytes name = context->names[i];
            HV *hash = hash_if(aTHX_ member_if(aTHX_ surface->contexts->list, name));
            struct mirror *mirror = context->perl;
            if (mirror && hash == mirror->hash)
                continue;
            contexts_remove_name(engine, context, name);
            if (context->perl)
                watch_mirror(context->perl); /* {Aliases} stay as they are */
        }
        contexts_release(context);
    }
}

static bool list_changed(pTHX_ struct context_mirrors *m)
{
    HV *list = get_hv("main::context_list", GV_ADD);
    if (list == m->list)
        return m->disturbed || HvTOTALKEYS(list) != m->known;
    SvREFCNT_inc_simple_void_NN((SV *)list); /* the name was given another hash */
    SvREFCNT_dec_NN((SV *)m->list);
    m->list = list;
    return true;
}

/* Does something besides our own scalars and the parent hash refer into the context? */
static bool held(pTHX_ const struct mirror *mirror)
{
    if (SvREFCNT((SV *)mirror->hash) > mirror->context->name_count + 1)
        return true;
    static const struct bytes keys[] = {{"Buffer", 6}, {"Times", 5}, {"Action", 6}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        AV *av = array_if(aTHX_ member_if(aTHX_ mirror->hash, keys[i]));
        if (av && SvREFCNT((SV *)av) > 1)
            return true;
    }
    return false;
}

static void take_watched(pTHX_ struct surface *surface)
{
    struct mirror_list *list = &surface->contexts->watched;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct mirror *mirror = list->items[i];
        struct context *context = mirror->context;
        if (context) {
            context_take(aTHX_ surface->engine, context, mirror->hash);
            remember_action(mirror, context->action, context->bound);
        }
        if (context && held(aTHX_ mirror)) {
            list->items[kept++] = mirror;
            continue;
        }
        mirror->watched = false;
        mirror_release(aTHX_ mirror);
    }
    list->count = kept;
}

static void take(pTHX_ struct surface *surface)
{
    struct context_mirrors *m = surface->contexts;
    m->busy = true;
    hide_this(aTHX_ surface);
    if (list_changed(aTHX_ m)) {
        take_entries(aTHX_ surface);
        drop_names(aTHX_ surface);
        m->disturbed = false;
    }
    take_watched(aTHX_ surface);
    m->known = HvTOTALKEYS(m->list);
    m->busy = false;
}

static void wake(pTHX_ struct surface *surface)
{
    struct context_mirrors *m = mem_zalloc(sizeof(*m));
    surface->contexts = m;
    m->refs = 1;
    m->engine = surface->engine;
    m->list = (HV *)SvREFCNT_inc_simple_NN((SV *)get_hv("main::context_list", GV_ADD));
    m->busy = true;
    table_init(&m->by_hash, mirror_key);
    take_entries(aTHX_ surface); /* what code that came before us put there */
    struct engine *engine = surface->engine;
    for (struct context *context = contexts_first(engine->state.contexts); context;
         context = context->next) {
        struct mirror *mirror = mirror_for(aTHX_ m, context);
        for (uint32_t i = 0; i < context->name_count; i++) {
            if (!member_if(aTHX_ m->list, context->names[i]))
                show_name(aTHX_ m, context->names[i], mirror);
        }
    }
    take_watched(aTHX_ surface);
    m->busy = false;
    contexts_watch(engine->state.contexts, note_change, surface);
}

static void list_empty(pTHX_ struct mirror_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        mirror_release(aTHX_ list->items[i]);
    free(list->items);
    *list = (struct mirror_list){0};
}

static void stop(pTHX_ struct surface *surface)
{
    struct context_mirrors *m = surface->contexts;
    struct contexts *contexts = surface->engine->state.contexts;
    m->busy = true; /* for good: scalars that user code keeps tell nobody */
    contexts_watch(contexts, NULL, NULL);
    hv_clear(m->list);
    for (struct context *context = contexts_first(contexts); context; context = context->next)
        if (context->perl)
            disconnect(aTHX_ m, context);
    struct mirror_list *stale = &m->stale, *watched = &m->watched;
    list_empty(aTHX_ stale);
    list_empty(aTHX_ watched);
    table_free(&m->by_hash);
    SvREFCNT_dec_NN((SV *)m->list);
    mirrors_release(m);
}

static const char *const names[] = {"%context_list", NULL};

const struct area area_contexts = {names, wake, show, take, stop};
