/* Random regular expressions and lines for them, and the comparison of both engines.
 *
 * A pattern is put together from a grammar that prefers what rule files use, or a realistic one is
 * damaged.  Lines are sampled from the pattern's own tree, so that they match often, and damaged.
 * Perl's engine is the judge: whatever the dialect analyser calls equal must give the same groups,
 * and whatever matches must hold a required literal. */
#ifndef SECANT_T_REGEX_CASES_H
#define SECANT_T_REGEX_CASES_H

#include <stdio.h>

#include "base/mem.h"
#include "match/dialect.h"
#include "match/syntax.h"
#include "perl/interp.h"

/* Where choices come from: given bytes, then (with a state) a generator. */
struct chance {
    const uint8_t *data;
    size_t len;
    uint64_t state;
};

static unsigned pick(struct chance *chance, unsigned below)
{
    if (chance->len > 0) {
        chance->len--;
        return *chance->data++ % below;
    }
    if (chance->state == 0)
        return 0;
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance->state >> 33) % below;
}

#define PICK_TEXT(chance, texts)                                                                   \
    (texts)[pick(chance, (unsigned)(sizeof(texts) / sizeof(*(texts))))]

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

static const char *const plain_atoms[] = {
    "a", "b", "c", "a", "b", "ab", "A", " ", ".", "\\.", "\\d", "\\w", "\\s", "\\S", "\\W", "\\D",
    "1", "_", "-", ":", "\\n", "\n", "\\x61", "\\x{62}", "\xe9", "\\xe9", "\\h", "\\v", "\\H", "\\V",
    "\\t", "\\/", "\\-", "#", "/", "\"", "]", "}", "@", "\\@", "\\$", "=", ",", "<", "\\<", "!", "~",
    "\\\\", "\\[", "\\(", "\\{", "\\e", "\xff", "\\ ", "%", "&", "'", "\\_",
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
};

static const char *const asserts[] = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "^", "$", "\\b"};

static const char *const quantifiers[] = {"*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}",
                                          "{1,2}", "{0,2}", "{1,}", "{2,}?", "{1,3}?", "{0,1}",
                                          "{1}", "{2}+", "{0,}", "{1,2}+"};

static const char *const class_items[] = {
    "a", "b", "c", "a-c", "A-Z", "0-9", "\\d", "\\w", "\\s", "\\S", "\\W", "\\D", "-", "^", ".", " ",
    "[:alpha:]", "[:digit:]", "[:^space:]", "[:upper:]", "[:lower:]", "[:punct:]", "[:xdigit:]",
    "[:print:]", "[:graph:]", "[:cntrl:]", "[:blank:]", "[:word:]", "[:alnum:]", "[:^upper:]",
    "[:space:]", "\\]", "\\-", "\\\\", "\\n", "\n", "\\x61", "\\xe9", "\xe9", "\x80-\xff", "[", "$",
    "#", "\\h", "\\v", "\\b", "_", ":", "=", "\\.", "\\/", "\"", "+--", "a-b-", "--0", "\\x00-\\x1f",
    "!-/", "\\e", "\\t", "\\[", "\\^", "Y-b",
};

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

