/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An action list variable that no action sets: it is empty.  Often no variable was meant, and a
 * percent sign is gone from what is written or run.  Each name is reported once. */
#include "base/slips.h"
#include "lint/checks.h"
#include "lint/facts.h"

/* The longest predefined variable that the name begins with: "mday" of "%.mdayT", "s" of "%s_URL";
 * "": none. */
static struct bytes predefined_begin(const struct lint *lint, struct bytes name)
{
    const struct names *names = lint->engine->rules.parse_env.names;
    uint32_t id;
    if (name.len > 2 && strchr("stu", *name.ptr) && name.ptr[1] == '_')
        return bytes_slice(name, 0, 1);
    for (size_t len = name.len - 1; *name.ptr == '.' && len > 1; len--)
        if (names_find(names, bytes_slice(name, 0, len), &id) && facts_predefined(lint->facts, id))
            return bytes_slice(name, 0, len);
    return B("");
}

/* One that a rule sets: what goes on after a name with no brace has become part of it. */
static struct bytes set_begin(const struct lint *lint, struct bytes name)
{
    for (size_t len = name.len - 1; len > 1; len--) {
        const struct wildcard begin = wildcard_name(bytes_slice(name, 0, len));
        if (facts_have(lint->facts, FACT_VARIABLE_SET, &begin))
            return begin.before;
    }
    return B("");
}

/* A name that says so: the empty text is what is wanted. */
static bool is_meant_empty(struct bytes name)
{
    static const struct bytes names[] = {B("null"), B("undef"), B("empty"), B("nil"), B("none")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (bytes_ieq(name, names[i]))
            return true;
    return false;
}

/* As in "date +%Y", or "90%full": most likely a percent sign is meant. */
static bool is_text(const struct fact *fact)
{
    struct bytes source = fact->spot.rule->file->source.text;
    bool percent = fact->text.len > 1 && *fact->text.ptr == '%';
    bool after_number = fact->at.ptr > source.ptr && is_digit(fact->at.ptr[-1]);
    return percent && (fact->text.len == 2 || after_number);
}

/* "%s_URL": whatever files the code loads, hardly one of them sets such a name. */
static bool has_text_after(const struct lint *lint, const struct fact *fact)
{
    struct bytes name = fact->name.before;
    bool braced = fact->text.len > name.len + 1;
    return !braced && predefined_begin(lint, name).len == 1;
}

/* What to do; *text: most likely no variable is meant. */
static struct bytes hint_of(struct lint *lint, const struct fact *fact, bool *text)
{
    struct arena *arena = &lint->arena;
    struct bytes name = fact->name.before;
    bool braced = fact->text.len > name.len + 1;
    struct bytes begin = braced ? B("") : predefined_begin(lint, name);
    if (begin.len == 0 && !braced)
        begin = set_begin(lint, name);
    struct bytes nearest = facts_nearest(lint->facts, FACT_VARIABLE_SET, name);
    *text = begin.len == 0 && nearest.len == 0 && is_text(fact);
    if (begin.len > 0)
        return arena_cat(arena, B("write %{"), begin, B("}"), bytes_from(name, begin.len));
    if (nearest.len > 0)
        return arena_cat(arena, SLIPS_ASK(B("'%"), nearest, B("'")));
    if (*text)
        return arena_cat(arena, B("assign it first, or for a literal % write %"), fact->text);
    return B("assign it first; if another file sets it, check that file as well");
}

/* Of one action, which are most likely no variables: "%Y-%m-%d". */
struct texts {
    struct lint_finding *finding;
    const struct action *action;
    struct bytes before, last; /* "%Y, %m" and "%d" */
};

/* Adds it to the finding on the others; false: there is none. */
static bool join(struct lint *lint, struct texts *texts, const struct fact *fact)
{
    struct arena *arena = &lint->arena;
    if (!texts->finding || !fact->spot.action || texts->action != fact->spot.action)
        return false;
    texts->before = texts->before.len == 0 ? texts->last
                                           : arena_cat(arena, texts->before, B(", "), texts->last);
    texts->last = fact->text;
    texts->finding->text = arena_cat(arena, B("no action sets "), texts->before, B(" and "),
                                     texts->last, B(": they are always empty"));
    lint_hint(lint, texts->finding, B("assign them first, or write a literal % as %%"));
    return true;
}

static struct bytes places(struct lint *lint, const struct fact *fact)
{
    size_t count = 0;
    for (const struct fact *one = fact; one; one = one->same)
        count++;
    return count > 1 ? arena_cat(&lint->arena, B(" (used in "), NUM(count), B(" places)")) : B("");
}

static void tell(struct lint *lint, const struct fact *fact, struct texts *texts)
{
    const struct action *action = fact->spot.action;
    bool text;
    struct bytes hint = hint_of(lint, fact, &text);
    if (text && join(lint, texts, fact))
        return;
    bool asks = fact->text.len == fact->name.before.len; /* of if, while and call: without % */
    bool calls = asks && strcmp(action->type->name, "call") == 0;
    struct lint_finding *found =
        asks ? lint_tell(lint, fact->spot.rule, fact->at, B("no action sets %"), fact->text,
                         B(": '"), bytes_of(action->type->name),
                         calls ? B("' has no code to call") : B("' is never true"))
             : lint_tell(lint, fact->spot.rule, fact->at, B("no action sets "), fact->text,
                         B(": it is always empty"), places(lint, fact));
    found->hint = hint;
    if (text)
        *texts = (struct texts){found, action, B(""), fact->text};
}

static void look(struct lint *lint)
{
    const struct fact_list *read = facts_of(lint->facts, FACT_VARIABLE_READ);
    if (read->count == 0 || facts_code_has(lint->facts, B("::variables")))
        return;
    bool sure = !facts_code_may_use(lint->facts, B("::variables"));
    struct texts texts = {0};
    for (size_t i = 0; i < read->count; i++) {
        const struct fact *fact = &read->items[i];
        if (facts_have(lint->facts, FACT_VARIABLE_SET, &fact->name) ||
            is_meant_empty(fact->name.before) || (!sure && !has_text_after(lint, fact)) ||
            fact != facts_first(lint->facts, FACT_VARIABLE_READ, fact->name.before))
            continue;
        tell(lint, fact, &texts);
    }
}

const struct lint_check check_variable_never_set = {
    .name = "variable-never-set",
    .level = LINT_WARNING,
    .summary = "An action list variable is used that no action sets",
    .set = look,
};
