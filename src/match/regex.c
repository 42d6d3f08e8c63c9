/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A regular expression and the engine that matches it.
 *
 * PCRE2 takes what the dialect analyser allows; it compiles for the first match, and to machine
 * code after some more, because many patterns are hardly ever tried.  Perl compiles all others, and
 * later also those with which PCRE2 gives up on a line. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "match/regex.h"

#include <pcre2.h>

#include "base/mem.h"
#include "match/dialect.h"
#include "perl/interp.h"

#define TRIES_BEFORE_JIT 16 /* about as long as the compilation of machine code takes */

struct regex {
    enum { PCRE2_REFUSED, PCRE2_UNTRIED, PCRE2_READY } pcre2;
    pcre2_code *code;       /* NULL unless PCRE2_READY */
    pcre2_match_data *data; /* of machine code; NULL before */
    unsigned tries;         /* until TRIES_BEFORE_JIT */
    bool jit;
    size_t longest;          /* a subject of more bytes is for Perl */
    struct perl_regex *perl; /* NULL until PCRE2 refused the pattern or gave up on a line */
    struct bytes printed;    /* owned: "(?^:text)"; ptr NULL where it was Perl's from the start */
    size_t groups;
    struct regex_name *names; /* owned, as is their number lists' one array */
    size_t name_count;
    int32_t *name_groups;
    struct required *required; /* owned, with their texts after them */
    size_t required_count;
};

/* The optimizations are off because that is where PCRE2's bugs are: auto-possession and the search
 * for a start (in machine code it misses "a" for (?:a|)b*a up to 10.42).  The prefilter does more
 * than they could. */
static pcre2_code *pcre2_code_for(struct bytes text)
{
    uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE | PCRE2_NO_DOTSTAR_ANCHOR;
    int error;
    size_t offset;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text.ptr, text.len, options, &error, &offset, context);
    pcre2_compile_context_free(context);
    return code;
}

static void names_from_dialect(struct regex *regex, const struct dialect *dialect)
{
    size_t count = dialect->name_count, size = 0;
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        size += dialect->names[i].text.len;
    regex->names = mem_array(NULL, count, sizeof(*regex->names));
    regex->name_groups = mem_alloc(count * sizeof(*regex->name_groups) + size);
    regex->name_count = count;
    char *at = (char *)(regex->name_groups + count);
    for (size_t i = 0; i < count; i++) {
        struct bytes text = dialect->names[i].text;
        memcpy(at, text.ptr, text.len);
        regex->name_groups[i] = (int32_t)dialect->names[i].group;
        regex->names[i] = (struct regex_name){bytes_make(at, text.len), &regex->name_groups[i], 1};
        at += text.len;
    }
}

static void names_from_perl(struct regex *regex)
{
    struct regex_name name;
    while (perl_regex_name(regex->perl, regex->name_count, &name.name, &name.groups, &name.count)) {
        regex->names = mem_array(regex->names, regex->name_count + 1, sizeof(name));
        regex->names[regex->name_count++] = name;
    }
}

static void take_pcre2(struct regex *regex, struct bytes text, const struct dialect *dialect)
{
    struct buf printed = {0};
    buf_cat(&printed, B("(?^:"), text, B(")"));
    regex->printed = buf_bytes(&printed);
    regex->pcre2 = PCRE2_UNTRIED;
    regex->groups = dialect->groups;
    regex->longest = dialect->longest;
    names_from_dialect(regex, dialect);
}

static bool take_perl(struct regex *regex, struct bytes text, struct buf *error)
{
    if (!perl_regex_compile(text, &regex->perl, error))
        return false;
    regex->groups = perl_regex_groups(regex->perl);
    names_from_perl(regex);
    return true;
}

static void keep_required(struct regex *regex, const struct required *required, size_t count)
{
    size_t size = count * sizeof(*required);
    for (size_t i = 0; i < count; i++)
        size += required[i].text.len;
    if (size == 0)
        return;
    regex->required = mem_alloc(size);
    regex->required_count = count;
    char *at = (char *)(regex->required + count);
    for (size_t i = 0; i < count; i++) {
        struct bytes text = required[i].text;
        memcpy(at, text.ptr, text.len);
        regex->required[i] = (struct required){bytes_make(at, text.len), required[i].caseless};
        at += text.len;
    }
}

bool regex_compile(struct bytes text, struct regex **out, struct buf *error)
{
    struct regex *regex = mem_zalloc(sizeof(*regex));
    struct dialect dialect;
    struct arena arena;
    arena_init(&arena);
    dialect_read(text, &arena, &dialect);
    bool ok = dialect.equal || take_perl(regex, text, error);
    if (dialect.equal)
        take_pcre2(regex, text, &dialect);
    if (ok)
        keep_required(regex, dialect.required, dialect.required_count);
    arena_free(&arena);
    if (ok)
        *out = regex;
    else
        regex_free(regex);
    return ok;
}

