/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables are followed through earlier `assign` and `assignsq` actions in the same list and those
 * around it, and through %s.  Variables from anywhere else are taken as a harmless letter. */
#include "lint/paste.h"

#include "base/mem.h"
#include "lint/facts.h"
#include "lint/groups.h"
#include "lint/preconditions.h"
#include "witness/sample.h"

enum {
    USES_MAX = 16,
    PARTS_MAX = 8,      /* patterns of an EventGroup rule that are tried */
    BACK_MAX = 200,     /* actions before a text that are looked at */
    DEPTH_MAX = 5,      /* variables in variables */
    TEXT_MAX = 1 << 14, /* bytes of a text */
};

/* A group that a text holds. */
struct use {
    uint32_t key;     /* of the rule */
    uint32_t segment; /* of the text, that it comes by */
    bool quoted;
};

/* Where letters are in place of what is held. */
enum harmless { HARMLESS_NOWHERE, HARMLESS_ELSEWHERE, HARMLESS_EVERYWHERE };

/* A list inside of another one's action. */
struct holder {
    const struct action_list *list;
    const struct action *action;
};

struct look {
    struct lint *lint;
    const struct rule *rule;
    const struct paste_reader *reader;
    const struct visit_spot *spot;
    struct holder *holders; /* heap */
    size_t holder_count, holder_room;
    struct arena arena;
    /* The text at hand. */
    const struct template *text;
    bool quoting; /* the %s in it are quoted */
    struct use uses[USES_MAX];
    size_t use_count;
    struct paste found[USES_MAX]; /* of these: which show something, */
    size_t found_count;
    size_t best, best_rank; /* and which one shows most */
    /* What variables hold while it is put together. */
    size_t part;                 /* the pattern of the first match */
    const struct sample *sample; /* of the match that the use is of; NULL: held alone */
    uint8_t source;              /* which one */
    const struct use *use;
    struct bytes held;
    size_t rank; /* of it in what is tried */
    enum harmless harmless;
    bool quoted; /* inside of what is quoted for the shell */
    uint32_t segment;
    unsigned depth;
};

static void add_template(struct look *look, const struct template *text,
                         const struct action *before, struct buf *out);

/* -- Values -- */

static const struct part *part_of(const struct look *look, uint8_t source)
{
    size_t part = source == 1 ? 1 : look->part;
    return part < look->rule->part_count ? &look->rule->parts[part] : NULL;
}

static void note_use(struct look *look, uint32_t key)
{
    for (size_t i = 0; i < look->use_count; i++)
        if (look->uses[i].key == key && look->uses[i].segment == look->segment)
            return;
    if (look->use_count < USES_MAX)
        look->uses[look->use_count++] = (struct use){key, look->segment, look->quoted};
}

/* Letters in place of all that was put in. */
static void add_held(struct look *look, struct bytes value, struct buf *out)
{
    size_t at = 0;
    ptrdiff_t found;
    bool here = look->use && look->segment == look->use->segment;
    bool letters =
        look->harmless == HARMLESS_EVERYWHERE || (look->harmless == HARMLESS_ELSEWHERE && !here);
    while (letters && (found = bytes_find(value, look->held, at)) >= 0) {
        buf_add(out, bytes_slice(value, at, (size_t)found));
        for (size_t i = 0; i < look->held.len; i++)
            buf_char(out, 'x');
        at = (size_t)found + look->held.len;
    }
    buf_add(out, bytes_from(value, at));
}

/* A group that is no part of the match is empty. */
static void add_key(struct look *look, uint32_t index, struct buf *out)
{
    const struct var_key *key = &look->rule->keys.keys[index];
    const struct part *part = part_of(look, key->source);
    uint32_t group;
    note_use(look, index);
    if (!look->use)
        return;
    if (!look->sample && index == look->use->key)
        add_held(look, look->held, out);
    else if (look->sample && key->source == look->source && part &&
             groups_filling(part, key, &group) > 0)
        add_held(look, group == 0 ? look->sample->line : look->sample->groups[group], out);
    else
        buf_char(out, 'x');
}

/* -- Action list variables -- */

static const struct action *holder_of(const struct look *look, const struct action_list *list)
{
    for (size_t i = 0; i < look->holder_count; i++)
        if (look->holders[i].list == list)
            return look->holders[i].action;
    return NULL;
}

static bool sets(const struct action *action, uint32_t variable)
{
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++)
        if (action->type->params[i].kind == PARAM_VARIABLE && action->args[i].name.len > 0 &&
            action->args[i].variable == variable)
            return true;
    return false;
}

