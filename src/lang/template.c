/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiling templates: the passes of substitution, run once over a text whose values are not known.
 *
 * A text is a list of segments.  Each pass replaces the references it finds in the texts between
 * variables and leaves the variables of earlier passes alone, as upstream's masking does.  What is
 * left is joined when the template is expanded.  Texts never stand side by side: a doubled token
 * becomes part of the text around it, so that later passes see what they would see in the string.
 *
 * A text is a slice of the template's as long as no doubled token lies in it.  One that had to be
 * copied for that brings along where its bytes come from, when there is a later pass: variables
 * are known by their place in the template's text.
 */
#include "lang/template.h"

#include "base/mem.h"
#include "lang/parens.h"
#include "lang/substitute.h"

/* A text on its way through the passes. */
struct literal {
    struct bytes text;
    const uint32_t *origins; /* of a copy: where its bytes are in the template's text; else NULL */
};

struct segments {
    struct piece {
        struct segment segment;
        const uint32_t *origins; /* SEG_TEXT: as in struct literal */
    } * items;                   /* heap */
    size_t count, room;
};

struct compilation {
    struct template *template;
    struct arena *arena;
    struct var_keys *keys;
    struct names *names;
    bool last_pass;
    /* Text since the last variable: one slice, or a copy. */
    struct literal slice;
    struct buf copy;
    uint32_t *origins; /* of the copy, unless this is the last pass; heap */
    size_t origin_count, origin_room;
    struct segments in, out; /* before and after the pass */
};

static void add_piece(struct segments *segments, struct segment segment, const uint32_t *origins)
{
    MEM_GROW(segments->items, segments->count, segments->room, 8);
    segments->items[segments->count++] = (struct piece){segment, origins};
}

static size_t origin_of(const struct compilation *c, const struct literal *literal, size_t at)
{
    return literal->origins ? literal->origins[at]
                            : (size_t)(literal->text.ptr - c->template->text.ptr) + at;
}

static void copy_literal(struct compilation *c, const struct literal *literal)
{
    buf_add(&c->copy, literal->text);
    for (size_t i = 0; !c->last_pass && i < literal->text.len; i++) {
        MEM_GROW(c->origins, c->origin_count, c->origin_room, 64);
        c->origins[c->origin_count++] = (uint32_t)origin_of(c, literal, i);
    }
}

/* The literal goes on with this part of a text. */
static void add_literal(struct compilation *c, const struct literal *of, size_t from, size_t to)
{
    struct literal part = {bytes_slice(of->text, from, to),
                           of->origins ? of->origins + from : NULL};
    struct bytes *slice = &c->slice.text;
    if (part.text.len == 0)
        return;
    if (c->copy.len == 0 && slice->len > 0 && slice->ptr + slice->len == part.text.ptr) {
        slice->len += part.text.len;
        return;
    }
    if (c->copy.len == 0 && slice->len == 0) {
        c->slice = part;
        return;
    }
    if (c->copy.len == 0)
        copy_literal(c, &c->slice);
    copy_literal(c, &part);
}

static const uint32_t *keep_origins(struct compilation *c)
{
    uint32_t *kept = arena_alloc(c->arena, c->origin_count * sizeof(*kept));
    if (c->origin_count > 0)
        memcpy(kept, c->origins, c->origin_count * sizeof(*kept));
    c->origin_count = 0;
    return kept;
}

static void flush_literal(struct compilation *c)
{
    struct literal literal = c->slice;
    if (c->copy.len > 0) {
        literal.text = arena_bytes(c->arena, buf_bytes(&c->copy));
        literal.origins = c->last_pass ? NULL : keep_origins(c);
        buf_clear(&c->copy);
    }
    if (literal.text.len > 0)
        add_piece(&c->out, (struct segment){.kind = SEG_TEXT, .text = literal.text},
                  literal.origins);
    c->slice = (struct literal){0};
}

static void add_variable(struct compilation *c, struct segment segment)
{
    flush_literal(c);
    add_piece(&c->out, segment, NULL);
}

/* "12" and "0", but not "012": that one is the name of nothing that a pattern sets. */
static bool plain_number(struct bytes digits, uint64_t *number)
{
    if (digits.len > 18 || !is_digit(digits.ptr[0]) || (digits.ptr[0] == '0' && digits.len > 1))
        return false;
    *number = 0;
    for (size_t i = 0; i < digits.len; i++)
        *number = *number * 10 + (uint64_t)(digits.ptr[i] - '0');
    return true;
}

static struct var_key reference_key(const struct variable_ref *ref, unsigned pass)
{
    struct var_key key = {.kind = KEY_NAME, .source = pass == PASS_SECOND_DOLLAR};
    if (ref->kind == REF_CACHE) {
        key.kind = KEY_CACHE;
        key.entry = ref->entry;
    } else if (plain_number(ref->name, &key.number)) {
        key.kind = KEY_NUMBER;
        return key;
    }
    key.name = ref->name;
    return key;
}

static void add_reference(struct compilation *c, const struct literal *literal,
                          const struct variable_ref *ref, unsigned pass)
{
    struct bytes text = bytes_slice(c->template->text, origin_of(c, literal, ref->start),
                                    origin_of(c, literal, ref->end - 1) + 1);
    if (pass == PASS_VARIABLES) {
        uint32_t id = names_id(c->names, ref->name);
        add_variable(c, (struct segment){.kind = SEG_VARIABLE, .index = id, .text = text});
        return;
    }
    struct var_key key = reference_key(ref, pass);
    uint32_t index = var_keys_add(c->keys, c->arena, &key);
    add_variable(c, (struct segment){.kind = SEG_MATCH, .index = index, .text = text});
    if (key.kind == KEY_CACHE && c->template->passes >= pass * 2)
        c->template->spliced = true; /* a later pass reads its value */
}

