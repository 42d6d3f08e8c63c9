/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random regular expressions: from a grammar, or from rule files and then damaged or put together.
 *
 * The grammar prefers what rule files use.  Every eighth pattern takes odd groups and atoms,
 * too, so that all of perlre occurs, and what is wrong or differs between versions. */
#ifndef SECANT_T_REGEX_PATTERNS_H
#define SECANT_T_REGEX_PATTERNS_H

#include <stdio.h>

#include "base/mem.h"
#include "perl/interp.h"

/* Where choices come from: given bytes, then (with a state) a generator. */
struct chance {
    const uint8_t *data;
    size_t len;
    uint64_t state;
};

static unsigned pick(struct chance *chance, unsigned below)
{
    if (chance->len > 1 && below > 256) {
        chance->len -= 2;
        chance->data += 2;
        return (chance->data[-2] * 256u + chance->data[-1]) % below;
    }
    if (chance->len > 0) {
        chance->len--;
        return *chance->data++ % below;
    }
    if (chance->state == 0)
        return 0;
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance->state >> 33) % below;
}

#define PICK_TEXT(chance, texts) (texts)[pick(chance, (unsigned)(sizeof(texts) / sizeof(*(texts))))]

/* Beside those that are read from rule files. */
static const char *const realistic[] = {
    "^\\w{3}\\s+\\d{1,2} \\d\\d:\\d\\d:\\d\\d (\\S+) sshd\\[\\d+\\]: Failed (?:\\w+) for (\\S+)",
    "sshd\\[(\\d+)\\]: Failed .+ for (\\S+) from ([\\d.]+) port (\\d+) ssh2",
    "sudo(?:\\[\\d+\\])?: (?:pam_unix|was cancelled|has vanished) for user (\\S+)",
    "(?i)kernel\\[\\d+\\]: DISK FULL on (\\w+)",
    "^(?<stamp>\\S+ [\\d:]+) (?<host>\\S+) su\\[(?<pid>\\d+)\\]: (?!debug)x (\\d{1,3}\\.\\d{1,3})",
    "^.* su\\[\\d+\\]: link \\[([^\\]]+)\\]:(\\d+) -> \\[([^\\]]+)\\]:(\\d+)$",
    "\\s([\\w.-]+) ntpd\\[\\d+\\]:\\s+(?:info|warning|error|)\\s?lost\\s*$",
    "(?:dhcpd|dhcpd-aux|dhcpd\\.service)\\[\\d+\\]: (?:last message repeated \\d+ times: )?ok",
    "\\bnamed\\b.*?: code=(\\d+) reason=(timeout|refused|policy|quota|unknown)",
    "%LINEPROTO-5-UPDOWN: Line protocol on Interface ([A-Za-z]+\\d+(?:/\\d+)*), .* (up|down)$",
    "^(?:(?:[^,]*,){3})?([^\"\\\\]|\\\\.)*end\\.?$",
    "node (\\S+) (?:interface|if) (?<if>\\w+) is (?<state>up|down)(?: again)?",
    "([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}",
    "(?x) ^ \\s* (\\d+) \\s+ # number\n ( [a-z]+ ) $",
    "user=(['\"]?)(\\w+)\\1 (?:by|from) (.*)",
    "\"(?:GET|POST) ([^ ?]+)(?:\\?([^ ]*))? HTTP/1\\.[01]\" ([45]\\d\\d)",
    "(?<=port )(\\d+)|(?<!un)able",
    "^([^:]+)(?::\\s|\\s-\\s)((?:(?!foo).)*)$",
    "[[:upper:]][[:lower:]]+[^[:alnum:]\\s]+[^\\x00-\\x7f]?",
    "(\\S+?)\\s*=\\s*(\\S*+)(?>\\s|$)",
};

/* clang-format off */
static const char *const plain_atoms[] = {
    "a", "b", "c", "a", "b", "ab", "A", " ", ".", "\\.", "\\d", "\\w", "\\s", "\\S", "\\W", "\\D",
    "1", "_", "-", ":", "\\n", "\n", "\\x61", "\\x{62}", "\xe9", "\\xe9", "\\h", "\\v", "\\H", "\\V",
    "\\t", "\\/", "\\-", "#", "/", "\"", "]", "}", "@", "\\@", "\\$", "=", ",", "<", "\\<", "!", "~",
    "\\\\", "\\[", "\\(", "\\{", "\\e", "\xff", "\\ ", "%", "&", "'", "\\_",
    "\xc3\xa9", "\xe2\x82\xac", "\xc3", "\\x00", "\\x{e9}", "\r",
};