/* The last action before this one that sets the variable; NULL: none is found. */
static const struct action *setter_before(const struct look *look, const struct action *before,
                                          uint32_t variable)
{
    size_t steps = 0;
    for (; before; before = holder_of(look, before->within)) {
        const struct action_list *list = before->within;
        size_t at = 0;
        while (at < list->count && list->actions[at] != before)
            at++;
        for (size_t i = at; i-- > 0 && steps < BACK_MAX; steps++)
            if (sets(list->actions[i], variable))
                return list->actions[i];
        if (++steps >= BACK_MAX)
            return NULL;
    }
    return NULL;
}

static void add_quoted(struct bytes text, struct buf *out)
{
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++)
        buf_add(out, text.ptr[i] == '\'' ? B("'\\''") : bytes_slice(text, i, i + 1));
    buf_char(out, '\'');
}

static void add_inner(struct look *look, const struct template *text, const struct action *before,
                      bool quoted, struct buf *out)
{
    struct buf inner = {0};
    bool outer = look->quoted;
    look->quoted |= quoted;
    if (look->depth < DEPTH_MAX) {
        look->depth++;
        add_template(look, text, before, &inner);
        look->depth--;
    }
    look->quoted = outer;
    if (quoted)
        add_quoted(buf_bytes(&inner), out);
    else
        buf_add(out, buf_bytes(&inner));
    buf_free(&inner);
}

/* The time of the made lines; others as they are now, and the name of what nobody knows. */
static void add_predefined(const struct look *look, const struct segment *segment, struct buf *out)
{
    struct engine *engine = look->lint->engine;
    struct bytes name = names_text(engine->rules.parse_env.names, segment->index);
    if (bytes_eq(name, B("t")))
        buf_add(out, B("Mon Jan 12 10:21:33 2026"));
    else if (bytes_eq(name, B("u")))
        buf_add(out, B("1768213293"));
    else if (facts_predefined(look->lint->facts, segment->index))
        variables_append(engine->state.variables, segment->index, out);
    else
        buf_add(out, segment->text);
}

static void add_variable(struct look *look, const struct segment *segment,
                         const struct action *before, struct buf *out)
{
    if (segment_is_desc(segment)) {
        const struct rule *rule = look->rule;
        bool second = look->spot->part == 1 && rule->desc2 && !rule->type->numbered;
        bool quoted = look->depth == 0 && look->quoting;
        const struct template *desc = second ? rule->desc2 : rule->desc;
        if (desc)
            add_inner(look, desc, NULL, quoted, out);
        return;
    }
    const struct action *setter = before ? setter_before(look, before, segment->index) : NULL;
    bool quoted = setter && strcmp(setter->type->name, "assignsq") == 0;
    if (setter && (quoted || strcmp(setter->type->name, "assign") == 0) && setter->args[1].text)
        add_inner(look, setter->args[1].text, setter, quoted, out);
    else
        add_predefined(look, segment, out);
}

/* before: the action whose text it is; NULL: of none. */
static void add_template(struct look *look, const struct template *text,
                         const struct action *before, struct buf *out)
{
    for (uint32_t i = 0; i < text->count && !text->spliced && out->len < TEXT_MAX; i++) {
        const struct segment *segment = &text->segments[i];
        if (look->depth == 0)
            look->segment = i;
        switch (segment->kind) {
        case SEG_TEXT:
            buf_add(out, segment->text);
            break;
        case SEG_MATCH:
            add_key(look, segment->index, out);
            break;
        case SEG_VARIABLE:
            add_variable(look, segment, before, out);
            break;
        }
    }
}

static void put_together(struct look *look, enum harmless harmless, struct buf *out)
{
    buf_clear(out);
    look->harmless = harmless;
    add_template(look, look->text, look->spot->action, out);
}

/* -- The search -- */

static void shape_with(struct look *look, enum harmless harmless, struct buf *out,
                       struct buf *shape)
{
    put_together(look, harmless, out);
    look->reader->shape(buf_bytes(out), shape);
}

/* Is the text read in another way with what is held than with letters in its place?  By this use
 * alone, too: the group may be in the text a second time. */
static bool differs(struct look *look, struct buf *out, struct buf *harmless)
{
    struct buf here = {0}, all = {0}, none = {0};
    shape_with(look, HARMLESS_ELSEWHERE, out, &here);
    shape_with(look, HARMLESS_NOWHERE, out, &all);
    shape_with(look, HARMLESS_EVERYWHERE, harmless, &none);
    bool yes = !bytes_eq(buf_bytes(&none), buf_bytes(&here)) &&
               !bytes_eq(buf_bytes(&none), buf_bytes(&all));
    buf_free(&here);
    buf_free(&all);
    buf_free(&none);
    return yes;
}

