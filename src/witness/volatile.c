/* SPDX-License-Identifier: GPL-2.0-or-later */
/* First the text of the pattern is looked at, which costs little, then a line is made
 * (witness/sample.h), and the group's part of it is replaced by two texts of the kind. */
#include "witness/volatile.h"

#include "base/mem.h"
#include "match/syntax.h"
#include "witness/sample.h"

enum { STEPS = 100 * 1000 };

struct look {
    const struct pattern *pattern;
    uint32_t group;
    struct arena *arena;
    struct syntax syntax;
    struct bytes before, after; /* the pattern around it */
    struct sample sample;
    struct volatile_group *found;
};

/* -- Trying -- */

/* Does the pattern match the line, with this text in the group? */
static bool holds(const struct look *look, struct bytes line, struct bytes text)
{
    struct regex *regex = look->pattern->regex;
    ptrdiff_t *offsets = mem_array(NULL, 2 * regex_spans(regex), sizeof(*offsets));
    bool held = false;
    if (regex_match_within(regex, line, STEPS, offsets) == REGEX_YES) {
        const ptrdiff_t *span = &offsets[2 * look->group];
        held =
            look->group == 0 ||
            (span[0] >= 0 && bytes_eq(bytes_slice(line, (size_t)span[0], (size_t)span[1]), text));
    }
    free(offsets);
    return held;
}

/* The sample line with another text in place of the group's. */
static struct bytes line_with(const struct look *look, struct bytes text)
{
    struct bytes line = look->sample.line, group = look->sample.groups[look->group];
    size_t from = (size_t)(group.ptr - line.ptr);
    return arena_cat(look->arena, bytes_slice(line, 0, from), text,
                     bytes_from(line, from + group.len));
}

static bool can_hold(const struct look *look, struct bytes text)
{
    return holds(look, line_with(look, text), text);
}

static bool make_sample(struct look *look)
{
    if (look->sample.line.ptr)
        return true;
    return sample_line(look->pattern, NULL, look->arena, &look->sample) &&
           look->group < look->sample.count && look->sample.groups[look->group].ptr;
}

/* Two texts, both of which the group can hold. */
static bool keep(struct look *look, enum volatile_kind kind, struct bytes text, struct bytes other)
{
    if (!can_hold(look, text) || !can_hold(look, other))
        return false;
    *look->found = (struct volatile_group){kind, line_with(look, text), other};
    return true;
}

/* The text that the group has, and the same with another last digit. */
static bool keep_number(struct look *look, enum volatile_kind kind)
{
    if (!make_sample(look))
        return false;
    struct bytes text = look->sample.groups[look->group];
    if (text.len == 0 || !is_digit(text.ptr[text.len - 1]))
        return false;
    char last = text.ptr[text.len - 1] == '9' ? '0' : (char)(text.ptr[text.len - 1] + 1);
    return keep(look, kind, text,
                arena_cat(look->arena, bytes_slice(text, 0, text.len - 1), bytes_make(&last, 1)));
}

/* -- The time -- */

/* Is a word of the message written down here?  Escapes, classes, starts of groups are none. */
static bool has_words(struct bytes pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (is_alpha(c))
            return true;
        if (c == '\\')
            i++;
        for (bool class = c == '['; class && i + 1 < pattern.len && pattern.ptr[i + 1] != ']';)
            i++;
        if (c == '(' && i + 1 < pattern.len && pattern.ptr[i + 1] == '?')
            while (i + 1 < pattern.len && !strchr(">:)=!", pattern.ptr[i + 1]))
                i++;
    }
    return false;
}

/* What would rather be a host. */
static bool can_hold_name(const struct look *look)
{
    return can_hold(look, B("gw1")) || can_hold(look, B("192.0.2.7"));
}

