/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads groups, alternatives, quantifiers and flags of a regular expression.
 *
 * A recursive descent parser with one function for each level of the grammar.  Where Perl and PCRE2
 * may read a text differently, the pattern is marked unequal or reading ends: too much caution
 * costs only speed. */
#include "match/syntax_reader.h"

/* Groups in each other: what is deeper is left to Perl, which takes a thousand.  It bounds how
 * often the functions here, and those that walk the tree (dialect, literals, filled), call
 * themselves. */
#define DEPTH_MAX 100
#define COUNT_MAX 60000 /* both engines take 65534 */

static struct node *read_alternatives(struct reader *reader);

void reader_unequal(struct reader *reader, const char *why)
{
    if (!reader->syntax->unequal)
        reader->syntax->unequal = why;
}

struct node *reader_fail(struct reader *reader, const char *why)
{
    reader_unequal(reader, why);
    reader->failed = true;
    reader->at = reader->text.len;
    return reader_node(reader, NODE_OPAQUE);
}

struct node *reader_node(struct reader *reader, enum node_kind kind)
{
    struct node *node = arena_alloc(reader->arena, sizeof(*node));
    *node = (struct node){.kind = kind};
    return node;
}

struct node *reader_byte(struct reader *reader, unsigned byte)
{
    struct node *node = reader_node(reader, NODE_BYTE);
    node->byte = (unsigned char)byte;
    node->caseless = reader->flags.caseless && is_alpha((char)byte);
    return node;
}

struct node *reader_set(struct reader *reader, const struct byte_set *set)
{
    struct node *node = reader_node(reader, NODE_SET);
    node->set = arena_alloc(reader->arena, sizeof(*set));
    *node->set = *set;
    return node;
}

static bool take_byte(struct reader *reader, char c)
{
    if (reader_peek(reader, 0) != (unsigned char)c)
        return false;
    reader->at++;
    return true;
}

static bool skip_space(struct reader *reader)
{
    size_t from = reader->at;
    while (!reader_ended(reader)) {
        int c = reader_peek(reader, 0);
        if (c == 0x85) {
            reader_fail(reader, "the byte 85 with (?x)");
        } else if (is_space((char)c)) {
            reader->at++;
        } else if (c == '#') {
            ptrdiff_t end = bytes_chr(reader->text, '\n', reader->at);
            reader->at = end < 0 ? reader->text.len : (size_t)end + 1;
            if (end < 0)
                reader_unequal(reader, "a comment that ends with the pattern");
        } else {
            break;
        }
    }
    return reader->at > from;
}

/* White space and comments, which (?x) takes out.  True: there was some. */
static inline bool skip_extended(struct reader *reader)
{
    return reader->flags.extended && skip_space(reader);
}

/* Digits; false: none, or a number that is too large or begins with a
 * zero, which Perl 5.36 refuses. */
static bool read_count(struct reader *reader, size_t *ahead, uint32_t *count)
{
    size_t from = *ahead;
    *count = 0;
    for (int c; (c = reader_peek(reader, *ahead)) >= '0' && c <= '9'; (*ahead)++) {
        if (*count > COUNT_MAX)
            return false;
        *count = *count * 10 + (uint32_t)(c - '0');
    }
    bool zero = reader_peek(reader, from) == '0';
    return *ahead > from && *count <= COUNT_MAX && (!zero || *ahead == from + 1);
}

/* {n} {n,} {n,m}, nothing else. */
static bool read_braces(struct reader *reader, uint32_t *min, uint32_t *max)
{
    size_t ahead = 1;
    if (!read_count(reader, &ahead, min))
        return false;
    *max = *min;
    if (reader_peek(reader, ahead) == ',') {
        ahead++;
        if (reader_peek(reader, ahead) == '}')
            *max = REPEAT_FOREVER;
        else if (!read_count(reader, &ahead, max))
            return false;
    }
    if (reader_peek(reader, ahead) != '}')
        return false;
    reader->at += ahead + 1;
    return true;
}

static bool read_quantifier(struct reader *reader, uint32_t *min, uint32_t *max)
{
    *min = 0;
    *max = REPEAT_FOREVER;
    switch (reader_peek(reader, 0)) {
    case '+':
        *min = 1;
        break;
    case '*':
        break;
    case '?':
        *max = 1;
        break;
    case '{':
        return read_braces(reader, min, max);
    default:
        return false;
    }
    reader->at++;
    return true;
}