struct regex *regex_compile_known(struct bytes text, const struct dialect *dialect)
{
    struct regex *regex = mem_zalloc(sizeof(*regex));
    take_pcre2(regex, text, dialect);
    return regex;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    pcre2_match_data_free(regex->data);
    pcre2_code_free(regex->code);
    perl_regex_free(regex->perl);
    bytes_free(regex->printed);
    free(regex->names);
    free(regex->name_groups);
    free(regex->required);
    free(regex);
}

size_t regex_groups(const struct regex *regex)
{
    return regex->groups;
}

size_t regex_spans(const struct regex *regex)
{
    return regex->printed.ptr ? regex->groups + 1 : perl_regex_spans(regex->perl);
}

const struct regex_name *regex_names(const struct regex *regex, size_t *count)
{
    *count = regex->name_count;
    return regex->names;
}

bool regex_uses_pcre2(const struct regex *regex)
{
    return regex->pcre2 != PCRE2_REFUSED;
}

struct bytes regex_text(const struct regex *regex)
{
    return regex->printed.ptr ? regex->printed : perl_regex_text(regex->perl);
}

/* The text that was compiled; not for what Perl prints. */
static struct bytes source_text(const struct regex *regex)
{
    return bytes_slice(regex->printed, strlen("(?^:"), regex->printed.len - 1);
}

static bool match_by_perl(struct regex *regex, struct bytes subject, ptrdiff_t *offsets)
{
    if (!regex->perl) {
        struct buf error = {0};
        bool ok = perl_regex_compile(source_text(regex), &regex->perl, &error);
        buf_free(&error);
        if (!ok)
            return false; /* cannot be: the list of equals holds nothing that Perl refuses */
    }
    return perl_regex_match(regex->perl, subject, offsets);
}

/* Makes PCRE2's code.  What PCRE2 refuses, "[==]" or what is too large, is left to Perl. */
static void try_pcre2(struct regex *regex)
{
    regex->code = pcre2_code_for(source_text(regex));
    regex->pcre2 = regex->code ? PCRE2_READY : PCRE2_REFUSED;
}

/* Makes machine code once the regex has been tried often enough. */
static bool ready_for_jit(struct regex *regex)
{
    if (regex->tries < TRIES_BEFORE_JIT && ++regex->tries == TRIES_BEFORE_JIT)
        regex->jit = pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) == 0;
    return regex->jit;
}

static inline void take_offsets(const struct regex *regex, pcre2_match_data *data, int pairs,
                                ptrdiff_t *offsets)
{
    const size_t *found = pcre2_get_ovector_pointer(data);
    size_t set = pairs > 0 ? 2 * (size_t)pairs : 0, all = 2 * (regex->groups + 1);
    for (size_t i = 0; i < all && set > 0; i++)
        offsets[i] = i < set ? (ptrdiff_t)found[i] : -1; /* PCRE2_UNSET is -1, too */
}

/* PCRE2's answer: 1, 0, or -1 when a limit was reached. */
static int match_by_pcre2(struct regex *regex, struct bytes subject, ptrdiff_t *offsets)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.ptr ? subject.ptr : "");
    bool jit = ready_for_jit(regex);
    pcre2_match_data *data = regex->data;
    if (!data)
        data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    int pairs = jit ? pcre2_jit_match(regex->code, text, subject.len, 0, 0, data, NULL)
                    : pcre2_match(regex->code, text, subject.len, 0, 0, data, NULL);
    take_offsets(regex, data, pairs, offsets);
    /* The interpreter hangs 20 KiB on its data: too much for thousands of regexes to keep. */
    regex->data = jit ? data : NULL;
    if (!jit)
        pcre2_match_data_free(data);
    return pairs > 0 ? 1 : pairs == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

bool regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets)
{
    int found = -1;
    if (regex->pcre2 == PCRE2_UNTRIED)
        try_pcre2(regex);
    if (regex->code && subject.len <= regex->longest)
        found = match_by_pcre2(regex, subject, offsets);
    return found >= 0 ? found == 1 : match_by_perl(regex, subject, offsets);
}

enum regex_answer regex_match_within(struct regex *regex, struct bytes subject, uint32_t steps,
                                     ptrdiff_t *offsets)
{
    if (regex->pcre2 == PCRE2_UNTRIED)
        try_pcre2(regex);
    if (!regex->code || subject.len > regex->longest)
        return REGEX_UNKNOWN;
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.ptr ? subject.ptr : "");
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(regex->code, NULL);
    pcre2_set_match_limit(limits, steps);
    int pairs = pcre2_match(regex->code, text, subject.len, 0, 0, data, limits);
    take_offsets(regex, data, pairs, offsets);
    pcre2_match_data_free(data);
    pcre2_match_context_free(limits);
    return pairs > 0 ? REGEX_YES : pairs == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_UNKNOWN;
}

const struct required *regex_required(const struct regex *regex, size_t *count)
{
    *count = regex->required_count;
    return regex->required;
}