static const char *const odd_atoms[] = {
    "\\Q", "\\E", "\\K", "\\G", "\\R", "\\N", "\\X", "\\p{L}", "\\PL", "\\x{100}", "\\x", "\\x4",
    "\\o{101}", "\\cA", "\\c", "\\b{wb}", "\\N{3}", "\\N{U+41}", "{", "{,2}", "{1", "{ 1 }", "a{2,1}",
    "a{0}", "\\10", "\\0", "\\012", "\\8", "(*FAIL)", "(*ACCEPT)", "(?|(a)|b)", "(?(1)a|b)", "(?1)",
    "(?R)", "(?&n)", "(?C1)", "(?#c)", "(?n)", "(?xx)", "(?a)", "(?u)", "(?^)", "(?i-i)", "(?)", "(?-)",
    "\\g1", "\\g{1}", "\\g{-1}", "(?P=n)", "(?P>n)", "(?'q'a)", "\\u", "\\l", "\\U", "\\L", "\\F",
    "\\y", "\\i", "\\Y", "\\C", "(?{1})", "(??{1})", "**", "+*", "?{2}", "a{1}{2}", "\\", "[", "(",
    ")", "(?", "(?<", "(?<n", "(?<=", "(?P", "(?P<", "\\k", "\\k<", "\\k{n}", "\\k'n'", "[[.a.]]",
    "[[=a=]]", "[[:foo:]]", "[:alpha:]", "[\\N]", "[\\R]", "[\\d-z]", "[a-\\d]", "[z-a]", "[\\1]",
    "(?<=a|bb)", "(?<=a+)", "(?<!a*)", "\x85", "(?x)\x85", "(?x: a +\t+ )", "(?x:a #c\n)", "(?x)#",
    "(?<\xe9>a)", "(?<1>a)", "^*", "\\b+", "$?", "(?=a)*", "(?!a){2}", "(?i)\xe9", "(?i:ss)", "\xdf",
    "(?i)[\xe0-\xef]", "(?i)[^\xe9]", "a++", "a*+", "a?+", "a{1,2}+", "(?:){2}", "(|a)+", "(?:a|)*",
    "\\p{Lu}", "\\P{L}", "\\x{1F600}", "[\\x{100}-\\x{200}a]", "\\b{gcb}", "\\B{sb}", "(*COMMIT)",
    "(*PRUNE)", "(*SKIP)", "(*THEN)", "(*MARK:m)", "(?+1)", "(?-1)", "(?<=\\Ka)", "(?[ [a-c] & [b-d] ])",
    "\\g{n0}", "(?P=n0)", "(?&n0)", "(?P>n0)", "(?(<n0>)a|b)", "(?(R)a|b)", "(?(DEFINE)(?<d>a))",
    "(?=a|)", "(?l)", "(?d)", "(?p)", "(?aa)", "(?i-msx:a)", "(?^i)", "\\N{}", "\\N{,2}", "\\h+", "\\R*",
};
/* clang-format on */

static const char *const asserts[] = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "^", "$", "\\b"};

static const char *const quantifiers[] = {
    "*",     "+",     "?",    "*?",    "+?",     "??",    "*+",  "++",   "?+",   "{2}",
    "{1,2}", "{0,2}", "{1,}", "{2,}?", "{1,3}?", "{0,1}", "{1}", "{2}+", "{0,}", "{1,2}+"};

/* clang-format off */
static const char *const class_items[] = {
    "a", "b", "c", "a-c", "A-Z", "0-9", "\\d", "\\w", "\\s", "\\S", "\\W", "\\D", "-", "^", ".", " ",
    "[:alpha:]", "[:digit:]", "[:^space:]", "[:upper:]", "[:lower:]", "[:punct:]", "[:xdigit:]",
    "[:print:]", "[:graph:]", "[:cntrl:]", "[:blank:]", "[:word:]", "[:alnum:]", "[:^upper:]",
    "[:space:]", "\\]", "\\-", "\\\\", "\\n", "\n", "\\x61", "\\xe9", "\xe9", "\x80-\xff", "[", "$",
    "#", "\\h", "\\v", "\\b", "_", ":", "=", "\\.", "\\/", "\"", "+--", "a-b-", "--0", "\\x00-\\x1f",
    "!-/", "\\e", "\\t", "\\[", "\\^", "Y-b",
};
/* clang-format on */

