/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates: segments, keys, and that joining gives what the passes over the text give. */
#include "base/arena.h"
#include "lang/substitute.h"
#include "lang/template.h"
#include "unit.h"

static struct arena arena;
static struct names *names;
static struct var_keys keys;

static void setup(void)
{
    arena_init(&arena);
    names = names_new();
    keys = (struct var_keys){0};
}

static void teardown(void)
{
    names_free(names);
    arena_free(&arena);
}

static const struct template *compile(struct bytes text, unsigned passes)
{
    return template_compile(&arena, arena_bytes(&arena, text), passes, &keys, names);
}

static void add_key(struct buf *out, const struct var_key *key)
{
    buf_add(out, key->source ? B("2") : B("1"));
    if (key->kind == KEY_NUMBER)
        buf_cat(out, B("#"), NUM(key->number));
    else if (key->kind == KEY_NAME)
        buf_cat(out, B("+"), key->name);
    else
        buf_cat(out, B(":"), key->entry, B("/"), key->name);
}

/* "text" <1#3> (match variable 3 of the first match) [name] (action list variable). */
static struct bytes segments_text(const struct template *t)
{
    struct buf out = {0};
    for (uint32_t i = 0; i < t->count; i++) {
        const struct segment *segment = &t->segments[i];
        if (segment->kind == SEG_TEXT) {
            buf_cat(&out, B("\""), segment->text, B("\""));
        } else if (segment->kind == SEG_VARIABLE) {
            buf_cat(&out, B("["), names_text(names, segment->index), B("]"));
        } else {
            buf_char(&out, '<');
            add_key(&out, &keys.keys[segment->index]);
            buf_char(&out, '>');
        }
    }
    struct bytes text = arena_bytes(&arena, buf_bytes(&out));
    buf_free(&out);
    return text;
}

static void expect(const char *text, unsigned passes, const char *want)
{
    const struct template *t = compile(bytes_of(text), passes);
    ck_bytes_eq(segments_text(t), bytes_of(want));
    ck_assert_msg(!t->spliced, "%s", text);
}

static bool spliced(const char *text, unsigned passes)
{
    return compile(bytes_of(text), passes)->spliced;
}

enum {
    SINGLE = PASS_FIRST_DOLLAR | PASS_VARIABLES,
    PAIR = PASS_FIRST_PERCENT | PASS_SECOND_DOLLAR,
    PAIR_ACTION = PAIR | PASS_VARIABLES,
};

START_TEST(texts_without_passes_stand_for_themselves)
{
    const struct template *t = compile(B("$1 %s $$"), 0);
    ck_bytes_eq(segments_text(t), B("\"$1 %s $$\""));
    ck_assert(template_constant(t));
    ck_assert(!t->has_percent);
    ck_assert_uint_eq(compile(B(""), SINGLE)->count, 0);
    ck_assert(template_constant(compile(B(""), SINGLE)));
}
END_TEST

START_TEST(variables_become_segments)
{
    expect("user $1 on $+{host}: %s", SINGLE, "\"user \"<1#1>\" on \"<1+host>\": \"[s]");
    expect("${1}2", SINGLE, "<1#1>\"2\"");
    expect("%.year-%.mon", SINGLE, "[.year]\"-\"[.mon]");
    expect("a $1", PASS_FIRST_DOLLAR, "\"a \"<1#1>");
    expect("$1 %1", PAIR, "<2#1>\" \"<1#1>");
    expect("%1 %x", PAIR_ACTION, "<1#1>\" \"[x]");
}
END_TEST

START_TEST(doubled_tokens_become_single_ones)
{
    expect("$$1 costs 5$$ 100%%", SINGLE, "\"$1 costs 5$ 100%\"");
    expect("$$1", PASS_VARIABLES, "\"$$1\"");
    expect("%%x", PASS_FIRST_DOLLAR, "\"%%x\"");
}
END_TEST

START_TEST(in_a_second_action_one_two_and_three_percents_differ)
{
    expect("%x", PAIR_ACTION, "[x]");
    expect("%%x", PAIR_ACTION, "[x]");
    expect("%%%x", PAIR_ACTION, "\"%x\"");
    expect("%%1", PAIR_ACTION, "\"%1\"");
}
END_TEST

START_TEST(a_number_with_leading_zeros_is_a_name)
{
    expect("$01", SINGLE, "<1+01>");
    expect("$0", SINGLE, "<1#0>");
    expect("$+{7}", SINGLE, "<1#7>");
    expect("$99999999999999999999", SINGLE, "<1+99999999999999999999>");
}
END_TEST

START_TEST(a_key_is_listed_once)
{
    compile(B("$1 $2 $1 ${1} $+{1}"), SINGLE);
    compile(B("$2 $1 %1"), PAIR);
    ck_assert_uint_eq(keys.count, 4); /* 1 and 2, of either match */
}
END_TEST