static bool is_time(struct look *look)
{
    static const struct bytes forms[][2] = {
        {B("Nov 28 00:03:12"), B("Nov 28 00:03:13")},
        {B("Nov 28 2026 00:03:12"), B("Nov 28 2026 00:03:13")},
        {B("2026-11-28T00:03:12+01:00"), B("2026-11-28T00:03:13+01:00")},
        {B("2026-11-28T00:03:12.123456+01:00"), B("2026-11-28T00:03:12.123457+01:00")},
        {B("2026-11-28 00:03:12"), B("2026-11-28 00:03:13")},
        {B("2026-11-28 00:03:12,123"), B("2026-11-28 00:03:12,124")},
        {B("28/Nov/2026:00:03:12 +0100"), B("28/Nov/2026:00:03:13 +0100")},
        {B("00:03:12"), B("00:03:13")},
    };
    size_t count = sizeof(forms) / sizeof(*forms);
    if (has_words(look->before) || !make_sample(look) || can_hold_name(look))
        return false;
    if (!bytes_starts(look->pattern->text, B("^")))
        count--; /* it might be how long something took */
    for (size_t i = 0; i < count; i++)
        if (keep(look, VOLATILE_TIME, forms[i][0], forms[i][1]))
            return true;
    return false;
}

/* Anything, from the start of the line on. */
static bool is_line_begin(struct look *look)
{
    static const struct bytes form = B("Nov 28 00:03:12 web1");
    bool first = look->before.len == 0 || bytes_eq(look->before, B("^"));
    return first && make_sample(look) && can_hold(look, B("- + %")) &&
           keep(look, VOLATILE_LINE, form, B("Nov 28 00:03:13 web1"));
}

/* The time in a line: its last digit; -1: there is none. */
static ptrdiff_t find_time(struct bytes line)
{
    for (size_t i = 0; i + 8 <= line.len; i++) {
        size_t k = 0;
        while (k < 8 && (k % 3 == 2 ? line.ptr[i + k] == ':' : is_digit(line.ptr[i + k])))
            k++;
        if (k == 8)
            return (ptrdiff_t)i + 7;
    }
    return -1;
}

static bool is_whole_line(struct look *look)
{
    if (!sample_line(look->pattern, NULL, look->arena, &look->sample))
        return false;
    struct bytes line = look->sample.line;
    if (find_time(line) < 0)
        line = arena_cat(look->arena, B("Nov 28 00:03:12 web1 "), line);
    char *copy = arena_alloc(look->arena, line.len), *digit = copy + find_time(line);
    memcpy(copy, line.ptr, line.len);
    struct bytes other = bytes_make(copy, line.len);
    *digit = *digit == '9' ? '8' : (char)(*digit + 1);
    *look->found = (struct volatile_group){VOLATILE_LINE, line, bytes_make(digit - 7, 8)};
    return holds(look, line, B("")) && holds(look, other, B(""));
}

/* "kernel: [12345.678901]" */
static bool is_uptime(struct look *look)
{
    return bytes_find(look->before, B("kernel"), 0) >= 0 && bytes_starts(look->after, B("\\]")) &&
           make_sample(look) && !can_hold(look, B("12")) && can_hold(look, B("12.345678")) &&
           keep(look, VOLATILE_TIME, B("12.345678"), B("12.345679"));
}

/* -- Numbers -- */

static bool ends_in_any_case(struct bytes text, struct bytes end)
{
    return text.len >= end.len && bytes_ieq(bytes_from(text, text.len - end.len), end);
}

static bool cut_end(struct bytes *text, struct bytes end)
{
    bool cut = ends_in_any_case(*text, end);
    if (cut)
        text->len -= end.len;
    return cut;
}