/* Patterns that were read from rule files. */
static struct corpus {
    struct bytes *patterns;
    size_t count;
    struct arena arena;
} corpus;

/* SECANT_RULES: files and folders with rules, beside those of the project. */
static const char read_rules[] =
    "use File::Find; my %seen;\n"
    "my @roots = grep { -e } qw(rules t/conformance/cases), split ' ', $ENV{SECANT_RULES} // '';\n"
    "find({no_chdir => 1, wanted => sub {\n"
    "    return unless -f; open my $in, '<', $_ or return;\n"
    "    my $text = do { local $/; <$in> };\n"
    "    $text =~ s/\\\\\\r?\\n[ \\t]*//g;\n"
    "    for ($text =~ /^[ \\t]*pattern2?[ \\t]*=[ \\t]*(\\S.*?)[ \\t\\r]*$/mg) {\n"
    "        $seen{$_} = 1 unless /\\bsub\\b/ || length > 400;\n"
    "    }\n"
    "}}, @roots) if @roots;\n"
    "sort keys %seen";

/* The patterns stay in the order of their texts, so that a seed tells which one is chosen. */
static void corpus_read(void)
{
    struct perl_list list = {0};
    struct buf error = {0};
    arena_init(&corpus.arena);
    if (!perl_eval_list(bytes_of(read_rules), &corpus.arena, &list, &error))
        fprintf(stderr, "%.*s\n", (int)error.len, error.ptr);
    corpus.count = list.count;
    corpus.patterns = mem_array(NULL, list.count + 1, sizeof *corpus.patterns);
    for (size_t i = 0; i < list.count; i++)
        corpus.patterns[i] = list.items[i].text;
    perl_list_release(&list);
    buf_free(&error);
}

static void corpus_free(void)
{
    free(corpus.patterns);
    arena_free(&corpus.arena);
    corpus = (struct corpus){0};
}

static struct bytes known_pattern(struct chance *chance)
{
    if (corpus.count == 0 || pick(chance, 4) == 0)
        return bytes_of(PICK_TEXT(chance, realistic));
    return corpus.patterns[pick(chance, (unsigned)corpus.count)];
}

struct maker {
    struct chance *chance;
    struct buf *out;
    unsigned groups, names;
    unsigned odd; /* one atom of so many is an odd one; 0: none */
};

static void put(struct maker *maker, const char *text)
{
    buf_add(maker->out, bytes_of(text));
}

static void make_alternatives(struct maker *maker, unsigned depth);

static void make_class(struct maker *maker)
{
    put(maker, pick(maker->chance, 3) ? "[" : "[^");
    if (pick(maker->chance, 12) == 11)
        put(maker, "]");
    for (unsigned n = 1 + pick(maker->chance, 3); n > 0; n--)
        put(maker, PICK_TEXT(maker->chance, class_items));
    put(maker, "]");
}

static const char *const opens[] = {
    "(",    "(",     "(",    "(?:",  "(?:",  "(?>",  "(?=", "(?!", "(?i:",  "(?s:",
    "(?m:", "(?-i:", "(?^:", "(?<=", "(?<!", "(?x:", "(",   "(?:", "(?i-s:"};

/* clang-format off */
static const char *const odd_opens[] = {
    "(?|", "(?>", "(?'q'", "(?(1)", "(?(<n0>)", "(?(?=a)", "(?(?<!a)", "(?(R)", "(?(DEFINE)", "(?u:", "(?a:",
    "(?aa:", "(?l:", "(?n:", "(?p:", "(?xx:", "(?d:", "(?^i:", "(*atomic:", "(*pla:", "(*nla:", "(*plb:",
    "(*nlb:", "(*positive_lookahead:", "(*sr:", "(?<n0>", "(?P<n1>", "(?<d>(?<e>", "(?i)(", "(?{",
};
/* clang-format on */