START_TEST(a_thousand_keys_are_found_again)
{
    struct buf text = {0};
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "$+{n%d}$:{e%d:n}", i, i);
    compile(buf_bytes(&text), PASS_FIRST_DOLLAR);
    ck_assert_uint_eq(keys.count, 2000);
    const struct template *again = compile(buf_bytes(&text), PASS_FIRST_DOLLAR);
    ck_assert_uint_eq(keys.count, 2000);
    ck_assert_uint_eq(again->segments[1999].index, 1999);
    buf_free(&text);
}
END_TEST

START_TEST(values_that_could_complete_a_variable_splice)
{
    ck_assert(spliced("%$1", SINGLE));
    ck_assert(spliced("%{a_$1}", SINGLE));
    ck_assert(spliced("%ab$1", SINGLE));
    ck_assert(spliced("%.$1", SINGLE));
    ck_assert(spliced("$1%2", PAIR));
    ck_assert(spliced("$%1", PAIR));
    ck_assert(spliced("$+{%1}", PAIR));
    ck_assert(!spliced("$1%s", SINGLE));
    ck_assert(!spliced("%{ab}$1", SINGLE));
    ck_assert(!spliced("%%$1", SINGLE));
    ck_assert(!spliced("5 % $1", SINGLE));
    ck_assert(!spliced("%$1", PASS_FIRST_DOLLAR));
}
END_TEST

START_TEST(values_of_the_cache_are_not_masked)
{
    ck_assert(spliced("$:{e:1}", SINGLE));
    ck_assert(!spliced("$:{e:1}", PASS_FIRST_DOLLAR));
    ck_assert(spliced("%:{e:1}", PAIR));
}
END_TEST

START_TEST(values_for_a_second_match_that_does_not_come_splice)
{
    ck_assert(spliced("%1", PASS_FIRST_PERCENT));
    ck_assert(!spliced("text", PASS_FIRST_PERCENT));
}
END_TEST

START_TEST(a_percent_that_is_left_is_noticed)
{
    ck_assert(compile(B("%s"), SINGLE)->has_percent);
    ck_assert(compile(B("5 %"), SINGLE)->has_percent);
    ck_assert(!compile(B("%1"), PAIR_ACTION)->has_percent);
    ck_assert(!compile(B("%s"), PASS_FIRST_DOLLAR)->has_percent);
}
END_TEST

/* The random test: texts and values from pieces that make and break syntax. */

static const char *const pieces[] = {"$",  "%",  "1",  "2",     "0",     "{",       "}",   "+{",
                                     "a",  "b",  "!",  ":{",    ":",     "e:",      "_",   ".",
                                     "$$", "%%", "$1", "%1",    "$+{a}", "${2}",    "%s",  "%{ab}",
                                     " ",  "x",  "%b", "$:{e:", "%+{b}", "%:{e:a}", "$12", "\xff"};
static const char *const values[] = {"",  "%",  "$",  "1",  "a",    "}",    "{a}", "%s", "$1",
                                     "b", "%%", "$$", "a}", "+{a}", ":{e:", "x y", "{",  "s"};

struct world {
    unsigned passes;
    bool mask_dollar, mask_percent;
    uint8_t source;
    uint64_t salt;
};

static struct bytes pick_value(const struct world *world, struct bytes name, struct bytes entry,
                               unsigned source)
{
    uint64_t hash = world->salt + source;
    for (size_t i = 0; i < name.len; i++)
        hash = hash * 31 + (unsigned char)name.ptr[i];
    for (size_t i = 0; i < entry.len; i++)
        hash = hash * 37 + (unsigned char)entry.ptr[i];
    hash = next_number(&hash, sizeof(values) / sizeof(*values));
    return bytes_of(values[hash]);
}

static void pass_value(void *arg, const struct variable_ref *ref, struct buf *out)
{
    const struct world *world = arg;
    struct buf once = {0};
    if (ref->kind == REF_CACHE) {
        buf_add(out, pick_value(world, ref->name, ref->entry, 7));
        return;
    }
    struct bytes value = pick_value(world, ref->name, B(""), world->source);
    if (world->mask_dollar)
        substitute_mask(value, '$', &once);
    else
        buf_add(&once, value);
    if (world->mask_percent)
        substitute_mask(buf_bytes(&once), '%', out);
    else
        buf_add(out, buf_bytes(&once));
    buf_free(&once);
}

static void variable_value(void *arg, const struct variable_ref *ref, struct buf *out)
{
    buf_add(out, pick_value(arg, ref->name, B(""), 9));
}