static char pass_token(unsigned pass)
{
    return pass == PASS_FIRST_PERCENT || pass == PASS_VARIABLES ? '%' : '$';
}

static bool next_reference(struct bytes text, unsigned pass, size_t from, struct variable_ref *ref)
{
    if (pass == PASS_VARIABLES)
        return substitute_next_variable(text, from, ref);
    return substitute_next_match(text, pass_token(pass), from, ref);
}

/* last: no variable follows, whose value could go on with what the text ends with. */
static void scan_text(struct compilation *c, const struct literal *literal, unsigned pass,
                      bool last)
{
    struct variable_ref ref;
    size_t from = 0;
    bool open = false;
    for (; next_reference(literal->text, pass, from, &ref); from = ref.end) {
        bool doubled = ref.kind == REF_DOUBLED; /* its first token stays */
        add_literal(c, literal, from, ref.start + doubled);
        if (!doubled)
            add_reference(c, literal, &ref, pass);
        open = ref.open;
    }
    add_literal(c, literal, from, literal->text.len);
    if ((open || ref.open) && !last)
        c->template->spliced = true;
}

static void run_pass(struct compilation *c, unsigned pass)
{
    struct segments in = c->out;
    c->out = c->in;
    c->out.count = 0;
    c->in = in;
    c->last_pass = c->template->passes < pass * 2;
    for (size_t i = 0; i < in.count; i++) {
        const struct piece *piece = &in.items[i];
        const struct literal literal = {piece->segment.text, piece->origins};
        if (piece->segment.kind == SEG_TEXT)
            scan_text(c, &literal, pass, i + 1 == in.count);
        else
            add_variable(c, piece->segment);
    }
    flush_literal(c);
}

static bool any_match(const struct segments *segments)
{
    for (size_t i = 0; i < segments->count; i++)
        if (segments->items[i].segment.kind == SEG_MATCH)
            return true;
    return false;
}

static bool any_percent(const struct segments *segments)
{
    for (size_t i = 0; i < segments->count; i++) {
        const struct segment *segment = &segments->items[i].segment;
        if (segment->kind == SEG_TEXT && bytes_chr(segment->text, '%', 0) >= 0)
            return true;
    }
    return false;
}

static void run_passes(struct compilation *c)
{
    struct template *template = c->template;
    for (unsigned pass = PASS_FIRST_DOLLAR; pass <= PASS_VARIABLES; pass *= 2) {
        if (!(template->passes & pass))
            continue;
        if (pass == PASS_VARIABLES)
            template->has_percent = any_percent(&c->out);
        run_pass(c, pass);
    }
    /* Values masked for a second match that has no say here. */
    if (template->passes == PASS_FIRST_PERCENT && any_match(&c->out))
        template->spliced = true;
}

/* Most texts hold no token at all. */
static bool may_refer(struct bytes text, unsigned passes)
{
    return passes != 0 && (bytes_chr(text, '$', 0) >= 0 || bytes_chr(text, '%', 0) >= 0);
}

static void set_segments(struct template *template, struct arena *arena, const struct piece *pieces,
                         size_t count)
{
    template->count = (uint32_t)count;
    template->segments = arena_alloc(arena, count * sizeof(*template->segments));
    for (size_t i = 0; i < count; i++)
        template->segments[i] = pieces[i].segment;
}

static void compile_references(struct template *template, struct arena *arena,
                               struct var_keys *keys, struct names *names)
{
    struct compilation c = {.template = template, .arena = arena, .keys = keys, .names = names};
    add_piece(&c.out, (struct segment){.kind = SEG_TEXT, .text = template->text}, NULL);
    run_passes(&c);
    set_segments(template, arena, c.out.items, c.out.count);
    free(c.in.items);
    free(c.out.items);
    free(c.origins);
    buf_free(&c.copy);
}

struct template *template_compile(struct arena *arena, struct bytes text, unsigned passes,
                                  struct var_keys *keys, struct names *names)
{
    struct template *template = arena_zalloc(arena, sizeof(*template));
    template->text = text;
    template->passes = (uint8_t)passes;
    const struct piece whole = {.segment = {.kind = SEG_TEXT, .text = text}};
    if (may_refer(text, passes))
        compile_references(template, arena, keys, names);
    else
        set_segments(template, arena, &whole, text.len > 0);
    return template;
}

bool segment_is_desc(const struct segment *segment)
{
    return segment->kind == SEG_VARIABLE &&
           (bytes_eq(segment->text, B("%s")) || bytes_eq(segment->text, B("%{s}")));
}

struct bytes template_place(const struct template *t, struct bytes part)
{
    size_t at = (size_t)(part.ptr - t->text.ptr);
    if (t->text.ptr == t->source.ptr)
        return part; /* nothing was masked, or a backslash before a parenthesis stays */
    return t->source.ptr ? parens_place(t->source, at, at + part.len) : (struct bytes){0};
}

bool template_has_match_vars(struct bytes text, char token)
{
    struct variable_ref ref;
    return substitute_next_match(text, token, 0, &ref);
}