static bool is_found(const struct look *look, const struct paste *paste)
{
    for (size_t i = 0; i < look->found_count; i++)
        if (bytes_eq(look->found[i].from, paste->from) &&
            bytes_eq(look->found[i].variable, paste->variable))
            return true;
    return false;
}

static struct bytes name_of_key(struct look *look, const struct var_key *key)
{
    bool first = key->source == 0 && part_of(look, 1) && look->rule->type->patterns == 2 &&
                 look->spot->part == 1;
    struct bytes sign = first ? B("%") : B("$");
    return key->kind == KEY_NUMBER ? arena_cat(&look->arena, sign, NUM(key->number))
                                   : arena_cat(&look->arena, sign, B("+{"), key->name, B("}"));
}

/* Is what is held in the word after the time?  That is a host's name, which few can choose. */
static bool is_in_host(const struct look *look, struct bytes line)
{
    ptrdiff_t at = bytes_find(line, look->held, 0);
    size_t to = at < 0 ? 0 : (size_t)at;
    while (to > 0 && line.ptr[to - 1] != ' ')
        to--;
    struct bytes before = bytes_slice(line, 0, to);
    return bytes_ends(before, B(":33 ")) || bytes_ends(before, B(":33.417+00:00 "));
}

/* Of what tells as much, text that anyone can choose is shown rather than a host's name. */
static void choose_best(struct look *look, struct bytes line)
{
    size_t rank = 2 * look->rank + is_in_host(look, line);
    if (look->found_count > 0 && rank >= look->best_rank)
        return;
    look->best = look->found_count;
    look->best_rank = rank;
}

static bool keep(struct look *look, const struct sample *sample, struct bytes read,
                 struct bytes harmless)
{
    struct paste paste = {
        .spot = look->spot,
        .text = look->text,
        .variable = look->text->segments[look->use->segment].text,
        .from = name_of_key(look, &look->rule->keys.keys[look->use->key]),
        .quoted = look->use->quoted,
        .line = sample->line,
        .held = look->held,
        .read = arena_bytes(&look->arena, read),
        .harmless = arena_bytes(&look->arena, harmless),
        .around = look->spot->action ? holder_of(look, look->spot->action->within) : NULL,
    };
    if (look->reader->shows && !look->reader->shows(&paste))
        return false;
    if (is_found(look, &paste) || look->found_count == USES_MAX)
        return true;
    choose_best(look, sample->line);
    look->found[look->found_count++] = paste;
    return true;
}

static bool try_wish(struct look *look, const struct part *part, const struct sample_wish *wish)
{
    struct sample sample;
    struct buf read = {0}, harmless = {0};
    look->sample = NULL;
    bool found =
        differs(look, &read, &harmless) && sample_line(&part->pattern, wish, &look->arena, &sample);
    look->sample = &sample;
    found = found && differs(look, &read, &harmless) &&
            !precondition_line_taken(look->lint, look->rule, sample.line) &&
            keep(look, &sample, buf_bytes(&read), buf_bytes(&harmless));
    look->sample = NULL;
    buf_free(&read);
    buf_free(&harmless);
    return found;
}

/* After a word; where it has no effect there, alone. */
static bool try_held(struct look *look, const struct part *part, uint32_t group)
{
    return try_wish(look, part, &(struct sample_wish){group, look->held, false}) ||
           try_wish(look, part, &(struct sample_wish){group, look->held, true});
}

static void try_use(struct look *look, const struct use *use)
{
    const struct var_key *key = &look->rule->keys.keys[use->key];
    const struct part *part = part_of(look, key->source);
    uint32_t group;
    bool found = false;
    if (!part || groups_filling(part, key, &group) == 0)
        return;
    look->use = use;
    look->source = key->source;
    for (size_t i = 0; i < look->reader->held_count && !found; i++) {
        look->held = look->reader->held[i];
        look->rank = i;
        found = try_held(look, part, group);
    }
    look->use = NULL;
}

/* "$1, $2 and $3 (in %s)" */
static struct bytes names_of_found(struct look *look)
{
    struct bytes names = B("");
    for (size_t i = 0; i < look->found_count; i++) {
        const struct paste *paste = &look->found[i];
        bool last = i + 1 == look->found_count;
        bool direct = bytes_eq(paste->variable, paste->from) ||
                      (!last && bytes_eq(paste->variable, paste[1].variable));
        names = arena_cat(&look->arena, names,
                          i == 0 ? B("")
                          : last ? B(" and ")
                                 : B(", "),
                          paste->from, direct ? B("") : B(" (in "),
                          direct ? B("") : paste->variable, direct ? B("") : B(")"));
    }
    return names;
}

static struct bytes arguments_of_found(struct look *look)
{
    struct bytes arguments = B("");
    for (size_t i = 0; i < look->found_count; i++)
        if (i == 0 || !bytes_eq(look->found[i].variable, look->found[i - 1].variable))
            arguments =
                arena_cat(&look->arena, arguments, i > 0 ? B(" ") : B(""), look->found[i].variable);
    return arguments;
}