static void make_group(struct maker *maker, unsigned depth)
{
    static const char *const opens[] = {"(",    "(",    "(",    "(?:",  "(?:",   "(?>",  "(?=",
                                        "(?!",  "(?i:", "(?s:", "(?m:", "(?-i:", "(?^:", "(?<=",
                                        "(?<!", "(?x:", "(",    "(?:",  "(?i-s:"};
    unsigned kind = pick(maker->chance, 21);
    if (kind >= sizeof opens / sizeof *opens) {
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

static void make_pattern(struct chance *chance, struct buf *out)
{
    struct maker maker = {.chance = chance, .out = out};
    buf_clear(out);
    unsigned kind = pick(chance, 8);
    if (kind == 7) {
        put(&maker, PICK_TEXT(chance, realistic));
        if (pick(chance, 4))
            damage(chance, out);
        return;
    }
    maker.odd = kind == 6 ? 4 : 0;
    make_alternatives(&maker, 3);
}

/* Text that the tree can match, groups that a reference wants left aside. */
static void sample(struct chance *chance, const struct node *node, struct buf *out)
{
    unsigned n = 0;
    if (out->len > 60)
        return;
    switch (node->kind) {
    case NODE_BYTE:
        buf_char(out, (char)(node->caseless && pick(chance, 2) ? node->byte ^ 0x20 : node->byte));
        return;
    case NODE_SET:
        for (unsigned tries = 0; tries < 256; tries++) {
            static const char likely[] = "ab1 .A\n_c";
            unsigned byte = tries < 3 ? (unsigned char)likely[pick(chance, sizeof likely)]
                                      : (pick(chance, 256) + tries) & 255;
            if (set_has(node->set, byte)) {
                buf_char(out, (char)byte);
                return;
            }
        }
        return;
    case NODE_ALTERNATE:
        for (const struct node *child = node->first; child; child = child->next)
            n++;
        n = pick(chance, n);
        for (const struct node *child = node->first; child; child = child->next, n--) {
            if (n == 0)
                sample(chance, child, out);
        }
        return;
    case NODE_REPEAT:
        for (n = node->repeat.min + pick(chance, 3); n > 0 && n < 10; n--)
            sample(chance, node->first, out);
        return;
    case NODE_BACKREF:
        if (out->len > 0)
            buf_char(out, out->ptr[pick(chance, (unsigned)out->len)]);
        return;
    case NODE_LOOK:
        if (pick(chance, 3))
            return;
        break;
    default:
        break;
    }
    for (const struct node *child = node->first; child; child = child->next)
        sample(chance, child, out);
}

static bool can_be_empty(const struct node *node)
{
    switch (node->kind) {
    case NODE_BYTE:
    case NODE_SET:
        return false;
    case NODE_ALTERNATE:
        for (const struct node *child = node->first; child; child = child->next) {
            if (can_be_empty(child))
                return true;
        }
        return false;
    case NODE_REPEAT:
        return node->repeat.min == 0 || can_be_empty(node->first);
    case NODE_CONCAT:
    case NODE_GROUP:
        for (const struct node *child = node->first; child; child = child->next) {
            if (!can_be_empty(child))
                return false;
        }
        return true;
    default:
        return true;
    }
}

static bool is_loop(const struct node *node)
{
    return node->kind == NODE_REPEAT && node->repeat.max > 1;
}

/* Perl panics over a repeated class without bytes, and takes very long for loops over what can be
 * empty. */
static bool perl_is_safe(const struct node *node)
{
    if ((node->kind == NODE_SET && set_count(node->set) == 0) ||
        (is_loop(node) && can_be_empty(node->first)))
        return false;
    for (const struct node *child = node->first; child; child = child->next) {
        if (!perl_is_safe(child))
            return false;
    }
    return true;
}

/* Loops in loops take time that doubles with each byte. */
static bool has_nested_loops(const struct node *node, bool in_loop)
{
    if (in_loop && is_loop(node))
        return true;
    for (const struct node *child = node->first; child; child = child->next) {
        if (has_nested_loops(child, in_loop || is_loop(node)))
            return true;
    }
    return false;
}

static void random_text(struct chance *chance, struct buf *out, unsigned most)
{
    static const char bytes[] = "aaabbbc1 .:-AB_\n\xe9\xff";
    for (unsigned n = pick(chance, most); n > 0; n--)
        buf_char(out, bytes[pick(chance, sizeof bytes)]);
}

static void make_subject(struct chance *chance, const struct syntax *syntax, struct buf *out)
{
    buf_clear(out);
    unsigned kind = pick(chance, 8);
    if (pick(chance, 3) == 0)
        random_text(chance, out, 4);
    if (kind > 0 && syntax->understood)
        sample(chance, syntax->root, out);
    else
        random_text(chance, out, 14);
    if (kind > 4)
        damage(chance, out);
    if (pick(chance, 3) == 0)
        random_text(chance, out, 4);
    if (pick(chance, 6) == 0)
        buf_char(out, '\n');
}

static void print_quoted(const char *name, struct bytes text)
{
    fprintf(stderr, "%s \"", name);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < 0x20 || c >= 0x7f)
            fprintf(stderr, "\\x%02x", c);
        else
            fputc(c, stderr);
    }
    fprintf(stderr, "\"\n");
}

static bool complain(const char *what, struct bytes pattern, struct bytes subject)
{
    fprintf(stderr, "%s\n", what);
    print_quoted("  pattern", pattern);
    print_quoted("  subject", subject);
    return false;
}

static bool contains(struct bytes text, const struct required *literal)
{
    for (size_t at = 0; at + literal->text.len <= text.len; at++) {
        struct bytes here = bytes_slice(text, at, at + literal->text.len);
        if (literal->caseless ? bytes_ieq(here, literal->text) : bytes_eq(here, literal->text))
            return true;
    }
    return false;
}

static bool has_required(const struct regex *regex, struct bytes subject)
{
    size_t count;
    const struct required *required = regex_required(regex, &count);
    for (size_t i = 0; i < count; i++) {
        if (contains(subject, &required[i]))
            return true;
    }
    return count == 0;
}

static void print_offsets(const char *name, const ptrdiff_t *offsets, size_t groups)
{
    fprintf(stderr, "  %s", name);
    for (size_t i = 0; i <= groups; i++)
        fprintf(stderr, " %td-%td", offsets[2 * i], offsets[2 * i + 1]);
    fputc('\n', stderr);
}