/* As upstream does it: pass after pass over the text. */
static struct bytes by_passes(struct bytes text, struct world *world)
{
    struct buf out = {0};
    bool by_percent = world->passes & PASS_FIRST_PERCENT;
    world->mask_percent = world->passes & PASS_VARIABLES;
    if (world->passes & (PASS_FIRST_DOLLAR | PASS_FIRST_PERCENT)) {
        world->source = 0;
        world->mask_dollar = by_percent;
        substitute_match(text, by_percent ? '%' : '$', pass_value, world, &out);
        text = arena_bytes(&arena, buf_bytes(&out));
        buf_clear(&out);
    }
    if (world->passes & PASS_SECOND_DOLLAR) {
        world->source = 1;
        world->mask_dollar = false;
        substitute_match(text, '$', pass_value, world, &out);
        text = arena_bytes(&arena, buf_bytes(&out));
        buf_clear(&out);
    }
    if (world->passes & PASS_VARIABLES) {
        substitute_variables(text, variable_value, world, &out);
        text = arena_bytes(&arena, buf_bytes(&out));
    }
    buf_free(&out);
    return text;
}

static struct bytes by_joining(const struct template *t, const struct world *world)
{
    struct buf out = {0};
    for (uint32_t i = 0; i < t->count; i++) {
        const struct segment *segment = &t->segments[i];
        const struct var_key *key = &keys.keys[segment->index];
        if (segment->kind == SEG_TEXT)
            buf_add(&out, segment->text);
        else if (segment->kind == SEG_VARIABLE)
            buf_add(&out, pick_value(world, names_text(names, segment->index), B(""), 9));
        else if (key->kind == KEY_CACHE)
            buf_add(&out, pick_value(world, key->name, key->entry, 7));
        else
            buf_add(&out, pick_value(world, key->kind == KEY_NUMBER ? NUM(key->number) : key->name,
                                     B(""), key->source));
    }
    struct bytes text = arena_bytes(&arena, buf_bytes(&out));
    buf_free(&out);
    return text;
}

static struct bytes random_text(uint64_t *state)
{
    struct buf text = {0};
    uint32_t count = next_number(state, 8) + 1;
    for (uint32_t i = 0; i < count; i++)
        buf_add(&text, bytes_of(pieces[next_number(state, sizeof(pieces) / sizeof(*pieces))]));
    struct bytes copy = arena_bytes(&arena, buf_bytes(&text));
    buf_free(&text);
    return copy;
}

START_TEST(joining_gives_what_the_passes_give)
{
    static const unsigned ways[] = {PASS_FIRST_DOLLAR,
                                    SINGLE,
                                    PAIR,
                                    PAIR_ACTION,
                                    PASS_SECOND_DOLLAR,
                                    PASS_SECOND_DOLLAR | PASS_VARIABLES,
                                    PASS_VARIABLES,
                                    PASS_FIRST_PERCENT};
    uint64_t state = 20260101;
    int joined = 0;
    for (int round = 0; round < 200000; round++) {
        struct bytes text = random_text(&state);
        struct world world = {.passes = ways[next_number(&state, 8)], .salt = state};
        const struct template *t = compile(text, world.passes);
        if (!t->spliced) {
            joined++;
            struct bytes want = by_passes(text, &world), got = by_joining(t, &world);
            ck_assert_msg(bytes_eq(got, want), "%.*s (%u): got %.*s, want %.*s", (int)text.len,
                          text.ptr, world.passes, (int)got.len, got.ptr, (int)want.len, want.ptr);
        }
        if (round % 1000 == 0) {
            keys = (struct var_keys){0};
            arena_reset(&arena);
        }
    }
    ck_assert_int_gt(joined, 100000);
}
END_TEST

START_TEST(match_variables_are_told_from_other_text)
{
    ck_assert(template_has_match_vars(B("a $1"), '$'));
    ck_assert(template_has_match_vars(B("$$"), '$'));
    ck_assert(!template_has_match_vars(B("^a$"), '$'));
    ck_assert(!template_has_match_vars(B("(a|b$)"), '$'));
    ck_assert(template_has_match_vars(B("%+{n}"), '%'));
}
END_TEST

RUN_TESTS_AROUND("template", setup, teardown, texts_without_passes_stand_for_themselves,
                 variables_become_segments, doubled_tokens_become_single_ones,
                 in_a_second_action_one_two_and_three_percents_differ,
                 a_number_with_leading_zeros_is_a_name, a_key_is_listed_once,
                 a_thousand_keys_are_found_again, values_that_could_complete_a_variable_splice,
                 values_of_the_cache_are_not_masked,
                 values_for_a_second_match_that_does_not_come_splice,
                 a_percent_that_is_left_is_noticed, joining_gives_what_the_passes_give,
                 match_variables_are_told_from_other_text)