static void make_group(struct maker *maker, unsigned depth)
{
    unsigned kind = pick(maker->chance, 21);
    if (maker->odd && pick(maker->chance, 4) == 3) {
        put(maker, PICK_TEXT(maker->chance, odd_opens));
        maker->groups++;
    } else if (kind >= sizeof opens / sizeof *opens) {
        maker->groups++;
        buf_printf(maker->out, pick(maker->chance, 4) ? "(?<n%u>" : "(?P<n%u>", maker->names++);
    } else {
        maker->groups += opens[kind][1] == 0;
        put(maker, opens[kind]);
    }
    make_alternatives(maker, depth - 1);
    put(maker, ")");
}

static void make_backref(struct maker *maker)
{
    unsigned n = 1 + pick(maker->chance, maker->groups);
    switch (pick(maker->chance, 4)) {
    case 0:
        if (maker->names > 0)
            buf_printf(maker->out, "\\k<n%u>", pick(maker->chance, maker->names));
        break;
    default:
        buf_printf(maker->out, "\\%u", n > 9 ? 9 : n);
    }
}

static void make_atom(struct maker *maker, unsigned depth)
{
    unsigned kind = pick(maker->chance, 24);
    if (maker->odd && pick(maker->chance, maker->odd) == maker->odd - 1)
        put(maker, PICK_TEXT(maker->chance, odd_atoms));
    else if (kind < 11)
        put(maker, PICK_TEXT(maker->chance, plain_atoms));
    else if (kind < 14)
        make_class(maker);
    else if (kind < 20 && depth > 0)
        make_group(maker, depth);
    else if (kind < 22 && maker->groups > 0)
        make_backref(maker);
    else if (kind == 22)
        put(maker, pick(maker->chance, 2) ? "(?i)" : pick(maker->chance, 2) ? "(?s)" : "(?m)");
    else
        put(maker, PICK_TEXT(maker->chance, asserts));
}

static void make_concat(struct maker *maker, unsigned depth)
{
    for (unsigned n = pick(maker->chance, 5); n > 0; n--) {
        make_atom(maker, depth);
        if (pick(maker->chance, 3) == 2)
            put(maker, PICK_TEXT(maker->chance, quantifiers));
    }
}

static void make_alternatives(struct maker *maker, unsigned depth)
{
    make_concat(maker, depth);
    while (pick(maker->chance, 4) == 3) {
        put(maker, "|");
        make_concat(maker, depth);
    }
}

static void damage(struct chance *chance, struct buf *text)
{
    static const char bytes[] = "()[]{}?*+|\\^$.-:<>=!abc12, \n\xe9i";
    for (unsigned n = 1 + pick(chance, 3); n > 0 && text->len > 0; n--) {
        size_t at = pick(chance, (unsigned)text->len);
        char byte = bytes[pick(chance, sizeof bytes)];
        switch (pick(chance, 3)) {
        case 0:
            text->ptr[at] = byte;
            break;
        case 1:
            memmove(text->ptr + at, text->ptr + at + 1, text->len - at - 1);
            text->len--;
            break;
        default:
            buf_char(text, byte);
            memmove(text->ptr + at + 1, text->ptr + at, text->len - at - 1);
            text->ptr[at] = byte;
        }
    }
}

/* Half of one pattern with half of another, or one as a part beside the other. */
static void join(struct chance *chance, struct buf *text)
{
    struct bytes other = known_pattern(chance);
    size_t from = other.len > 0 ? pick(chance, (unsigned)other.len) : 0;
    switch (pick(chance, 3)) {
    case 0:
        text->len -= text->len > 0 ? pick(chance, (unsigned)text->len) : 0;
        buf_add(text, bytes_slice(other, from, other.len));
        break;
    case 1:
        buf_char(text, '|');
        buf_add(text, other);
        break;
    default:
        buf_cat(text, B("(?:"), other, B(")"));
        buf_add(text, bytes_of(PICK_TEXT(chance, quantifiers)));
    }
}

static void make_pattern(struct chance *chance, struct buf *out)
{
    struct maker maker = {.chance = chance, .out = out};
    buf_clear(out);
    unsigned kind = pick(chance, 8);
    if (kind < 6) {
        maker.odd = kind == 5 ? 4 : 0;
        make_alternatives(&maker, 3);
        return;
    }
    buf_add(out, known_pattern(chance));
    if (pick(chance, 4) == 3)
        join(chance, out);
    if (pick(chance, 4) > 1)
        damage(chance, out);
}

#endif
