/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiling templates: the passes of substitution, run once over a text whose values are not known.
 *
 * A text is a list of segments.  Each pass replaces the references it finds in the texts between
 * variables and leaves the variables of earlier passes alone, as upstream's masking does.  What is
 * left is joined when the template is expanded.  Texts never stand side by side: a doubled token
 * becomes part of the text around it, so that later passes see what they would see in the string.
 */
#include "lang/template.h"

#include "base/mem.h"
#include "lang/substitute.h"

struct segments {
    struct segment *items; /* heap */
    size_t count, room;
};

struct compilation {
    struct template *template;
    struct arena *arena;
    struct var_keys *keys;
    struct names *names;
    struct buf literal;      /* text since the last variable */
    struct segments in, out; /* before and after the pass */
};

static void add_segment(struct segments *segments, struct segment segment)
{
    MEM_GROW(segments->items, segments->count, segments->room, 8);
    segments->items[segments->count++] = segment;
}

static void flush_literal(struct compilation *c)
{
    if (c->literal.len == 0)
        return;
    struct bytes text = arena_bytes(c->arena, buf_bytes(&c->literal));
    add_segment(&c->out, (struct segment){.kind = SEG_TEXT, .text = text});
    buf_clear(&c->literal);
}

static void add_variable(struct compilation *c, struct segment segment)
{
    flush_literal(c);
    add_segment(&c->out, segment);
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

static struct var_key key_of(const struct variable_ref *ref, unsigned pass)
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

static void add_reference(struct compilation *c, const struct variable_ref *ref, unsigned pass)
{
    if (pass == PASS_VARIABLES) {
        uint32_t id = names_id(c->names, ref->name);
        add_variable(c, (struct segment){.kind = SEG_VARIABLE, .index = id, .text = ref->name});
        return;
    }
    struct var_key key = key_of(ref, pass);
    uint32_t index = var_keys_add(c->keys, c->arena, &key);
    add_variable(c, (struct segment){.kind = SEG_MATCH, .index = index});
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
static void scan_text(struct compilation *c, struct bytes text, unsigned pass, bool last)
{
    struct variable_ref ref;
    size_t from = 0;
    bool open = false;
    for (; next_reference(text, pass, from, &ref); from = ref.end) {
        buf_add(&c->literal, bytes_slice(text, from, ref.start));
        if (ref.kind == REF_DOUBLED)
            buf_char(&c->literal, pass_token(pass));
        else
            add_reference(c, &ref, pass);
        open = ref.open;
    }
    buf_add(&c->literal, bytes_from(text, from));
    if ((open || ref.open) && !last)
        c->template->spliced = true;
}

static void run_pass(struct compilation *c, unsigned pass)
{
    struct segments in = c->out;
    c->out = c->in;
    c->out.count = 0;
    c->in = in;
    for (size_t i = 0; i < in.count; i++) {
        if (in.items[i].kind == SEG_TEXT)
            scan_text(c, in.items[i].text, pass, i + 1 == in.count);
        else
            add_variable(c, in.items[i]);
    }
    flush_literal(c);
}

static bool any_match(const struct segments *segments)
{
    for (size_t i = 0; i < segments->count; i++)
        if (segments->items[i].kind == SEG_MATCH)
            return true;
    return false;
}

static bool any_percent(const struct segments *segments)
{
    for (size_t i = 0; i < segments->count; i++) {
        const struct segment *segment = &segments->items[i];
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

static void set_segments(struct template *template, struct arena *arena,
                         const struct segment *segments, size_t count)
{
    template->count = (uint32_t)count;
    template->segments = arena_alloc(arena, count * sizeof(*segments));
    if (count)
        memcpy(template->segments, segments, count * sizeof(*segments));
}

static void compile_references(struct template *template, struct arena *arena,
                               struct var_keys *keys, struct names *names)
{
    struct compilation c = {.template = template, .arena = arena, .keys = keys, .names = names};
    add_segment(&c.out, (struct segment){.kind = SEG_TEXT, .text = template->text});
    run_passes(&c);
    set_segments(template, arena, c.out.items, c.out.count);
    free(c.in.items);
    free(c.out.items);
    buf_free(&c.literal);
}

struct template *template_compile(struct arena *arena, struct bytes text, unsigned passes,
                                  struct var_keys *keys, struct names *names)
{
    struct template *template = arena_zalloc(arena, sizeof(*template));
    template->text = arena_bytes(arena, text);
    template->passes = (uint8_t)passes;
    const struct segment whole = {.kind = SEG_TEXT, .text = template->text};
    if (may_refer(text, passes))
        compile_references(template, arena, keys, names);
    else
        set_segments(template, arena, &whole, text.len > 0);
    return template;
}

bool template_has_match_vars(struct bytes text, char token)
{
    struct variable_ref ref;
    return substitute_next_match(text, token, 0, &ref);
}