static void tell(struct look *look)
{
    struct paste *paste = &look->found[look->best];
    paste->several = look->found_count > 1;
    paste->names = names_of_found(look);
    paste->arguments = arguments_of_found(look);
    look->reader->tell(look->lint, paste);
}

/* Which pattern's match it was may be open in an EventGroup rule. */
static void look_at_text(struct look *look)
{
    const struct rule *rule = look->rule;
    bool open = rule->type->numbered && look->spot->field->kind != FIELD_COUNT;
    size_t first = open || !rule->type->numbered ? 0 : look->spot->part;
    size_t last = open && rule->part_count < PARTS_MAX ? rule->part_count : first + 1;
    struct buf unused = {0};
    look->use_count = look->found_count = 0;
    put_together(look, HARMLESS_EVERYWHERE, &unused);
    buf_free(&unused);
    for (look->part = first; look->part < last; look->part++)
        for (size_t i = 0; i < look->use_count; i++)
            try_use(look, &look->uses[i]);
    if (look->found_count > 0)
        tell(look);
}

static void hear(struct look *look, const struct visit_spot *spot, const struct template *text,
                 bool quoting)
{
    if (!text || template_constant(text))
        return;
    if (spot->part < spot->rule->part_count &&
        precondition_never_holds(look->lint, spot->rule->parts[spot->part].context))
        return;
    look->spot = spot;
    look->text = text;
    look->quoting = quoting && look->lint->engine->options->quoting;
    look_at_text(look);
    arena_reset(&look->arena);
}

static void hear_action(void *arg, const struct visit_spot *spot)
{
    struct look *look = arg;
    const struct action *action = spot->action;
    const struct embedded *embedded = embedded_in(action);
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++) {
        if (!action->args[i].list)
            continue;
        MEM_GROW(look->holders, look->holder_count, look->holder_room, 8);
        look->holders[look->holder_count++] = (struct holder){action->args[i].list, action};
    }
    if (embedded && embedded->language == look->reader->language)
        hear(look, spot, action->args[embedded->arg].text, embedded->quoting);
}

/* A context that is asked for before the pattern has no match to take values from. */
static void hear_term(void *arg, const struct visit_spot *spot, const struct expr_item *term)
{
    struct look *look = arg;
    if (look->reader->language == EMBEDDED_PERL && term->op == EXPR_CODE &&
        !spot->rule->parts[spot->part].context_first)
        hear(look, spot, term->text, false);
}

static void hear_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    struct look *look = arg;
    if (look->reader->language == EMBEDDED_SHELL && text == spot->rule->script)
        hear(look, spot, text, false);
}

void paste_look(struct lint *lint, const struct rule *rule, const struct paste_reader *reader)
{
    struct look look = {.lint = lint, .rule = rule, .reader = reader};
    const struct visitor visitor = {&look, hear_action, hear_term, hear_text};
    if (rule->type->patterns == 0)
        return;
    arena_init(&look.arena);
    visit_rule(rule, &visitor);
    arena_free(&look.arena);
    free(look.holders);
}

/* What is told of one rule is mended in one place: there the value is made safe.  Otherwise it is
 * the reader's to say what is alike. */
static struct bytes cause_of(struct lint *lint, const struct paste *paste,
                             const struct paste_words *words)
{
    struct bytes kind =
        arena_cat(&lint->arena, B("\n"), words->does, paste->quoted ? B(" quoted") : B(""));
    for (size_t i = lint->count - 1; i-- > lint->first;) {
        const struct lint_finding *found = lint->findings[i];
        if (found->check != lint->check->name || found->rule != paste->spot->rule)
            break;
        if (bytes_ends(found->cause, kind))
            return found->cause;
    }
    return arena_cat(&lint->arena, words->alike, kind);
}

struct lint_finding *paste_tell(struct lint *lint, const struct paste *paste,
                                const struct paste_words *words)
{
    const struct paste_words *w = words;
    struct lint_finding *found = lint_tell(
        lint, paste->spot->rule, template_place(paste->text, paste->variable), paste->names, B(" "),
        paste->several ? w->are : w->is, B(" "), w->done, paste->several ? B("; ") : B(" and"),
        paste->several ? paste->from : B(""), B(" can contain "), paste->held, w->does);
    found->cause = cause_of(lint, paste, words);
    lint_witness(lint, found, paste->line,
                 arena_cat(&lint->arena, B("makes the "), w->kind, B(" '"), paste->read, B("'"),
                           precondition_words(lint, paste->spot, paste->around)));
    return found;
}
