/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl's regular expressions, and hashes made for user code. */
#include "perl_bridge.h"

static struct perl_regex *regex(const char *text)
{
    struct perl_regex *r = NULL;
    ck_assert_msg(perl_regex_compile(bytes_of(text), &r, &error), "%s", error_text());
    return r;
}

START_TEST(a_regex_gives_offsets_of_its_groups)
{
    struct perl_regex *r = regex("(a)|(b(c)?)");
    ptrdiff_t at[8];
    ck_assert_uint_eq(perl_regex_groups(r), 3);
    ck_assert(perl_regex_match(r, B("xbc"), at));
    const ptrdiff_t expected[] = {1, 3, -1, -1, 1, 3, 2, 3};
    ck_assert_mem_eq(at, expected, sizeof expected);
    ck_assert(perl_regex_match(r, B("\0a"), at));
    ck_assert_int_eq(at[2], 1);
    ck_assert_int_eq(at[5], -1);
    ck_assert(!perl_regex_match(r, B("xyz"), at));
    ck_assert(!perl_regex_match(r, (struct bytes){NULL, 0}, at));
    ck_assert_str_eq(text_of(perl_regex_text(r)), "(?^:(a)|(b(c)?))");
    perl_regex_free(r);
}
END_TEST

START_TEST(a_name_tells_its_groups_leftmost_first)
{
    struct perl_regex *r = regex("(?<id>a)(x)|(?<id>b)");
    struct bytes name;
    const int32_t *groups;
    size_t count;
    ck_assert(perl_regex_name(r, 0, &name, &groups, &count));
    ck_assert(bytes_eq(name, B("id")));
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(groups[0], 1);
    ck_assert_int_eq(groups[1], 3);
    ck_assert(!perl_regex_name(r, 1, &name, &groups, &count));
    perl_regex_free(r);
}
END_TEST

START_TEST(branch_reset_shares_numbers)
{
    struct perl_regex *r = regex("(?|a(.)|b(.))(z)");
    ptrdiff_t at[6];
    ck_assert_uint_eq(perl_regex_groups(r), 2);
    ck_assert(perl_regex_match(r, B("bcz"), at));
    ck_assert_int_eq(at[2], 1);
    ck_assert_int_eq(at[4], 2);
    perl_regex_free(r);
}
END_TEST

START_TEST(perl_words_the_errors_of_a_regex)
{
    struct perl_regex *r;
    ck_assert(!perl_regex_compile(B("a(b"), &r, &error));
    ck_assert(bytes_starts(buf_bytes(&error),
                           B("Unmatched ( in regex; marked by <-- HERE in m/a( <-- HERE b/ at ")));
    buf_clear(&error);
    ck_assert(!perl_regex_compile(B("(?{ 1 })"), &r, &error));
    ck_assert(bytes_starts(buf_bytes(&error), B("Eval-group not allowed at runtime")));
}
END_TEST

START_TEST(a_regex_with_wide_characters_matches_bytes)
{
    struct perl_regex *r = regex("^(\xe4|\\x{263a})+$");
    ptrdiff_t at[4];
    ck_assert(perl_regex_match(r, B("\xe4\xe4"), at));
    ck_assert_int_eq(at[1], 2);
    ck_assert_int_eq(at[2], 1);
    perl_regex_free(r);
}
END_TEST

static bool match_from_code(struct perl_regex *r)
{
    ptrdiff_t at[4];
    return perl_regex_match(r, B("zz42"), at);
}

START_TEST(a_regex_leaves_variables_of_user_code_alone)
{
    struct perl_regex *r = regex("(\\d+)");
    struct perl_value *closure =
        code("do { 'abc' =~ /(b)/; sub { my $old = $1; 'xyz' =~ /(y)/; \"$1\" } }");
    ck_assert_str_eq(text_of(call(closure, "", PERL_SCALAR).items[0].text), "y");
    ck_assert(match_from_code(r));
    ck_assert_str_eq(text_of(call(closure, "", PERL_SCALAR).items[0].text), "y");
    ck_assert_str_eq(value("defined $1 ? 'set' : 'unset'"), "unset");
    perl_release(closure);
    perl_regex_free(r);
}
END_TEST

/* The hash as JSON after user code had it. */
static const char *formed(struct perl_form *form, const char *first, const char *second,
                          struct perl_value *user)
{
    static char text[200];
    struct perl_item items[] = {text_item(first), {.kind = PERL_UNDEF}};
    if (second)
        items[1] = text_item(second);
    struct perl_value *hash = perl_form_fill(form, items);
    struct perl_item arg = {.kind = PERL_VALUE, .value = hash};
    struct perl_list list;
    ck_assert(perl_call(user, &arg, 1, PERL_SCALAR, &arena, &list, &error));
    snprintf(text, sizeof text, "%s", text_of(list.items[0].text));
    perl_form_give_back(form, hash);
    return text;
}