static bool can_repeat(const struct node *node)
{
    return node->kind != NODE_ASSERT && node->kind != NODE_LOOK;
}

/* A quantifier after the atom, if there is one. */
static struct node *read_repeat(struct reader *reader, struct node *atom)
{
    uint32_t min, max;
    skip_extended(reader);
    if (!read_quantifier(reader, &min, &max))
        return atom;
    if (!can_repeat(atom))
        reader_unequal(reader, "a quantifier after an assertion");
    if (max == 0 || min > max)
        return reader_fail(reader, "a quantifier that allows nothing");
    bool spaced = skip_extended(reader);
    int c = reader_peek(reader, 0);
    if (spaced && (c == '?' || c == '+'))
        return reader_fail(reader, "white space before the second half of a quantifier");
    bool possessive = take_byte(reader, '+');
    if (!possessive && take_byte(reader, '?') && min == max)
        reader_unequal(reader, "a lazy quantifier without choice");
    skip_extended(reader);
    uint32_t again;
    if (read_quantifier(reader, &again, &again))
        return reader_fail(reader, "a quantifier after a quantifier");
    struct node *repeat = reader_node(reader, NODE_REPEAT);
    repeat->repeat.min = min;
    repeat->repeat.max = max;
    repeat->first = atom;
    if (!possessive)
        return repeat;
    struct node *group = reader_node(reader, NODE_GROUP);
    group->group.atomic = true;
    group->first = repeat;
    return group;
}

static bool set_flag(struct reader_flags *flags, int letter, bool value)
{
    switch (letter) {
    case 'i':
        flags->caseless = value;
        return true;
    case 'm':
        flags->multiline = value;
        return true;
    case 's':
        flags->dotall = value;
        return true;
    case 'x':
        flags->extended = value;
        return true;
    default:
        return false;
    }
}

/* (?i) and (?i: with the letters i, m, s, x and one minus sign, or a caret before the letters. */
static bool read_flags(struct reader *reader)
{
    struct reader_flags flags = reader->flags;
    bool caret = take_byte(reader, '^'), value = true;
    if (caret)
        flags = (struct reader_flags){0};
    for (int c; (c = reader_peek(reader, 0)) != ')' && c != ':'; reader->at++) {
        if (c == '-' && value && !caret)
            value = false;
        else if (!set_flag(&flags, c, value) || reader_peek(reader, 1) == c)
            return false;
    }
    reader->flags = flags;
    reader->syntax->folds |= flags.caseless;
    return true;
}

static bool read_name(struct reader *reader, char end, struct bytes *name)
{
    size_t from = reader->at;
    while (is_word((char)reader_peek(reader, 0)))
        reader->at++;
    *name = bytes_slice(reader->text, from, reader->at);
    return name->len > 0 && !is_digit(name->ptr[0]) && take_byte(reader, end);
}

static void add_name(struct reader *reader, struct bytes name, uint32_t group)
{
    for (size_t i = 0; i < reader->syntax->name_count; i++) {
        if (bytes_eq(reader->syntax->names[i].text, name))
            reader_unequal(reader, "two groups of the same name");
    }
    reader->syntax->names[reader->syntax->name_count++] = (struct group_name){name, group};
}

/* The rest of a group, to its closing parenthesis; flags set inside end with it. */
static struct node *read_body(struct reader *reader, struct node *group,
                              struct reader_flags outside)
{
    if (++reader->depth > DEPTH_MAX)
        return reader_fail(reader, "groups too deep in each other");
    group->first = read_alternatives(reader);
    reader->depth--;
    reader->flags = outside;
    if (!take_byte(reader, ')'))
        return reader_fail(reader, "a group without an end");
    return group;
}

static struct node *read_capture(struct reader *reader)
{
    struct node *group = reader_node(reader, NODE_GROUP);
    group->group.capture = ++reader->syntax->groups;
    read_body(reader, group, reader->flags);
    reader->closed[group->group.capture] = true;
    return group;
}

static struct node *read_named(struct reader *reader)
{
    struct bytes name;
    if (!read_name(reader, '>', &name))
        return reader_fail(reader, "a group's name");
    add_name(reader, name, reader->syntax->groups + 1);
    return read_capture(reader);
}

static struct node *read_look(struct reader *reader, bool behind)
{
    struct node *look = reader_node(reader, NODE_LOOK);
    look->look.behind = behind;
    look->look.negative = reader_peek(reader, 0) == '!';
    reader->at++;
    return read_body(reader, look, reader->flags);
}