/* Programs of which there is a process for each connection, command or job. */
static bool is_short_lived(struct bytes program)
{
    static const struct bytes names[] = {
        B("sshd"),     B("sshd-session"), B("vsftpd"),     B("proftpd"), B("pure-ftpd"), B("ftpd"),
        B("login"),    B("su"),           B("sudo"),       B("CRON"),    B("crond"),     B("imapd"),
        B("ipop3d"),   B("pop3d"),        B("telnetd"),    B("in.ftpd"), B("in.tftpd"),  B("smtpd"),
        B("sendmail"), B("sm-mta"),       B("in.telnetd"), B("pppd"),    B("passwd"),    B("exim"),
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (bytes_eq(names[i], program))
            return true;
    return false;
}

/* "sshd[(...)]:": the program's name is known, or could be any. */
static bool is_process(struct look *look)
{
    struct bytes name = look->before;
    if (!cut_end(&name, B("\\[")) || !bytes_starts(look->after, B("\\]")))
        return false;
    while (cut_end(&name, B("(?:-session)?")) || cut_end(&name, B(")")))
        ;
    size_t at = name.len;
    while (at > 0 && (is_word(name.ptr[at - 1]) || strchr(".-", name.ptr[at - 1])))
        at--;
    bool any = at == name.len && at > 0 && strchr("+*", name.ptr[at - 1]) &&
               bytes_starts(look->after, B("\\]:"));
    if (!any && !is_short_lived(bytes_from(name, at)))
        return false;
    return make_sample(look) && can_hold(look, B("4711")) && !can_hold(look, B("gw1")) &&
           keep_number(look, any ? VOLATILE_ANY_PROCESS : VOLATILE_PROCESS);
}

/* "from ... port (...)", not "to": where a connection comes from. */
static bool is_port(struct look *look)
{
    struct bytes name = look->before;
    while (cut_end(&name, B(" ")) || cut_end(&name, B("=")) || cut_end(&name, B("\\s+")) ||
           cut_end(&name, B(" +")))
        ;
    bool source = ends_in_any_case(name, B("SPT")) || ends_in_any_case(name, B("sport"));
    if (!source && ends_in_any_case(name, B("port")))
        source = bytes_rfind(name, B("from ")) > bytes_rfind(name, B("to ")) &&
                 bytes_rfind(name, B("from ")) >= 0;
    return source && make_sample(look) && can_hold(look, B("4711")) && !can_hold(look, B("gw1")) &&
           keep_number(look, VOLATILE_PORT);
}

/* An address that must have a port. */
static bool is_address_with_port(struct look *look)
{
    static const struct bytes forms[][2] = {{B("192.0.2.7/4711"), B("192.0.2.7/4712")},
                                            {B("192.0.2.7:4711"), B("192.0.2.7:4712")},
                                            {B("192.0.2.7.4711"), B("192.0.2.7.4712")}};
    if (!ends_in_any_case(look->before, B("from ")) || !make_sample(look) ||
        can_hold(look, B("192.0.2.7")) || can_hold(look, B("gw1")))
        return false;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
        if (keep(look, VOLATILE_ADDRESS, forms[i][0], forms[i][1]))
            return true;
    return false;
}

/* -- Groups -- */

static const struct node *find_group(const struct node *node, uint32_t group)
{
    if (node->kind == NODE_GROUP && node->group.capture == group)
        return node;
    const struct node *child = node->kind != NODE_LOOK ? node_children(node) : NULL;
    for (; child; child = child->next) {
        const struct node *found = find_group(child, group);
        if (found)
            return found;
    }
    return NULL;
}

/* false: it cannot be looked at, or is in a repeat and may not be there. */
static bool look_at_group(struct look *look)
{
    const struct pattern *pattern = look->pattern;
    if (pattern->type != PATTERN_REGEXP || !pattern->regex || !regex_uses_pcre2(pattern->regex))
        return false;
    if (look->group == 0)
        return true;
    syntax_read(pattern->text, look->arena, &look->syntax);
    const struct node *node =
        look->syntax.understood ? find_group(look->syntax.root, look->group) : NULL;
    if (!node || node->to == 0)
        return false;
    look->before = bytes_slice(pattern->text, 0, node->from);
    look->after = bytes_from(pattern->text, node->to);
    return true;
}

bool volatile_find(const struct pattern *pattern, uint32_t group, struct arena *arena,
                   struct volatile_group *found)
{
    struct look look = {.pattern = pattern, .group = group, .arena = arena, .found = found};
    *found = (struct volatile_group){0};
    if (!look_at_group(&look))
        return false;
    if (group == 0)
        return is_whole_line(&look);
    return is_line_begin(&look) || is_time(&look) || is_uptime(&look) || is_process(&look) ||
           is_port(&look) || is_address_with_port(&look);
}

bool volatile_is_address(const struct pattern *pattern, uint32_t group, struct arena *arena,
                         struct volatile_group *found)
{
    struct look look = {.pattern = pattern, .group = group, .arena = arena, .found = found};
    return look_at_group(&look) && has_words(look.before) && make_sample(&look) &&
           bytes_eq(look.sample.groups[group], B("192.0.2.7")) && !can_hold(&look, B("- + %")) &&
           keep(&look, VOLATILE_NO, B("192.0.2.7"), B("192.0.2.8"));
}