START_TEST(a_formed_hash_shows_nothing_of_the_one_before)
{
    static const char *const users[] = {
        "",
        "push @kept, $h;",
        "push @kept, \\$h->{a};",
        "Scalar::Util::weaken($weak = $h);",
        "delete $h->{a};",
        "$h->{c} = 1;",
        "delete $h->{a}; $h->{c} = 1;",
        "delete $h->{a}; $h->{a} = 7;",
        "$h->{a} = [1];",
        "$h->{a} = {}; $h->{b} = \"\\x{263a}\";",
        "bless $h, 'Some';",
        "my $x = each %$h;",
        "lock_keys(%$h);",
        "$h->{a}++; $h->{b} .= 'x';",
        "undef $h->{a}; %$h = ();",
    };
    struct bytes keys[] = {B("a"), B("b")};
    struct perl_form *form = perl_form_new(keys, 2);
    const char *encode = "JSON::PP->new->canonical->allow_blessed->encode({ %{$_[0]} })";
    char text[300];
    snprintf(text, sizeof text, "use Scalar::Util; use Hash::Util 'lock_keys'; sub { %s }", encode);
    struct perl_value *look = code(text);
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        snprintf(text, sizeof text, "sub { my $h = $_[0]; my $t = %s; %s $t }", encode, users[i]);
        struct perl_value *user = code(text);
        for (int times = 0; times < 2; times++) {
            ck_assert_str_eq(formed(form, "1", NULL, user), "{\"a\":\"1\",\"b\":null}");
            ck_assert_str_eq(formed(form, "one", "two", look), "{\"a\":\"one\",\"b\":\"two\"}");
        }
        perl_release(user);
    }
    ck_assert_str_eq(value("join ' ', map { ref eq 'HASH' ? $_->{a} : $$_ } @kept"), "1 1 1 1");
    ck_assert_str_eq(value("defined $weak ? 'there' : 'gone'"), "gone");
    perl_release(look);
    perl_form_free(form);
}
END_TEST

START_TEST(hashes_keep_numbers_numbers)
{
    struct perl_value *hash = perl_hash_new();
    struct perl_item number = {.kind = PERL_NUMBER, .text = B("42")}, word = text_item("w"),
                     undef = {.kind = PERL_UNDEF};
    struct bytes text, *keys;
    perl_hash_store(hash, B("n"), &number);
    perl_hash_store(hash, B("a"), &word);
    perl_hash_store(hash, B("u"), &undef);
    ck_assert(perl_hash_text(hash, B("n"), &arena, &text));
    ck_assert(bytes_eq(text, B("42")));
    ck_assert(!perl_hash_text(hash, B("u"), &arena, &text));
    ck_assert(!perl_hash_text(hash, B("none"), &arena, &text));
    ck_assert_uint_eq(perl_hash_keys(hash, &arena, &keys), 3);
    ck_assert_str_eq(text_of(keys[0]), "a");
    ck_assert_str_eq(text_of(keys[2]), "u");
    struct perl_value *copy = perl_hash_copy(hash);
    struct perl_value *change = code("sub { $_[0]{n}++; $_[0]{new} = 1; "
                                     "JSON::PP->new->canonical->encode($_[0]) }");
    struct perl_list list;
    struct perl_item arg = {.kind = PERL_VALUE, .value = copy};
    ck_assert(perl_call(change, &arg, 1, PERL_SCALAR, &arena, &list, &error));
    ck_assert_str_eq(text_of(list.items[0].text), "{\"a\":\"w\",\"n\":43,\"new\":1,\"u\":null}");
    ck_assert_uint_eq(perl_hash_count(copy), 4);
    ck_assert_uint_eq(perl_hash_count(hash), 3);
    perl_release(copy);
    perl_release(hash);
    perl_release(change);
}
END_TEST

RUN_TESTS_IN_PERL("perl_regex", fresh, done, a_regex_gives_offsets_of_its_groups,
                  a_name_tells_its_groups_leftmost_first, branch_reset_shares_numbers,
                  perl_words_the_errors_of_a_regex, a_regex_with_wide_characters_matches_bytes,
                  a_regex_leaves_variables_of_user_code_alone,
                  a_formed_hash_shows_nothing_of_the_one_before, hashes_keep_numbers_numbers)
