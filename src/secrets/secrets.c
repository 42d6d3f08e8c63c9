/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "secrets/secrets.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <arpa/inet.h>
#include <pcre2.h>
#include <stdlib.h>

#include "base/mem.h"

/* -- Forms -- */

/* Values: in rules none that begins as a variable, and none of what patterns are made of. */
#define VALUE_OF_LINE "[\"']?([^\\s\"',;&]{2,})"
#define VALUE_OF_RULE "[\"']?(?![$%@])([^\\s\"',;&()\\[\\]{}*+?|^$\\x01]{2,})"
#define CREDENTIAL                                                                                 \
    "(?i)(?<![a-z])(?:pass(?:word|wd|phrase|code)?|pwd(?!\\s*[=:]\\s*[\"']?/)|pin|secret|token|"   \
    "api_?-?key|(?:access|private|secret|license)?_?-?key|auth(?:orization)?|credentials?|"        \
    "cookie|session_?-?(?:id)?)"                                                                   \
    "[\"']?(?:\\s*[=:]\\s*(?:(?:bearer|basic|digest)\\s+)?|\\s+(?:is|was)\\s+)"
#define BEARER "(?i)(?:bearer|--(?:password|token|secret))\\s+"
#define NAME "([a-z_][\\w.-]*\\w\\$?)"
#define TIME                                                                                       \
    "(?:[A-Z][a-z]{2} [ \\d]\\d (?:\\d{4} )?[\\d:]{8}(?:\\.\\d+)?|"                                \
    "\\d{4}-\\d\\d-\\d\\d[T ][\\d:]{8}(?:[.,]\\d+)?(?:Z| ?[+-]\\d\\d:?\\d\\d)?)"
/* Seconds since 1970, their fractions, and dates without separators. */
#define NO_TIME "(?!1\\d{9}(?:\\d{3}|\\d{6})?\\b|(?:19|20)\\d{12}\\b)"
#define OCTET "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"

enum where { ANYWHERE, IN_LINES, IN_RULES };