/* Counts of what was seen. */
struct seen {
    unsigned long patterns, valid, equal; /* "equal" are those that PCRE2 takes */
    unsigned long pairs, matches;         /* of these and their lines */
};

/* Has the regex the names that Perl has? */
static bool same_names(const struct regex *regex, const struct perl_regex *perl)
{
    size_t count, perl_count = 0, group_count;
    struct bytes name;
    const int32_t *groups;
    const struct regex_name *names = regex_names(regex, &count);
    for (; perl_regex_name(perl, perl_count, &name, &groups, &group_count); perl_count++) {
        size_t i = 0;
        while (i < count && !bytes_eq(names[i].name, name))
            i++;
        if (i == count || names[i].count != group_count ||
            memcmp(names[i].groups, groups, group_count * sizeof *groups) != 0)
            return false;
    }
    return perl_count == count;
}

static bool compare_match(struct regex *regex, struct perl_regex *perl, struct bytes pattern,
                          struct bytes subject, struct seen *seen)
{
    size_t groups = perl_regex_groups(perl), size = 2 * (groups + 1);
    ptrdiff_t *want = mem_array(NULL, 2 * size, sizeof *want), *got = want + size;
    bool matches = perl_regex_match(perl, subject, want);
    bool ok = true, equal = regex_uses_pcre2(regex);
    seen->pairs += equal;
    seen->matches += equal && matches;
    if (!equal) {
        /* nothing to compare: Perl's answers even differ now and then, for atomic groups in
         * lookbehind */
    } else if (regex_match(regex, subject, got) != matches) {
        ok = complain(matches ? "only Perl matches" : "only PCRE2 matches", pattern, subject);
    } else if (matches && memcmp(got, want, size * sizeof *want) != 0) {
        ok = complain("groups differ", pattern, subject);
        print_offsets("Perl ", want, groups);
        print_offsets("PCRE2", got, groups);
    }
    if (matches && !has_required(regex, subject))
        ok = complain("no required literal", pattern, subject);
    free(want);
    return ok;
}

/* Odd patterns make Perl warn. */
static void quiet_perl(void)
{
    struct arena arena;
    struct perl_list list = {0};
    struct buf error = {0};
    arena_init(&arena);
    perl_eval_list(B("$SIG{__WARN__} = sub { }; 1"), &arena, &list, &error);
    perl_list_release(&list);
    arena_free(&arena);
    buf_free(&error);
}

/* Lines for each pattern: the first are PCRE2's interpreter's, from the 16th on (match/regex.c) machine
 * code matches. */
enum { SUBJECTS = 40 };

static bool compare_facts(const struct regex *regex, const struct perl_regex *perl,
                          struct bytes pattern)
{
    if (perl_regex_groups(perl) != regex_groups(regex))
        return complain("numbers of groups differ", pattern, B(""));
    if (!same_names(regex, perl))
        return complain("names differ", pattern, B(""));
    if (!bytes_eq(perl_regex_text(perl), regex_text(regex)))
        return complain("printed forms differ", pattern, regex_text(regex));
    return true;
}

static bool compare_matches(struct chance *chance, struct regex *regex, struct perl_regex *perl,
                            struct bytes pattern, struct seen *seen)
{
    struct arena arena;
    struct syntax syntax;
    struct buf subject = {0};
    bool ok = true;
    arena_init(&arena);
    syntax_read(pattern, &arena, &syntax);
    bool matchable = syntax.understood && perl_is_safe(syntax.root);
    bool nested = matchable && has_nested_loops(syntax.root, false);
    for (unsigned i = 0; ok && matchable && i < SUBJECTS; i++) {
        make_subject(chance, &syntax, &subject);
        if (nested && subject.len > 14)
            subject.len = 14;
        ok = compare_match(regex, perl, pattern, buf_bytes(&subject), seen);
    }
    buf_free(&subject);
    arena_free(&arena);
    return ok;
}

static bool compare_pattern(struct chance *chance, struct bytes pattern, struct seen *seen)
{
    struct regex *regex = NULL;
    struct perl_regex *perl = NULL;
    struct buf error = {0};
    bool ok = true;
    bool valid = perl_regex_compile(pattern, &perl, &error);
    bool taken = regex_compile(pattern, &regex, &error);
    seen->patterns++;
    if (valid != taken) {
        ok = complain(valid ? "only Perl compiles" : "Perl does not compile", pattern, B(""));
    } else if (valid) {
        seen->valid++;
        seen->equal += regex_uses_pcre2(regex);
        ok = compare_facts(regex, perl, pattern) &&
             compare_matches(chance, regex, perl, pattern, seen);
    }
    regex_free(regex);
    perl_regex_free(perl);
    buf_free(&error);
    return ok;
}

#endif