static struct node *read_flag_group(struct reader *reader)
{
    struct reader_flags outside = reader->flags;
    if (reader_peek(reader, 0) == ')' || !read_flags(reader))
        return reader_fail(reader, "an extended group or flag");
    if (take_byte(reader, ')'))
        return NULL;
    reader->at++;
    return read_body(reader, reader_node(reader, NODE_GROUP), outside);
}

/* From the opening parenthesis on; NULL: flags only. */
static struct node *read_group(struct reader *reader)
{
    reader->at++;
    if (reader_peek(reader, 0) == '*')
        return reader_fail(reader, "(*VERB)");
    if (!take_byte(reader, '?'))
        return read_capture(reader);
    int c = reader_peek(reader, 0), after = reader_peek(reader, 1);
    if (c == '=' || c == '!')
        return read_look(reader, false);
    if (c == '<' && (after == '=' || after == '!')) {
        reader->at++;
        return read_look(reader, true);
    }
    if (c == '>') {
        reader->at++;
        struct node *group = reader_node(reader, NODE_GROUP);
        group->group.atomic = true;
        return read_body(reader, group, reader->flags);
    }
    if (c == '<' || (c == 'P' && after == '<')) {
        reader->at += c == '<' ? 1 : 2;
        return read_named(reader);
    }
    return read_flag_group(reader);
}

static struct node *read_dot(struct reader *reader)
{
    struct byte_set set;
    memset(&set, 0xff, sizeof(set));
    if (!reader->flags.dotall)
        set.words[0] &= ~(UINT64_C(1) << '\n');
    reader->at++;
    return reader_set(reader, &set);
}

/* A brace that is no quantifier.  Perl warns of it or refuses it, depending on where it is. */
static struct node *read_brace(struct reader *reader)
{
    int after = reader_peek(reader, 1);
    reader_unequal(reader, "an unescaped {");
    if (after == ',' || (after >= 0 && (is_digit((char)after) || is_space((char)after))))
        return reader_fail(reader, "a quantifier in a new or odd form");
    reader->at++;
    return reader_byte(reader, '{');
}

static struct node *read_atom(struct reader *reader)
{
    int c = reader_peek(reader, 0);
    switch (c) {
    case '\\':
        return reader_escape(reader);
    case '[':
        return reader_class(reader);
    case '(':
        return read_group(reader);
    case '.':
        return read_dot(reader);
    case '{':
        return read_brace(reader);
    case '*':
    case '+':
    case '?':
        return reader_fail(reader, "a quantifier after nothing");
    case '^':
    case '$':
        reader->at++;
        return reader_node(reader, NODE_ASSERT);
    default:
        reader->at++;
        return reader_byte(reader, (unsigned)c);
    }
}

static struct node *read_concat(struct reader *reader)
{
    struct node *concat = reader_node(reader, NODE_CONCAT), **last = &concat->first;
    concat->from = (uint32_t)reader->at;
    for (;;) {
        skip_extended(reader);
        int c = reader_peek(reader, 0);
        concat->to = (uint32_t)reader->at;
        if (c < 0 || c == '|' || c == ')')
            return concat;
        struct node *atom = read_atom(reader);
        if (!atom)
            continue;
        *last = read_repeat(reader, atom);
        (*last)->from = concat->to;
        (*last)->to = (uint32_t)reader->at;
        last = &(*last)->next;
    }
}

static struct node *read_alternatives(struct reader *reader)
{
    struct node *first = read_concat(reader);
    if (reader_peek(reader, 0) != '|')
        return first;
    struct node *alternate = reader_node(reader, NODE_ALTERNATE), *last = first;
    alternate->first = first;
    while (take_byte(reader, '|'))
        last = last->next = read_concat(reader);
    return alternate;
}

void syntax_read(struct bytes text, struct arena *arena, struct syntax *syntax)
{
    *syntax = (struct syntax){0};
    struct reader reader = {.text = text, .arena = arena, .syntax = syntax};
    reader.closed = arena_zalloc(arena, text.len + 2);
    syntax->names = arena_alloc(arena, (text.len / 4 + 1) * sizeof(*syntax->names));
    syntax->root = read_alternatives(&reader);
    if (!reader_ended(&reader))
        reader_fail(&reader, "a closing parenthesis too many");
    /* Perl 5.36 takes a NUL after $ for the end of the pattern. */
    if (bytes_chr(text, '\0', 0) >= 0)
        reader_unequal(&reader, "a NUL byte");
    syntax->understood = !reader.failed;
}
