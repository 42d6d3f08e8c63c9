/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The syntax of variables, and one pass of substitution. */
#include "lang/substitute.h"
#include "unit.h"

/* Every value is the reference's own name in angle brackets. */
static void name_it(void *arg, const struct variable_ref *ref, struct buf *out)
{
    (void)arg;
    buf_char(out, '<');
    if (ref->kind == REF_CACHE)
        buf_cat(out, ref->entry, B("|"));
    buf_cat(out, ref->name, B(">"));
}

static void expect_match(const char *text, char token, const char *want)
{
    struct buf out = {0};
    substitute_match(bytes_of(text), token, name_it, NULL, &out);
    ck_bytes_eq(buf_bytes(&out), bytes_of(want));
    buf_free(&out);
}

static void expect_variables(const char *text, const char *want)
{
    struct buf out = {0};
    substitute_variables(bytes_of(text), name_it, NULL, &out);
    ck_bytes_eq(buf_bytes(&out), bytes_of(want));
    buf_free(&out);
}

START_TEST(match_variables_have_five_forms)
{
    expect_match("$1 $12x ${3}4 $0", '$', "<1> <12>x <3>4 <0>");
    expect_match("$+{name} $+{_a!b} $+{12}", '$', "<name> <_a!b> <12>");
    expect_match("$:{entry:name} $:{E_1:0}", '$', "<entry|name> <E_1|0>");
    expect_match("$$1 $$$1 $$", '$', "$1 $<1> $");
}
END_TEST

START_TEST(what_has_no_form_stays)
{
    expect_match("$x $ ${x} ${1 ${} $+1 $+{} $+{1a} $+{a-b}", '$',
                 "$x $ ${x} ${1 ${} $+1 $+{} $+{1a} $+{a-b}");
    expect_match("$:{a} $:{:b} $:{1:b} $:{a:b-} $:{a:} $:", '$',
                 "$:{a} $:{:b} $:{1:b} $:{a:b-} $:{a:} $:");
    expect_match("${1$2", '$', "${1<2>");
    expect_match("%1 is not ours", '$', "%1 is not ours");
}
END_TEST

START_TEST(the_token_may_be_a_percent)
{
    expect_match("%1 %{2} %+{n} %:{e:n} %%s %s $1", '%', "<1> <2> <n> <e|n> %s %s $1");
}
END_TEST

START_TEST(a_leading_zero_belongs_to_the_name)
{
    expect_match("$01 ${007}", '$', "<01> <007>");
}
END_TEST

START_TEST(action_list_variables_have_names_with_letters)
{
    expect_variables("%s %ab1_c- %{s}x %.sec %{.nl}", "<s> <ab1_c>- <s>x <.sec> <.nl>");
    expect_variables("%% %%s %%%s", "% %s %<s>");
    expect_variables("%1 %_a %.1 %. %{1} %{a %{} %", "%1 %_a %.1 %. %{1} %{a %{} %");
}
END_TEST

START_TEST(any_byte_may_stand_between)
{
    struct buf out = {0};
    substitute_match(B("\0$1\xff\n$2\0"), '$', name_it, NULL, &out);
    ck_bytes_eq(buf_bytes(&out), B("\0<1>\xff\n<2>\0"));
    buf_free(&out);
    expect_match("$+{n\xc3\xa4}", '$', "$+{n\xc3\xa4}");
}
END_TEST

/* Is the last reference, or what stands at the end, open? */
static bool match_open(const char *text)
{
    struct variable_ref ref = {0};
    size_t from = 0;
    bool open = false;
    while (substitute_next_match(bytes_of(text), '$', from, &ref)) {
        from = ref.end;
        open = ref.open;
    }
    return open || ref.open;
}

START_TEST(an_end_that_more_text_could_complete_is_open)
{
    static const char *const open[] = {"$",       "a$1",    "$12",    "${",      "${1", "$+",
                                       "$+{",     "$+{a!",  "$+{1",   "$:",      "$:{", "$:{a",
                                       "$:{a_1:", "$:{a:b", "$:{a:1", "$:{a:b!", "$$$", "$+{x$"};
    static const char *const closed[] = {"",    "a",     "$$",     "${1}", "$+{a}", "$:{a:b}",
                                         "$x",  "${x",   "$+{1a",  "$+a",  "$:{1",  "$1 ",
                                         "$:a", "$:{a}", "$:{a:-", "$+{a-"};
    for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
        ck_assert_msg(match_open(open[i]), "%s", open[i]);
    for (size_t i = 0; i < sizeof(closed) / sizeof(*closed); i++)
        ck_assert_msg(!match_open(closed[i]), "%s", closed[i]);
}
END_TEST

START_TEST(masking_doubles_the_token)
{
    struct buf out = {0};
    substitute_mask(B("100% of %s%"), '%', &out);
    ck_bytes_eq(buf_bytes(&out), B("100%% of %%s%%"));
    buf_free(&out);
}
END_TEST

RUN_TESTS("substitute", match_variables_have_five_forms, what_has_no_form_stays,
          the_token_may_be_a_percent, a_leading_zero_belongs_to_the_name,
          action_list_variables_have_names_with_letters, any_byte_may_stand_between,
          an_end_that_more_text_could_complete_is_open, masking_doubles_the_token)
