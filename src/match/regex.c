/* A regular expression and the engine that matches it. */
#include "match/regex.h"

#include "base/mem.h"
#include "perl/interp.h"

struct regex {
    struct perl_regex *perl;
    struct regex_name *names;
    size_t name_count;
};

static void names_from_perl(struct regex *regex)
{
    struct regex_name name;
    while (perl_regex_name(regex->perl, regex->name_count, &name.name, &name.groups, &name.count)) {
        regex->names = mem_array(regex->names, regex->name_count + 1, sizeof name);
        regex->names[regex->name_count++] = name;
    }
}

bool regex_compile(struct bytes text, struct regex **out, struct buf *error)
{
    struct perl_regex *perl;
    if (!perl_regex_compile(text, &perl, error))
        return false;
    struct regex *regex = mem_zalloc(sizeof *regex);
    regex->perl = perl;
    names_from_perl(regex);
    *out = regex;
    return true;
}

void regex_free(struct regex *regex)
{
    if (!regex)
        return;
    perl_regex_free(regex->perl);
    free(regex->names);
    free(regex);
}

size_t regex_groups(const struct regex *regex)
{
    return perl_regex_groups(regex->perl);
}

const struct regex_name *regex_names(const struct regex *regex, size_t *count)
{
    *count = regex->name_count;
    return regex->names;
}

bool regex_uses_pcre2(const struct regex *regex)
{
    (void)regex;
    return false;
}

struct bytes regex_text(const struct regex *regex)
{
    return perl_regex_text(regex->perl);
}

bool regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets)
{
    return perl_regex_match(regex->perl, subject, offsets);
}

const struct required *regex_required(const struct regex *regex, size_t *count)
{
    (void)regex;
    *count = 0;
    return NULL;
}