/* The secret is group 1.  What an earlier one has found is not found again. */
static const struct form {
    enum secret_kind kind;
    enum where where;
    bool by_place;
    const char *pattern;
} forms[] = {
    {SECRET_CREDENTIAL, ANYWHERE, false, "[a-z]://[^\\s:/@]*:([^\\s/@]+)@"},
    {SECRET_USER, ANYWHERE, false, "[a-z]://([^\\s:/@]+)(?::[^\\s/@]*)?@"},
    {SECRET_CREDENTIAL, IN_LINES, false, CREDENTIAL VALUE_OF_LINE},
    {SECRET_CREDENTIAL, IN_RULES, false, CREDENTIAL VALUE_OF_RULE},
    {SECRET_CREDENTIAL, IN_LINES, false, BEARER VALUE_OF_LINE},
    {SECRET_CREDENTIAL, IN_RULES, false, BEARER VALUE_OF_RULE},
    {SECRET_MAIL, ANYWHERE, false, "(?<![\\w.+-])(\\w[\\w.+-]*@[a-zA-Z\\d][\\w-]*(?:\\.[\\w-]+)*)"},
    {SECRET_MAC, ANYWHERE, false,
     "(?i)(?<![\\w:-])((?:[\\da-f]{2}:){5}[\\da-f]{2}|(?:[\\da-f]{2}-){5}[\\da-f]{2})(?![\\w:-])"},
    {SECRET_IPV6, ANYWHERE, false,
     "(?i)(?<![\\w:.])((?:[\\da-f]{0,4}:){2,7}[\\da-f]{0,4})(?![\\w:.])"},
    {SECRET_IPV4, ANYWHERE, false, "(?<![\\w.])((?:" OCTET "\\.){3}" OCTET ")(?!\\w|\\.\\d)"},
    {SECRET_HOST, ANYWHERE, false,
     "(?i)(?<![\\w$%-])(?<!\\w\\.)((?:[a-z\\d](?:[\\w-]*[a-z\\d])?\\.)+[a-z]{2,})"
     "(?![\\w-]|\\.\\w)"},
    {SECRET_TOKEN, ANYWHERE, false,
     "(?<![\\w+/=-])((?=[\\w+=-]*[a-zA-Z])(?=(?:[a-zA-Z_+=-]*\\d){3})[\\w+=-]{20,})"},
    {SECRET_TOKEN, ANYWHERE, false, "(?i)\\b((?=[a-f]*\\d)(?=\\d*[a-f])[\\da-f]{16,})\\b"},
    {SECRET_TOKEN, ANYWHERE, false, "SHA256:([A-Za-z\\d+/=]{16,})"},
    {SECRET_NUMBER, ANYWHERE, false,
     "(?<![\\w.:-])" NO_TIME "(\\d{4}(?:[ -]?\\d{4}){2}[ -]?\\d{1,7})(?![\\w.:-])"},
    {SECRET_NUMBER, ANYWHERE, false, "(?<![\\w.:])" NO_TIME "(\\d{9,})(?!\\w)"},
    {SECRET_HOST, IN_LINES, true,
     "^(?:<\\d+>)?(?:1 )?" TIME " ([\\w.-]+) (?=[^\\s:]+:(?:\\s|$)|\\S+ \\S+ \\S+ (?:-|\\[))"},
    {SECRET_HOST, ANYWHERE, true,
     "(?i)(?<![a-z])(?:r?host(?:name)?|server|machine|node)\\s*[=:]\\s*[\"']?" NAME},
    {SECRET_HOST, ANYWHERE, true, "(?i)\\b(?:from|on|to) host " NAME},
    {SECRET_USER, ANYWHERE, true,
     "(?i)(?<![a-z])(?:(?:r?user|log)(?:name)?|login|acc(?:oun)?t|owner)\\s*[=:]\\s*[\"']?" NAME},
    {SECRET_USER, ANYWHERE, true,
     "(?i)\\bfor (?:(?:invalid|illegal) )?(?:user )?" NAME "(?= from\\b)"},
    {SECRET_USER, ANYWHERE, true, "(?i)\\bfail(?:ed|ure) for (?:user )?" NAME},
    {SECRET_USER, ANYWHERE, true,
     "(?i)\\b(?:user|account|login) [\"']?(?!(?:is|was|has|had|not|unknown|from|name|id|and|or|"
     "in|on|of|to|by|at|for|with|the|logged|locked|failed)\\b)" NAME},
    {SECRET_USER, IN_LINES, true, "\\b(?:sudo|su)(?:\\[\\d+\\])?:\\s+([\\w.-]+) : "},
    {SECRET_USER, ANYWHERE, true, "/home/([\\w.-]*\\w)"},
};

enum { FORMS = sizeof(forms) / sizeof(*forms) };

struct finders {
    pcre2_code *codes[FORMS];
    pcre2_match_data *match;
};

struct finders *finders_new(void)
{
    struct finders *finders = mem_zalloc(sizeof(*finders));
    for (size_t i = 0; i < FORMS; i++) {
        int error;
        PCRE2_SIZE at;
        finders->codes[i] = pcre2_compile((PCRE2_SPTR)forms[i].pattern, PCRE2_ZERO_TERMINATED,
                                          PCRE2_MULTILINE, &error, &at, NULL);
        assert(finders->codes[i]);
    }
    finders->match = pcre2_match_data_create(2, NULL);
    return finders;
}

void finders_free(struct finders *finders)
{
    for (size_t i = 0; i < FORMS; i++)
        pcre2_code_free(finders->codes[i]);
    pcre2_match_data_free(finders->match);
    free(finders);
}

/* -- What is none after all -- */

static bool is_one_of(struct bytes text, struct bytes words)
{
    for (struct bytes word; bytes_word(&words, &word);)
        if (bytes_ieq(text, word))
            return true;
    return false;
}

/* The same for everybody. */
static bool is_public_ipv4(struct bytes text)
{
    return bytes_starts(text, B("127.")) || bytes_starts(text, B("255.")) ||
           bytes_eq(text, B("0.0.0.0"));
}

static bool is_ipv6(struct bytes text)
{
    struct in6_addr address;
    char *name = bytes_cstr(text);
    bool is = inet_pton(AF_INET6, name, &address) == 1;
    bool digit = false;
    for (size_t i = 0; i < text.len; i++)
        digit = digit || is_digit(text.ptr[i]);
    free(name);
    return is && digit && text.len > 3;
}

