/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the parser share while they read one rule file. */
#ifndef SECANT_LANG_PARSER_H
#define SECANT_LANG_PARSER_H

#include "lang/diag.h"

/* What comments say about the rule that is being read (lang/kept.h); empty: nothing. */
struct kept_comments {
    struct bytes id;
    struct bytes events; /* all after "events:" */
};

struct parser {
    const struct parse_env *env;
    struct rule_file *file;
    struct diag diag;  /* the place of the rule that is being read */
    struct rule *rule; /* this rule, as far as it is built */
    struct kept_comments kept;
    /* Set by parse_context when it fails: the part of the text that is wrong; {0}: already
     * reported. */
    struct bytes fault;
};

/* Does parsing continue after an error?  A listener gets all errors of a rule; the log, like
 * upstream's, only the first one. */
static inline bool parser_goes_on(const struct parser *parser)
{
    return parser->env->on_finding != NULL;
}

static inline bool parser_knows(const struct parse_env *env, const char *word)
{
    return !env->knows || env->knows(env->knower, bytes_of(word));
}

#define parser_error(parser, code, at, ...) diag_rule(&(parser)->diag, code, at, __VA_ARGS__)

/* Returns the text so that it lives as long as the rule file: unchanged if it is a part of the
 * source, else a copy in the file's arena. */
struct bytes parser_keep(struct parser *parser, struct bytes text);
/* Compile a template of the current rule; in a masked text, \( and \) stand for ( and ). */
struct template *parse_template(struct parser *parser, struct bytes text, unsigned passes);
struct template *parse_masked(struct parser *parser, struct bytes text, unsigned passes);
/* Compile the words of a text, which are separated by white space. */
const struct template *const *parse_words(struct parser *parser, struct bytes text, unsigned passes,
                                          size_t *count);
const struct template *const *parse_masked_words(struct parser *parser, struct bytes text,
                                                 unsigned passes, size_t *count);
/* Compiles code; the rule file owns the result.  Returns NULL on failure; *error says why. */
struct perl_value *parse_code(struct parser *parser, struct bytes text, struct buf *error);
/* Parses "%name"; *name is without the %.  Returns false if the text has another form. */
bool parse_variable(struct bytes text, struct bytes *name);

/* These return NULL or false on errors, which they report; but see `fault` for parse_context. */
struct action_list *parse_actions(struct parser *parser, struct bytes text, unsigned passes);
struct context_expr *parse_context(struct parser *parser, struct bytes text, unsigned passes);
bool parse_timespec(const struct diag *diag, struct bytes text, struct calendar_time *time);
/* first: the type of a Pair's first pattern when this is its second, else NULL. */
bool parse_pattern(struct parser *parser, struct bytes type, struct bytes text,
                   const enum pattern_type *first, struct pattern *pattern);
bool parse_group_pattern(struct parser *parser, struct bytes type, struct bytes text,
                         struct pattern *pattern);
bool parse_varmap(struct parser *parser, enum pattern_type type, struct bytes text,
                  struct varmap **varmap);

/* The match variables that lists and expressions use, collected while they are parsed. */
struct key_uses {
    uint32_t *keys; /* heap */
    size_t count, room;
};
void uses_add_template(struct key_uses *uses, const struct template *template);
void uses_add_words(struct key_uses *uses, const struct template *const *words, size_t count);
void uses_add(struct key_uses *uses, const uint32_t *keys, size_t count);
/* Stores the keys in the file's arena, sorted and without duplicates, and frees the collection.
 * Returns true if one of them belongs to a pattern match cache entry. */
bool uses_finish(struct key_uses *uses, struct parser *parser, const uint32_t **keys,
                 size_t *count);

#endif