/* A domain of two labels or more is told from the name of a file by its last one. */
static bool is_domain(struct bytes text)
{
    ptrdiff_t dot = bytes_rfind(text, B("."));
    assert(dot > 0);
    struct bytes last = bytes_from(text, (size_t)dot + 1);
    if (last.len == 2)
        return !is_one_of(last, B("gz xz so py pl pm sh go rs js md cc db rb ts ps sc"));
    return is_one_of(last, B("com org net edu gov mil int info biz name app dev cloud online site "
                             "shop tech arpa local localdomain lan internal intranet corp home "
                             "private example test invalid"));
}

static bool is_secret(const struct form *form, struct bytes text)
{
    switch (form->kind) {
    case SECRET_IPV4:
        return !is_public_ipv4(text);
    case SECRET_IPV6:
        return is_ipv6(text);
    case SECRET_HOST:
        return bytes_chr(text, '.', 0) <= 0 || form->by_place || is_domain(text);
    case SECRET_USER:
        return !bytes_ieq(text, B("root"));
    case SECRET_MAC:
    case SECRET_MAIL:
    case SECRET_CREDENTIAL:
    case SECRET_TOKEN:
    case SECRET_NUMBER:
    case SECRET_KINDS:
        break;
    }
    return true;
}

/* -- Spans -- */

static void take(struct secret_spans *spans, size_t from, size_t to, enum secret_kind kind,
                 bool by_place)
{
    if (from == to || memchr(spans->taken + from, 1, to - from))
        return;
    memset(spans->taken + from, 1, to - from);
    MEM_GROW(spans->items, spans->count, spans->room, 8);
    spans->items[spans->count++] = (struct secret_span){from, to, kind, by_place};
}

/* Each label is one; the last one of several says nothing, nor does "localhost". */
static void take_labels(struct secret_spans *spans, struct bytes text, size_t from, size_t to,
                        bool by_place)
{
    struct bytes rest = bytes_slice(text, from, to), label;
    for (bool first = true; bytes_piece(&rest, '.', &label); first = false) {
        size_t at = (size_t)(label.ptr - text.ptr);
        bool top = rest.len == 0 && !first;
        if (!top && !bytes_ieq(label, B("localhost")))
            take(spans, at, at + label.len, SECRET_HOST, by_place);
    }
}

static void take_found(struct secret_spans *spans, struct bytes text, size_t from, size_t to,
                       const struct form *form)
{
    struct bytes found = bytes_slice(text, from, to);
    if (!is_secret(form, found))
        return;
    size_t host = form->kind == SECRET_HOST ? from : to;
    if (form->kind == SECRET_MAIL)
        host = from + (size_t)bytes_chr(found, '@', 0) + 1;
    if (host > from)
        take(spans, from, form->kind == SECRET_MAIL ? host - 1 : to, form->kind, form->by_place);
    take_labels(spans, text, host, to, form->by_place);
}

static void find_form(struct finders *finders, size_t number, struct bytes text,
                      struct secret_spans *spans)
{
    PCRE2_SIZE *ends = pcre2_get_ovector_pointer(finders->match);
    for (size_t at = 0; at <= text.len;) {
        int found = pcre2_match(finders->codes[number], (PCRE2_SPTR)text.ptr, text.len, at, 0,
                                finders->match, NULL);
        if (found < 2)
            return;
        take_found(spans, text, ends[2], ends[3], &forms[number]);
        at = ends[3] > at ? ends[3] : at + 1;
    }
}

static int compare_spans(const void *a, const void *b)
{
    const struct secret_span *one = a, *other = b;
    return (one->from > other->from) - (one->from < other->from);
}

void secrets_find(struct finders *finders, struct bytes text, bool rules,
                  struct secret_spans *spans)
{
    if (spans->taken_room <= text.len) {
        spans->taken_room = 2 * text.len + 64;
        spans->taken = mem_array(spans->taken, spans->taken_room, 1);
    }
    memset(spans->taken, 0, text.len + 1);
    spans->count = 0;
    for (size_t i = 0; i < FORMS; i++)
        if (forms[i].where != (rules ? IN_LINES : IN_RULES))
            find_form(finders, i, text, spans);
    if (spans->count > 0)
        qsort(spans->items, spans->count, sizeof(*spans->items), compare_spans);
}

void secret_spans_free(struct secret_spans *spans)
{
    free(spans->items);
    free(spans->taken);
}
